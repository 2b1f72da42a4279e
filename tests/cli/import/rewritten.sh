# asv rewrites a result file when more benchmarks are measured for its commit: the later reading replaces the earlier one.
. "$CASE_LIB"
mkdir -p results/box
echo '{"machine": "box", "arch": "x86_64", "cpu": "c", "version": 1}' >results/box/machine.json
# write FILE NAME=VALUE…
write() {
    python3 - "$@" <<'P'
import json, sys
json.dump({"version": 2, "commit_hash": "ab" * 20, "env_name": "py3.8", "date": 1700000000000, "python": "3.8", "requirements": {},
           "params": {"machine": "box", "arch": "x86_64", "cpu": "c"}, "result_columns": ["result", "params", "version"],
           "results": {w.split("=")[0]: [[float(w.split("=")[1])], [], "v1"] for w in sys.argv[2:]}}, open(sys.argv[1], "w"))
P
}
file=results/box/abababab-py3.8.json
write $file time_a=1
status 0 perfledger import results -q
cp $file earlier.json
write $file time_a=1 time_b=2
perfledger import results | scrub | head -1
values() { perfledger export --history --json | json '[(s["benchmark"], [r["median"] for r in s["records"]]) for s in d["series"]]'; }
values
perfledger list --json | json 'sorted((r["benchmarks"], bool(r.get("void"))) for r in d["runs"])'
perfledger show "$(perfledger list --json | json '[r["id"] for r in d["runs"] if r["benchmarks"] == 1][0]')" | grep -o 'void: .*run' | head -1
# Again: nothing. The earlier bytes again (a checkout): its run is live again, the other one void; and back.
perfledger import results --json | json '[d["totals"]["added"], d["files"][0]["known"], d["files"][0]["replaced"]]'
cp earlier.json $file
perfledger import results --json | json '[d["totals"]["added"], d["files"][0]["known"], d["files"][0]["replaced"]]'
values
voids() { perfledger list --json | json 'sorted((r["benchmarks"], bool(r.get("void"))) for r in d["runs"])'; }
voids
perfledger import results --json | json '[d["totals"]["added"], d["files"][0]["known"], d["files"][0]["replaced"]]'
write $file time_a=1 time_b=2
perfledger import results | scrub | head -1
values
voids
# What somebody voided for a reason of his own stays void.
cp earlier.json $file
live=$(perfledger list --json | json '[r["id"] for r in d["runs"] if r["benchmarks"] == 2][0]')
other=$(perfledger list --json | json '[r["id"] for r in d["runs"] if r["benchmarks"] == 1][0]')
status 0 perfledger void "$other" --why 'a wrong compiler'
perfledger import results --json | json '[d["totals"]["added"], d["files"][0]["known"], d["files"][0]["replaced"]]'
voids
status 0 perfledger void "$live" --undo
# Other bytes, a run that is known (and void): it replaces nothing.
python3 - $file <<'P'
import json, sys
d = json.load(open(sys.argv[1]))
json.dump(d, open(sys.argv[1], "w"), indent=1)
P
perfledger import results --json | json '[d["totals"]["added"], d["files"][0]["replaced"]]'
# A dry run replaces nothing; another suite is another place.
write $file time_a=1 time_b=2 time_c=3
status 0 perfledger import results --dry-run
values
perfledger import results --suite s --json | json '[d["totals"]["added"], d["files"][0]["replaced"]]'
values
