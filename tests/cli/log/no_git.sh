# A repository for which git does not answer is no folder without one: the audit says nothing then.
# shellcheck disable=SC2154
. "$CASE_DIR/story.inc"
project
measured parse=0.100
step 'Table look-up'
measured parse=0.060
status 0 perfledger log add --base HEAD~1 --head HEAD --title One
git add -A && commit 'The log'
status 0 perfledger log audit
GIT_TEST_ASSUME_DIFFERENT_OWNER=1
export GIT_TEST_ASSUME_DIFFERENT_OWNER
status 3 perfledger log audit
sed -e "s#$PWD#DIR#g" err | grep -o 'error: .*ownership'
unset GIT_TEST_ASSUME_DIFFERENT_OWNER
mkdir ../few
ln -s "$(command -v perfledger)" ../few/perfledger
status 3 env PATH="$PWD/../few" perfledger log audit
sed -e "s#$PWD#DIR#g" err
mv .git ../elsewhere
status 0 perfledger log audit
cat out
cat err
