# Two benchmarks that Google Benchmark calls by one name stay two, in a file and through the harness.
. "$CASE_LIB"
repo
cat >twins <<'P'
#!/usr/bin/env python3
import json, os, sys
out = next((a.split("=", 1)[1] for a in sys.argv if a.startswith("--benchmark_out=")), "")
if "--benchmark_list_tests=true" in sys.argv:
    print("BM_x\nBM_x")
    sys.exit(0)
entries = [{"name": "BM_x", "run_name": "BM_x", "run_type": "iteration", "family_index": family, "per_family_instance_index": 0,
            "repetitions": 1, "repetition_index": 0, "threads": 1, "iterations": 9, "real_time": ns, "cpu_time": ns, "time_unit": "ns"}
           for family, ns in enumerate((1.0, 1000.0))]
json.dump({"context": {"date": "2024-05-01T10:00:00+00:00", "host_name": "h", "num_cpus": 2, "library_build_type": "release"},
           "benchmarks": entries}, open(out, "w"))
P
chmod +x twins
./twins --benchmark_out=file.json
medians() { json 'sorted((r["benchmark"], r["metric"], float("%.3g" % r["median"])) for r in d["results"])'; }
perfledger show file.json --json | medians
perfledger import --dry-run file.json | scrub
cat >perfledger.yaml <<'Y'
suites:
  - { name: cpp, harness: google-benchmark, command: ./twins, rounds: 5, warmup: 1 }
Y
status 0 perfledger run
holds out 'cpp: BM_x comes twice: this one is kept as BM_x#2'
perfledger show --json | medians
