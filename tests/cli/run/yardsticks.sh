# A session of a second reads the yardsticks and keeps them, in JSON and in the ledger; a short one has none.
. "$CASE_LIB"
repo
status 0 perfledger run -r 5 --json -- sleep 0.3
cp out first.json
same 'readings' "$(json 'len(d["run"]["yardsticks"]) > 0' <first.json)" true
same 'each' "$(json 'sorted(d["run"]["yardsticks"][0])' <first.json)" '["at", "chase", "core", "spawn", "stream", "syscall"]'
same 'all ran' "$(json 'all(v > 0 for v in d["run"]["yardsticks"][0].values())' <first.json)" true
same 'reference' "$(json 'sorted(d["run"]["yardstick_reference"])' <first.json)" '["chase", "core", "spawn", "stream", "syscall"]'
status 0 perfledger show latest --json
python3 - <<'P'
import json
a, b = json.load(open("first.json")), json.load(open("out"))
print("kept:", all(a["run"][k] == b["run"][k] for k in ("id", "yardsticks", "yardstick_reference")))
P
perfledger import first.json >/dev/null || exit 1
same 'one run' "$(perfledger list --json | json 'len(d["runs"])')" 1
status 0 perfledger run -r 5 --no-record --json -- true
same 'short' "$(json '"yardsticks" in d["run"]' <out)" false
