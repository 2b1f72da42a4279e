# Values of options: what is no such value is refused (status 2) in words, and never taken for something else.
. "$CASE_LIB"
refused() {
    status 2 perfledger "$@"
    scrub <err
}
refused check --format 'terminal markdown'
refused check --format ' '
refused check --fail-on ''
refused check --fail-on ,failed
refused check --tolerance -5%
refused check --tolerance nan
refused list --last 0
refused list --last 99999999999999999999
refused run --seed 18446744073709551616 -- true
refused run --seed -1 -- true
refused run --seed 0x -- true
refused run --max-time 1e300h -- true
refused run --rounds= -- true
refused run -r= -- true
refused run --list=yes -- true
refused run --pin x -- true
refused run --pin 3-1 -- true
refused run --rounds 5 --min-rounds 5 -- true
refused run -n one -n two -- true
refused run -D 2 -- true
refused run -L '' 1 -- true
refused run -L 'a=b' 1 -- true
refused run -P n 1 3 -D 0 -- true
refused run -P n 1 -- true
refused run --json --export-json - -- true
refused run --name
refused -C
refused show ''
refused --ledger '' list
refused --ledger postgresql://nobody@nowhere/x list
