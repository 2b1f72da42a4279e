/*
 * The comparison: two sorted runs walked side by side like the merge of two lists, so that rows
 * come out in order and the cost grows with the number of results. Each benchmark is in both (rows
 * per metric), only in the head (new), only in the base (missing, unless the head did not want it:
 * selection or tier), failed or skipped (one row that says why).
 * What the machine as a whole did between the two is found first (moved.c), for every row needs it.
 *
 * Enters: runs with summaries, the policy. Leaves: everything in the caller's arena, borrowing from
 * the runs. Scratch is freed on every path.
 */
#include "base/alloc.h"
#include "base/text.h"
#include "judge/internal.h"
#include "model/suite.h"

#include <string.h>

enum { WORDS_MAX = 1 << 16 };

int pfl_judge_compare_names(const char *a, const char *b)
{
    int order = pfl_text_compare_natural(a, b);

    return order ? order : strcmp(a, b);
}

static bool measured(const struct pfl_benchmark *bench)
{
    return bench->status == PFL_STATUS_OK;
}

/* Was this benchmark asked of the head? Its selection is a list of globs, its tier includes the
 * ones before it. */
static bool wanted_by_head(const struct pfl_judge *judge, const struct pfl_benchmark *bench,
                           char *scratch)
{
    const struct pfl_run *head = judge->params->head;
    enum pfl_tier ran, needed;
    char *word, *rest = scratch;

    if (head->tier && bench->tier && pfl_tier_read(head->tier, &ran) &&
        pfl_tier_read(bench->tier, &needed) && needed > ran)
        return false;
    if (!head->selection || !head->selection[0])
        return true;
    memcpy(scratch, head->selection, strlen(head->selection) + 1); /* it has that size */
    while ((word = strtok_r(rest, " ", &rest)) != NULL)
        if (pfl_run_selects(word, bench->name))
            return true;
    return false;
}

/* The one row of a benchmark that cannot be compared metric by metric. */
static int benchmark_row(struct pfl_judge *judge, const struct pfl_benchmark *bench,
                         enum pfl_verdict verdict, const char *reason)
{
    bool in_head = verdict != PFL_VERDICT_MISSING;
    const struct pfl_result *time = pfl_benchmark_find(bench, "time", "");
    struct pfl_row row;

    pfl_judge_row_init(&row, bench->name, "");
    if (time && (verdict == PFL_VERDICT_NEW || verdict == PFL_VERDICT_MISSING)) {
        row.metric = time->metric;
        row.unit = time->unit;
        row.better = time->better;
        pfl_judge_estimate(in_head ? &row.head : &row.base, time);
    }
    row.verdict = verdict;
    row.reason = reason;
    row.deciding = true;
    if (judge->params->gated && verdict != PFL_VERDICT_NEW && verdict != PFL_VERDICT_SKIPPED) {
        row.gate = pfl_judge_benchmark_force(judge);
        row.deciding = row.gate == PFL_GATE_HARD;
    }
    return pfl_judge_add_row(judge, &row, NULL);
}

static const char *failure_reason(struct pfl_judge *judge, const struct pfl_benchmark *bench)
{
    const char *what =
        bench->status == PFL_STATUS_TIMED_OUT ? "the benchmark timed out" : "the benchmark failed";

    return bench->reason && bench->reason[0]
               ? pfl_judge_format(judge, "%s: %s", what, bench->reason)
               : what;
}

static bool has_all_params(const struct pfl_benchmark *bench, const struct pfl_benchmark *of)
{
    size_t i;

    for (i = 0; i < of->param_count; i++)
        if (strcmp(pfl_pair_find(bench->params, bench->param_count, of->params[i].name),
                   of->params[i].value) != 0)
            return false;
    return true;
}

/* The head's row of the program that a benchmark is inside of, which stands there when it failed or
 * was skipped as a whole; NULL: it did not. */
static const struct pfl_benchmark *program_of(const struct pfl_judge *judge,
                                              const struct pfl_benchmark *inside)
{
    const struct pfl_run *head = judge->params->head;
    size_t len = inside->suite ? strlen(inside->suite) : 0, i;

    if (len == 0 || strncmp(inside->name, inside->suite, len) != 0 || inside->name[len] != '/')
        return NULL;
    for (i = 0; i < head->benchmark_count; i++) {
        const struct pfl_benchmark *bench = &head->benchmarks[i];

        if (!measured(bench) && strncmp(bench->name, inside->suite, len) == 0 &&
            (bench->name[len] == 0 || bench->name[len] == '[') && has_all_params(inside, bench))
            return bench;
    }
    return NULL;
}

static int only_in_base(struct pfl_judge *judge, const struct pfl_benchmark *base, char *scratch)
{
    const struct pfl_benchmark *program = program_of(judge, base);
    const char *reason = "the base has this benchmark, the head has not";
    bool skipped = program && program->status == PFL_STATUS_SKIPPED;

    if (!measured(base))
        return PFL_OK;
    if (!wanted_by_head(judge, base, scratch)) {
        judge->unselected++;
        return PFL_OK;
    }
    pfl_judge_match_benchmark(judge, base->name);
    if (program)
        reason = pfl_judge_format(judge, "its program %s: %s", skipped ? "was skipped" : "failed",
                                  program->reason);
    if (!reason)
        return pfl_err_no_memory(judge->err);
    return benchmark_row(judge, base, skipped ? PFL_VERDICT_SKIPPED : PFL_VERDICT_MISSING, reason);
}

static int new_in_head(struct pfl_judge *judge, const struct pfl_benchmark *base,
                       const struct pfl_benchmark *head)
{
    const char *reason = !base ? "the base has no such benchmark"
                         : base->status == PFL_STATUS_SKIPPED
                             ? "it was skipped in the base, so there is nothing to compare with"
                             : "it failed in the base, so there is nothing to compare with";

    return benchmark_row(judge, head, PFL_VERDICT_NEW, reason);
}

static int in_head(struct pfl_judge *judge, const struct pfl_benchmark *base,
                   const struct pfl_benchmark *head)
{
    const char *reason;
    int rc = PFL_OK;

    pfl_judge_match_benchmark(judge, head->name);
    if (head->status == PFL_STATUS_SKIPPED) {
        judge->skipped++;
        return benchmark_row(judge, head, PFL_VERDICT_SKIPPED,
                             head->reason && head->reason[0] ? head->reason
                                                             : "skipped, no reason given");
    }
    if (!measured(head)) {
        reason = failure_reason(judge, head);
        return reason ? benchmark_row(judge, head, PFL_VERDICT_FAILED, reason)
                      : pfl_err_no_memory(judge->err);
    }
    judge->measured++;
    if (judge->params->base && (!base || !measured(base)))
        rc = new_in_head(judge, base, head);
    if (base && measured(base) && base->definition && head->definition && base->definition[0] &&
        head->definition[0] && strcmp(base->definition, head->definition) != 0)
        judge->redefined++;
    return rc == PFL_OK ? pfl_judge_pair(judge, base && measured(base) ? base : NULL, head) : rc;
}

static int walk(struct pfl_judge *judge, char *scratch)
{
    const struct pfl_run *base = judge->params->base, *head = judge->params->head;
    size_t b = 0, h = 0, bases = base ? base->benchmark_count : 0, first;
    int order, rc = PFL_OK;

    while (rc == PFL_OK && (b < bases || h < head->benchmark_count)) {
        first = judge->rows.n;
        if (b == bases)
            order = 1;
        else if (h == head->benchmark_count)
            order = -1;
        else
            order = pfl_judge_compare_names(base->benchmarks[b].name, head->benchmarks[h].name);
        if (order < 0)
            rc = only_in_base(judge, &base->benchmarks[b++], scratch);
        else if (order > 0)
            rc = in_head(judge, NULL, &head->benchmarks[h++]);
        else
            rc = in_head(judge, &base->benchmarks[b++], &head->benchmarks[h++]);
        if (rc == PFL_OK)
            pfl_judge_order_from(judge, first);
    }
    return rc;
}

static int prepare(struct pfl_judge *judge)
{
    const struct pfl_policy *policy = judge->policy;
    size_t limits = policy->gate_count + policy->target_count;

    pfl_judge_tables_init(&judge->tables, policy->confidence);
    pfl_buf_init(&judge->words, WORDS_MAX);
    pfl_map_init(&judge->metric_index);
    judge->matching = pfl_alloc(limits * sizeof *judge->matching);
    judge->met = pfl_alloc_zeroed(limits + 1, 1);
    judge->default_gate = judge->params->gated && limits == 0 && !policy->release;
    judge->contended =
        pfl_judge_pressure(judge->params->head) >= PFL_JUDGE_PRESSURE ||
        (judge->params->base && pfl_judge_pressure(judge->params->base) >= PFL_JUDGE_PRESSURE);
    return judge->matching && judge->met ? PFL_OK : pfl_err_no_memory(judge->err);
}

static void release(struct pfl_judge *judge)
{
    pfl_buf_release(&judge->words);
    pfl_map_release(&judge->metric_index);
    pfl_vec_release(&judge->metrics);
    pfl_vec_release(&judge->rows);
    pfl_vec_release(&judge->effects);
    pfl_vec_release(&judge->notes);
    pfl_vec_release(&judge->differences);
    pfl_free(judge->matching);
    pfl_free(judge->met);
}

static void *keep(struct pfl_arena *arena, const void *items, size_t n, size_t size)
{
    void *copy = pfl_arena_array(arena, n, size);

    return copy && n ? memcpy(copy, items, n * size) : copy;
}

static const char *label_of(const char *given, const struct pfl_run *run)
{
    if (given)
        return given;
    if (!run)
        return "";
    return run->label && run->label[0] ? run->label : run->id;
}

static int finish(struct pfl_judge *judge, struct pfl_comparison *out)
{
    struct pfl_comparison result = {.base = judge->params->base, .head = judge->params->head};
    int rc;

    pfl_judge_outcome(judge, &result);
    result.base_label = label_of(judge->params->base_label, result.base);
    result.head_label = label_of(judge->params->head_label, result.head);
    result.machine = (struct pfl_machine_effect){false, NAN, NAN, NAN, NULL};
    if (judge->moved.present)
        result.machine = (struct pfl_machine_effect){true, exp(judge->moved.log_ratio),
                                                     judge->moved.low, judge->moved.high,
                                                     pfl_yardstick_name(judge->moved.yardstick)};
    result.rows = keep(judge->arena, judge->rows.at, judge->rows.n, sizeof *result.rows);
    result.notes = keep(judge->arena, judge->notes.at, judge->notes.n, sizeof *result.notes);
    result.differences =
        keep(judge->arena, judge->differences.at, judge->differences.n, sizeof *result.differences);
    if (!result.rows || !result.notes || !result.differences)
        return pfl_err_no_memory(judge->err);
    result.row_count = judge->rows.n;
    result.note_count = judge->notes.n;
    result.difference_count = judge->differences.n;
    rc = pfl_judge_sort(result.rows, result.row_count, sizeof *result.rows, judge->params->sort,
                        judge->err);
    if (rc == PFL_OK)
        *out = result;
    return rc;
}

int pfl_judge_compare(const struct pfl_judge_params *params, struct pfl_arena *arena,
                      struct pfl_comparison *out, struct pfl_err *err)
{
    struct pfl_judge judge = {
        .params = params, .policy = params->policy, .arena = arena, .err = err};
    const char *selection = params->head->selection;
    char *scratch = pfl_alloc_text(selection ? selection : "");
    int rc = scratch ? prepare(&judge) : pfl_err_no_memory(err);

    if (rc == PFL_OK)
        rc = pfl_judge_machines(&judge);
    if (rc == PFL_OK)
        rc = pfl_judge_moved(&judge);
    if (rc == PFL_OK)
        rc = walk(&judge, scratch);
    if (rc == PFL_OK)
        rc = pfl_judge_discoveries(&judge);
    if (rc == PFL_OK)
        rc = pfl_judge_differences(&judge);
    if (rc == PFL_OK)
        rc = pfl_judge_notes(&judge);
    if (rc == PFL_OK)
        rc = finish(&judge, out);
    release(&judge);
    pfl_free(scratch);
    return rc;
}
