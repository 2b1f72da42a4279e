# --reset-yardsticks forgets what this machine's yardsticks are held against, and nothing else.
. "$CASE_LIB"
status 2 perfledger doctor --reset-yardsticks
holds err 'there is none yet'
status 0 perfledger run -q -r 5 -w 0 -- true
status 0 perfledger doctor --reset-yardsticks --json
json '[bool(d["machine"]), d["reset"] in (True, False)]' <out
status 0 perfledger doctor --reset-yardsticks
cat out
status 0 perfledger list --json
same runs "$(json 'len(d["runs"])' <out)" 1
