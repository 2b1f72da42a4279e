/*
 * From rows to a run: each row of "results" goes below the benchmark of its name, in the order of
 * the file. The model's invariant is checked here, since the two lists may come in either order: a
 * result has one value per launch, or says for each value which launch it belongs to.
 */
#include "formats/run_json_shape.h"

#include "base/map.h"

#include <string.h>

struct join {
    struct pfl_run_json_document *document;
    const char *file;
    struct pfl_arena *arena;
    struct pfl_err *err;
    struct pfl_benchmark *benchmarks;
    size_t n;
    struct pfl_map index; /* name → place in benchmarks */
};

static int add_benchmark(struct join *j, const struct pfl_benchmark *b)
{
    if (!pfl_map_set(&j->index, b->name, j->n))
        return pfl_err_no_memory(j->err);
    j->benchmarks[j->n++] = *b;
    return PFL_OK;
}

static int add_details(struct join *j)
{
    const struct pfl_run_json_document *d = j->document;
    size_t i;
    int rc;

    for (i = 0; i < d->detail_count; i++) {
        const struct pfl_run_json_detail *detail = &d->details[i];

        if (pfl_map_get(&j->index, detail->benchmark.name))
            return pfl_err_set_at(
                j->err, PFL_EPARSE, j->file, detail->place.line, detail->place.column,
                "the benchmark \"%s\" stands here a second time", detail->benchmark.name);
        rc = add_benchmark(j, &detail->benchmark);
        if (rc < 0)
            return rc;
    }
    return PFL_OK;
}

/* Benchmarks that only rows speak of; and how many results each will hold. */
static int add_from_rows(struct join *j)
{
    const struct pfl_run_json_document *d = j->document;
    size_t i, *at;
    int rc;

    for (i = 0; i < d->entry_count; i++) {
        const struct pfl_run_json_entry *e = &d->entries[i];

        if (!pfl_map_get(&j->index, e->benchmark)) {
            const struct pfl_benchmark b = {.name = e->benchmark,
                                            .suite = "",
                                            .command = "",
                                            .definition = "",
                                            .tier = "",
                                            .work_unit = "",
                                            .reason = "",
                                            .params = e->params,
                                            .param_count = e->param_count,
                                            .status = e->status};

            rc = add_benchmark(j, &b);
            if (rc < 0)
                return rc;
        }
        at = pfl_map_get(&j->index, e->benchmark);
        j->benchmarks[*at].result_count += e->result.metric != NULL;
    }
    return PFL_OK;
}

/* Imported values may have no launch table; then they count one by one, or by launch_of. */
static bool needs_no_launches(const struct join *j, const struct pfl_benchmark *b)
{
    return j->document->run.kind == PFL_RUN_IMPORTED && j->document->detail_count &&
           b->launch_count == 0;
}

/* Without a launch table each sample counts as a launch. */
static int make_launches(struct join *j, struct pfl_benchmark *b, size_t n)
{
    struct pfl_launch *launches = pfl_arena_array(j->arena, n, sizeof *launches);
    size_t i;

    if (!launches)
        return pfl_err_no_memory(j->err);
    for (i = 0; i < n; i++)
        launches[i].round = launches[i].position = (uint32_t)i;
    b->launches = launches;
    b->launch_count = n;
    return PFL_OK;
}

static int fail(struct join *j, const struct pfl_run_json_entry *e, size_t expected,
                const char *what)
{
    return pfl_err_set_at(j->err, PFL_EPARSE, j->file, e->place.line, e->place.column,
                          "the result of \"%s\" in %s: expected %zu %s", e->benchmark,
                          e->result.metric, expected, what);
}

static int check_launches(struct join *j, const struct pfl_run_json_entry *e,
                          const struct pfl_benchmark *b)
{
    const struct pfl_result *r = &e->result;
    bool free = needs_no_launches(j, b);
    size_t i;

    if (!r->launch_of)
        return r->n == 0 || r->n == b->launch_count || free
                   ? PFL_OK
                   : fail(j, e, b->launch_count, "samples, one per launch, or \"launch_of\"");
    if (e->launch_of_count != r->n)
        return fail(j, e, r->n, "values in \"launch_of\", one per sample");
    for (i = 0; i < r->n && !free; i++)
        if (r->launch_of[i] >= b->launch_count)
            return fail(j, e, b->launch_count, "launches, \"launch_of\" names one beyond them");
    return PFL_OK;
}

/* Until its first row comes, a benchmark's result_count says how many there will be; from then on
 * how many there are. */
static int begin_results(struct join *j, struct pfl_benchmark *b)
{
    b->results = pfl_arena_array(j->arena, b->result_count, sizeof *b->results);
    b->result_count = 0;
    return b->results ? PFL_OK : pfl_err_no_memory(j->err);
}

static int put_row(struct join *j, const struct pfl_run_json_entry *e)
{
    struct pfl_benchmark *b = &j->benchmarks[*pfl_map_get(&j->index, e->benchmark)];
    struct pfl_result *r;
    int rc = PFL_OK;

    if (!e->result.metric)
        return PFL_OK;
    if (!b->results)
        rc = begin_results(j, b);
    if (rc == PFL_OK && b->launch_count == 0 && e->result.n > 0 && !e->result.launch_of &&
        !needs_no_launches(j, b))
        rc = make_launches(j, b, e->result.n);
    if (rc == PFL_OK)
        rc = check_launches(j, e, b);
    if (rc < 0)
        return rc;
    r = &b->results[b->result_count++];
    *r = e->result;
    if (!r->unit)
        r->unit = "1";
    r->summary.n = e->launches;
    return PFL_OK;
}

/* Of a sorted run: no result may stand twice. */
static int check_unique(const struct join *j)
{
    const struct pfl_run *run = &j->document->run;
    size_t i, k;

    for (i = 0; i < run->benchmark_count; i++)
        for (k = 1; k < run->benchmarks[i].result_count; k++) {
            const struct pfl_result *r = &run->benchmarks[i].results[k];

            if (strcmp(r[-1].metric, r->metric) == 0 && strcmp(r[-1].variant, r->variant) == 0)
                return pfl_err_set_at(j->err, PFL_EPARSE, j->file, 0, 0,
                                      "the result of \"%s\" in %s stands here twice",
                                      run->benchmarks[i].name, r->metric);
        }
    return PFL_OK;
}

static int join_rows(struct join *j)
{
    size_t i;
    int rc = add_details(j);

    if (rc == PFL_OK)
        rc = add_from_rows(j);
    for (i = 0; rc == PFL_OK && i < j->document->entry_count; i++)
        rc = put_row(j, &j->document->entries[i]);
    return rc;
}

int pfl_run_json_join(struct pfl_run_json_document *document, const char *file,
                      struct pfl_arena *arena, struct pfl_err *err)
{
    struct join j = {.document = document, .file = file, .arena = arena, .err = err};
    int rc;

    j.benchmarks = pfl_arena_array(arena, document->detail_count + document->entry_count,
                                   sizeof *j.benchmarks);
    if (!j.benchmarks)
        return pfl_err_no_memory(err);
    pfl_map_init(&j.index);
    rc = join_rows(&j);
    pfl_map_release(&j.index);
    if (rc < 0)
        return rc;
    document->run.benchmarks = j.benchmarks;
    document->run.benchmark_count = j.n;
    pfl_run_sort(&document->run);
    return check_unique(&j);
}
