# Machine formats call a row a failure exactly when the exit status does.
. "$CASE_LIB"
repo
cat >emit.sh <<'W'
echo "{\"metric\":\"rate\",\"value\":$(cat rate),\"unit\":\"1/s\",\"better\":\"higher\"}" >&$PERFLEDGER_FD
W
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites:
  - { name: e, command: bash emit.sh }
gates:
  - { match: "*", metric: rate, max_regression: 10% }
Y
echo 100 >rate
status 0 perfledger run
status 0 perfledger baseline save
echo 50 >rate
perfledger run >/dev/null 2>&1
failures() { python3 -c 'import sys, xml.dom.minidom as m; d = m.parse(sys.stdin); print(len(d.getElementsByTagName("failure")), len(d.getElementsByTagName("error")))'; }
status 1 perfledger check --format junit
same 'junit, failing' "$(failures <out)" '1 0'
status 0 perfledger check --format junit --fail-on none
same 'junit, none' "$(failures <out)" '0 0'
status 1 perfledger check --format github
same 'github, failing' "$(grep -c '^::error' out)" 2
status 0 perfledger check --format github --fail-on none
same 'github, none' "$(grep -c '^::error' out)" 0
holds out '::warning'
status 0 perfledger compare baseline latest --format junit
same 'compare' "$(failures <out)" '0 0'
echo 300 >rate
perfledger run >/dev/null 2>&1
status 1 perfledger check --format junit --fail-on improved
same 'junit, improved' "$(failures <out)" '1 0'
