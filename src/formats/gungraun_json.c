/*
 * gungraun's benchmark summary as JSON (--output-format=json, --save-summary; schema version 6).
 *
 * One document per benchmark. Its name is module_path, id and details, as the text form writes it.
 * Of each tool the totals are read; a metric holds what was measured now ("Left"), before ("Right")
 * or both: [now, before]. What was measured before is no result of this run.
 */
#include "formats/gungraun.h"

#include "formats/fields.h"

#include <math.h>
#include <string.h>

struct entry {
    const char *label;
    double value;
    size_t profile;
    int line;
};
PFL_VEC(entries, struct entry);
PFL_VEC(tools, const char *);

struct document {
    const char *module, *id, *details, *version;
    struct entries entries;
    struct tools tools; /* one per profile */
    bool profiles;
};

struct profile {
    struct document *document;
    const char *tool;
};

struct metric {
    double left;
    bool has_left;
};

/* {"Int": 6}, {"Float": 0.1} */
static int read_number(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return pfl_fields_number(f, record, err);
}

static const struct pfl_field number_fields[] = {PFL_FIELD_ANY(read_number), {0}};

static int read_left(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct metric *metric = record;

    metric->has_left = true;
    return pfl_fields_read(f, number_fields, &metric->left, err);
}

/* [now, before] */
static int read_either(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct metric *metric = record;

    if (metric->has_left)
        return pfl_json_skip(f->json, err);
    metric->has_left = true;
    return pfl_fields_read_at(f, number_fields, &metric->left, err);
}

static int read_both(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return pfl_fields_each(f, read_either, record, err);
}

static int read_values(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_CALL("Left", read_left), PFL_FIELD_CALL("Both", read_both), {0}};

    return pfl_fields_read(f, fields, record, err);
}

static int read_metric(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {PFL_FIELD_CALL("metrics", read_values), {0}};
    struct document *document = record;
    struct metric metric = {.left = NAN};
    struct entry entry = {.label = pfl_build_keep(f->build, f->json->text),
                          .profile = document->tools.n,
                          .line = f->json->line};
    int rc = pfl_fields_read(f, fields, &metric, err);

    entry.value = metric.left;
    if (rc < 0 || isnan(entry.value))
        return rc;
    return pfl_vec_push(&document->entries, &entry) ? PFL_OK : pfl_err_no_memory(err);
}

/* {"Callgrind": {METRIC: …}} or "None" */
static int read_kind(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {PFL_FIELD_ANY(read_metric), {0}};

    return pfl_fields_read(f, fields, record, err);
}

static int read_summary(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {PFL_FIELD_ANY(read_kind), {0}};
    int rc = pfl_json_next(f->json, err);

    if (rc < 0 || f->json->token == PFL_JSON_STRING)
        return rc;
    return pfl_fields_read_at(f, fields, record, err);
}

static int read_total(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {PFL_FIELD_CALL("summary", read_summary), {0}};

    return pfl_fields_read(f, fields, record, err);
}

static int read_summaries(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {PFL_FIELD_CALL("total", read_total), {0}};
    const struct profile *profile = record;

    return pfl_fields_read(f, fields, profile->document, err);
}

static int read_profile(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("tool", struct profile, tool),
        PFL_FIELD_CALL("summaries", read_summaries),
        {0},
    };
    struct profile profile = {record, ""};
    int rc = pfl_fields_read_at(f, fields, &profile, err);

    if (rc >= 0 && !pfl_vec_push(&profile.document->tools, &profile.tool))
        rc = pfl_err_no_memory(err);
    return rc;
}

static int read_profiles(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    ((struct document *)record)->profiles = true;
    return pfl_fields_each(f, read_profile, record, err);
}

static void give(struct pfl_counts *counts, const struct document *d, int line)
{
    const char *name = d->module;
    size_t i, profile = SIZE_MAX;

    if (name && *d->id)
        name = pfl_arena_format(&counts->build->arena, "%s %s%s%s", name, d->id,
                                *d->details ? ":" : "", d->details);
    if (!name) {
        counts->build->no_memory = true;
        return;
    }
    if (*d->version && strcmp(d->version, "6") != 0)
        pfl_build_warn_at(counts->build, line, 1,
                          "a summary of version %.20s is read as if it were version 6", d->version);
    pfl_counts_begin(counts, name, line);
    for (i = 0; i < d->entries.n; i++) {
        const struct entry *entry = &d->entries.at[i];

        if (entry->profile != profile && entry->profile < d->tools.n) {
            profile = entry->profile;
            pfl_counts_tool(counts, d->tools.at[profile], strlen(d->tools.at[profile]));
        }
        pfl_counts_add(counts, entry->label, entry->value, entry->line);
    }
}

int pfl_gungraun_document(struct pfl_counts *counts, const char *text, size_t len, int line,
                          bool *ours, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("module_path", struct document, module),
        PFL_FIELD_TEXT("id", struct document, id),
        PFL_FIELD_TEXT("details", struct document, details),
        PFL_FIELD_TEXT("version", struct document, version),
        PFL_FIELD_CALL("profiles", read_profiles),
        {0},
    };
    struct document d = {.id = "", .details = "", .version = ""};
    struct pfl_json_reader json;
    struct pfl_fields f = {&json, counts->build, NULL};
    int rc;

    *ours = false;
    if (!memmem(text, len, "\"module_path\"", 13) || !memmem(text, len, "\"profiles\"", 10))
        return PFL_OK;
    pfl_json_reader_init_text(&json, counts->build->input->path, text, len);
    json.line = line;
    rc = pfl_fields_read(&f, fields, &d, err);
    if (rc >= 0 && d.module && d.profiles) {
        *ours = true;
        give(counts, &d, line);
    }
    pfl_json_reader_release(&json);
    pfl_vec_release(&d.entries);
    pfl_vec_release(&d.tools);
    return rc;
}
