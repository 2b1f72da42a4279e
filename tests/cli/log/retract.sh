# What was committed once is missed wherever it lay, until a retraction says why it is gone.
# shellcheck disable=SC2154
. "$CASE_DIR/story.inc"
# told: findings, without what differs from one format of runs to the next.
told() {
    shown out | sed -E 's/commit [0-9a-f]{12}/commit COMMIT/'
}
project
measured parse=0.100 sort=0.200
step 'Table look-up'
measured parse=0.060 sort=0.200
status 0 perfledger log add --base HEAD~1 --head HEAD --title 'Table look-up'
status 0 perfledger log snapshot table --base HEAD~1 --head HEAD
status 0 perfledger log trend time --benchmark parse
step 'The log'
git tag whole

# wrong WHAT: the audit of the work tree; then everything is as it was.
wrong() {
    echo "-- $1"
    git add -A && commit "$1"
    status 1 perfledger log audit
    told
    git reset -q --hard whole
}
git rm -q PERFORMANCE.md && wrong 'the log removed'
git mv PERFORMANCE.md PERF.md && echo 'documents: {log: PERF.md}' >>perfledger.yaml
sed -i '/perfledger:row/,/perfledger:end/d' PERF.md && wrong 'the log renamed, and a row removed from it'
mkdir docs && git mv PERFORMANCE.md docs/P.md && ln -s docs/P.md PERFORMANCE.md && git add -A && commit 'A link'
sed -i '/perfledger:row/,/perfledger:end/d' docs/P.md && wrong 'the log is a link, and a row removed'
git rm -qr perf/snapshots && wrong 'snapshots removed'

echo '-- documents below another folder'
git mv perf bench && echo 'documents: {folder: bench}' >>perfledger.yaml
# what stands outside of blocks is for people to change
sed -i 's,](perf/snapshots/,](bench/snapshots/,' PERFORMANCE.md && commit 'Another folder'
status 0 perfledger log audit
git reset -q --hard whole

echo '-- a reverted row'
sed -i '/perfledger:row/,/perfledger:end/d' PERFORMANCE.md && git add -A && commit 'Revert'
status 1 perfledger log audit
id=$(sed -n 's/.*log retract \([0-9a-f]*\) .*/\1/p' out)
status 1 perfledger log retract "$id" --why 'it was 17 times faster'
shown err
status 0 perfledger log retract "$id" --why 'the change was [reverted](x.md)'
shown out
grep retracted: PERFORMANCE.md | sed -E 's/^[0-9-]*/DAY/; s/[0-9a-f]{10}/COMMIT/'
status 0 perfledger log audit
status 1 perfledger log retract "$id" --why 'twice'
shown err
step 'Retracted'
status 0 perfledger log audit
sed -i '/perfledger:retraction/,/perfledger:end/d' PERFORMANCE.md
status 1 perfledger log audit
told
git checkout -q PERFORMANCE.md
echo '-- put aside, where nobody sees it'
mkdir -p perf
sed -n '/perfledger:retraction/,/perfledger:end/p' PERFORMANCE.md >perf/aside.md
sed -i '/perfledger:retraction/,/perfledger:end/d' PERFORMANCE.md
status 1 perfledger log audit
grep -c '^PERFORMANCE.md.*was changed or taken away' out
grep aside out | shown
rm perf/aside.md
git checkout -q PERFORMANCE.md

echo '-- a trend made anew'
step 'Vector code'
measured parse=0.030 sort=0.200
status 0 perfledger log trend time --benchmark parse
git add -A && commit 'Trend'
measured parse=0.031 sort=0.200
rm perf/trend/time.md && status 0 perfledger log trend time --benchmark parse
status 1 perfledger log audit
grep 'only grows' out >anew
shown anew | sed -E 's/commit [0-9a-f]{12}/commit COMMIT/'
status 0 perfledger log retract "$(sed -n 's/.*log retract \([0-9a-f]*\) .*/\1/p' anew)" --why 'measured again'
status 0 perfledger log audit

echo '-- what cannot be retracted'
git reset -q --hard whole
status 1 perfledger log retract "$id" --why 'too early'
shown err
status 2 perfledger log retract 0123456789abcdef --why 'nobody knows it'
cat err
status 2 perfledger log retract "$id"
shown err
status 2 perfledger log retract 12 --why 'short'
cat err
