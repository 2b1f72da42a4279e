# Facts of pages changed, the text made anew and sealed: what the runs, git or the configuration know better is found.
# shellcheck disable=SC2154
. "$CASE_DIR/story.inc"
project
printf 'targets:\n  - { benchmark: parse, metric: time, max: 70 ms, tolerance: 2%% }\ngates:\n  - { match: "parse*", metric: time, max_regression: 5%% }\n' >>perfledger.yaml
step 'Targets'
measured parse=0.100 sort=0.200
step 'Table look-up'
measured parse=0.060 sort=0.200
status 0 perfledger log snapshot tables --base HEAD~1 --head HEAD
status 0 perfledger log latest parser
status 0 perfledger log trend time --benchmark parse
status 0 perfledger log audit
snapshot=$(echo perf/snapshots/tables_*)
made() {
    measured parse=0.060 sort=0.200 "$@"
}
cp -r perf "$HOME"
# forged WHAT STATEMENT FILE KIND
forged() {
    echo "-- $1"
    python3 "$CASE_DIR/forge.py" none "$2" "$3" "$4" >said
    sed -E 's/\b[0-9a-f]{40}\b/COMMIT/g' said >said.shown
    shown said.shown
    rm -rf perf
    cp -r "$HOME/perf" .
}
forged 'nothing' 'pass' "$snapshot" snapshot
forged 'a link' "f['links'] = [{'id': 'x', 'title': 'See', 'target': 'https://evil.example/'}]" "$snapshot" snapshot
forged 'a tolerance' "f['tolerances'] = [{'match': '*', 'metric': '*', 'max_regression': 0.9}]" "$snapshot" snapshot
forged 'a link of the run of record' "f['links'] = [{'id': 'x', 'title': 'See', 'target': '//evil.example/'}]" perf/latest_parser.md latest
forged 'a target' "f['targets'][0]['max'] = 0.5" perf/latest_parser.md latest
forged 'its tolerance' "f['targets'][0]['tolerance'] = 0.25" perf/latest_parser.md latest
made dirty=1
forged 'a dirty run of record' "f['head'] = '$run'; f['runs'] = ['$run']" perf/latest_parser.md latest
made machine=laptop
forged 'one of another machine' "f['head'] = '$run'; f['runs'] = ['$run']" perf/latest_parser.md latest
forged 'a point of another machine' "f['runs'][1] = f['points'][1]['run'] = '$run'" perf/trend/time.md trend
made kind=imported
forged 'a point that was not configured' "f['runs'][1] = f['points'][1]['run'] = '$run'" perf/trend/time.md trend
forged 'the order of points' "f['runs'].reverse(); f['points'].reverse()" perf/trend/time.md trend
forged 'a revision twice' "f['runs'].append(f['runs'][1]); f['points'].append(f['points'][1])" perf/trend/time.md trend
git checkout -q -b side
step 'Aside'
measured parse=0.050 sort=0.200
git checkout -q main
rm -rf perf
cp -r "$HOME/perf" .
forged 'a point of a branch' "f['runs'].append('$run'); f['points'].append({'run': '$run'})" perf/trend/time.md trend
echo '-- a configuration that was changed since'
commit 'Pages'
sed -i 's/70 ms/80 ms/; s/5%/4%/; s/2%/3%/' perfledger.yaml
commit 'Other targets'
status 0 perfledger log audit
shown out
echo '-- another reference machine since'
sed -i 's/^reference_machine: .*/reference_machine: lab-9/' perfledger.yaml
commit 'Another machine'
status 0 perfledger log audit
echo '-- charts'
rm perf/trend/time_parse.svg && mkdir perf/trend/time_parse.svg
status 1 perfledger log audit
shown out
rmdir perf/trend/time_parse.svg && mkfifo perf/trend/time_parse.svg
status 1 perfledger log audit
shown out
rm perf/trend/time_parse.svg
sed 's/$/\r/' "$HOME/perf/trend/time_parse.svg" >perf/trend/time_parse.svg
status 0 perfledger log audit
