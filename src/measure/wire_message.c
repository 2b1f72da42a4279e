/*
 * The second half of the wire: a line → a message.
 *
 * What a message is about is told by its key ("stage", "metric", "samples_ns", …); exactly one such
 * key must be there. Keys that are not known are skipped, so that a program may speak a newer
 * dialect; known keys with a wrong type are errors, so that a slip is not silently nothing. Values
 * are turned into the units the ledger stores (s, B, 1/s, 1).
 */
#include "measure/wire.h"

#include "base/json.h"
#include "base/units.h"

#include <math.h>
#include <string.h>

enum { TEXT_MAX = 4096, PAIRS_MAX = 256 };

struct parser {
    struct pfl_json_reader json;
    struct pfl_arena *arena;
    struct pfl_err *err;
    struct pfl_wire_message *out;
    const char *kind_key; /* the key that said what the message is; NULL: none yet */
    bool has_value, has_path;
    size_t yardstick_count;
};

typedef int read_fn(struct parser *p);

static int no_memory(struct parser *p)
{
    return pfl_err_no_memory(p->err);
}

/* A non-empty string of bearable length without embedded zeros, copied. */
static int read_text(struct parser *p, const char **text)
{
    int rc = pfl_json_expect(&p->json, PFL_JSON_STRING, p->err);

    if (rc != PFL_OK)
        return rc;
    if (p->json.text_len == 0)
        return pfl_json_fail(&p->json, p->err, "expected a text, found an empty one");
    if (p->json.text_len > TEXT_MAX || memchr(p->json.text, 0, p->json.text_len))
        return pfl_json_fail(&p->json, p->err,
                             "expected a text of at most %d bytes without a zero byte", TEXT_MAX);
    *text = pfl_arena_text_n(p->arena, p->json.text, p->json.text_len);
    return *text ? PFL_OK : no_memory(p);
}

/* A number; null, NaN and infinities say "no value". */
static int read_value(struct parser *p, double *value)
{
    int rc = pfl_json_next(&p->json, p->err);

    if (rc < 0)
        return rc;
    if (p->json.token == PFL_JSON_NULL)
        *value = NAN;
    else if (p->json.token == PFL_JSON_NUMBER)
        *value = isfinite(p->json.number) ? p->json.number : (double)NAN;
    else
        return pfl_json_fail(&p->json, p->err, "expected a number, found %s",
                             pfl_json_token_name(p->json.token));
    return PFL_OK;
}

static int read_kind(struct parser *p, enum pfl_wire_kind kind, const char *key)
{
    if (p->kind_key)
        return pfl_json_fail(&p->json, p->err, "expected one message, found both \"%s\" and \"%s\"",
                             p->kind_key, key);
    p->kind_key = key;
    p->out->kind = kind;
    return PFL_OK;
}

/* A scalar as text: {"n": 20, "mode": "fast", "gpu": false}. */
static int read_scalar(struct parser *p, const char **text)
{
    char number[PFL_UNITS_NUMBER_MAX];
    int rc = pfl_json_next(&p->json, p->err);

    if (rc < 0)
        return rc;
    switch (p->json.token) {
    case PFL_JSON_STRING:
        if (p->json.text_len > TEXT_MAX || memchr(p->json.text, 0, p->json.text_len))
            return pfl_json_fail(&p->json, p->err,
                                 "expected a text of at most %d bytes without a zero byte",
                                 TEXT_MAX);
        *text = pfl_arena_text_n(p->arena, p->json.text, p->json.text_len);
        break;
    case PFL_JSON_NUMBER:
        if (p->json.is_integer) {
            *text = pfl_arena_format(p->arena, "%lld", (long long)p->json.integer);
        } else {
            pfl_units_number_text(number, p->json.number);
            *text = pfl_arena_text(p->arena, number);
        }
        break;
    case PFL_JSON_BOOL: *text = p->json.boolean ? "true" : "false"; break;
    case PFL_JSON_NULL: *text = ""; break;
    default:
        return pfl_json_fail(&p->json, p->err, "expected a text, a number or true/false, found %s",
                             pfl_json_token_name(p->json.token));
    }
    return *text ? PFL_OK : no_memory(p);
}

static int read_pairs(struct parser *p, struct pfl_pair **pairs, size_t *count)
{
    PFL_VEC(, struct pfl_pair) found = {0};
    int rc = pfl_json_expect(&p->json, PFL_JSON_OBJECT, p->err);

    while (rc == PFL_OK && (rc = pfl_json_next_key(&p->json, p->err)) > 0) {
        struct pfl_pair pair = {pfl_arena_text(p->arena, p->json.text), NULL};

        if (found.n == PAIRS_MAX)
            rc = pfl_json_fail(&p->json, p->err, "expected at most %d entries", PAIRS_MAX);
        else
            rc = pair.name ? read_scalar(p, &pair.value) : no_memory(p);
        if (rc == PFL_OK && !pfl_vec_push(&found, &pair))
            rc = no_memory(p);
    }
    if (rc == PFL_OK) {
        *pairs = pfl_arena_grow(p->arena, found.at, found.n, found.n, sizeof **pairs);
        *count = found.n;
        rc = *pairs ? PFL_OK : no_memory(p);
    }
    pfl_vec_release(&found);
    return rc;
}

/* Numbers of ns, as seconds; what is null or not finite has no value (NaN). */
static int read_times(struct parser *p, double **times, size_t *count)
{
    PFL_VEC(, double) found = {0};
    int rc = pfl_json_expect(&p->json, PFL_JSON_ARRAY, p->err);

    while (rc == PFL_OK && (rc = pfl_json_next_item(&p->json, p->err)) > 0) {
        bool number = p->json.token == PFL_JSON_NUMBER;
        double seconds = number && isfinite(p->json.number) ? p->json.number / 1e9 : (double)NAN;

        rc = PFL_OK;
        if (!number && p->json.token != PFL_JSON_NULL)
            rc = pfl_json_fail(&p->json, p->err, "expected a number of ns, found %s",
                               pfl_json_token_name(p->json.token));
        else if (number && p->json.number < 0)
            rc = pfl_json_fail(&p->json, p->err, "expected a duration, found a negative number");
        else if (!pfl_vec_push(&found, &seconds))
            rc = no_memory(p);
    }
    if (rc == PFL_OK) {
        *times = pfl_arena_grow(p->arena, found.at, found.n, found.n, sizeof **times);
        *count = found.n;
        rc = *times ? PFL_OK : no_memory(p);
    }
    pfl_vec_release(&found);
    return rc;
}

static int read_samples(struct parser *p)
{
    int rc = read_kind(p, PFL_WIRE_SAMPLES, "samples_ns");

    return rc == PFL_OK ? read_times(p, &p->out->samples, &p->out->sample_count) : rc;
}

static int read_yardsticks(struct parser *p)
{
    return read_times(p, &p->out->yardsticks, &p->yardstick_count);
}

/* The name of what begins, or null: it ends; then *name stays. */
static int read_name_or_end(struct parser *p, const char *expected, const char **name)
{
    int rc = pfl_json_next(&p->json, p->err);

    if (rc < 0)
        return rc;
    if (p->json.token == PFL_JSON_NULL)
        return PFL_OK;
    if (p->json.token != PFL_JSON_STRING || p->json.text_len == 0 || p->json.text_len > TEXT_MAX ||
        memchr(p->json.text, 0, p->json.text_len))
        return pfl_json_fail(&p->json, p->err, "expected %s", expected);
    *name = pfl_arena_text(p->arena, p->json.text);
    return *name ? PFL_OK : no_memory(p);
}

static int read_stage(struct parser *p)
{
    int rc = read_kind(p, PFL_WIRE_STAGE, "stage");

    return rc < 0 ? rc
                  : read_name_or_end(p, "the name of a stage, or null to end one", &p->out->text);
}

#define READ_NAMED(name, kind, key)                                                                \
    static int name(struct parser *p)                                                              \
    {                                                                                              \
        int rc = read_kind(p, kind, key);                                                          \
                                                                                                   \
        return rc == PFL_OK ? read_text(p, &p->out->text) : rc;                                    \
    }
READ_NAMED(read_metric, PFL_WIRE_METRIC, "metric")
READ_NAMED(read_artifact, PFL_WIRE_ARTIFACT, "artifact")
READ_NAMED(read_skip, PFL_WIRE_SKIP, "skip")
READ_NAMED(read_fail, PFL_WIRE_FAIL, "fail")
READ_NAMED(read_budget, PFL_WIRE_BUDGET, "budget_exceeded")
READ_NAMED(read_warning, PFL_WIRE_WARNING, "warning")

static int read_begin(struct parser *p)
{
    int rc = read_kind(p, PFL_WIRE_BEGIN, "begin");

    return rc < 0 ? rc
                  : read_name_or_end(p, "the name of a benchmark, or null when it has ended",
                                     &p->out->bench);
}

static int read_environment(struct parser *p)
{
    int rc = read_kind(p, PFL_WIRE_ENVIRONMENT, "environment");

    return rc == PFL_OK ? read_pairs(p, &p->out->pairs, &p->out->pair_count) : rc;
}

static int read_bench(struct parser *p)
{
    return read_text(p, &p->out->bench);
}

static int read_params(struct parser *p)
{
    return read_pairs(p, &p->out->params, &p->out->param_count);
}

static int read_number(struct parser *p)
{
    p->has_value = true;
    return read_value(p, &p->out->value);
}

static int read_variant(struct parser *p)
{
    return read_text(p, &p->out->variant);
}

static int read_unit(struct parser *p)
{
    return read_text(p, &p->out->unit);
}

static int read_path(struct parser *p)
{
    p->has_path = true;
    return read_text(p, &p->out->path);
}

static int read_yardstick(struct parser *p)
{
    return read_text(p, &p->out->yardstick);
}

/* Nothing is made of it, but a slip in it is one. */
static int read_iterations(struct parser *p)
{
    int rc = pfl_json_expect(&p->json, PFL_JSON_NUMBER, p->err);

    if (rc == PFL_OK && !(p->json.number >= 1))
        rc = pfl_json_fail(&p->json, p->err, "expected a count of iterations, 1 or more");
    return rc;
}

static int read_better(struct parser *p)
{
    int rc = pfl_json_expect(&p->json, PFL_JSON_STRING, p->err);

    if (rc != PFL_OK)
        return rc;
    p->out->better_given = true;
    if (!pfl_metric_better_read(p->json.text, &p->out->better))
        return pfl_json_fail(&p->json, p->err, "expected \"lower\", \"higher\" or \"neither\"");
    return PFL_OK;
}

static const struct {
    const char *key;
    read_fn *read;
} keys[] = {
    {"stage", read_stage},
    {"metric", read_metric},
    {"samples_ns", read_samples},
    {"environment", read_environment},
    {"artifact", read_artifact},
    {"skip", read_skip},
    {"fail", read_fail},
    {"budget_exceeded", read_budget},
    {"warning", read_warning},
    {"begin", read_begin},
    {"bench", read_bench},
    {"params", read_params},
    {"value", read_number},
    {"seconds", read_number},
    {"unit", read_unit},
    {"better", read_better},
    {"path", read_path},
    {"yardstick_ns", read_yardsticks},
    {"yardstick", read_yardstick},
    {"variant", read_variant},
    {"iterations", read_iterations},
};

static int read_key(struct parser *p)
{
    size_t i;

    for (i = 0; i < PFL_COUNT(keys); i++)
        if (pfl_json_key_is(&p->json, keys[i].key))
            return keys[i].read(p);
    return pfl_json_skip(&p->json, p->err);
}

static const struct {
    const char *name, *stored;
    double factor;
} units[] = {
    {"ns", "s", 1e-9},          {"us", "s", 1e-6}, {"µs", "s", 1e-6},  {"μs", "s", 1e-6},
    {"ms", "s", 1e-3},          {"min", "s", 60},  {"h", "s", 3600},   {"kB", "B", 1e3},
    {"MB", "B", 1e6},           {"GB", "B", 1e9},  {"KiB", "B", 1024}, {"MiB", "B", 1048576},
    {"GiB", "B", 1073741824.0}, {"bytes", "B", 1}, {"%", "1", 0.01},   {"Hz", "1/s", 1},
};

static void store_unit(struct pfl_wire_message *message)
{
    size_t i;

    for (i = 0; message->unit && i < PFL_COUNT(units); i++)
        if (strcmp(message->unit, units[i].name) == 0) {
            message->unit = units[i].stored;
            message->value *= units[i].factor;
            if (!isfinite(message->value))
                message->value = NAN;
            return;
        }
}

/* Samples without a value are left out, and so are those whose yardstick has none. */
static int pair_up(struct parser *p)
{
    struct pfl_wire_message *m = p->out;
    size_t i, n = 0;

    if (m->yardsticks && p->yardstick_count != m->sample_count)
        return pfl_json_fail(
            &p->json, p->err,
            "expected one of \"yardstick_ns\" beside each of \"samples_ns\", found "
            "%zu beside %zu",
            p->yardstick_count, m->sample_count);
    for (i = 0; i < m->sample_count; i++) {
        if (m->yardsticks && m->yardsticks[i] == 0)
            return pfl_json_fail(&p->json, p->err, "a yardstick of 0 ns has not been run");
        if (isnan(m->samples[i]) || (m->yardsticks && isnan(m->yardsticks[i])))
            continue;
        if (m->yardsticks)
            m->yardsticks[n] = m->yardsticks[i];
        m->samples[n++] = m->samples[i];
    }
    m->sample_count = n;
    return PFL_OK;
}

/* What only shows at the end: is it a message, and is all of it there? */
static int check(struct parser *p)
{
    if (!p->kind_key)
        return pfl_json_fail(&p->json, p->err,
                             "expected a message with one of \"stage\", \"metric\", "
                             "\"samples_ns\", \"environment\", \"artifact\", \"skip\", \"fail\", "
                             "\"budget_exceeded\", \"warning\"");
    if (p->out->kind == PFL_WIRE_METRIC && !p->has_value)
        return pfl_json_fail(&p->json, p->err, "expected a \"value\" for the metric \"%s\"",
                             p->out->text);
    if (p->out->kind == PFL_WIRE_ARTIFACT && !p->has_path)
        return pfl_json_fail(&p->json, p->err, "expected a \"path\" for the artefact \"%s\"",
                             p->out->text);
    if (p->out->kind == PFL_WIRE_SAMPLES && !p->out->bench)
        return pfl_json_fail(&p->json, p->err, "expected a \"bench\" beside \"samples_ns\"");
    store_unit(p->out);
    return pair_up(p);
}

int pfl_wire_parse(const char *line, size_t len, struct pfl_arena *arena,
                   struct pfl_wire_message *message, struct pfl_err *err)
{
    struct pfl_wire_message read = {.value = NAN, .variant = "", .yardstick = ""};
    struct parser p = {.arena = arena, .err = err, .out = &read};
    int rc;

    pfl_json_reader_init_text(&p.json, "", line, len);
    rc = pfl_json_expect(&p.json, PFL_JSON_OBJECT, err);
    while (rc == PFL_OK && (rc = pfl_json_next_key(&p.json, err)) > 0)
        rc = read_key(&p);
    if (rc == PFL_OK)
        rc = check(&p);
    if (rc == PFL_OK)
        rc = pfl_json_expect(&p.json, PFL_JSON_END, err);
    pfl_json_reader_release(&p.json);
    if (rc == PFL_OK)
        *message = read;
    return rc;
}
