# The table of goals: met, within tolerance, missed, not measured; sorted; on another machine than the reference one it only reports.
. "$CASE_LIB"
repo
cat >emit.sh <<'W'
echo "{\"metric\":\"cost\",\"value\":$1,\"unit\":\"1\",\"better\":\"lower\"}" >&$PERFLEDGER_FD
echo "{\"metric\":\"yield\",\"value\":$1,\"unit\":\"1\",\"better\":\"higher\"}" >&$PERFLEDGER_FD
W
cat >perfledger.yaml <<'Y'
machine: { name: lab-1 }
reference_machine: lab-1
defaults: { rounds: 5, warmup: 0 }
suites:
  - { name: plain, command: bash emit.sh 10 }
  - { name: fast, command: bash emit.sh 6 }
  - { name: gone, command: bash emit.sh 6, requires: [ ./not-here ] }
Y
commit config
status 6 perfledger targets
holds err 'no target is configured'
cat >>perfledger.yaml <<'Y'
targets:
  - { benchmark: "*", metric: cost, max: 8 }
  - { benchmark: plain, metric: cost, max: 9.5, tolerance: 10%, reason: until the new table }
  - { benchmark: plain, metric: yield, min: 12 }
  - { benchmark: nowhere, metric: time, max: 50ms }
Y
status 6 perfledger targets
holds err 'nothing to judge'
status 0 perfledger run -q
for columns in 60 200; do
    COLUMNS=$columns status 1 perfledger targets
    sed -n '/^benchmark/,$p' out
done
status 1 perfledger targets --json
same json "$(json '[[r["benchmark"], r["metric"], r["state"], r["margin"] and round(r["margin"], 3), r["line"]] for r in d["targets"]]' <out)" \
    '[["fast", "cost", "met", 0.25, 9], ["gone", "cost", "not measured", null, 9], ["nowhere", "time", "not measured", null, 12], ["plain", "cost", "within tolerance", -0.053, 10], ["plain", "yield", "missed", -0.167, 11]]'
status 1 perfledger targets --format markdown --run latest
sed '$d' out
id=$(perfledger list --last 1 --json | json 'd["runs"][-1]["id"]')
status 0 perfledger void "$id" --why 'the fan had stopped'
status 0 perfledger targets --run "$id"
holds out 'declared void (the fan had stopped)'
status 0 perfledger void "$id" --undo
sed -i 's/^reference_machine.*/reference_machine: lab-2/' perfledger.yaml
status 0 perfledger targets
holds out 'report only: targets hold on lab-2'
sed -i '/benchmark: "\*"/d; /plain/{/benchmark/d}' perfledger.yaml
status 6 perfledger targets
