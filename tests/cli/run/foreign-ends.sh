# How harnesses end: failures are those of the benchmarks that failed, and of no other; a full disk is named; what a killed run left
# goes away with the next.
. "$CASE_LIB"
repo
mkdir bin tmp
PATH=$PWD/bin:$PATH
export TMPDIR=$PWD/tmp
cat >bin/hyperfine <<'P'
#!/usr/bin/env python3
import json, sys
out = sys.argv[sys.argv.index("--export-json") + 1]
print("Benchmark 1: true\n  Time (mean): 1 s\n\nBenchmark 2: false")
json.dump({"results": [{"command": "true", "mean": 0.25, "stddev": 0, "median": 0.25, "user": 0.1, "system": 0, "min": 0.25, "max": 0.25,
                        "times": [0.25, 0.25], "exit_codes": [0, 0]}]}, open(out, "w"))
print("Error: Command terminated with non-zero exit code: 1. Use the '-i'/'--ignore-failure' option", file=sys.stderr)
sys.exit(1)
P
cat >bin/go <<'P'
#!/bin/sh
printf 'pkg: m\nBenchmarkA-2 \t 1000\t 25.5 ns/op\nBenchmarkP/x-2 \tpanic: boom\n\ngoroutine 8 [running]:\nexit status 2\nFAIL\tm\t0.1s\nFAIL\n'
exit 1
P
cat >catch <<'P'
#!/bin/sh
while [ "$1" != --out ]; do shift; done
cat >"$2" <<'X'
<Catch name="t"><TestCase name="c"><Section name="good"><BenchmarkResults name="n" samples="1"><mean value="5"/></BenchmarkResults>
<OverallResults failures="0"/></Section><Section name="bad"><BenchmarkResults name="n" samples="1"><mean value="5"/></BenchmarkResults>
<Expression success="false" type="REQUIRE"><Original>1==2</Original><Expanded>1 == 2</Expanded></Expression><OverallResults failures="1"/>
</Section><OverallResult success="false"/></TestCase></Catch>
X
exit 1
P
cat >empty <<'P'
#!/bin/sh
while [ "$1" != --out ]; do shift; done
echo '<Catch name="t"></Catch>' >"$2"
P
chmod +x bin/* catch empty
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5 }
suites:
  - { name: hf, harness: hyperfine, command: hyperfine true false }
  - { name: go, harness: go, command: go test . }
  - { name: c, harness: catch2, command: ./catch }
  - { name: none, harness: catch2, command: ./empty }
Y
commit second
mkdir tmp/perfledger-harness-killed tmp/perfledger-harness-other
touch tmp/perfledger-harness-killed/lock
status 4 perfledger run
same swept "$(ls tmp)" perfledger-harness-other
perfledger show --json | json '"\n".join(b["name"] + " " + b["status"] + ": " + b["reason"] for b in d["benchmarks"])'
same means "$(grep -c 'only means' out) $(grep -c 'c: catch2 writes of the metric time only means' out)" '1 1'

[ "$(id -u)" = 0 ] || exit 0
mkdir small
mount -t tmpfs -o size=256k none small 2>/dev/null || exit 0
trap 'umount small' EXIT
cat >fills <<'P'
#!/bin/sh
while [ "$1" != --out ]; do shift; done
cat /dev/zero >"${2%.json}" 2>/dev/null
: >"$2"
P
chmod +x fills
echo 'suites: [ { name: full, harness: catch2, command: ./fills } ]' >full.yaml
export TMPDIR=$PWD/small
status 4 perfledger run --config full.yaml
[ "$(tr -s ' \n' ' ' <out | grep -c "there is no room for its results: $PWD/small, where it writes them, is full (TMPDIR says where)")" = 1 ] || { cat out; exit 1; }
