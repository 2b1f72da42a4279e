# --format forces; a wrong one says where it fails; an unknown one is named with the nearest.
. "$CASE_LIB"
seeds=$CASE_ROOT/tests/fuzz/corpus/formats
status 0 perfledger import --dry-run --format hyperfine "$seeds/hyperfine/two.json"
holds out ': hyperfine, run '
status 2 perfledger import --dry-run --format hyperfne "$seeds/hyperfine/two.json"
holds err 'there is no format `hyperfne` to read; did you mean `hyperfine`?'
status 2 perfledger import --dry-run --format openmetrics "$seeds/hyperfine/two.json"
holds err 'there is no format `openmetrics` to read'
# another tool's file: nothing of it is this format's
printf '{"results":[{"command":"a","mean":1,"times":[1,2]}]}' >a.json
perfledger import --dry-run --json --format jmh a.json >out 2>err
json '[d["totals"]["runs"], d["files"][0]["warnings"]]' <out
perfledger import --dry-run --json --format go a.json >out 2>err
json 'd["totals"]["runs"]' <out
# what was looked for, and what it is; a folder's other files are passed over
for format in pytest-benchmark google-benchmark csv go criterion-text; do
    perfledger import --dry-run --format $format a.json >out 2>err
    echo "status $?"
    sed -n 's/^  not taken: //p' out
done
printf '{"a":{"b":3}}\n' >nobody.json
status 2 perfledger import --dry-run --format pytest-benchmark nobody.json
sed -n 's/^  not taken: //p' out
mkdir folder && cp a.json "$seeds/go/two.txt" "$seeds/jmh/forks.json" folder
status 0 perfledger import --dry-run --format jmh folder
sed 's/run [0-9a-f]\{8\}/run ID/' out
# one that gives results is taken as asked, but said
status 0 perfledger import --dry-run --format iai "$seeds/gungraun/summary.json"
holds out "read as iai's text; by its content it is gungraun or iai-callgrind (--format gungraun)"
: >empty.json
status 2 perfledger import --dry-run --format go empty.json
holds out 'empty.json: the file is empty'
printf '{"results":[{"command":"a",\n"mean":x' >b.json
perfledger import --format hyperfine b.json >out 2>err
echo "status $?"
cat out err
# nobody's file: the message lists what there is
echo 'hello' >c.txt
perfledger import c.txt >out 2>err
echo "status $?"
holds out 'c.txt: this is no result file that perfledger knows by its content; name its format with --format (there are: '
[ ! -e .perfledger/ledger.db ] || json 'len(d["runs"])' <<J
$(perfledger list --json)
J
