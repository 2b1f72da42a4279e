# A warning of the library is said once, however many launches give it: on standard error and in the JSON of a program that runs alone,
# beside the benchmark in perfledger's report.
. "$CASE_LIB"
command -v objdump >/dev/null || skip "no objdump (binutils)"
library=$(dirname "$PFL_CHILD")/libperfledger.a
[ -e "$library" ] || skip 'libperfledger is not built'
sanitize=
! nm "$library" | grep -q __asan_ || sanitize=-fsanitize=address,undefined

cat >warns.c <<'C'
#include <perfledger/perfledger.h>
#include <stdio.h>
PFL_BENCH_ARGS(uncounted, PFL_ALLOCATIONS) { PFL_LOOP(b) { pfl_keep(b); pfl_keep(1); pfl_keep(2); } }
PFL_BENCH_ARGS(uncounted_too, PFL_ALLOCATIONS) { PFL_LOOP(b) { pfl_keep(b); } }
PFL_BENCH(lost)
{
    pfl_artifact_function(b, "nowhere");
    PFL_LOOP(b) { pfl_keep(b); }
}
PFL_BENCH_ARGS(many, PFL_ARGS(i, 1, 2))
{
    int i;
    char name[20];

    for (i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "nowhere_%d", i);
        pfl_artifact_function(b, name);
    }
    PFL_LOOP(b) { pfl_keep(b); }
}
int main(int argc, char **argv)
{
    PFL_BUDGET("set-up", PFL_BUDGET_DEFAULT) printf("set up\n"); /* before a launch knows that it is one */
    return pfl_main(argc, argv);
}
C
# shellcheck disable=SC2086
cc -O2 $sanitize -I"$CASE_ROOT/include" warns.c "$library" -lm -pthread -o warns || exit 1
PERFLEDGER_TIME_BUDGET=soon
PERFLEDGER_BENCH_SECONDS=0.001
export PERFLEDGER_TIME_BUDGET PERFLEDGER_BENCH_SECONDS

alone() {
    rm -f report.json
    status 0 ./warns --json=report.json --time 0.003 "$@"
    grep warning: err | cut -c 1-75
    json '"\n".join("JSON: " + w[:40] for w in d["run"]["warnings"] if "no time" not in w)' <report.json
}
echo '== alone'
alone --launches 3 'unc*' lost
echo '== in one process'
alone --launches 1 'unc*' lost
echo '== what is not run says nothing'
status 0 ./warns --list
cat err
alone --launches 2 lost
echo '== many'
status 0 ./warns --launches 2 --time 0.002 many
same 'different ones' "$(grep -c 'is not recorded' err)" 63
grep 'more than' err

echo '== under perfledger'
cat >perfledger.yaml <<'Y'
project: warns
defaults: { rounds: 3, warmup: 0 }
suites:
  - { name: k, harness: perfledger, command: ./warns }
Y
perfledger run --allow-few --no-record 'k/unc*' k/lost >out 2>err
same status $? 0
tr -s ' \n' ' ' <out | grep -oE '! [^!]*(wants its|is not recorded|is not a number)' | sort
