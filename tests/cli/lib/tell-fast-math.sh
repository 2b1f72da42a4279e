# Accuracy compiled with -ffast-math, as a one-file form may be: what is not a number is still seen, and errors are told as they are.
. "$CASE_LIB"
library=$(dirname "$PFL_CHILD")/libperfledger_objects.a
[ -e "$library" ] || skip 'the files of the library are not built'
sanitize=
! nm "$library" | grep -q __asan_ || sanitize=-fsanitize=address,undefined

cat >fast.c <<'C'
#include <perfledger/perfledger.h>
#include <stdlib.h>
static double read_number(const char *text)
{
    return strtod(text, NULL);
}
static void compare(struct pfl_bench *b, const char *measure, const char *got, const char *reference)
{
    const double g[] = {1, read_number(got)}, r[] = {1, read_number(reference)};

    pfl_parity(b, measure, g, r, 2);
    PFL_LOOP(b) { pfl_keep(b); }
}
PFL_BENCH(both_nan) { compare(b, "max_abs", "nan", "nan"); }
PFL_BENCH(both_infinite) { compare(b, "rms", "inf", "inf"); }
PFL_BENCH(fine) { compare(b, "max_abs", "1.5", "1.25"); }
PFL_BENCH(got_nan) { compare(b, "max_abs", "nan", "2"); }
PFL_BENCH(got_infinite) { compare(b, "rel_l2", "inf", "2"); }
PFL_BENCH(reference_nan) { compare(b, "max_ulp", "2", "nan"); }
PFL_BENCH(too_large) { compare(b, "max_abs", "1.7e308", "-1.7e308"); }
PFL_MAIN()
C
for cc in gcc clang; do
    command -v $cc >/dev/null || continue
    $cc -O2 -ffast-math -D_GNU_SOURCE -w $sanitize -I"$CASE_ROOT/include" "$CASE_ROOT/lib/accuracy.c" "$CASE_ROOT/lib/json_text.c" fast.c \
        "$library" -lm -pthread -o fast || exit 1
    PERFLEDGER_FD=3 PERFLEDGER_BENCH_SECONDS=0.001 ./fast 3>wire >out 2>err
    grep -E "^.(\"fail|\"metric\":\"parity)" wire | sort >"told.$cc"
done
cat told.gcc
[ ! -e told.clang ] || diff told.gcc told.clang
