#!/bin/sh
# Faults: each command of a story is run again and again, and each time the next allocation, or the next system call, fails. Whatever
# happens, perfledger must end with a status of its own (never a crash, never 70), say why when it is not 0, and leave a ledger
# that opens. TAP, one test per command and kind.
#
#   run.sh PROGRAM        a sample of the sites of every command (PFL_FAULT_SITES each, default 24)
#   run.sh PROGRAM long   every site
set -u
program=$(readlink -f "$1")
mode=${2:-sample}
sites=${PFL_FAULT_SITES:-24}
tests=0 failed=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME="$scratch/home" TMPDIR="$scratch/home" LC_ALL=C.UTF-8 PERFLEDGER_PRESENCE_DIR="$scratch/presence" GIT_CONFIG_GLOBAL="$scratch/gitconfig"
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0:exitcode=99" UBSAN_OPTIONS="${UBSAN_OPTIONS:+$UBSAN_OPTIONS:}exitcode=99"
unset PERFLEDGER_LEDGER PERFLEDGER_CONFIG
mkdir -p "$scratch/home" "$scratch/presence" "$scratch/start"

# The state every command starts from: a repository, a configuration, two runs, a baseline.
(
    cd "$scratch/start" || exit 1
    git -c init.defaultBranch=main init -q . && git -c user.name=t -c user.email=t@example.org commit -q --allow-empty -m first
    cat >perfledger.yaml <<'Y'
project: faults
defaults: { rounds: 5, warmup: 0 }
suites:
  - { name: t, command: "sh -c 'exit 0'", params: { n: [1, 2] } }
gates:
  - { match: "*", metric: time, max_regression: 90% }
Y
    i=0
    while [ $i -lt 40 ]; do
        echo "r$i,$((100 + i / 20 * 20 + i % 3))"
        i=$((i + 1))
    done >series.csv
    "$program" run && "$program" baseline save one && "$program" run && "$program" show --json >run.json
) >"$scratch/start.log" 2>&1 || {
    echo "not ok 1 - the story's start"
    sed 's/^/#   /' "$scratch/start.log"
    exit 1
}

# once KIND N COMMAND…: the command in a fresh copy of the start, with the N-th call of that kind failing.
once() {
    kind=$1 n=$2
    shift 2
    rm -rf "$scratch/work"
    cp -r "$scratch/start" "$scratch/work"
    (
        cd "$scratch/work" || exit 99
        env "PFL_FAIL_$kind=$n" PFL_FAIL_REPORT="$scratch/report" "$program" "$@" </dev/null
    ) >"$scratch/out" 2>"$scratch/err"
}

# faults KIND COMMAND…
faults() {
    kind=$1
    shift
    tests=$((tests + 1))
    rm -f "$scratch/report"
    once "$kind" 0 "$@"
    total=$(sed -n "s/^$kind //p" "$scratch/report" 2>/dev/null)
    total=${total:-0}
    step=1
    [ "$mode" = long ] || [ "$total" -le "$sites" ] || step=$(((total + sites - 1) / sites))
    # A sample starts at another place in each command, so that the suite as a whole visits different depths.
    n=$((1 + tests % step)) visited=0 wrong=
    while [ "$n" -le "$total" ]; do
        once "$kind" "$n" "$@"
        status=$?
        visited=$((visited + 1))
        case $status in
        0 | 1 | 2 | 3 | 4 | 5 | 6) ;;
        *) wrong="call $n: status $status: $(head -c 300 "$scratch/err")" && break ;;
        esac
        if [ "$status" -ne 0 ] && [ ! -s "$scratch/err" ] && [ ! -s "$scratch/out" ]; then
            wrong="call $n: status $status without a word" && break
        fi
        if ! (cd "$scratch/work" && "$program" list >/dev/null 2>"$scratch/err2"); then
            wrong="call $n: afterwards the ledger does not open: $(cat "$scratch/err2")" && break
        fi
        n=$((n + step))
    done
    if [ -z "$wrong" ] && [ "$total" -gt 0 ]; then
        echo "ok $tests - $kind faults in \`$*\`: $visited of $total sites"
    else
        failed=1
        echo "not ok $tests - $kind faults in \`$*\`: ${wrong:-no site was seen}"
    fi
}

for kind in ALLOC IO; do
    faults $kind help run
    faults $kind init --force
    faults $kind run
    faults $kind run --rounds 5 --warmup 0 --no-record -- true
    faults $kind run --list
    faults $kind doctor --max-time 100ms
    faults $kind list
    faults $kind show latest
    faults $kind show --json
    faults $kind compare run.json latest
    faults $kind check
    faults $kind check --format junit
    faults $kind changes --all
    faults $kind changes --csv series.csv
    faults $kind changes acknowledge series r20 --csv series.csv --why agreed
    faults $kind baseline save two
    faults $kind baseline list
    faults $kind baseline show
    faults $kind baseline use 1
    faults $kind void latest --why test
    faults $kind note latest text
    faults $kind import run.json
done
echo "1..$tests"
exit $failed
