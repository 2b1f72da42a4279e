# What changes owe: rules that files touch, demands met by new documents, gates and targets that were loosened.
. "$CASE_LIB"
export COLUMNS=100
repo
mkdir -p src perf
cat >perfledger.yaml <<'Y'
default_branch: main
suites:
  - { name: kernels, command: "true" }
  - { name: pipeline, command: "true" }
paths:
  - { match: ["src/parser*", include], suites: kernels, demand: [snapshot, row], max_regression: 1% }
  - { match: "*.md", suites: pipeline, demand: row }
thresholds: perf/thresholds.yaml
targets:
  - { benchmark: kernels, metric: time, max: 50ms, tolerance: 10% }
Y
cat >perf/thresholds.yaml <<'Y'
- { match: "*", metric: time, max_regression: 10%, reason: as always }
- { match: kernels, metric: peak_rss, max_regression: 5% }
Y
echo one >src/parser.c
echo one >src/other.c
commit config
status 2 perfledger log owed
holds err 'no tag stands before HEAD'
git checkout -q -b feature
status 0 perfledger log owed
holds out 'nothing is owed'
echo two >src/parser.c
echo two >src/other.c
commit 'a faster parser'
status 1 perfledger log owed
sed 's/[0-9a-f]\{10\}/COMMIT/' out
status 0 perfledger log owed --suites
same suites "$(cat out)" kernels
status 1 perfledger log owed --since main --json
same json "$(json '[d["owed"], d["ok"], d["suites"], d["files"], [[x["demand"], x["met"]] for x in d["rules"][0]["demands"]]]' <out)" '[2, false, ["kernels"], ["src/other.c", "src/parser.c"], [["snapshot", false], ["row", false]]]'
echo text >README.md
# a snapshot of other suites meets nothing; one of these does
mkdir -p perf/snapshots
block() { printf '<!-- perfledger:%s 0123456789abcdef {"schema":1,"runs":[]} -->\n%s\n<!-- perfledger:end 0123456789abcdef -->\n' "$1" "$2"; }
block snapshot '| pipeline |' >perf/snapshots/a_2026-11-01.md
status 1 perfledger log owed
holds out 'owed: 1 snapshot, 2 rows'
block snapshot '| kernels/parse\[n=1\] |' >perf/snapshots/b_2026-11-01.md
block row '| kernels |' >PERFORMANCE.md
status 1 perfledger log owed --json
same met "$(json '[[x["met"], x["by"]] for x in d["rules"][0]["demands"]]' <out)" '[[true, "perf/snapshots/b_2026-11-01.md"], [true, "PERFORMANCE.md:1"]]'
same 'a row of kernels is none of pipeline' "$(json '[x["met"] for x in d["rules"][1]["demands"]]' <out)" '[false]'
rm README.md
status 0 perfledger log owed
holds out 'nothing is owed'
# loosened: wider, removed, only reporting, more tolerance; a new reason beside it is enough, the old one is not
cat >perf/thresholds.yaml <<'Y'
- { match: "*", metric: time, max_regression: 20%, reason: as always }
- { match: kernels, metric: peak_rss, max_regression: 5%, report_only: true }
Y
sed -i 's/tolerance: 10%/tolerance: 20%/' perfledger.yaml
status 1 perfledger log owed
sed -n '/^loosened/,$p' out
status 1 perfledger log owed --json
same loosened "$(json '[[x["change"], x["owed"], x["line"]] for x in d["loosened"]]' <out)" '[["max_regression 10 % \u2192 20 %", true, 1], ["max_regression only reports", true, 2], ["tolerance 10 % \u2192 20 %", true, 10]]'
sed -i 's/as always/the new allocator/; s/report_only: true/report_only: true, reason: noisy here/' perf/thresholds.yaml
sed -i 's/tolerance: 20%/tolerance: 20%, reason: until 2.0/' perfledger.yaml
status 0 perfledger log owed
holds out 'reason: the new allocator'
rm perf/thresholds.yaml
sed -i '/^thresholds/d; /^targets/,$d' perfledger.yaml
status 1 perfledger log owed
holds out 'owed: 3 reasons'
# tighter is never owed, and neither is a rule's own gate
cat >>perfledger.yaml <<'Y'
gates:
  - { match: "*", metric: "*", max_regression: 2% }
targets:
  - { benchmark: "k*", metric: time, max: 40ms }
Y
status 0 perfledger log owed
# on the default branch: since the last tag
rm -r perf/snapshots PERFORMANCE.md
git checkout -q main -f
git tag v1.0
git merge -q feature
status 1 perfledger log owed
holds out 'since v1.0 ('
status 1 perfledger log owed --since last-tag
status 2 perfledger log owed --since nonesuch
status 2 perfledger log owed --suites --json
status 2 perfledger log owde
holds err 'did you mean'
