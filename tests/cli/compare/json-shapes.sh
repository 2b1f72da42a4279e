# The documents that scripts rely on: every field that the contract names is there.
. "$CASE_LIB"
repo
printf 'suites:\n  - { name: a, command: "true" }\n  - { name: s, command: "true", requires: [./absent] }\ngates:\n  - { match: "*", metric: time, max: 1h }\n' >perfledger.yaml
status 0 perfledger run --rounds 5 --warmup 0 --json
cp out run.json
status 0 perfledger baseline save
status 0 perfledger show --json
cmp out run.json || exit 1
# lacks DOCUMENT EXPRESSION FIELD…: which of the fields the object lacks
lacks() {
    document=$1 object=$2
    shift 2
    json "[f for f in '$*'.split() if f not in ($object)]" <"$document"
}
lacks run.json d schema run results
lacks run.json 'd["run"]' id revision dirty partial started machine environment
lacks run.json 'd["results"][0]' benchmark params metric unit launches median ci mean stddev min max samples status
same one-document "$(tail -c 2 run.json | od -An -tx1 | tr -d ' ')" 7d0a
for what in 'compare baseline latest' check; do
    # shellcheck disable=SC2086
    status 0 perfledger $what --json
    echo "$what"
    lacks out d schema base head machine_effect results summary ok
    lacks out 'd["base"]' run revision label
    lacks out 'd["head"]' run revision label
    lacks out 'd["results"][0]' benchmark metric unit variant base head ratio ratio_ci verdict deciding threshold margin gate mde reason
    lacks out 'd["results"][0]["head"]' median ci launches
    lacks out 'd["summary"]' regressed improved unchanged inconclusive new missing failed
    same sorted "$(json '[[r["benchmark"], r["metric"], r["variant"]] for r in d["results"]] == sorted([r["benchmark"], r["metric"] or "", r["variant"]] for r in d["results"])' <out)" true
done
status 0 perfledger list --json
lacks out d schema runs
lacks out 'd["runs"][0]' id revision started label partial benchmarks
status 0 perfledger import run.json --dry-run --json
lacks out d schema files totals
lacks out 'd["files"][0]' path format runs points samples warnings
lacks out 'd["totals"]' files runs points samples warnings
