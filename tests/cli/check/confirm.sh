# What a stored baseline accuses is raced when `build` is configured: a machine that became slow is acquitted, a program is not.
. "$CASE_LIB"
export COLUMNS=250
repo
cat >perfledger.yaml <<'Y'
build: "true"
defaults: { rounds: 6, warmup: 0 }
suites:
  - { name: work, command: sh work.sh }
Y
# The machine's speed lies outside the repository, the program's inside.
echo 'sleep "$(cat "$HOME/machine")"' >work.sh
echo 0.01 >"$HOME/machine"
printf '.perfledger/\n.benchmarks/\nout\nerr\n' >>.gitignore
commit quick
status 0 perfledger run -q
status 0 perfledger baseline save
echo 0.05 >"$HOME/machine"
echo again >again
commit 'another one'
status 0 perfledger run -q
status 1 perfledger check --no-confirm
holds out regressed
status 0 perfledger check --max-time 8s --json
same "acquitted" "$(json '[[r["verdict"], "but not in a race" in r["reason"]] for r in d["results"] if r["deciding"]]' <out)" '[["unchanged", true]]'
same "counted anew" "$(json '[d["ok"], d["summary"]["regressed"], d["summary"]["unchanged"]]' <out)" '[true, 0, 1]'
echo 0.01 >"$HOME/machine"
echo 'sleep 0.05' >work.sh
commit slower
status 0 perfledger run -q
status 1 perfledger check --max-time 8s
holds out 'confirmed by a race of both builds'
same "the race is in the ledger" "$(perfledger list --json | json '"race" in [r["kind"] for r in d["runs"]]')" true
# Ctrl-C ends the race; the gate's own word stands and is printed
perfledger check --max-time 60s >out 2>err &
pid=$!
sleep 0.7
kill -TERM $pid
wait $pid
same "interrupted" $? 130
holds out regressed
holds err interrupted
# a run of a dirty work tree: that one is raced while it is there, and says so
echo 'sleep 0.06' >work.sh
status 0 perfledger run -q
status 1 perfledger check --max-time 8s
holds out 'confirmed by a race of both builds'
holds out 'the work tree was raced as it stands now'
git -c user.name=t -c user.email=t@example.org stash -q
status 1 perfledger -v check --max-time 8s
holds err 'was not raced: the run was measured on a dirty work tree that is gone'
! grep -q 'race of both' out || { cat out; exit 1; }
# without a build the gate's word stands
sed -i '/^build/d' perfledger.yaml
commit 'no build'
status 0 perfledger run -q
status 1 perfledger -v check
holds err 'no `build` is configured'
