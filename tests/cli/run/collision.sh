# Two benchmarks of one name are refused, with both places.
. "$CASE_LIB"
cat >perfledger.yaml <<'Y'
suites:
  - name: t
    command: "true {a}"
    params: { a: [1, 1] }
Y
status 2 perfledger run
holds err 'twice'
cat >perfledger.yaml <<'Y'
suites:
  - { name: "t[a=1]", command: "true" }
  - { name: t, command: "true {a}", params: { a: [1, 2] } }
Y
status 2 perfledger run
holds err 't[a=1]'
status 2 perfledger run --no-record -r 5 -n same -n same -- 'true 1' 'true 2'
holds err 'same'
