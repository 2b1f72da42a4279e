# A revision that does not build: named, with the end of what the build said; 6 when there is nobody left to race.
. "$CASE_LIB"
export COLUMNS=250
repo
printf 'build: sh make.sh\ndefaults: { warmup: 0 }\nsuites: [ { name: work, command: ./built } ]\n' >perfledger.yaml
printf 'built\n.perfledger/\n' >>.gitignore
printf 'printf "#!/bin/sh\\n" >built; chmod +x built\n' >make.sh
commit good
printf 'echo "cannot find a semicolon" >&2; exit 3\n' >make.sh
commit bad
git tag bad
printf 'printf "#!/bin/sh\\n" >built; chmod +x built\n' >make.sh
commit mended
status 6 perfledger race HEAD bad --max-time 1s
holds out 'cannot find a semicolon'
holds out 'did not build'
holds err 'nothing was raced: '
holds out 'nothing was raced: '
same "not recorded" "$(perfledger list --json | json 'len(d["runs"])')" 0
status 6 perfledger race bad HEAD --max-time 1s --json
same "problem" "$(json 'd["race"]["contenders"][0]["problem"] is not None and d["race"]["contenders"][0]["run"] is None' <out)" true
same "end" "$(json '[b["end"] for b in d["race"]["bouts"]]' <out)" '["skipped"]'
same "ok" "$(json 'd["ok"]' <out)" false
status 1 perfledger race HEAD bad --max-time 1s --fail-on regressed,failed --json
same "failed" "$(json '[d["matters"], d["ok"], d["results"][0]["verdict"], "did not build" in d["results"][0]["reason"]]' <out)" '[true, false, "failed", true]'
status 6 perfledger race bad HEAD --max-time 1s --fail-on regressed,failed
# another challenger is raced all the same
status 0 perfledger race HEAD bad HEAD~2 --max-time 1s --json
same "ends" "$(json '[b["end"] == "failed" for b in d["race"]["bouts"]]' <out)" '[true, false]'
status 1 perfledger race HEAD bad HEAD~2 --max-time 1s --fail-on failed --no-record
status 0 perfledger race HEAD bad HEAD~2 --max-time 500ms --no-record
holds out 'did not build'
# --max-time is for all: what comes too late is not begun
sed -i 's/^build: .*/build: "echo begun >>$HOME\/begun; sleep 100"/' perfledger.yaml
commit endless
status 6 perfledger race HEAD~1 HEAD --max-time 700ms --no-record --fail-on failed
holds out 'did not end within'
holds out 'the time was up before it could be built'
same "begun" "$(wc -l <"$HOME/begun")" 1
