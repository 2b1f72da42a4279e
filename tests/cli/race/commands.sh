# Two commands: the answer, both sides, what decided, what was recorded; nothing of a live line without a terminal.
. "$CASE_LIB"
repo
status 0 perfledger race 'sleep 0.002' 'sleep 0.012' --max-time 3s --seed 7 -w 0
holds out '`sleep 0.012` takes '
holds out ' times as long as `sleep 0.002` (99 % interval '
holds out 'base  sleep 0.002'
holds out 'head  sleep 0.012'
holds out 'decided  time: '
holds out 'recorded apart (no baseline, no history) as runs '
[ ! -s err ] || { cat err; exit 1; }
same "runs recorded" "$(perfledger list --json | json 'len(d["runs"])')" 2
same "their kind" "$(perfledger list --json | json '" ".join(r["kind"] for r in d["runs"])')" "race race"
same "their labels" "$(perfledger list --json | json '", ".join(sorted(r["label"] for r in d["runs"]))')" "sleep 0.002, sleep 0.012"
id=$(perfledger list --json | json 'd["runs"][0]["id"]')
same "seed" "$(perfledger show "$id" --json | json 'd["run"]["seed"]')" 7
perfledger show "$id" --json | json 'd["run"]["environment"]["raced_against"]' | grep -q '^sleep 0'
# quiet, verbose, three ways to say command
status 0 perfledger race -q --no-record cmd:true cmd:true --max-time 500ms
status 0 perfledger race -v --no-record --max-time 1s -- 'sleep 0.002' 'sleep 0.012'
holds out 'mode     '
holds out 'spread   '
