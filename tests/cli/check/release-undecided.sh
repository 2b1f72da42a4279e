# A release gate that does not know: what two runs leave open is raced, and said why; a race that runs out of time is no pass; commits
# that hold the same files are never raced; an unknown revision is told before anything else.
. "$CASE_LIB"
export COLUMNS=200
repo
cat >emit.sh <<'W'
sleep "$(cat "$HOME/pace")"
echo "{\"metric\":\"cost\",\"value\":$(($(cat cost) + $(cat "$HOME/machine"))).$((RANDOM % 10)),\"unit\":\"1\",\"better\":\"lower\"}" >&$PERFLEDGER_FD
W
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites: [ { name: c, command: bash emit.sh } ]
gates:
  - { match: "*", metric: time, report_only: true }
  - { match: "*", metric: cpu, report_only: true }
  - { match: "*", metric: peak_rss, report_only: true }
  - { match: "*", metric: cost, max_regression: 10% }
Y
printf '.perfledger/\nerr\nout\n' >.gitignore
echo 100 >cost
echo 0 | tee "$HOME/pace" >"$HOME/machine"
commit config
git tag v1.0
# a typo, with nothing measured yet
status 2 perfledger check --against v1.1
holds err 'no revision'
holds err "did you mean 'v1.0'?"
status 2 perfledger check --against rev:nonesuch
status 0 perfledger run -q
races() { perfledger list --json | json 'len([r for r in d["runs"] if r["kind"] == "race"])'; }
# no build: nothing can decide it; said first, and passed, unless --strict
echo 101 >cost
commit 'a bit more'
status 0 perfledger run -q
status 0 perfledger check --against last-tag
sed -n 4p out | grep -q '^could not decide: 1 row may be beyond the limit: c cost (' || { cat out; exit 1; }
holds out 'configure `build`'
status 5 perfledger check --against last-tag --strict
# with one it is raced: within the limit
sed -i '1i build: "true"' perfledger.yaml
commit 'a build'
status 0 perfledger run -q
status 0 perfledger check --against last-tag --no-confirm
holds out 'could not decide'
holds out 'no-confirm kept it from being raced'
status 0 perfledger check --against last-tag --max-time 20s --json
same 'raced and why' "$(json '[[r["verdict"], "the two runs could not decide" in r["reason"], "within the limit in a race" in r["reason"], r["ratio_ci"][1] < 1.1] for r in d["results"] if r["metric"] == "cost"]' <out)" '[["unchanged", true, true, true]]'
same 'a note' "$(json '[n.split("(")[0] for n in d["notes"] if n.startswith("raced")]' <out)" '["raced, both builds side by side: c cost "]'
same 'nothing open' "$(json '[d["undecided"], d["why_undecided"]]' <out)" '[0, null]'
# … or beyond it
echo 113 >cost
commit 'too much'
status 0 perfledger run -q
status 1 perfledger check --against last-tag --max-time 20s
holds out 'confirmed by a race of both builds'
grep -q 'c  *regressed  *cost +1[0-9]' out || { cat out; exit 1; }
# out of time: not passed, and what gives it more
echo 102 >cost
commit 'less again'
echo 0.3 >"$HOME/pace"
status 0 perfledger run -q
status 5 perfledger check --against last-tag --max-time 2s
sed -n 4,5p out | tr '\n' ' ' | grep -q 'could not decide: 1 row.*--max-time D (it had 2.0 s)' || { cat out; exit 1; }
for format in markdown github json; do
    status 5 perfledger check --against last-tag --max-time 2s --format $format
    holds out 'could not decide: 1 row'
done
status 0 perfledger check --against last-tag --max-time 2s --fail-on regressed,failed
holds out 'could not decide'
# the same files (documents apart): not raced, whatever the machine does
echo 0 >"$HOME/pace"
git tag v2.0
status 0 perfledger run -q
commit 'the same'
mkdir perf
echo text | tee PERFORMANCE.md >perf/latest_a.md
commit documents
echo 900 >"$HOME/machine"
status 0 perfledger run -q
before=$(races)
status 0 perfledger check --against last-tag --json
same acquitted "$(json '[[r["verdict"], "the same files" in r["reason"]] for r in d["results"] if r["metric"] == "cost"]' <out)" '[["unchanged", true]]'
same 'races held' "$(($(races) - before))" 0
for run in $(perfledger list --json | json '" ".join(r["id"] for r in d["runs"] if r["revision"] == "'"$(git rev-parse v2.0)"'" and r["kind"] == "configured")'); do
    status 0 perfledger void "$run" --why test
done
status 6 perfledger check --against last-tag
holds err 'hold the same files'
same 'races held' "$(($(races) - before))" 0
