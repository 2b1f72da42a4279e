# A snapshot of a pair and of one run: written once, never over another; its tables come from the runs.
. "$CASE_DIR/story.inc"
project
cat >>perfledger.yaml <<'Y'
gates:
  - { match: "parse*", metric: time, max_regression: 3% }
Y
step 'A gate'
measured 'parse[n=10]=0.100' sort=0.200 'parse[n=10]:peak_rss=10485760' 'parse[n=10]:time:read=0.03'
step 'Table look-up'
git tag v1.0
measured 'parse[n=10]=0.060' sort=0.2002 'parse[n=10]:peak_rss=10485760' 'parse[n=10]:time:read=0.01' 'compiler=gcc 13.1.0 -O2'
status 0 perfledger log snapshot 'table look-up' --base HEAD~1 --head HEAD
shown out
shown perf/snapshots/table-look-up_2026-11-03.md
echo "written by hand" >>perf/snapshots/table-look-up_2026-11-03.md
cp perf/snapshots/table-look-up_2026-11-03.md before
status 0 perfledger log snapshot 'table look-up' --base HEAD~1 --head HEAD
shown out
status 1 perfledger log snapshot 'table look-up' --head HEAD
shown err
cmp before perf/snapshots/table-look-up_2026-11-03.md
status 0 perfledger log snapshot parser --head HEAD --area parser --json
json '[d["schema"], d["snapshot"]["file"], d["snapshot"]["written"], d["snapshot"]["base"]]' <out
sed -n '/## Results/,/## Environment/p' perf/snapshots/parser_2026-11-03.md
echo '--- linked rows'
status 0 perfledger log add --base HEAD~1 --head HEAD --area parser --title 'Table look-up [fast]'
status 0 perfledger log snapshot linked --base HEAD~1 --head HEAD --benchmark 'parse*'
grep 'In the log' perf/snapshots/linked_2026-11-03.md
status 0 perfledger log snapshot sorting --base HEAD~1 --head HEAD --benchmark sort # the row says nothing of it
same 'not linked' "$(cat PERFORMANCE.md perf/snapshots/sorting_2026-11-03.md | grep -cE 'In the log|snapshots/sorting')" 0
echo '--- gone, new, failed'
step 'Other benchmarks'
measured 'parse[n=10]=0.060' hash=0.010 'failed=parse[n=10]'
status 0 perfledger log snapshot other --base HEAD~1 --head HEAD
sed -n '/### /,/## Environment/p' perf/snapshots/other_2026-11-04.md
echo '--- refused'
status 2 perfledger log snapshot x --head HEAD --benchmark 'nothing*'
shown err
status 2 perfledger log snapshot x --head HEAD --base HEAD
shown err
status 2 perfledger log snapshot x --head HEAD --area parsers
shown err
status 2 perfledger log snapshot
shown err
status 2 perfledger log snapshot ''
shown err
ls perf/snapshots
ls perf/runs | wc -l
echo '--- on a busy machine'
step 'Busy'
measured psi=40 'parse[n=10]=0.060' 'parse[n=10]:cpu=0.060'
step 'Busy, too'
measured psi=40 'parse[n=10]=0.040' 'parse[n=10]:cpu=0.030'
status 0 perfledger log snapshot busy --base HEAD~1 --head HEAD
grep -E '^. (time|CPU)' perf/snapshots/busy*.md
