# Where the ledger knows how much sessions differ, the row keeps what it knew: later runs change nothing of it.
# shellcheck disable=SC2154
. "$CASE_DIR/story.inc"
project
sed -i '/reference_machine/d' perfledger.yaml
status 0 perfledger run --no-record --json --allow-few --rounds 1 -- true
cp out here.json
for value in 0.1000 0.1004 0.0997 0.1002 0.0999 0.1001 0.1003; do
    measured as=here.json parse=$value
    base=$run
    day=$((day % 5 + 1)) # other runs, of the same commit
done
day=6
step 'Faster'
measured as=here.json parse=0.085
status 0 perfledger log add --base "$base" --head "$run" --title 'Faster'
grep -o '"sessions":\[.*\]' PERFORMANCE.md | sed -E 's/,"pools.*//; s/0\.0[0-9]+/SD/' >sessions
cat sessions
same 'four digits' "$(grep -oE '"",0\.00[0-9]{1,4},8' PERFORMANCE.md | wc -l)" 1
grep '`parse`' PERFORMANCE.md | cut -d '|' -f 2-3,6-8
same 'nothing is assumed' "$(grep -c 'is assumed' PERFORMANCE.md)" 0
