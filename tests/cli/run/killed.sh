# kill -9 of perfledger takes the measured command with it; the ledger opens.
. "$CASE_LIB"
status 0 perfledger run -r 5 -w 0 -- true
perfledger run -r 5 -w 0 -- sleep "9$$" >out 2>err &
pid=$!
while ! pgrep -f "sleep 9$$\$" >/dev/null; do kill -0 $pid 2>/dev/null || break; sleep 0.02; done
kill -KILL $pid
wait $pid 2>/dev/null
n=0
while pgrep -f "sleep 9$$\$" >/dev/null && [ $n -lt 200 ]; do sleep 0.02; n=$((n + 1)); done
same survivors "$(pgrep -f "sleep 9$$\$" | wc -l)" 0
same runs "$(perfledger list --json | json 'len(d["runs"])')" 1
