# Baseline files that were edited, damaged, doubled, or written by a newer version; a run that is void.
. "$CASE_LIB"
repo
printf 'defaults: { rounds: 5, warmup: 0 }\nsuites:\n  - { name: a, command: "true" }\ngates:\n  - { match: "*", metric: page_faults, max_regression: 900%% }\n' >perfledger.yaml
status 0 perfledger run
status 0 perfledger baseline save one
status 0 perfledger baseline save one
dir=$(echo .benchmarks/*)
use() { printf '%s\n' "$1" >"$dir/current"; }
# the newest of a name; a number that two have is refused
status 0 perfledger baseline use one --json
same newest "$(json 'd["baseline"]["number"]' <out)" 2
cp "$dir/0001_one.json" "$dir/0002_two.json"
status 2 perfledger baseline use 2
holds err 'ambiguous'
status 0 perfledger baseline use 0002_two
# `current` that names nothing is a slip, not "no baseline yet": nothing passes for it
use 77
status 2 perfledger check
holds err "says '77'"
status 2 perfledger baseline save
use "$(printf '\033[1mx')"
status 2 perfledger check
holds err '\x1b[1mx'
# damaged, newer: said with the place; an older one can be used, or all be saved anew
use 0001_one
cp "$dir/0001_one.json" good
echo '{' >"$dir/0001_one.json"
status 2 perfledger check
holds err '0001_one.json:2:1'
status 2 perfledger baseline save
sed 's/"schema": 1/"schema": 9/' good >"$dir/0001_one.json"
status 3 perfledger check
holds err 'newer perfledger'
status 0 perfledger baseline reset anew
status 0 perfledger check
# edited numbers count as they stand: samples, never the figures beside them
sed 's/"median": [0-9.e+-]*/"median": 1e9/' good >"$dir/0001_one.json"
use 0001_one
status 0 perfledger check
# void is void
id=$(perfledger list --json | json 'd["runs"][0]["id"]')
status 0 perfledger void "$id" --why 'backup job'
status 1 perfledger baseline save --run "$id"
holds err 'is void (backup job)'
status 0 perfledger void "$id" --undo
# names become file names
status 0 perfledger baseline save '../../x y/ü'
ls "$dir" | tail -n 2
