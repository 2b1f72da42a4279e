/*
 * The results of one asv file, of any of the three generations:
 *
 *   v1    "results": {"a.time_x": 0.5, "a.time_y": null, "a.time_z": NaN}
 *   v1.x  "results": {"a.time_x": {"result": [0.5], "params": [["1"]], "stats": [{"ci_99": [a, b],
 *         "q_25", "q_75", "repeat", "number"}], "samples": [[…]]}}, "benchmark_version": {…}
 *   v2    "result_columns": ["result", "params", "version", …], "results": {"a.time_x": [[0.5],
 *         [["1"]], "87ac…", …]}, with columns that are null at the end left out
 *
 * null is a benchmark that failed, a bare NaN one that was skipped; null for the whole list, that
 * all failed. The numbers of all benchmarks go into six columns, one behind the other, so that a
 * file of thousands of benchmarks costs few allocations; asv_give.c makes the run of them.
 */
#include "formats/asv.h"

#include <math.h>
#include <string.h>

/* Of benchmarks that are null altogether: nothing else in the file bounds these. */
enum { NULLS_MAX = 200000 };

/* ---- pieces of a row ---- */

static struct pfl_asv_file *file_of(struct pfl_fields *f)
{
    return f->context;
}

static void count_odd(struct pfl_fields *f)
{
    struct pfl_asv_file *file = file_of(f);
    struct pfl_asv_counts *counts = &file->asv->counts;

    if (counts->odd++ > 0)
        return;
    counts->odd_path = file->path; /* lives as long as the archive's reading */
    counts->odd_line = f->json->line;
    counts->odd_column = f->json->column;
}

/* The current token as a result; what is none is skipped. */
static int take_result(struct pfl_fields *f, struct pfl_err *err)
{
    struct pfl_asv_file *file = file_of(f);
    unsigned char state = PFL_ASV_VALUE;
    double value = NAN;
    int rc = PFL_OK;

    if (f->json->token == PFL_JSON_NUMBER) {
        value = f->json->number;
        if (isnan(value))
            state = PFL_ASV_SKIPPED;
        else if (isinf(value)) {
            file->asv->counts.infinite++;
            state = PFL_ASV_NONE;
        }
    } else if (f->json->token == PFL_JSON_NULL) {
        state = PFL_ASV_FAILED;
    } else {
        count_odd(f);
        state = PFL_ASV_NONE;
        rc = pfl_json_skip(f->json, err);
    }
    if (rc < 0)
        return rc;
    return pfl_vec_push(&file->numbers[PFL_ASV_RESULT], &value) &&
                   pfl_vec_push(&file->states, &state)
               ? PFL_OK
               : pfl_err_no_memory(err);
}

static int take_results(struct pfl_fields *f, struct pfl_asv_row *row, struct pfl_err *err)
{
    int rc;

    if (f->json->token == PFL_JSON_NULL) {
        row->all_failed = true;
        return PFL_OK;
    }
    if (f->json->token != PFL_JSON_ARRAY)
        return take_result(f, err);
    while ((rc = pfl_json_next_item(f->json, err)) > 0) {
        rc = take_result(f, err);
        if (rc < 0)
            return rc;
    }
    return rc;
}

/* A list of numbers, or one; whatever is none is NaN. */
static int take_numbers(struct pfl_fields *f, struct pfl_build_values *column, struct pfl_err *err)
{
    struct pfl_json_reader *json = f->json;
    double value;
    int rc;

    if (json->token != PFL_JSON_ARRAY) {
        value = json->token == PFL_JSON_NUMBER ? json->number : (double)NAN;
        if (json->token == PFL_JSON_NUMBER && !pfl_vec_push(column, &value))
            return pfl_err_no_memory(err);
        return pfl_json_skip(json, err);
    }
    while ((rc = pfl_json_next_item(json, err)) > 0) {
        value = json->token == PFL_JSON_NUMBER ? json->number : (double)NAN;
        if (!pfl_vec_push(column, &value))
            return pfl_err_no_memory(err);
        if (json->token == PFL_JSON_OBJECT || json->token == PFL_JSON_ARRAY) {
            rc = pfl_json_skip(json, err);
            if (rc < 0)
                return rc;
        }
    }
    return rc;
}

static int take_axis(struct pfl_fields *f, struct pfl_err *err)
{
    struct pfl_asv_file *file = file_of(f);
    uint32_t size = 0;
    const char *value;
    int rc;

    if (f->json->token != PFL_JSON_ARRAY || file->sizes.n == PFL_ASV_AXES_MAX) {
        count_odd(f);
        return pfl_json_skip(f->json, err);
    }
    while ((rc = pfl_json_next_item(f->json, err)) > 0) {
        if (f->json->token == PFL_JSON_OBJECT || f->json->token == PFL_JSON_ARRAY) {
            count_odd(f);
            rc = pfl_json_skip(f->json, err);
            if (rc < 0)
                return rc;
            value = "";
        } else {
            value = f->json->token == PFL_JSON_NULL ? "None" : pfl_fields_scalar(f);
        }
        if (!pfl_vec_push(&file->raw, &value))
            return pfl_err_no_memory(err);
        size++;
    }
    return rc < 0 || pfl_vec_push(&file->sizes, &size) ? rc : pfl_err_no_memory(err);
}

static int take_params(struct pfl_fields *f, struct pfl_err *err)
{
    int rc;

    file_of(f)->sizes.n = file_of(f)->raw.n = 0;
    if (f->json->token != PFL_JSON_ARRAY)
        return pfl_json_skip(f->json, err);
    while ((rc = pfl_json_next_item(f->json, err)) > 0) {
        rc = take_axis(f, err);
        if (rc < 0)
            return rc;
    }
    return rc;
}

/* [[…], null, […]]: of each combination its samples. */
static int take_samples(struct pfl_fields *f, struct pfl_asv_row *row, struct pfl_err *err)
{
    struct pfl_asv_file *file = file_of(f);
    struct pfl_asv_samples list;
    int rc;

    if (f->json->token != PFL_JSON_ARRAY)
        return pfl_json_skip(f->json, err);
    row->sample_list = file->sample_lists.n;
    while ((rc = pfl_json_next_item(f->json, err)) > 0) {
        list.first = file->samples.n;
        rc = take_numbers(f, &file->samples, err);
        if (rc < 0)
            return rc;
        list.n = file->samples.n - list.first;
        if (!pfl_vec_push(&file->sample_lists, &list))
            return pfl_err_no_memory(err);
    }
    return rc;
}

void pfl_asv_started(struct pfl_asv_file *file, double ms)
{
    if (isfinite(ms) && (isnan(file->started) || ms < file->started))
        file->started = ms;
}

static int take_cell(struct pfl_fields *f, struct pfl_asv_row *row, enum pfl_asv_column column,
                     struct pfl_err *err)
{
    struct pfl_asv_file *file = file_of(f);

    switch (column) {
    case PFL_ASV_RESULT: return take_results(f, row, err);
    case PFL_ASV_LOW:
    case PFL_ASV_HIGH:
    case PFL_ASV_Q1:
    case PFL_ASV_Q3:
    case PFL_ASV_REPEAT: return take_numbers(f, &file->numbers[column], err);
    case PFL_ASV_PARAMS: return take_params(f, err);
    case PFL_ASV_VERSION:
        if (f->json->token == PFL_JSON_STRING || f->json->token == PFL_JSON_NUMBER)
            row->version = pfl_fields_scalar(f);
        break;
    case PFL_ASV_STARTED:
        if (f->json->token == PFL_JSON_NUMBER)
            pfl_asv_started(file, f->json->number);
        break;
    case PFL_ASV_SAMPLES: return take_samples(f, row, err);
    default: break;
    }
    return pfl_json_skip(f->json, err);
}

/* ---- rows ---- */

/* Brings all columns to the length of the results. */
static bool level(struct pfl_asv_file *file, const struct pfl_asv_row *row)
{
    const double none = (double)NAN;
    size_t end = row->first + row->n, i;

    for (i = 1; i < PFL_ASV_NUMBERS; i++) {
        struct pfl_build_values *column = &file->numbers[i];

        if (column->n > end)
            column->n = end;
        while (column->n < end)
            if (!pfl_vec_push(column, &none))
                return false;
    }
    return true;
}

static void begin_row(struct pfl_asv_file *file, struct pfl_asv_row *row,
                      struct pfl_asv_bench *bench)
{
    *row = (struct pfl_asv_row){
        .bench = bench, .first = file->numbers[PFL_ASV_RESULT].n, .sample_list = SIZE_MAX};
    file->sizes.n = file->raw.n = 0;
}

static int end_row(struct pfl_asv_file *file, struct pfl_asv_row *row, struct pfl_err *err)
{
    struct pfl_asv_counts *counts = &file->asv->counts;
    size_t n = pfl_asv_combinations(file->sizes.at, file->sizes.n);

    row->n = file->numbers[PFL_ASV_RESULT].n - row->first;
    if (!level(file, row))
        return pfl_err_no_memory(err);
    if (n > PFL_ASV_COMBINATIONS_MAX || (row->all_failed && file->nulls + n > NULLS_MAX)) {
        counts->too_many++;
        return PFL_OK;
    }
    if (row->all_failed)
        file->nulls += n;
    row->shape = pfl_asv_shape(file->asv, row->bench, file->sizes.n, file->sizes.at, file->raw.at);
    if (!row->shape)
        return pfl_err_no_memory(err);
    if (row->shape->n < n) {
        counts->too_many++;
        return PFL_OK;
    }
    if (!row->all_failed && row->n != n && counts->mismatched++ == 0)
        counts->mismatched_name = pfl_arena_text(&file->asv->arena, row->bench->name);
    return pfl_vec_push(&file->rows, row) ? PFL_OK : pfl_err_no_memory(err);
}

/* v2: a list of cells. */
static int read_cells(struct pfl_fields *f, struct pfl_asv_row *row, struct pfl_err *err)
{
    struct pfl_asv_file *file = file_of(f);
    size_t i = 0;
    int rc;

    while ((rc = pfl_json_next_item(f->json, err)) > 0) {
        rc = take_cell(f, row, i < file->column_count ? file->columns[i] : PFL_ASV_OTHER, err);
        if (rc < 0)
            return rc;
        i++;
    }
    return rc;
}

struct stats {
    double low, high, q1, q3, repeat, n;
};

static int read_ci(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct stats *stats = record;
    struct pfl_build_values ends = {0};
    int rc = pfl_fields_numbers(f, &ends, err);

    if (rc >= 0 && ends.n == 2) {
        stats->low = ends.at[0];
        stats->high = ends.at[1];
    }
    pfl_vec_release(&ends);
    return rc;
}

static int read_one_stats(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_CALL("ci_99", read_ci),
        PFL_FIELD_NUMBER("q_25", struct stats, q1),
        PFL_FIELD_NUMBER("q_75", struct stats, q3),
        PFL_FIELD_NUMBER("repeat", struct stats, repeat),
        PFL_FIELD_NUMBER("n", struct stats, n),
        {0},
    };
    struct stats stats = {NAN, NAN, NAN, NAN, NAN, NAN};
    struct pfl_build_values *columns = file_of(f)->numbers;
    int rc = pfl_fields_read_at(f, fields, &stats, err);

    (void)record;
    if (rc < 0)
        return rc;
    if (isnan(stats.repeat))
        stats.repeat = stats.n;
    return pfl_vec_push(&columns[PFL_ASV_LOW], &stats.low) &&
                   pfl_vec_push(&columns[PFL_ASV_HIGH], &stats.high) &&
                   pfl_vec_push(&columns[PFL_ASV_Q1], &stats.q1) &&
                   pfl_vec_push(&columns[PFL_ASV_Q3], &stats.q3) &&
                   pfl_vec_push(&columns[PFL_ASV_REPEAT], &stats.repeat)
               ? PFL_OK
               : pfl_err_no_memory(err);
}

static int read_stats(struct pfl_fields *f, struct pfl_err *err)
{
    int rc;

    if (f->json->token != PFL_JSON_ARRAY)
        return read_one_stats(f, NULL, err);
    while ((rc = pfl_json_next_item(f->json, err)) > 0) {
        rc = read_one_stats(f, NULL, err);
        if (rc < 0)
            return rc;
    }
    return rc;
}

/* v1.x: an object. */
static int read_object(struct pfl_fields *f, struct pfl_asv_row *row, struct pfl_err *err)
{
    bool result, params, stats, samples;
    int rc;

    while ((rc = pfl_json_next_key(f->json, err)) > 0) {
        result = pfl_json_key_is(f->json, "result");
        params = pfl_json_key_is(f->json, "params");
        stats = pfl_json_key_is(f->json, "stats");
        samples = pfl_json_key_is(f->json, "samples");
        rc = pfl_json_next(f->json, err);
        if (rc >= 0 && stats && f->json->token != PFL_JSON_NULL)
            rc = read_stats(f, err);
        else if (rc >= 0)
            rc = take_cell(f, row,
                           result    ? PFL_ASV_RESULT
                           : params  ? PFL_ASV_PARAMS
                           : samples ? PFL_ASV_SAMPLES
                                     : PFL_ASV_OTHER,
                           err);
        if (rc < 0)
            return rc;
    }
    return rc;
}

int pfl_asv_read_row(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct pfl_asv_file *file = record;
    struct pfl_asv_bench *bench = pfl_asv_bench(file->asv, f->json->text);
    struct pfl_asv_row row;
    int rc = bench ? pfl_json_next(f->json, err) : pfl_err_no_memory(err);

    if (rc < 0)
        return rc;
    begin_row(file, &row, bench);
    if (f->json->token == PFL_JSON_ARRAY)
        rc = read_cells(f, &row, err);
    else if (f->json->token == PFL_JSON_OBJECT)
        rc = read_object(f, &row, err);
    else
        rc = take_result(f, err); /* v1; null is a failure of this one */
    return rc < 0 ? rc : end_row(file, &row, err);
}
