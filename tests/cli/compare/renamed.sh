# Aliases: a base from before a renaming is judged under the new name, whichever side is older; without one nothing changes.
. "$CASE_LIB"
dated 1.json 1 'parse=1' 'old/a=1' 'same=1' 'gone=1' 'sort@py3.8=1'
dated 2.json 2 'decode=2' 'new/a=1' 'same=1' 'sort@py3.9=2'
dated 3.json 3 'decode=2' 'new/a=1' 'same=1'
rows() { status "$1" perfledger "$2" "$3" "$4" --json --metric cost; json '[(r["benchmark"], r["variant"], r["verdict"], r["ratio"], r["reason"][:70]) for r in d["results"]]' <out; json '[n for n in d["notes"] if "alias" in n]' <out; }
echo 'no ledger'
rows 0 compare 1.json 2.json
status 0 perfledger import 1.json 2.json 3.json
echo 'no alias'
rows 0 compare 1.json 2.json
status 0 perfledger alias add parse decode
status 0 perfledger alias add old new
status 0 perfledger alias add --variant py3.8 py3.9
echo 'renamed'
rows 0 compare 1.json 2.json
echo 'the other way round'
rows 0 compare 2.json 1.json
echo 'both old'
rows 0 compare 1.json 1.json
echo 'a chain, and what the head has not'
status 0 perfledger alias add gone left --force
status 0 perfledger alias add decode unpack --force
rows 0 compare 1.json 3.json
echo 'check'
rows 1 check --run=2.json --against=1.json
status 1 perfledger check --run 2.json --against 1.json
grep -A1 -E '^ *(parse|decode|note: names)' out
