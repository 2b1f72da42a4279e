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
status 1 race 'sleep 0.001' 'sleep 0.01' --fail-on regressed
holds out 'race failed: 1 regressed'
status 0 race 'sleep 0.01' 'sleep 0.001' --fail-on regressed
status 1 race 'sleep 0.01' 'sleep 0.001' --fail-on improved
