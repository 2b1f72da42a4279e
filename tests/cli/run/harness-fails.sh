# Programs that fail, say nothing, are not there, skip; and benchmarks inside that do.
. "$CASE_LIB"
repo
run_of() {
    printf '#!/bin/sh\n%s\n' "$1" >program
    chmod +x program
    expected=$2
    status "$expected" perfledger run
    perfledger show --json | json '"; ".join(sorted({r["benchmark"] + " " + r["status"] for r in d["results"]} | {b["benchmark"] + " " + b["status"] + ": " + b["reason"] for b in d.get("unmeasured", [])}))' >all
}
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5 }
suites:
  - { name: k, harness: perfledger, command: ./program }
Y
run_of 'echo no luck >&2; exit 9' 4
holds out 'FAILED'
holds out 'exit code 9; it said: no luck'
run_of 'exit 0' 4
holds out 'said nothing to PERFLEDGER_FD'
holds out 'PFL_MAIN()'
run_of 'echo "{\"skip\":\"no GPU here\"}" >&$PERFLEDGER_FD' 6
holds out 'no GPU here'
run_of 'echo "{\"bench\":\"a\",\"samples_ns\":[5]}" >&$PERFLEDGER_FD; kill -9 $$' 4
holds out 'ended by signal 9'

# One inside fails: the others are fine, and the exit code says no more than that.
run_of 'echo "{\"bench\":\"a\",\"samples_ns\":[5]}" >&$PERFLEDGER_FD; echo "{\"fail\":\"wrong answer\",\"bench\":\"b\"}" >&$PERFLEDGER_FD; exit 1' 4
holds out 'wrong answer'
holds err '1 of 2 benchmarks failed'
same rows "$(perfledger show --json | json '" ".join(r["benchmark"] + "=" + str(r["launches"]) for r in d["results"] if r["metric"] == "time")')" "k/a=5"

# Malformed: as many yardsticks as samples.
run_of 'echo "{\"bench\":\"a\",\"samples_ns\":[5,6],\"yardstick_ns\":[1]}" >&$PERFLEDGER_FD' 4
holds out 'found 1 beside 2'

rm program
status 4 perfledger run
holds out './program cannot be started: there is no such file'
sed -i 's/command/requires: [ .\/program ], command/' perfledger.yaml
status 6 perfledger run
holds out 'requires ./program, which is not there'

# Numbers of the program as a whole make a row of its own, without the process.
run_of 'echo "{\"stage\":\"load\"}{\"x\":1}" >/dev/null; for m in "{\"stage\":\"load\"}" "{\"bench\":\"a\",\"samples_ns\":[5]}" "{\"metric\":\"compile_time\",\"value\":1.5,\"unit\":\"s\"}"; do echo "$m" >&$PERFLEDGER_FD; done' 0
same whole "$(perfledger show --json | json '" ".join(r["metric"] for r in d["results"] if r["benchmark"] == "k" and not r["metric"].startswith("peak"))')" "time:load compile_time"
