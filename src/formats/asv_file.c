/*
 * An asv result file as a whole: what is said about the commit, the environment and the machine,
 * and the order of the columns that asv_rows.c reads.
 *
 * The keys come in any order (v1 is sorted, "version" last), so what decides about the file is
 * looked at in the end: one without results is none, one whose version is above 2 is refused (what
 * its columns mean is not known), and so is one of another machine than its folder's, as in asv
 * itself.
 */
#include "formats/asv.h"

#include <math.h>
#include <string.h>

enum { VERSION_MAX = 2 };

static const struct {
    const char *name;
    enum pfl_asv_column column;
} known_columns[] = {
    {"result", PFL_ASV_RESULT},       {"params", PFL_ASV_PARAMS},
    {"version", PFL_ASV_VERSION},     {"started_at", PFL_ASV_STARTED},
    {"duration", PFL_ASV_OTHER},      {"stats_ci_99_a", PFL_ASV_LOW},
    {"stats_ci_99_b", PFL_ASV_HIGH},  {"stats_q_25", PFL_ASV_Q1},
    {"stats_q_75", PFL_ASV_Q3},       {"stats_number", PFL_ASV_OTHER},
    {"stats_repeat", PFL_ASV_REPEAT}, {"samples", PFL_ASV_SAMPLES},
};

static enum pfl_asv_column column_of(const char *name)
{
    size_t i;

    for (i = 0; i < PFL_COUNT(known_columns); i++)
        if (strcmp(known_columns[i].name, name) == 0)
            return known_columns[i].column;
    return PFL_ASV_OTHER;
}

static int read_column(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct pfl_asv_file *file = record;

    if (file->column_count < PFL_ASV_COLUMNS_MAX)
        file->columns[file->column_count++] =
            f->json->token == PFL_JSON_STRING ? column_of(f->json->text) : PFL_ASV_OTHER;
    return pfl_json_skip(f->json, err);
}

static int read_columns(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    ((struct pfl_asv_file *)record)->column_count = 0;
    return pfl_fields_each(f, read_column, record, err);
}

/* ---- names and texts ---- */

static int read_pair(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct pfl_build_pairs *pairs = record;
    struct pfl_pair pair = {pfl_build_keep(f->build, f->json->text), ""};
    int rc = pfl_json_next(f->json, err);

    if (rc < 0)
        return rc;
    if (f->json->token == PFL_JSON_OBJECT || f->json->token == PFL_JSON_ARRAY)
        return pfl_json_skip(f->json, err);
    if (f->json->token != PFL_JSON_NULL)
        pair.value = pfl_fields_scalar(f);
    return pfl_vec_push(pairs, &pair) ? PFL_OK : pfl_err_no_memory(err);
}

static const struct pfl_field any_pair[] = {PFL_FIELD_ANY(read_pair), {0}};

/* A list here is a list of names without versions. */
static int read_pairs(struct pfl_fields *f, struct pfl_build_pairs *pairs, struct pfl_err *err)
{
    int rc = pfl_json_next(f->json, err);

    if (rc >= 0 && f->json->token != PFL_JSON_OBJECT)
        return pfl_json_skip(f->json, err);
    return rc < 0 ? rc : pfl_fields_read_at(f, any_pair, pairs, err);
}

static int read_requirements(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return read_pairs(f, &((struct pfl_asv_file *)record)->requirements, err);
}

static int read_variables(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return read_pairs(f, &((struct pfl_asv_file *)record)->variables, err);
}

static int read_parameters(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct pfl_asv_file *file = record;
    int rc = read_pairs(f, &file->parameters, err);

    if (rc >= 0)
        file->own_machine = pfl_pair_find(file->parameters.at, file->parameters.n, "machine");
    return rc;
}

static int read_versions(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct pfl_asv_file *file = record;
    int rc = read_pairs(f, &file->versions, err);
    size_t i;

    for (i = 0; rc >= 0 && i < file->versions.n; i++)
        if (!pfl_map_set(&file->version_at, file->versions.at[i].name, i))
            rc = pfl_err_no_memory(err);
    return rc;
}

/* v1.x: {"a.time_x": 1539300660620}; v1: one text or number for the file, of little use. */
static int read_started(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct pfl_asv_file *file = record;
    int rc = pfl_json_next(f->json, err);

    if (rc < 0 || f->json->token != PFL_JSON_OBJECT)
        return rc < 0 ? rc : pfl_json_skip(f->json, err);
    while ((rc = pfl_json_next_key(f->json, err)) > 0) {
        rc = pfl_json_next(f->json, err);
        if (rc >= 0 && f->json->token == PFL_JSON_NUMBER)
            pfl_asv_started(file, f->json->number);
        else if (rc >= 0)
            rc = pfl_json_skip(f->json, err);
        if (rc < 0)
            return rc;
    }
    return rc;
}

/* ---- the document ---- */

static int read_results(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field any[] = {PFL_FIELD_ANY(pfl_asv_read_row), {0}};
    struct pfl_asv_file *file = record;
    int rc = pfl_json_next(f->json, err);

    if (rc < 0 || f->json->token != PFL_JSON_OBJECT)
        return rc < 0 ? rc : pfl_fields_leave_out(f, "an object with a benchmark per key", err);
    file->has_results = true;
    return pfl_fields_read_at(f, any, file, err);
}

static int check(const struct pfl_asv_file *file, struct pfl_err *err)
{
    if (file->version > VERSION_MAX)
        return pfl_err_set(err, PFL_EVERSION,
                           "version %g of asv's result files; this perfledger reads those up to %d",
                           file->version, VERSION_MAX);
    if (!file->has_results)
        return pfl_err_set(err, PFL_EPARSE, "it has no \"results\": no result file of asv");
    if (file->machine && *file->own_machine && strcmp(file->machine, file->own_machine) != 0)
        return pfl_err_set(
            err, PFL_EINVAL,
            "its machine is \"%s\", that of machine.json beside it \"%s\"; asv passes "
            "over such a file, too",
            file->own_machine, file->machine);
    return PFL_OK;
}

/* asv has never had another order. */
static void usual_columns(struct pfl_asv_file *file)
{
    for (; file->column_count < PFL_COUNT(known_columns); file->column_count++)
        file->columns[file->column_count] = known_columns[file->column_count].column;
}

static void begin(struct pfl_asv_file *file)
{
    size_t i;

    file->commit = file->env_name = file->python = file->own_machine = "";
    file->date = file->version = file->started = NAN;
    file->has_results = false;
    file->requirements.n = file->variables.n = file->parameters.n = file->versions.n = 0;
    pfl_map_release(&file->version_at);
    file->rows.n = file->states.n = file->samples.n = file->sample_lists.n = file->nulls = 0;
    for (i = 0; i < PFL_ASV_NUMBERS; i++)
        file->numbers[i].n = 0;
    file->column_count = 0;
    usual_columns(file);
    file->asv->place = *file->asv->input;
    file->asv->place.path = file->path;
}

int pfl_asv_read_file(struct pfl_asv_file *file, pfl_json_read_fn *read, void *context,
                      struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_CALL("results", read_results),
        PFL_FIELD_CALL("result_columns", read_columns),
        PFL_FIELD_TEXT("commit_hash", struct pfl_asv_file, commit),
        PFL_FIELD_TEXT("env_name", struct pfl_asv_file, env_name),
        PFL_FIELD_NUMBER("date", struct pfl_asv_file, date),
        PFL_FIELD_CALL("params", read_parameters),
        PFL_FIELD_TEXT("python", struct pfl_asv_file, python),
        PFL_FIELD_CALL("requirements", read_requirements),
        PFL_FIELD_CALL("env_vars", read_variables),
        PFL_FIELD_CALL("benchmark_version", read_versions),
        PFL_FIELD_CALL("started_at", read_started),
        PFL_FIELD_NUMBER("version", struct pfl_asv_file, version),
        {0},
    };
    struct pfl_json_reader json;
    struct pfl_fields f = {&json, &file->asv->build, file};
    int rc;

    begin(file);
    pfl_json_reader_init(&json, file->path, read, context);
    rc = pfl_json_next(&json, err);
    if (rc >= 0 && json.token != PFL_JSON_OBJECT)
        rc = pfl_json_fail(&json, err, "expected an object, found %s",
                           pfl_json_token_name(json.token));
    if (rc >= 0)
        rc = pfl_fields_read_at(&f, fields, file, err);
    if (rc >= 0)
        rc = pfl_json_expect(&json, PFL_JSON_END, err);
    pfl_json_reader_release(&json);
    return rc < 0 ? rc : check(file, err);
}

void pfl_asv_file_release(struct pfl_asv_file *file)
{
    size_t i;

    pfl_vec_release(&file->requirements);
    pfl_vec_release(&file->variables);
    pfl_vec_release(&file->parameters);
    pfl_vec_release(&file->versions);
    pfl_map_release(&file->version_at);
    pfl_vec_release(&file->rows);
    for (i = 0; i < PFL_ASV_NUMBERS; i++)
        pfl_vec_release(&file->numbers[i]);
    pfl_vec_release(&file->states);
    pfl_vec_release(&file->samples);
    pfl_vec_release(&file->sample_lists);
    pfl_vec_release(&file->sizes);
    pfl_vec_release(&file->raw);
}
