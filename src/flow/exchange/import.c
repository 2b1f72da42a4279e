/*
 * Files and folders → runs in the ledger.
 *
 * Which files are read is decided in import_walk.c. All runs go into one batch, which a bulk ledger
 * commits now and then: a file is in the ledger whole or, when its end is damaged, as far as it was
 * whole runs. The id of a run is computed from what it holds: importing twice changes nothing. What
 * the reader of an archive can name by the bytes it came from (its source) is not even read again.
 *
 * Reading and storing cost about the same, so from the ninth run on (that is: in archives) a second
 * thread stores while this one reads, sums up and makes ids; it alone then uses the ledger.
 */
#include "flow/exchange/import_parts.h"

#include "base/alloc.h"
#include "base/text.h"
#include "base/vec.h"
#include "formats/run_json.h"
#include "judge/judge.h"
#include "sys/file.h"
#include "sys/worker.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { RUNS_ALONE = 8, RUNS_WAITING = 2 };

/* A run on its way into the ledger, with all that it lives in. */
struct parcel {
    struct pfl_run *run;
    struct pfl_arena arena;
    const char *source, *place; /* NULL: none was told */
    size_t file;                /* its place among the files */
};

static void count(const struct pfl_run *run, struct pfl_import_file *file)
{
    size_t i, j, k;

    for (i = 0; i < run->benchmark_count; i++)
        for (j = 0; j < run->benchmarks[i].result_count; j++) {
            const struct pfl_result *result = &run->benchmarks[i].results[j];

            file->points += isnan(result->summary.median) ? 0 : 1;
            for (k = 0; k < result->n; k++)
                file->samples += isnan(result->values[k]) ? 0 : 1;
        }
}

/* SUITE/NAME, unless the file is perfledger's own and has it already. */
static bool put_into_suite(struct pfl_importer *im, struct pfl_run *run, struct pfl_arena *arena)
{
    const char *suite = im->params->suite;
    size_t i;

    for (i = 0; suite && i < run->benchmark_count; i++) {
        struct pfl_benchmark *bench = &run->benchmarks[i];

        bench->name = pfl_arena_format(arena, "%s/%s", suite, bench->name);
        bench->suite = pfl_arena_text(arena, suite);
        if (!bench->name || !bench->suite)
            return false;
    }
    if (im->params->label)
        run->label = im->params->label;
    return true;
}

/* The ledger, with a batch begun, for this thread to use. */
static int open_store(struct pfl_importer *im, struct pfl_err *err)
{
    int rc = im->worker ? pfl_worker_wait(im->worker, err) : PFL_OK;

    if (rc == PFL_OK && !im->store)
        rc = pfl_flow_store(im->flow, PFL_FLOW_IMPORT, &im->store, err);
    if (rc == PFL_OK && !im->batch) {
        rc = pfl_store_begin(im->store, err);
        im->batch = rc == PFL_OK;
    }
    return rc;
}

/* What was read so far stays, also when reading was interrupted; when storing failed, nothing of
 * the batch is there. */
static int close_batch(struct pfl_importer *im, int rc, struct pfl_err *err)
{
    struct pfl_err why;
    int code = pfl_worker_end(im->worker, &why);
    size_t i;

    im->worker = NULL;
    for (i = 0; i < im->added.n; i++) {
        im->files.at[im->added.at[i].file].added += im->added.at[i].runs;
        im->files.at[im->added.at[i].file].replaced += im->added.at[i].replaced;
    }
    pfl_vec_release(&im->added);
    if (im->batch && code == PFL_OK)
        code = pfl_store_commit(im->store, &why);
    if (im->batch && code != PFL_OK)
        pfl_store_abandon(im->store);
    if (code != PFL_OK && (rc == PFL_OK || rc == PFL_EINTERRUPTED)) {
        *err = why;
        rc = code;
    }
    return rc;
}

/* Options change what a file's runs are called and mean, so they are part of where they came from.
 */
static int write_source(struct pfl_importer *im, struct pfl_buf *buf, const char *source,
                        struct pfl_err *err)
{
    const struct pfl_import_params *p = im->params;
    const char *const options[] = {
        p->suite,         p->label,
        p->exchange.unit, p->exchange.better ? pfl_metric_better_text(*p->exchange.better) : NULL,
        p->date,          p->revision};
    size_t i;

    pfl_buf_clear(buf);
    pfl_buf_text(buf, source);
    for (i = 0; i < PFL_COUNT(options); i++)
        if (options[i])
            pfl_buf_format(buf, "\n%zu %s", i, options[i]);
    return pfl_buf_check(buf, err, "naming where a run came from");
}

int pfl_import_is_known(void *context, const char *source, bool *known, struct pfl_err *err)
{
    struct pfl_importer *im = context;
    int rc = write_source(im, &im->source, source, err);

    if (rc == PFL_OK)
        rc = open_store(im, err);
    if (rc == PFL_OK)
        rc = pfl_store_has_source(im->store, pfl_buf_cstr(&im->source), known, err);
    pfl_buf_clear(&im->source);
    if (rc == PFL_OK && *known)
        pfl_import_at_hand(im)->known++;
    return rc;
}

int pfl_import_take_source(void *context, const char *source, const char *place,
                           struct pfl_err *err)
{
    struct pfl_importer *im = context;
    int rc = PFL_OK;

    pfl_buf_clear(&im->source);
    pfl_buf_clear(&im->place);
    if (source)
        rc = write_source(im, &im->source, source, err);
    return rc == PFL_OK && place ? write_source(im, &im->place, place, err) : rc;
}

/* Is the run void for no other reason than that its file became another? */
static int was_replaced(struct pfl_importer *im, const char *run_id, bool *answer,
                        struct pfl_err *err)
{
    struct pfl_store_remark *remarks;
    struct pfl_arena arena;
    size_t n, i;
    int rc;

    *answer = false;
    pfl_arena_init(&arena);
    rc = pfl_store_remarks(im->store, run_id, &arena, &remarks, &n, err);
    for (i = 0; rc == PFL_OK && i < n; i++)
        *answer = *answer || (remarks[i].is_void && strncmp(remarks[i].text, PFL_STORE_REPLACED,
                                                            strlen(PFL_STORE_REPLACED)) == 0);
    pfl_arena_release(&arena);
    return rc;
}

/* asv rewrites its files: to what is there it adds what was measured since. Both readings in one
 * series would be the same values twice, so the earlier one leaves it. A run that was known already
 * replaces nothing, unless it was replaced itself: its file has its former bytes again (a
 * checkout), and the two change places. */
static int replace_earlier(struct pfl_importer *im, const struct parcel *parcel, bool added,
                           bool *replaced, struct pfl_err *err)
{
    const struct pfl_clock *clock = im->flow->clock;
    struct pfl_store_place place = {
        .key = parcel->place, .run_id = parcel->run->id, .unix_ns = clock->unix_ns(clock->context)};
    char why[80];
    bool back = false;
    int rc = added ? PFL_OK : was_replaced(im, parcel->run->id, &back, err);

    snprintf(why, sizeof why, PFL_STORE_REPLACED " and read again as run %.8s", parcel->run->id);
    place.why = added || back ? why : NULL;
    if (rc == PFL_OK && back)
        rc = pfl_store_unvoid(im->store, parcel->run->id, err);
    if (rc != PFL_OK)
        return rc;
    return pfl_store_replace(im->store, &place, replaced, err);
}

/* In whichever thread has the ledger. */
static int store_run(struct pfl_importer *im, const struct parcel *parcel, struct pfl_err *err)
{
    struct pfl_import_added one = {.file = parcel->file}, *last;
    bool added = false, replaced = false;
    int rc = parcel->source
                 ? pfl_store_add_from(im->store, parcel->run, parcel->source, &added, err)
                 : pfl_store_add(im->store, parcel->run, &added, err);

    if (rc == PFL_OK && parcel->place)
        rc = replace_earlier(im, parcel, added, &replaced, err);
    if (rc != PFL_OK || (!added && !replaced))
        return rc;
    one.runs = added;
    one.replaced = replaced;
    last = im->added.n ? &im->added.at[im->added.n - 1] : NULL;
    if (last && last->file == one.file) {
        last->runs += one.runs;
        last->replaced += one.replaced;
    } else if (!pfl_vec_push(&im->added, &one))
        return pfl_err_no_memory(err);
    return PFL_OK;
}

static void drop_parcel(void *context, void *item)
{
    struct parcel *parcel = item;

    (void)context;
    pfl_arena_release(&parcel->arena);
    pfl_free(parcel);
}

static int handle_parcel(void *context, void *item, struct pfl_err *err)
{
    const struct parcel *parcel = item;
    int rc = store_run(context, parcel, err);

    drop_parcel(context, item);
    return rc;
}

/* Without a thread it goes on alone. */
static void hire(struct pfl_importer *im)
{
    const struct pfl_worker_params params = {
        .handle = handle_parcel, .drop = drop_parcel, .context = im, .capacity = RUNS_WAITING};

    if (pfl_worker_start(&params, &im->worker, NULL) != PFL_OK)
        im->worker = NULL;
}

static int hand_over(struct pfl_importer *im, struct pfl_run *run, struct pfl_arena *arena,
                     struct pfl_err *err)
{
    struct parcel *parcel = pfl_alloc(sizeof *parcel);

    if (!parcel)
        return pfl_err_no_memory(err);
    *parcel = (struct parcel){.run = run, .file = im->files.n - 1};
    if (im->source.len && !(parcel->source = pfl_arena_text(arena, pfl_buf_cstr(&im->source)))) {
        pfl_free(parcel);
        return pfl_err_no_memory(err);
    }
    if (im->place.len && !(parcel->place = pfl_arena_text(arena, pfl_buf_cstr(&im->place)))) {
        pfl_free(parcel);
        return pfl_err_no_memory(err);
    }
    parcel->arena = *arena;
    pfl_arena_init(arena);
    return pfl_worker_give(im->worker, parcel, err);
}

/* The run's memory may be gone after that. */
static int record(struct pfl_importer *im, struct pfl_run *run, struct pfl_arena *arena,
                  struct pfl_err *err)
{
    struct parcel parcel = {.run = run,
                            .source = im->source.len ? pfl_buf_cstr(&im->source) : NULL,
                            .place = im->place.len ? pfl_buf_cstr(&im->place) : NULL,
                            .file = im->files.n - 1};
    int rc;

    if (im->worker)
        return hand_over(im, run, arena, err);
    rc = open_store(im, err);
    if (rc != PFL_OK)
        return rc;
    if (++im->runs == RUNS_ALONE)
        hire(im);
    return im->worker ? hand_over(im, run, arena, err) : store_run(im, &parcel, err);
}

/* What is thinned elsewhere is the run it was. Should the whole one come, it takes its place. */
static bool keeps_id(const struct pfl_importer *im, const struct pfl_run *run)
{
    enum { ID_DIGITS = 16 };

    return run->thinned_unix_ns && !im->params->suite && !im->params->label &&
           strlen(run->id) == ID_DIGITS && strspn(run->id, "0123456789abcdef") == ID_DIGITS;
}

int pfl_import_take_run(void *context, struct pfl_run *run, struct pfl_arena *arena,
                        struct pfl_err *err)
{
    struct pfl_importer *im = context;
    struct pfl_import_file *file = pfl_import_at_hand(im);
    int rc = put_into_suite(im, run, arena) ? PFL_OK : pfl_err_no_memory(err);

    pfl_import_date_run(im, run);
    if (rc == PFL_OK)
        rc = pfl_judge_summarise(run, err);
    /* Computed, never believed: an edited file is another run. Only a thinned one's cannot be. */
    if (rc == PFL_OK && !keeps_id(im, run))
        rc = pfl_run_json_id(run, arena, &run->id, err);
    if (rc != PFL_OK)
        return rc;
    if (file->runs++ == 0) {
        file->run_id = pfl_arena_text(im->flow->arena, run->id);
        if (!file->run_id)
            return pfl_err_no_memory(err);
    }
    count(run, file);
    if (!im->params->dry_run)
        rc = record(im, run, arena, err);
    if (rc != PFL_OK)
        return rc;
    return im->params->stop_asked && im->params->stop_asked(im->params->context)
               ? pfl_err_set(err, PFL_EINTERRUPTED, "interrupted; what was read is recorded")
               : PFL_OK;
}

int pfl_flow_import(struct pfl_flow *flow, const struct pfl_import_params *params,
                    struct pfl_import *import, struct pfl_err *err)
{
    struct pfl_importer im = {.flow = flow, .params = params};
    size_t i;
    int rc = pfl_import_when(&im, err);

    if (rc != PFL_OK)
        return rc;
    pfl_buf_init(&im.source, 1 << 16);
    pfl_buf_init(&im.place, 1 << 16);
    for (i = 0; i < params->path_count && rc == PFL_OK; i++) {
        im.found = false;
        rc = pfl_import_path(&im, params->paths[i], 0, err);
        if (rc == PFL_OK && !im.found)
            rc = pfl_err_set(err, PFL_ENOTHING,
                             "%s: no results of a known kind are in this folder or below it",
                             params->paths[i]);
    }
    rc = close_batch(&im, rc, err);
    pfl_buf_release(&im.source);
    pfl_buf_release(&im.place);
    import->files =
        pfl_arena_grow(flow->arena, im.files.at, im.files.n, im.files.n, sizeof *import->files);
    import->file_count = import->files ? im.files.n : 0;
    import->passed_over = im.passed_over;
    import->problems = 0;
    for (i = 0; i < import->file_count; i++)
        import->problems += import->files[i].problem != NULL;
    pfl_vec_release(&im.files);
    return rc == PFL_OK && !import->files ? pfl_err_no_memory(err) : rc;
}

int pfl_flow_export(struct pfl_flow *flow, const char *word, const char *format,
                    struct pfl_buf *out, const char **lost, struct pfl_err *err)
{
    const struct pfl_format *found = pfl_format_find(format);
    struct pfl_buf names;
    struct pfl_run run;
    const char *label;
    int rc;

    if (!found || !found->write) {
        pfl_buf_init(&names, 4096);
        pfl_exchange_names(&names, true);
        rc = pfl_err_set(err, PFL_EUSAGE, "the format `%s` %s; there are: %s", format,
                         found ? "can be read, not written" : "is not known", pfl_buf_cstr(&names));
        pfl_buf_release(&names);
        return rc;
    }
    rc = pfl_flow_resolve(flow, word, &run, &label, err);
    if (rc == PFL_OK)
        rc = found->write(&run, out, lost, err);
    if (rc == PFL_OK && run.thinned_unix_ns)
        *lost = "of this run only what was estimated: its samples were thinned out";
    return rc;
}
