# What can be typed, and what is said of what cannot.
. "$CASE_LIB"

status 0 "$SAMPLE" --list
same names "$(grep -c . out)" 18
holds out 'walk[kind=down,n=64]'
status 0 "$SAMPLE" --list --json
same 'list as JSON' "$(json 'sorted(d["benchmarks"][-2]["params"].items()), d["benchmarks"][0]["benchmark"], len(d["benchmarks"])' <out)" \
    '[[["kind", "up"], ["n", "1024"]], "absent", 18]'

status 0 "$SAMPLE" --list 'walk*' --exclude '*down*' --filter chain --filter=-'*1024*'
cat out
status 0 "$SAMPLE" --list tag:kernel -- text/parse
cat out
status 0 "$SAMPLE" --list text
same 'a bare group' "$(cat out)" text/parse
status 0 "$SAMPLE" --list -f 'te*t' -f chain -x text
same 'a group left out' "$(cat out)" chain

status 0 "$SAMPLE" --help
cat out
status 0 "$SAMPLE" --version
cat out

for words in --lisst --jsno -z '--list=yes' --launches '--launches 0' '--launches 2x' '--time 0' '--time 3parsecs' '--seed -1' \
    --json= chian pars 'walk[n=7]' 'zzz*' 'chain -x chain'; do
    # shellcheck disable=SC2086
    status 2 "$SAMPLE" $words
    [ ! -s out ] || { echo "$words: something on standard output"; exit 1; }
    cat err
done
PERFLEDGER_SEED=x status 2 "$SAMPLE" --list
cat err
status 3 "$SAMPLE" chain --json=none/such
cat err
