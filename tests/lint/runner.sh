#!/bin/sh
# The runner and the front door themselves: what is cut, crashes or says nothing is a failure; a filter that fits nothing says what
# there is. Looks at a build folder of its own, with pretended tests. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
tests=0 failed=0
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
mkdir -p "$build/locale/de_DE.UTF-8" # no locale need be made for this
make_test() { printf '#!/bin/sh\n%s\n' "$2" >"$build/test_$1" && chmod +x "$build/test_$1"; }
make_test good 'echo "ok 1 - fine"'
make_test slow 'echo "ok 1 - so far"; sleep 100'
make_test silent ':'
make_test crash 'echo "ok 1 - so far"; kill -SEGV $$'

expect() { # NAME STATUS TEXT COMMAND…
    name=$1 status=$2 text=$3
    shift 3
    tests=$((tests + 1))
    said=$("$@" 2>&1)
    got=$?
    if [ "$got" -eq "$status" ] && printf '%s\n' "$said" | grep -qF -- "$text"; then
        echo "ok $tests - $name"
    else
        failed=1
        echo "not ok $tests - $name"
        printf 'status %s, expected %s and <%s>:\n%s\n' "$got" "$status" "$text" "$said" >&2
    fi
}

expect 'a part that passes' 0 '1 passed, 0 failed, 0 skipped' sh tests/run.sh "$build" good
if command -v timeout >/dev/null; then
    expect 'a part that takes too long is cut, and named' 1 'slow was cut after 0.3 s' env PFL_PART_LIMIT=0.3 sh tests/run.sh "$build" slow
fi
expect 'a part that says nothing' 1 'silent ran no test' sh tests/run.sh "$build" silent
expect 'a part that crashes' 1 'crash ended with status' sh tests/run.sh "$build" crash
expect 'a filter that fits nothing' 2 'there are: crash good silent slow cli fault' sh tests/run.sh "$build" nosuch
expect 'installing nowhere' 2 'usage: ./dev install PREFIX' ./dev install
expect 'a verb that is none' 2 './dev help' ./dev frobnicate
echo "1..$tests"
exit $failed
