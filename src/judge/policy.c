/* The policy that holds when nobody says otherwise (docs/statistics.md gives the reasons), and a
 * run's summaries. */
#include "base/alloc.h"
#include "judge/internal.h"

#include <string.h>

void pfl_policy_defaults(struct pfl_policy *policy)
{
    memset(policy, 0, sizeof *policy);
    policy->confidence = 0.99;
    policy->false_discovery_rate = 0.01;
    policy->tolerance = NAN;
    policy->fail_on = PFL_FAIL_ON_REGRESSED | PFL_FAIL_ON_FAILED | PFL_FAIL_ON_MISSING;
}

/* inside: the benchmark has a yardstick of its own; looked up once, for there may be ten thousands
 * of results. */
static int summarise(const struct pfl_run *run, const struct pfl_benchmark *bench, bool inside,
                     struct pfl_result *result, struct pfl_err *err)
{
    double *values;
    int rc;

    memset(&result->normalised, 0, sizeof result->normalised);
    if ((!result->launch_of && run->yardstick_count < PFL_JUDGE_READINGS_LEAST && !inside) ||
        result->text)
        return pfl_stats_summarise(result->values, result->text ? 0 : result->n, &result->summary,
                                   err);
    values = pfl_alloc(bench->launch_count * sizeof *values);
    if (!values)
        return pfl_err_no_memory(err);
    rc = pfl_judge_by_launch(result, bench->launch_count, values, err);
    if (rc == PFL_OK)
        rc = pfl_stats_summarise(values, bench->launch_count, &result->summary, err);
    if (rc == PFL_OK && inside)
        rc = pfl_judge_normalise_inside(run, bench, values, result, err);
    else if (rc == PFL_OK)
        rc = pfl_judge_normalise(run, bench, values, result, err);
    pfl_free(values);
    return rc;
}

int pfl_judge_summarise(struct pfl_run *run, struct pfl_err *err)
{
    struct pfl_benchmark *bench;
    size_t i, j;
    bool inside;
    int rc = PFL_OK;

    for (i = 0; i < run->benchmark_count; i++) {
        bench = &run->benchmarks[i];
        inside = pfl_judge_inside_yardstick(bench) != NULL;
        for (j = 0; j < bench->result_count && rc == PFL_OK; j++)
            if (!bench->results[j].summary_only)
                rc = summarise(run, bench, inside, &bench->results[j], err);
    }
    if (rc == PFL_OK)
        pfl_judge_state(run, NULL);
    return rc;
}
