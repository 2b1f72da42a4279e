# setup, prepare, conclude, cleanup, validate: when each runs, and what a failure of each means.
. "$CASE_LIB"
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 1 }
suites:
  - name: t
    command: sh -c 'echo run >>trace'
    setup: echo setup >>trace
    prepare: echo prepare >>trace
    conclude: echo conclude >>trace
    cleanup: echo cleanup >>trace
Y
status 0 perfledger run --no-record
uniq -c trace | sed 's/^ *//' | sort | uniq -c | sed 's/^ *//'
status 4 perfledger run --no-record -r 5 --validate 'echo answers differ >&2; false' -- true
holds out 'answers differ'
status 4 perfledger run --no-record -r 5 --setup false -- true
holds out 'setup'
