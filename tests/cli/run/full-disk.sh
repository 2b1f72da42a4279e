# A full disk: refused before anything is measured, or the run is kept elsewhere; the ledger keeps what it had.
. "$CASE_LIB"
[ "$(id -u)" = 0 ] || skip 'needs root to mount a small tmpfs'
mkdir small
mount -t tmpfs -o size=512k none small 2>/dev/null || skip 'mounting a tmpfs is not allowed here'
trap 'umount small' EXIT
export PERFLEDGER_LEDGER=$PWD/small/ledger.db
status 0 perfledger run -r 5 -w 0 -- true
dd if=/dev/zero of=small/fill bs=1k count=4096 2>/dev/null
status 3 perfledger run -r 400 -w 0 -- true
holds err 'No space left'
rm small/fill
same kept "$(perfledger list --json | json 'len(d["runs"])')" 1
# The run that was measured is in a file that can be imported.
if ls perfledger-run-*.json >/dev/null 2>&1; then
    status 0 perfledger import perfledger-run-*.json
    same imported "$(perfledger list --json | json 'len(d["runs"])')" 2
fi
# Full when all is measured: the report is printed, and the run is a file.
echo '[ -e small/fill ] || dd if=/dev/zero of=small/fill bs=1k count=4096 2>/dev/null; true' >fill.sh
rm -f perfledger-run-*.json
status 3 perfledger run -r 5 -w 0 -- sh fill.sh
holds err 'the run was measured and is kept in '
holds out 'sh fill.sh'
holds out 'median'
rm small/fill
status 0 perfledger import perfledger-run-*.json
status 3 perfledger run -r 5 -w 0 --json -- sh fill.sh
same "its own word" "$(json 'd["results"][0]["benchmark"]' <out)" 'adhoc/sh fill.sh'
