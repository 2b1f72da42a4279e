#!/bin/sh
# bench/compile_time.sh BUILD: what it costs to compile one file with one benchmark, ours beside Google Benchmark's, all in one run of
# perfledger (commands interleaved, launch by launch). Skips, visibly, what is not installed (libbenchmark-dev, a C++ compiler).
#
# PFL_COMPILE_ROUNDS: launches of each (20).
set -eu
build=$(cd "$1" && pwd)
root=$(cd "$(dirname "$0")/.." && pwd)
rounds=${PFL_COMPILE_ROUNDS:-20}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
command -v "${CXX:-c++}" >/dev/null || { echo "skipped: there is no C++ compiler, so nothing to compare with"; exit 0; }

# One benchmark, and nothing else that would have to be compiled: a dependent chain of integers.
cat >ours.c <<'C'
#include <perfledger/bench.h>
PFL_BENCH(chain)
{
    uint64_t x = 2;
    PFL_LOOP(b) { x = x * 3 + 1; pfl_keep(x); }
}
PFL_MAIN()
C
cp ours.c ours.cpp
sed 's,<perfledger/bench.h>,"perfledger.h",' ours.c >header.c
cp header.c header.cpp
printf '#include <stdint.h>\nuint64_t chain(uint64_t x);\nuint64_t chain(uint64_t x) { return x * 3 + 1; }\n' >bare.c
cp bare.c bare.cpp
printf '#define PFL_IMPLEMENTATION\n#include "perfledger.h"\n' >implementation.c
cat >google.cpp <<'C'
#include <benchmark/benchmark.h>
static void chain(benchmark::State &state)
{
    uint64_t x = 2;
    for (auto _ : state) { x = x * 3 + 1; benchmark::DoNotOptimize(x); }
}
BENCHMARK(chain);
BENCHMARK_MAIN();
C

cc="${CC:-cc} -O2 -I$root/include -I$build/dist -c -o out.o" cxx="${CXX:-c++} -O2 -I$root/include -I$build/dist -c -o out.o"
google=google
# shellcheck disable=SC2086
$cxx google.cpp 2>/dev/null || google=
set -- bare-c "$cc bare.c" ours-c "$cc ours.c" header-c "$cc header.c" implementation "$cc implementation.c" \
    bare-c++ "$cxx bare.cpp" ours-c++ "$cxx ours.cpp" header-c++ "$cxx header.cpp"
[ -z "$google" ] || set -- "$@" google "$cxx google.cpp"
names=
while [ $# -gt 0 ]; do
    names="$names --name $1"
    printf '%s\n' "$2" >>commands
    shift 2
done
set --
while read -r command; do set -- "$@" "$command"; done <commands
# shellcheck disable=SC2086
"$build/perfledger" run -q --no-record --rounds "$rounds" --warmup 1 --json $names -- "$@" >run.json 2>/dev/null

# One object a line: benchmark, metric, median.
sed 's/{"benchmark":"adhoc\//\n/g' run.json | sed -nE 's/^([^"]+)".*"metric":"(time|cpu)",.*"median":([0-9.e-]+).*/\1 \2 \3/p' >figures
value() { awk -v name="$1" -v metric="$2" '$1 == name && $2 == metric { printf "%.6g", $3 * 1000 }' figures; }
ratio() { awk -v a="$(value "$1" cpu)" -v b="$(value "$2" cpu)" 'BEGIN { if (b > 0) printf "%.2f", a / b }'; }

printf '%-52s %9s %9s %10s\n' "compiling one file (-O2 -c), milliseconds" wall cpu "to google"
while IFS='|' read -r name what; do
    [ -n "$(value "$name" time)" ] || continue
    printf '%-52s %9.1f %9.1f %10s\n' "$what" "$(value "$name" time)" "$(value "$name" cpu)" "$(ratio "$name" google)"
done <<'T'
bare-c|C: the function alone
ours-c|C: one benchmark, perfledger/bench.h
header-c|C: the same with the one header
implementation|C: PFL_IMPLEMENTATION, once in a program
bare-c++|C++: the function alone
ours-c++|C++: one benchmark, perfledger/bench.h
header-c++|C++: the same with the one header
google|C++: one benchmark, benchmark/benchmark.h
T
if [ -n "$google" ]; then
    awk -v c="$(ratio ours-c google)" -v cxx="$(ratio ours-c++ google)" 'BEGIN {
        printf "bar: <= 0.20 of Google Benchmark (CPU time): C %s %s, C++ %s %s\n", c, c <= 0.2 ? "met" : "MISSED",
            cxx, cxx <= 0.2 ? "met" : "MISSED" }'
else
    echo "skipped: Google Benchmark is not installed (libbenchmark-dev), so there is no ratio"
fi
