# Revisions: checked out, built, measured by the work tree's configuration; `.` is the work tree; recorded with their commits.
. "$CASE_LIB"
export COLUMNS=250
repo
cat >perfledger.yaml <<'Y'
build: sh make.sh
defaults: { warmup: 0 }
suites:
  - { name: work, command: ./built, params: { n: [1] } }
  - { name: other, command: "true" }
  - { name: deep, command: "true", tier: deep }
  - { name: py, harness: pytest-benchmark, command: pytest-of-nobody }
Y
slow=0.02
printf 'printf "#!/bin/sh\\nsleep %s\\n" >built; chmod +x built; echo built once\n' 0.002 >make.sh
printf 'built\n.perfledger/\n' >>.gitignore
commit quick
first=$(git rev-parse HEAD)
printf 'printf "#!/bin/sh\\nsleep %s\\n" >built; chmod +x built\n' $slow >make.sh
status 0 perfledger race HEAD . --suite work --max-time 3s --json
same "benchmark" "$(json '[[b["benchmark"], b["end"] in ("decided", "time")] for b in d["race"]["bouts"]]' <out)" '[["work[n=1]", true]]'
same "verdict" "$(json '[r["verdict"] for r in d["results"] if r["deciding"]]' <out)" '["regressed"]'
same "base's revision" "$(json 'd["base"]["revision"]' <out)" "$first"
same "labels" "$(json '[d["base"]["label"].split()[0], d["head"]["label"]]' <out)" '["HEAD", "work tree"]'
same "recorded" "$(perfledger list --json | json '[[r["kind"], r["dirty"]] for r in d["runs"]]')" '[["race", false], ["race", true]]'
[ -z "$(git status --porcelain | grep -v make.sh)" ] || { git status --porcelain; exit 1; }
commit slow
# three of them, all suites: a table; a harness that is not there is said
status 0 perfledger race rev:HEAD HEAD~1 . --max-time 1200ms --no-record
holds out 'benchmark'
holds out 'challenger'
holds out "there is no program pytest-of-nobody along PATH"
holds out 'work[n=1]'
status 0 perfledger race HEAD~1 HEAD --tier deep --suite deep --max-time 2s --no-record --rebuild
status 2 perfledger race HEAD~1 HEAD --suite nosuch --no-record
status 2 perfledger race HEAD~9 HEAD --no-record
holds err '`HEAD~9` is no revision'
status 2 perfledger race HEAD rev:nosuch --no-record
holds err 'nosuch'
