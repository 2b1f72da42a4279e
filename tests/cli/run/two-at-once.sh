# Two runs at once on one ledger: both are there, and each is told of the other.
. "$CASE_LIB"
perfledger run -r 20 -w 0 -n one -- 'sleep 0.02' >out1 2>err1 &
first=$!
perfledger run -r 20 -w 0 -n two -- 'sleep 0.02' >out2 2>err2
wait $first
same runs "$(perfledger list --json | json 'len(d["runs"])')" 2
cat out1 err1 out2 err2 >all
holds all 'measur'
