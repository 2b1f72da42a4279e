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
echo "$first"
perfledger export --format nothing >out 2>err
echo "status $?"
formats=$(sed -n 's/.*there are: //p' err | tr -d ,)
for format in $formats; do
    echo "— $format"
    status 0 perfledger export latest --format "$format" -o "out.$format"
    sed 's/^perfledger: //' err
    case $format in
    openmetrics) head -n 1 "out.$format" >/dev/null; continue ;; # nobody reads it back
    esac
    status 0 perfledger import --dry-run --json "out.$format"
    same told "$(json 'd["files"][0]["format"]' <out)" "$format" >/dev/null
    status 0 perfledger export "out.$format"
    again=$(json "$times" <out)
    [ "$again" = "$first" ] && echo 'the same times' || echo "$again"
done
perfledger export --format jmh >out 2>err
echo "status $?"
holds err 'the format `jmh` can be read, not written'
