# What a race measured is in the ledger and takes part in nothing: no latest run, no baseline, no check, no series.
. "$CASE_LIB"
repo
status 0 perfledger race 'sleep 0.003' 'sleep 0.02' --max-time 500ms -w 0
id=$(perfledger list --json | json 'd["runs"][0]["id"]')
status 0 perfledger list
same "list says race" "$(grep -c 'race$' out)" 2
status 6 perfledger check
status 2 perfledger check --run "$id"
holds err 'is one side of a race, which is kept apart'
status 6 perfledger baseline save
status 1 perfledger baseline save --run "$id"
holds err "is one side of a race, which is kept apart"
status 2 perfledger show latest
holds err 'what a race measured is kept apart'
status 0 perfledger show "$id"
status 6 perfledger changes 'adhoc/sleep 0.02'
perfledger run -q -r 5 -w 0 -- true
perfledger race -q 'sleep 0.003' 'sleep 0.02' --max-time 300ms -w 0
status 0 perfledger show latest --json
same "latest is the run" "$(json 'd["results"][0]["benchmark"]' <out)" "adhoc/true"
status 2 perfledger check --against "$id" --run latest
holds err 'is one side of a race'
