# go, hyperfine, criterion, asv and JMH as stand-ins that write the real forms: what they are asked for, that users' results stay
# as they are, and that what spoils times is said. asv and JMH are not in Debian, so this is all the trial they get here.
. "$CASE_LIB"
repo
mkdir bin archive
PATH=$PWD/bin:$PATH
cat >bin/go <<'P'
#!/bin/sh
echo "go $*" >>asked
case "$*" in *FAILS*) bad=1 ;; esac
printf 'goos: linux\npkg: example.com/m/a\n'
printf 'BenchmarkSum/n=10-2 \t 1000\t 25.5 ns/op\t 8 B/op\t 1 allocs/op\nPASS\nok  \texample.com/m/a\t0.1s\n'
case "$*" in *^BenchmarkSum*) exit 0 ;; esac
printf 'pkg: example.com/m/b\nBenchmarkMake-2 \t 1000\t 70 ns/op\n'
[ -z "$bad" ] || { printf -- '--- FAIL: BenchmarkBad\n    b_test.go:5: no luck\nFAIL\n'; exit 1; }
P
cat >bin/hyperfine <<'P'
#!/usr/bin/env python3
import json, sys
out = sys.argv[sys.argv.index("--export-json") + 1]
open("asked", "a").write("hyperfine " + " ".join(sys.argv[1:]).replace(out, "OUT") + "\n")
json.dump({"results": [{"command": c, "mean": t, "stddev": 0, "median": t, "user": t, "system": 0, "min": t, "max": t,
                        "times": [t, t, t], "exit_codes": [0, 0, 0]} for c, t in (("one", 0.25), ("two", 0.5))]}, open(out, "w"))
P
cat >bin/cargo <<'P'
#!/usr/bin/env python3
import json, os, sys
open("asked", "a").write("cargo " + " ".join(sys.argv[1:]) + "\n")
if "--no-run" in sys.argv:
    sys.exit(0)
if "--list" in sys.argv:
    print("sum/10: bench\nsum/20: benchmark\n\n0 tests, 0 benchmarks")
    sys.exit(0)
for value, ns in (("10", 5.0), ("20", 9.0)):
    folder = os.environ["CRITERION_HOME"] + "/sum/" + value + "/new"
    os.makedirs(folder)
    json.dump({"group_id": "sum", "function_id": None, "value_str": value, "throughput": None, "full_id": "sum/" + value,
               "directory_name": "sum/" + value, "title": "sum/" + value}, open(folder + "/benchmark.json", "w"))
    json.dump({"sampling_mode": "Linear", "iters": [10.0, 20.0, 30.0], "times": [ns * i for i in (10, 20, 30)]},
              open(folder + "/sample.json", "w"))
P
cat >bin/asv <<'P'
#!/usr/bin/env python3
import json, os, sys
words = sys.argv[1:]
at = next(w for w in words if w.startswith("--config="))[9:]
open("asked", "a").write("asv " + " ".join(w for w in words if not w.startswith("--config=")) + "\n")
os.chdir(os.path.dirname(at))
conf = json.load(open(at))
assert os.path.isfile(conf["benchmark_dir"] + "/sums.py") and os.path.isdir(conf["repo"]) and conf["branches"] == ["HEAD"]
machine = conf["results_dir"] + "/vm"
os.makedirs(machine)
json.dump({"arch": "x86_64", "cpu": "c", "machine": "vm", "num_cpu": "2", "os": "Linux", "ram": "1", "version": 1}, open(machine + "/machine.json", "w"))
bench = {"code": "", "min_run_count": 2, "number": 0, "repeat": 0, "timeout": 60.0, "type": "time", "unit": "seconds", "version": "1"}
json.dump({"version": 2, "sums.time_sum": dict(bench, name="sums.time_sum", param_names=["n"], params=[["10", "20"]]),
           "sums.time_bad": dict(bench, name="sums.time_bad", param_names=[], params=[])}, open(conf["results_dir"] + "/benchmarks.json", "w"))
results = {"sums.time_sum": [[3e-6, 7e-6], [["10", "20"]], "1", 1700000000000, 1.0, [2e-6, 6e-6], [4e-6, 8e-6], [3e-6, 7e-6], [3e-6, 7e-6],
                             [1, 1], [3, 3], [[3e-6, 3e-6, 3e-6], [7e-6, 7e-6, 7e-6]]], "sums.time_bad": [None, [], "1"]}
json.dump({"version": 2, "commit_hash": "0" * 40, "env_name": "existing-py", "date": 1700000000000, "python": "3.11", "requirements": {},
           "env_vars": {}, "params": {"machine": "vm", "os": "Linux", "arch": "x86_64", "cpu": "c", "num_cpu": "2", "ram": "1", "python": "3.11"},
           "result_columns": ["result", "params", "version", "started_at", "duration", "stats_ci_99_a", "stats_ci_99_b", "stats_q_25",
                              "stats_q_75", "stats_number", "stats_repeat", "samples", "profile"],
           "results": results, "durations": {}}, open(machine + "/00000000-existing-py.json", "w"))
sys.exit(2)
P
cat >bin/java <<'P'
#!/usr/bin/env python3
import json, sys
words = sys.argv[1:]
out = words[words.index("-rff") + 1]
open("asked", "a").write("java " + " ".join(words).replace(out, "OUT") + "\n")
json.dump([{"jmhVersion": "1.37", "benchmark": "org.x.Sort.run", "mode": "avgt", "threads": 1, "forks": 1, "warmupIterations": 5,
            "measurementIterations": 5, "params": {"size": s},
            "primaryMetric": {"score": t, "scoreError": 0.1, "scoreConfidence": [t, t], "scorePercentiles": {}, "scoreUnit": "us/op",
                              "rawData": [[t, t, t, t, t]]}, "secondaryMetrics": {}} for s, t in (("10", 4.0), ("20", 8.0))], open(out, "w"))
P
chmod +x bin/*
mkdir perf && echo '{ "version": 1, "repo": "..", "branches": ["main"], "results_dir": "../archive", } // ours' >perf/asv.conf.json
mkdir perf/benchmarks && echo 'def time_sum(): pass' >perf/benchmarks/sums.py
printf '[package]\nname = "x"\n[[bench]]\nname = "sums"\nharness = false\n' >Cargo.toml
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5 }
suites:
  - { name: go, harness: go, command: go test ./... }
  - { name: raced, harness: go, command: go test -race ./..., tier: deep }
  - { name: bad, harness: go, command: go test ./... -FAILS, tier: deep }
  - { name: hf, harness: hyperfine, command: hyperfine -r 3 one two --export-json mine.json }
  - { name: rs, harness: criterion, command: cargo bench }
  - { name: py, harness: asv, command: asv run, cwd: perf }
  - { name: jvm, harness: jmh, command: java -jar b.jar }
Y
commit second
status 4 perfledger run go hf rs py jvm
perfledger show --json >run.json
json '"\n".join("%s %s %.6g" % (r["benchmark"], r["metric"], r["median"]) for r in d["results"] if r["metric"] == "time" and r["median"])' <run.json
same failed "$(grep -A1 FAILED out | tr -s ' \n' ' ')" " py/sums.time_bad FAILED asv has null for it "
cat perf/asked >>asked
sort asked | uniq -c | sed 's/^ *//'
same "users' results" "$(ls archive; ls -d mine.json perf/results target 2>/dev/null)" ''

# A selection is passed on, and does not rename what it leaves.
rm asked
status 0 perfledger run 'go/example.com/m/a/BenchmarkSum*' 'rs/sum/10' 'jvm/*size=10?'
same selected "$(perfledger show --json | json '" ".join(sorted({r["benchmark"] for r in d["results"]}))')" 'go/example.com/m/a/BenchmarkSum/n=10-2 jvm/org.x.Sort.run[size=10] rs/sum/10'
sort -u asked

# What makes its times those of another program.
status 0 perfledger run raced --tier deep
holds out 'built with the race detector'
status 4 perfledger run bad --tier deep
holds out 'bad/example.com/m/b/BenchmarkBad-2   FAILED'
holds out 'b_test.go:5: no luck'

status 0 perfledger run --list
grep -v '^go\|^hf\|^jvm\|^py\|^raced\|^bad' out
