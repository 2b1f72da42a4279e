# A unit or a direction that the file does not have is asked for, and taken from the command line; never guessed.
. "$CASE_LIB"
printf 'name,value\nparse,1.5\nparse,2.5\n' >a.csv
perfledger import --dry-run a.csv >out 2>err
echo "status $?"
cat out
holds out '--unit'
status 0 perfledger import --dry-run --unit ms a.csv
cat >b.json <<'J'
[{"name":"score","unit":"points","value":3},{"name":"time","unit":"ms","value":2}]
J
status 0 perfledger import --dry-run b.json
holds out 'which way of'
holds out '--better'
status 0 perfledger import --better higher b.json
! grep -q 'which way' out || { cat out; exit 1; }
status 0 perfledger export latest
json '[[r["benchmark"], r["metric"], r["unit"], r["better"], r["median"]] for r in d["results"]]' <out
status 0 perfledger import --unit ms a.csv
status 0 perfledger export latest
