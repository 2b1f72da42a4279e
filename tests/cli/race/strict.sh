# What could not be told: status 0, 5 with --strict, 1 with --fail-on inconclusive.
. "$CASE_LIB"
repo
race() { perfledger race --no-record -w 0 --max-time 300ms "$@"; }
status 5 race 'sleep 0.02' 'sleep 0.02' --strict
holds out 'race undecided: 1 inconclusive'
status 1 race 'sleep 0.02' 'sleep 0.02' --fail-on inconclusive
status 0 race 'sleep 0.02' 'sleep 0.02' --tolerance 5%
holds out 'base  sleep 0.02'
holds out 'head  sleep 0.02 (2)'
