# A clone without a ledger: the run of record that the repository keeps at the tag is the base. A file that was edited is not used; a
# run of another machine is shown and never passes.
. "$CASE_LIB"
export COLUMNS=250
repo
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites: [ { name: work, command: sh work.sh } ]
Y
printf '.perfledger/\nerr\nout\nmine.json\n' >.gitignore
echo 'sleep 0.01' >work.sh
commit quick
perfledger run -q --json >mine.json || exit 1
id=$(json 'd["run"]["id"]' <mine.json)
mkdir -p perf/runs
cp mine.json perf/runs/$id.json
printf '<!-- perfledger:latest 0123456789abcdef {"schema":1,"runs":["%s"]} -->\ntext\n<!-- perfledger:end 0123456789abcdef -->\n' $id >perf/latest_core.md
commit 'documents of 1.0'
git tag v1.0
rm -rf .perfledger
echo 'sleep 0.08' >work.sh
commit slower
status 0 perfledger run -q
status 1 perfledger check --against last-tag
holds out "v1.0 (run $(echo $id | cut -c1-8), perf/latest_core.md)"
# no page names it, but it is of that very commit, though kept later only
status 1 perfledger check --against v1.0~1
holds out "perf/runs/$id.json"
echo 'sleep 0.01' >work.sh
commit 'quick again'
status 0 perfledger run -q
status 0 perfledger check --against last-tag --json
same "against the measured commit" "$(json 'd["base"]["revision"]' <out)" "$(git rev-parse v1.0~1)"
# an edited file
sed -i 's/"median": 0.01/"median": 0.09/; s/sleep/slept/' perf/runs/$id.json
python3 - perf/runs/$id.json <<'P'
import json, sys
d = json.load(open(sys.argv[1]))
d["results"][0]["samples"][0] = 9.0
json.dump(d, open(sys.argv[1], "w"))
P
commit 'a forged figure'
git tag v1.1
echo more >"more"
commit more
status 0 perfledger run -q
status 6 perfledger check --against last-tag
holds err 'its content is not that of the run it is named after'
# another machine: shown, and nothing to judge
python3 - mine.json <<'P'
import json, sys
d = json.load(open(sys.argv[1]))
d["run"]["machine"]["fingerprint"] = "f" * 16
d["run"]["machine"]["id"] = d["run"]["machine"]["name"] = "elsewhere"
d["run"]["id"] = ""
json.dump(d, open(sys.argv[1], "w"))
P
rm perf/runs/*
perfledger --ledger other.db import mine.json >out || exit 1
other=$(perfledger --ledger other.db list --json | json 'd["runs"][0]["id"]')
perfledger --ledger other.db show "$other" --json >perf/runs/$other.json || exit 1
rm other.db
sed -i "s/$id/$other/" perf/latest_core.md
git add -A
commit 'measured elsewhere'
git tag v1.2
echo 'sleep 0.08' >work.sh
commit 'slower again'
status 0 perfledger run -q
status 6 perfledger check --against last-tag
holds out 'nothing could be held'
status 6 perfledger check --against last-tag --json
same "told why" "$(json '[r["not_gated"] for r in d["results"] if r["metric"] == "time"]' <out)" '["the base was measured on another machine"]'
status 6 perfledger check --against last-tag --format markdown
holds out 'nothing to judge'
status 1 perfledger check --against last-tag --allow-machine-change
