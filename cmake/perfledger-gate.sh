#!/bin/sh
# What the test NAME.gate and the target NAME.baseline of perfledger_add_benchmark() run.
#
#   perfledger-gate.sh gate|save PERFLEDGER SUITE BASELINE OWN-CONFIG PROJECT-CONFIG HOW-TO-SAVE
#
# `-` stands for none. PROJECT-CONFIG is used when it has the suite, else OWN-CONFIG. Exit status of the gate: 0 fine, 1 the check said no or a
# benchmark failed, 6 nothing to judge (CTest skips), others as of perfledger.
set -u
what=$1 perfledger=$2 suite=$3 baseline=${4#-} own=$5 project=${6#-} save=$7

if ! "$perfledger" version >/dev/null 2>&1; then
    [ "$perfledger" != - ] || perfledger='not found on the PATH'
    echo "perfledger is not there ($perfledger), so nothing is judged: install it, or set PERFLEDGER_PROGRAM"
    [ "$what" = gate ] && exit 6
    exit 3
fi
config=$own
if [ -n "$project" ] && "$perfledger" --config "$project" run --list "$suite" >/dev/null 2>&1; then
    config=$project
fi
# The folder of the file in force: relative commands, and the ledger beside it.
cd "$(dirname "$config")" || exit 3

# The run's own words go where they can be seen, its JSON tells which run it was.
json=$("$perfledger" --config "$config" --json run "$suite")
status=$?
run=$(printf '%s' "$json" | sed -n 's/.*"run":{"id":"\([0-9a-f]*\)".*/\1/p')
if [ -z "$run" ]; then
    echo "measuring the suite $suite of $config failed (perfledger's exit status $status)"
    exit "$status"
fi

if [ "$what" = save ]; then
    # `reset` takes a run that the baseline in use refuses: whoever asks for this target has agreed to it.
    exec "$perfledger" --config "$config" baseline reset ${baseline:+"$baseline"} --run "$run"
fi
"$perfledger" --config "$config" check --run "$run" ${baseline:+--against "$baseline"}
status=$?
if [ "$status" -eq 6 ]; then
    echo "nothing to judge yet. To keep this machine's speed of today as the baseline: $save"
fi
exit "$status"
