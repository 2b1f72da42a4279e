/*
 * All bouts of a race together: false discoveries, the other metrics, the comparison.
 *
 * Every bout brings one p value of "no difference", and with several bouts Benjamini and Hochberg's
 * procedure says which differences stand at q. One bout was held to its own error already. Metrics
 * that no bout spoke of (memory, stages) are compared by the medians of their launches, paired
 * round by round where rounds are shared; they never decide.
 */
#include "judge/race_bout.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

struct gathering {
    const struct pfl_judge_race_params *params;
    struct pfl_race *race;
    struct pfl_arena *arena;
    struct pfl_err *err;
    struct pfl_judge_tables tables;
    struct pfl_judge_rows rows;
};

static const struct pfl_benchmark *benchmark_of(const struct gathering *g, size_t contender,
                                                const char *name)
{
    const struct pfl_run *run =
        contender < g->race->contender_count ? g->race->contenders[contender].run : NULL;
    const struct pfl_benchmark *found = run && name ? pfl_run_find(run, name) : NULL;

    /* Commands have names of their own: one benchmark on either side. */
    if (!found && run && run->benchmark_count == 1)
        return &run->benchmarks[0];
    return found;
}

/* The run's samples; the middle is the bout's own, of the mode that it was judged in. */
static void put_estimate(const struct pfl_benchmark *bench, const struct pfl_row *row,
                         struct pfl_estimate *estimate)
{
    const struct pfl_result *result = bench ? pfl_benchmark_find(bench, row->metric, "") : NULL;
    struct pfl_estimate own = *estimate;

    if (!result || result->text || result->summary.n == 0)
        return;
    pfl_judge_estimate_raw(estimate, result);
    if (!own.present)
        return;
    estimate->median = own.median;
    estimate->ci_low = own.ci_low;
    estimate->ci_high = own.ci_high;
    estimate->launches = own.launches;
}

/* Do several challengers race under this name? Then the rows say whose they are. */
static const char *variant_of(const struct gathering *g, const struct pfl_bout_result *bout)
{
    const struct pfl_bout_result *other;
    size_t i;

    for (i = 0; i < g->race->bout_count; i++) {
        other = &g->race->bouts[i];
        if (other->challenger != bout->challenger && strcmp(other->benchmark, bout->benchmark) == 0)
            return g->race->contenders[bout->challenger].label;
    }
    return "";
}

static bool bout_has(const struct pfl_bout_result *bout, const char *metric)
{
    size_t i;

    for (i = 0; i < bout->row_count; i++)
        if (strcmp(bout->rows[i].metric, metric) == 0)
            return true;
    return false;
}

static const char *other_reason(const struct pfl_row *row)
{
    switch (row->verdict) {
    case PFL_VERDICT_UNCHANGED: return "the interval lies within the tolerance; it does not decide";
    case PFL_VERDICT_IMPROVED: return "better by more than the tolerance; it does not decide";
    case PFL_VERDICT_REGRESSED: return "worse by more than the tolerance; it does not decide";
    default: return "cannot tell; it does not decide";
    }
}

static int other_row(struct gathering *g, const struct pfl_benchmark *benchmarks[2],
                     const struct pfl_result *results[2], const struct pfl_bout_result *bout)
{
    struct pfl_judge_ratio ratio;
    struct pfl_row row;
    const char *whose = variant_of(g, bout);
    int rc = pfl_judge_versus(&g->tables, benchmarks, results, &row, &ratio, g->err);

    if (rc < 0)
        return rc;
    row.benchmark = bout->benchmark;
    row.variant = whose;
    if (results[1]->variant[0])
        row.variant = *whose ? pfl_arena_format(g->arena, "%s, %s", results[1]->variant, whose)
                             : results[1]->variant;
    if (!row.variant)
        return pfl_err_no_memory(g->err);
    row.threshold = bout->rows[0].threshold;
    row.deciding = false;
    if (isnan(row.ratio))
        pfl_judge_decide_without_ratio(&row, true);
    else {
        row.verdict = isnan(row.ratio_low) ? PFL_VERDICT_INCONCLUSIVE : pfl_judge_decide(&row);
        row.reason = other_reason(&row);
    }
    return pfl_vec_push(&g->rows, &row) ? PFL_OK : pfl_err_no_memory(g->err);
}

static int other_rows(struct gathering *g, const struct pfl_bout_result *bout)
{
    const struct pfl_benchmark *benchmarks[2] = {
        benchmark_of(g, 0, bout->benchmark), benchmark_of(g, bout->challenger, bout->benchmark)};
    const struct pfl_result *results[2];
    size_t i;
    int rc = PFL_OK;

    if (!benchmarks[0] || !benchmarks[1] || benchmarks[0]->status != PFL_STATUS_OK ||
        benchmarks[1]->status != PFL_STATUS_OK)
        return PFL_OK;
    for (i = 0; i < benchmarks[1]->result_count && rc == PFL_OK; i++) {
        results[1] = &benchmarks[1]->results[i];
        if (results[1]->text || (!results[1]->variant[0] && bout_has(bout, results[1]->metric)))
            continue;
        results[0] = pfl_benchmark_find(benchmarks[0], results[1]->metric, results[1]->variant);
        if (results[0] && !results[0]->text && results[0]->summary.n > 0 &&
            results[1]->summary.n > 0)
            rc = other_row(g, benchmarks, results, bout);
    }
    return rc;
}

static int bout_rows(struct gathering *g, struct pfl_bout_result *bout)
{
    const struct pfl_benchmark *base = benchmark_of(g, 0, bout->benchmark),
                               *head = benchmark_of(g, bout->challenger, bout->benchmark);
    const char *why = pfl_judge_instruments(g->arena, base, head);
    size_t i;

    if (!why)
        return pfl_err_no_memory(g->err);
    for (i = 0; i < bout->row_count; i++) {
        bout->rows[i].variant = variant_of(g, bout);
        put_estimate(base, &bout->rows[i], &bout->rows[i].base);
        put_estimate(head, &bout->rows[i], &bout->rows[i].head);
        bout->rows[i].not_gated = *why ? why : NULL;
        if (*why)
            bout->rows[i].reason =
                pfl_arena_format(g->arena, "not gated: %s; %s", why, bout->rows[i].reason);
        if (!bout->rows[i].reason || !pfl_vec_push(&g->rows, &bout->rows[i]))
            return pfl_err_no_memory(g->err);
    }
    return other_rows(g, bout);
}

/* ---- False discoveries ---- */

static bool is_difference(enum pfl_verdict verdict)
{
    return verdict == PFL_VERDICT_REGRESSED || verdict == PFL_VERDICT_IMPROVED;
}

static bool brings_p(const struct pfl_bout_result *bout)
{
    return bout->row_count > 0 && bout->end != PFL_BOUT_FAILED && bout->end != PFL_BOUT_SKIPPED;
}

static int take_back(struct gathering *g, struct pfl_row *row, double adjusted, size_t tests)
{
    struct pfl_race_words words;

    pfl_race_words_init(&words, g->arena, g->err);
    pfl_buf_format(
        &words.buf,
        "%s; alone it would be %s, but among %zu bouts this may be chance (adjusted p = ",
        row->reason, pfl_verdict_text(row->verdict), tests);
    pfl_judge_write_percent(&words.buf, adjusted);
    pfl_buf_text(&words.buf, ", allowed ");
    pfl_judge_write_percent(&words.buf, g->params->policy->false_discovery_rate);
    pfl_buf_text(&words.buf, ")");
    row->reason = pfl_race_words_end(&words);
    pfl_buf_release(&words.buf);
    row->verdict = PFL_VERDICT_INCONCLUSIVE;
    row->advice = "among so many bouts one like this is likely by chance";
    return row->reason ? PFL_OK : PFL_ENOMEM;
}

static int discoveries(struct gathering *g)
{
    struct pfl_race *race = g->race;
    double *p = pfl_alloc(race->bout_count * sizeof *p);
    uint32_t *order = pfl_alloc(race->bout_count * sizeof *order);
    size_t i, tests = 0, k = 0;
    int rc = p && order ? PFL_OK : pfl_err_no_memory(g->err);

    for (i = 0; i < race->bout_count && rc == PFL_OK; i++)
        if (brings_p(&race->bouts[i]))
            p[tests++] = race->bouts[i].p;
    if (rc == PFL_OK && tests > 1) {
        pfl_stats_benjamini_hochberg(p, order, tests);
        for (i = 0; i < race->bout_count && rc == PFL_OK; i++) {
            struct pfl_row *row = &race->bouts[i].rows[0];

            if (!brings_p(&race->bouts[i]))
                continue;
            if (p[k] > g->params->policy->false_discovery_rate && is_difference(row->verdict))
                rc = take_back(g, row, p[k], tests);
            k++;
        }
    }
    pfl_free(p);
    pfl_free(order);
    return rc;
}

/* ---- The comparison ---- */

static int compare_rows(const void *a, const void *b)
{
    const struct pfl_row *x = a, *y = b;
    int order = pfl_judge_compare_names(x->benchmark, y->benchmark);

    if (order == 0)
        order = strcmp(x->metric, y->metric);
    return order ? order : strcmp(x->variant, y->variant);
}

/* A speed of an instrumented program fails nothing; that it fails or is gone does. */
static bool is_softened(const struct pfl_row *row)
{
    return row->not_gated &&
           (row->verdict == PFL_VERDICT_REGRESSED || row->verdict == PFL_VERDICT_IMPROVED ||
            row->verdict == PFL_VERDICT_UNCHANGED || row->verdict == PFL_VERDICT_INCONCLUSIVE);
}

static void outcome(const struct gathering *g, struct pfl_comparison *out)
{
    const struct pfl_policy *policy = g->params->policy;
    bool failing = false, unsure = false, judged = false, softened = false;
    const struct pfl_row *row;
    size_t i;

    for (i = 0; i < g->rows.n; i++) {
        row = &g->rows.at[i];
        if (!row->deciding)
            continue;
        out->counts[row->verdict]++;
        if (is_softened(row) && policy->fail_on) {
            softened = true;
            continue;
        }
        failing = failing || (pfl_verdict_fail_bit(row->verdict) & policy->fail_on);
        unsure = unsure || row->verdict == PFL_VERDICT_INCONCLUSIVE;
        judged = judged || row->verdict != PFL_VERDICT_SKIPPED;
    }
    if (!judged && softened)
        out->why_nothing = "--fail-on holds nothing: the programs were built with instruments or "
                           "without optimisation; rebuild them with optimisation";
    else if (!judged)
        out->why_nothing = g->rows.n ? "every bout was skipped (the rows say why)"
                                     : "the contenders have no benchmark in common";
    out->fail_on = policy->fail_on;
    out->exit_code = PFL_OK;
    if (failing || (!isnan(g->race->bar.factor) && !g->race->bar.met) ||
        (!isnan(g->race->bar.max_cv) && !g->race->bar.met))
        out->exit_code = PFL_EGATE;
    else if (out->why_nothing && policy->fail_on)
        out->exit_code = PFL_ENOTHING;
    else if (unsure && policy->strict)
        out->exit_code = PFL_EINCONCLUSIVE;
    out->ok = out->exit_code == PFL_OK;
}

static int make_comparison(struct gathering *g)
{
    const struct pfl_race *race = g->race;
    struct pfl_comparison out = {0};

    if (race->contender_count > 1) {
        out.base = race->contenders[0].run;
        out.head = race->contenders[1].run;
        out.base_label = race->contenders[0].label;
        out.head_label = race->contenders[1].label;
    }
    out.machine.ratio = out.machine.ratio_low = out.machine.ratio_high = NAN;
    outcome(g, &out);
    if (g->rows.n > 0)
        qsort(g->rows.at, g->rows.n, sizeof *g->rows.at, compare_rows);
    out.rows = pfl_arena_array(g->arena, g->rows.n, sizeof *out.rows);
    out.notes = pfl_arena_array(g->arena, 0, sizeof *out.notes);
    out.differences = pfl_arena_array(g->arena, 0, sizeof *out.differences);
    if (!out.rows || !out.notes || !out.differences)
        return pfl_err_no_memory(g->err);
    if (g->rows.n > 0)
        memcpy(out.rows, g->rows.at, g->rows.n * sizeof *out.rows);
    out.row_count = g->rows.n;
    g->race->comparison = out;
    return PFL_OK;
}

int pfl_judge_race(const struct pfl_judge_race_params *params, struct pfl_arena *arena,
                   struct pfl_race *race, struct pfl_err *err)
{
    struct gathering g = {.params = params, .race = race, .arena = arena, .err = err};
    size_t i;
    int rc;

    pfl_judge_tables_init(&g.tables, params->policy->confidence);
    rc = discoveries(&g);
    for (i = 0; i < race->bout_count && rc == PFL_OK; i++)
        rc = bout_rows(&g, &race->bouts[i]);
    if (rc == PFL_OK)
        rc = pfl_race_judge_bar(params, arena, race, err);
    if (rc == PFL_OK)
        rc = make_comparison(&g);
    pfl_vec_release(&g.rows);
    return rc;
}
