/*
 * Any bytes through the JSON reader, in one piece and in portions. What is accepted is written back
 * and read again: the tokens must be the same, number for number and byte for byte.
 */
#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct source {
    const uint8_t *bytes;
    size_t left, step;
};

static long source_read(void *context, char *bytes, size_t size, struct pfl_err *err)
{
    struct source *s = context;
    size_t n = s->left < s->step ? s->left : s->step;

    (void)err;
    if (n > size)
        n = size;
    memcpy(bytes, s->bytes, n);
    s->bytes += n;
    s->left -= n;
    return (long)n;
}

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "fuzz_json: %s\n", what);
        abort();
    }
}

static void write_token(struct pfl_json_writer *w, const struct pfl_json_reader *r)
{
    switch (r->token) {
    case PFL_JSON_OBJECT: pfl_json_object(w); break;
    case PFL_JSON_OBJECT_END: pfl_json_object_end(w); break;
    case PFL_JSON_ARRAY: pfl_json_array(w); break;
    case PFL_JSON_ARRAY_END: pfl_json_array_end(w); break;
    case PFL_JSON_KEY: pfl_json_key_n(w, r->text, r->text_len); break;
    case PFL_JSON_STRING: pfl_json_string_n(w, r->text, r->text_len); break;
    case PFL_JSON_NUMBER:
        if (r->is_integer)
            pfl_json_integer(w, r->integer);
        else
            pfl_json_number(w, r->number);
        break;
    case PFL_JSON_BOOL: pfl_json_bool(w, r->boolean); break;
    case PFL_JSON_NULL: pfl_json_null(w); break;
    case PFL_JSON_END: break;
    }
}

/* A double may come back as an integer (5.0 is written as 5): then the value must be the same. */
static bool same_token(const struct pfl_json_reader *a, const struct pfl_json_reader *b)
{
    if (a->token != b->token || a->depth != b->depth)
        return false;
    switch (a->token) {
    case PFL_JSON_KEY:
    case PFL_JSON_STRING:
        return a->text_len == b->text_len && memcmp(a->text, b->text, a->text_len) == 0 &&
               b->text[b->text_len] == 0;
    case PFL_JSON_NUMBER:
        if (a->is_integer)
            return b->is_integer && a->integer == b->integer &&
                   memcmp(&a->number, &b->number, sizeof a->number) == 0;
        return isnan(a->number) ? isnan(b->number)
                                : memcmp(&a->number, &b->number, sizeof a->number) == 0;
    case PFL_JSON_BOOL: return a->boolean == b->boolean;
    default: return true;
    }
}

/* Both readers must give the same to the end; answers whether it is a good one. */
static bool compare(struct pfl_json_reader *a, struct pfl_json_reader *b, bool places,
                    struct pfl_json_writer *w)
{
    struct pfl_err ea, eb;
    int ra, rb;

    do {
        ra = pfl_json_next(a, &ea);
        rb = pfl_json_next(b, &eb);
        demand(ra == rb, "one reader goes on where the other ends");
        if (ra < 0) {
            demand(ea.line == eb.line && ea.column == eb.column &&
                       strcmp(ea.message, eb.message) == 0,
                   "errors differ");
            return false;
        }
        demand(same_token(a, b), "tokens differ");
        demand(!places || (a->line == b->line && a->column == b->column), "places differ");
        if (w)
            write_token(w, a);
    } while (ra != PFL_JSON_END);
    return true;
}

static void check_written(const uint8_t *data, size_t size, const struct pfl_buf *out)
{
    static struct pfl_json_reader a, b;

    demand(out->error == PFL_OK, "the writer failed");
    pfl_json_reader_init_text(&a, "fuzz", (const char *)data, size);
    pfl_json_reader_init_text(&b, "fuzz", out->data, out->len);
    demand(compare(&a, &b, false, NULL), "what was written cannot be read");
    pfl_json_reader_release(&a);
    pfl_json_reader_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct pfl_json_reader a, b;
    struct source s = {data, size, size > 0 ? 1 + data[size - 1] % 7u : 1};
    struct pfl_json_writer w;
    struct pfl_buf out;

    pfl_buf_init(&out, 64 << 20);
    pfl_json_writer_init(&w, &out, (int)(size % 3));
    w.bare_nan = true;
    pfl_json_reader_init_text(&a, "fuzz", (const char *)data, size);
    pfl_json_reader_init(&b, "fuzz", source_read, &s);
    if (compare(&a, &b, true, &w))
        check_written(data, size, &out);
    pfl_json_reader_release(&a);
    pfl_json_reader_release(&b);
    pfl_buf_release(&out);
    return 0;
}
