/*
 * What a busy machine does to a comparison. While something else wants the CPU, wall-clock time is
 * the program's time plus its waiting, and waiting is not the program's doing.
 *
 * Two things follow. Sessions differ by far more than the quiet figures: the 5 % (wall) and 3 %
 * (CPU) that are assumed without a history become 20 % and 7.5 %, which is what the share of
 * identical pairs says that the gate "median of 5, +10 %" cried wolf on with the other core busy
 * (36 % on wall, 17 % on CPU time: 0.10 / (z √2) with z = 0.36 and 0.95). And for a command that
 * was bound to one CPU in both runs, the verdict on its time is taken from its CPU time; the ratio
 * shown stays the wall-clock's.
 *
 * "Bound to one CPU" is asked of the least disturbed launch: median CPU time between 0.8 and 1.05
 * of the shortest wall-clock time. Above that several threads work, and CPU time would not show
 * parallelism lost; below it the command waits for something of its own.
 */
#include "judge/internal.h"

#include <string.h>

static const double wall_sd = 0.20, cpu_sd = 0.075;
static const double least_busy = 0.8, most_busy = 1.05;

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

bool pfl_judge_cpu_bound(const struct pfl_benchmark *bench)
{
    const struct pfl_result *time = pfl_benchmark_find(bench, "time", "");
    const struct pfl_result *cpu = pfl_benchmark_find(bench, "cpu", "");

    return time && cpu && cpu->summary.median >= least_busy * time->summary.min &&
           cpu->summary.median <= most_busy * time->summary.min;
}

bool pfl_judge_cpu_decides(const struct pfl_judge *judge, const struct pfl_benchmark *base,
                           const struct pfl_benchmark *head, const char *metric)
{
    return judge->contended && base && (!strcmp(metric, "time") || !strcmp(metric, "throughput")) &&
           pfl_judge_cpu_bound(base) && pfl_judge_cpu_bound(head);
}

int pfl_judge_take_cpu_verdict(struct pfl_judge *judge, struct pfl_row *row,
                               const struct pfl_row *cpu)
{
    row->verdict = cpu->verdict;
    row->mde = cpu->mde;
    row->margin = cpu->margin;
    row->more_launches = cpu->more_launches;
    row->advice = cpu->advice;
    pfl_buf_format(&judge->words, "the CPU was contended, so CPU time decides: %s", cpu->reason);
    row->reason = pfl_judge_words_end(judge);
    return row->reason ? PFL_OK : pfl_err_no_memory(judge->err);
}
