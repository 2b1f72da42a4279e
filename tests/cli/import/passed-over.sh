# In a folder: what is certainly no result is passed over and counted, what is damaged is named, and nobody waits for a pipe.
. "$CASE_LIB"
mkdir -p results/empty
file() { printf '{"results":[{"command":"%s","mean":1,"times":[1,2]}]}' "$1"; }
file a >results/a.json
mkfifo results/pipe.json
ln -s nowhere results/dangling.json
ln -s loop results/loop
echo 'a read-me' >results/README.md
printf '{"a":1}' | iconv -f UTF-8 -t UTF-16LE | { printf '\377\376'; cat; } >results/settings-utf16.json
file b | iconv -f UTF-8 -t UTF-16BE | { printf '\376\377'; cat; } >results/utf16.json
python3 - <<'P'
import gzip
open("results/deep.json", "w").write('{"benchmarks":' + "[" * 1000000)
open("results/deep-result.json", "w").write('{"results":[{"command":"d","mean":1,"times":' + "[" * 1000000)
with gzip.open("results/bomb.gz", "wb") as f: f.write(b" " * 100000000)
with gzip.open("results/bomb-result.gz", "wb") as f:
    f.write(b'{"results":[{"command":"d","mean":1,"times":[1],"x":')
    for i in range(150): f.write(b" " * 1000000)
P
timeout 60 perfledger import results >out 2>err
echo "status $?"
scrub <out
timeout 60 perfledger import --json --dry-run results 2>err | json 'd["totals"]["passed_over"], [f["path"] for f in d["files"]]'
# Nothing else there: nothing is in it. A pipe that is named is read.
mkdir none
mkfifo none/pipe
timeout 60 perfledger import none
echo "status $?"
file piped >pipe.data
cat pipe.data >none/pipe &
timeout 60 perfledger import --dry-run none/pipe | scrub
# A folder that is one result: asv's.
mkdir -p asv/box
echo '{"machine": "box", "version": 1}' >asv/box/machine.json
mkfifo asv/box/abababab-py3.8.json
timeout 60 perfledger import --dry-run asv
echo "status $?"
