# A ledger of another user, or in a folder that cannot be written: reading works, recording and remarking are refused, and say why.
. "$CASE_LIB"
if [ "$(id -u)" = 0 ]; then
    command -v setpriv >/dev/null || skip 'running as root, and there is no setpriv to become another user'
    as_other() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
    as_other true 2>/dev/null || skip 'this container does not let root become another user'
    # the way to the program and to this folder must be open to everybody
    cp -L "$(command -v perfledger)" ./perfledger
    up=$PWD
    while [ "$up" != / ] && [ "$up" != /tmp ]; do
        chmod a+rx "$up"
        up=$(dirname "$up")
    done
    as_other test -x "$PWD/perfledger" || skip 'another user cannot reach the working folder'
    PATH=$PWD:$PATH
else
    as_other() { "$@"; }
fi

cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites: [ { name: a, command: "true" } ]
gates: [ { match: "*", metric: page_faults, max: 1000000 } ]
Y
status 0 perfledger run
status 0 perfledger baseline save
status 0 perfledger run --label second
mkdir out.d
chmod a+rwx out.d
for how in 'a-w,a+r .perfledger/ledger.db' 'a-w,a+rx .perfledger'; do
    # shellcheck disable=SC2086
    chmod $how
    for words in 'list' 'show' 'show latest --json' 'check' 'compare baseline latest' 'baseline list'; do
        # shellcheck disable=SC2086
        as_other perfledger $words >out.d/out 2>out.d/err
        got=$?
        [ "$got" -eq 0 ] || { echo "chmod $how: perfledger $words: status $got"; cat out.d/err; exit 1; }
    done
    as_other perfledger list >out.d/out
    holds out.d/out second
    for words in 'note latest x' 'void latest --why x' 'run'; do
        # shellcheck disable=SC2086
        as_other perfledger $words >out.d/out 2>out.d/err
        same "perfledger $words" $? 3
        holds out.d/err 'may not write'
    done
done
[ ! -e .perfledger/ledger.db-shm ] || { echo 'a -shm was left'; exit 1; }
chmod u+w .perfledger .perfledger/ledger.db
status 0 perfledger note latest 'the owner still may'
