# A ledger that is damaged, newer, or no ledger: a clear error, and the file stays as it was.
. "$CASE_LIB"
status 0 perfledger run -r 5 -w 0 -- true
cp .perfledger/ledger.db good.db
head -c 3000 /dev/urandom >text.db
status 3 perfledger list --ledger text.db
holds err 'text.db'
sum=$(cksum <text.db)
status 3 perfledger run --ledger text.db -r 5 -- true
same untouched "$(cksum <text.db)" "$sum"
mkdir folder
status 2 perfledger list --ledger folder
cp good.db newer.db
printf '\377\377' | dd of=newer.db bs=1 seek=62 conv=notrunc 2>/dev/null
status 3 perfledger list --ledger newer.db
holds err 'newer'
same ignored "$(cat .perfledger/.gitignore)" '*'
status 2 perfledger show 1234 --ledger absent.db
holds err 'absent.db'
# the default ledger's absence is an empty list; one that was named must be there
status 2 perfledger list --ledger absent.db
holds err 'absent.db'
PERFLEDGER_LEDGER=absent.db status 2 perfledger list
mkdir empty
status 0 perfledger -C empty list
