# Relative to another benchmark of the same run, targets, report-only rows.
. "$CASE_LIB"
repo
cat >emit.sh <<'W'
echo "{\"metric\":\"cost\",\"value\":$1,\"unit\":\"1\",\"better\":\"lower\"}" >&$PERFLEDGER_FD
W
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites:
  - { name: plain, command: bash emit.sh 10 }
  - { name: fast, command: bash emit.sh 6 }
gates:
  - { match: fast, metric: cost, max_ratio: 0.5, relative_to: plain }
Y
status 0 perfledger run
status 1 perfledger check --json
same ratio "$(json '[[r["benchmark"],r["verdict"],r["ratio"]] for r in d["results"] if r["variant"].startswith("relative")]' <out)" '[["fast", "failed", 0.6]]'
sed -i 's/max_ratio: 0.5/max_ratio: 0.7/' perfledger.yaml
status 0 perfledger check
sed -i 's/max_ratio: 0.7/max_ratio: 0.5, report_only: true/' perfledger.yaml
perfledger check >out 2>err
same report_only $? 0
cat >>perfledger.yaml <<'Y'
targets:
  - { benchmark: fast, metric: cost, max: 5, tolerance: 10% }
Y
status 1 perfledger check
holds out 'target'
sed -i 's/max: 5, tolerance: 10%/max: 5, tolerance: 25%/' perfledger.yaml
status 0 perfledger check
