# Fewer than five launches are refused, or marked.
. "$CASE_LIB"
status 2 perfledger run -r 3 -- true
holds err '--allow-few'
status 0 perfledger run -r 3 --allow-few -- true
perfledger show --json >run.json
same launches "$(json '[r["launches"] for r in d["results"] if r["metric"]=="time"]' <run.json)" '[3]'
# what was allowed to be too little is never what `check` or a baseline speaks of
repo
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites: [ { name: a, command: "true" } ]
gates: [ { match: "*", metric: page_faults, max: 1000000 } ]
Y
judged() { label=$(json 'd["head"]["label"]' <out); perfledger show "${label#run }" --json | json 'd["run"]["label"]'; }
status 0 perfledger run -r 2 --allow-few
status 6 perfledger check
status 6 perfledger baseline save
status 0 perfledger run --label whole
status 0 perfledger run -r 2 --allow-few --label few
status 0 perfledger check --json
same judged "$(judged)" whole
same few "$(perfledger show latest --json | json 'd["run"]["label"]')" few
# enough rounds are enough, allowed or not
status 0 perfledger run --allow-few --label enough
status 0 perfledger check --json
same judged "$(judged)" enough
# one launch has no interval
status 0 perfledger run -r 1 -w 0 --allow-few --no-record -- true
if grep -q '±' out; then echo 'an interval out of one launch'; cat out; exit 1; fi
