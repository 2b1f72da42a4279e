# GitLab: merge requests raced, with JUnit and a note when something matters; the default branch gated; schedules and by hand.
. "$CASE_LIB"
. "$CASE_ROOT/tests/helpers/ci_lib.sh"
command -v jq >/dev/null || skip 'no jq'
costly_project
printf 'build: "true"\nbaseline: { update: auto }\n' >>perfledger.yaml
status 0 perfledger init --ci gitlab
holds .gitlab-ci.yml 'local: .gitlab/perfledger.yml'
printf '.perfledger/\nperfledger-report/\nbin/\n' >>.gitignore
mkdir bin
cat >bin/curl <<'C'
#!/bin/sh
# What GitLab's API would say, and what is sent to it.
method=GET
for word; do
    case $word in
    PUT | POST) method=$word ;;
    http*) url=$word ;;
    body@*) cp "${word#body@}" "$HOME/note" ;;
    esac
done
echo "$method ${url#*/api/v4/}" >>"$HOME/calls"
[ $method != GET ] || cat "$HOME/notes.json"
C
chmod +x bin/curl
export PATH="$PWD/bin:$PATH" CI_PROJECT_DIR="$PWD" CI_API_V4_URL=https://g.example/api/v4 CI_PROJECT_ID=5 CI_MERGE_REQUEST_IID=8
commit ci
main() { # STATUS
    rm -rf .perfledger perfledger-report .benchmarks "$CI_STORE/artifacts" "$CI_STORE/reports"
    CI_COMMIT_BRANCH=main CI_PIPELINE_SOURCE=push job "$1" gitlab .gitlab/perfledger.yml
}
main 0
same first "$(tr '\n' ' ' <out)" 'perfledger:gate: ok deploy: ok '
git tag v1
commit 'as fast'
main 0
same unchanged "$(tr '\n' ' ' <out)" 'perfledger:gate: ok deploy: ok '
[ -s "$CI_STORE/reports/perfledger-gate/perfledger-report/gate.xml" ] || exit 1
same 'runs in the ledger' "$(perfledger list --json | json 'len([r for r in d["runs"] if r["kind"] == "configured"])')" 2
echo 20 >.git/cost
commit slower
sed -i 's/--max-time "$MAX_TIME" --report markdown=perfledger-report\/gate.md/--no-confirm &/' .gitlab/perfledger.yml
main 1
same regressed "$(tr '\n' ' ' <out)" 'perfledger:gate: failed deploy: skipped '
grep -q '<failure' "$CI_STORE/reports/perfledger-gate/perfledger-report/gate.xml" || exit 1
# merge requests
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites: [ { name: work, command: sh work.sh } ]
Y
echo 'sleep 0.005' >work.sh
commit timed
base=$(git rev-parse HEAD)
echo '[]' >"$HOME/notes.json"
request() { # STATUS [NAME=VALUE]
    rm -rf perfledger-report "$HOME/calls" "$CI_STORE/artifacts"
    expect=$1
    shift
    CI_PIPELINE_SOURCE=merge_request_event CI_MERGE_REQUEST_DIFF_BASE_SHA=$base job "$expect" gitlab .gitlab/perfledger.yml \
        --set MAX_TIME=3s --set TOLERANCE=60% "$@"
}
sent() { grep -E '^(POST|PUT)' "$HOME/calls" 2>/dev/null || echo nothing; }
commit 'as fast'
request 0
same 'without a token' "$(cat out)" 'perfledger:race: ok'
request 0 --set PERFLEDGER_NOTE_TOKEN=secret
same 'as fast' "$(tr '\n' ' ' <out)$(sent)" 'perfledger:race: ok perfledger:note: ok nothing'
echo 'sleep 0.08' >work.sh
commit slower
request 1 --set PERFLEDGER_NOTE_TOKEN=secret
same slower "$(tr '\n' ' ' <out)$(sent)" 'perfledger:race: failed perfledger:note: ok POST projects/5/merge_requests/8/notes'
holds "$HOME/note" regressed
# the note's text is no command to GitLab
sed -n '/head -c 60000/s/.*race.md | \(sed .*\); } >note.md/\1/p' .gitlab/perfledger.yml >clean.sh
same 'no quick action' "$(printf '/merge\n - /approve\n@all\n' | sh clean.sh | tr '\n' ' ')" "&#47;merge  - &#47;approve @$(printf '\342\200\213')all "
rm clean.sh
grep -q '<failure' "$CI_STORE/reports/perfledger-race/perfledger-report/race.xml" || exit 1
if grep -rq secret "$HOME/calls" "$CI_STORE/artifacts"; then echo 'the token was seen'; exit 1; fi
git revert --no-edit -q HEAD 2>/dev/null || git -c user.name=t -c user.email=t@example.org revert --no-edit HEAD >/dev/null
printf '%s' '[{"id": 77, "system": false, "body": "<!-- perfledger -->\nold"}]' >"$HOME/notes.json"
request 0 --set PERFLEDGER_NOTE_TOKEN=secret
same repaired "$(sent)" 'PUT projects/5/merge_requests/8/notes/77'
# schedules, by hand, and a pipeline that is none of these
CI_PIPELINE_SOURCE=schedule job 0 gitlab .gitlab/perfledger.yml --set PERFLEDGER_TIER=deep --set MAX_TIME=20s
same schedule "$(cat out)" 'perfledger:scheduled: ok'
CI_PIPELINE_SOURCE=schedule job 0 gitlab .gitlab/perfledger.yml --set 'PERFLEDGER_TIER=deep; id'
same 'no tier' "$(cat out)" ''
CI_PIPELINE_SOURCE=web job 0 gitlab .gitlab/perfledger.yml --set BASE=HEAD~1 --set HEAD=HEAD --set MAX_TIME=2s
same manual "$(cat out)" 'perfledger:manual: ok'
CI_PIPELINE_SOURCE=web job 1 gitlab .gitlab/perfledger.yml --set 'BASE=--help'
CI_PIPELINE_SOURCE=push CI_COMMIT_BRANCH=topic job 0 gitlab .gitlab/perfledger.yml
same 'another branch' "$(cat out)" ''
