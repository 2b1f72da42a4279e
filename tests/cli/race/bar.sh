# --bar, --max-cv, --tolerance, --fail-on, --strict: the exit status says it, and so does the report.
. "$CASE_LIB"
repo
race() { perfledger race --no-record -w 0 --max-time 1s "$@"; }
status 0 race 'sleep 0.01' 'sleep 0.001' --bar 1.5x --max-cv 900%
holds out 'the bar is met: '
status 1 race 'sleep 0.01' 'sleep 0.001' --bar 100x --json
same "bar" "$(json '[d["bar"]["factor"], d["bar"]["max_cv"], d["bar"]["met"], d["ok"]]' <out)" "[100, null, false, false]"
status 1 race 'sleep 0.01' 'sleep 0.001' --bar 1.5x --max-cv 0.0001%
holds out 'the bar is not met: '
# A metric of the program's own, where more is better: who is at the bar is not decided by looking at the other edge. What the
# launches say is counted, not drawn: twice as much, give or take as much either way, so that no machine and no luck decides it.
cat >say.sh <<'S'
n=$(cat "count.$1" 2>/dev/null || echo 0)
echo $((n + 1)) >"count.$1"
[ "$1" -eq 100 ] || { shift $((1 + n % 8)); }
echo "{\"metric\":\"score\",\"value\":$1,\"unit\":\"points\",\"better\":\"higher\"}" >&$PERFLEDGER_FD
S
status 1 race 'sh say.sh 100' 'sh say.sh 200 220 181.8182 250 160 190 210.5263 230 173.913' --metric score --bar 2x --json
same "it goes on" "$(json '[d["race"]["bouts"][0]["end"], d["bar"]["met"]]' <out)" '["time", false]'
# A revision that lacks a benchmark skips it, so nothing is ever missing or new in a race.
status 2 race true true --fail-on regressed,missing
holds err 'missing'
status 1 race 'sleep 0.001' 'sleep 0.01' --fail-on regressed
holds out 'race failed: 1 regressed'
status 0 race 'sleep 0.01' 'sleep 0.001' --fail-on regressed
status 1 race 'sleep 0.01' 'sleep 0.001' --fail-on improved
