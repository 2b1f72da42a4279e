/*
 * What does a parameter do? Within one run, every value of it against a reference value, the other
 * parameters held fixed. All launches are of one session and interleaved round by round, so the
 * ratio is taken within rounds (pairs.c, as the ranking does) and no session deviation enters.
 *
 *     by.c           walks the combinations and makes the rows
 *       by_entries.c   the benchmarks that have the parameter, in order
 *       by_pool.c      combinations pooled: geometric mean with its interval
 *       by_words.c     verdicts, reasons, notes
 *
 * The reference is the first value each benchmark has, or the one that was asked for. What failed
 * or was skipped is named in a note and takes part in nothing; a combination without its reference
 * has nothing to stand against. As in a comparison one metric per benchmark decides: time, else the
 * first that was measured.
 */
#include "judge/by.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 1 << 20 };

static bool is_wanted(const struct pfl_judge_by *by, const struct pfl_result *result)
{
    const char *only = by->judge.policy->only_metric;

    return !result->text && !isnan(result->summary.median) &&
           (!only || pfl_text_glob(only, result->metric));
}

int pfl_judge_by_label(struct pfl_judge_by *by, struct pfl_by_row *row, const char *family,
                       const char *own_variant)
{
    struct pfl_judge *judge = &by->judge;
    struct pfl_pair param = {.name = by->params->param};

    param.value = pfl_judge_format(judge, "%s → %s", row->reference, row->value);
    if (!param.value)
        return PFL_ENOMEM;
    row->row.benchmark = pfl_judge_by_name(by, family, row->params, row->param_count, &param);
    row->subject = pfl_judge_by_name(by, family, row->params, row->param_count, NULL);
    row->row.variant =
        pfl_judge_format(judge, "%s%s%s=%s vs %s", own_variant, *own_variant ? " " : "", param.name,
                         row->value, row->reference);
    return row->row.benchmark && row->subject && row->row.variant ? PFL_OK : PFL_ENOMEM;
}

static int add_cell(struct pfl_judge_by *by, const struct pfl_by_entry *reference,
                    const struct pfl_by_entry *entry, const struct pfl_result *results[2],
                    bool decides)
{
    const struct pfl_benchmark *benchmarks[2] = {reference->bench, entry->bench};
    struct pfl_by_cell cell = {.entry = entry};
    struct pfl_by_row *out = &cell.out;
    double tolerance = by->judge.policy->tolerance;
    int rc = pfl_judge_versus(&by->judge.tables, benchmarks, results, &out->row, &cell.ratio,
                              by->judge.err);

    if (rc < 0)
        return rc;
    out->value = entry->value;
    out->reference = reference->value;
    out->params = entry->others;
    out->param_count = entry->other_count;
    out->base_benchmark = reference->bench->name;
    out->head_benchmark = entry->bench->name;
    out->rounds = cell.ratio.pairs;
    out->combinations = 1;
    out->launch_low = out->launch_high = out->smallest = out->largest = NAN;
    out->row.deciding = decides;
    out->row.threshold = isnan(tolerance) ? 0 : tolerance;
    if (pfl_judge_by_label(by, out, entry->family, results[1]->variant) != PFL_OK)
        return pfl_err_no_memory(by->judge.err);
    rc = pfl_judge_by_decide(by, &cell);
    if (rc == PFL_OK && !pfl_vec_push(&by->cells, &cell))
        rc = pfl_err_no_memory(by->judge.err);
    return rc;
}

static int compare_results(const void *a, const void *b)
{
    const struct pfl_by_cell *x = a, *y = b;
    int order = strcmp(x->out.row.metric, y->out.row.metric);

    return order ? order : strcmp(x->out.row.variant, y->out.row.variant);
}

/* One value against the reference, metric by metric. A run is sorted: time comes first when there
 * is one. */
static int compare_pair(struct pfl_judge_by *by, const struct pfl_by_entry *reference,
                        const struct pfl_by_entry *entry)
{
    const struct pfl_result *results[2];
    size_t i, first = by->cells.n;
    int rc = PFL_OK;

    by->pairs++;
    for (i = 0; i < entry->bench->result_count && rc == PFL_OK; i++) {
        results[1] = &entry->bench->results[i];
        if (!is_wanted(by, results[1]))
            continue;
        results[0] = pfl_benchmark_find(reference->bench, results[1]->metric, results[1]->variant);
        if (!results[0] || !is_wanted(by, results[0]))
            by->unmatched++;
        else
            rc = add_cell(by, reference, entry, results, by->cells.n == first);
    }
    if (by->cells.n > first)
        qsort(by->cells.at + first, by->cells.n - first, sizeof *by->cells.at, compare_results);
    return rc;
}

/* The entries of one combination, sorted by value; wanted: the reference value. */
static int combination(struct pfl_judge_by *by, size_t from, size_t to, const char *wanted)
{
    const struct pfl_by_entry *entries = by->entries.at, *reference = NULL;
    bool measured = false;
    size_t i;
    int rc = PFL_OK;

    for (i = from; i < to && rc == PFL_OK; i++) {
        if (!reference && strcmp(entries[i].value, wanted) == 0)
            reference = &entries[i];
        if (entries[i].bench->status != PFL_STATUS_OK)
            rc = pfl_judge_by_left_out(by, entries[i].bench);
        else
            measured = true;
    }
    if (rc != PFL_OK || !measured)
        return rc;
    if (!reference) {
        if (by->without_reference++ == 0)
            by->first_without_reference = entries[from].bench->name;
        return PFL_OK;
    }
    for (i = from; i < to && rc == PFL_OK && reference->bench->status == PFL_STATUS_OK; i++)
        if (&entries[i] != reference && entries[i].bench->status == PFL_STATUS_OK)
            rc = compare_pair(by, reference, &entries[i]);
    return rc;
}

/* The first value of a family, in the order of values. */
static const char *first_value(const struct pfl_by_entry *entries, size_t n)
{
    const char *first = entries[0].value;
    size_t i;

    for (i = 1; i < n; i++)
        if (pfl_judge_by_compare_values(entries[i].value, first) < 0)
            first = entries[i].value;
    return first;
}

static int walk(struct pfl_judge_by *by)
{
    const struct pfl_by_entry *entries = by->entries.at;
    size_t n = by->entries.n, from, to, family;
    const char *reference;
    int rc = PFL_OK;

    for (from = 0; from < n && rc == PFL_OK; from = family) {
        for (family = from + 1;
             family < n && strcmp(entries[family].family, entries[from].family) == 0; family++)
            ;
        reference = by->params->reference ? by->params->reference
                                          : first_value(entries + from, family - from);
        for (; from < family && rc == PFL_OK; from = to) {
            for (to = from + 1;
                 to < family && pfl_judge_by_compare_others(&entries[from], &entries[to]) == 0;
                 to++)
                ;
            rc = combination(by, from, to, reference);
        }
    }
    return rc;
}

/* Before anything is compared: is there a reference, and something to hold against it? */
static int check_values(struct pfl_judge_by *by)
{
    const struct pfl_judge_by_params *params = by->params;
    const struct pfl_by_entry *entries = by->entries.at;
    struct pfl_judge_texts values = {0};
    struct pfl_map seen;
    size_t i;
    int rc = PFL_OK;

    pfl_map_init(&seen);
    for (i = 0; i < by->entries.n && rc == PFL_OK; i++)
        if (!pfl_map_get(&seen, entries[i].value) &&
            (!pfl_map_set(&seen, entries[i].value, 1) || !pfl_vec_push(&values, &entries[i].value)))
            rc = pfl_err_no_memory(by->judge.err);
    if (rc == PFL_OK && params->reference && !pfl_map_get(&seen, params->reference)) {
        const char *what = pfl_judge_format(&by->judge, "value of %s", params->param);

        rc = what ? pfl_judge_by_unknown(by, what, params->reference, values.at, values.n)
                  : pfl_err_no_memory(by->judge.err);
    }
    if (rc == PFL_OK && values.n == 1)
        rc = pfl_err_set(by->judge.err, PFL_ENOTHING,
                         "nothing to compare: in %s the parameter %s has only one value, `%s`; "
                         "measure a second one, or look at another parameter",
                         params->label, params->param, values.at[0]);
    pfl_map_release(&seen);
    pfl_vec_release(&values);
    return rc;
}

/* Nothing came of it: why? */
static int say_nothing(struct pfl_judge_by *by)
{
    const struct pfl_judge_by_params *params = by->params;
    const char *only = by->judge.policy->only_metric;

    if (by->pairs)
        return pfl_err_set(by->judge.err, PFL_ENOTHING,
                           "nothing to compare: in %s no metric%s%s%s was measured for two values "
                           "of %s",
                           params->label, only ? " that matches `" : "", only ? only : "",
                           only ? "`" : "", params->param);
    if (by->failed + by->skipped)
        return pfl_err_set(by->judge.err, PFL_ENOTHING,
                           "nothing to compare: in %s no two values of %s were measured with the "
                           "same other parameters (%zu failed, %zu skipped): %s",
                           params->label, params->param, by->failed, by->skipped,
                           by->judge.notes.at[0]);
    return pfl_err_set(by->judge.err, PFL_ENOTHING,
                       "nothing to compare: in %s no two values of %s were measured with the same "
                       "other parameters; try another --reference",
                       params->label, params->param);
}

static void outcome(const struct pfl_judge_by *by, struct pfl_by *out)
{
    const struct pfl_policy *policy = by->judge.policy;
    size_t i;

    for (i = 0; i < by->cells.n; i++)
        if (by->cells.at[i].out.row.deciding)
            out->counts[by->cells.at[i].out.row.verdict]++;
    out->counts[PFL_VERDICT_FAILED] += by->failed;
    out->counts[PFL_VERDICT_SKIPPED] += by->skipped;
    out->exit_code = PFL_OK;
    if (policy->strict && out->counts[PFL_VERDICT_INCONCLUSIVE])
        out->exit_code = PFL_EINCONCLUSIVE;
    for (i = 0; i < PFL_VERDICT_COUNT; i++)
        if (out->counts[i] && (pfl_verdict_fail_bit((enum pfl_verdict)i) & policy->fail_on))
            out->exit_code = PFL_EGATE;
    out->ok = out->exit_code == PFL_OK;
}

static int finish(struct pfl_judge_by *by, struct pfl_by *out)
{
    const struct pfl_judge_by_params *params = by->params;
    struct pfl_judge *judge = &by->judge;
    struct pfl_by result = {.run = params->run,
                            .label = params->label,
                            .param = params->param,
                            .reference = params->reference,
                            .group_by = params->group_by,
                            .confidence = params->policy->confidence};
    size_t i;
    int rc;

    outcome(by, &result);
    result.rows = pfl_arena_array(judge->arena, by->cells.n, sizeof *result.rows);
    result.notes = pfl_arena_array(judge->arena, judge->notes.n, sizeof *result.notes);
    if (!result.rows || !result.notes)
        return pfl_err_no_memory(judge->err);
    for (i = 0; i < by->cells.n; i++)
        result.rows[i] = by->cells.at[i].out;
    if (judge->notes.n)
        memcpy(result.notes, judge->notes.at, judge->notes.n * sizeof *result.notes);
    result.row_count = by->cells.n;
    result.note_count = judge->notes.n;
    rc = pfl_judge_sort(result.rows, result.row_count, sizeof *result.rows, params->sort,
                        judge->err);
    if (rc == PFL_OK)
        *out = result;
    return rc;
}

int pfl_judge_compare_by(const struct pfl_judge_by_params *params, struct pfl_arena *arena,
                         struct pfl_by *out, struct pfl_err *err)
{
    struct pfl_judge_by by = {
        .params = params,
        .judge = {.policy = params->policy, .arena = arena, .err = err},
    };
    int rc;

    pfl_judge_tables_init(&by.judge.tables, params->policy->confidence);
    pfl_buf_init(&by.judge.words, WORDS_MAX);
    rc = pfl_judge_by_gather(&by);
    if (rc == PFL_OK)
        rc = check_values(&by);
    if (rc == PFL_OK)
        rc = walk(&by);
    if (rc == PFL_OK && by.cells.n == 0)
        rc = say_nothing(&by);
    if (rc == PFL_OK && params->group_by)
        rc = pfl_judge_by_pool(&by);
    if (rc == PFL_OK)
        rc = pfl_judge_by_notes(&by);
    if (rc == PFL_OK)
        rc = finish(&by, out);
    pfl_buf_release(&by.judge.words);
    pfl_vec_release(&by.judge.notes);
    pfl_vec_release(&by.cells);
    pfl_vec_release(&by.entries);
    return rc;
}
