# Nothing measured, no baseline, only skipped: the gate does not pass, and says which.
. "$CASE_LIB"
repo
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites:
  - { name: a, command: "true", requires: [./there] }
gates:
  - { match: "*", metric: time, max_regression: 10% }
Y
status 6 perfledger check
holds err 'nothing was measured'
touch there
status 0 perfledger run
status 6 perfledger check
cat out err >all
holds all 'baseline'
status 0 perfledger baseline save
rm there
status 6 perfledger run
