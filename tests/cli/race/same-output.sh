# --same-output: by bytes, or numbers within a tolerance; where they first differ is said, and nothing of it stays behind.
. "$CASE_LIB"
repo
race() { perfledger race --no-record --max-time 300ms "$@"; }
status 0 race 'echo sum 1.5' --same-output 'printf "sum 1.5\n"'
status 4 race 'echo sum 1.5' 'echo sum 1.6' --same-output
holds out 'failed: '
holds out 'the outputs differ in line 1: "sum 1.5\n"'
status 1 race 'echo sum 1.5' 'echo sum 1.6' --same-output --fail-on failed
status 0 race 'echo sum 1.5' 'echo sum 1.50000000001' --same-output=1e-9 --json
same "checked" "$(json '[b["same_output_checked"] for b in d["race"]["bouts"]]' <out)" "[true]"
status 4 race 'echo sum 1.5' 'echo sum 1.5001' --same-output=1e-9
holds out 'failed: '
same "left behind" "$(find "$TMPDIR" -name 'perfledger-race*' | wc -l)" 0
