# examples/kernels builds against the library as it lies in the build folder, every benchmark of it runs and finds its results right,
# and the pipeline reports its stages.
. "$CASE_LIB"
command -v "${CC:-cc}" >/dev/null || skip "no C compiler"
[ -z "$PFL_SANITIZED" ] || skip "the library is built with a sanitizer"
built=$(dirname "$(readlink -f "$(command -v perfledger)")")
library=$built/libperfledger.a
[ -f "$library" ] || { echo "there is no $library"; exit 1; }
cp -r "$CASE_ROOT/examples/kernels/." .
for program in bench_kernels orders; do
    "${CC:-cc}" -O1 -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror -I"$CASE_ROOT/include" $program.c src/*.c "$library" -lm -pthread -o $program || exit 1
done
status 0 ./bench_kernels --list
same "lists each combination" "$(grep -c . out)" "$(sort -u out | grep -c .)"
holds out "sort/intro[kind=random,n=100]"
status 0 ./bench_kernels --once
status 0 ./orders make 3000 orders.csv
PERFLEDGER_STAGES=1 status 0 ./orders report orders.csv totals.csv
holds err "group"
holds err "write"
same "no order is lost" "$(awk -F, '{ n++ } END { print n }' orders.csv)" 3000
same "the largest first" "$(cut -d, -f2 totals.csv)" "$(cut -d, -f2 totals.csv | sort -rg)" >sorted
PERFLEDGER_TIME_BUDGET=0.000001 status 1 ./orders report orders.csv totals.csv
holds err "budget exceeded: group after"
same "configuration" "$(perfledger run --list 2>&1 | grep -cx orders)" 1
echo "works"
