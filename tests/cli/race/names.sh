# --name, --label; more than two are ranked against the first; the same command twice has two names.
. "$CASE_LIB"
repo
status 0 perfledger race -n slow -n fast --command-name middle --label 'first try' --max-time 2s -w 0 -- 'sleep 0.02' 'sleep 0.002' 'sleep 0.01'
holds out 'base  slow'
holds out '`fast` is '
holds out 'challenger'
same "order: the best first" "$(grep -o '^  `[a-z]*`' out | tr -d ' `' | tr '\n' ' ')" "fast middle "
same "labels" "$(perfledger list --json | json '", ".join(sorted(r["label"] for r in d["runs"]))')" \
    "first try: fast, first try: middle, first try: slow"
status 0 perfledger race --no-record --json --max-time 300ms -w 0 true true
same "twice" "$(json '", ".join(c["label"] for c in d["race"]["contenders"])' <out)" "true, true (2)"
status 2 perfledger race -n a -n b -n c true false
holds err '3 names (--name) for 2 commands'
# two names may be given that are one, and one that looks like what is made of it
status 0 perfledger race --no-record --json --max-time 300ms -w 0 -n a -n 'a (2)' -n a 'true 1' 'true 2' 'true 3'
same "unique" "$(json '", ".join(c["label"] for c in d["race"]["contenders"])' <out)" "a, a (2), a (3)"
