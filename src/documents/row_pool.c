/*
 * The runs of a row's revisions that the row does not cite.
 *
 * Whoever measures often may cite the best of many pairs. A session is the unit that a run samples,
 * so of k runs the honest figure is the median of their medians, whatever the one pair says; it
 * stands in the row beside the pair's, with which of the runs the cited ones are. The medians are
 * facts: the other runs stay in the ledger, which may thin them.
 */
#include "documents/row_pool.h"

#include "base/alloc.h"
#include "documents/markdown.h"
#include "documents/words.h"
#include "stats/stats.h"

#include <math.h>
#include <string.h>

const struct pfl_row_pool *pfl_row_pool_of(const struct pfl_row_facts *facts,
                                           const struct pfl_row *row)
{
    size_t i;

    for (i = 0; i < facts->pool_count; i++)
        if (strcmp(facts->pools[i].benchmark, row->benchmark) == 0 &&
            strcmp(facts->pools[i].metric, row->metric) == 0 &&
            strcmp(facts->pools[i].variant, row->variant) == 0)
            return &facts->pools[i];
    return NULL;
}

static double median(const double *values, size_t n)
{
    double *sorted = pfl_alloc_zeroed(n, sizeof *sorted), found;

    if (!sorted)
        return NAN;
    n = pfl_stats_drop_nan(values, n, sorted);
    pfl_stats_sort(sorted, n);
    found = pfl_stats_median_sorted(sorted, n);
    pfl_free(sorted);
    return found;
}

double pfl_row_pool_ratio(const struct pfl_row_pool *pool)
{
    return median(pool->medians[1], pool->n[1]) / median(pool->medians[0], pool->n[0]);
}

void pfl_row_pool_write_ratio(struct pfl_buf *out, double ratio)
{
    pfl_buf_format(out, ratio < 0.1 ? "%.3g" : "%.3f", ratio);
}

static bool are_of_same_runs(const struct pfl_row_pool *a, const struct pfl_row_pool *b)
{
    return a->n[0] == b->n[0] && a->n[1] == b->n[1] && a->place[0] == b->place[0] &&
           a->place[1] == b->place[1];
}

void pfl_row_pool_write(const struct pfl_row_facts *facts, struct pfl_buf *out)
{
    size_t i;

    for (i = 0; i < facts->pool_count; i++) {
        const struct pfl_row_pool *pool = &facts->pools[i];

        if (i == 0 || !are_of_same_runs(&pool[-1], pool))
            pfl_buf_format(out,
                           "%s- All runs of both revisions: %zu before (this is run %zu), %zu "
                           "after (this is run %zu); ratio of their medians: ",
                           i ? "\n" : "", pool->n[0], pool->place[0], pool->n[1], pool->place[1]);
        else
            pfl_buf_text(out, ", ");
        pfl_markdown_code(out, pool->benchmark);
        pfl_buf_char(out, ' ');
        pfl_words_metric(out, pool->metric, pool->variant);
        pfl_buf_char(out, ' ');
        pfl_row_pool_write_ratio(out, pfl_row_pool_ratio(pool));
    }
    if (facts->pool_count)
        pfl_buf_char(out, '\n');
}
