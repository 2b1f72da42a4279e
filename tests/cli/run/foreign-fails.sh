# What goes wrong with foreign harnesses: benchmarks that failed inside, results that are missing or broken, programs that are not
# there, plug-ins that are not there. Each says what, and what to do.
. "$CASE_LIB"
repo
foreign
cat >mute <<'P'
#!/bin/sh
echo 'Fatal error: cannot open the data' >&2
echo 'see the manual' >&2
exit "${1:-0}"
P
cat >garbage <<'P'
#!/bin/sh
for word; do case $word in --benchmark_out=*) echo '{"context": {}, "benchmarks": [{"na' >"${word#*=}" ;; esac; done
P
cat >no_plugin <<'P'
#!/bin/sh
echo 'ERROR: usage: pytest [options]' >&2
echo 'pytest: error: unrecognized arguments: --benchmark-only --benchmark-json=x' >&2
echo '  rootdir: /' >&2
exit 4
P
cat >no_pytest <<'P'
#!/bin/sh
echo '/usr/bin/python3: No module named pytest' >&2
exit 1
P
chmod +x mute garbage no_plugin no_pytest
touch broken
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5 }
suites:
  - { name: cpp, harness: google-benchmark, command: ./gbench }
  - { name: py, harness: pytest-benchmark, command: ./pytest }
  - { name: mute, harness: nanobench, command: ./mute }
  - { name: dead, harness: google-benchmark, command: ./mute 3 }
  - { name: garbage, harness: google-benchmark, command: ./garbage }
  - { name: no_plugin, harness: pytest-benchmark, command: ./no_plugin }
  - { name: no_pytest, harness: pytest-benchmark, command: ./no_pytest }
  - { name: nowhere, harness: pytest-benchmark, command: pytest-of-nobody }
  - { name: not_built, harness: google-benchmark, command: ./build/bench }
  - { name: slow, harness: google-benchmark, command: sh -c "sleep 20", timeout: 0.2s }
Y
status 4 perfledger run
of() { perfledger show --json | json '[(b["status"] + ": " + b["reason"]) for b in d["benchmarks"] if b["name"] == "'"$1"'"][0]'; }
same 'inside google' "$(of cpp/BM_parse)" 'failed: no input'
same 'inside pytest' "$(of py/test_a.py::test_bad)" 'failed: assert 1 == 2'
same 'its neighbours have values' "$(perfledger show --json | json '[len(r["samples"]) for r in d["results"] if r["benchmark"] == "py/test_a.py::test_sum[10]"]')" '[5]'
same 'no results' "$(of mute | cut -c1-93)" 'failed: nanobench left no results (exit code 0; it said: Fatal error: cannot open the data); '
same 'ended badly' "$(of dead | cut -c1-84)" 'failed: google-benchmark left no results (exit code 3; it said: Fatal error: cannot '
same 'broken results' "$(of garbage | cut -c1-69)" 'failed: google-benchmark left results that cannot be read (exit code '
same 'no plug-in' "$(of no_plugin | cut -c1-52)" 'failed: pytest runs, but without pytest-benchmark: i'
same 'no pytest' "$(of no_pytest)" 'skipped: pytest is not installed for this Python'
same 'no program along PATH' "$(of nowhere)" 'skipped: pytest-of-nobody is not installed: there is no such program along PATH'
same 'a program of the project' "$(of not_built)" 'failed: ./build/bench cannot be started: there is no such file'
same 'too long' "$(of slow | cut -c1-10)" 'timed_out:'

printf 'suites:\n  - { name: a, harness: go2, command: x }\n' >perfledger.yaml
status 2 perfledger run
cat >perfledger.yaml <<'Y'
suites:
  - { name: cpp, harness: google-benchmark, command: ./gbench, work: { rows: 5 } }
Y
status 2 perfledger run
holds err 'work: is for commands'
