# Malformed lines are an error of that benchmark, quoted; the others go on.
. "$CASE_LIB"
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites:
  - { name: bad, command: "sh -c 'echo {\"metric\":} >&$PERFLEDGER_FD'" }
  - { name: fails, command: "sh -c 'echo {\\\"fail\\\":\\\"answers differ\\\"} >&$PERFLEDGER_FD'" }
  - { name: skips, command: "sh -c 'echo {\\\"skip\\\":\\\"no GPU\\\"} >&$PERFLEDGER_FD'" }
  - { name: good, command: "true" }
Y
status 4 perfledger run
holds out '{metric:}'
holds out 'answers differ'
holds out 'no GPU'
same statuses "$(perfledger show --json | json 'sorted(set(r["benchmark"]+" "+r["status"] for r in d["results"]))')" '["bad failed", "fails failed", "good ok", "skips skipped"]'
