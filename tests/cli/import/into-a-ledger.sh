# What is imported is there under its suite and label, once; --dry-run leaves nothing behind; the JSON says all.
. "$CASE_LIB"
cat >a.json <<'J'
{"results":[{"command":"sort","mean":2,"times":[1,2,3],"exit_codes":[0,0,0]},{"command":"once","mean":1.5,"stddev":0.5,"median":1.25}]}
J
status 0 perfledger import --dry-run a.json
scrub <out
[ ! -e .perfledger ] || { echo 'a dry run made a ledger'; exit 1; }
status 0 perfledger import a.json --suite tools --label nightly --json
json 'sorted(d), sorted(d["files"][0]), sorted(d["totals"])' <out
json '{k: v for k, v in d["files"][0].items() if k not in ("run", "path")}' <out
json 'd["totals"]' <out
status 0 perfledger import a.json --suite tools --label nightly --json
same again "$(json '[d["totals"]["runs"], d["totals"]["added"]]' <out)" '[1, 0]'
status 0 perfledger import a.json --suite tools --label nightly
scrub <out
status 0 perfledger list --json
json '[[r["label"], r["kind"], r["benchmarks"]] for r in d["runs"]]' <out
status 0 perfledger export latest
json '[[r["benchmark"], r["metric"], r["samples"], r["median"], r.get("summary_only", False)] for r in d["results"]]' <out
json '[b["suite"] for b in d["benchmarks"]]' <out
# two named files of which one is none: the other is taken
echo none >none.txt
perfledger import none.txt a.json --label other --json >out 2>err
echo "status $?"
json '[[f["format"], f["runs"], len(f["warnings"])] for f in d["files"]]' <out
holds err 'not every file was taken; see above'
status 2 perfledger import
status 2 perfledger import --better sideways a.json
