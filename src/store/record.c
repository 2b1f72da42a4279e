/*
 * Which fields a run has, in the order in which they are stored. A later field comes with a new
 * version and is looked for only in records that have it: old records are read for ever. Version 2
 * has the yardsticks at its end; a run without any is written as version 1, which older programs
 * read, too. Version 3 is the lean record (lean.h). Version 4 is a run whose samples were taken
 * away: with when that was, and what had normalised its results, for that can't be computed again.
 *
 * Enums travel as their texts, so that their order in the model may change. Launches and summaries
 * are laid out by column: a column of rounds or of flags is nearly nothing then. Summaries are
 * gathered over all benchmarks' first results, then over all second ones …: as results are sorted
 * by metric these are columns of one unit, which is what the value codec wants. Samples are kept
 * apart from the record, in chunks of whole benchmarks, so that they can be thinned out or packed
 * otherwise later while the record stays.
 *
 * Each put_… function serves both ways (see pack.h); `p` is the pack.
 */
#include "store/record.h"

#include "store/fields.h"

#include <string.h>

enum { RECORD_PLAIN = 1, RECORD_YARDSTICKS = 2, SAMPLES_VERSION = 1, SAMPLES_CHUNK = 256 << 10 };

enum { LAUNCH_COLUMNS = 7 };

static int64_t launch_get(const struct pfl_launch *launch, int column)
{
    switch (column) {
    case 0: return launch->round;
    case 1: return launch->position;
    case 2: return launch->started_ns;
    case 3: return launch->gap_ns;
    case 4: return launch->exit_code;
    case 5: return launch->signal;
    default: return launch->flags;
    }
}

static void launch_set(struct pfl_launch *launch, int column, int64_t value)
{
    switch (column) {
    case 0: launch->round = (uint32_t)value; break;
    case 1: launch->position = (uint32_t)value; break;
    case 2: launch->started_ns = value; break;
    case 3: launch->gap_ns = value; break;
    case 4: launch->exit_code = (int32_t)value; break;
    case 5: launch->signal = (int32_t)value; break;
    default: launch->flags = (uint32_t)value; break;
    }
}

static void put_launches(struct pfl_store_pack *p, struct pfl_benchmark *bench)
{
    size_t n = pfl_store_pack_column(p, (void **)&bench->launches, &bench->launch_count,
                                     sizeof *bench->launches),
           i;
    int64_t *values = n ? pfl_store_pack_scratch(p, n) : NULL;
    int column;

    for (column = 0; values && column < LAUNCH_COLUMNS; column++) {
        for (i = 0; i < n && !p->reading; i++)
            values[i] = launch_get(&bench->launches[i], column);
        pfl_store_pack_ints(p, values, n);
        for (i = 0; i < n && p->reading && !p->error; i++)
            launch_set(&bench->launches[i], column, values[i]);
    }
}

/* Which launch each sample belongs to, where that is not simply its own place. */
static void put_launch_of(struct pfl_store_pack *p, struct pfl_result *result)
{
    bool given = result->launch_of != NULL;
    int64_t *places;
    size_t i;

    pfl_store_pack_bool(p, &given);
    if (!given || p->error)
        return;
    places = pfl_store_pack_scratch(p, result->n);
    if (p->reading)
        result->launch_of = pfl_arena_array(p->arena, result->n, sizeof *result->launch_of);
    if (!places || !result->launch_of) {
        pfl_store_pack_fail(p, PFL_ENOMEM);
        return;
    }
    for (i = 0; i < result->n && !p->reading; i++)
        places[i] = result->launch_of[i];
    pfl_store_pack_ints(p, places, result->n);
    for (i = 0; i < result->n && p->reading && !p->error; i++)
        result->launch_of[i] = (uint32_t)places[i];
}

static void put_result(struct pfl_store_pack *p, struct pfl_result *result)
{
    pfl_store_pack_text(p, &result->metric);
    pfl_store_pack_text(p, &result->unit);
    pfl_store_put_better(p, &result->better);
    pfl_store_pack_text(p, &result->text);
    pfl_store_pack_text(p, &result->variant);
    pfl_store_pack_column(p, (void **)&result->values, &result->n, sizeof *result->values);
    put_launch_of(p, result);
    pfl_store_pack_bool(p, &result->summary_only);
}

static void put_benchmark(struct pfl_store_pack *p, struct pfl_benchmark *bench)
{
    size_t count, i;

    pfl_store_pack_text(p, &bench->name);
    pfl_store_pack_text(p, &bench->suite);
    pfl_store_pack_text(p, &bench->command);
    pfl_store_pack_text(p, &bench->definition);
    pfl_store_pack_text(p, &bench->tier);
    pfl_store_put_pairs(p, &bench->params, &bench->param_count);
    pfl_store_pack_double(p, &bench->work);
    pfl_store_pack_text(p, &bench->work_unit);
    pfl_store_pack_u64(p, &bench->seed);
    pfl_store_put_status(p, &bench->status);
    pfl_store_pack_text(p, &bench->reason);
    pfl_store_pack_bool(p, &bench->partial);
    pfl_store_pack_bool(p, &bench->few);
    put_launches(p, bench);
    count = pfl_store_pack_array(p, (void **)&bench->results, &bench->result_count,
                                 sizeof *bench->results);
    for (i = 0; i < count; i++)
        put_result(p, &bench->results[i]);
    pfl_store_put_pairs(p, &bench->environment, &bench->environment_count);
    pfl_store_put_texts(p, &bench->warnings, &bench->warning_count);
}

static double *summary_field(struct pfl_result *result, size_t column)
{
    return pfl_store_summary_field(&result->summary, column);
}

/* The next benchmark from *i on that has a j-th result; NULL after the last. */
static struct pfl_result *next_result(const struct pfl_run *run, size_t j, size_t *i)
{
    while (*i < run->benchmark_count && run->benchmarks[*i].result_count <= j)
        ++*i;
    return *i < run->benchmark_count ? &run->benchmarks[(*i)++].results[j] : NULL;
}

static void put_summary_column(struct pfl_store_pack *p, struct pfl_run *run, size_t j,
                               size_t column)
{
    double *values = pfl_store_pack_scratch(p, run->benchmark_count);
    struct pfl_result *result;
    size_t n = 0, i = 0, k = 0;

    if (!values)
        return;
    while ((result = next_result(run, j, &i)))
        values[n++] = p->reading ? 0 : *summary_field(result, column);
    pfl_store_pack_values(p, values, n);
    for (i = 0; p->reading && !p->error && (result = next_result(run, j, &i));)
        *summary_field(result, column) = values[k++];
}

static void put_summary_counts(struct pfl_store_pack *p, struct pfl_run *run, size_t j)
{
    int64_t *counts = pfl_store_pack_scratch(p, run->benchmark_count);
    struct pfl_result *result;
    size_t n = 0, i = 0, k = 0;

    if (!counts)
        return;
    while ((result = next_result(run, j, &i)))
        counts[n++] = p->reading ? 0 : (int64_t)result->summary.n;
    pfl_store_pack_ints(p, counts, n);
    for (i = 0; p->reading && !p->error && (result = next_result(run, j, &i));)
        result->summary.n = (size_t)counts[k++];
}

static void put_summaries(struct pfl_store_pack *p, struct pfl_run *run)
{
    size_t most = 0, i, j, column;

    for (i = 0; i < run->benchmark_count; i++)
        if (run->benchmarks[i].result_count > most)
            most = run->benchmarks[i].result_count;
    for (j = 0; j < most && !p->error; j++) {
        put_summary_counts(p, run, j);
        for (column = 0; column < PFL_STORE_SUMMARY_FIELDS; column++)
            put_summary_column(p, run, j, column);
    }
}

static void put_thinned(struct pfl_store_pack *p, struct pfl_run *run)
{
    size_t i, j;

    pfl_store_pack_i64(p, &run->thinned_unix_ns);
    for (i = 0; i < run->benchmark_count; i++)
        for (j = 0; j < run->benchmarks[i].result_count && !p->error; j++)
            pfl_store_put_normalised(p, &run->benchmarks[i].results[j].normalised);
}

static void put_run(struct pfl_store_pack *p, struct pfl_run *run, unsigned char version)
{
    size_t count, i;

    pfl_store_put_head(p, run);
    count = pfl_store_pack_array(p, (void **)&run->benchmarks, &run->benchmark_count,
                                 sizeof *run->benchmarks);
    for (i = 0; i < count; i++)
        put_benchmark(p, &run->benchmarks[i]);
    if (!p->error)
        put_summaries(p, run);
    if (!p->error && version > RECORD_PLAIN)
        pfl_store_put_yardsticks(p, run);
    if (!p->error && version == PFL_STORE_THINNED_VERSION)
        put_thinned(p, run);
}

int pfl_store_record_write(struct pfl_store_zstd *zstd, const struct pfl_run *run,
                           struct pfl_buf *blob, struct pfl_err *err)
{
    struct pfl_store_pack pack;
    struct pfl_run same = *run; /* a writing pack changes nothing: the copy is only for the type */
    unsigned char version = run->thinned_unix_ns   ? PFL_STORE_THINNED_VERSION
                            : run->yardstick_count ? RECORD_YARDSTICKS
                                                   : RECORD_PLAIN;
    struct pfl_buf raw;
    int code;

    pfl_buf_init(&raw, PFL_STORE_FRAME_MAX);
    pfl_store_pack_init_write(&pack, &raw);
    put_run(&pack, &same, version);
    code = pfl_store_pack_check(&pack, err);
    if (!code)
        code = pfl_store_frame_write(zstd, version, &raw, blob, err);
    pfl_store_pack_release(&pack);
    pfl_buf_release(&raw);
    return code;
}

int pfl_store_record_read(struct pfl_store_zstd *zstd, const struct pfl_store_cursor *blob,
                          struct pfl_arena *arena, struct pfl_run *run, struct pfl_err *err)
{
    struct pfl_run read = {.id = ""};
    struct pfl_store_cursor raw;
    struct pfl_store_pack pack;
    int code = pfl_store_frame_read(zstd, PFL_STORE_THINNED_VERSION, blob, arena, &raw, err);

    if (code)
        return code;
    pfl_store_pack_init_read(&pack, &raw, arena);
    put_run(&pack, &read, blob->at[0]);
    code = pfl_store_pack_check(&pack, err);
    pfl_store_pack_release(&pack);
    if (!code)
        *run = read;
    return code;
}

static bool has_samples(const struct pfl_benchmark *bench)
{
    size_t i;

    for (i = 0; i < bench->result_count; i++)
        if (bench->results[i].n)
            return true;
    return false;
}

static void put_samples(struct pfl_store_pack *p, struct pfl_benchmark *bench)
{
    size_t i;

    for (i = 0; i < bench->result_count && !p->error; i++)
        if (bench->results[i].n)
            pfl_store_pack_values(p, bench->results[i].values, bench->results[i].n);
}

/* Both ways a chunk also takes in the benchmarks without samples behind it: they are no bytes. */
static size_t put_chunk(struct pfl_store_pack *p, const struct pfl_run *run, size_t from)
{
    size_t i = from;

    for (; i < run->benchmark_count && !p->error; i++) {
        bool full = p->reading ? p->in.at == p->in.end : p->out->len >= SAMPLES_CHUNK;

        if (full && has_samples(&run->benchmarks[i]))
            break;
        put_samples(p, &run->benchmarks[i]);
    }
    return i;
}

int pfl_store_samples_write(struct pfl_store_zstd *zstd, const struct pfl_run *run, size_t *next,
                            struct pfl_buf *blob, struct pfl_err *err)
{
    struct pfl_store_pack pack;
    struct pfl_buf raw;
    size_t behind;
    int code;

    pfl_buf_init(&raw, PFL_STORE_FRAME_MAX);
    pfl_store_pack_init_write(&pack, &raw);
    behind = put_chunk(&pack, run, *next);
    code = pfl_store_pack_check(&pack, err);
    if (!code)
        code = pfl_store_frame_write(zstd, SAMPLES_VERSION, &raw, blob, err);
    if (!code)
        *next = behind;
    pfl_store_pack_release(&pack);
    pfl_buf_release(&raw);
    return code;
}

int pfl_store_samples_read(struct pfl_store_zstd *zstd, const struct pfl_store_cursor *blob,
                           struct pfl_run *run, size_t *next, struct pfl_err *err)
{
    struct pfl_store_cursor raw;
    struct pfl_store_pack pack;
    struct pfl_arena unpacked;
    size_t behind;
    int code;

    pfl_arena_init(&unpacked);
    code = pfl_store_frame_read(zstd, SAMPLES_VERSION, blob, &unpacked, &raw, err);
    if (!code) {
        pfl_store_pack_init_read(&pack, &raw, &unpacked);
        behind = put_chunk(&pack, run, *next);
        code = pfl_store_pack_check(&pack, err);
        pfl_store_pack_release(&pack);
        if (!code)
            *next = behind;
    }
    pfl_arena_release(&unpacked);
    return code;
}
