#!/bin/sh
# Two programs read the same files and must agree to the last bit: perfledger, and extract.py, which shares nothing with it. TAP.
#
#   tests/differential/run.sh PERFLEDGER
#
# Real files are in ../shared/data, or where PERFLEDGER_TEST_DATA points (skipped, visibly, where there are none); the fuzzer's seeds
# (tests/fuzz/corpus/formats) are always there.
set -u
PERFLEDGER=$(readlink -f "$1")
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
data=${PERFLEDGER_TEST_DATA:-$root/../shared/data}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
unset PERFLEDGER_FD
tests=0 failed=0
command -v python3 >/dev/null || { echo "ok 1 - differential # SKIP python3 is not here"; echo "1..1"; exit 0; }

# one FORMAT PATH: both read it. A file of several runs goes through a ledger, for `export` takes one run.
one() {
    tests=$((tests + 1))
    rm -rf "$scratch/project"
    mkdir -p "$scratch/project"
    (
        cd "$scratch/project" || exit 1
        python3 "$here/extract.py" "$1" "$2" >../extracted || exit $?
        "$PERFLEDGER" import --dry-run --json "$2" >../imported 2>../err || { cat ../err; exit 1; }
        format=$1
        case $(head -n 1 ../extracted | cut -f 2) in
        0) : ;;
        1) "$PERFLEDGER" export "$2" >run-1.json 2>../err || { cat ../err; exit 1; } ;;
        *)
            "$PERFLEDGER" init -q >/dev/null 2>&1
            "$PERFLEDGER" import "$2" >/dev/null 2>../err || { cat ../err; exit 1; }
            "$PERFLEDGER" list --json >../list 2>../err || { cat ../err; exit 1; }
            python3 "$here/compare.py" --choose ../list | while read -r id; do
                "$PERFLEDGER" export "$id" -o "run-$id.json" 2>../err || { cat ../err; exit 1; }
            done || exit 1
            ;;
        esac
        set -- run-*.json
        [ -e "$1" ] || set --
        python3 "$here/compare.py" "$format" ../extracted ../imported "$@"
    ) >"$scratch/said" 2>&1
    status=$?
    name=${2#"$data"/}
    name=${name#"$root"/}
    if [ "$status" -eq 77 ]; then
        echo "ok $tests - $1 $name # SKIP extract.py has no second reader of it"
    elif [ "$status" -eq 0 ]; then
        echo "ok $tests - $1 $name ($(tail -n 1 "$scratch/said"))"
    else
        failed=1
        echo "not ok $tests - $1 $name"
        sed 's/^/#   /' "$scratch/said"
    fi
}

# folder PATH: the formats by the names of its folders.
folder() {
    find "$1" -mindepth 2 -type f ! -path '*/criterion/*/*' ! -path '*/found/*' ! -path '*/asv/*' | LC_ALL=C sort >"$scratch/files"
    while read -r path; do
        format=${path#"$1"/}
        format=${format%%/*}
        case $format/${path##*/} in
        criterion/*.txt) format=criterion-text ;;
        criterion/*) format=cargo-criterion ;;
        esac
        one "$format" "$path"
    done <"$scratch/files"
    for path in "$1"/criterion/*/*/new; do
        [ ! -d "$path" ] || one criterion "$path"
    done
}

if [ -d "$data/formats" ]; then
    folder "$data/formats"
else
    tests=$((tests + 1))
    echo "ok $tests - real files # SKIP there are none in ${PERFLEDGER_TEST_DATA:-../shared/data}"
fi
# Archives of asv: a script of their own, a whole archive at once.
for archive in "$data"/asv/*/results "$data"/asv/asv-v1-example "$data"/asv/*/.asv/results; do
    [ -d "$archive" ] || continue
    tests=$((tests + 1))
    if said=$(python3 "$here/asv.py" "$PERFLEDGER" "$archive" 2>&1); then
        echo "ok $tests - asv ${archive#"$data"/} ($(printf '%s' "$said" | tail -n 1 | sed "s#$archive##"))"
    else
        failed=1
        echo "not ok $tests - asv ${archive#"$data"/}"
        printf '%s\n' "$said" | tail -n 20 | sed 's/^/#   /'
    fi
done
seeds=$root/tests/fuzz/corpus/formats
[ ! -d "$seeds" ] || folder "$seeds"
echo "1..$tests"
exit $failed
