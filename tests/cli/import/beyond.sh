# Numbers that no double holds are left out, times below zero taken, both with their place.
. "$CASE_LIB"
printf 'name,metric,unit,value\na,time,s,1e309\nb,time,s,-1\nc,skew,s,-1\nd,time,s,2\n' >h.csv
printf '{"results":[{"command":"x","mean":1,\n"times":[1e309,1.0]}]}' >h.json
perfledger import --dry-run h.csv h.json | scrub
