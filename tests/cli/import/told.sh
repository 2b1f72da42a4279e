# What a file is, is told by its content: under any name, from standard input, packed, with a byte-order mark.
. "$CASE_LIB"
seeds=$CASE_ROOT/tests/fuzz/corpus/formats
told() { json '" ".join("%s %d" % (f["format"], f["runs"]) for f in d["files"])' <out; }
# is NAME: what was just read is the format of the folder it lies in, with runs in it.
is() {
    format=${1%%/*}
    case $1 in criterion/*.txt) format=criterion-text ;; esac
    case $(told) in
    "$format 0" | *' '*' '*) ;;
    "$format "*) return 0 ;;
    esac
    echo "$1 $2 is taken for: $(told)"
    exit 1
}
for seed in $(find "$seeds" -mindepth 2 -maxdepth 2 -type f ! -path '*/found/*' | LC_ALL=C sort); do
    name=${seed#"$seeds"/}
    status 0 perfledger import --dry-run --json "$seed"
    is "$name" 'where it lies'
    cp "$seed" ./results
    status 0 perfledger import --dry-run --json ./results
    is "$name" 'under another name'
    status 0 perfledger import --dry-run --json - <"$seed"
    is "$name" 'from standard input'
    case $name in *.gz) continue ;; esac
    { printf '\357\273\277'; cat "$seed"; } >results
    status 0 perfledger import --dry-run --json ./results
    is "$name" 'behind a byte-order mark'
    gzip -c "$seed" >results
    status 0 perfledger import --dry-run --json ./results
    is "$name" 'packed'
done
status 0 perfledger import --dry-run --json "$seeds/criterion/group"
is criterion/group 'a folder'
[ ! -e .perfledger ] || exit 1
