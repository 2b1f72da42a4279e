# A file of several runs is imported whole; compare says how to name one.
. "$CASE_LIB"
data=$CASE_ROOT/tests/fuzz/corpus/formats/github-action-benchmark/data.js
cp "$data" .
status 0 perfledger import data.js
scrub <out
status 0 perfledger import data.js
holds out 'new'
status 0 perfledger list --json
json 'sorted([r["revision"][:4], r["started"]] for r in d["runs"])' <out
perfledger compare data.js data.js >out 2>err
echo "status $?"
sed "s#$PWD/##g" err
perfledger export data.js >out 2>err
echo "status $?"
