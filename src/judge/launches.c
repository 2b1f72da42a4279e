/*
 * One value per launch. A launch (one process) is the unit of replication: iterations inside a
 * process agree with one another far better than processes do (error bars of ±0.3 % beside
 * invocations that scatter by 5 %), so they are first reduced to their median, and every interval
 * is over launches. Results with one value per launch are copied as they stand.
 */
#include "base/alloc.h"
#include "judge/internal.h"

#include <string.h>

/* Values of launch l stand in grouped[starts[l] … starts[l + 1]); NaN and values of unknown
 * launches are left out. */
static void group(const struct pfl_result *result, size_t launches, double *grouped, size_t *starts)
{
    size_t i, next = 0, count;

    memset(starts, 0, (launches + 1) * sizeof *starts);
    for (i = 0; i < result->n; i++)
        if (result->launch_of[i] < launches && !isnan(result->values[i]))
            starts[result->launch_of[i]]++;
    for (i = 0; i <= launches;
         i++) { /* counts → ends, from which the values are filled in backwards */
        count = starts[i];
        next += count;
        starts[i] = next;
    }
    for (i = result->n; i > 0; i--)
        if (result->launch_of[i - 1] < launches && !isnan(result->values[i - 1]))
            grouped[--starts[result->launch_of[i - 1]]] = result->values[i - 1];
}

int pfl_judge_by_launch(const struct pfl_result *result, size_t launches, double *out,
                        struct pfl_err *err)
{
    double *grouped;
    size_t *starts, i;

    if (!result->launch_of) {
        for (i = 0; i < launches; i++)
            out[i] = i < result->n ? result->values[i] : NAN;
        return PFL_OK;
    }
    grouped = pfl_alloc(result->n * sizeof *grouped);
    starts = pfl_alloc((launches + 1) * sizeof *starts);
    if (!grouped || !starts) {
        pfl_free(grouped);
        pfl_free(starts);
        return pfl_err_no_memory(err);
    }
    group(result, launches, grouped, starts);
    for (i = 0; i < launches; i++) {
        pfl_stats_sort(grouped + starts[i], starts[i + 1] - starts[i]);
        out[i] = pfl_stats_median_sorted(grouped + starts[i], starts[i + 1] - starts[i]);
    }
    pfl_free(grouped);
    pfl_free(starts);
    return PFL_OK;
}
