# Over the ledger, and what people decide: acknowledge pins, expect and rebase silence; kept as text in the repository.
. "$CASE_LIB"
repo
cat >perfledger.yaml <<'Y'
project: p
defaults: { rounds: 5, warmup: 0 }
suites: [ { name: c, command: sh emit.sh } ]
Y
cat >emit.sh <<'W'
read -r value <value
echo "{\"metric\":\"cost\",\"value\":$value,\"unit\":\"1\",\"better\":\"lower\"}" >&"$PERFLEDGER_FD"
W
echo 100 >value
perfledger run --json >run.json 2>/dev/null
# The same run many times over, each with its own time, revision and cost: a history without measuring one.
python3 - <<'P'
import json
for i in range(40):
    d = json.load(open("run.json"))
    d["run"]["started"] = "2026-01-%02dT%02d:00:00Z" % (1 + i // 24, i % 24)
    d["run"].pop("finished", None)
    d["run"]["revision"] = "%07xabc" % (i + 1) + "0" * 30 if isinstance(d["run"]["revision"], str) else d["run"]["revision"]
    for r in d["results"]:
        if r["metric"] == "cost":
            level = 100 if i < 20 else 120
            r["samples"] = [level + (i * 7 + k) % 3 for k in range(len(r["samples"]))]
    json.dump(d, open("h%02d.json" % i, "w"))
P
status 0 perfledger import h*.json --ledger l.db
same runs "$(perfledger list --ledger l.db --json | json 'len(d["runs"])')" 40
export PERFLEDGER_LEDGER="$PWD/l.db"
status 1 perfledger changes c --metric cost --fail-on worse --json
same found "$(json '[(s["benchmark"], s["metric"], s["n"], [(c["index"], c["revision"][:10], c["before"] < 103, c["after"] > 119, c["state"]) for c in s["changes"]]) for s in d["series"]]' <out)" '[["c", "cost", 40, [[20, "0000015abc", true, true, "new"]]]]'
status 0 perfledger changes --all
holds out 'cost'
status 6 perfledger changes nothing
status 2 perfledger changes acknowledge c 0000015 --metric cost
holds err '--why'
status 2 perfledger changes acknowledge c --why x
status 2 perfledger changes acknowledge c 0000005 --metric cost --why 'nothing is there'
holds err 'no change'
status 2 perfledger changes rebase c fffffff --why 'unknown'
status 0 perfledger changes acknowledge c 0000015 --metric cost --why 'bounds checks, agreed'
holds out '.perfledger-changes'
holds .perfledger-changes "acknowledge c cost 0000015abc00 'bounds checks, agreed'"
status 0 perfledger changes c --metric cost --fail-on any --json
same acknowledged "$(json '[(c["index"], c["state"], c["note"]) for c in d["series"][0]["changes"]]' <out)" '[[20, "acknowledged", "bounds checks, agreed"]]'
rm .perfledger-changes
status 0 perfledger changes expect c 0000014 --why 'new codec' --json
same expect "$(json '[d["action"], d["at"], d["until"]]' <out)" '["expect", "0000014", null]'
status 0 perfledger changes c --metric cost --fail-on any --json
same expected "$(json '[(c["index"], c["state"]) for c in d["series"][0]["changes"]]' <out)" '[[20, "expected"]]'
rm .perfledger-changes
status 0 perfledger changes rebase c 20 --metric cost --why 'another input'
status 0 perfledger changes c --metric cost --fail-on any --json
same rebased "$(json '[(c["index"], c["kind"], c["note"]) for c in d["series"][0]["changes"]]' <out)" '[[20, "segment", "another input"]]'
printf 'acknowledge c cost\n' >.perfledger-changes
status 2 perfledger changes
holds err '.perfledger-changes:1:'
printf '# a remark\n\nacknowlege c cost #2 x\n' >.perfledger-changes
status 2 perfledger changes
holds err 'did you mean `acknowledge`'
