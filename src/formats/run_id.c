/*
 * The id of a run: the start of the SHA-256 over everything it says but what follows from the rest.
 *
 * Of a run that perfledger measured that is its canonical JSON. Of an imported one it is the same
 * fields in a denser form, for an archive has thousands of runs of thousands of benchmarks, and
 * their JSON would be ten times as long as the archive itself: field by field as
 * run_json_shape.c lists them, absent ones left out, numbers as their eight bytes (little-endian;
 * one NaN for all that JSON calls null), and a text by how much of it is the same as at that place
 * in the benchmark before, and the rest. Every step can be undone, so two runs that differ in
 * anything have different bytes.
 */
#include "base/hash.h"
#include "formats/run_json.h"
#include "formats/run_json_shape.h"

#include <math.h>
#include <string.h>

enum { CANONICAL_MAX = 1 << 30, ID_DIGITS = 16, PIECE = 1 << 13 };

#define AT(base, offset, type) (*(type const *)((const char *)(base) + (offset)))

struct digest {
    struct pfl_hash hash;
    size_t len;
    unsigned char bytes[PIECE]; /* not yet hashed */
};

static void hash_piece(struct digest *d)
{
    pfl_hash_add(&d->hash, d->bytes, d->len);
    d->len = 0;
}

static void put_size(struct digest *d, uint64_t n) /* LEB128 */
{
    if (d->len + 10 > PIECE)
        hash_piece(d);
    for (; n >= 0x80; n >>= 7)
        d->bytes[d->len++] = (unsigned char)(n | 0x80);
    d->bytes[d->len++] = (unsigned char)n;
}

static void put_word(struct digest *d, uint64_t word)
{
    int i;

    if (d->len + 8 > PIECE)
        hash_piece(d);
    for (i = 0; i < 8; i++)
        d->bytes[d->len++] = (unsigned char)(word >> 8 * i);
}

static void put_bytes(struct digest *d, const char *bytes, size_t len)
{
    if (d->len + len > PIECE)
        hash_piece(d);
    if (len > PIECE) {
        pfl_hash_add(&d->hash, bytes, len);
        return;
    }
    memcpy(d->bytes + d->len, bytes, len);
    d->len += len;
}

static void put_number(struct digest *d, double number)
{
    uint64_t word = UINT64_C(0x7ff8) << 48;

    if (isfinite(number))
        memcpy(&word, &number, sizeof word);
    put_word(d, word);
}

/* before: the text at that place in the benchmark before; NULL: none. */
static void put_text(struct digest *d, const char *text, const char *before)
{
    size_t same = 0, rest;

    if (!text)
        text = "";
    while (before && text[same] && text[same] == before[same])
        same++;
    rest = strlen(text + same);
    put_size(d, same);
    put_size(d, rest);
    put_bytes(d, text + same, rest);
}

static void put_pairs(struct digest *d, const struct pfl_shape_field *f, const void *base,
                      const void *before)
{
    const struct pfl_pair *pairs = AT(base, f->offset, struct pfl_pair *);
    const struct pfl_pair *others = before ? AT(before, f->offset, struct pfl_pair *) : NULL;
    size_t n = AT(base, f->count, size_t), m = before ? AT(before, f->count, size_t) : 0, i;

    put_size(d, n);
    for (i = 0; i < n; i++) {
        put_text(d, pairs[i].name, i < m ? others[i].name : NULL);
        put_text(d, pairs[i].value, i < m ? others[i].value : NULL);
    }
}

static void put_launches(struct digest *d, const struct pfl_launch *launches, size_t n)
{
    size_t i;

    put_size(d, n);
    for (i = 0; i < n; i++) {
        put_word(d, (uint64_t)launches[i].round << 32 | launches[i].position);
        put_word(d, (uint64_t)launches[i].started_ns);
        put_word(d, (uint64_t)launches[i].gap_ns);
        put_word(d, (uint64_t)(uint32_t)launches[i].exit_code << 32 | (uint32_t)launches[i].signal);
        put_word(d, launches[i].flags);
    }
}

static void put_object(struct digest *d, const struct pfl_shape *shape, const void *base,
                       const void *before, unsigned without);

static void put_array(struct digest *d, const struct pfl_shape_field *f, const void *base,
                      const void *before)
{
    size_t n = AT(base, f->count, size_t), i;

    if (f->kind == PFL_SHAPE_PAIRS) {
        put_pairs(d, f, base, before);
        return;
    }
    if (f->kind == PFL_SHAPE_LAUNCHES) {
        put_launches(d, AT(base, f->offset, struct pfl_launch *), n);
        return;
    }
    put_size(d, n);
    for (i = 0; i < n; i++)
        switch (f->kind) {
        case PFL_SHAPE_NUMBERS: put_number(d, AT(base, f->offset, double *)[i]); break;
        case PFL_SHAPE_U32S: put_size(d, AT(base, f->offset, uint32_t *)[i]); break;
        case PFL_SHAPE_TEXTS: put_text(d, AT(base, f->offset, const char **)[i], NULL); break;
        case PFL_SHAPE_LIST:
            put_object(d, f->shape, AT(base, f->offset, char *) + i * f->shape->size, NULL, 0);
            break;
        default: PFL_BUG("a field of the run format that has no bytes: \"%s\"", f->key);
        }
}

static uint64_t whole_of(const struct pfl_shape_field *f, const void *base)
{
    switch (f->kind) {
    case PFL_SHAPE_BOOL: return AT(base, f->offset, bool);
    case PFL_SHAPE_INT: return (uint64_t)AT(base, f->offset, int);
    case PFL_SHAPE_SIZE: return AT(base, f->offset, size_t);
    case PFL_SHAPE_STATUS: return (uint64_t)AT(base, f->offset, enum pfl_status);
    case PFL_SHAPE_RUN_KIND: return (uint64_t)AT(base, f->offset, enum pfl_run_kind);
    case PFL_SHAPE_BETTER: return (uint64_t)AT(base, f->offset, enum pfl_better);
    default: return (uint64_t)AT(base, f->offset, int64_t);
    }
}

/* Nothing there, as far as JSON tells: then the field is left out. */
static bool is_absent(const struct pfl_shape_field *f, const void *base)
{
    const char *text;

    switch (f->kind) {
    case PFL_SHAPE_TEXT: text = AT(base, f->offset, const char *); return !text || !*text;
    case PFL_SHAPE_TEXT_OR_NULL: return !AT(base, f->offset, const char *);
    case PFL_SHAPE_NUMBER: return !isfinite(AT(base, f->offset, double));
    case PFL_SHAPE_AMOUNT:
        return !isfinite(AT(base, f->offset, double)) || AT(base, f->offset, double) == 0;
    case PFL_SHAPE_RANGE:
        return !isfinite(AT(base, f->offset, double)) && !isfinite(AT(base, f->count, double));
    case PFL_SHAPE_NUMBERS:
    case PFL_SHAPE_U32S:
    case PFL_SHAPE_PAIRS:
    case PFL_SHAPE_TEXTS:
    case PFL_SHAPE_LAUNCHES:
    case PFL_SHAPE_LIST: return AT(base, f->count, size_t) == 0;
    case PFL_SHAPE_OBJECT: return f->flags & PFL_SHAPE_OMIT && AT(base, f->count, size_t) == 0;
    default: return whole_of(f, base) == 0;
    }
}

static void put_field(struct digest *d, const struct pfl_shape_field *f, const void *base,
                      const void *before, unsigned without)
{
    switch (f->kind) {
    case PFL_SHAPE_TEXT:
    case PFL_SHAPE_TEXT_OR_NULL:
        put_text(d, AT(base, f->offset, const char *),
                 before ? AT(before, f->offset, const char *) : NULL);
        break;
    case PFL_SHAPE_NUMBER:
    case PFL_SHAPE_AMOUNT: put_number(d, AT(base, f->offset, double)); break;
    case PFL_SHAPE_SECONDS: /* JSON's: what the reader makes of it may differ in the last bit */
        put_number(d, (double)AT(base, f->offset, int64_t) / 1e9);
        break;
    case PFL_SHAPE_RANGE:
        put_number(d, AT(base, f->offset, double));
        put_number(d, AT(base, f->count, double));
        break;
    case PFL_SHAPE_NUMBERS:
    case PFL_SHAPE_U32S:
    case PFL_SHAPE_PAIRS:
    case PFL_SHAPE_TEXTS:
    case PFL_SHAPE_LAUNCHES:
    case PFL_SHAPE_LIST: put_array(d, f, base, before); break;
    case PFL_SHAPE_OBJECT:
        put_object(d, f->shape, (const char *)base + f->offset, NULL, without);
        break;
    default: put_size(d, whole_of(f, base));
    }
}

static void put_object(struct digest *d, const struct pfl_shape *shape, const void *base,
                       const void *before, unsigned without)
{
    size_t i;

    for (i = 0; i < shape->n; i++) {
        const struct pfl_shape_field *f = &shape->fields[i];

        if (f->flags & without || is_absent(f, base))
            continue;
        put_size(d, i + 1);
        put_field(d, f, base, before, without);
    }
    put_size(d, 0);
}

/* A result's fields without those of its benchmark, which stand before it. */
static void put_result(struct digest *d, const struct pfl_result *result,
                       const struct pfl_result *before)
{
    struct pfl_run_json_entry entry = {.result = *result,
                                       .median_low = (double)NAN,
                                       .median_high = (double)NAN,
                                       .launches = result->summary_only ? result->summary.n : 0,
                                       .launch_of_count = result->launch_of ? result->n : 0};
    struct pfl_run_json_entry other;

    entry.result.normalised = (struct pfl_normalised){0};
    if (before)
        other = (struct pfl_run_json_entry){.result = *before};
    put_object(d, &pfl_shape_entry, &entry, before ? &other : NULL,
               result->summary_only ? 0 : PFL_SHAPE_DERIVED);
}

static void put_run(struct digest *d, const struct pfl_run *run)
{
    const unsigned without = PFL_SHAPE_IDENTITY | PFL_SHAPE_DERIVED;
    size_t i, k;

    put_object(d, &pfl_shape_run, run, NULL, without);
    for (i = 0; i < run->benchmark_count; i++) {
        const struct pfl_benchmark *b = &run->benchmarks[i], *before = i ? b - 1 : NULL;

        put_object(d, &pfl_shape_benchmark, b, before, without);
        put_size(d, b->result_count);
        for (k = 0; k < b->result_count; k++)
            put_result(d, &b->results[k],
                       before && k < before->result_count ? &before->results[k] : NULL);
    }
}

static void hash_dense(const struct pfl_run *run, char hex[PFL_HASH_HEX])
{
    struct digest d;

    d.len = 0;
    pfl_hash_init(&d.hash);
    put_run(&d, run);
    hash_piece(&d);
    pfl_hash_end(&d.hash, hex);
}

static int hash_json(const struct pfl_run *run, char hex[PFL_HASH_HEX], struct pfl_err *err)
{
    const struct pfl_run_json_options canonical = {.without_id = true};
    struct pfl_buf buf;
    int rc;

    pfl_buf_init(&buf, CANONICAL_MAX);
    pfl_run_json_write(run, &canonical, &buf);
    rc = pfl_buf_check(&buf, err, "making the run's id");
    if (rc == PFL_OK)
        pfl_hash_text(buf.data, buf.len, hex);
    pfl_buf_release(&buf);
    return rc;
}

int pfl_run_json_id(const struct pfl_run *run, struct pfl_arena *arena, const char **id,
                    struct pfl_err *err)
{
    char hex[PFL_HASH_HEX];
    char *text;
    int rc = PFL_OK;

    if (run->kind == PFL_RUN_IMPORTED)
        hash_dense(run, hex);
    else
        rc = hash_json(run, hex, err);
    if (rc != PFL_OK)
        return rc;
    text = pfl_arena_text_n(arena, hex, ID_DIGITS);
    if (!text)
        return pfl_err_no_memory(err);
    *id = text;
    return PFL_OK;
}
