# perfledger.yaml: tiers, selection, exclusion, seeds, substitution; the plan without starting anything.
. "$CASE_LIB"
repo
cat >perfledger.yaml <<'Y'
project: p
defaults: { rounds: 5, warmup: 0 }
suites:
  - name: quick
    command: "true {size} {seed}"
    params: { size: [10, 9, 40], mode: [a, b] }
    exclude: [ { size: 40, mode: b } ]
    seed: 42
  - name: slow
    command: "true"
    tier: deep
Y
perfledger run --list
echo --
perfledger run --list --tier deep slow
echo --
perfledger run --list 'quick*mode=b*'
status 2 perfledger run qick
holds err 'quick'
status 0 perfledger run
same count "$(perfledger show --json | json 'len(set(r["benchmark"] for r in d["results"]))')" 5
same kind "$(perfledger list --json | json '[r["partial"] for r in d["runs"]]')" '[false]'
