#!/bin/sh
# Can the proof fail? A judge that is wrong must be seen, limits must be the known ones, damaged input must be an error. TAP.
#
#   tests/proof/selftest.sh BUILD
set -u
build=$(cd "$1" && pwd) || exit 2
root=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
n=0
check() {
    n=$((n + 1))
    if [ "$2" = "$3" ]; then echo "ok $n - $1"; else printf 'not ok %d - %s\n# wanted: %s\n# got:    %s\n' $n "$1" "$2" "$3"; fi
}
replay() { "$build/proof_replay" --noise "$root/tests/proof/noise" "$@"; }
tab=$(printf '\t')

state() { replay "$@" | cut -f9; replay "$@" >/dev/null && echo 0 || echo $?; }
check "a judge that looks at 5 % after every block misses the bar" "MISSED 1" "$(state --scale 0.05 --broken sim-aa-idle | tr '\n' ' ' | sed 's/ $//')"
check "the judge of race keeps it" "met 0" "$(state --scale 0.3 sim-aa-idle | tr '\n' ' ' | sed 's/ $//')"
check "the same seed gives the same figures" "$(replay --scale 0.02 sim-one-3)" "$(replay --scale 0.02 sim-one-3)"
check "an effect of 3 % is found in all" 20 "$(replay --scale 0.02 sim-one-3 | cut -f4)"

# Clopper and Pearson's limits from tables: 0, 1, 5 and 50 of 100.
check "limits of 0 of 100" "0.0000${tab}0.0362${tab}met" "$("$build/proof_tell" share 0 100 "≤0.01")"
check "limits of 1 of 100" "0.0003${tab}0.0545${tab}met" "$("$build/proof_tell" share 1 100 "≤0.01")"
check "5 of 100 refute 1 %" "0.0164${tab}0.1128${tab}MISSED" "$("$build/proof_tell" share 5 100 "≤0.01")"
check "3 of 100 do not" "0.0062${tab}0.0852${tab}within chance" "$("$build/proof_tell" share 3 100 "≤0.01")"
check "90 of 100 are not refuted as 95 %" "0.8238${tab}0.9510${tab}within chance" "$("$build/proof_tell" share 90 100 "≥0.95")"
check "89 of 100 are" "0.8117${tab}0.9438${tab}MISSED" "$("$build/proof_tell" share 89 100 "≥0.95")"
check "nothing was run" "not run" "$("$build/proof_tell" share 0 0 "≥0.95" | cut -f3)"

check "JSON becomes lines" "a.0.b${tab}1.5 a.1${tab}x y c${tab}null " "$(printf '%s' '{"a":[{"b":1.5},"x\ny"],"c":null}' | "$build/proof_tell" flat | tr '\n' ' ')"
echo '{"a":' | "$build/proof_tell" flat >/dev/null 2>&1
check "broken JSON is an error" 2 $?

mkdir "$scratch/noise"
head -c 20000 "$root/tests/proof/noise/idle.zst" >"$scratch/noise/idle.zst"
"$build/proof_replay" --noise "$scratch/noise" sim-aa-idle >/dev/null 2>&1
check "cut-off noise is an error" 3 $?
printf '# perfledger noise 1\ns 0 0 80000 20000 19000 1 1 20000 19000 1 1\n' >"$scratch/noise/idle.zst"
"$build/proof_replay" --noise "$scratch/noise" sim-aa-idle >/dev/null 2>&1
check "a line cut short is an error" 3 $?
sh "$root/tests/proof/run.sh" "$build" nonesuch >/dev/null 2>&1
check "a row that is not there is named" 2 $?
echo "1..$n"
