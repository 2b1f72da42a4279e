# Sourced by every case: `. "$CASE_LIB"`. The working folder is empty, HOME too, and no git configuration is in force.

# What varies from run to run, made constant: durations, sizes, ids, paths, dates, spreads.
scrub() {
    sed -E \
        -e 's/\x1b\[[0-9;]*m//g' \
        -e "s#$PWD#DIR#g" \
        -e "s#$HOME#HOME#g" \
        -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+Z?)?/DATE/g' \
        -e 's/\b[0-9a-f]{40}\b/COMMIT/g' \
        -e 's/\b[0-9a-f]{16}\b/RUNID/g' \
        -e 's/\brun [0-9a-f]{8}\b/run ID/g' \
        -e 's/[▁▂▃▄▅▆▇█]+/SPREAD/g' \
        -e 's/[+-]?[0-9]+(\.[0-9]+)? ?(ns|µs|ms|s|min|h)\b/T/g' \
        -e 's/[0-9]+(\.[0-9]+)? ?([KMGT]i)?B\b/SIZE/g' \
        -e 's/[+-]?[0-9]+(\.[0-9]+)? ?%/P%/g' \
        -e 's/Linux-[a-z0-9_]+-[A-Za-z0-9._-]+/PLATFORM/g'
}

# json EXPRESSION < document: a Python expression over d (the document), printed. Booleans as true/false.
json() {
    python3 -c '
import json, sys
d = json.load(sys.stdin)
v = eval(sys.argv[1])
print(v if isinstance(v, str) else json.dumps(v))' "$1"
}

# same WHAT GOT EXPECTED: a named assertion.
same() {
    if [ "$2" = "$3" ]; then
        echo "$1: $2"
    else
        echo "$1: got <$2>, expected <$3>"
        exit 1
    fi
}

# status EXPECTED COMMAND…: runs it (output kept in ./out and ./err) and asserts its exit status.
status() {
    expected=$1
    shift
    "$@" >out 2>err
    got=$?
    if [ "$got" -ne "$expected" ]; then
        echo "$*: exit status $got, expected $expected"
        cat out err
        exit 1
    fi
}

# holds FILE TEXT: the file holds this text (fixed string).
holds() {
    if ! grep -qF -- "$2" "$1"; then
        echo "$1 does not hold <$2>; it holds:"
        cat "$1"
        exit 1
    fi
}

# A repository with one commit, so that numbers have provenance.
repo() {
    git -c init.defaultBranch=main init -q .
    printf 'build/\nout\nerr\n' >.gitignore
    commit first
}
commit() {
    git add -A
    git -c user.name=t -c user.email=t@example.org commit -q --allow-empty -m "$1"
}

skip() {
    echo "$1"
    exit 77
}

# A command whose time is decided by a file: `work.sh` sleeps what `speed` says. For gates that must see a difference without
# timing anything in the test: factors of ten.
slow_or_fast() {
    cat >work.sh <<'W'
#!/bin/sh
i=0
n=$(cat "${0%/*}/speed")
while [ $i -lt $n ]; do i=$((i + 1)); done
W
    chmod +x work.sh
    echo "${1:-2000}" >speed
}

# A program with benchmarks inside, as one that is linked with libperfledger: ./kernels speaks the wire. Times are made up: what
# ./speed says (a factor of parse's), times what ./clock says (of everything, the yardstick's too).
kernels() {
    cat >kernels <<'P'
#!/usr/bin/env python3
import json, os, random, re, sys
cases = {"parse[n=10]": 100.0, "parse[n=100]": 900.0, "sort": 50.0}
if "--list" in sys.argv:
    print("\n".join(cases))
    sys.exit(0)
def number(name):
    try:
        return float(open(name).read())
    except OSError:
        return 1.0
def matches(glob, name):
    text = "".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in glob)
    return re.fullmatch(text, name) or ("[" not in glob and re.fullmatch(text, name.split("[")[0]))
def tell(**message):
    os.write(int(os.environ["PERFLEDGER_FD"]), (json.dumps(message) + "\n").encode())
suite, select = os.environ["PERFLEDGER_SUITE"], os.environ["PERFLEDGER_SELECT"].split("\n")
with open("told", "a") as told:
    told.write(" ".join(n + "=" + repr(v) for n, v in sorted(os.environ.items()) if n.startswith("PERFLEDGER_") and n not in ("PERFLEDGER_FD", "PERFLEDGER_PRESENCE_DIR")) + "\n")
clock = number("clock") * random.uniform(0.95, 1.05)
for name, ns in cases.items():
    if select != [""] and not any(matches(g, suite + "/" + name) or g == suite for g in select):
        continue
    bench, _, rest = name.partition("[")
    params = {"n": int(rest[2:-1])} if rest else {}
    ns *= clock * (number("speed") if bench == "parse" else 1)
    noise = [random.uniform(0.999, 1.001) for i in range(9)]
    tell(bench=bench, params=params, iterations=1000, samples_ns=[ns * x for x in noise], yardstick_ns=[2.0 * clock for x in noise], yardstick="core")
    tell(bench=bench, params=params, metric="cycles", value=ns / clock * 2.5, unit="1", better="lower")
P
    chmod +x kernels
}

# steered NAME: a program ./NAME with two benchmarks inside, `parse` and `sort[n=10]`, that runs batches as it is told to. See
# tests/helpers/steered.c for what the files NAME.speed and NAME.mood make of it.
steered() {
    cp "${PFL_CHILD%/*}/pfl_test_steered" "$1"
}

# Foreign harnesses that write the real formats, with made-up times (what ./speed says, a factor): ./gbench is a program of Google
# Benchmark, ./pytest is pytest with pytest-benchmark. Each launch leaves a line in ./launches; ./asked holds its words.
foreign() {
    cat >gbench <<'P'
#!/usr/bin/env python3
import json, os, random, re, sys
def option(name, otherwise=""):
    return next((a.split("=", 1)[1] for a in sys.argv if a.startswith("--benchmark_" + name + "=")), otherwise)
times = {"BM_sort/8": 25.0, "BM_sort/512": 1000.0, "BM_parse": 70.0}
if option("list_tests") == "true":
    print("\n".join(times))
    sys.exit(0)
speed = float(open("speed").read()) if os.path.exists("speed") else 1.0
open("launches", "a").write("gbench\n")
open("asked", "a").write("gbench " + " ".join(sys.argv[1:]).replace(option("out"), "OUT") + "\n")
out = option("out")
assert os.listdir(os.path.dirname(out)) == [], os.listdir(os.path.dirname(out))
open("folders", "a").write(os.path.dirname(out) + "\n")
entries = []
for name, ns in times.items():
    if re.search(option("filter", "."), name):
        value = ns * speed * random.uniform(0.999, 1.001)
        entries.append({"name": name, "run_name": name, "run_type": "iteration", "repetitions": 1, "repetition_index": 0,
                        "threads": 1, "iterations": 1000, "real_time": value, "cpu_time": value, "time_unit": "ns"})
        if os.path.exists("broken") and name == "BM_parse":
            entries[-1] = {"name": name, "run_name": name, "run_type": "iteration", "error_occurred": True,
                           "error_message": "no input", "real_time": 0.0, "cpu_time": 0.0, "time_unit": "ns"}
json.dump({"context": {"date": "2024-05-01T10:00:00+00:00", "host_name": "h", "num_cpus": 2, "library_build_type": "release"},
           "benchmarks": entries}, open(out, "w"))
P
    cat >pytest <<'P'
#!/usr/bin/env python3
import json, os, random, sys
out = next((a.split("=", 1)[1] for a in sys.argv if a.startswith("--benchmark-json=")), "")
open("launches", "a").write("pytest\n")
open("asked", "a").write("pytest " + " ".join(sys.argv[1:]).replace(out, "OUT") + "\n")
open("seen", "a").write(" ".join(k for k in ("COVERAGE_PROCESS_START", "PERFLEDGER_RESULTS") if k in os.environ) + "\n")
entries = []
for name, us, param in (("test_sum[10]", 3.0, 10), ("test_sum[1000]", 50.0, 1000), ("test_bad", 1.0, None)):
    data = [us * 1e-6 * random.uniform(0.999, 1.001) for _ in range(9)] + [us * 1e-3]
    entries.append({"group": None, "name": name, "fullname": "test_a.py::" + name, "params": {"n": param} if param else None,
                    "param": str(param) if param else None, "extra_info": {}, "stats": {"min": min(data), "max": max(data),
                    "mean": sum(data) / 10, "stddev": 0.0, "rounds": 10, "median": us * 1e-6, "data": data, "iterations": 1}})
json.dump({"machine_info": {"node": "h", "python_version": "3.11.2"}, "commit_info": {"id": "x", "dirty": False},
           "benchmarks": entries, "datetime": "2024-05-01T10:00:00", "version": "4.0.0"}, open(out, "w"))
if os.path.exists("broken"):
    print("=== short test summary info ===")
    print("FAILED test_a.py::test_bad - assert 1 == 2")
    sys.exit(1)
P
    chmod +x gbench pytest
}
