# Histories: per run and per period, as CSV and JSON, into a file; what is selected, what is not there, hostile names, a reader
# that goes.
. "$CASE_LIB"
status 6 perfledger export --history
holds err 'no ledger yet'
python3 - <<'P'
import calendar, json, os
os.makedirs("results/box")
json.dump({"machine": "box", "arch": "x86_64", "cpu": "c", "version": 1}, open("results/box/machine.json", "w"))
json.dump({"suite.time_sort": {"name": "suite.time_sort", "param_names": [], "params": [], "type": "time", "unit": "seconds"},
           "suite.time_odd": {"name": "suite.time_odd", "param_names": ["s"], "params": [["'a\x1b[31m,;b'"]], "type": "time", "unit": "seconds"},
           "version": 2}, open("results/benchmarks.json", "w"))
# Sunday, Monday, Wednesday of one week; the next month; the last with another version of the benchmark.
days = [(2026, 2, 22), (2026, 2, 23), (2026, 2, 25), (2026, 3, 2), (2026, 3, 2)]
values = [4.0, 1.0, 3.0, 2.0, 8.0]
for i, (day, value) in enumerate(zip(days, values)):
    commit = "%040x" % (0xa0000000 + i << 128)
    json.dump({"version": 2, "commit_hash": commit, "env_name": "py3.8", "date": (calendar.timegm(day + (23, 59, i)) * 1000),
               "params": {"machine": "box", "arch": "x86_64", "cpu": "c"}, "requirements": {}, "python": "3.8",
               "result_columns": ["result", "params", "version"],
               "results": {"suite.time_sort": [[value], [], "v2" if i == 4 else "v1"],
                           "suite.time_odd": [[value], [["'a\x1b[31m,;b'"]], "v1"]}},
              open("results/box/%s-py3.8.json" % commit[:8], "w"))
P
status 0 perfledger import results
status 0 perfledger export --history '*sort'
sed -E 's/[0-9a-f]{40},[0-9a-f]{16}/COMMIT,RUN/' out
for period in day week month; do
    echo "every $period"
    status 0 perfledger export --history '*sort' --every "$period"
    sed -E 's/[0-9a-f]{40},[0-9a-f]{16}/COMMIT,RUN/' out
done
status 0 perfledger export --history --every week --format json -o w.json
[ ! -s out ] || { echo 'something on standard output'; exit 1; }
json '[d["schema"], d["every"], [(s["benchmark"], s["unit"], s["better"], [(r["date"], r["runs"], r["median"], r["min"], r["max"], r["last"]["median"], r["last"]["revision"][:8], r["epoch"]) for r in s["records"]]) for s in d["series"]]]' <w.json
status 0 perfledger export --history --json --metric 't?me'
same runs "$(json '[d["every"], [(len(s["records"]), s["records"][0]["n"]) for s in d["series"]], sorted(d["series"][0]["records"][0])]' <out)" '["run", [[5, 1], [5, 1]], ["ci", "date", "epoch", "median", "n", "revision", "run"]]'
# What --format json writes is what --json writes.
cp out first.json
status 0 perfledger export --history --format json --metric time
cmp out first.json || exit 1
status 0 perfledger export --history '*odd*'
! grep -q "$(printf '\033')" out || { echo 'a raw control character'; exit 1; }
holds out '"suite.time_odd[s='
python3 -c 'import csv
for row in list(csv.reader(open("out")))[1:2]: print(len(row), row[1])'
# A summary is not taken for somebody's samples.
perfledger export --history >all.csv
perfledger import all.csv >out 2>err
echo "import of it: status $?"
# A void run leaves it.
perfledger void "$(perfledger list --json | json 'd["runs"][-1]["id"]')" --why 'noise' >out
status 0 perfledger export --history '*sort'
same void "$(wc -l <out)" 5
status 6 perfledger export --history nothing
holds err 'is selected'
status 6 perfledger export --history --metric nothing
status 2 perfledger export --history --every year
status 2 perfledger export --history --format hyperfine
holds err 'csv or json'
status 2 perfledger export --history --format csv --json
status 2 perfledger export --every week
holds err '--history'
status 2 perfledger export --metric time
# The file that was there stays when the history cannot be made.
echo before >kept.csv
status 6 perfledger export --history nothing -o kept.csv
same kept "$(cat kept.csv)" before
status 2 perfledger export --history -o results
perfledger export --history | head -1
