# Suites with a foreign harness: the benchmarks inside are the results; each launch has a folder of its own; two suites take turns.
. "$CASE_LIB"
repo
foreign
cat >perfledger.yaml <<'Y'
suites:
  - { name: cpp, harness: google-benchmark, command: ./gbench }
  - { name: py, harness: pytest-benchmark, command: ./pytest test_a.py, env: { COVERAGE_PROCESS_START: kept } }
  - { name: sized, harness: google-benchmark, command: "./gbench --of={n}", params: { n: [1, 2] }, rounds: 5, warmup: 1 }
Y
COVERAGE_PROCESS_START=x status 0 perfledger run cpp py
perfledger show --json >run.json
same benchmarks "$(json '" ".join(sorted({r["benchmark"] for r in d["results"]}))' <run.json)" \
    "cpp/BM_parse cpp/BM_sort/512 cpp/BM_sort/8 py/test_a.py::test_bad py/test_a.py::test_sum[1000] py/test_a.py::test_sum[10]"
same launches "$(sort launches | uniq -c | tr -s ' \n' ' ')" " 6 gbench 6 pytest "
same 'values per benchmark' "$(json '{len(r["samples"]) for r in d["results"]} == {6} and "six"' <run.json)" six
same metrics "$(json '" ".join(r["metric"] for r in d["results"] if r["benchmark"] == "cpp/BM_parse")' <run.json)" "time cpu"
same 'a launch gives the median' "$(json '[0.99 < r["median"] / 3e-6 < 1.01 for r in d["results"] if "[10]" in r["benchmark"]]' <run.json)" '[true]'
same 'round by round' "$(paste - - <launches | tr '\t' '\n' | awk 'NR % 2 { a = $0 } !(NR % 2) { print (a == $0 ? "twice" : "each") }' | sort -u)" each
same 'google-benchmark was asked' "$(grep ^gbench asked | sort -u)" \
    'gbench --benchmark_out=OUT --benchmark_out_format=json --benchmark_min_time=0.1'
same 'pytest was asked' "$(grep ^pytest asked | sort -u)" \
    'pytest test_a.py --benchmark-only --benchmark-enable --benchmark-disable-gc --benchmark-json=OUT --benchmark-min-rounds=3 --benchmark-max-time=0.1 -rfE --color=no'
same "the suite's own variable stands, and the results' place is told" "$(sort -u seen)" 'COVERAGE_PROCESS_START PERFLEDGER_RESULTS'
same 'folders of their own' "$(sort -u folders | wc -l)" 6
while read -r folder; do [ ! -e "$folder" ] || { echo "$folder is left"; exit 1; }; done <folders

# Parameters of the suite, rounds and warm-up of its own.
rm launches
status 0 perfledger run sized
same 'parameters' "$(perfledger show --json | json '" ".join(sorted({r["benchmark"] for r in d["results"]}))')" \
    "sized/BM_parse[n=1] sized/BM_parse[n=2] sized/BM_sort/512[n=1] sized/BM_sort/512[n=2] sized/BM_sort/8[n=1] sized/BM_sort/8[n=2]"
same 'rounds and warm-up' "$(wc -l <launches)" 12

# Lists, and selections as filters.
status 0 perfledger run --list
same list "$(tr '\n' ' ' <out)" "cpp/BM_sort/8 cpp/BM_sort/512 cpp/BM_parse py sized/BM_sort/8[n=1] sized/BM_sort/512[n=1] sized/BM_parse[n=1] sized/BM_sort/8[n=2] sized/BM_sort/512[n=2] sized/BM_parse[n=2] "
holds err 'py: pytest-benchmark does not say what is inside before it has run'
rm asked
status 0 perfledger run 'cpp/BM_sort*' 'py/*sum?10?'
same selected "$(perfledger show --json | json '" ".join(sorted({r["benchmark"] for r in d["results"]}))')" \
    "cpp/BM_sort/512 cpp/BM_sort/8 py/test_a.py::test_sum[10]"
same filters "$(sort -u asked | sed -E 's/ --benchmark[-_](out|only|enable|disable|json|min|max)[^ ]*//g')" "$(printf '%s\n' 'gbench --benchmark_filter=^(BM_sort.*)$' 'pytest test_a.py -k sum -rfE --color=no')"
status 2 perfledger run cpp/BM_prase
holds err 'did you mean "cpp/BM_parse"?'

# Compared as any other, two revisions raced row by row.
perfledger run cpp >/dev/null 2>&1
echo 1.5 >speed
commit second
status 0 perfledger run cpp
status 1 perfledger compare HEAD~1 HEAD --fail-on regressed
holds out 'cpp/BM_parse'
