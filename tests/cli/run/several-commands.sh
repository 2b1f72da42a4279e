# A first word with a blank: each word is a command; they are interleaved and ranked. hyperfine's file is written.
. "$CASE_LIB"
status 0 perfledger run -r 5 -w 0 -n fast -n slow --reference fast --export-json h.json --export-markdown m.md -- 'sleep 0.001' 'sleep 0.03'
holds out 'adhoc/fast'
holds out 'adhoc/slow'
holds out 'times'
same results "$(json '[[r["command"], len(r["times"]), r["exit_codes"]] for r in d["results"]]' <h.json)" '[["sleep 0.001", 5, [0, 0, 0, 0, 0]], ["sleep 0.03", 5, [0, 0, 0, 0, 0]]]'
same ordered "$(json 'd["results"][0]["median"] < d["results"][1]["median"]' <h.json)" true
holds m.md '| '
