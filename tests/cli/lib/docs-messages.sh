# What docs/microbenchmarks.md says that bad use is answered with is what it is answered with.
. "$CASE_LIB"
command -v "${CC:-cc}" >/dev/null || skip "no C compiler"
[ -z "$PFL_SANITIZED" ] || skip "the library is built with a sanitizer"
library=$(dirname "$(readlink -f "$(command -v perfledger)")")/libperfledger.a
cat >bad.c <<'C'
#include <perfledger/perfledger.h>
#include <stdlib.h>
PFL_BENCH(no_loop) { pfl_keep(1); }
PFL_BENCH(left) { PFL_LOOP(b) { break; } }
PFL_BENCH(two_loops) { PFL_LOOP(b) { pfl_keep(1); } PFL_LOOP(b) { pfl_keep(2); } }
PFL_BENCH(negative) { PFL_LOOP(b) { pfl_keep(1); } pfl_counter(b, "probes", -3, PFL_COUNTER_RATE); }
PFL_BENCH(infinite) { PFL_LOOP(b) { pfl_keep(1); } pfl_metric(b, "ratio", 1.0 / 0.0, "1", PFL_LOWER_IS_BETTER); }
PFL_BENCH(no_argument) { pfl_arg_int(b, "n"); PFL_LOOP(b) { pfl_keep(1); } }
PFL_BENCH(nested) { PFL_LOOP(b) { pfl_pause(b); pfl_pause(b); pfl_resume(b); } }
PFL_BENCH(unclosed) { PFL_LOOP(b) { pfl_pause(b); } }
PFL_BENCH(alone) { PFL_LOOP(b) { pfl_resume(b); } }
PFL_BENCH(wrong) { int sum = 3; PFL_LOOP(b) { pfl_keep(sum); } pfl_validate(sum == 4, "the sum is wrong"); }
PFL_BENCH_ARGS(never, PFL_TIMEOUT(1)) { PFL_LOOP(b) { for (;;) pfl_keep(1); } }
PFL_BENCH_ARGS(manual, PFL_MANUAL_TIME) { PFL_LOOP(b) { pfl_keep(1); } }
PFL_BENCH(crash) { PFL_LOOP(b) { abort(); } }
PFL_BENCH(exits) { PFL_LOOP(b) { exit(0); } }
PFL_BENCH(fine) { PFL_LOOP(b) { pfl_keep(1); } }
PFL_MAIN()
C
build() { "${CC:-cc}" -O2 -std=c17 -D_GNU_SOURCE -I"$CASE_ROOT/include" "$@" "$library" -lm -pthread || exit 1; }
build bad.c -o bad
status 1 ./bad --json --launches 2 --time 0.01
json '"\n".join(sorted(set(r["reason"] for r in d["results"] if r["status"] == "failed")))' <out >reasons
same "those that failed" "$(wc -l <reasons | tr -d ' ')" 14
same "the others went on" "$(json 'len([r for r in d["results"] if r["benchmark"] == "fine" and r["metric"] == "time"])' <out)" 1
# Up to the place in the source, which the page leaves out mostly.
sed -E 's/ \([^()]*bad\.c:[0-9]+\)$//; s/ \(`continue` is fine\).*//' reasons | while read -r reason; do
    grep -qF -- "$reason" "$CASE_ROOT/docs/microbenchmarks.md" || { echo "the page does not have: $reason"; exit 1; }
done || exit 1
printf '#include <perfledger/bench.h>\nPFL_BENCH(parse) { PFL_LOOP(b) { pfl_keep(1); } }\n' >twice2.c
{ cat twice2.c; echo "PFL_MAIN()"; } >twice1.c
build twice1.c twice2.c -o twice
status 2 ./twice
holds err "benchmark parse is registered twice: "
echo "all as the page says"
