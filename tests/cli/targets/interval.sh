# The interval decides, not the median alone; what is not measured is not met; check says the same of its target rows.
# shellcheck disable=SC2034,SC2154
CASE_DIR=$CASE_ROOT/tests/cli/log
. "$CASE_DIR/story.inc"
project
measured parse=0.0600 sort=0.2 noise=3
goal() { # BENCHMARK LIMIT [MORE]
    printf 'project: plate\nmachine: { name: lab-1 }\nreference_machine: lab-1\ntargets: [ { benchmark: %s, metric: time, max: %s%s }, { benchmark: sort, metric: time, max: 300ms } ]\n' "$1" "$2" "${3:-}" >perfledger.yaml
}
states() { json '[[r["benchmark"], r["state"]] for r in d["targets"]]' <out; }
judged() { perfledger targets --run "$run" "$@"; }
# 60.0 ± 1.3 against 59.9: the next run may be on the other side
goal parse 59.9ms
status 0 judged --json
same over "$(states)" '[["parse", "cannot tell"], ["sort", "met"]]'
status 5 perfledger targets --run "$run" --strict
holds out 'holds the limit; more launches'
goal parse 60.1ms
status 0 judged --json
same under "$(states)" '[["parse", "cannot tell"], ["sort", "met"]]'
goal parse 58ms
status 1 judged --json
same beyond "$(states)" '[["parse", "missed"], ["sort", "met"]]'
goal parse 58ms ', tolerance: 10%'
status 0 judged --json --strict
same tolerated "$(states)" '[["parse", "within tolerance"], ["sort", "met"]]'
goal parse 63ms
status 0 judged --strict
# renamed: the goal does not go along
goal parser 63ms
status 6 judged --json
same renamed "$(states)" '[["parser", "not measured"], ["sort", "met"]]'
same ok "$(json 'd["ok"]' <out)" false
status 0 perfledger targets --run "$run" --allow-unmeasured
# on another machine than the reference one nothing counts, but something must have been measured
sed -i 's/^reference_machine.*/reference_machine: lab-2/' perfledger.yaml
status 0 judged
# nothing at all was
goal 'parser' 63ms
sed -i 's/benchmark: sort/benchmark: sorter/' perfledger.yaml
status 6 judged --allow-unmeasured
# a check's target rows: the same
for limit in 58ms=1=failed 59.9ms=0=inconclusive 63ms=0=unchanged; do
    goal parse "${limit%%=*}"
    rest=${limit#*=}
    status "${rest%=*}" perfledger check --run "$run" --json
    same "check $limit" "$(json '[r["verdict"] for r in d["results"] if r["variant"] == "target" and r["benchmark"] == "parse"][0]' <out)" "${rest#*=}"
done
