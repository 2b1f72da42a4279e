# The order of limits: a budget before its benchmark's timeout, that before the launch's. Each is seen to act where the tighter ones are
# not there, and not to act where one is; nothing here measures how long that took.
. "$CASE_LIB"
library=$(dirname "$PFL_CHILD")/libperfledger.a
[ -e "$library" ] || skip 'libperfledger is not built'
sanitize=
! nm "$library" | grep -q __asan_ || sanitize=-fsanitize=address,undefined

cat >limits.c <<'C'
#include <perfledger/perfledger.h>
#include <stdlib.h>
static volatile int forever = 1;
static void spin(void)
{
    while (forever)
        ;
}
PFL_BENCH_ARGS(good, PFL_TIMEOUT(100))
{
    static const double got[] = {1, 2.5}, reference[] = {1, 2};

    pfl_parity(b, "max_abs", got, reference, 2);
    pfl_parity(b, "max_rel", got, reference, 2);
    PFL_LOOP(b) { pfl_keep(b); }
}
/* A budget, then the benchmark's timeout, then the launch's. */
PFL_BENCH_ARGS(polled, PFL_TIMEOUT(100))
{
    PFL_BUDGET("work", 0.05)
        while (!pfl_budget_exceeded())
            ;
    PFL_LOOP(b) { pfl_keep(b); }
}
PFL_BENCH_ARGS(hard, PFL_TIMEOUT(100))
{
    PFL_BUDGET_HARD("work", 0.05) spin();
    PFL_LOOP(b) { pfl_keep(b); }
}
/* A budget that nobody asks for: the benchmark's timeout. */
PFL_BENCH_ARGS(unasked, PFL_TIMEOUT(0.3))
{
    PFL_BUDGET("work", 0.05) spin();
    PFL_LOOP(b) { pfl_keep(b); }
}
/* Neither: the launch's. */
PFL_BENCH_ARGS(endless, PFL_TIMEOUT(1000))
{
    PFL_BUDGET("work", 1000) spin();
    PFL_LOOP(b) { pfl_keep(b); }
}
PFL_MAIN()
C
# shellcheck disable=SC2086
cc -O1 $sanitize -I"$CASE_ROOT/include" limits.c "$library" -lm -pthread -o limits || exit 1

# under NAME: what perfledger says of it, and whether the launch timeout was reached.
under() {
    cat >perfledger.yaml <<Y
project: limits
defaults: { rounds: 1, warmup: 0, timeout: ${2:-100s} }
suites:
  - { name: kernels, harness: perfledger, command: ./limits }
Y
    perfledger run --allow-few --no-record "kernels/$1" >out 2>err
    echo "$1: exit status $?"
    grep -oE 'kernels[a-z/]* +(FAILED|TIMED OUT)|the budget of .*|did not end within [^:]*|a launch did not end within.*' out | sed 's/  */ /g'
}
PERFLEDGER_BENCH_SECONDS=0.001
export PERFLEDGER_BENCH_SECONDS
under good
perfledger run --allow-few --no-record --json kernels/good >out 2>err
json '"\n".join(sorted("  %s %s %g" % (r["metric"], r["variant"], r["median"]) for r in d["results"] if r["metric"] == "parity_error"))' <out
under polled
under hard
under unasked
under endless 2s
