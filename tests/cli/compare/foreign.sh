# Two files of any tool, judged without any set-up: no perfledger.yaml, no ledger, nothing left behind.
. "$CASE_LIB"
bench() { printf '{"name":"BM_%s","run_name":"BM_%s","run_type":"iteration","real_time":%s,"cpu_time":%s,"time_unit":"ns"}' "$1" "$1" "$2" "$2"; }
gb() {
    printf '{"context":{"host_name":"lab","library_build_type":"release"},"benchmarks":['
    for t in 0.0 0.1 0.2 0.1 0.3 0.2 0.1 0.2 0.1; do
        bench slow "$1$t"
        printf ,
        bench same "5$t"
        printf ,
    done
    bench other 7
    printf ']}'
}
gb 1 >before.json
gb 2 >after.json
status 0 perfledger compare before.json after.json --json
json 'sorted([r["benchmark"], r["metric"], r["verdict"]] for r in d["results"])' <out
status 1 perfledger compare before.json after.json --fail-on regressed
holds out BM_slow
status 0 perfledger compare after.json before.json --fail-on regressed
# of different tools: by name
printf '{"results":[{"command":"BM_slow","mean":1,"times":[3e-8,3.1e-8,3.2e-8,3e-8,3.1e-8,3e-8]}]}' >hf.json
status 0 perfledger compare before.json hf.json --json --allow-machine-change
json '[[r["benchmark"], r["metric"], r["verdict"]] for r in d["results"] if r["benchmark"] == "BM_slow" and r["metric"] == "time"]' <out
gzip -k before.json
status 0 perfledger compare before.json.gz after.json
# with summaries only
sum() { printf '[{"name":"a","unit":"ns","value":%s,"range":"± 1"}]' "$1"; }
sum 100 >s1.json
sum 200 >s2.json
status 0 perfledger compare s1.json s2.json --json
json '[[r["benchmark"], r["base"]["median"], r["head"]["median"], r["verdict"]] for r in d["results"]]' <out
status 2 perfledger compare before.json nowhere.json
echo '{"benchmarks":[{"name":"a","real_time":' >cut.json
status 2 perfledger compare before.json cut.json
sed "s#$PWD/##" err
ls -A
