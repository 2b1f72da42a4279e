# A release that nobody measured is built and raced; a build that fails is no pass; what is already measured is not raced.
. "$CASE_LIB"
export COLUMNS=250
repo
cat >perfledger.yaml <<'Y'
build: "true"
defaults: { rounds: 6, warmup: 0 }
suites: [ { name: work, command: sh work.sh } ]
Y
printf '.perfledger/\nerr\nout\n' >.gitignore
echo 'sleep 0.01' >work.sh
commit quick
git tag v1.0
echo 'sleep 0.05' >work.sh
commit slower
# nothing was measured at all: the work tree is raced
status 1 perfledger check --against last-tag --max-time 8s --json
same "raced" "$(json '[[r["verdict"], r["reason"].startswith("raced, "), r["bisect"].split()[4]] for r in d["results"] if r["deciding"] and r["verdict"] == "regressed"]' <out)" '[["regressed", true, "v1.0"]]'
status 0 perfledger run -q
status 1 perfledger check --against last-tag --max-time 8s
holds out 'v1.0 (built and raced)'
status 6 perfledger check --against last-tag --no-confirm
holds err 'asks for no race'
echo 'sleep 0.01 ' >work.sh
commit 'quick again'
status 0 perfledger run -q
status 0 perfledger check --against last-tag --max-time 8s
holds out 'raced'
sed -i 's/^build.*/build: "false"/' perfledger.yaml
commit 'does not build'
status 0 perfledger run -q
status 6 perfledger check --against last-tag --max-time 8s
holds err 'nothing to judge'
holds err 'did not build'
