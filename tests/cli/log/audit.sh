# Each kind of thing that can be wrong with the written ledger, made wrong and found: file, line and what.
. "$CASE_DIR/story.inc"
# told FILE…: without hashes, which follow the form of runs and rows.
told() { shown "$@" | sed -E 's/\b[0-9a-f]{10,12}\b/COMMIT/g; s/void [0-9a-f]{8}\b/void ID/g'; }
run=
project
measured parse=0.100 sort=0.200 parse:peak_rss=10485760
step 'Table look-up'
measured parse=0.060 sort=0.200 parse:peak_rss=10485760
status 0 perfledger log add --base HEAD~1 --head HEAD --title 'Table look-up'
printf '\nFrom 100 ± 2 ms down to `55 ms` in theory; 0.60 is what came. See [the run](perf/runs/%s.json).\n' "$run" >>PERFORMANCE.md
step 'Vector code'
measured parse=0.030 sort=0.200 parse:peak_rss=10485760
status 0 perfledger log add --base HEAD~1 --head HEAD --title 'Vector code'
status 0 perfledger log snapshot vectors --base HEAD~1 --head HEAD
step 'Three'
measured parse=0.015 sort=0.200 parse:peak_rss=10485760
status 0 perfledger log add --base HEAD~1 --head HEAD --title 'Wider vectors'
status 0 perfledger log trend time --benchmark parse
status 0 perfledger log latest parser
git add -A && commit 'The log'
cp -r PERFORMANCE.md perf ../keep 2>/dev/null || { mkdir ../keep && cp -r PERFORMANCE.md perf ../keep; }

echo '-- as it should be'
status 0 perfledger log audit
told out
status 0 perfledger log audit --json
json '[d["ok"], d["findings"], d["documents"], d["blocks"], d["runs"]]' <out

# wrong WHAT: audits what was done to the documents, and takes it back.
wrong() {
    echo "-- $1"
    status 1 perfledger log audit
    told out err
    rm -rf PERFORMANCE.md perf
    cp -r ../keep/PERFORMANCE.md ../keep/perf .
}
sed -i '/Table look-up/,/Vector/s/60\.0 ± /61.0 ± /' PERFORMANCE.md
wrong 'a figure'
sed -i 's/### 2026-11-02/### 2026-11-03/' PERFORMANCE.md
wrong 'a date'
sed -i "0,/Revision: .[0-9a-f]/s//&0/" PERFORMANCE.md
wrong 'a revision'
sed -i 's/improved (40 % less)/improved (45 % less)/' PERFORMANCE.md
wrong 'a claim'
sed -i '/perfledger:row/{/Table look-up/s/"confidence":0.99/"confidence":0.9/}' PERFORMANCE.md
wrong 'what the row was made with'
sed -i '/perfledger:row.*Vector code/,/perfledger:end/d' PERFORMANCE.md
wrong 'a row taken away'
sed -i '/perfledger:row.*Wider vectors/,/perfledger:end/d' PERFORMANCE.md
wrong 'the last row taken away'
rm PERFORMANCE.md
wrong 'all rows taken away'
sed -n '/perfledger:row.*Vector code/,/perfledger:end/p' PERFORMANCE.md >row
sed -i '/perfledger:row.*Vector code/,/perfledger:end/d' PERFORMANCE.md
cat row >>PERFORMANCE.md
wrong 'rows in another order'
sed -i '0,/perfledger:end/{/perfledger:end/d}' PERFORMANCE.md
wrong 'the end of a row'
printf '\nIt went from 100 ms to 58.5 ms, 1.7x.\n' >>PERFORMANCE.md
wrong 'a figure that somebody typed'
printf '\n| today | parse | 12.5 ms |\n' >>PERFORMANCE.md
wrong 'a row that somebody typed'
printf '\n[the plan](docs/plan.md)\n' >>PERFORMANCE.md
wrong 'a link'
sed -i 's/0\.06[0-9]*/0.05/' "perf/runs/$(sed -n '/Table look-up/s/.*"head":"\([0-9a-f]*\)".*/\1/p' PERFORMANCE.md).json"
wrong 'a sample'
python3 -c "
import json, sys
d = json.load(open(sys.argv[1]))
d['results'][0]['median'] = 0.001
json.dump(d, open(sys.argv[1], 'w'), indent=1)" "perf/runs/$run.json"
wrong 'a median beside its samples'
sed -i '0,/"run": {/s//"run": {"verdict": "faster",/' "perf/runs/$run.json"
wrong 'a word in the file of a run'
rm perf/runs/*.json
mv .perfledger ../ledger
wrong 'no runs'
mv ../ledger .perfledger
sed -i 's/<svg /<svg  /' perf/trend/*.svg
wrong 'a chart that is not its table'
rm perf/trend/*.svg
wrong 'no chart'
sed -i '0,/| 2026-11-01/{/| 2026-11-01/d}' perf/trend/time.md
wrong 'a trend that lost its first line'
sed -i '0,/15\.0/s//14.0/' perf/latest_parser.md
wrong 'the run of record'
sed -i '0,/30\.0/s//29.0/' perf/snapshots/*.md
wrong 'a snapshot'
rm perf/snapshots/vectors_*.md
wrong 'no snapshot'
git mv perf/snapshots/vectors_*.md perf/snapshots/vectors_2026-11-08.md
commit 'Another day'
wrong 'a snapshot under another day'
git reset -q --hard HEAD~1
status 0 perfledger void "$run" --why 'the fan had stopped'
echo '-- a run that was taken back'
status 0 perfledger log audit
told out err
status 0 perfledger void "$run" --undo

echo '-- in a clone, without a ledger'
git clone -q . ../clone
cd ../clone || exit 1
status 0 perfledger log audit
told out
cd ..
echo '-- in a clone whose history is cut off'
git clone -q --depth 1 "file://$PWD/clone" shallow
cd shallow || exit 1
status 0 perfledger log audit
told out
cd ..
mkdir none && cd none || exit 1
status 6 perfledger log audit
cat err
