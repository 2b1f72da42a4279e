# Runs that prune thinned are passed over by trends and runs of record, and cannot be cited; all else goes on.
# shellcheck disable=SC2154
. "$CASE_DIR/story.inc"
# Long ago, whatever the clock says.
measured() {
    python3 "$CASE_DIR/runs.py" "$at" "2020-11-0$day" "$@" >run.json || exit 1
    perfledger import run.json --json >out || exit 1
    run=$(perfledger list --last 1 --json | json 'd["runs"][-1]["id"]')
}
project
measured parse=0.100 sort=0.200
base=$run
step 'Table look-up'
measured parse=0.060 sort=0.200
status 0 perfledger prune --older-than 30d --keep-last 0
measured parse=0.061 sort=0.200
head=$run
echo '--- a trend of what is whole; the two before it are thinned, one of them superseded'
status 0 perfledger log trend time --benchmark parse
shown out err
status 0 perfledger log latest parser
shown out err
echo '--- log add'
status 1 perfledger log add --title T --base "$base" --head "$head"
sed -E 's/run [0-9a-f]{8}/run ID/; s/ on 2[0-9-]{9}/ on DAY/' err
[ ! -e PERFORMANCE.md ] || exit 1
echo '--- when all are thinned'
rm -r perf
status 0 perfledger prune --older-than 30d --keep-last 0
status 6 perfledger log latest parser
sed -E 's/run [0-9a-f]{8}/run ID/g; s/ on 2[0-9-]{9}/ on DAY/' err
status 6 perfledger log trend time
sed -E 's/run [0-9a-f]{8}/run ID/g; s/ on 2[0-9-]{9}/ on DAY/' err
echo '--- one that is whole in the repository can be cited'
mkdir -p perf/runs
at=$(git rev-parse HEAD~1) day=1
python3 "$CASE_DIR/runs.py" "$at" 2020-11-01 parse=0.100 sort=0.200 >run.json
status 0 perfledger import run.json --ledger other.db
perfledger show "$base" --json --ledger other.db >"perf/runs/$base.json"
at=$(git rev-parse HEAD) day=2
measured parse=0.0605 sort=0.200
status 0 perfledger log add --title T --base "$base" --head "$run"
shown out err
status 0 perfledger log audit
