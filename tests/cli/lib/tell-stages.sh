# Stages and a budget of a real program under perfledger: metrics of each stage; a budget that is exceeded makes the launch a failure.
. "$CASE_LIB"
library=$(dirname "$PFL_CHILD")/libperfledger.a
[ -e "$library" ] || skip 'libperfledger is not built'
sanitize=
! nm "$library" | grep -q __asan_ || sanitize=-fsanitize=address,undefined

cat >pipeline.c <<'C'
#include <perfledger/perfledger.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static void wait_for_it(void)
{
    while (!pfl_budget_exceeded())
        ;
}
int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "fine";
    char *bytes;

    pfl_stage("read");
    usleep(100000); /* perfledger reads the peak when it hears of the next stage: it may be busy */
    pfl_stage("assemble");
    usleep(100000);
    bytes = malloc(64 << 20);
    memset(bytes, 1, 64 << 20);
    pfl_keep_memory(bytes);
    free(bytes);
    usleep(100000);
    pfl_stage("solve");
    usleep(100000);
    if (strcmp(how, "late") == 0)
        PFL_BUDGET("solve", 0.01) wait_for_it();
    if (strcmp(how, "hard") == 0)
        PFL_BUDGET_HARD("solve", 0.01) for (;;)
            ;
    pfl_artifact_bytes(NULL, "answer", how, strlen(how));
    return 0;
}
C
# shellcheck disable=SC2086
cc -O1 $sanitize -I"$CASE_ROOT/include" pipeline.c "$library" -lm -pthread -o pipeline || exit 1

status 0 perfledger run --allow-few -r 2 -w 0 --no-record --json -- ./pipeline
json '"\n".join(sorted("%s %s %s %d" % (r["metric"], r.get("variant", ""), r["unit"], r["launches"] if r["metric"][:5] != "peak_" else 0) for r in d["results"] if ":" in r["metric"] or "artifact" in r["metric"]))' <out
# A sanitizer holds what was freed back for a while: then the stage behind it has it, too.
if [ "$sanitize" ]; then
    echo 'the stage with the memory has the largest peak: peak_rss:assemble'
else
    same 'the stage with the memory has the largest peak' \
        "$(json 'max((r for r in d["results"] if r["metric"].startswith("peak_rss:")), key=lambda r: r["median"])["metric"]' <out)" peak_rss:assemble
fi

status 4 perfledger run --allow-few -r 1 -w 0 --no-record -- ./pipeline late
grep -ho 'the budget of solve was exceeded: 0.01 s' out err | sort -u
status 4 perfledger run --allow-few -r 1 -w 0 --no-record -- ./pipeline hard
grep -ho 'the budget of solve was exceeded: 0.01 s' out err | sort -u

# Alone.
PERFLEDGER_STAGES=1 status 0 ./pipeline
sed -E 's/ +[0-9.]+ (us|ms|s )/ T/g; s/ +([0-9.]+ MiB|-)$/ PEAK/' err
status 124 ./pipeline hard
sed -E 's/after [0-9.]+ s/after T/' err
