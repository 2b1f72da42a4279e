# GitHub, a push to the default branch: recorded, held against the last tag; a regression keeps `deploy` from starting.
. "$CASE_LIB"
. "$CASE_ROOT/tests/helpers/ci_lib.sh"
costly_project
printf 'baseline: { update: auto }\ntargets: [ { benchmark: c, metric: cost, max: 30 } ]\n' >>perfledger.yaml
status 0 perfledger init --ci github
holds out '.github/workflows/perfledger.yml'
printf '.perfledger/\nperfledger-report/\n' >>.gitignore
commit ci
push() { # STATUS RUN: a fresh checkout, as a runner has
    rm -rf .perfledger perfledger-report .benchmarks "$CI_STORE/artifacts"
    git checkout -q .
    CI_RUN=$2 GITHUB_STEP_SUMMARY=$HOME/summary job "$1" github .github/workflows/perfledger.yml
}
# the first: no tag yet; there is nothing to hold it against, and the first baseline is made
push 0 1
same first "$(tr '\n' ' ' <out)" 'gate: ok deploy: ok baseline: skipped '
grep -q 'no tag before this commit' "$CI_STORE/log" || { job_log; exit 1; }
ls "$CI_STORE/artifacts/perfledger/perfledger-report/run.json" "$CI_STORE/artifacts/perfledger/.perfledger/ledger.db" >/dev/null || exit 1
same baseline "$(cd "$CI_STORE/artifacts/perfledger-baselines" && find . -name '0*.json' | wc -l)" 1
grep -q '^== Targets' "$CI_STORE/log" || { job_log; exit 1; }
# a shallow clone knows no tag either, which is no reason to pass
git tag v0 HEAD~1
mkdir "$HOME/other"
git clone -q --depth 1 "file://$PWD" "$HOME/shallow"
(cd "$HOME/shallow" && cp "$OLDPWD/.git/cost" .git/cost && CI_STORE=$HOME/other CI_RUN=9 GITHUB_STEP_SUMMARY=$HOME/summary job 1 github .github/workflows/perfledger.yml)
grep -q 'fetch-depth: 0' "$HOME/other/log" || { job_log; exit 1; }
git tag -d v0 >/dev/null
# released; the next commit is as fast: it passes against the tag, whose run came with the ledger
git tag v1
commit 'as fast'
push 0 2
same unchanged "$(sed -n 1,2p out | tr '\n' ' ')" 'gate: ok deploy: ok '
same 'held against the tag' "$(json 'd["ok"], d["matters"], d["base"]["revision"]' <"$CI_STORE/artifacts/perfledger/perfledger-report/gate.json")" "[true, false, \"$(git rev-parse v1)\"]"
same 'runs in the ledger' "$(perfledger list --json | json 'len([r for r in d["runs"] if r["kind"] == "configured"])')" 2
# slower: blocked, with the report, and no baseline of it
commit 'slower'
echo 20 >.git/cost
push 1 3
same regressed "$(sed -n '/:/p' out | tr '\n' ' ')" '  failed: Gate against the last tag gate: failed deploy: skipped baseline: skipped '
same 'what is kept' "$(json 'd["ok"], d["matters"], d["summary"]["regressed"]' <"$CI_STORE/artifacts/perfledger/perfledger-report/gate.json")" '[false, true, 1]'
grep -q '<failure' "$CI_STORE/artifacts/perfledger/perfledger-report/gate.xml" || exit 1
grep -q 'failed' "$HOME/summary" || { cat "$HOME/summary"; exit 1; }
[ ! -e "$CI_STORE/artifacts/perfledger-baselines" ] || { echo 'a refused run became a baseline'; exit 1; }
# repaired: passes again, with the ledger of all that was
commit 'repaired'
echo 10 >.git/cost
push 0 4
same 'runs in the ledger' "$(perfledger list --json | json 'len([r for r in d["runs"] if r["kind"] == "configured"])')" 4
# the variable that lets baselines be committed: on the branch itself
git init -q --bare "$HOME/origin.git"
git remote add origin "$HOME/origin.git"
git push -q origin main
CI_RUN=5 GITHUB_STEP_SUMMARY=$HOME/summary job 0 github .github/workflows/perfledger.yml \
    --context '{"vars": {"PERFLEDGER_COMMIT_BASELINE": "true"}, "github": {"ref_name": "main"}}'
same committed "$(git -C "$HOME/origin.git" log -1 --format=%s main)" 'perf: the baseline follows [skip ci]'
