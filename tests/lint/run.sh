#!/bin/sh
# ./dev lint: the include law, formatting, clang-tidy's small list, cppcheck, shellcheck. Ends with status 1 at any finding.
set -u
build=$1
cd "$(dirname "$0")/../.." || exit 1
failed=0
step() { printf '%-14s' "$1"; }
verdict() { if [ "$1" -eq 0 ]; then echo fine; else echo FINDINGS; failed=1; fi; }

step law; sh tests/lint/law.sh >"$build/law.tap"; status=$?; verdict $status; [ $status -eq 0 ] || grep -A20 '^not ok' "$build/law.tap"
step clang-format
git ls-files -z '*.c' '*.h' | xargs -0 clang-format --dry-run -Werror 2>"$build/format.txt"; status=$?; verdict $status
[ $status -eq 0 ] || head -n 20 "$build/format.txt"
step clang-tidy
git ls-files 'src/*.c' | grep -v launcher | xargs -P 2 -n 8 clang-tidy -p "$build" --quiet >"$build/tidy.txt" 2>/dev/null; status=$?; verdict $status
[ $status -eq 0 ] || grep -E 'warning|error' "$build/tidy.txt" | head -n 30
step cppcheck
cppcheck --quiet --enable=warning,portability --inline-suppr --error-exitcode=1 --std=c11 --suppress=missingIncludeSystem \
    --suppress=unknownMacro --suppress=invalidPointerCast -j 2 -Isrc src >"$build/cppcheck.txt" 2>&1; status=$?; verdict $status
[ $status -eq 0 ] || head -n 30 "$build/cppcheck.txt"
step clang
{ CC=clang cmake -S . -B build/clang -G Ninja -DPFL_WERROR=ON -DPFL_TESTS=OFF && cmake --build build/clang; } >"$build/clang.txt" 2>&1; status=$?; verdict $status
[ $status -eq 0 ] || grep -E 'error|warning' "$build/clang.txt" | head -n 20
step shellcheck
git ls-files '*.sh' dev | xargs shellcheck -S warning -s sh -e SC1090,SC1091 >"$build/shellcheck.txt" 2>&1; status=$?; verdict $status
[ $status -eq 0 ] || head -n 40 "$build/shellcheck.txt"
exit $failed
