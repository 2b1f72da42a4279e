# save, list, show, use, reset.
. "$CASE_LIB"
repo
echo 10 >cost
cat >emit.sh <<'W'
echo "{\"metric\":\"cost\",\"value\":$(cat cost),\"unit\":\"1\",\"better\":\"lower\"}" >&$PERFLEDGER_FD
W
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites:
  - { name: c, command: bash emit.sh }
gates:
  - { match: "*", metric: cost, max_regression: 10% }
Y
status 6 perfledger baseline save
status 0 perfledger run
status 0 perfledger baseline save 'first one'
# Whose numbers they are is read from the file, whose own time says only when it was checked out.
touch -d 2020-02-02 .benchmarks/*/0001_*.json
status 0 perfledger baseline list
holds out " * 0001  $(date -u +%Y-%m)"
holds out "  run $(perfledger list --json | json 'd["runs"][0]["id"][:8]')  commit $(git rev-parse HEAD | cut -c1-10)  first-one"
echo 20 >cost
status 0 perfledger run
status 1 perfledger baseline save
holds err 'reset'
status 0 perfledger baseline reset agreed
status 0 perfledger check
status 0 perfledger baseline list --json
same numbers "$(json '[[b["number"],b["in_use"]] for b in d["baselines"]]' <out)" '[[1, false], [2, true]]'
status 0 perfledger baseline use 1
status 1 perfledger check
status 0 perfledger baseline show
holds out 'old'
status 0 perfledger baseline show 1 --json
same saved "$(json 'd["baseline"]["saved"]' <out)" "$(date -u -r "$(echo .benchmarks/*/0001_*.json)" +%Y-%m-%dT%H:%M:%SZ)"
status 2 perfledger baseline use 7
holds err '7'
status 2 perfledger baseline sav
holds err 'save'
status 2 perfledger baseline
cp .benchmarks/*/0002_*.json "$(echo .benchmarks/*)/0003_damaged.json"
sed -i 's/"schema"/"scheme/' .benchmarks/*/0003_damaged.json
cp .benchmarks/*/0002_*.json "$(echo .benchmarks/*)/0004_hostile.json"
sed -i 's/"revision":"[0-9a-f]*"/"revision":"\\u001b[2J"/; s/"revision": "[0-9a-f]*"/"revision": "\\u001b[2J"/' .benchmarks/*/0004_hostile.json
status 0 perfledger baseline list --all
holds out '   0003  damaged: '
holds out '  hostile'
if grep -q "$(printf '\033')" out; then cat -v out; exit 1; fi
rm .benchmarks/*/0003_damaged.json .benchmarks/*/0004_hostile.json
status 1 perfledger baseline save --run latest
status 0 perfledger baseline use 2
status 0 perfledger baseline reset again
holds err 'is baseline 0002 already; measure again'
ls .benchmarks/*/ | sed 's/first-one/NAME/'
