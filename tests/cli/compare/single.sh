# One value has no interval, so two of them decide nothing; a mean with its deviation has one.
. "$CASE_LIB"
file() { printf '{"context":{"date":"2024-01-01T00:00:00+00:00","num_cpus":2},"benchmarks":[{"name":"d","real_time":%s,"time_unit":"ns"}]}' "$1"; }
file 1 >s1.json
file 2 >s2.json
status 0 perfledger compare s1.json s2.json
holds out 'one value tells nothing of its scatter'
perfledger compare s1.json s2.json --json | json '[[r["verdict"], r["base"]["ci"], r["ratio"], r["ratio_ci"], r["reason"]] for r in d["results"]]'
perfledger export s1.json | json '[[r["ci"], r["stddev"], r["samples"]] for r in d["results"]]'
perfledger export s1.json -o whole.json
status 0 perfledger compare s1.json whole.json
perfledger export s1.json --format openmetrics | grep -c '^perfledger_\(low\|high\)_time'
summary() { printf '{"results":[{"command":"d","mean":%s,"stddev":0.01,"median":%s,"min":0.9,"max":4,"times":null}]}' "$1" "$1"; }
summary 1 >m1.json
summary 2 >m2.json
perfledger compare m1.json m2.json --json | json '[[r["verdict"], r["base"]["ci"]] for r in d["results"]]'
