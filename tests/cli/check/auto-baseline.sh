# baseline: { update: auto }: on the default branch a run that passes becomes the baseline, a refused one never does.
. "$CASE_LIB"
repo
cat >emit.sh <<'W'
echo "{\"metric\":\"cost\",\"value\":$(cat .git/cost),\"unit\":\"1\",\"better\":\"lower\"}" >&$PERFLEDGER_FD
W
cat >perfledger.yaml <<'Y'
default_branch: main
defaults: { rounds: 5, warmup: 0 }
suites: [ { name: c, command: bash emit.sh } ]
gates: [ { match: "*", metric: cost, max_regression: 10% } ]
baseline: { update: auto }
Y
commit config
numbers() { perfledger baseline list --json | json '[b["number"] for b in d["baselines"]]'; }
echo 10 >.git/cost
status 0 perfledger run
status 6 perfledger check
same first "$(numbers)" '[1]'
commit 'the first baseline'
status 0 perfledger check
same itself "$(numbers)" '[1]'
status 0 perfledger run
status 0 perfledger check
same second "$(numbers)" '[1, 2]'
commit 'the second'
echo 20 >.git/cost
status 0 perfledger run
status 1 perfledger check
same refused "$(numbers)" '[1, 2]'
echo 10 >.git/cost
git checkout -q -b feature
status 0 perfledger run
status 0 perfledger check
same branch "$(numbers)" '[1, 2]'
GITHUB_STEP_SUMMARY=$PWD/.git/summary perfledger check --format github >out || exit 1
[ -s .git/summary ] || { echo 'no step summary'; exit 1; }
