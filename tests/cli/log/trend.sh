# A trend grows by the runs that came since; earlier rows stay byte for byte; what may not be in it is left out.
. "$CASE_DIR/story.inc"
project
measured parse=0.100 sort=0.200
step 'Table look-up'
git tag v1.0
measured parse=0.060 sort=0.2002
status 0 perfledger log trend time --note 'the table came'
shown out
shown perf/trend/time.md
cp perf/trend/time.md before
cp perf/trend/time_sort.svg sort.svg
step 'Measured twice'
measured parse=0.070 sort=0.200
measured parse=0.061 sort=0.200 noise=2
step 'Measured much later'
older=$at
step 'Dirty'
measured parse=0.5 sort=0.5 dirty=1
late=$at
git checkout -q -b side
step 'On a branch'
measured parse=0.6 sort=0.6
git checkout -q main
step 'Few'
measured parse=0.7 launches=3 sort=0.200
measured machine=old-laptop parse=0.9 sort=0.9
status 0 perfledger log trend time --area parser
shown out err
grep -c . perf/trend/time.md
diff before perf/trend/time.md | grep '^<' | shown
cmp sort.svg perf/trend/time_sort.svg
at=$late
measured parse=0.0605 sort=0.2
status 0 perfledger log trend time --json
json '[[s["benchmark"], s["rows"], s["added"], s["left_out"], s["chart"]] for s in d["sections"]]' <out
at=$older
measured parse=0.0607 sort=0.2
status 0 perfledger log trend time --area parser
shown out
echo '--- text of people stays, nothing new is nothing'
sed -i 's/^# Trend of time$/# Our times/' perf/trend/time.md
cp perf/trend/time.md before
status 0 perfledger log trend time
shown out
cmp before perf/trend/time.md
echo '--- a chart that was changed is drawn again, from the runs that are kept'
echo >>perf/trend/time_parse.svg
status 0 perfledger log trend time
tail -1 perf/trend/time_parse.svg
echo '--- refused'
status 1 perfledger log trend time --note 'nothing to note'
shown err
status 6 perfledger log trend tim
shown err
status 6 perfledger log trend time --benchmark 'none*'
shown err
sed -i 's/0.100 s/0.090 s/;s/100 ± 2 ms/90 ± 2 ms/' perf/trend/time.md
status 3 perfledger log trend time
shown err
ls perf/trend
