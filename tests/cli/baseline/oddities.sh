# What is odd about several benchmarks in the same words is said once; also where the run is shown.
. "$CASE_LIB"
repo
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites:
  - { name: a, command: "true" }
  - { name: b, command: "true" }
  - { name: c, command: "true" }
Y
status 0 perfledger run
perfledger show --json >run.json
python3 - <<'P'
import json
d = json.load(open("run.json"))
d["run"]["environment"]["psi_cpu_stall"] = "43.00 %"
d["run"]["warnings"] = []
json.dump(d, open("busy.json", "w"))
P
status 0 perfledger baseline save --run busy.json
same once "$(grep -c 'something else wanted the CPU' out)" 1
holds out '3 benchmarks: something else wanted the CPU (pressure 43 %)'
status 0 perfledger baseline show
same shown "$(grep -c 'something else wanted the CPU' out)" 1
same marked "$(grep -c 'contended$' out)" 3
