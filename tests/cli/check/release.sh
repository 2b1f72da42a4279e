# The release gate: a run of the tag in the ledger, without any gate configured; what regressed names its snapshot and how to find
# the commit, in every format. Nothing passes for want of a tag, a run or another commit.
. "$CASE_LIB"
export COLUMNS=250
repo
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites: [ { name: work, command: "sh work.sh", params: { text: ["it's"] } } ]
Y
printf '.perfledger/\nerr\nout\n' >.gitignore
echo 'sleep 0.01' >work.sh
commit config
status 6 perfledger check --against last-tag
holds err 'no tag stands before HEAD'
git tag v1.0
status 6 perfledger check --against v1.0
holds err 'nothing to judge'
status 0 perfledger run -q
# the run is the tag's own
status 6 perfledger check --against v1.0
holds err 'v1.0 is the very commit that was measured'
status 0 perfledger run -q
status 0 perfledger check --against v1.0
holds out 'v1.0 (run '
echo 'sleep 0.08' >work.sh
# a dirty work tree is judged, and said to be dirty
status 0 perfledger run -q
status 1 perfledger check --against v1.0 --metric time
holds out 'dirty'
commit slower
status 0 perfledger run -q
status 1 perfledger check --against last-tag
holds out "perfledger bisect 'work[text=it'\\''s]' v1.0 $(git rev-parse --short=10 HEAD)"
holds out 'where no gate speaks, the release gate holds time'
! grep -q snapshot: out || { cat out; exit 1; }
! grep error: err || exit 1
status 1 perfledger check --against v1.0
! grep error: err || exit 1
git clone -q --depth 1 "file://$PWD" shallow
status 2 perfledger -C shallow check --against v1.0
holds err 'fetch-depth: 0'
status 6 perfledger -C shallow check --against last-tag
holds err 'fetch-depth: 0'
rm -rf shallow
for date in 2026-01-02 2026-10-01 2025-12-31; do
    mkdir -p perf/snapshots
    printf '<!-- perfledger:snapshot 0123456789abcdef {"schema":1,"runs":[]} -->\n| work\\[text=it'"'"'s\\] |\n<!-- perfledger:end 0123456789abcdef -->\n' >perf/snapshots/speed_$date.md
done
printf '<!-- perfledger:snapshot 0123456789abcdef {"schema":1,"runs":[]} -->\n| other |\n<!-- perfledger:end 0123456789abcdef -->\n' >perf/snapshots/speed_2027-01-01.md
status 1 perfledger check --against last-tag --json
same links "$(json '[[r["snapshot"], r["bisect"].split()[0:2]] for r in d["results"] if "bisect" in r and r["metric"] == "time"]' <out)" '[["perf/snapshots/speed_2026-10-01.md", ["perfledger", "bisect"]]]'
for format in terminal junit github; do
    status 1 perfledger check --against rev:v1.0 --format $format
    holds out perf/snapshots/speed_2026-10-01.md
    holds out 'perfledger bisect'
done
status 1 perfledger check --against HEAD~1 --format markdown
holds out '](<perf/snapshots/speed_2026-10-01.md>)'
holds out "\`perfledger bisect 'work[text=it'\\''s]' $(git rev-parse --short=10 HEAD~1) "
# a page that cannot be read does not hide the verdict
mkdir perf/snapshots/odd_2026-12-01.md
status 1 perfledger check --against last-tag
holds err 'snapshots are not looked through'
holds out 'perfledger bisect'
rmdir perf/snapshots/odd_2026-12-01.md
# the tag that HEAD itself has is none before it
git tag v2.0
git tag -d v1.0 >/dev/null
status 6 perfledger check --against last-tag
holds err 'no tag stands before HEAD, which is v2.0 itself'
git tag -d v2.0 >/dev/null
git tag v1.0 HEAD~1
# a gate of one's own comes before the default one
cat >>perfledger.yaml <<'Y'
gates: [ { match: "*", metric: time, max_regression: 5000% } ]
Y
status 0 perfledger check --against last-tag
sed -i 's/^gates.*/release: { max_regression: 9000% }/' perfledger.yaml
status 0 perfledger check --against last-tag
# a void run is no release
sed -i '/^release/d' perfledger.yaml
for run in $(perfledger list --json | json '" ".join(r["id"] for r in d["runs"][:2])'); do status 0 perfledger void "$run" --why test; done
status 6 perfledger check --against v1.0
holds err 'has no complete run in the ledger'
holds err 'configure `build`'
