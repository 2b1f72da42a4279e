/* Names of the run's enums, look-ups and the one order in which a run's parts stand. */
#include "model/run.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static const char *const status_texts[] = {"ok", "failed", "timed_out", "skipped"};
static const char *const kind_texts[] = {"configured", "adhoc", "race", "imported"};

static int index_of(const char *text, const char *const *texts, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (strcmp(text, texts[i]) == 0)
            return (int)i;
    return -1;
}

const char *pfl_status_text(enum pfl_status status)
{
    return status_texts[status];
}

bool pfl_status_read(const char *text, enum pfl_status *status)
{
    int i = index_of(text, status_texts, PFL_COUNT(status_texts));

    if (i >= 0)
        *status = (enum pfl_status)i;
    return i >= 0;
}

const char *pfl_run_kind_text(enum pfl_run_kind kind)
{
    return kind_texts[kind];
}

bool pfl_run_kind_read(const char *text, enum pfl_run_kind *kind)
{
    int i = index_of(text, kind_texts, PFL_COUNT(kind_texts));

    if (i >= 0)
        *kind = (enum pfl_run_kind)i;
    return i >= 0;
}

/* Natural order first; texts that only differ in a number's leading zeros still have one order. */
static int compare_names(const char *a, const char *b)
{
    int order = pfl_text_compare_natural(a, b);

    return order ? order : strcmp(a, b);
}

static int compare_benchmarks(const void *a, const void *b)
{
    return compare_names(((const struct pfl_benchmark *)a)->name,
                         ((const struct pfl_benchmark *)b)->name);
}

static int compare_results(const void *a, const void *b)
{
    const struct pfl_result *x = a, *y = b;
    int order = pfl_metric_rank(x->metric) - pfl_metric_rank(y->metric);

    if (order == 0)
        order = strcmp(x->metric, y->metric);
    return order ? order : strcmp(x->variant, y->variant);
}

/* As most come: then a comparison each is all that it costs. */
static bool is_sorted(const struct pfl_run *run)
{
    size_t i;

    for (i = 1; i < run->benchmark_count; i++)
        if (compare_benchmarks(&run->benchmarks[i - 1], &run->benchmarks[i]) > 0)
            return false;
    return true;
}

void pfl_run_sort(struct pfl_run *run)
{
    size_t i;

    for (i = 0; i < run->benchmark_count; i++)
        if (run->benchmarks[i].result_count > 1)
            qsort(run->benchmarks[i].results, run->benchmarks[i].result_count,
                  sizeof *run->benchmarks[i].results, compare_results);
    if (!is_sorted(run))
        qsort(run->benchmarks, run->benchmark_count, sizeof *run->benchmarks, compare_benchmarks);
}

const struct pfl_benchmark *pfl_run_find(const struct pfl_run *run, const char *name)
{
    struct pfl_benchmark key = {.name = name};

    if (run->benchmark_count == 0)
        return NULL;
    return bsearch(&key, run->benchmarks, run->benchmark_count, sizeof key, compare_benchmarks);
}

const struct pfl_result *pfl_benchmark_find(const struct pfl_benchmark *bench, const char *metric,
                                            const char *variant)
{
    size_t i;

    for (i = 0; i < bench->result_count; i++)
        if (strcmp(bench->results[i].metric, metric) == 0 &&
            strcmp(bench->results[i].variant, variant) == 0)
            return &bench->results[i];
    return NULL;
}

const char *pfl_benchmark_instrumented(const struct pfl_benchmark *bench)
{
    const char *value = pfl_pair_find(bench->environment, bench->environment_count, "instrumented");

    return *value ? value : NULL;
}

const char *pfl_instrumented_how(const char *instrumented)
{
    return strncmp(instrumented, "compiled", 8) == 0 ? "" : "built with ";
}

const char *pfl_pair_find(const struct pfl_pair *pairs, size_t n, const char *name)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (strcmp(pairs[i].name, name) == 0)
            return pairs[i].value;
    return "";
}

bool pfl_run_selects(const char *pattern, const char *benchmark)
{
    size_t len;

    if (pfl_text_glob(pattern, benchmark))
        return true;
    len = strcspn(pattern, "*?\\");
    if (pattern[len] != 0 || len == 0)
        return false;
    return strncmp(pattern, benchmark, len) == 0 &&
           (benchmark[len] == '[' || benchmark[len] == '/');
}

bool pfl_run_has_samples(const struct pfl_run *run)
{
    size_t i, j;

    for (i = 0; i < run->benchmark_count; i++) {
        const struct pfl_benchmark *bench = &run->benchmarks[i];

        if (bench->launch_count)
            return true;
        for (j = 0; j < bench->result_count; j++)
            if (bench->results[j].n)
                return true;
    }
    return false;
}

void pfl_run_thin(struct pfl_run *run, int64_t unix_ns)
{
    size_t i, j;

    for (i = 0; i < run->benchmark_count; i++) {
        struct pfl_benchmark *bench = &run->benchmarks[i];

        bench->launches = NULL;
        bench->launch_count = 0;
        for (j = 0; j < bench->result_count; j++) {
            struct pfl_result *result = &bench->results[j];

            result->summary_only = result->summary_only || result->n;
            result->values = NULL;
            result->launch_of = NULL;
            result->n = 0;
        }
    }
    run->thinned_unix_ns = unix_ns;
}
