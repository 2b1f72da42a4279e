# A folder that cannot be written: said before anything is measured.
. "$CASE_LIB"
mkdir ro
if [ "$(id -u)" = 0 ]; then
    mount -t tmpfs -o ro none ro 2>/dev/null || skip 'mounting a tmpfs is not allowed here'
    trap 'umount ro' EXIT
else
    chmod a-w ro
fi
status 3 perfledger run --ledger ro/sub/ledger.db -r 5 -- touch "$PWD/measured"
holds err 'ro/'
holds err '--no-record)'
[ ! -e measured ] || { echo 'it measured before it looked'; exit 1; }
status 0 perfledger run --ledger ro/sub/ledger.db --no-record -r 5 -w 0 -- true
