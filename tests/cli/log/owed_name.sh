# What is owed names the revision so that its commands can be pasted: a branch's name whole, a hash cut.
. "$CASE_LIB"
repo
cat >perfledger.yaml <<'Y'
suites:
  - { name: one, command: "true" }
paths:
  - { match: "*.c", suites: one, max_regression: 5% }
Y
commit config
git branch release-candidate-of-november
echo 'int x;' >x.c
git add x.c
commit change
status 0 perfledger log owed --since release-candidate-of-november
holds out 'check --against release-candidate-of-november)'
hash=$(git rev-parse HEAD~1)
status 0 perfledger log owed --since "$hash"
holds out "check --against $(printf %.10s "$hash"))"
