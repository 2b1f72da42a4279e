# A diagnosis is written on the branch of its fix; merged as one commit, the branch's revisions are gone, and that is no alarm.
# shellcheck disable=SC2154
. "$CASE_DIR/story.inc"
project
measured parse=0.100 sort=0.200
first=$at
git checkout -q -b fix
step 'A fix'
measured parse=0.060 sort=0.200
status 0 perfledger log add --kind diagnosis --base "$first" --head HEAD --cause "$first" --title 'It copied'
git add -A && commit 'The log'
git checkout -q main && git merge -q --squash fix && commit 'Fixed' && git branch -q -D fix
git clone -q "file://$PWD" ../clone
cd ../clone || exit 1
status 0 perfledger log audit
shown out | sed -E "s/revision [0-9a-f]{12}/revision COMMIT/"
