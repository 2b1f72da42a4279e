# A page of a run of record stands for a tag only while what was measured is what was tagged: nothing but documents may differ. One
# that nobody made anew, a void run, the head's own run are none; the gate then has no stored base, and says so.
# shellcheck disable=SC2034,SC2154
CASE_DIR=$CASE_ROOT/tests/cli/log
. "$CASE_DIR/story.inc"
export COLUMNS=250
gate() { perfledger check --run "$run" "$@"; }
project
printf 'gates: [ { match: "*", metric: time, max_regression: 10%% } ]\n' >>perfledger.yaml
echo slow >parse.c
step 'A parser'
measured parse=0.200
slow=$run
status 0 perfledger log latest parser
step 'Documents'
git tag v1
rm -rf .perfledger
# documents only between run and tag: it stands, and the distance is said
step 'The same'
measured parse=0.201
status 0 gate --against v1
holds out "v1 (run $(echo $slow | cut -c1-8), perf/latest_parser.md, measured at $(git rev-parse --short=10 v1~1), since when only documents changed)"
# twice as fast, released without a run and with the old page; then half of it is lost
echo fast >parse.c
step 'Twice as fast'
git tag v2
echo lost >parse.c
step 'A loss'
measured parse=0.150
status 6 gate --against last-tag
holds err "run $(echo $slow | cut -c1-8) of perf/latest_parser.md does not stand for v2: it is of $(git rev-parse --short=10 v1~1), and v2 ($(git rev-parse --short=10 v2)) is other code than that"
holds err 'has no complete run in the ledger'
# nor for the tag that the head itself has
git tag v3
status 6 gate --against v3
holds err 'v3 is the very commit that was measured'
# against the release that it was measured for it does
status 0 gate --against v1
# the head's own run is nothing to hold it against
status 0 perfledger log latest parser
step 'Documents of it'
git tag v4
status 6 gate --against v4
holds err 'hold the same files'
# what the ledger knows as void stands for nothing, wherever it is kept
git checkout -q v1 -- perf
step 'An old page'
rm -rf .perfledger
measured parse=0.150
perfledger import perf/runs/$slow.json >out 2>&1 || { cat out; exit 1; }
status 0 gate --against v1
status 0 perfledger void $slow --why 'the fan was broken'
status 6 gate --against v1
holds err 'it is void (the fan was broken)'
# a page of another area that is stale: what it holds is no new benchmark that passes unseen
rm -rf .perfledger perf
day=3
printf 'project: plate\nreference_machine: lab-1\nareas: { parser: ["parse*"], sorter: ["sort*"] }\ngates: [ { match: "*", metric: time, max_regression: 10%% } ]\n' >perfledger.yaml
step 'Two areas'
measured sort=0.200
status 0 perfledger log latest sorter
echo new >sort.c
step 'Another sort'
measured parse=0.200
status 0 perfledger log latest parser
step 'Documents of both'
git tag v5
rm -rf .perfledger
step 'More'
measured parse=0.200 sort=0.300
status 0 gate --against v5
holds out 'note: sort and what else only a stale page of v5 has a run of was held against nothing'
