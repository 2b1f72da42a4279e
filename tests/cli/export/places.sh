# Where it goes and where it comes from: a file, standard output, a run, a revision, a file; what is not there is said.
. "$CASE_LIB"
perfledger export >out 2>err
echo "empty: status $?"
sed "s#$PWD#DIR#g" err
[ ! -s out ] || exit 1
printf '{"results":[{"command":"a","mean":1,"times":[1,2]}]}' >a.json
status 0 perfledger export a.json --output run.json
[ ! -s out ] || { echo 'something on standard output'; exit 1; }
[ ! -e .perfledger ] || { echo 'it made a ledger'; exit 1; }
status 0 perfledger import run.json a.json --json
same 'one run' "$(json '[d["totals"]["runs"], d["totals"]["added"], d["files"][0]["run"] == d["files"][1]["run"]]' <out)" '[2, 1, true]'
id=$(json 'd["files"][0]["run"]' <out)
status 0 perfledger export "$id"
cp out by-id.json
status 0 perfledger export latest
cmp out by-id.json
mkdir folder
perfledger export -o folder >out 2>err
echo "onto a folder: status $?"
perfledger export -o no/where.json >out 2>err
echo "into no folder: status $?"
perfledger export nonesuch >out 2>err
echo "no such run: status $?"
status 0 perfledger export -q --format csv
[ ! -s err ] || { cat err; exit 1; }
status 2 perfledger export a b
