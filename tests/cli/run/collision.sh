# Two benchmarks of one name are refused, with both places.
. "$CASE_LIB"
cat >perfledger.yaml <<'Y'
suites:
  - name: t
    command: "true {a}"
    params: { a: [1, 1] }
Y
status 2 perfledger run
holds err 't[a=1]'
