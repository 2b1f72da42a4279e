/*
 * Facts as JSON, by tables of fields, so that writing and reading cannot drift apart.
 *
 * Numbers are written as the shortest text that reads back equal, so a policy made of facts judges
 * exactly as the one they were taken from. Limits that are not given are left out and read as NaN.
 */
#include "flow/log/facts.h"

#include "base/json.h"
#include "judge/judge.h"
#include "vcs/git.h"

#include <math.h>
#include <string.h>

#ifndef PFL_VERSION
#define PFL_VERSION "unknown"
#endif

enum { SCHEMA = 1, ITEMS_MAX = 1 << 20 };

enum field_kind { TEXT, NUMBER, COUNT };
struct field {
    const char *key;
    enum field_kind kind;
    size_t offset;
};
struct list {
    const char *key;
    size_t at, count; /* offsets of the array and of its length */
    size_t size;      /* of an element */
    const struct field *fields;
    size_t field_count; /* 0: a list of texts */
};

#define AT(type, member) offsetof(struct type, member)
static const struct field heads[] = {
    {"name", TEXT, AT(pfl_log_facts, name)},
    {"head", TEXT, AT(pfl_log_facts, head)},
    {"base", TEXT, AT(pfl_log_facts, base)},
    {"base_tag", TEXT, AT(pfl_log_facts, base_tag)},
    {"head_tag", TEXT, AT(pfl_log_facts, head_tag)},
    {"area", TEXT, AT(pfl_log_facts, area)},
    {"metric", TEXT, AT(pfl_log_facts, metric)},
    {"benchmark", TEXT, AT(pfl_log_facts, benchmark)},
    {"variant", TEXT, AT(pfl_log_facts, variant)},
    {"chart", TEXT, AT(pfl_log_facts, chart)},
};
static const struct field point_fields[] = {
    {"run", TEXT, AT(pfl_log_point, run)},
    {"note", TEXT, AT(pfl_log_point, note)},
    {"tag", TEXT, AT(pfl_log_point, tag)},
};
static const struct field tolerance_fields[] = {
    {"match", TEXT, AT(pfl_gate, match)},
    {"metric", TEXT, AT(pfl_gate, metric)},
    {"max_regression", NUMBER, AT(pfl_gate, max_regression)},
};
static const struct field target_fields[] = {
    {"benchmark", TEXT, AT(pfl_target, benchmark)},
    {"metric", TEXT, AT(pfl_target, metric)},
    {"max", NUMBER, AT(pfl_target, max)},
    {"min", NUMBER, AT(pfl_target, min)},
    {"tolerance", NUMBER, AT(pfl_target, tolerance)},
};
static const struct field deviation_fields[] = {
    {"benchmark", TEXT, AT(pfl_log_deviation, benchmark)},
    {"metric", TEXT, AT(pfl_log_deviation, metric)},
    {"variant", TEXT, AT(pfl_log_deviation, variant)},
    {"sd", NUMBER, AT(pfl_log_deviation, sd)},
    {"sessions", COUNT, AT(pfl_log_deviation, sessions)},
};
static const struct field link_fields[] = {
    {"id", TEXT, AT(pfl_log_link, id)},
    {"title", TEXT, AT(pfl_log_link, title)},
    {"target", TEXT, AT(pfl_log_link, target)},
};
#define LIST(key, member, number, type, fields)                                                    \
    {                                                                                              \
        key, AT(pfl_log_facts, member), AT(pfl_log_facts, number), sizeof(type), fields,           \
            PFL_COUNT(fields)                                                                      \
    }
static const struct list lists[] = {
    {"runs", AT(pfl_log_facts, runs), AT(pfl_log_facts, run_count), sizeof(const char *), NULL, 0},
    {"benchmarks", AT(pfl_log_facts, benchmarks), AT(pfl_log_facts, benchmark_count),
     sizeof(const char *), NULL, 0},
    LIST("points", points, point_count, struct pfl_log_point, point_fields),
    LIST("tolerances", tolerances, tolerance_count, struct pfl_gate, tolerance_fields),
    LIST("targets", targets, target_count, struct pfl_target, target_fields),
    LIST("deviations", deviations, deviation_count, struct pfl_log_deviation, deviation_fields),
    LIST("links", links, link_count, struct pfl_log_link, link_fields),
};

/* ---- writing ---- */

static void write_field(struct pfl_json_writer *w, const struct field *field, const void *item)
{
    const void *at = (const char *)item + field->offset;
    const char *text;
    double number;

    if (field->kind == TEXT) {
        text = *(const char *const *)at;
        if (text && *text)
            pfl_json_put_string(w, field->key, text);
    } else if (field->kind == NUMBER) {
        number = *(const double *)at;
        if (!isnan(number))
            pfl_json_put_number(w, field->key, number);
    } else {
        pfl_json_put_integer(w, field->key, (int64_t) * (const size_t *)at);
    }
}

static void write_list(struct pfl_json_writer *w, const struct list *list,
                       const struct pfl_log_facts *facts)
{
    size_t n = *(const size_t *)((const char *)facts + list->count), i, j;
    const char *items = *(const char *const *)((const char *)facts + list->at);

    if (n == 0 && strcmp(list->key, "runs") != 0)
        return;
    pfl_json_key(w, list->key);
    pfl_json_array(w);
    for (i = 0; i < n; i++) {
        if (list->field_count == 0) {
            pfl_json_string(w, ((const char *const *)(const void *)items)[i]);
            continue;
        }
        pfl_json_object(w);
        for (j = 0; j < list->field_count; j++)
            write_field(w, &list->fields[j], items + i * list->size);
        pfl_json_object_end(w);
    }
    pfl_json_array_end(w);
}

int pfl_log_facts_write(const struct pfl_log_facts *facts, struct pfl_buf *buf, struct pfl_err *err)
{
    struct pfl_json_writer w;
    size_t i;

    pfl_json_writer_init(&w, buf, 0);
    pfl_json_object(&w);
    pfl_json_put_integer(&w, "schema", SCHEMA);
    pfl_json_put_string(&w, "tool", "perfledger " PFL_VERSION);
    for (i = 0; i < PFL_COUNT(heads); i++)
        write_field(&w, &heads[i], facts);
    for (i = 0; i < PFL_COUNT(lists); i++)
        write_list(&w, &lists[i], facts);
    pfl_json_object_end(&w);
    return pfl_buf_check(buf, err, "writing the facts of a document");
}

/* ---- reading ---- */

struct reading {
    struct pfl_json_reader json;
    struct pfl_arena *arena;
    struct pfl_err *err;
};

static int read_text(struct reading *r, const char **text)
{
    if (r->json.token != PFL_JSON_STRING || memchr(r->json.text, 0, r->json.text_len))
        return pfl_json_fail(&r->json, r->err, "expected a text");
    *text = pfl_arena_text_n(r->arena, r->json.text, r->json.text_len);
    return *text ? PFL_OK : pfl_err_no_memory(r->err);
}

static int read_field(struct reading *r, const struct field *field, void *item)
{
    void *at = (char *)item + field->offset;
    int rc = pfl_json_next(&r->json, r->err);

    if (rc < 0)
        return rc;
    if (field->kind == TEXT)
        return read_text(r, at);
    if (r->json.token != PFL_JSON_NUMBER ||
        (field->kind == COUNT && (!r->json.is_integer || r->json.integer < 0)))
        return pfl_json_fail(&r->json, r->err, "expected a number");
    if (field->kind == NUMBER)
        *(double *)at = r->json.number;
    else
        *(size_t *)at = (size_t)r->json.integer;
    return PFL_OK;
}

static void set_absent(const struct field *fields, size_t n, void *item)
{
    size_t i;

    for (i = 0; i < n; i++) {
        void *at = (char *)item + fields[i].offset;

        if (fields[i].kind == TEXT)
            *(const char **)at = "";
        else if (fields[i].kind == NUMBER)
            *(double *)at = NAN;
    }
}

/* The object whose { is read. */
static int read_object(struct reading *r, const struct field *fields, size_t n, void *item)
{
    size_t i;
    int rc;

    while ((rc = pfl_json_next_key(&r->json, r->err)) > 0) {
        for (i = 0; i < n && !pfl_json_key_is(&r->json, fields[i].key); i++)
            ;
        rc = i < n ? read_field(r, &fields[i], item) : pfl_json_skip(&r->json, r->err);
        if (rc < 0)
            return rc;
    }
    return rc;
}

static int read_item(struct reading *r, const struct list *list, char *item)
{
    if (list->field_count == 0)
        return read_text(r, (const char **)(void *)item);
    if (r->json.token != PFL_JSON_OBJECT)
        return pfl_json_fail(&r->json, r->err, "expected an object");
    set_absent(list->fields, list->field_count, item);
    return read_object(r, list->fields, list->field_count, item);
}

static int read_list(struct reading *r, const struct list *list, struct pfl_log_facts *facts)
{
    size_t n = 0, capacity = 0;
    char *items = NULL, *grown;
    int rc = pfl_json_expect(&r->json, PFL_JSON_ARRAY, r->err);

    while (rc >= 0 && (rc = pfl_json_next_item(&r->json, r->err)) > 0) {
        if (n == ITEMS_MAX)
            return pfl_json_fail(&r->json, r->err, "more than anybody wrote");
        if (n == capacity) {
            capacity = capacity ? capacity * 2 : 16;
            grown = pfl_arena_array(r->arena, capacity, list->size);
            if (!grown)
                return pfl_err_no_memory(r->err);
            if (n)
                memcpy(grown, items, n * list->size);
            items = grown;
        }
        rc = read_item(r, list, items + n * list->size);
        n++;
    }
    if (rc < 0)
        return rc;
    *(char **)((char *)facts + list->at) = items;
    *(size_t *)((char *)facts + list->count) = n;
    return PFL_OK;
}

static int read_schema(struct reading *r)
{
    int rc = pfl_json_expect(&r->json, PFL_JSON_NUMBER, r->err);

    if (rc == PFL_OK && (!r->json.is_integer || r->json.integer < 1 || r->json.integer > SCHEMA))
        return pfl_json_fail(&r->json, r->err, "these facts are of a newer perfledger");
    return rc;
}

static int read_key(struct reading *r, struct pfl_log_facts *facts)
{
    size_t i;

    if (pfl_json_key_is(&r->json, "schema"))
        return read_schema(r);
    for (i = 0; i < PFL_COUNT(heads); i++)
        if (pfl_json_key_is(&r->json, heads[i].key))
            return read_field(r, &heads[i], facts);
    for (i = 0; i < PFL_COUNT(lists); i++)
        if (pfl_json_key_is(&r->json, lists[i].key))
            return read_list(r, &lists[i], facts);
    return pfl_json_skip(&r->json, r->err);
}

int pfl_log_facts_read(const char *text, size_t len, struct pfl_arena *arena,
                       struct pfl_log_facts *facts, struct pfl_err *err)
{
    struct reading r = {.arena = arena, .err = err};
    struct pfl_log_facts found = {0};
    int rc;

    set_absent(heads, PFL_COUNT(heads), &found);
    pfl_json_reader_init_text(&r.json, "facts", text, len);
    rc = pfl_json_expect(&r.json, PFL_JSON_OBJECT, err);
    while (rc >= 0 && (rc = pfl_json_next_key(&r.json, err)) > 0) {
        rc = read_key(&r, &found);
        if (rc < 0)
            break;
    }
    if (rc >= 0)
        rc = pfl_json_expect(&r.json, PFL_JSON_END, err);
    pfl_json_reader_release(&r.json);
    if (rc == PFL_OK)
        *facts = found;
    if (rc == PFL_EPARSE && err)
        err->code = PFL_EINVAL;
    return rc == PFL_EPARSE ? PFL_EINVAL : rc;
}

/* ---- tags: given to a commit after it was measured, mostly ---- */

const char *pfl_log_tag(struct pfl_flow *flow, const char *commit)
{
    struct pfl_revision revision;

    if (!*commit || pfl_git_describe_commit(flow->root, commit, flow->arena, &revision, NULL) < 0)
        return "";
    return revision.tag;
}

struct pfl_run pfl_log_tagged(const struct pfl_run *run, const char *tag)
{
    struct pfl_run tagged = *run;

    if (*tag)
        tagged.revision.tag = tag;
    return tagged;
}

/* ---- judging by facts ---- */

static double known_deviation(void *context, const char *benchmark, const char *metric,
                              const char *variant, size_t *sessions)
{
    const struct pfl_log_facts *facts = context;
    size_t i;

    for (i = 0; i < facts->deviation_count; i++) {
        const struct pfl_log_deviation *known = &facts->deviations[i];

        if (strcmp(known->benchmark, benchmark) == 0 && strcmp(known->metric, metric) == 0 &&
            strcmp(known->variant, variant) == 0) {
            *sessions = known->sessions;
            return known->sd;
        }
    }
    return NAN;
}

void pfl_log_facts_policy(const struct pfl_log_facts *facts, struct pfl_policy *policy)
{
    size_t i;

    pfl_policy_defaults(policy);
    policy->gates = facts->tolerances;
    policy->gate_count = facts->tolerance_count;
    for (i = 0; i < facts->tolerance_count; i++) {
        struct pfl_gate *gate = &facts->tolerances[i];

        gate->max = gate->min = gate->max_ratio = gate->min_ratio = NAN;
        gate->file = "";
    }
    policy->targets = facts->targets;
    policy->target_count = facts->target_count;
    policy->targets_hold_here = true;
    policy->fail_on = 0;
    policy->allow_machine_change = true;
    if (facts->deviation_count) {
        policy->session_sd = known_deviation;
        policy->session_context = (void *)(uintptr_t)facts;
    }
}

bool pfl_log_is_of_another_version(const char *tool)
{
    static const char own[] = "perfledger ";

    return tool && strncmp(tool, own, strlen(own)) == 0 &&
           strcmp(tool, "perfledger " PFL_VERSION) != 0;
}
