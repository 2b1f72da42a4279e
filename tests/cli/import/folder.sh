# A folder: all that is in it, links to folders not followed, what is no result passed over, one bad file does not lose the rest.
. "$CASE_LIB"
mkdir -p results/deep/er results/.hidden results/empty results/is-a-folder.json
file() { printf '{"results":[{"command":"%s","mean":1,"times":[1,2]}]}' "$1"; }
file a >results/a.json
file b >results/deep/er/b.json
file c >results/.hidden/c.json
file cut | head -c 40 >results/deep/cut.json
printf '{"machine_info":{"node":"x",' >results/deep/cut-early.json
printf '{ // settings\n "a": 1 }' >results/settings.json
echo 'a read-me' >results/README.md
printf '\177ELF' >results/deep/program
: >results/deep/nothing.json
ln -s .. results/deep/up
ln -s loop results/loop
ln -s nowhere results/dangling.json
ln -s a.json results/link.json
perfledger import --json results >out 2>err
echo "status $?"
json '[[f["path"], f["format"], f["runs"], [w.split(": ", 1)[1] for w in f["warnings"]]] for f in d["files"]]' <out
json 'd["totals"]' <out
perfledger import results >out 2>err
echo "status $?"
scrub <out
cat err
mkdir none
echo x >none/x.txt
perfledger import none >out 2>err
echo "status $?"
cat err
perfledger import nowhere.json >out 2>err
echo "status $?"
cat out
# --format chooses among what is there
perfledger import --dry-run --format jmh results/deep >out 2>err
echo "status $?"
# a very deep one
path=down
while [ ${#path} -lt 84 ]; do path=$path/d; done
mkdir -p "$path"
file far >"$path/a.json"
file near >down/a.json
perfledger import --dry-run --json down >out 2>err
json 'd["totals"]["runs"]' <out
