# Nothing but failures: no empty columns, no empty messages, and no advice that would be refused.
. "$CASE_LIB"
repo
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites:
  - { name: a, command: "sh -c 'exit $(cat status)'" }
gates:
  - { match: "*", metric: time, max_regression: 500% }
Y
echo 0 >status
status 0 perfledger run
status 0 perfledger baseline save
echo 3 >status
status 4 perfledger run
status 1 perfledger check
holds out 'benchmark  verdict'
if grep -q 'baseline reset\|baseline save' out; then cat out; exit 1; fi
status 1 perfledger baseline reset
status 1 perfledger check --format junit
same message "$(python3 -c 'import sys, xml.dom.minidom as m; print(m.parse(sys.stdin).getElementsByTagName("error")[0].getAttribute("message"))' <out)" 'the benchmark failed: exit code 3'
status 1 perfledger check --format github
holds out '::error title=a failed::the benchmark failed: exit code 3'
