# Two files need no ledger; compare shows and does not judge unless asked.
. "$CASE_LIB"
cat >emit.sh <<'W'
echo "{\"metric\":\"cost\",\"value\":$1,\"unit\":\"1\",\"better\":\"lower\"}" >&$PERFLEDGER_FD
W
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites: [ { name: c, command: bash emit.sh 10 } ]
Y
perfledger run --no-record --json >a.json 2>/dev/null
sed -i 's/emit.sh 10/emit.sh 20/' perfledger.yaml
perfledger run --no-record --json >b.json 2>/dev/null
rm -rf perfledger.yaml .perfledger
status 0 perfledger compare a.json b.json --metric cost
holds out 'regressed'
[ ! -e .perfledger ] || { echo 'it made a ledger'; exit 1; }
status 1 perfledger compare a.json b.json --metric cost --fail-on regressed
status 0 perfledger compare b.json a.json --metric cost --fail-on regressed
status 0 perfledger compare a.json b.json --metric cost --json --sort name
same row "$(json '[[r["benchmark"],r["metric"],r["base"]["median"],r["head"]["median"],r["ratio"],r["ratio_ci"],r["verdict"]] for r in d["results"]]' <out)" '[["c", "cost", 10, 20, 2, [2, 2], "regressed"]]'
same keys "$(json 'sorted(k for k in ("schema","base","head","machine_effect","results","summary","ok") if k in d)' <out)" '["base", "head", "machine_effect", "ok", "results", "schema", "summary"]'
status 0 perfledger compare file:a.json b.json --format markdown --metric cost --tolerance 150% --strict
status 2 perfledger compare a.json
status 2 perfledger compare a.json absent.json
holds err 'absent.json'
printf '{"schema":1,"run":' >cut.json
status 2 perfledger compare a.json cut.json
holds err 'cut.json:1:'
sed 's/"fingerprint":"[^"]*"/"fingerprint":"other"/; s/"cpu_model":"[^"]*"/"cpu_model":"Other CPU"/' a.json >other.json
status 2 perfledger compare a.json other.json
holds err 'Other CPU'
status 0 perfledger compare a.json other.json --allow-machine-change
