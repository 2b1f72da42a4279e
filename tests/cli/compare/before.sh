# A revision without a run, with measured ones before it: the message names the last of those, never one that came later.
. "$CASE_LIB"
repo
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites:
  - { name: one, command: "true" }
Y
commit config
git tag start
commit begin
status 0 perfledger run -q
first=$(git rev-parse HEAD | cut -c1-10)
id=$(perfledger list --last 1 --json | json 'd["runs"][-1]["id"][:8]')
status 6 perfledger compare start latest
same 'none comes before' "$(grep -c 'the last commit before it' err)" 0
commit row
commit change
status 0 perfledger run -q
status 6 perfledger compare HEAD~1 HEAD
holds err "nothing was measured at HEAD~1"
holds err "the last commit before it that has one is $first (run $id)"
