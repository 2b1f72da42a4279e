# What a file is, is told by its content: under any name, from standard input, packed, with a byte-order mark.
. "$CASE_LIB"
seeds=$CASE_ROOT/tests/fuzz/corpus/formats
told() { json '" ".join("%s %d" % (f["format"], f["runs"]) for f in d["files"])' <out; }
for seed in $(find "$seeds" -mindepth 2 -maxdepth 2 -type f ! -path '*/found/*' | LC_ALL=C sort); do
    status 0 perfledger import --dry-run --json "$seed"
    name=${seed#"$seeds"/}
    echo "$name: $(told)"
    cp "$seed" "./results"
    first=$(told)
    status 0 perfledger import --dry-run --json ./results
    same 'under another name' "$(told)" "$first" >/dev/null
    status 0 perfledger import --dry-run --json - <"$seed"
    same 'from standard input' "$(told)" "$first" >/dev/null
    case $name in *.gz) continue ;; esac
    { printf '\357\273\277'; cat "$seed"; } >results
    status 0 perfledger import --dry-run --json ./results
    same "$name behind a byte-order mark" "$(told)" "$first" >/dev/null
    gzip -c "$seed" >results
    status 0 perfledger import --dry-run --json ./results
    same "$name packed" "$(told)" "$first" >/dev/null
done
status 0 perfledger import --dry-run --json "$seeds/criterion/group"
told
[ ! -e .perfledger ] || exit 1
