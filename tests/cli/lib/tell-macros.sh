# Budgets, stages, accuracy and artefacts from C99 and C++11, gcc and clang, no warning; a budget ends with its block, by an exception too.
. "$CASE_LIB"
library=$(dirname "$PFL_CHILD")/libperfledger.a
[ -e "$library" ] || skip 'libperfledger is not built'
sanitize=
! nm "$library" | grep -q __asan_ || sanitize=-fsanitize=address,undefined

cat >both.h <<'C'
#include <perfledger/perfledger.h>
#include <math.h>
#include <stdio.h>
static void wait_for_it(void)
{
    while (!pfl_budget_exceeded())
        ;
}
static int returns(void)
{
    PFL_BUDGET("return", 0.001) {
        wait_for_it();
        return 1;
    }
    return 0;
}
static void all_ways(void)
{
    int i, sum = 0;

    PFL_BUDGET("end", 0.001) wait_for_it();
    printf("end: %d\n", pfl_budget_overrun());
    printf("returns %d: %d\n", returns(), pfl_budget_overrun());
    for (i = 0; i < 3; i++) {
        PFL_BUDGET("continue", i == 1 ? 0.001 : PFL_BUDGET_DEFAULT) {
            if (i != 1)
                continue;
            wait_for_it();
            break;
        }
        sum += 10 + pfl_budget_overrun();
    }
    printf("loop: %d\n", sum);
    PFL_BUDGET("outer", 1000) {
        PFL_BUDGET("inner", 0.001) {
            wait_for_it();
            goto out;
        }
    }
out:
    printf("goto: %d, left %g\n", pfl_budget_overrun(), pfl_budget_left());
    PFL_BUDGET("disabled", 0) printf("disabled: %d\n", pfl_budget_exceeded());
}
PFL_BENCH(all)
{
    static const double got[] = {1, 2}, same[] = {1, 2};

    pfl_artifact_bytes(b, "bytes", "abc", 3);
    if (pfl_parity(b, "max_ulp", got, same, 2) != 0)
        pfl_fail(b, "parity");
    PFL_LOOP(b) { pfl_keep(got[1]); }
}
C
cat >c.c <<'C'
#include "both.h"
int main(void)
{
    pfl_stage("all");
    all_ways();
    pfl_stage(NULL);
    return 0;
}
C
cat >cxx.cc <<'C'
#include "both.h"
struct held {
    ~held() { puts("released"); }
};
int main()
{
    all_ways();
    try {
        PFL_BUDGET("exception", 0.001) {
            held resource;
            wait_for_it();
            throw 7;
        }
    } catch (int) {
        printf("exception: %d, %d\n", pfl_budget_overrun(), pfl_budget_exceeded());
    }
    PFL_BUDGET_HARD("hard", 1000) puts("hard");
    return 0;
}
C
lang=
strict="-Wall -Wextra -Wshadow -Wconversion -pedantic -Werror"
try() {
    # shellcheck disable=SC2086
    "$@" $strict $sanitize -O2 -I"$CASE_ROOT/include" "$library" -lm -pthread -o program || exit 1
    ./program >out 2>err || exit 1
    sed -E 's/after [0-9]+\.[0-9]{3} s$/after T/' err >>out
    if [ -e "expected.$lang" ]; then diff "expected.$lang" out || exit 1; else cp out "expected.$lang"; fi
}
for cc in gcc clang; do
    ! command -v $cc >/dev/null || lang=c try $cc -std=c99 c.c
done
cat expected.c
for cxx in g++ clang++; do
    ! command -v $cxx >/dev/null || lang=cxx try $cxx -std=c++11 cxx.cc
done
diff expected.c expected.cxx
exit 0
