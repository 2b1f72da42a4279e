# Base and head with yardsticks, made by hand: where the whole machine is 10 % slower that is one notice and no regression;
# without the yardsticks' word, or without that of the benchmarks, everything stays what it is.
. "$CASE_LIB"
python3 - <<'P'
import json

def run(name, machine, program, odd, readings=6):
    wave = [0, 3, -2, 1, -3, 2, -1]
    def samples(at):
        return [at * (1 + 0.001 * w) for w in wave]
    doc = {"schema": 1, "run": {"id": name, "revision": None, "dirty": False, "partial": False, "complete": True,
           "kind": "configured", "started": "2026-11-01T00:00:00Z", "environment": {},
           "machine": {"id": "m", "fingerprint": "f"},
           "yardsticks": [{"at": 0.5 + i, "core": 1e-9 * machine * (1 + 0.0005 * wave[i]), "chase": 1e-7, "stream": 2e-9,
                           "syscall": 1e-7, "spawn": 5e-5} for i in range(readings)],
           "yardstick_reference": {"core": 1e-9, "chase": 1e-7, "stream": 2e-9, "syscall": 1e-7, "spawn": 5e-5}},
           "results": [{"benchmark": f"b{k}", "metric": "time", "unit": "s", "better": "lower", "status": "ok",
                        "samples": samples(machine * program * (odd if k == 2 else 1))} for k in range(5)]}
    if not readings:
        del doc["run"]["yardsticks"]
    json.dump(doc, open(name + ".json", "w"))

run("base", 1, 1, 1)
run("slower", 1.1, 1, 1)
run("slower-and-worse", 1.1, 1, 1.5)
run("worse", 1, 1.3, 1)
run("unsaid", 1.3, 1, 1, readings=0)
P
verdicts() {
    json '[sorted(set(r["verdict"] for r in d["results"])), d["summary"]["regressed"], d["machine_effect"] and [round(d["machine_effect"]["ratio"], 2), d["machine_effect"]["yardstick"]]]' <out
}
status 0 perfledger compare base.json slower.json --fail-on regressed --json
same 'machine slower' "$(verdicts)" '[["inconclusive"], 0, [1.1, "core clock"]]'
status 1 perfledger compare base.json slower-and-worse.json --fail-on regressed --json
same 'and one program worse' "$(verdicts)" '[["inconclusive", "regressed"], 1, [1.1, "core clock"]]'
same 'taken out' "$(json '[[round(r["ratio"], 2), round(r["machine"], 2)] for r in d["results"] if r["benchmark"] == "b2"]' <out)" '[[1.5, 1.1]]'
status 1 perfledger compare base.json worse.json --fail-on regressed --json
same 'programs worse' "$(verdicts)" '[["regressed"], 5, null]'
status 1 perfledger compare base.json unsaid.json --fail-on regressed --json
same 'no yardsticks' "$(verdicts)" '[["regressed"], 5, null]'
for format in terminal markdown junit github; do
    status 0 perfledger compare base.json slower.json --format $format
    same "$format says it once" "$(grep -ci 'whole machine moved\|whole machine: everything' out)" 1
    holds out 'core clock'
    status 0 perfledger compare base.json worse.json --format $format
    if grep -q 'whole machine' out; then
        echo "$format says it without reason"
        exit 1
    fi
done
