# A ledger that cannot be written: said before anything is measured, as `run` does; --no-record races all the same.
. "$CASE_LIB"
mkdir ro
if [ "$(id -u)" = 0 ]; then
    mount -t tmpfs -o ro none ro 2>/dev/null || skip 'mounting a tmpfs is not allowed here'
    trap 'umount ro' EXIT
else
    chmod a-w ro
fi
status 3 perfledger race "touch $PWD/measured" cmd:true --ledger ro/sub/ledger.db --max-time 300ms
holds err 'ro/'
holds err '--no-record)'
[ ! -e measured ] || { echo 'it measured before it looked'; exit 1; }
status 0 perfledger race true cmd:true --ledger ro/sub/ledger.db --no-record --max-time 300ms
