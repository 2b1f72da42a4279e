# Gates over a metric that a program reports: no timing decides this test.
. "$CASE_LIB"
repo
cat >emit.sh <<'W'
echo "{\"metric\":\"error\",\"value\":$(cat error),\"unit\":\"1\",\"better\":\"lower\"}" >&$PERFLEDGER_FD
echo "{\"metric\":\"rate\",\"value\":$(cat rate),\"unit\":\"1/s\",\"better\":\"higher\"}" >&$PERFLEDGER_FD
W
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites:
  - { name: e, command: bash emit.sh }
gates:
  - { match: "*", metric: error, max: 0.5 }
  - { match: "*", metric: rate, max_regression: 10% }
Y
echo 0.1 >error; echo 100 >rate
status 0 perfledger run
status 0 perfledger baseline save first
status 0 perfledger run
status 0 perfledger check
echo 0.6 >error
perfledger run >/dev/null 2>&1
status 1 perfledger check
holds out 'error'
status 1 perfledger check --json
same failed "$(json '[[r["metric"],r["variant"],r["verdict"],r["gate"]] for r in d["results"] if r["gate"]=="hard" and r["verdict"] in ("failed","regressed")]' <out)" '[["error", "max", "failed", "hard"]]'
same ok "$(json 'd["ok"]' <out)" false
echo 0.1 >error; echo 50 >rate
perfledger run >/dev/null 2>&1
status 1 perfledger check --json
same regressed "$(json '[[r["metric"],r["verdict"],r["ratio"]] for r in d["results"] if r["gate"]=="hard" and r["verdict"]=="regressed"]' <out)" '[["rate", "regressed", 0.5]]'
# improvement of a higher-is-better metric never fails
echo 300 >rate
perfledger run >/dev/null 2>&1
status 0 perfledger check
for format in terminal markdown junit github json; do
    perfledger check --format $format >$format.txt || exit 1
    [ -s $format.txt ] || { echo "$format is empty"; exit 1; }
done
python3 -c 'import xml.dom.minidom; xml.dom.minidom.parse("junit.txt")' || exit 1
status 0 perfledger check --sort ratio --metric rate --tolerance 5% --run latest --against baseline --allow-machine-change
status 1 perfledger check --fail-on improved
status 2 perfledger check --fail-on regresed
