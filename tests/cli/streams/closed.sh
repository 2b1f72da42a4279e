# Descriptors that our parent closed: nothing is written where it does not belong, and what cannot be said is status 3.
. "$CASE_LIB"
perfledger run -r 5 -w 0 -- true >&- 2>err
same 'run, no stdout' $? 3
holds err 'standard output'
perfledger run -r 5 -w 0 --export-json got.json -- true >&- 2>&- <&-
same 'run, nothing open' $? 3
perfledger run -r 5 -w 0 -- true >/dev/full 2>err
same 'run, full' $? 3
holds err 'No space'
perfledger list --json 2>&- >list.json
same 'list, no stderr' $? 0
same recorded "$(json 'len(d["runs"])' <list.json)" 3
perfledger show --json >show.json <&-
same 'show, no stdin' $? 0
same whole "$(json 'd["results"][0]["launches"]' <show.json)" 5
