# --report: what was judged once, in several forms; --format junit. A slip is said before anything is measured.
. "$CASE_LIB"
race() { perfledger race 'sleep 0.001' 'sleep 0.05' --max-time 3s --no-record "$@"; }
status 1 race --fail-on regressed --report markdown=race.md --report json=race.json --report junit=race.xml --report terminal=race.txt
holds out regressed
holds race.md '### perfledger'
holds race.txt regressed
same failures "$(grep -c '<failure' race.xml)" 1
same matters "$(json '[d["matters"], d["summary"]["regressed"]]' <race.json)" '[true, 1]'
status 0 race --format junit
grep -q '<testsuites' out || { cat out; exit 1; }
for wrong in markdown github=x html=x =x markdown=; do
    status 2 race --report $wrong
    holds err 'formats: terminal markdown junit json'
done
status 2 race --report markdown=nowhere/race.md
holds err 'there is no folder nowhere'
# the same of a comparison and of a check
perfledger run -q --no-record -r 5 -w 0 --json -- true >a.json
status 0 perfledger compare a.json a.json --report json=same.json --report github=same.txt
same 'no news' "$(json 'd["matters"]' <same.json)" false
status 2 perfledger compare --by x a.json --report json=x.json
status 2 perfledger check --report html=x
holds err 'formats: terminal markdown junit github json'
