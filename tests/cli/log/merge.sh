# Two branches that wrote into the same documents: with the merge driver the rows of both stay whole.
# shellcheck disable=SC2154
. "$CASE_DIR/story.inc"
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.org
project
measured parse=0.100 sort=0.200
step 'Table look-up'
measured parse=0.060 sort=0.200
status 0 perfledger log add --base HEAD~1 --head HEAD --title 'Table look-up'
git add -A && commit 'The log'
first=$(git rev-parse HEAD~1)
git checkout -q -b left
step 'Vector code'
measured parse=0.030 sort=0.200
status 0 perfledger log add --base "$first" --head HEAD --kind diagnosis --cause "$first" --title 'Vector code'
printf '\nA remark on vectors.\n' >>PERFORMANCE.md
git add -A && commit 'Left'
git checkout -q main
step 'Wider tables'
measured parse=0.040 sort=0.200
status 0 perfledger log add --base "$first" --head HEAD --title 'Wider tables'
git add -A && commit 'Right'

echo '-- as git merges'
status 1 git merge -q left
status 1 perfledger log audit
shown out | grep -E 'conflict|^note' | sort | uniq -c
git merge --abort

echo '-- with the driver'
git config merge.perfledger.driver 'perfledger log merge %O %A %B'
echo 'PERFORMANCE.md merge=perfledger' >.git/info/attributes
status 0 git merge -q -m 'Both' left
grep -E '^###|^A remark|<<<<|>>>>' PERFORMANCE.md
status 0 perfledger log audit
shown out

echo '-- the other way round, and both together again'
git branch both && git reset -q --hard HEAD~1
git checkout -q left && status 0 git merge -q -m 'Both, the other way' main
grep '^###' PERFORMANCE.md
status 0 perfledger log audit
status 0 git merge -q -m 'All' both
grep '^###' PERFORMANCE.md
status 0 perfledger log audit

echo '-- people who say different things of the same row'
git checkout -q -b one && sed -i 's/A remark on vectors/A remark on vectors, one/' PERFORMANCE.md && commit 'One'
git checkout -q -b two HEAD~1 && sed -i 's/A remark on vectors/A remark on vectors, two/' PERFORMANCE.md && commit 'Two'
status 1 git merge -q one
grep -cE '^(<<<<<<<|>>>>>>>|### )' PERFORMANCE.md
status 2 perfledger log merge nothing PERFORMANCE.md nothing
cat err
git merge --abort

echo '-- a trend that both sides wrote anew'
printf '%s\n' 'PERFORMANCE.md merge=perfledger' 'perf/**/*.md merge=perfledger' 'perf/**/*.svg merge=perfledger' >.git/info/attributes
git checkout -q main && status 0 git merge -q -m 'All of it' both
git checkout -q -b third && status 0 perfledger log trend time && git add -A && commit 'A trend'
git checkout -q main
step 'Tables again'
measured parse=0.035 sort=0.200
status 0 perfledger log trend time && git add -A && commit 'The same, longer'
status 0 git merge -q -m 'Trends' third
status 0 perfledger log audit
shown out
