/*
 * Lean records. An archive's runs differ by their numbers and by little else; written as ordinary
 * records, their names alone would take more room than their points. So a benchmark's texts go into
 * a form, which the ledger finds again by its bytes, and the record names it by number. What may
 * differ from run to run without being a number (status and reason, warnings, the seed) is here,
 * field by field over all benchmarks, which lets zstd make nothing of what is mostly the same.
 *
 * Of each result the record knows the series whose point of this run has its numbers; those of the
 * others (no median, a text, a series given twice) follow in columns.
 *
 * In order: head as in every record; the benchmarks' count; forms, definitions (as steps from one
 * to the next); status, reason, partial, few, work, seed, environment, warnings; per result a text,
 * a bit whether a series has it, and the steps of those series' numbers; the columns of the other
 * summaries; yardsticks.
 */
#include "store/lean.h"

#include "store/fields.h"

#include <string.h>

static const char packing[] = "packing a run";

bool pfl_store_lean_suits(const struct pfl_run *run)
{
    size_t i, j;

    if (run->thinned_unix_ns) /* a record of its own */
        return false;
    for (i = 0; i < run->benchmark_count; i++) {
        const struct pfl_benchmark *bench = &run->benchmarks[i];

        if (bench->launch_count)
            return false;
        for (j = 0; j < bench->result_count; j++)
            if (bench->results[j].n || bench->results[j].launch_of)
                return false;
    }
    return true;
}

static void put_form(struct pfl_store_pack *p, struct pfl_benchmark *bench)
{
    size_t count, i;

    pfl_store_pack_text(p, &bench->name);
    pfl_store_pack_text(p, &bench->suite);
    pfl_store_pack_text(p, &bench->command);
    pfl_store_pack_text(p, &bench->tier);
    pfl_store_pack_text(p, &bench->work_unit);
    pfl_store_put_pairs(p, &bench->params, &bench->param_count);
    count = pfl_store_pack_array(p, (void **)&bench->results, &bench->result_count,
                                 sizeof *bench->results);
    for (i = 0; i < count; i++) {
        struct pfl_result *result = &bench->results[i];

        pfl_store_pack_text(p, &result->metric);
        pfl_store_pack_text(p, &result->unit);
        pfl_store_put_better(p, &result->better);
        pfl_store_pack_text(p, &result->variant);
        pfl_store_pack_bool(p, &result->summary_only);
    }
}

int pfl_store_form_write(const struct pfl_benchmark *bench, struct pfl_buf *buf,
                         struct pfl_err *err)
{
    struct pfl_benchmark same = *bench; /* only for the type: writing changes nothing */
    struct pfl_store_pack pack;

    pfl_store_pack_init_write(&pack, buf);
    pack.plain = true;
    put_form(&pack, &same);
    pfl_store_pack_release(&pack);
    return pfl_buf_check(buf, err, packing);
}

/* What both ways know: the record's pack and whose it is. */
struct lean {
    struct pfl_store_pack pack;
    struct pfl_run *run;
    size_t results;                             /* of all benchmarks */
    int64_t *forms, *definitions;               /* of each benchmark; reading: the arena's */
    int64_t *series;                            /* of each result */
    const struct pfl_store_lean_source *source; /* reading */
    struct pfl_err *err;
};

/* A column of numbers that mostly rise by one: their steps. */
static void put_steps(struct pfl_store_pack *p, int64_t *numbers, size_t n)
{
    int64_t *steps = pfl_store_pack_scratch(p, n);
    uint64_t last = 0;
    size_t i;

    if (!steps)
        return;
    for (i = 0; i < n && !p->reading; i++) {
        steps[i] = (int64_t)((uint64_t)numbers[i] - last);
        last = (uint64_t)numbers[i];
    }
    pfl_store_pack_ints(p, steps, n);
    for (i = 0; i < n && p->reading && !p->error; i++)
        numbers[i] = (int64_t)(last += (uint64_t)steps[i]);
}

static void put_work(struct lean *lean)
{
    struct pfl_store_pack *p = &lean->pack;
    struct pfl_run *run = lean->run;
    double *work = pfl_store_pack_scratch(p, run->benchmark_count);
    size_t i;

    if (!work)
        return;
    for (i = 0; i < run->benchmark_count && !p->reading; i++)
        work[i] = run->benchmarks[i].work;
    pfl_store_pack_values(p, work, run->benchmark_count);
    for (i = 0; i < run->benchmark_count && p->reading && !p->error; i++)
        run->benchmarks[i].work = work[i];
}

static void put_benchmarks(struct lean *lean)
{
    struct pfl_store_pack *p = &lean->pack;
    struct pfl_benchmark *benchmarks = lean->run->benchmarks;
    size_t n = lean->run->benchmark_count, i;

    for (i = 0; i < n; i++)
        pfl_store_put_status(p, &benchmarks[i].status);
    for (i = 0; i < n; i++)
        pfl_store_pack_text(p, &benchmarks[i].reason);
    for (i = 0; i < n; i++)
        pfl_store_pack_bool(p, &benchmarks[i].partial);
    for (i = 0; i < n; i++)
        pfl_store_pack_bool(p, &benchmarks[i].few);
    put_work(lean);
    for (i = 0; i < n; i++)
        pfl_store_pack_u64(p, &benchmarks[i].seed);
    for (i = 0; i < n; i++)
        pfl_store_put_pairs(p, &benchmarks[i].environment, &benchmarks[i].environment_count);
    for (i = 0; i < n; i++)
        pfl_store_put_texts(p, &benchmarks[i].warnings, &benchmarks[i].warning_count);
    for (i = 0; i < n; i++) {
        size_t j;

        for (j = 0; j < benchmarks[i].result_count; j++)
            pfl_store_pack_text(p, &benchmarks[i].results[j].text);
    }
}

/* Writing: gathers the numbers of the series there are. Reading: spreads them. */
static void put_series(struct lean *lean)
{
    struct pfl_store_pack *p = &lean->pack;
    int64_t *numbers = lean->series;
    size_t i, n = 0;
    bool has;

    for (i = 0; i < lean->results; i++) {
        has = !p->reading && numbers[i] != 0;
        pfl_store_pack_bool(p, &has);
        if (p->reading)
            numbers[i] = has;
        n += has;
    }
    if (p->reading) {
        int64_t *found = pfl_arena_array(p->arena, n, sizeof *found);

        if (!found) {
            pfl_store_pack_fail(p, PFL_ENOMEM);
            return;
        }
        put_steps(p, found, n);
        for (i = n = 0; i < lean->results && !p->error; i++)
            numbers[i] = numbers[i] ? found[n++] : 0;
    } else {
        for (i = n = 0; i < lean->results; i++) /* the places are the writer's copy */
            if (numbers[i])
                numbers[n++] = numbers[i];
        put_steps(p, numbers, n);
    }
}

/* The next result from *at on that no series has; NULL after the last. bench and result are the
 * place within the run. */
struct place {
    size_t bench, result, at;
};

static struct pfl_result *next_result(struct lean *lean, struct place *place)
{
    const struct pfl_run *run = lean->run;

    for (; place->bench < run->benchmark_count; place->bench++, place->result = 0)
        while (place->result < run->benchmarks[place->bench].result_count) {
            struct pfl_result *result = &run->benchmarks[place->bench].results[place->result++];

            if (!lean->series[place->at++])
                return result;
        }
    return NULL;
}

static void put_counts(struct lean *lean)
{
    struct pfl_store_pack *p = &lean->pack;
    int64_t *counts = pfl_store_pack_scratch(p, lean->results);
    struct place place = {0, 0, 0}, again = {0, 0, 0};
    struct pfl_result *result;
    size_t n = 0;

    if (!counts)
        return;
    while ((result = next_result(lean, &place)))
        counts[n++] = p->reading ? 0 : (int64_t)result->summary.n;
    pfl_store_pack_ints(p, counts, n);
    for (n = 0; p->reading && !p->error && (result = next_result(lean, &again));)
        result->summary.n = (size_t)counts[n++];
}

static void put_field(struct lean *lean, size_t field)
{
    struct pfl_store_pack *p = &lean->pack;
    double *values = pfl_store_pack_scratch(p, lean->results);
    struct place place = {0, 0, 0}, again = {0, 0, 0};
    struct pfl_result *result;
    size_t n = 0;

    if (!values)
        return;
    while ((result = next_result(lean, &place)))
        values[n++] = p->reading ? 0 : *pfl_store_summary_field(&result->summary, field);
    pfl_store_pack_values(p, values, n);
    for (n = 0; p->reading && !p->error && (result = next_result(lean, &again));)
        *pfl_store_summary_field(&result->summary, field) = values[n++];
}

static void put_numbers(struct lean *lean)
{
    size_t field;

    put_counts(lean);
    for (field = 0; field < PFL_STORE_SUMMARY_FIELDS && !lean->pack.error; field++)
        put_field(lean, field);
}

static size_t count_results(const struct pfl_run *run)
{
    size_t n = 0, i;

    for (i = 0; i < run->benchmark_count; i++)
        n += run->benchmarks[i].result_count;
    return n;
}

static void copy_numbers(int64_t *to, const int64_t *from, size_t n)
{
    if (n)
        memcpy(to, from, n * sizeof *to);
}

static void write_run(struct lean *lean, struct pfl_arena *arena,
                      const struct pfl_store_lean_places *places)
{
    struct pfl_store_pack *p = &lean->pack;
    struct pfl_run *run = lean->run;
    int64_t *numbers = pfl_arena_array(arena, run->benchmark_count, sizeof *numbers);

    lean->series = pfl_arena_array(arena, lean->results, sizeof *lean->series);
    if (!numbers || !lean->series) {
        pfl_store_pack_fail(p, PFL_ENOMEM);
        return;
    }
    pfl_store_put_head(p, run);
    pfl_store_pack_array(p, (void **)&run->benchmarks, &run->benchmark_count,
                         sizeof *run->benchmarks);
    copy_numbers(numbers, places->forms, run->benchmark_count);
    put_steps(p, numbers, run->benchmark_count);
    copy_numbers(numbers, places->definitions, run->benchmark_count);
    put_steps(p, numbers, run->benchmark_count);
    put_benchmarks(lean);
    copy_numbers(lean->series, places->series, lean->results);
    put_series(lean);
    copy_numbers(lean->series, places->series, lean->results);
    put_numbers(lean);
    pfl_store_put_yardsticks(p, run);
}

int pfl_store_lean_write(struct pfl_store_zstd *zstd, const struct pfl_run *run,
                         const struct pfl_store_lean_places *places, struct pfl_buf *blob,
                         struct pfl_err *err)
{
    struct pfl_run same = *run; /* only for the type */
    struct lean lean = {.run = &same, .results = count_results(run), .err = err};
    struct pfl_arena arena;
    struct pfl_buf raw;
    int code;

    pfl_arena_init(&arena);
    pfl_buf_init(&raw, PFL_STORE_FRAME_MAX);
    pfl_store_pack_init_write(&lean.pack, &raw);
    write_run(&lean, &arena, places);
    code = pfl_store_pack_check(&lean.pack, err);
    if (!code)
        code = pfl_store_frame_write(zstd, PFL_STORE_LEAN_VERSION, &raw, blob, err);
    pfl_store_pack_release(&lean.pack);
    pfl_buf_release(&raw);
    pfl_arena_release(&arena);
    return code;
}

/* --- reading --- */

static int read_form(struct lean *lean, int64_t number, struct pfl_benchmark *bench)
{
    const struct pfl_store_lean_source *source = lean->source;
    struct pfl_store_cursor bytes;
    struct pfl_store_pack pack;
    int code = source->form(source->context, number, &bytes, lean->err);

    if (code)
        return code;
    pfl_store_pack_init_read(&pack, &bytes, source->arena);
    pack.plain = true;
    put_form(&pack, bench);
    code = pfl_store_pack_check(&pack, lean->err);
    pfl_store_pack_release(&pack);
    return code;
}

static int read_forms(struct lean *lean)
{
    const struct pfl_store_lean_source *source = lean->source;
    struct pfl_store_pack *p = &lean->pack;
    struct pfl_run *run = lean->run;
    size_t n = run->benchmark_count, i;
    int64_t *forms = pfl_arena_array(source->arena, n, sizeof *forms),
            *definitions = pfl_arena_array(source->arena, n, sizeof *definitions);
    int code = PFL_OK;

    if (!forms || !definitions)
        return pfl_err_no_memory(lean->err);
    put_steps(p, forms, n);
    put_steps(p, definitions, n);
    for (i = 0; i < n && !code && !p->error; i++) {
        code = read_form(lean, forms[i], &run->benchmarks[i]);
        if (!code && definitions[i])
            code = source->definition(source->context, definitions[i],
                                      &run->benchmarks[i].definition, lean->err);
    }
    return code;
}

static int read_points(struct lean *lean)
{
    const struct pfl_store_lean_source *source = lean->source;
    const struct pfl_run *run = lean->run;
    size_t i, j, at = 0;
    int code = PFL_OK;

    for (i = 0; i < run->benchmark_count; i++)
        for (j = 0; j < run->benchmarks[i].result_count && !code; j++, at++)
            if (lean->series[at])
                code = source->point(source->context, lean->series[at],
                                     &run->benchmarks[i].results[j].summary, lean->err);
    return code;
}

static int read_run(struct lean *lean)
{
    struct pfl_store_pack *p = &lean->pack;
    struct pfl_run *run = lean->run;
    int code;

    pfl_store_put_head(p, run);
    pfl_store_pack_array(p, (void **)&run->benchmarks, &run->benchmark_count,
                         sizeof *run->benchmarks);
    code = p->error ? PFL_OK : read_forms(lean);
    if (code || p->error)
        return code;
    lean->results = count_results(run);
    lean->series = pfl_arena_array(lean->source->arena, lean->results, sizeof *lean->series);
    if (!lean->series)
        return pfl_err_no_memory(lean->err);
    put_benchmarks(lean);
    if (!p->error)
        put_series(lean);
    if (!p->error)
        put_numbers(lean);
    if (!p->error)
        pfl_store_put_yardsticks(p, run);
    return p->error ? PFL_OK : read_points(lean);
}

int pfl_store_lean_read(struct pfl_store_zstd *zstd, const struct pfl_store_cursor *blob,
                        const struct pfl_store_lean_source *source, struct pfl_run *run,
                        struct pfl_err *err)
{
    struct pfl_run read = {.id = ""};
    struct lean lean = {.run = &read, .source = source, .err = err};
    struct pfl_store_cursor raw;
    int code = pfl_store_frame_read(zstd, PFL_STORE_LEAN_VERSION, blob, source->arena, &raw, err);

    if (code)
        return code;
    pfl_store_pack_init_read(&lean.pack, &raw, source->arena);
    code = read_run(&lean);
    if (!code)
        code = pfl_store_pack_check(&lean.pack, err);
    pfl_store_pack_release(&lean.pack);
    if (!code)
        *run = read;
    return code;
}
