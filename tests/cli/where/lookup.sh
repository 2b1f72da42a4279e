# Where the configuration and the ledger are looked for.
. "$CASE_LIB"
mkdir -p top/sub/deep git/sub bare
last() { perfledger list --json "$@" | json '[r["label"] for r in d["runs"]]'; }
run() { status 0 perfledger run -r 5 -w 0 --label "$@" -- true; }
# beside perfledger.yaml, found by walking up
echo 'project: top' >top/perfledger.yaml
(cd top/sub/deep && run beside && last)
[ -f top/.perfledger/ledger.db ] || exit 1
# else at the git root
(cd git && repo && cd sub && run root)
[ -f git/.perfledger/ledger.db ] || exit 1
same clean "$(git -C git status --porcelain | grep -c perfledger)" 0
# else here
(cd bare && run here)
[ -f bare/.perfledger/ledger.db ] || exit 1
# -C before or after the command; options over variables; variables over what is found; empty variables are none
last -C top
perfledger -C bare list --json | json '[r["label"] for r in d["runs"]]'
export PERFLEDGER_LEDGER=$PWD/bare/.perfledger/ledger.db
last -C top
last -C top --ledger .perfledger/ledger.db
PERFLEDGER_LEDGER='' last -C top
unset PERFLEDGER_LEDGER
printf 'suites:\n  - { name: a, command: "true" }\n' >other.yaml
PERFLEDGER_CONFIG=other.yaml perfledger run --list
perfledger run --list --config other.yaml
PERFLEDGER_CONFIG='' perfledger -C top list --json | json 'd["schema"]'
PERFLEDGER_CONFIG=absent.yaml status 2 perfledger list
status 2 perfledger --config top list
status 2 perfledger --config /dev/null run
# two files need neither
perfledger show --json -C top >a.json
mkdir none
cd none || exit 1
perfledger compare ../a.json ../a.json >../out || exit 1
perfledger compare - ../a.json <../a.json >../out || exit 1
[ -z "$(ls -A)" ] || exit 1
