# compare without --fail-on judges nothing: it says what it found, never that it passed. A run against itself is called that.
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
perfledger show --json >before.json
status 0 perfledger baseline save
echo 50 >rate
perfledger run >/dev/null 2>&1
perfledger show --json >after.json
lacks() { if grep -qF -- "$2" "$1"; then echo "$1 holds <$2>"; cat "$1"; exit 1; fi; }
status 0 perfledger compare before.json after.json --metric rate
holds out 'compared: 1 regressed'
lacks out 'passed'
lacks out 'same run'
status 0 perfledger compare before.json after.json --format markdown
holds out '### perfledger: compared'
status 0 perfledger compare before.json after.json --metric rate --fail-on new
holds out 'comparison passed: 1 regressed'
status 0 perfledger compare before.json before.json
holds out 'note: both sides are the same run'
# what check says to do next is what works
status 1 perfledger check
holds out "baseline reset"
lacks out "baseline save"
status 1 perfledger baseline save
status 0 perfledger baseline reset
