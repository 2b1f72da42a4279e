#!/bin/sh
# What perfledger's own operations cost in instructions, counted by callgrind: the same on a busy machine as on a quiet one, so a
# gate of a few percent holds in any CI. Time is not looked at here.
#
#   bench/instructions.sh gate BUILD     count, and hold it against perf/instructions/PLATFORM.json: exit status 1 when something
#                                        takes 3 % more. Without a file for this platform: the figures are shown, nothing is held.
#   bench/instructions.sh save BUILD     make that file (a change that was agreed on, or a new platform); commit it
#   bench/instructions.sh count BUILD    what perf/instructions/perfledger.yaml runs: counts, and says so on the wire
#
# PLATFORM is what such counts depend on: architecture, compiler, C library, valgrind, and which instructions the library may use.
set -eu
verb=${1:-}
build=$(cd "${2:?usage: bench/instructions.sh gate|save|count BUILD}" && pwd)
root=$(cd "$(dirname "$0")/.." && pwd)
perfledger=$build/perfledger
tolerance=3%

platform() {
    wide=plain
    ! grep -qw avx2 /proc/cpuinfo 2>/dev/null || wide=avx2
    compiler=$(sed -n 's/^CMAKE_C_COMPILER:[A-Z]*=//p' "$build/CMakeCache.txt")
    case $("$compiler" --version) in *clang*) family=clang ;; *) family=gcc ;; esac
    type=$(sed -n 's/^CMAKE_BUILD_TYPE:[A-Z]*=//p' "$build/CMakeCache.txt")
    printf '%s-%s%s-%s-%s-%s-%s' "$(uname -m)" "$family" "$("$compiler" -dumpversion)" "$type" \
        "$(getconf GNU_LIBC_VERSION 2>/dev/null | tr -d ' ' || echo libc)" "$(valgrind --version)" "$wide"
}

# counted NAME COMMAND…: its instructions, said on the wire.
counted() {
    name=$1
    shift
    env -i PATH=/usr/bin:/bin HOME="$scratch" LANG=C.UTF-8 TZ=UTC PERFLEDGER_PRESENCE_DIR="$scratch" \
        valgrind --tool=callgrind --callgrind-out-file="$scratch/$name.callgrind" --log-file="$scratch/$name.log" "$@" \
        >"$scratch/$name.out" 2>"$scratch/$name.err" </dev/null || { cat "$scratch/$name.err" "$scratch/$name.log" >&2; exit 1; }
    count=$(sed -n 's/^==[0-9]*== Collected : //p' "$scratch/$name.log")
    [ -n "$count" ] || { cat "$scratch/$name.log" >&2; exit 1; }
    printf '{"bench":"%s","metric":"instructions","value":%s,"unit":"1","better":"lower"}\n' "$name" "$count" >&"$PERFLEDGER_FD"
}

# A file as pytest-benchmark writes it: 200 benchmarks of 20 rounds, the same each time. $1: how much slower.
results() {
    awk -v slower="$1" 'BEGIN {
        printf "{\"machine_info\":{\"node\":\"n\",\"machine\":\"x86_64\",\"cpu\":{\"brand_raw\":\"c\"}},\"commit_info\":{\"id\":\"0123456789abcdef0123456789abcdef01234567\",\"time\":\"2024-01-02T03:04:05\",\"dirty\":false,\"branch\":\"main\"},\"benchmarks\":["
        for (i = 0; i < 200; i++) {
            printf "%s{\"group\":null,\"name\":\"test_%d\",\"fullname\":\"tests/bench.py::test_%d\",\"params\":null,\"param\":null,\"extra_info\":{},\"stats\":{\"data\":[", i ? "," : "", i, i
            for (j = 0; j < 20; j++)
                printf "%s%.9f", j ? "," : "", (i + 1) * 1e-5 * slower * (1 + (i * 7 + j * 13) % 17 / 1000)
            printf "]}}"
        }
        printf "],\"datetime\":\"2024-01-02T03:04:05.000000+00:00\",\"version\":\"4.0.0\"}\n"
    }'
}

count() {
    if [ -z "${PERFLEDGER_FD:-}" ]; then
        echo "bench/instructions.sh: count is for perfledger to run; bench/instructions.sh gate $build" >&2
        exit 2
    fi
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    cd "$scratch"
    results 1 >a.json
    results 1.02 >b.json
    cp "$root/examples/demo/perfledger.yaml" .
    counted version "$perfledger" version
    counted plan "$perfledger" run --list
    counted read "$perfledger" --ledger "$scratch/none.db" import --dry-run a.json
    counted import "$perfledger" --ledger "$scratch/ledger.db" import a.json
    counted compare "$perfledger" compare a.json b.json
}

measure() {
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    status=0
    PFL_BUILD=$build "$perfledger" --config "$root/perf/instructions/perfledger.yaml" --ledger "$scratch/ledger.db" run -q ${INSTRUCTIONS_ROUNDS:+--rounds "$INSTRUCTIONS_ROUNDS" --allow-few} --json \
        >"$scratch/shown.json" || status=$?
    [ "$status" -eq 0 ] || exit "$status"
    "$perfledger" --ledger "$scratch/ledger.db" export latest -o "$scratch/run.json"
}

case $verb in
count) count; exit ;;
gate | save) ;;
*) echo "usage: bench/instructions.sh gate|save|count BUILD" >&2; exit 2 ;;
esac
[ -x "$perfledger" ] || { echo "bench/instructions.sh: there is no $perfledger; ./dev build makes build/release" >&2; exit 3; }
if ! command -v valgrind >/dev/null; then
    echo "instructions: skipped, there is no valgrind"
    exit 0
fi
kept=$root/perf/instructions/$(platform).json
measure
if [ "$verb" = save ]; then
    cp "$scratch/run.json" "$kept"
    echo "wrote $kept"
elif [ -f "$kept" ]; then
    "$perfledger" compare "$kept" "$scratch/run.json" --metric instructions --tolerance "$tolerance" --fail-on regressed,failed,missing --allow-machine-change
else
    "$perfledger" compare "$scratch/run.json" "$scratch/run.json" --metric instructions || true
    echo "instructions: shown only, for $(basename "$kept" .json) is not in perf/instructions/ (bench/instructions.sh save $build)"
fi
