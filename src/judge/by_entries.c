/*
 * The benchmarks that have the parameter, ready to be compared: by family (the name without its
 * parameters), then by combination of the other parameters, then by value. Combinations are
 * compared pair by pair and not as text, because names and values come from outside and may hold
 * any separator.
 *
 * Values are ordered as people count: numbers by value (0.25 before 0.5, 2 before 10), then other
 * texts in natural order.
 */
#include "judge/by.h"

#include "base/decimal.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { LISTED_MAX = 8 };

/* A number as JSON writes it. Quiet: a text that is none is no mistake here. */
static bool is_number(const char *text, double *value)
{
    const char *end = text + strlen(text);
    struct pfl_decimal decimal;

    if (text == end || pfl_decimal_scan(&decimal, text, end) != end || decimal.lacks_digit)
        return false;
    *value = pfl_decimal_read_text(text);
    return true;
}

int pfl_judge_by_compare_values(const char *a, const char *b)
{
    double x = NAN, y = NAN;
    bool number_a = is_number(a, &x), number_b = is_number(b, &y);

    if (number_a != number_b)
        return number_a ? -1 : 1;
    if (number_a && x != y)
        return x < y ? -1 : 1;
    return pfl_text_compare_natural(a, b);
}

int pfl_judge_by_compare_others(const struct pfl_by_entry *a, const struct pfl_by_entry *b)
{
    size_t i, n = a->other_count < b->other_count ? a->other_count : b->other_count;
    int order;

    for (i = 0; i < n; i++) {
        order = strcmp(a->others[i].name, b->others[i].name);
        if (order == 0)
            order = pfl_judge_by_compare_values(a->others[i].value, b->others[i].value);
        if (order)
            return order;
    }
    return a->other_count < b->other_count ? -1 : a->other_count > b->other_count;
}

static int compare_entries(const void *a, const void *b)
{
    const struct pfl_by_entry *x = a, *y = b;
    int order = pfl_judge_compare_names(x->family, y->family);

    if (order == 0)
        order = pfl_judge_by_compare_others(x, y);
    if (order == 0)
        order = pfl_judge_by_compare_values(x->value, y->value);
    return order ? order : strcmp(x->bench->name, y->bench->name);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct pfl_pair *)a)->name, ((const struct pfl_pair *)b)->name);
}

static void write_param(struct pfl_buf *words, const struct pfl_pair *param, bool *first)
{
    pfl_buf_format(words, "%c%s=%s", *first ? '[' : ',', param->name, param->value);
    *first = false;
}

const char *pfl_judge_by_name(struct pfl_judge_by *by, const char *family,
                              const struct pfl_pair *others, size_t n, const struct pfl_pair *param)
{
    struct pfl_buf *words = &by->judge.words;
    bool first = true;
    size_t i;

    pfl_buf_text(words, family);
    for (i = 0; i < n; i++) {
        if (param && strcmp(param->name, others[i].name) < 0) {
            write_param(words, param, &first);
            param = NULL;
        }
        write_param(words, &others[i], &first);
    }
    if (param)
        write_param(words, param, &first);
    if (!first)
        pfl_buf_char(words, ']');
    return pfl_judge_words_end(&by->judge);
}

/* "pack" of "pack[level=1,size=10]". A name that was not made of its parameters ends at its first
 * bracket. */
static const char *family_of(struct pfl_judge_by *by, const struct pfl_benchmark *bench,
                             const struct pfl_pair *sorted)
{
    const char *suffix = pfl_judge_by_name(by, "", sorted, bench->param_count, NULL);
    size_t len;

    if (!suffix)
        return NULL;
    len = pfl_text_ends(bench->name, suffix) ? strlen(bench->name) - strlen(suffix)
                                             : strcspn(bench->name, "[");
    return pfl_arena_text_n(by->judge.arena, bench->name, len);
}

static const char *value_of(const struct pfl_benchmark *bench, const char *param)
{
    size_t i;

    for (i = 0; i < bench->param_count; i++)
        if (strcmp(bench->params[i].name, param) == 0)
            return bench->params[i].value;
    return NULL;
}

static int add_entry(struct pfl_judge_by *by, const struct pfl_benchmark *bench)
{
    const struct pfl_judge_by_params *params = by->params;
    struct pfl_by_entry entry = {.bench = bench, .group = ""};
    size_t i, n = 0;

    entry.value = value_of(bench, params->param);
    if (params->group_by)
        entry.group = value_of(bench, params->group_by);
    by->without_param += !entry.value;
    by->without_group += entry.value && !entry.group;
    if (!entry.value || !entry.group)
        return PFL_OK;
    entry.others = pfl_arena_array(by->judge.arena, bench->param_count, sizeof *entry.others);
    if (!entry.others)
        return PFL_ENOMEM;
    memcpy(entry.others, bench->params, bench->param_count * sizeof *entry.others);
    qsort(entry.others, bench->param_count, sizeof *entry.others, by_name);
    entry.family = family_of(by, bench, entry.others);
    for (i = 0; i < bench->param_count; i++)
        if (strcmp(entry.others[i].name, params->param) != 0)
            entry.others[n++] = entry.others[i];
    entry.other_count = n;
    return entry.family && pfl_vec_push(&by->entries, &entry) ? PFL_OK : PFL_ENOMEM;
}

int pfl_judge_by_unknown(struct pfl_judge_by *by, const char *what, const char *word,
                         const char *const *names, size_t n)
{
    const char *near = pfl_text_nearest(word, names, n), *list;
    struct pfl_buf *words = &by->judge.words;
    size_t i;

    if (near)
        return pfl_err_set(by->judge.err, PFL_ENOENT,
                           "in %s nothing has the %s `%s`; did you mean `%s`?", by->params->label,
                           what, word, near);
    for (i = 0; i < n && i < LISTED_MAX; i++)
        pfl_buf_format(words, "%s%s", i ? ", " : "", names[i]);
    if (n > LISTED_MAX)
        pfl_buf_format(words, " and %zu more", n - LISTED_MAX);
    list = pfl_judge_words_end(&by->judge);
    if (!list)
        return pfl_err_no_memory(by->judge.err);
    return pfl_err_set(by->judge.err, PFL_ENOENT, "in %s nothing has the %s `%s`; there is: %s",
                       by->params->label, what, word, n ? list : "none at all");
}

/* The names of all parameters in the run, each once. */
static int unknown_param(struct pfl_judge_by *by, const char *word)
{
    const struct pfl_run *run = by->params->run;
    struct pfl_judge_texts names = {0};
    struct pfl_map seen;
    size_t i, k;
    int rc = PFL_OK;

    pfl_map_init(&seen);
    for (i = 0; i < run->benchmark_count; i++)
        for (k = 0; k < run->benchmarks[i].param_count && rc == PFL_OK; k++) {
            const char *name = run->benchmarks[i].params[k].name;

            if (!pfl_map_get(&seen, name) &&
                (!pfl_map_set(&seen, name, 1) || !pfl_vec_push(&names, &name)))
                rc = PFL_ENOMEM;
        }
    if (rc == PFL_OK)
        rc = pfl_judge_by_unknown(by, "parameter", word, names.at, names.n);
    pfl_map_release(&seen);
    pfl_vec_release(&names);
    return rc == PFL_ENOMEM ? pfl_err_no_memory(by->judge.err) : rc;
}

static bool run_has(const struct pfl_run *run, const char *param)
{
    size_t i;

    for (i = 0; i < run->benchmark_count; i++)
        if (value_of(&run->benchmarks[i], param))
            return true;
    return false;
}

int pfl_judge_by_gather(struct pfl_judge_by *by)
{
    const struct pfl_judge_by_params *params = by->params;
    size_t i;

    if (!run_has(params->run, params->param))
        return unknown_param(by, params->param);
    if (params->group_by && !run_has(params->run, params->group_by))
        return unknown_param(by, params->group_by);
    for (i = 0; i < params->run->benchmark_count; i++)
        if (add_entry(by, &params->run->benchmarks[i]) != PFL_OK)
            return pfl_err_no_memory(by->judge.err);
    if (by->entries.n == 0)
        return pfl_err_set(by->judge.err, PFL_ENOTHING,
                           "nothing to compare: in %s no benchmark has both the parameters %s and "
                           "%s",
                           params->label, params->param, params->group_by);
    qsort(by->entries.at, by->entries.n, sizeof *by->entries.at, compare_entries);
    return PFL_OK;
}
