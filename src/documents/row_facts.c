/*
 * A row's facts as JSON, both ways by one table, so that what is written is what is read.
 *
 * Numbers are written as the shortest text that reads back to the same double, so nothing is lost
 * on the way; an empty text and an empty list are left out. Unknown keys are skipped: facts of a
 * later version are then refused by the text they no longer make.
 */
#include "documents/row.h"

#include "base/json.h"
#include "base/vec.h"

#include <string.h>

PFL_VEC(text_list, const char *);
PFL_VEC(series_list, struct pfl_row_series);
PFL_VEC(tolerance_list, struct pfl_row_tolerance);
PFL_VEC(pool_list, struct pfl_row_pool);
PFL_VEC(number_list, double);

static const char *const kinds[PFL_ROW_KIND_COUNT] = {"optimisation", "baseline", "diagnosis"};

const char *pfl_row_kind_text(enum pfl_row_kind kind)
{
    return kinds[kind];
}

bool pfl_row_kind_read(const char *text, enum pfl_row_kind *kind)
{
    int i;

    for (i = 0; i < PFL_ROW_KIND_COUNT; i++)
        if (strcmp(text, kinds[i]) == 0) {
            *kind = (enum pfl_row_kind)i;
            return true;
        }
    return false;
}

#define TEXT(key, member)                                                                          \
    {                                                                                              \
        key, offsetof(struct pfl_row_facts, member)                                                \
    }
static const struct {
    const char *key;
    size_t offset;
} texts[] = {
    TEXT("tool", tool),
    TEXT("after", after),
    TEXT("base", base),
    TEXT("head", head),
    TEXT("title", title),
    TEXT("note", note),
    TEXT("tag", tag),
    TEXT("commit_url", commit_url),
    TEXT("pull_request", pull_request),
    TEXT("pull_request_url", pull_request_url),
    TEXT("cause", cause),
    TEXT("cause_subject", cause_subject),
    TEXT("area", area),
    TEXT("machine", machine),
    TEXT("reference_machine", reference_machine),
    TEXT("runs_folder", runs_folder),
    TEXT("snapshot", snapshot),
    TEXT("metric", metric),
};

static const char **text_at(struct pfl_row_facts *facts, size_t i)
{
    return (const char **)((char *)facts + texts[i].offset);
}

/* ---- writing ---- */

static void put_texts(struct pfl_json_writer *w, const char *key, const char *const *list, size_t n)
{
    size_t i;

    if (n == 0)
        return;
    pfl_json_key(w, key);
    pfl_json_array(w);
    for (i = 0; i < n; i++)
        pfl_json_string(w, list[i]);
    pfl_json_array_end(w);
}

static void put_series(struct pfl_json_writer *w, const struct pfl_row_facts *facts)
{
    size_t i;

    if (facts->series_count == 0)
        return;
    pfl_json_key(w, "sessions"); /* [benchmark, metric, variant, deviation, sessions] */
    pfl_json_array(w);
    for (i = 0; i < facts->series_count; i++) {
        pfl_json_array(w);
        pfl_json_string(w, facts->series[i].benchmark);
        pfl_json_string(w, facts->series[i].metric);
        pfl_json_string(w, facts->series[i].variant);
        pfl_json_number(w, facts->series[i].session_sd);
        pfl_json_integer(w, (int64_t)facts->series[i].sessions);
        pfl_json_array_end(w);
    }
    pfl_json_array_end(w);
}

static void put_tolerances(struct pfl_json_writer *w, const struct pfl_row_facts *facts)
{
    size_t i;

    if (facts->tolerance_count == 0)
        return;
    pfl_json_key(w, "tolerances"); /* [benchmarks, metrics, tolerance] */
    pfl_json_array(w);
    for (i = 0; i < facts->tolerance_count; i++) {
        pfl_json_array(w);
        pfl_json_string(w, facts->tolerances[i].match);
        pfl_json_string(w, facts->tolerances[i].metric);
        pfl_json_number(w, facts->tolerances[i].max_regression);
        pfl_json_array_end(w);
    }
    pfl_json_array_end(w);
}

static void put_pools(struct pfl_json_writer *w, const struct pfl_row_facts *facts)
{
    size_t i, j;
    int side;

    if (facts->pool_count == 0)
        return;
    pfl_json_key(w, "pools"); /* [benchmark, metric, variant, place, place, [medians], [medians]] */
    pfl_json_array(w);
    for (i = 0; i < facts->pool_count; i++) {
        const struct pfl_row_pool *pool = &facts->pools[i];

        pfl_json_array(w);
        pfl_json_string(w, pool->benchmark);
        pfl_json_string(w, pool->metric);
        pfl_json_string(w, pool->variant);
        pfl_json_integer(w, (int64_t)pool->place[0]);
        pfl_json_integer(w, (int64_t)pool->place[1]);
        for (side = 0; side < 2; side++) {
            pfl_json_array(w);
            for (j = 0; j < pool->n[side]; j++)
                pfl_json_number(w, pool->medians[side][j]);
            pfl_json_array_end(w);
        }
        pfl_json_array_end(w);
    }
    pfl_json_array_end(w);
}

int pfl_row_facts_write(const struct pfl_row_facts *facts, struct pfl_buf *out, struct pfl_err *err)
{
    struct pfl_row_facts copy = *facts;
    const char *runs[2];
    struct pfl_json_writer w;
    size_t i, n = 0;

    pfl_json_writer_init(&w, out, 0);
    pfl_json_object(&w);
    pfl_json_put_integer(&w, "schema", 1);
    pfl_json_put_string(&w, "kind", kinds[facts->kind]);
    if (*facts->base)
        runs[n++] = facts->base;
    runs[n++] = facts->head;
    put_texts(&w, "runs", runs, n);
    for (i = 0; i < PFL_COUNT(texts); i++)
        if (**text_at(&copy, i))
            pfl_json_put_string(&w, texts[i].key, *text_at(&copy, i));
    if (facts->external)
        pfl_json_put_bool(&w, "external", true);
    put_texts(&w, "benchmarks", facts->benchmarks, facts->benchmark_count);
    put_texts(&w, "area_benchmarks", facts->area_benchmarks, facts->area_benchmark_count);
    if (*facts->base) {
        pfl_json_put_number(&w, "confidence", facts->confidence);
        pfl_json_put_number(&w, "false_discovery_rate", facts->false_discovery_rate);
    }
    put_tolerances(&w, facts);
    put_series(&w, facts);
    put_pools(&w, facts);
    pfl_json_object_end(&w);
    return pfl_buf_check(out, err, "writing a row's facts");
}

/* ---- reading ---- */

struct reading {
    struct pfl_json_reader json;
    struct pfl_arena *arena;
    struct pfl_row_facts facts;
    struct text_list benchmarks, area_benchmarks;
    struct series_list series;
    struct tolerance_list tolerances;
    struct pool_list pools;
    bool has_kind, has_schema;
    struct pfl_err *err;
};

static int take_text(struct reading *r, const char **text)
{
    if (r->json.text_len != strlen(r->json.text))
        return pfl_json_fail(&r->json, r->err, "a text with a zero byte in it");
    *text = pfl_arena_text_n(r->arena, r->json.text, r->json.text_len);
    return *text ? PFL_OK : pfl_err_no_memory(r->err);
}

static int read_text(struct reading *r, const char **text)
{
    int rc = pfl_json_expect(&r->json, PFL_JSON_STRING, r->err);

    return rc < 0 ? rc : take_text(r, text);
}

static int read_number(struct reading *r, double *number)
{
    int rc = pfl_json_expect(&r->json, PFL_JSON_NUMBER, r->err);

    if (rc >= 0)
        *number = r->json.number;
    return rc;
}

static int read_texts(struct reading *r, struct text_list *list)
{
    const char *text;
    int rc = pfl_json_expect(&r->json, PFL_JSON_ARRAY, r->err);

    while (rc >= 0 && (rc = pfl_json_next_item(&r->json, r->err)) > 0) {
        if (r->json.token != PFL_JSON_STRING)
            return pfl_json_fail(&r->json, r->err, "expected a text");
        rc = take_text(r, &text);
        if (rc == PFL_OK && !pfl_vec_push(list, &text))
            return pfl_err_no_memory(r->err);
    }
    return rc;
}

/* The array is open; its texts, then its numbers. */
static int read_begin(struct reading *r, const char **const *into, size_t text_count,
                      double *numbers, size_t number_count)
{
    size_t i;
    int rc = r->json.token == PFL_JSON_ARRAY ? PFL_OK
                                             : pfl_json_fail(&r->json, r->err, "expected an array");

    for (i = 0; rc >= 0 && i < text_count; i++)
        rc = read_text(r, into[i]);
    for (i = 0; rc >= 0 && i < number_count; i++)
        rc = read_number(r, &numbers[i]);
    return rc < 0 ? rc : PFL_OK;
}

/* And its end. */
static int read_tuple(struct reading *r, const char **const *into, size_t text_count,
                      double *numbers, size_t number_count)
{
    int rc = read_begin(r, into, text_count, numbers, number_count);

    return rc < 0 ? rc : pfl_json_expect(&r->json, PFL_JSON_ARRAY_END, r->err);
}

static int read_medians(struct reading *r, double **medians, size_t *n)
{
    struct number_list list = {0};
    int rc = pfl_json_expect(&r->json, PFL_JSON_ARRAY, r->err);

    while (rc >= 0 && (rc = pfl_json_next_item(&r->json, r->err)) > 0) {
        if (r->json.token != PFL_JSON_NUMBER || !(r->json.number > 0))
            rc = pfl_json_fail(&r->json, r->err, "a run's median is a number greater than 0");
        else if (!pfl_vec_push(&list, &r->json.number))
            rc = pfl_err_no_memory(r->err);
    }
    if (rc >= 0) {
        *medians = pfl_arena_grow(r->arena, list.at, list.n, list.n + 1, sizeof **medians);
        *n = list.n;
        rc = *medians ? PFL_OK : pfl_err_no_memory(r->err);
    }
    pfl_vec_release(&list);
    return rc;
}

static int read_pool(struct reading *r)
{
    struct pfl_row_pool one = {0};
    const char **const into[] = {&one.benchmark, &one.metric, &one.variant};
    double places[2];
    int side, rc = read_begin(r, into, 3, places, 2);

    for (side = 0; rc >= 0 && side < 2; side++)
        rc = read_medians(r, &one.medians[side], &one.n[side]);
    if (rc >= 0)
        rc = pfl_json_expect(&r->json, PFL_JSON_ARRAY_END, r->err);
    for (side = 0; rc >= 0 && side < 2; side++) {
        if (!(places[side] >= 1) || !(places[side] <= (double)one.n[side]))
            return pfl_json_fail(&r->json, r->err, "the cited run is none of the revision's runs");
        one.place[side] = (size_t)places[side];
    }
    if (rc >= 0 && !pfl_vec_push(&r->pools, &one))
        return pfl_err_no_memory(r->err);
    return rc;
}

static int read_pools(struct reading *r)
{
    int rc = pfl_json_expect(&r->json, PFL_JSON_ARRAY, r->err);

    while (rc >= 0 && (rc = pfl_json_next_item(&r->json, r->err)) > 0) {
        rc = read_pool(r);
        if (rc < 0)
            return rc;
    }
    return rc;
}

static int read_series(struct reading *r)
{
    int rc = pfl_json_expect(&r->json, PFL_JSON_ARRAY, r->err);

    while (rc >= 0 && (rc = pfl_json_next_item(&r->json, r->err)) > 0) {
        struct pfl_row_series one = {0};
        const char **const into[] = {&one.benchmark, &one.metric, &one.variant};
        double numbers[2];

        rc = read_tuple(r, into, 3, numbers, 2);
        if (rc < 0)
            return rc;
        if (!(numbers[0] >= 0) || !(numbers[1] >= 0) || numbers[1] > 1e9)
            return pfl_json_fail(&r->json, r->err, "a deviation between sessions is not negative");
        one.session_sd = numbers[0];
        one.sessions = (size_t)numbers[1];
        if (!pfl_vec_push(&r->series, &one))
            return pfl_err_no_memory(r->err);
    }
    return rc;
}

static int read_tolerances(struct reading *r)
{
    int rc = pfl_json_expect(&r->json, PFL_JSON_ARRAY, r->err);

    while (rc >= 0 && (rc = pfl_json_next_item(&r->json, r->err)) > 0) {
        struct pfl_row_tolerance one = {0};
        const char **const into[] = {&one.match, &one.metric};

        rc = read_tuple(r, into, 2, &one.max_regression, 1);
        if (rc < 0)
            return rc;
        if (!pfl_vec_push(&r->tolerances, &one))
            return pfl_err_no_memory(r->err);
    }
    return rc;
}

static int read_kind(struct reading *r)
{
    const char *text;
    int rc = read_text(r, &text);

    if (rc != PFL_OK)
        return rc;
    r->has_kind = pfl_row_kind_read(text, &r->facts.kind);
    return r->has_kind ? PFL_OK : pfl_json_fail(&r->json, r->err, "no kind of row: \"%s\"", text);
}

static int read_schema(struct reading *r)
{
    int rc = pfl_json_expect(&r->json, PFL_JSON_NUMBER, r->err);

    if (rc >= 0 && r->json.number != 1)
        return pfl_json_fail(&r->json, r->err, "these facts are of another version of perfledger");
    r->has_schema = true;
    return rc;
}

static int read_member(struct reading *r)
{
    size_t i;
    int rc;

    for (i = 0; i < PFL_COUNT(texts); i++)
        if (pfl_json_key_is(&r->json, texts[i].key))
            return read_text(r, text_at(&r->facts, i));
    if (pfl_json_key_is(&r->json, "schema"))
        return read_schema(r);
    if (pfl_json_key_is(&r->json, "kind"))
        return read_kind(r);
    if (pfl_json_key_is(&r->json, "benchmarks"))
        return read_texts(r, &r->benchmarks);
    if (pfl_json_key_is(&r->json, "area_benchmarks"))
        return read_texts(r, &r->area_benchmarks);
    if (pfl_json_key_is(&r->json, "sessions"))
        return read_series(r);
    if (pfl_json_key_is(&r->json, "pools"))
        return read_pools(r);
    if (pfl_json_key_is(&r->json, "tolerances"))
        return read_tolerances(r);
    if (pfl_json_key_is(&r->json, "confidence"))
        return read_number(r, &r->facts.confidence);
    if (pfl_json_key_is(&r->json, "false_discovery_rate"))
        return read_number(r, &r->facts.false_discovery_rate);
    if (!pfl_json_key_is(&r->json, "external"))
        return pfl_json_skip(&r->json, r->err);
    rc = pfl_json_expect(&r->json, PFL_JSON_BOOL, r->err);
    if (rc >= 0)
        r->facts.external = r->json.boolean;
    return rc;
}

static int read_all(struct reading *r)
{
    int rc = pfl_json_expect(&r->json, PFL_JSON_OBJECT, r->err);

    while (rc >= 0 && (rc = pfl_json_next_key(&r->json, r->err)) > 0)
        rc = read_member(r);
    return rc < 0 ? rc : pfl_json_expect(&r->json, PFL_JSON_END, r->err);
}

static int check(const struct reading *r)
{
    const struct pfl_row_facts *f = &r->facts;
    bool alone = f->kind == PFL_ROW_BASELINE;

    if (r->has_schema && r->has_kind && *f->title && *f->head && alone == !*f->base &&
        (alone || (f->confidence > 0.5 && f->confidence < 1 && f->false_discovery_rate > 0 &&
                   f->false_discovery_rate < 1)))
        return PFL_OK;
    return pfl_err_set(
        r->err, PFL_EINVAL,
        "these are no facts of a row: it has a schema, a kind, a title, the run after "
        "the change and, but for a baseline, the one before it");
}

static int hand_over(struct reading *r, struct pfl_row_facts *facts)
{
    struct pfl_row_facts *f = &r->facts;

    f->benchmarks = pfl_arena_grow(r->arena, r->benchmarks.at, r->benchmarks.n, r->benchmarks.n,
                                   sizeof *f->benchmarks);
    f->area_benchmarks = pfl_arena_grow(r->arena, r->area_benchmarks.at, r->area_benchmarks.n,
                                        r->area_benchmarks.n, sizeof *f->area_benchmarks);
    f->series = pfl_arena_grow(r->arena, r->series.at, r->series.n, r->series.n, sizeof *f->series);
    f->tolerances = pfl_arena_grow(r->arena, r->tolerances.at, r->tolerances.n, r->tolerances.n,
                                   sizeof *f->tolerances);
    f->pools = pfl_arena_grow(r->arena, r->pools.at, r->pools.n, r->pools.n, sizeof *f->pools);
    if (!f->benchmarks || !f->area_benchmarks || !f->series || !f->tolerances || !f->pools)
        return pfl_err_no_memory(r->err);
    f->benchmark_count = r->benchmarks.n;
    f->area_benchmark_count = r->area_benchmarks.n;
    f->series_count = r->series.n;
    f->tolerance_count = r->tolerances.n;
    f->pool_count = r->pools.n;
    *facts = *f;
    return PFL_OK;
}

int pfl_row_facts_read(const char *text, size_t len, struct pfl_arena *arena,
                       struct pfl_row_facts *facts, struct pfl_err *err)
{
    struct reading r = {.arena = arena, .err = err};
    size_t i;
    int rc;

    for (i = 0; i < PFL_COUNT(texts); i++)
        *text_at(&r.facts, i) = "";
    pfl_json_reader_init_text(&r.json, "facts", text, len);
    rc = read_all(&r);
    pfl_json_reader_release(&r.json);
    if (rc == PFL_OK)
        rc = check(&r);
    if (rc == PFL_OK)
        rc = hand_over(&r, facts);
    if (rc == PFL_EPARSE) {
        if (err)
            err->code = PFL_EINVAL;
        rc = PFL_EINVAL;
    }
    pfl_vec_release(&r.benchmarks);
    pfl_vec_release(&r.area_benchmarks);
    pfl_vec_release(&r.series);
    pfl_vec_release(&r.tolerances);
    pfl_vec_release(&r.pools);
    return rc;
}
