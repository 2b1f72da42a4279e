# Every mistake with its place, a caret and a suggestion; several at once; nothing half-applied.
. "$CASE_LIB"
cat >perfledger.yaml <<'Y'
project: p
defaults: { rounds: 0, warmpu: 1 }
suites:
  - name: a
    comand: "true"
  - name: b
    command: "true"
    tier: smoky
    timeout: soon
gates:
  - { match: "*", metric: time, max_regression: ten }
Y
status 2 perfledger run
scrub <err
