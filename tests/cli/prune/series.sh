# Thinned runs are judged as they were: change points, comparisons and what `show` says are the same before and after.
. "$CASE_LIB"
python3 "$(dirname "$CASE_LIB")/prune/fixed_runs.py" 60 40
status 0 perfledger import runs
same runs "$(perfledger list --json | json 'len(d["runs"])')" 60
first=$(perfledger list --json | json 'd["runs"][3]["id"]')
later=$(perfledger list --json | json 'd["runs"][50]["id"]')

# judged NAME: everything that is judged, as bytes, into NAME.
judged() {
    {
        perfledger changes --all --json
        perfledger compare "$first" "$later" --json
        perfledger compare "$first" latest
        perfledger show "$first" --json | json '[(r["benchmark"], r["metric"], r["launches"], r["median"], r["ci"], r["mean"], r["stddev"], r["q1"], r["q3"], r["min"], r["max"]) for r in d["results"]]'
    } >"$1" 2>&1
}
judged before
holds before 'regressed  '
size=$(wc -c <.perfledger/ledger.db)
status 0 perfledger prune --older-than 30d --keep-last 5 --dry-run
holds out 'would thin 55 of 60 runs'
judged dry
cmp before dry || exit 1
status 0 perfledger prune --older-than 30d --keep-last 5
scrub <out
judged after
diff before after || exit 1
same thinned "$(perfledger list --json | json 'sum(1 for r in d["runs"] if r["thinned"])')" 55
[ "$(wc -c <.perfledger/ledger.db)" -lt "$size" ] || { echo "the file did not shrink"; exit 1; }

# what says so
status 0 perfledger show "$first"
holds out 'samples thinned on '
status 0 perfledger show "$first" --json
same mark "$(json 'd["run"]["thinned"][:4].isdigit() and sum(len(r["samples"]) for r in d["results"])' <out)" 0
cp out thinned.json
status 0 perfledger export "$first"
holds err 'its samples were thinned out'
status 0 perfledger export "$first" --format pytest-benchmark
holds err 'its samples were thinned out'
status 0 perfledger list
holds out '  2  thinned'
status 1 perfledger baseline save --run "$first"

# again: nothing; the whole run brings its samples back; a thinned one from elsewhere stays one run
status 0 perfledger prune --older-than 30d --keep-last 5 --json
same again "$(json '[d["thinned"], d["kept"]["already_thinned"], d["kept"]["newest"]]' <out)" '[0, 55, 5]'
status 0 perfledger import thinned.json
same one "$(perfledger list --json | json 'len(d["runs"])')" 60
status 0 perfledger import runs/003.json
status 0 perfledger show "$first" --json
same back "$(json 'd["run"].get("thinned", "whole"), sum(len(r["samples"]) for r in d["results"]) > 0' <out)" '["whole", true]'
judged restored
diff before restored || exit 1
status 0 perfledger --ledger other.db import thinned.json
status 0 perfledger --ledger other.db list --json
holds out "$first"
