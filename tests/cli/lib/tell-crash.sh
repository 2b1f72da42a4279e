# A benchmark that ends the program under perfledger fails alone, whatever came before it in that launch, and the others go on.
. "$CASE_LIB"
library=$(dirname "$PFL_CHILD")/libperfledger.a
[ -e "$library" ] || skip 'libperfledger is not built'
sanitize=
! nm "$library" | grep -q __asan_ || sanitize=-fsanitize=address,undefined

cat >crash.c <<'C'
#include <perfledger/perfledger.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
PFL_BENCH_ARGS(fine, PFL_ARGS(n, 1, 2, 3)) { PFL_LOOP(b) { pfl_keep(b); } }
PFL_BENCH_ARGS(crash, PFL_ARGS(n, 1, 2))
{
    int bad = pfl_arg_int(b, "n") == 2;

    PFL_LOOP(b)
    {
        if (bad) {
            signal(SIGSEGV, SIG_DFL);
            raise(SIGSEGV);
        }
        pfl_keep(b);
    }
}
PFL_BENCH(leave) { PFL_LOOP(b) { _exit(0); } }
PFL_BENCH(code) { PFL_LOOP(b) { _exit(7); } }
PFL_BENCH_ARGS(never, PFL_TIMEOUT(0.05)) { PFL_LOOP(b) { for (;;) pause(); } }
PFL_MAIN()
C
# shellcheck disable=SC2086
cc -O2 $sanitize -I"$CASE_ROOT/include" crash.c "$library" -lm -pthread -o crash || exit 1
cat >perfledger.yaml <<'Y'
project: crash
defaults: { rounds: 8, warmup: 0 }
suites:
  - { name: k, harness: perfledger, command: ./crash }
Y
sed -i 's/command: .\/crash/&, env: { PERFLEDGER_BENCH_SECONDS: "0.001" }/' perfledger.yaml
failures() {
    grep -A1 FAILED said | grep -v '^--'
    json '", ".join(sorted({"%s %s" % (r["benchmark"], r["status"]) for r in d["results"]}))' <out
}
perfledger run --allow-few --no-record >said 2>&1
perfledger run --allow-few --no-record --json >out 2>err
same status $? 4
failures
# At most four launches ended early.
same 'samples' "$(json 'all(len([x for x in r["samples"] if x is not None]) >= 4 for r in d["results"] if r["benchmark"][:6] == "k/fine" and r["metric"] == "time")' <out)" true
echo '== nothing else is left'
perfledger run --allow-few --no-record k/leave >said 2>&1
perfledger run --allow-few --no-record --json k/leave >out 2>err
same status $? 4
failures
echo '== the wire'
PERFLEDGER_FD=5 PERFLEDGER_SUITE=k PERFLEDGER_SELECT='k/fine' PERFLEDGER_EXCLUDE='k/fine[n=1]
k/fine[n=3]' ./crash 5>wire
same status $? 0
grep begin wire
