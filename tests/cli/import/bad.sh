# Bad input says file, line, column and what was expected; nothing crashes, nothing hangs.
. "$CASE_LIB"
try() {
    timeout 60 perfledger import --dry-run "$@" >out 2>err
    echo "$*: status $?"
    sed 's/(there are: .*/(there are: …)/' out | head -n 6
}
: >empty.json
try empty.json
printf '\0\1\2\3\377\376' >binary
try binary
printf '{"results":[]}' | iconv -f UTF-8 -t UTF-16 >utf16.json
try utf16.json
try --format hyperfine utf16.json
printf '{"results":[{"command":"a\377","mean":1,"times":[1]}]}' >latin1.json
try latin1.json
printf '{"results":[{"command":"a","mean":1,"times":[1]},{"command":"b\377"}]}' >latin2.json
try latin2.json
printf '{"benchmarks":[{"name":"a"},\n{"x":}]}' >nobody.json
try nobody.json
printf '{"results":[{"command":"a","mean":1,"times":[1,2,\n3,oops' >cut.json
try cut.json
printf '{"results":[{"command":"a","mean":1,"times":[1e308,-1,1e999,-1e999]}]}' >huge.json
try huge.json
mkdir folder.json
try folder.json
python3 - <<'P'
import gzip
open("deep.json", "w").write("[" * 1000000)
open("deep-in.json", "w").write('{"results":[{"command":"a","mean":1,"times":' + "[" * 1000000)
open("keys.json", "w").write('{"results":[{"command":"a","mean":1,"x":' + '{"a":' * 1000000)
open("bomb.json.gz", "wb").write(gzip.compress(b'{"results":[{"command":"a","mean":1,"times":[1' + b" " * (300 << 20), 9))
good = b'{"results":[{"command":"a","mean":1,"times":[1,2]}]}'
packed = gzip.compress(good, mtime=0)
open("cut.gz", "wb").write(packed[:-6])
open("junk.gz", "wb").write(packed + b"junk")
open("two.gz", "wb").write(gzip.compress(good[:20]) + gzip.compress(good[20:]))
P
try deep.json
try deep-in.json
try keys.json
try --format hyperfine deep.json
try bomb.json.gz
try cut.gz
try junk.gz
try two.gz
python3 -c '
import json
print(json.dumps({"results": [{"command": "same", "mean": 1, "times": [1]}] * 2000}))' >same.json
try same.json
