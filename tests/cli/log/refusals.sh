# What `log add` refuses: each time with its reason, what to do, the right status, and nothing written.
# shellcheck disable=SC2154
. "$CASE_DIR/story.inc"
project
first=$at
measured parse=0.100 sort=0.200
base=$run
step 'Faster'
measured parse=0.060 sort=0.200
head=$run
add() {
    perfledger log add --title T "$@"
}
# refused STATUS WHAT WORD…
refused() {
    expected=$1 what=$2
    shift 2
    status "$expected" add "$@"
    [ ! -e PERFORMANCE.md ] && [ ! -e perf ] || { echo "$what: something was written"; exit 1; }
    echo "$what: $(sed -e "s#$PWD#DIR#g" err)"
}
# again WORD…: another run of the newest commit, as base or head.
again() {
    measured parse=0.060 sort=0.200 "$@"
}

refused 2 'no title' --base "$base" --title ' '
refused 2 'no base' --head "$head"
refused 2 'base of a baseline' --kind baseline --base "$base" --head "$head"
refused 2 'kind' --kind optimization --base "$base" --head "$head"
refused 2 'cause of an optimisation' --cause HEAD --base "$base" --head "$head"
refused 2 'area' --area parsre --base "$base" --head "$head"
refused 2 'pull request' --pr x4 --base "$base" --head "$head"
refused 2 'no such revision' --base nowhere --head "$head"
refused 2 'no such cause' --kind diagnosis --cause nowhere --base "$base" --head "$head"
refused 6 'no such benchmark' --benchmark 'lex*' --base "$base" --head "$head"

again dirty=1
refused 1 'dirty head' --base "$base" --head "$run"
refused 1 'dirty base' --base "$run" --head "$head"
again partial=1
refused 1 'partial' --base "$base" --head "$run"
again failed=sort
refused 1 'failed' --base "$base" --head "$run"
again kind=race
refused 1 'race' --base "$base" --head "$run"
again launches=4
refused 1 'four launches' --base "$base" --head "$run"
again instrumented=AddressSanitizer
refused 1 'instrumented' --base "$base" --head "$run"
again 'warning=./parse was compiled without optimisation (gcc -O0): its times say little about a release'
refused 1 'unoptimised' --base "$base" --head "$run"
again warning='./parse is older than its source parse.c (by 3 s): build it again, or the numbers are of what it was before'
refused 1 'stale' --base "$base" --head "$run"
again warning='./parse is older than the checked-out commit 1234567890: rebuild it, or the numbers belong to another revision'
status 0 perfledger log add --base "$base" --head "$run" --title 'Built, then committed' # people do
status 0 perfledger void "$run" --why 'a test'
rm -rf PERFORMANCE.md perf
again summary=1 kind=imported
refused 1 'summary' --base "$base" --head "$run"
again machine=laptop
refused 1 'another machine' --kind baseline --head "$run"
refused 1 'two machines' --external --base "$base" --head "$run"
refused 1 'external on the reference machine' --external --base "$base" --head "$head"
refused 1 'the same run' --base "$head" --head "$head"
again compiler=clang
refused 1 'the same revision' --base "$head" --head "$run"
refused 1 'backwards' --base "$head" --head "$base"
measured parse=0.0995 sort=0.200
refused 1 'nothing improved' --base "$base" --head "$run"
refused 1 'no fix' --kind diagnosis --base "$base" --head "$run"
refused 1 'a benchmark that did not change' --benchmark '*' --base "$base" --head "$head"
refused 1 'a metric that did not change' --metric time --base "$base" --head "$head"
refused 1 'not the cause' --kind diagnosis --cause HEAD --base "$base" --head "$head"
again noise=2
perfledger void "$run" --why 'the fan was off' >/dev/null
refused 1 'void' --base "$base" --head "$run"

git checkout -q -b side
step 'On a branch'
measured parse=0.050 sort=0.200
refused 1 'unmerged' --base "$base" --head "$run"
git update-ref refs/remotes/origin/main "$at"
status 0 add --base "$base" --head "$run"
rm -r PERFORMANCE.md perf
git update-ref -d refs/remotes/origin/main
status 0 add --kind diagnosis --base "$base" --head "$run"
rm -r PERFORMANCE.md perf
printf 'project: plate\nreference_machine: lab-1\ndefault_branch: trunk\n' >perfledger.yaml
refused 1 'no default branch' --base "$base" --head "$run"
printf 'project: plate\nreference_machine: lab-1\n' >perfledger.yaml
at=1234567890123456789012345678901234567890
measured parse=0.050 sort=0.200
refused 1 'unknown to git' --base "$base" --head "$run"
at=
measured parse=0.051 sort=0.200
refused 1 'no revision' --base "$base" --head "$run"
echo "$first" >/dev/null

status 0 add --base "$base" --head "$head"
cp PERFORMANCE.md once
status 1 add --base "$base" --head "$head" --title 'Once more'
cat err
cmp once PERFORMANCE.md
# other figures of them are no repetition, the same ones under another name are
at=$(git rev-parse main)
measured parse=0.05 sort=0.1
one() { perfledger log add --kind baseline --head "$run" --title "$@"; }
status 0 one 'A parser' --benchmark parse
status 1 one 'The same parser' --benchmark 'pars*'
holds err 'these figures are in the log already'
status 0 one 'A sort' --benchmark sort
status 1 one 'All'
