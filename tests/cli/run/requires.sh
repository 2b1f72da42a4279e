# What is required and absent is skipped, and said; only skips are nothing.
. "$CASE_LIB"
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites:
  - { name: a, command: "true", requires: [./absent] }
  - { name: b, command: "true", requires: ["cmd: exit 3"] }
Y
status 6 perfledger run
holds out './absent'
holds out 'exit 3'
echo '  - { name: c, command: "true" }' >>perfledger.yaml
status 0 perfledger run
same statuses "$(perfledger show --json | json 'sorted(set(r["benchmark"]+" "+r["status"] for r in d["results"]))')" '["a skipped", "b skipped", "c ok"]'
