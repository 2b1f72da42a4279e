# What a program says on the wire: metrics, stages, environment, artefacts, sub-benchmarks.
. "$CASE_LIB"
cat >talk.sh <<'W'
fd=$PERFLEDGER_FD
echo '{"stage":"read"}' >&"$fd"
echo content >art.txt
echo '{"stage":null}' >&"$fd"
echo '{"metric":"residual","value":3e-9,"unit":"1","better":"lower"}' >&"$fd"
echo '{"metric":"hits","value":7,"unit":"hits","better":"higher","bench":"cache"}' >&"$fd"
echo '{"environment":{"device":"cpu"}} ' >&"$fd"
echo '{"artifact":"art","path":"art.txt"}' >&"$fd"
echo '{"bench":"fib","params":{"n":20},"iterations":4096,"samples_ns":[800,900,850],"yardstick_ns":[1,1,1]}' >&"$fd"
W
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites:
  - { name: w, command: bash talk.sh }
Y
status 0 perfledger run
perfledger show --json | python3 -c '
import json, sys
d = json.load(sys.stdin)
for r in d["results"]:
    if r["metric"] in ("residual", "hits", "artifact_size") or r["benchmark"] != "w":
        print(r["benchmark"], r["metric"], r["unit"], r["median"])
print(sorted(r["metric"] for r in d["results"] if ":" in r["metric"]))
'
