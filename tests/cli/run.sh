#!/bin/sh
# Golden CLI tests: tests/cli/VERB/CASE.sh is run by sh in a scratch folder; what it prints must be CASE.out and CASE.err, its
# exit status CASE.exit (absent: 0). Files that are absent are not compared (out, err) or mean "nothing" where the case asserts by
# itself. Cases use lib.sh: `perfledger` is the program under test, `scrub` replaces what may vary.
#
#   tests/cli/run.sh CASE…                 run/adhoc, or a path; PERFLEDGER names the program (default build/dev/perfledger)
#   tests/cli/run.sh --bless CASE…         accept what they print now
#   tests/cli/run.sh --all PROGRAM         all of them, in TAP, two at once
#   tests/cli/run.sh --share N PROGRAM     every second one of them, from the Nth
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
bless=0 share=0
case ${1:-} in
--bless) bless=1; shift ;;
--share) share=$2 PERFLEDGER=$3; shift 3 ;;
--all) # a case waits for most of its time: for programs that sleep, and for the disk
    sh "$0" --share 2 "$2" >"${TMPDIR:-/tmp}/cli.$$" 2>&1 &
    sh "$0" --share 1 "$2"
    first=$?
    wait $!
    second=$?
    cat "${TMPDIR:-/tmp}/cli.$$"
    rm -f "${TMPDIR:-/tmp}/cli.$$"
    exit $((first | second))
    ;;
esac
PERFLEDGER=$(readlink -f "${PERFLEDGER:-$root/build/dev/perfledger}")
export PERFLEDGER
sanitized=
! grep -qa __asan_report_load "$PERFLEDGER" || sanitized=1
# shellcheck disable=SC2046
[ "$share" -eq 0 ] || set -- $(cd "$here" && find . -mindepth 2 -name '*.sh' | sed 's,^\./,,' | sort | awk -v n="$share" 'NR % 2 == n % 2')

tests=0 failed=0
scratch=$(mktemp -d)
trap 'chmod -R u+rwx "$scratch" 2>/dev/null; rm -rf "$scratch"' EXIT

# compare GOLDEN ACTUAL: a golden file that is absent is not compared.
compare() {
    [ -e "$1" ] || return 0
    diff -u "$1" "$2" >>"$scratch/diff" 2>&1
}

for name; do
    case=${name%.sh}
    case=${case#"$here"/}
    case=${case#tests/cli/}
    tests=$((tests + 1))
    dir=$scratch/work
    chmod -R u+rwx "$dir" 2>/dev/null
    find "$scratch" -mindepth 1 -maxdepth 1 ! -name presence -exec rm -rf {} + # also what the last case put beside its folder
    mkdir "$dir" "$scratch/home" "$scratch/bin" "$scratch/presence"  2>/dev/null
    ln -s "$PERFLEDGER" "$scratch/bin/perfledger"
    (
        cd "$dir" || exit 99
        exec env -i PATH="$scratch/bin:$PATH" HOME="$scratch/home" LANG=C.UTF-8 LC_ALL=C.UTF-8 TZ=UTC COLUMNS=100 TERM=dumb \
            TMPDIR="$scratch/home" PERFLEDGER_PRESENCE_DIR="$scratch/presence" GIT_CONFIG_GLOBAL="$scratch/home/gitconfig" GIT_CONFIG_NOSYSTEM=1 \
            CASE_LIB="$here/lib.sh" CASE_ROOT="$root" CASE_DIR="$(dirname "$here/$case.sh")" PFL_CHILD="$(dirname "$PERFLEDGER")/pfl_test_child" \
            SAMPLE="$(dirname "$PERFLEDGER")/pfl_sample" \
            PFL_SANITIZED="$sanitized" ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}exitcode=99" UBSAN_OPTIONS="${UBSAN_OPTIONS:+$UBSAN_OPTIONS:}exitcode=99" \
            sh "$here/$case.sh"
    ) >"$scratch/out" 2>"$scratch/err" </dev/null
    status=$?
    if [ "$status" -eq 77 ]; then
        echo "ok $tests - $case # SKIP $(tail -n 1 "$scratch/out")"
        continue
    fi
    if [ "$bless" -eq 1 ]; then
        cp "$scratch/out" "$here/$case.out"
        cp "$scratch/err" "$here/$case.err"
        if [ "$status" -eq 0 ]; then rm -f "$here/$case.exit"; else echo "$status" >"$here/$case.exit"; fi
        echo "ok $tests - $case (blessed)"
        continue
    fi
    expected=0
    [ ! -e "$here/$case.exit" ] || expected=$(cat "$here/$case.exit")
    good=1
    compare "$here/$case.out" "$scratch/out" || good=0
    compare "$here/$case.err" "$scratch/err" || good=0
    [ "$status" -eq "$expected" ] || { good=0; echo "exit status $status, expected $expected" >>"$scratch/diff"; }
    if [ "$good" -eq 1 ]; then
        echo "ok $tests - $case"
    else
        failed=1
        echo "not ok $tests - $case"
        head -n 60 "$scratch/diff" | sed 's/^/#   /'
        tail -n 25 "$scratch/out" | sed "s/^/#   out: /"
        head -n 20 "$scratch/err" | sed "s/^/#   err: /"
    fi
done
echo "1..$tests"
exit $failed
