# A rule of `paths:` tightens the gate of its suites when such files changed since the release, and never loosens one.
. "$CASE_LIB"
export COLUMNS=250
repo
cat >emit.sh <<'W'
echo "{\"metric\":\"cost\",\"value\":$(cat cost),\"unit\":\"1\",\"better\":\"lower\"}" >&$PERFLEDGER_FD
W
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites:
  - { name: hot, command: bash emit.sh }
  - { name: cold, command: bash emit.sh }
gates:
  - { match: "*", metric: "*", max_regression: 9000% }
paths:
  - { match: [src, "../outside*"], suites: hot, metric: cost, max_regression: 1% }
Y
printf '.perfledger/\nerr\nout\n' >.gitignore
mkdir src
echo 100 >cost
echo one >src/a.c
commit config
git tag v1.0
status 0 perfledger run -q
echo 103 >cost
commit 'not in src'
status 0 perfledger run -q
status 0 perfledger check --against v1.0
echo two >src/a.c
commit 'in src'
status 0 perfledger run -q
status 1 perfledger check --against last-tag --json
same hot "$(json '[[r["benchmark"], r["metric"], r["threshold"], r["gate_file"], r["gate_line"]] for r in d["results"] if r["verdict"] == "regressed" and r["gate"] == "hard"]' <out)" '[["hot", "cost", 0.01, "perfledger.yaml", 8]]'
# not against a baseline: that one is not about what changed
status 0 perfledger check --against latest
# the edit alone, not yet committed
git checkout -q HEAD~1
status 0 perfledger run -q
status 0 perfledger check --against v1.0
echo three >src/a.c
status 0 perfledger run -q
status 1 perfledger check --against v1.0
holds out 'perfledger.yaml:8'
# a tighter gate stays what it is, and one that only reports does not soften the rule's
sed -i 's/metric: "\*", max_regression: 9000%/metric: cost, max_regression: 0.5%/' perfledger.yaml
status 1 perfledger check --against v1.0 --json
same tighter "$(json '[r["threshold"] for r in d["results"] if r["benchmark"] == "hot" and r["metric"] == "cost"]' <out)" '[0.005]'
sed -i 's/max_regression: 0.5%/report_only: true/' perfledger.yaml
status 1 perfledger check --against v1.0 --metric cost --json
same 'report only' "$(json '[[r["threshold"], r["gate"]] for r in d["results"] if r["metric"] == "cost"]' <out)" '[[0.1, "report_only"], [0.01, "hard"]]'
