#!/bin/sh
# What importing costs: a generated asv archive of 6 million results (555 MB), fresh and again; a pytest-benchmark file of 100 MB;
# two files of 1,000 benchmarks compared. Each line is a whole process, measured by perfledger, into a ledger of its own.
#
#   bench_import.sh BUILD [PERCENT]     PERCENT of the archive's commits (default 100); the archive lies in $TMPDIR, 1 GB is needed
set -eu
build=$(cd "$1" && pwd)
percent=${2:-100}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# measure NAME ROUNDS PREPARE COMMAND…: into NAME.json
measure() {
    name=$1 rounds=$2 prepare=$3
    shift 3
    "$build/perfledger" run -q --no-record --allow-few --rounds "$rounds" --warmup 1 --prepare "$prepare" --json -- "$@" >"$name.json" 2>/dev/null
}
# figure NAME METRIC FIELD
figure() {
    sed -E 's/.*"metric":"'"$2"'"[^}]*"'"$3"'":([0-9.e+-]+).*/\1/' "$1.json"
}
# row NAME LABEL TIME-BAR MEMORY-BAR
row() {
    awk -v label="$2" -v time="$(figure "$1" time median)" -v least="$(figure "$1" time min)" -v cpu="$(figure "$1" cpu median)" \
        -v rss="$(figure "$1" peak_rss median)" -v time_bar="$3" -v rss_bar="$4" \
        'BEGIN { printf "%-44s %8.3f %8.3f %8.3f %8s %8.0f %8s\n", label, time, least, cpu, time_bar, rss / 1e6, rss_bar }'
}

"$build/make_asv" archive --commits $((200 * percent / 100))
"$build/make_pytest_benchmark" pytest.json
"$build/make_pytest_benchmark" a.json --rounds 20
"$build/make_pytest_benchmark" b.json --rounds 20 --seed 1
printf 'the archive: %s files, %s MB\n' "$(find archive/bench -name '*-*.json' | wc -l)" "$(($(du -sb archive | cut -f1) / 1000000))"

fresh='rm -f ledger.db ledger.db-wal ledger.db-shm'
import="$build/perfledger --ledger ledger.db import"
measure first 3 "$fresh" $import archive
size=$(($(stat -c %s ledger.db) / 1000000))
measure again 5 true $import archive
measure large 5 "$fresh" $import pytest.json
measure compare 20 true "$build/perfledger" compare a.json b.json

printf '%-44s %8s %8s %8s %8s %8s %8s\n' "" "s" "least" "cpu s" "bar" "peak MB" "bar"
row first "an asv archive of 6 million results" 15 300
row again "the same again" 2 ''
row large "a pytest-benchmark file of 100 MB" 1 50
row compare "compare two files of 1,000 benchmarks" 0.1 ''
printf 'the ledger of the archive: %s MB (bar 200)\n' "$size"
