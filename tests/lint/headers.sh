#!/bin/sh
# Every header compiles alone. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
tests=0 failed=0
for header in $(find src -name '*.h' | sort); do
    tests=$((tests + 1))
    if said=$(printf '#include "%s"\n' "${header#src/}" | ${CC:-cc} -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror -Isrc -xc -fsyntax-only - 2>&1); then
        echo "ok $tests - $header compiles alone"
    else
        failed=1
        echo "not ok $tests - $header compiles alone"
        printf '%s\n' "$said" | sed 's/^/#   /'
    fi
done
echo "1..$tests"
exit $failed
