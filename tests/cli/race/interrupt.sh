# SIGTERM (and Ctrl-C, which a background job of sh ignores): the report of what there is, status 130, cleanup done, recorded.
. "$CASE_LIB"
repo
perfledger race 'sleep 0.01' 'sleep 0.01' --max-time 20s -c 'touch cleaned' >out 2>err &
pid=$!
sleep 0.7
kill -TERM $pid
wait $pid
same "status" $? 130
holds out 'base  sleep 0.01'
holds err 'interrupted; what was measured until then is judged'
[ -e cleaned ]
same "recorded" "$(perfledger list --json | json 'len(d["runs"])')" 2
