# The ledger's disk is full when the race is over: the report is printed all the same, and each side's run is a file.
. "$CASE_LIB"
[ "$(id -u)" = 0 ] || skip 'needs root to mount a small tmpfs'
mkdir small
mount -t tmpfs -o size=512k none small 2>/dev/null || skip 'mounting a tmpfs is not allowed here'
trap 'umount small' EXIT
export PERFLEDGER_LEDGER=$PWD/small/ledger.db
status 0 perfledger run -r 5 -w 0 -- true
echo '[ -e small/fill ] || dd if=/dev/zero of=small/fill bs=1k count=4096 2>/dev/null; true' >fill.sh
status 3 perfledger race true 'sh fill.sh' -w 0 --max-time 1s
holds err 'database or disk is full'
holds out 'base  true'
same "files" "$(find . -maxdepth 1 -name 'perfledger-run-*.json' | wc -l)" 2
rm small/fill
for file in perfledger-run-*.json; do
    status 0 perfledger import "$file"
done
same "kept" "$(perfledger list --json | json 'len(d["runs"])')" 3
