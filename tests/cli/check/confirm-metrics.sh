# Suspects of two metrics are raced one metric after the other; a run that needed an acquittal is no baseline; a failed build is said.
. "$CASE_LIB"
repo
cat >perfledger.yaml <<'Y'
build: "true"
default_branch: main
defaults: { rounds: 6, warmup: 0 }
suites:
  - { name: work, command: sh work.sh }
gates:
  - { match: "*", metric: time, max_regression: 50% }
  - { match: "*", metric: cost, max_regression: 10% }
baseline: { update: auto }
Y
work() { printf 'sleep "$(cat "$HOME/machine")"\necho "{\\"metric\\":\\"cost\\",\\"value\\":%s,\\"unit\\":\\"1\\",\\"better\\":\\"lower\\"}" >&$PERFLEDGER_FD\n' "$1" >work.sh; }
numbers() { perfledger baseline list --json | json '[b["number"] for b in d["baselines"]]'; }
work 10
echo 0.01 >"$HOME/machine"
printf '.perfledger/\n' >>.gitignore
commit quick
status 0 perfledger run -q
status 0 perfledger baseline save
commit 'the baseline'
echo 0.05 >"$HOME/machine"
echo another >note
commit 'another one'
status 0 perfledger run -q
status 0 perfledger check --max-time 6s --json
holds out 'but not in a race'
same "a slow machine is no baseline" "$(numbers)" '[1]'
work 20
commit dearer
status 0 perfledger run -q
status 1 perfledger check --max-time 8s --json
same "each by its own metric" "$(json '{r["metric"]: [r["verdict"], "confirmed by" in r["reason"], "but not in" in r["reason"]] for r in d["results"] if r["deciding"]}' <out | tr -d '\n')" \
    '{"cost": ["regressed", true, false], "time": ["unchanged", false, true]}'
sed -i 's/^build.*/build: "false"/' perfledger.yaml
commit 'does not build'
status 0 perfledger run -q
status 1 perfledger check --max-time 6s
holds out 'was not raced: '
holds out 'did not build'
