# Ten thousand benchmarks are planned.
. "$CASE_LIB"
{
    echo 'suites:'
    echo '  - name: t'
    echo '    command: "true {a} {b}"'
    echo "    params: { a: [$(seq -s, 1 100)], b: [$(seq -s, 1 100)] }"
} >perfledger.yaml
perfledger run --list | wc -l
