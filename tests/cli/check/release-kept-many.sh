# Several runs of the tag's commit are kept: the widest is the base and the others fill it up; one that was stopped is none.
# shellcheck disable=SC2034,SC2154
. "$CASE_LIB"
. "$CASE_DIR/../log/story.inc"
CASE_DIR=$CASE_DIR/../log
project
sed -i '/reference/d' perfledger.yaml
step 'One box'
status 0 perfledger run --no-record --json --allow-few --rounds 1 -- true
cp out here.json
mkdir -p perf/runs
# kept WORD…: a run of the tag's commit that the repository keeps.
kept() {
    measured as=here.json "$@"
    perfledger export "$run" >"perf/runs/$run.json" || exit 1
}
kept parse=0.100 sort=0.200 partial=1
step 'Runs'
git tag v1 HEAD~1
step 'Slower'
measured as=here.json parse=0.090 sort=0.300
cp run.json head.json
rm -r .perfledger && status 0 perfledger import head.json
perfledger check --against v1 >out 2>err
holds err 'it was stopped before all was measured'
at=$(git rev-parse v1)
for values in 'parse=0.100' 'sort=0.200' 'parse=0.101' 'parse=0.102'; do
    kept "$values"
done
rm -r .perfledger && status 0 perfledger import head.json
status 1 perfledger check --against v1
holds out "check failed: 1 regressed (sort: time"
