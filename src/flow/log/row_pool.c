/*
 * Every run of a row's two revisions, not the best pair of them.
 *
 * Counted is what could have been cited instead: complete, clean runs that are not void, of the
 * same machine in the same state, whose benchmark had the same definition, compiler and a release's
 * build. Only figures that moved claim something, so only they are pooled. A claim is refused where
 * the pool's ratio lies outside of the claim's own interval, is no gain, or cannot be told from
 * none: with six sessions or more their scatter is known, and the interval of a difference of two
 * medians is asked (a median's standard error is 1.2533 of a mean's). With fewer the pair's own
 * interval, which contains what sessions differ by, has to do.
 */
#include "flow/log/row_parts.h"

#include "base/vec.h"
#include "documents/row_pool.h"
#include "flow/log/points.h"
#include "stats/stats.h"

#include <math.h>
#include <string.h>

enum { SESSIONS_LEAST = 6 };
static const double median_over_mean = 1.2533;

/* ---- into facts ---- */

struct side {
    struct pfl_flow *flow;
    struct pfl_row_facts *facts;
    const struct pfl_run *cited;
    int at; /* 0: before, 1: after */
    struct pfl_err *err;
};

static bool is_same_build(const struct pfl_run *run, const struct pfl_run *cited)
{
    return strcmp(pfl_pair_find(run->environment, run->environment_count, "compiler"),
                  pfl_pair_find(cited->environment, cited->environment_count, "compiler")) == 0;
}

static void take_run(const struct side *side, const struct pfl_run *run)
{
    size_t i;

    if (strcmp(run->machine.fingerprint, side->cited->machine.fingerprint) != 0 ||
        !is_same_build(run, side->cited))
        return;
    for (i = 0; i < side->facts->pool_count; i++) {
        struct pfl_row_pool *pool = &side->facts->pools[i];
        const struct pfl_benchmark *bench = pfl_run_find(run, pool->benchmark);
        const struct pfl_benchmark *cited = pfl_run_find(side->cited, pool->benchmark);
        const struct pfl_result *number =
            pfl_log_number(run, pool->benchmark, pool->metric, pool->variant);

        if (!number || !cited || strcmp(bench->definition, cited->definition) != 0 ||
            pfl_log_row_warned(bench) || !(number->summary.median > 0))
            continue;
        pool->medians[side->at][pool->n[side->at]++] = number->summary.median;
        if (strcmp(run->id, side->cited->id) == 0)
            pool->place[side->at] = pool->n[side->at];
    }
}

static int take_head(const struct side *side, const struct pfl_run_head *head)
{
    struct pfl_arena scratch, *kept = side->flow->arena;
    struct pfl_run run;
    int rc;

    if (head->dirty || strcmp(head->id, side->cited->id) == 0)
        return PFL_OK;
    pfl_arena_init(&scratch);
    side->flow->arena = &scratch;
    rc = pfl_flow_load(side->flow, head->id, &run, side->err);
    side->flow->arena = kept;
    if (rc == PFL_OK)
        take_run(side, &run);
    pfl_arena_release(&scratch);
    return rc;
}

static bool is_before(const struct pfl_run_head *head, const struct pfl_run *run)
{
    if (head->started_unix_ns != run->started_unix_ns)
        return head->started_unix_ns < run->started_unix_ns;
    return strcmp(head->id, run->id) < 0;
}

/* In the order of time, the cited run where it belongs, though it may be one that is not listed. */
static int take_side(const struct side *side, const struct pfl_run_head *heads, size_t n)
{
    bool taken = false;
    size_t i;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < n; i++) {
        if (!taken && !is_before(&heads[i], side->cited)) {
            take_run(side, side->cited);
            taken = true;
        }
        rc = take_head(side, &heads[i]);
    }
    if (!taken)
        take_run(side, side->cited);
    return rc;
}

static int pool_side(const struct side *side)
{
    struct pfl_store_query query = {.machine_id = side->cited->machine.id,
                                    .commit = side->cited->revision.commit,
                                    .complete_only = true,
                                    .without_races = true};
    struct pfl_run_head *heads;
    size_t i, n;
    int rc = pfl_store_list(side->flow->store, &query, side->flow->arena, &heads, &n, side->err);

    for (i = 0; rc == PFL_OK && i < side->facts->pool_count; i++) {
        struct pfl_row_pool *pool = &side->facts->pools[i];

        pool->n[side->at] = pool->place[side->at] = 0;
        pool->medians[side->at] =
            pfl_arena_array(side->flow->arena, n + 1, sizeof *pool->medians[side->at]);
        if (!pool->medians[side->at])
            rc = pfl_err_no_memory(side->err);
    }
    return rc == PFL_OK ? take_side(side, heads, n) : rc;
}

static bool has_moved(const struct pfl_row_facts *facts, const struct pfl_comparison *comparison,
                      const struct pfl_row *row)
{
    return (row->verdict == PFL_VERDICT_IMPROVED || row->verdict == PFL_VERDICT_REGRESSED) &&
           pfl_row_is_about(facts, row) && pfl_row_is_witness(comparison, row);
}

/* Only where there are other runs than the two. */
static void drop_pairs(struct pfl_row_facts *facts)
{
    size_t i, n = 0;

    for (i = 0; i < facts->pool_count; i++) {
        const struct pfl_row_pool *pool = &facts->pools[i];

        if (pool->place[0] && pool->place[1] && pool->n[0] + pool->n[1] > 2)
            facts->pools[n++] = *pool;
    }
    facts->pool_count = n;
}

int pfl_log_row_pool(struct pfl_flow *flow, struct pfl_row_facts *facts,
                     const struct pfl_comparison *comparison, struct pfl_err *err)
{
    struct side before = {flow, facts, comparison->base, 0, err};
    struct side after = {flow, facts, comparison->head, 1, err};
    struct pfl_store *store;
    size_t i;
    int rc;

    facts->pool_count = 0;
    if (!comparison->base || pfl_flow_store(flow, PFL_FLOW_READ, &store, NULL) != PFL_OK)
        return PFL_OK;
    facts->pools = pfl_arena_array(flow->arena, comparison->row_count + 1, sizeof *facts->pools);
    if (!facts->pools)
        return pfl_err_no_memory(err);
    for (i = 0; i < comparison->row_count; i++) {
        const struct pfl_row *row = &comparison->rows[i];

        if (has_moved(facts, comparison, row))
            facts->pools[facts->pool_count++] = (struct pfl_row_pool){
                .benchmark = row->benchmark, .metric = row->metric, .variant = row->variant};
    }
    if (facts->pool_count == 0)
        return PFL_OK;
    rc = pool_side(&before);
    if (rc == PFL_OK)
        rc = pool_side(&after);
    drop_pairs(facts);
    return rc;
}

/* ---- what contradicts a claim ---- */

static double squares(const double *values, size_t n)
{
    double mean = 0, sum = 0;
    size_t i;

    for (i = 0; i < n; i++)
        mean += log(values[i]) / (double)n;
    for (i = 0; i < n; i++)
        sum += (log(values[i]) - mean) * (log(values[i]) - mean);
    return sum;
}

/* By how much the pool's ratio may be off, on the log scale; 0: too few sessions to know. */
static double reach(const struct pfl_row_pool *pool, double confidence)
{
    double df = (double)(pool->n[0] + pool->n[1]) - 2, sd;

    if (pool->n[0] + pool->n[1] < SESSIONS_LEAST)
        return 0;
    sd = sqrt((squares(pool->medians[0], pool->n[0]) + squares(pool->medians[1], pool->n[1])) / df);
    return pfl_stats_t_quantile(0.5 + confidence / 2, df) * median_over_mean * sd *
           sqrt(1 / (double)pool->n[0] + 1 / (double)pool->n[1]);
}

static const char *objection(const struct pfl_row *row, const struct pfl_row_pool *pool,
                             double confidence)
{
    double ratio = pfl_row_pool_ratio(pool);
    double gain = row->better == PFL_BETTER_HIGHER ? log(ratio) : -log(ratio);

    if (!(gain > 0))
        return "that is no gain";
    if (ratio < row->ratio_low || ratio > row->ratio_high)
        return "that is outside of what these two runs allow, so they are not typical";
    return gain <= reach(pool, confidence) ? "between so many sessions as different as they are, "
                                             "that cannot be told from no change"
                                           : NULL;
}

static int refuse(const struct pfl_row *row, const struct pfl_row_pool *pool, const char *why,
                  struct pfl_err *err)
{
    struct pfl_buf ratio;
    int rc;

    pfl_buf_init(&ratio, 64);
    pfl_row_pool_write_ratio(&ratio, pfl_row_pool_ratio(pool));
    rc = pfl_err_set(err, PFL_EGATE,
                     "%s of %s is %.3f (%.3f … %.3f) between these two runs, but the ratio of the "
                     "medians of all %zu runs of the base's revision and %zu of the head's is %s: "
                     "%s; `perfledger race` of the two revisions tells, `perfledger void RUN` "
                     "takes back a run that went wrong, --benchmark and --metric leave figures out",
                     row->metric, row->benchmark, row->ratio, row->ratio_low, row->ratio_high,
                     pool->n[0], pool->n[1], pfl_buf_cstr(&ratio), why);
    pfl_buf_release(&ratio);
    return rc;
}

int pfl_log_row_refuse_pools(const struct pfl_row_facts *facts,
                             const struct pfl_comparison *comparison, struct pfl_err *err)
{
    size_t i;

    for (i = 0; i < comparison->row_count; i++) {
        const struct pfl_row *row = &comparison->rows[i];
        const struct pfl_row_pool *pool = pfl_row_pool_of(facts, row);
        const char *why;

        if (!pool || row->verdict != PFL_VERDICT_IMPROVED)
            continue;
        why = objection(row, pool, facts->confidence);
        if (why)
            return refuse(row, pool, why, err);
    }
    return PFL_OK;
}
