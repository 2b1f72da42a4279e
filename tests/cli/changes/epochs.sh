# One history with marked boundaries: a bumped dependency, an edited benchmark, another machine, a new name. A level that moves there
# is no change of the code; one that moves elsewhere is.
. "$CASE_LIB"
python3 - <<'P'
import json, os
os.makedirs("results/box")
json.dump({"machine": "box", "arch": "x86_64", "cpu": "c", "version": 1}, open("results/box/machine.json", "w"))
json.dump({n: {"name": n, "param_names": [], "params": [], "type": "time", "unit": "seconds"} for n in ("m.time_a", "m.time_old", "m.time_new")} | {"version": 2},
          open("results/benchmarks.json", "w"))
# 20 commits each: numpy 1.20; numpy 1.21; there edited; there renamed (asv hashes the source, so that is another version, too).
for i in range(80):
    part, env = i // 20, "virtualenv-py3.8-numpy1.2%d" % (i >= 20)
    commit = "%040x" % ((i + 1) << 128)
    level = (1, 2, 4, 4)[part] * (1.5 if i >= 50 else 1)
    value = level * (1 + (i * 7 % 5) / 500)
    name = "m.time_old" if part < 3 else "m.time_new"
    rows = {"m.time_a": [[value], [], "v2" if part > 1 else "v1"], name: [[value], [], "n2" if part > 2 else "n1"]}
    json.dump({"version": 2, "commit_hash": commit, "env_name": env, "date": 1700000000000 + i * 86400000, "python": "3.8",
               "params": {"machine": "box", "arch": "x86_64", "cpu": "c", "numpy": "1.2%d" % (i >= 20), "python": "3.8"},
               "requirements": {"numpy": "1.2%d" % (i >= 20)}, "result_columns": ["result", "params", "version"], "results": rows},
              open("results/box/%s-%s.json" % (commit[:8], env), "w"))
P
status 0 perfledger import results
status 0 perfledger alias add m.time_old m.time_new --note 'clearer'
status 1 perfledger changes --fail-on any --json
python3 - <<'P'
import json
for s in json.load(open("out"))["series"]:
    print(s["benchmark"], repr(s["variant"]), s["n"])
    for e in s["epochs"]:
        print("  epoch", e["index"], e["revision"][:8], e["what"], e["compares"], e["why"])
    for c in s["changes"]:
        print("  change", c["index"], c["kind"], c["state"], c["worse"], c["note"])
P
# Until the step it is quiet, whatever the boundaries bring.
COLUMNS=200 perfledger changes m.time_a >out
holds out 'levels before do not compare: numpy 1.20 → 1.21'
holds out "levels before do not compare: the benchmark's definition changed"
export PERFLEDGER_LEDGER="$PWD/own.db"

# A new name alone: levels compare, and the mark is there. Another machine: they do not.
odd=$(printf 'o\033[31md')
day=0
for part in 'f one old=10' "f one $odd=10" 'g two new=30'; do
    # shellcheck disable=SC2086
    set -- $part
    i=0
    while [ $i -lt 20 ]; do
        i=$((i + 1)) day=$((day + 1))
        dated "r$day.json" "$day" "fingerprint:$1" "cpu:$2" "$3.$((i % 3))"
    done
done
status 0 perfledger import r*.json
status 0 perfledger alias add old "$odd"
status 0 perfledger alias add "$odd" new
status 0 perfledger changes --fail-on any
! grep -q "$(printf '\033')" out || { echo 'a raw control character'; exit 1; }
scrub <out
status 0 perfledger changes --json
json '[[s["benchmark"], s["n"], [(e["index"], e["what"], e["compares"], e["why"]) for e in s["epochs"]], [(c["index"], c["kind"]) for c in s["changes"]]] for s in d["series"]]' <out
# A level that moves where only the name does is told, and the mark beside it.
rm own.db
day=0
for part in 'old=10' 'new=30'; do
    i=0
    while [ $i -lt 20 ]; do
        i=$((i + 1)) day=$((day + 1))
        dated "r$day.json" "$day" "$part.$((i % 3))"
    done
done
status 0 perfledger import $(seq -f 'r%g.json' 40)
status 0 perfledger alias add old new
status 1 perfledger changes --fail-on worse --json
json '[[[(e["index"], e["what"]) for e in s["epochs"]], [(c["index"], c["kind"], c["state"]) for c in s["changes"]]] for s in d["series"]]' <out
# The history as a table has the same marks.
perfledger export --history --json | json '[[i for i, r in enumerate(s["records"]) if r["epoch"]] for s in d["series"]]'
