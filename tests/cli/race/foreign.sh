# Two revisions raced by suites with foreign harnesses: benchmarks inside are rows, one that only one side has is said, each launch is
# asked for one of them. pytest-benchmark has no list: it is run once for its names.
. "$CASE_LIB"
repo
foreign
printf 'launches\nasked\nfolders\nseen\n' >>.gitignore
cat >perfledger.yaml <<'Y'
suites:
  - { name: cpp, harness: google-benchmark, command: ./gbench }
  - { name: py, harness: pytest-benchmark, command: ./pytest }
Y
echo 1 >speed
commit one
echo 2 >speed
sed -i 's/"BM_parse": 70.0/"BM_parse": 70.0, "BM_new": 5.0/' gbench
status 0 perfledger race --seed 3 --max-time 60s --suite cpp --json --no-record HEAD .
same verdicts "$(json '" ".join(sorted(r["benchmark"] + "=" + r["verdict"] for r in d["results"] if r["deciding"]))' <out)" \
    "cpp/BM_new=skipped cpp/BM_parse=regressed cpp/BM_sort/512=regressed cpp/BM_sort/8=regressed"
same mode "$(json '" ".join(sorted({b["mode"] for b in d["race"]["bouts"] if b["end"] != "skipped"}))' <out)" solo
same 'only one has it' "$(json '[b["benchmark"] for b in d["race"]["bouts"] if b["end"] == "skipped"]' <out)" '["cpp/BM_new"]'
same 'one benchmark a launch' "$(grep -o 'filter=[^ ]*' asked | sort -u | tr '\n' ' ')" 'filter=^(BM_parse)$ filter=^(BM_sort/512)$ filter=^(BM_sort/8)$ '
status 0 perfledger race --seed 3 --max-time 8s --suite py --json --no-record HEAD .
same 'found by running it' "$(json '" ".join(b["benchmark"] for b in d["race"]["bouts"])' <out)" \
    "py/test_a.py::test_bad py/test_a.py::test_sum[10] py/test_a.py::test_sum[1000]"
status 2 perfledger race --suite cpp --same-output=0 HEAD .
holds err '--same-output compares what commands print'
