# list, show, void, note, import: the record stays.
. "$CASE_LIB"
status 0 perfledger list
status 0 perfledger run -r 5 -w 0 --label one -- true
status 0 perfledger run -r 5 -w 0 --label two -- true
same labels "$(perfledger list --json | json '[r["label"] for r in d["runs"]]')" '["one", "two"]'
same last "$(perfledger list --last 1 --json | json '[r["label"] for r in d["runs"]]')" '["two"]'
status 0 perfledger list
holds out 'two'
id=$(perfledger list --json | json 'd["runs"][1]["id"]')
status 2 perfledger void "$id"
holds err '--why'
status 0 perfledger void "$id" --why 'backup job was running'
same latest "$(perfledger show latest --json | json 'd["run"]["label"]')" one
status 0 perfledger show "$id"
holds out 'backup job'
status 0 perfledger void "$id" --undo
same latest "$(perfledger show --json | json 'd["run"]["label"]')" two
status 0 perfledger note latest 'a remark'
status 0 perfledger show
holds out 'a remark'
perfledger show --json >two.json
status 0 perfledger import two.json --ledger other/l.db
holds out 'samples'
status 0 perfledger import two.json --ledger other/l.db --json
same again "$(json 'd["files"][0]["added"]' <out)" 0
same doubled "$(perfledger list --ledger other/l.db --json | json 'len(d["runs"])')" 1
perfledger show --ledger other/l.db --json >back.json
cmp two.json back.json || exit 1
echo '{' >bad.json
status 2 perfledger import bad.json two.json --dry-run
holds out 'bad.json'
status 2 perfledger show ffffffff
status 2 perfledger note ffffffff x
