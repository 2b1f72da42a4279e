# What a word names: a short tag is a tag, ambiguity is said, and so is a revision that was never measured.
. "$CASE_LIB"
repo
git tag v1
status 0 perfledger run -r 5 -w 0 --label first -- true
commit second
git tag v2
status 0 perfledger run -r 5 -w 0 --label second -- true
commit third
git tag cafe
status 0 perfledger compare v1 v2 --json
same labels "$(json '[d["base"]["label"].split(" (")[0], d["head"]["label"].split(" (")[0]]' <out)" '["v1", "v2"]'
status 6 perfledger compare v1 HEAD
holds err 'nothing was measured at HEAD'
status 6 perfledger compare v1 cafe
holds err 'nothing was measured at cafe'
status 2 perfledger compare v1 nonesuch
scrub <err
status 2 perfledger compare v1 HEAD~9
status 2 perfledger compare v1 -- -x
status 0 perfledger compare last-tag latest --json
same last-tag "$(json 'd["base"]["label"].split(" (")[0]' <out)" last-tag
# a revision of no tag before it
git tag -d v1 v2 cafe >/dev/null
status 2 perfledger compare last-tag latest
holds err 'no tag stands before HEAD'
# dry run: nothing recorded, and not called recorded
perfledger show --json >run.json
status 0 perfledger import run.json --dry-run --ledger new/l.db
sed 's/run [0-9a-f]*/run ID/; s/[0-9]* points, [0-9]* samples/N/' out
[ ! -e new ] || exit 1
# one run, one label: not its id twice
status 0 perfledger compare latest latest
same id "$(grep -c "run .* run " out)" 0
