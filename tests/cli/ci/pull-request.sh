# GitHub, a pull request: raced against its merge base; what matters is said in the artefact, a regression fails the job. And
# any two revisions by hand; nights and weeks by tier.
. "$CASE_LIB"
. "$CASE_ROOT/tests/helpers/ci_lib.sh"
command -v jq >/dev/null || skip 'no jq'
repo
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites:
  - { name: work, command: sh work.sh }
  - { name: long, command: "true", tier: deep }
paths: [ { match: [ "src/*" ], demand: [ row ] } ]
Y
echo 'sleep 0.005' >work.sh
status 0 perfledger init --ci github
printf '.perfledger/\nperfledger-report/\n' >>.gitignore
commit base
git init -q --bare "$HOME/origin.git"
git remote add origin "$HOME/origin.git"
git push -q origin main
git fetch -q origin
git checkout -q -b topic
race() { # STATUS: as the service would, with a shorter time
    rm -rf perfledger-report "$CI_STORE/artifacts"
    GITHUB_STEP_SUMMARY=$HOME/summary job "$1" github .github/workflows/perfledger-pull-request.yml --event pull_request \
        --context '{"github": {"event": {"pull_request": {"number": 3, "head": {"sha": "x"}, "base": {"ref": "main"}}}}}' \
        --set MAX_TIME=3s --set TOLERANCE=60%
}
report="$CI_STORE/artifacts/perfledger-pull-request"
commit 'as fast'
race 0
same unchanged "$(cat out)" 'race: ok'
grep -q '^== What this change owes' "$CI_STORE/log" || { job_log; exit 1; }
same 'nothing that matters' "$(cat "$report/matters")" false
[ -s "$report/comment.md" ] || exit 1
echo 'sleep 0.08' >work.sh
commit slower
race 1
same regressed "$(tail -n 1 out)" 'race: failed'
same 'that matters' "$(cat "$report/matters")" true
holds "$report/comment.md" regressed
grep -q '<failure' "$report/race.xml" || { cat "$report/race.xml"; exit 1; }
grep -q regressed "$HOME/summary" || exit 1
same 'against the merge base' "$(json 'd["base"]["revision"]' <"$report/race.json")" "$(git rev-parse main)"
# by hand: what is typed there is no part of a script, and no option
manual() { # STATUS BASE HEAD
    GITHUB_STEP_SUMMARY=$HOME/summary job "$1" github .github/workflows/perfledger-manual.yml --event workflow_dispatch \
        --context "{\"inputs\": {\"base\": \"$2\", \"head\": \"$3\", \"tier\": \"smoke\", \"max_time\": \"2s\"}}"
}
manual 0 main topic
same 'head by hand' "$(json 'd["head"]["revision"]' <"$CI_STORE/artifacts/perfledger-manual/race.json")" "$(git rev-parse topic)"
manual 1 '$(touch HERE)' ''
manual 1 '--help' ''
manual 1 "main'; touch HERE; '" topic
[ ! -e HERE ] || { echo 'an input was run'; exit 1; }
grep -q "there is no revision of this name: --help" "$CI_STORE/log" || { job_log; exit 1; }
# nights and weeks
rm -rf perfledger-report
GITHUB_STEP_SUMMARY=$HOME/summary job 0 github .github/workflows/perfledger-scheduled.yml --event schedule \
    --context '{"github": {"event": {"schedule": "17 2 * * *"}}}' --set MAX_TIME=20s
same night "$(json 'sorted({b["name"] for b in d["benchmarks"]}) if "benchmarks" in d else sorted({r["benchmark"] for r in d["results"]})' <"$CI_STORE/artifacts/perfledger-deep/perfledger-report/deep.json")" '["long", "work"]'
[ -s "$CI_STORE/artifacts/perfledger-deep/.perfledger/ledger.db" ] || exit 1
GITHUB_STEP_SUMMARY=$HOME/summary job 0 github .github/workflows/perfledger-scheduled.yml --event schedule \
    --context '{"github": {"event": {"schedule": "41 3 * * 0"}}}' --set MAX_TIME=20s
[ -s "$CI_STORE/artifacts/perfledger-longhaul/perfledger-report/longhaul.json" ] || exit 1
