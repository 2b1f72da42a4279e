#!/bin/sh
# All tests of a build: unit (one binary per folder), corpus replays, CLI cases, faults, outside consumers, lints. Everything speaks TAP; this counts.
#
#   tests/run.sh BUILD [FILTER]     FILTER: only parts whose name holds it (base, judge, fuzz_json, cli, fault, consumer, lint)
#
# A part that takes longer than PFL_PART_LIMIT seconds (480; 900 with sanitizers) is cut, and is a failure.
# Ends with the line "N passed, N failed, N skipped"; exit status 1 when any failed.
set -u
build=$(cd "$1" && pwd) || exit 2
filter=${2:-}
source=$(cd "$(dirname "$0")/.." && pwd)
results=$build/test-results
mkdir -p "$results"
rm -f "$results"/*.tap
passed=0 failed=0 skipped=0 parts=
# Sanitizers take their time.
slow=480
! grep -qa __asan_report_load "$build/perfledger" 2>/dev/null || slow=900
limit=${PFL_PART_LIMIT:-$slow}
# In a process group of its own: what a part started is cut with it.
bound() { timeout --kill-after=10 "$limit" "$@"; }
command -v timeout >/dev/null || bound() { "$@"; }

# A locale with a decimal comma, made here: numbers must not change under it.
if command -v localedef >/dev/null && [ ! -d "$build/locale/de_DE.UTF-8" ]; then
    mkdir -p "$build/locale"
    localedef -i de_DE -f UTF-8 "$build/locale/de_DE.UTF-8" >/dev/null 2>&1 || true
fi
[ ! -d "$build/locale/de_DE.UTF-8" ] || export LOCPATH="$build/locale"

# part NAME COMMAND…: runs it, counts its TAP lines. A part that crashes, or says nothing, is a failure of its own.
part() {
    name=$1
    shift
    parts="$parts $name"
    case $name in *"$filter"*) ;; *) return 0 ;; esac
    CMOCKA_MESSAGE_OUTPUT=TAP bound "$@" >"$results/$name.tap" 2>"$results/$name.err" </dev/null
    status=$?
    # cmocka 1.1 writes a skipped test as "not ok N # SKIP".
    sed -i -E 's/^not (ok .*# SKIP)/\1/' "$results/$name.tap"
    good=$(grep -c '^ok ' "$results/$name.tap")
    skip=$(grep -ci '^ok .*# skip' "$results/$name.tap")
    bad=$(grep -c '^not ok' "$results/$name.tap")
    if [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then
        echo "not ok - $name was cut after $limit s (PFL_PART_LIMIT)" >>"$results/$name.tap"
        bad=$((bad + 1))
    elif [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        echo "not ok - $name ended with status $status" >>"$results/$name.tap"
        bad=1
    fi
    if [ "$((good + bad))" -eq 0 ]; then
        echo "not ok - $name ran no test" >>"$results/$name.tap"
        bad=1
    fi
    passed=$((passed + good - skip)) skipped=$((skipped + skip)) failed=$((failed + bad))
    printf '%-16s %4d passed' "$name" "$((good - skip))"
    [ "$skip" -eq 0 ] || printf ', %d skipped' "$skip"
    if [ "$bad" -ne 0 ]; then
        printf ', %d FAILED\n' "$bad"
        grep -A12 '^not ok' "$results/$name.tap" | head -n 60
        tail -n 40 "$results/$name.err"
    else
        printf '\n'
        grep -i '^ok .*# skip' "$results/$name.tap" | sed 's/^/    /'
    fi
}

for binary in "$build"/test_*; do
    if [ -f "$binary" ] && [ -x "$binary" ]; then
        part "${binary##*/test_}" "$binary"
    fi
done
for binary in "$build"/fuzz_*; do
    if [ -f "$binary" ] && [ -x "$binary" ]; then
        part "${binary##*/}" "$binary" "$source/tests/fuzz/corpus/${binary##*/fuzz_}"
    fi
done
part cli sh "$source/tests/cli/run.sh" --all "$build/perfledger"
part fault sh "$source/tests/fault/run.sh" "$build/perfledger"
part consumer sh "$source/tests/consumer/run.sh" "$build"
part proof sh "$source/tests/proof/selftest.sh" "$build"
part differential sh "$source/tests/differential/run.sh" "$build/perfledger"
part lint sh "$source/tests/lint/law.sh"
part headers sh "$source/tests/lint/headers.sh"
part runner sh "$source/tests/lint/runner.sh"
part docs sh "$source/tests/lint/docs.sh" "$build/perfledger"

if [ "$((passed + failed + skipped))" -eq 0 ]; then
    echo "tests/run.sh: no part's name holds \`$filter'; there are:$parts" >&2
    exit 2
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
