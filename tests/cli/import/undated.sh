# Files that say no date: it can be said; else their runs have none, in histories too, and the file is the same run whenever it is read.
. "$CASE_LIB"
repo
export TZ=UTC
printf '{"results":[{"command":"a","mean":1,"times":[1,2,1.5]}]}' >a.json
perfledger import a.json | scrub
touch -d 2001-01-01 a.json
perfledger import --json a.json | json 'd["totals"]["added"], d["totals"]["undated"], d["files"][0]["undated"]'
# shellcheck disable=SC2120
records() { perfledger export --history --json "$@" | json '[[r["date"], (r["revision"] or "")[:7]] for s in d["series"] for r in s["records"]]'; }
records
perfledger export --history | cut -d, -f1,2,8
perfledger export --history --every week
# Said: a day, a moment, a revision, which has a time of its own.
perfledger import --date 2026-02-25 a.json | scrub
perfledger import --date 2026-03-02T10:00:00+01:00 --revision abcdef0123456789 a.json | scrub
status 0 perfledger import --revision HEAD a.json
records | sed "s/$(git rev-parse --short=7 HEAD)/HEAD/; s/$(git log -1 --format=%cd --date=format:%Y-%m-%dT%H:%M:%SZ)/THEN/"
perfledger export --history --every week | cut -d, -f1,2,8,9 | head -3
# A file that says it keeps what it says.
cat >dated.json <<'J'
{"context":{"date":"2024-03-01T10:00:00+00:00","host_name":"h"},"benchmarks":[{"name":"b","real_time":1,"time_unit":"s"}]}
J
status 0 perfledger import --date 2026-02-25 dated.json
perfledger export --history b --json | json '[r["date"] for s in d["series"] for r in s["records"]]'
status 2 perfledger import --date yesterday a.json
cat err
status 2 perfledger import --revision nowhere a.json
sed "s# in .*##" err
