# Every form that can be written: what it loses is said, and what it holds is read again, the times to the last bit.
. "$CASE_LIB"
cat >a.json <<'J'
{"results":[{"command":"sort a","mean":2,"times":[0.1,0.30000000000000004,1.7e-9],"memory_usage_byte":[1024,2048,4096]},
 {"command":"other","mean":2,"times":[2.5]}]}
J
status 0 perfledger import a.json
times='{r["benchmark"]: r["samples"] or r["median"] for r in d["results"] if r["metric"] == "time"}'
status 0 perfledger export
first=$(json "$times" <out)
status 2 perfledger export --format nothing
formats=$(sed -n 's/.*there are: //p' err | tr -d ,)
for format in $formats; do
    status 0 perfledger export latest --format "$format" -o "out.$format"
    [ "$format" = perfledger ] || holds err "note: $format files hold "
    case $format in openmetrics) continue ;; esac # nobody reads it back
    status 0 perfledger import --dry-run --json "out.$format"
    same "$format told" "$(json 'd["files"][0]["format"]' <out)" "$format" >/dev/null
    status 0 perfledger export "out.$format"
    case $format in
    bmf | github-action-benchmark) expected='{"other": [2.5], "sort a": 0.1}' ;; # medians; one value has no interval
    go) expected='{"BenchmarkOther": [2.5], "BenchmarkSort_a": [0.1, 0.30000000000000004, 1.7e-09]}' ;; # its names
    *) expected=$first ;;
    esac
    same "$format" "$(json "$times" <out)" "$expected" >/dev/null
done
status 2 perfledger export --format jmh
holds err 'the format `jmh` can be read, not written'
