# A side that fails, one that is not there, both: named. Where nothing could be raced at all, the race has failed (4).
. "$CASE_LIB"
repo
status 4 perfledger race 'sleep 0.001' 'sh -c "echo sorry >&2; exit 3"' --max-time 1s
holds out 'failed: '
holds out 'exit code 3'
same "recorded: the failure" "$(perfledger list --json | json '[r["failed"] for r in d["runs"] if r["label"].startswith("sh")]')" "[1]"
status 1 perfledger race 'sleep 0.001' 'sh -c "exit 3"' --max-time 1s --fail-on failed --no-record
status 4 perfledger race 'sh -c "exit 3"' 'sleep 0.001' --max-time 1s --json --no-record
same "end" "$(json 'd["race"]["bouts"][0]["end"]' <out)" failed
status 0 perfledger race 'sh -c "exit 3"' 'sleep 0.001' 'sleep 0.001' --max-time 1s --no-record -i
status 4 perfledger race 'sleep 0.001' '/no/such/program x' --max-time 1s --no-record
holds out 'failed: '
# what stands around launches is honoured
status 0 perfledger race true true --max-time 500ms --no-record -s 'echo s >>log' -c 'echo c >>log' -p 'echo p >>log' --conclude 'echo o >>log'
same "setup, cleanup" "$(grep -c '^s$' log) $(grep -c '^c$' log)" "2 2"
# the end of the time may cut a launch off between the two
more=$(($(grep -c '^p$' log) - $(grep -c '^o$' log)))
case $more in 0 | 1) ;; *) echo "prepare ran $more times more than conclude"; exit 1 ;; esac
status 4 perfledger race 'sleep 5' true --timeout 100ms --max-time 1s --no-record
holds out 'failed: '
status 0 perfledger race 'echo $X | cat' 'echo $X' -S --env X=1 --cwd . --clean-env --max-time 500ms --no-record
status 0 perfledger race cat cat --input out --output null --pin 0 --memory-tree --max-time 500ms --no-record -N
status 4 perfledger race true true --validate false --max-time 500ms --no-record
holds out 'failed: '
