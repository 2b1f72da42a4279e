/*
 * What a busy machine does to a comparison. While something else wants the CPU, wall-clock time is
 * the program's time plus its waiting, and waiting is not the program's doing.
 *
 * Two things follow. Sessions differ by far more than the quiet figures: the 5 % (wall) and 3 %
 * (CPU) that are assumed without a history become 20 % and 7.5 %, which is what the share of
 * identical pairs says that the gate "median of 5, +10 %" cried wolf on with the other core busy
 * (36 % on wall, 17 % on CPU time: 0.10 / (z √2) with z = 0.36 and 0.95). And for a command bound
 * to one CPU, the gate on its time is put on its CPU time.
 *
 * How far CPU time is believed depends on its share of the shortest (least disturbed) launch:
 *
 *   above 1.05 in a run   several threads: CPU time would not show parallelism that was lost; not
 * asked 0.8 and more in both  the command does nothing but compute: CPU time decides 0.5 and more
 * in both  it may have waited for a CPU, or for something of its own: CPU time may convict (half of
 * its time grew for sure) but not acquit less                  it waits by nature: not asked
 */
#include "judge/internal.h"

#include <string.h>

static const double wall_sd = 0.20, cpu_sd = 0.075;
static const double bound_share = 0.8, convicting_share = 0.5, most_share = 1.05;

static bool is_metric(const char *name, const char *metric)
{
    size_t len = strlen(metric);

    return strncmp(name, metric, len) == 0 && (name[len] == 0 || name[len] == ':');
}

double pfl_judge_contended_sd(const char *metric, double quiet_sd)
{
    static const char *const wall[] = {"time", "throughput", "first_call", "compile_time"};
    static const char *const cpu[] = {"cpu", "user", "sys"};
    size_t i;

    for (i = 0; i < PFL_COUNT(wall); i++)
        if (is_metric(metric, wall[i]))
            return fmax(quiet_sd, wall_sd);
    for (i = 0; i < PFL_COUNT(cpu); i++)
        if (is_metric(metric, cpu[i]))
            return fmax(quiet_sd, cpu_sd);
    return quiet_sd;
}

static double cpu_share(const struct pfl_benchmark *bench)
{
    const struct pfl_result *time = pfl_benchmark_find(bench, "time", "");
    const struct pfl_result *cpu = pfl_benchmark_find(bench, "cpu", "");

    return time && cpu ? pfl_judge_raw(cpu).median / time->summary.min : 0;
}

/* Its samples are too short to have waited, and the yardstick beside them would have waited, too.
 */
static bool is_inside(const struct pfl_benchmark *bench)
{
    const struct pfl_result *time = pfl_benchmark_find(bench, "time", "");

    return time && time->normalised.inside;
}

enum pfl_judge_cpu_word pfl_judge_cpu_word(const struct pfl_judge *judge,
                                           const struct pfl_benchmark *base,
                                           const struct pfl_benchmark *head)
{
    double before, after;

    if (!judge->contended || !base || (is_inside(base) && is_inside(head)))
        return PFL_JUDGE_CPU_SILENT;
    before = cpu_share(base);
    after = cpu_share(head);
    if (!(fmax(before, after) <= most_share) || !(fmin(before, after) >= convicting_share))
        return PFL_JUDGE_CPU_SILENT;
    return fmin(before, after) >= bound_share ? PFL_JUDGE_CPU_DECIDES : PFL_JUDGE_CPU_CONVICTS;
}

bool pfl_judge_is_wall(const char *metric)
{
    return strcmp(metric, "time") == 0 || strcmp(metric, "throughput") == 0;
}

int pfl_judge_say_who_decides(struct pfl_judge *judge, enum pfl_judge_cpu_word word,
                              struct pfl_row *row)
{
    bool acquits = row->verdict == PFL_VERDICT_UNCHANGED || row->verdict == PFL_VERDICT_IMPROVED;

    if (word == PFL_JUDGE_CPU_SILENT)
        return PFL_OK;
    if (word == PFL_JUDGE_CPU_CONVICTS && acquits) {
        pfl_buf_format(
            &judge->words,
            "cannot tell: CPU time is %s, but the command waited too, and on a busy machine "
            "nobody knows for what; measure again on a quieter one",
            pfl_verdict_text(row->verdict));
        row->verdict = PFL_VERDICT_INCONCLUSIVE;
        row->advice = "measure again on a quieter machine";
    } else {
        pfl_buf_format(&judge->words, "the CPU was contended, so CPU time decides: %s",
                       row->reason);
    }
    row->reason = pfl_judge_words_end(judge);
    return row->reason ? PFL_OK : pfl_err_no_memory(judge->err);
}
