/*
 * Several commands of one run ranked: each against the fastest (or a named reference), by the ratio
 * within each round (pairs.c). One session, one machine: no session deviation. The rows are those
 * of a comparison whose base is the reference, the fastest first; `regressed` here means surely
 * worse than the reference, `improved` surely better, `inconclusive` that it may be the same.
 */
#include "base/alloc.h"
#include "judge/internal.h"

#include <stdlib.h>
#include <string.h>

struct contender {
    const struct pfl_benchmark *bench;
    const struct pfl_result *result;
    double key; /* smaller is better */
    size_t place;
};

static int compare_contenders(const void *a, const void *b)
{
    const struct contender *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static size_t gather(const struct pfl_run *run, const char *metric, struct contender *out)
{
    const struct pfl_result *result;
    size_t i, n = 0;

    for (i = 0; i < run->benchmark_count; i++) {
        if (run->benchmarks[i].status != PFL_STATUS_OK)
            continue;
        result = pfl_benchmark_find(&run->benchmarks[i], metric, "");
        if (!result || result->text || !isfinite(result->summary.median))
            continue;
        out[n].bench = &run->benchmarks[i];
        out[n].result = result;
        out[n].key =
            result->better == PFL_BETTER_HIGHER ? -result->summary.median : result->summary.median;
        out[n].place = n;
        n++;
    }
    qsort(out, n, sizeof *out, compare_contenders);
    return n;
}

static const struct contender *find_reference(const struct contender *all, size_t n,
                                              const char *reference)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (!reference || strcmp(all[i].bench->name, reference) == 0)
            return &all[i];
    return NULL;
}

static enum pfl_verdict verdict_of(const struct pfl_row *row)
{
    bool up = row->ratio_low > 1, down = row->ratio_high < 1;

    if (!up && !down)
        return PFL_VERDICT_INCONCLUSIVE;
    return up == (row->better != PFL_BETTER_HIGHER) ? PFL_VERDICT_REGRESSED : PFL_VERDICT_IMPROVED;
}

static int rank_row(struct pfl_judge_tables *tables, const struct contender *reference,
                    const struct contender *one, struct pfl_row *row, struct pfl_err *err)
{
    const struct pfl_benchmark *benchmarks[2] = {reference->bench, one->bench};
    const struct pfl_result *results[2] = {reference->result, one->result};
    struct pfl_judge_ratio ratio;
    int rc = pfl_judge_versus(tables, benchmarks, results, row, &ratio, err);

    if (rc < 0)
        return rc;
    if (one == reference) {
        row->ratio = row->ratio_low = row->ratio_high = 1;
        row->verdict = PFL_VERDICT_UNCHANGED;
        row->reason = "the reference";
        return PFL_OK;
    }
    row->verdict = verdict_of(row);
    row->reason = ratio.pairs ? "compared round by round"
                              : "compared by the two estimates: no rounds in common";
    return PFL_OK;
}

int pfl_judge_rank(const struct pfl_run *run, const char *metric, const char *reference,
                   struct pfl_arena *arena, struct pfl_comparison *out, struct pfl_err *err)
{
    struct pfl_comparison result = {
        .base = run, .head = run, .base_label = "", .head_label = "", .ok = true};
    struct contender *all = pfl_alloc(run->benchmark_count * sizeof *all);
    const struct contender *first;
    struct pfl_judge_tables tables;
    size_t n, i;
    int rc = PFL_OK;

    if (!all)
        return pfl_err_no_memory(err);
    pfl_judge_tables_init(&tables, 0.95);
    n = gather(run, metric, all);
    first = find_reference(all, n, reference);
    result.rows = pfl_arena_array(arena, n, sizeof *result.rows);
    result.notes = pfl_arena_array(arena, 0, sizeof *result.notes);
    result.differences = pfl_arena_array(arena, 0, sizeof *result.differences);
    result.machine = (struct pfl_machine_effect){false, NAN, NAN, NAN, NULL};
    if (!result.rows || !result.notes || !result.differences)
        rc = pfl_err_no_memory(err);
    else if (n > 0 && !first)
        rc = pfl_err_set(err, PFL_ENOENT, "ranking by %s: the reference \"%s\" was not measured",
                         metric, reference);
    for (i = 0; i < n && rc == PFL_OK; i++) {
        rc = rank_row(&tables, first, &all[i], &result.rows[i], err);
        if (rc == PFL_OK)
            result.counts[result.rows[i].verdict]++;
    }
    result.row_count = n;
    result.base_label = first ? first->bench->name : "";
    pfl_free(all);
    if (rc == PFL_OK)
        *out = result;
    return rc;
}
