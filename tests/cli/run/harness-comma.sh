# A parameter's value may hold a comma: the list, the results and SELECT call the benchmark by one name.
. "$CASE_LIB"
repo
cat >program <<'P'
#!/bin/sh
[ "$1" = --list ] && { echo 'comma[kind=a,b]'; exit 0; }
echo '{"bench":"comma","params":{"kind":"a,b"},"samples_ns":[5]}' >&"$PERFLEDGER_FD"
P
chmod +x program
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5 }
suites:
  - { name: k, harness: perfledger, command: ./program }
Y
status 0 perfledger run --list
same list "$(cat out)" 'k/comma[kind=a,b]'
status 0 perfledger run "$(cat out)"
same result "$(perfledger show --json | json 'd["results"][0]["benchmark"]')" 'k/comma[kind=a,b]'
