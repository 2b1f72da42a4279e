# The line that a blocked release prints to find the commit is run as it stands: in a project below the repository's top, with a name
# that needs quoting, past a commit that does not build and one that cannot be measured.
. "$CASE_LIB"
repo
mkdir "a b"
cd "a b" || exit 1
cat >perfledger.yaml <<'Y'
build: sh build.sh
defaults: { rounds: 6, warmup: 0 }
suites: [ { name: work, command: sh work.sh, params: { text: ["it's"] } } ]
gates: [ { match: "*", metric: cost, max_regression: 10% } ]
Y
work() { echo "echo '{\"metric\":\"cost\",\"value\":$1,\"unit\":\"1\",\"better\":\"lower\"}' >&\$PERFLEDGER_FD" >work.sh; }
printf '.perfledger/\nerr\nout\n' >.gitignore
echo 'exit 0' >build.sh
work 100
commit first
git tag v1
commit same
echo 'exit 1' >build.sh
commit 'does not build'
echo 'exit 0' >build.sh
echo 'exit 3' >work.sh
commit 'cannot be measured'
work 150
commit 'the loss'
loss=$(git rev-parse HEAD)
work 151
commit 'and a bit'
commit same
git checkout -q v1
status 0 perfledger run -q
git checkout -q main
status 0 perfledger run -q
COLUMNS=60 status 1 perfledger check --against last-tag --no-confirm
grep 'find the commit' out | sed "s/$(git rev-parse --short=10 HEAD)/HEAD/"
line=$(grep -m 1 'find the commit' out | sed 's/^ *find the commit: //')
# what git cannot place it says, and then every skipped commit is named with the first bad one
status 2 sh -c "$line"
git bisect reset >out 2>&1
git bisect log >out 2>&1 && exit 1
# without those two in between it names the commit
git checkout -qb clean v1
for cost in 100 150 151 151; do
    work $cost
    commit "cost $cost"
    [ "$cost" = 150 ] && loss=$(git rev-parse HEAD)
done
status 0 perfledger run -q
COLUMNS=60 status 1 perfledger check --against v1 --no-confirm
line=$(grep -m 1 'find the commit' out | sed 's/^ *find the commit: //')
status 0 sh -c "$line"
holds out "$loss is the first bad commit"
git bisect reset >out 2>&1
# what was not committed is in no commit
work 200
status 0 perfledger run -q
status 1 perfledger check --against v1 --no-confirm
if grep 'find the commit' out; then exit 1; fi
