# Which tags are releases: `release: { tags: GLOB }`. Others, of nightly builds or of single parts, are no last release.
# shellcheck disable=SC2034,SC2154
CASE_DIR=$CASE_ROOT/tests/cli/log
. "$CASE_DIR/story.inc"
project
measured parse=0.200
git tag v1
step 'A nightly build'
measured parse=0.300
git tag nightly-1
step 'Now'
measured parse=0.301
base() { sed -n '/^base/s/^base *\([^ ]*\).*/\1/p' out; }
status 0 perfledger check --run "$run" --against last-tag --no-confirm
same 'any tag' "$(base)" nightly-1
echo 'release: { tags: "v*" }' >>perfledger.yaml
status 1 perfledger check --run "$run" --against last-tag --no-confirm
same 'a release' "$(base)" v1
status 1 perfledger compare last-tag "$run" --fail-on regressed
status 0 perfledger log owed
holds out v1
git tag v2
status 1 perfledger check --run "$run" --against last-tag --no-confirm
same 'HEAD is one itself' "$(base)" v1
sed -i 's/v\*/w*/' perfledger.yaml
status 6 perfledger check --run "$run" --against last-tag --no-confirm
holds err 'no tag like w* stands before HEAD'
