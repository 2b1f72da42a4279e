# Whose machine a figure is of: rows, trends and runs of record ask the same, by name and by id; and the history that a row keeps is that of its run's machine, wherever it is written.
# shellcheck disable=SC2034,SC2154
. "$CASE_DIR/story.inc"
project
for value in 0.1000 0.1004 0.0997 0.1002 0.0999 0.1001 0.1003; do
    measured machine_id=a1b2c3d4 parse=$value
    base=$run
    day=$((day % 5 + 1)) # other runs, of the same commit
done
day=6
step 'Faster'
measured machine_id=a1b2c3d4 parse=0.060
head=$run
measured machine=laptop machine_id=e5f60718 parse=0.9

records() {
    status 0 perfledger log trend time --benchmark parse
    status 0 perfledger log latest parser
    grep -c '^| 2026' perf/trend/time.md
    grep '^| `parse`' perf/latest_parser.md
    rm -r perf/trend perf/latest_parser.md
}
echo '-- by name'
status 0 perfledger log add --base "$base" --head "$head" --title 'Faster'
records
grep -oE '"sessions":\[\["parse","time","",[0-9.]+,[0-9]+\]' PERFORMANCE.md | sed -E 's/0\.0[0-9]+/SD/'
same 'nothing is assumed' "$(grep -c 'is assumed' PERFORMANCE.md)" 0
status 0 perfledger log snapshot faster --base "$base" --head "$head"
same 'nor in the snapshot' "$(cat perf/snapshots/faster*.md | grep -c assumed)" 0
status 0 perfledger log audit
git -c user.name=t -c user.email=t@example.org commit -q --allow-empty -m Later # not the documents
at=$(git rev-parse HEAD)
measured machine_id=a1b2c3d4 parse=0.100 # the history goes on, and what was known then stays right
status 0 perfledger log audit
cp PERFORMANCE.md kept
echo '-- narrower than the ledger has it'
python3 "$CASE_DIR/forge.py" Faster "f['sessions'][0][3] /= 3" >said
sed -E 's/PERFORMANCE.md:[0-9]+/LOG/' said
echo '-- and without it'
mv .perfledger ..
status 0 perfledger log audit
cat out
cp kept PERFORMANCE.md
status 0 perfledger log audit
mv ../.perfledger .
echo '-- by id'
sed -i 's/lab-1/a1b2c3d4/' perfledger.yaml
rm -r PERFORMANCE.md perf
status 0 perfledger log add --base "$base" --head "$head" --title 'Faster'
records
