# A benchmark that fails, and one that is gone, fail the gate; failed runs are recorded all the same.
. "$CASE_LIB"
repo
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites:
  - { name: a, command: "sh -c 'exit $(cat status)'" }
  - { name: b, command: "true" }
gates:
  - { match: "*", metric: time, max_regression: 500% }
Y
echo 0 >status
status 0 perfledger run
status 0 perfledger baseline save
echo 3 >status
status 4 perfledger run
status 1 perfledger check
holds out 'failed'
same recorded "$(perfledger list --json | json 'len(d["runs"])')" 2
status 1 perfledger baseline save
holds err 'failed'
echo 0 >status
sed -i '/name: b/d' perfledger.yaml
status 0 perfledger run
status 1 perfledger check
holds out 'missing'
status 0 perfledger check --fail-on regressed,failed
# a selection of the suites is judged alone
git checkout -q perfledger.yaml 2>/dev/null
status 0 perfledger run a
status 0 perfledger check
