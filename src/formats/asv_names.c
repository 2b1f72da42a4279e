/*
 * How a benchmark's combinations are called: "suite.time_x[n=10,op=dot]", parameters sorted by name
 * as in perfledger's own names. The results stand in cartesian order, the last parameter fastest.
 *
 * Values are Python's repr() of the parameters. Plain strings lose their quotes, and objects the
 * address that is another one in every process ("<function f at 0x7f…>"), unless two values of a
 * parameter would then be one. Names of parameters that benchmarks.json does not have are those
 * that asv gives: param1, param2 …
 *
 * An archive has the same sets of parameters in every file, so the names of a set are made once,
 * and sorted once: a run's texts are a copy of one block.
 */
#include "formats/asv.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXTS_MAX = 64 << 20 }; /* of one set: long values in many combinations */

size_t pfl_asv_combinations(const uint32_t *sizes, size_t axes)
{
    size_t n = 1, i;

    for (i = 0; i < axes && n; i++) {
        n *= sizes[i]; /* both below 2^32 */
        if (n > PFL_ASV_COMBINATIONS_MAX)
            n = PFL_ASV_COMBINATIONS_MAX + 1;
    }
    for (i = 0; i < axes; i++)
        n = sizes[i] ? n : 0;
    return n;
}

/* ---- values ---- */

/* 'text' without anything in it that repr() escapes or that a name could mix up. */
static bool is_plain_string(const char *raw, size_t len)
{
    size_t i;

    if (len < 3 || (raw[0] != '\'' && raw[0] != '"') || raw[len - 1] != raw[0])
        return false;
    for (i = 1; i < len - 1; i++)
        if (strchr("'\"\\,[]=", raw[i]) || (unsigned char)raw[i] < ' ')
            return false;
    return true;
}

/* "<… at 0x…>": where the address begins; NULL: it has none. */
static const char *address_in(const char *raw, size_t len)
{
    static const char before[] = " at 0x";
    const char *found = NULL, *at = raw;

    if (len < 2 || raw[0] != '<' || raw[len - 1] != '>')
        return NULL;
    while ((at = strstr(at, before)))
        found = at++;
    if (!found || found[sizeof before - 1] == '>' ||
        strspn(found + sizeof before - 1, "0123456789abcdefABCDEF") !=
            strlen(found) - sizeof before)
        return NULL;
    return found;
}

static void add_clean(struct pfl_buf *buf, const char *raw)
{
    size_t len = strlen(raw);
    const char *address = address_in(raw, len);

    if (is_plain_string(raw, len)) {
        pfl_buf_add(buf, raw + 1, len - 2);
    } else if (address) {
        pfl_buf_add(buf, raw, (size_t)(address - raw));
        pfl_buf_char(buf, '>');
    } else {
        pfl_buf_add(buf, raw, len);
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What is being made of one set. Places are in `texts`. */
struct making {
    struct pfl_buf texts;
    const struct pfl_asv_bench *bench;
    size_t axes, n, values; /* values: of all axes */
    const uint32_t *sizes;
    const char *const *raw;
    uint32_t *value_at, *name_at; /* of each value, of each parameter's name */
    uint32_t *first;              /* [axes] place of an axis's values in raw and value_at */
    uint32_t *stride;             /* [axes] */
    uint32_t *order;              /* [axes] the axes sorted by their names */
    const char **sorted;          /* room for comparing an axis's values */
};

static const char *text_at(const struct making *m, uint32_t at)
{
    return m->texts.data + at;
}

static bool all_differ(struct making *m, size_t axis)
{
    size_t n = m->sizes[axis], i;

    for (i = 0; i < n; i++)
        m->sorted[i] = text_at(m, m->value_at[m->first[axis] + i]);
    qsort(m->sorted, n, sizeof *m->sorted, by_text);
    for (i = 1; i < n; i++)
        if (strcmp(m->sorted[i - 1], m->sorted[i]) == 0)
            return false;
    return true;
}

/* Plain where that keeps them apart, else as they are. */
static void add_values(struct making *m, size_t axis)
{
    size_t begin = m->texts.len, i;
    bool plain;

    for (plain = true;; plain = false) {
        for (i = m->first[axis]; i < m->first[axis] + m->sizes[axis]; i++) {
            m->value_at[i] = (uint32_t)m->texts.len;
            if (plain)
                add_clean(&m->texts, m->raw[i]);
            else
                pfl_buf_text(&m->texts, m->raw[i]);
            pfl_buf_char(&m->texts, 0);
        }
        if (!plain || m->texts.error || all_differ(m, axis))
            return;
        pfl_buf_truncate(&m->texts, begin);
    }
}

static void add_param_names(struct making *m)
{
    bool known = m->bench->param_names && m->bench->param_count == m->axes;
    size_t i, k;

    for (i = 0; i < m->axes; i++) {
        m->name_at[i] = (uint32_t)m->texts.len;
        if (known)
            pfl_buf_text(&m->texts, m->bench->param_names[i]);
        else
            pfl_buf_format(&m->texts, "param%zu", i + 1);
        pfl_buf_char(&m->texts, 0);
    }
    for (i = 0; i < m->axes && !m->texts.error; i++) { /* few: by insertion */
        for (k = i; k > 0 &&
                    strcmp(text_at(m, m->name_at[m->order[k - 1]]), text_at(m, m->name_at[i])) > 0;
             k--)
            m->order[k] = m->order[k - 1];
        m->order[k] = (uint32_t)i;
    }
}

static uint32_t value_of(const struct making *m, size_t combination, size_t axis)
{
    return m->value_at[m->first[axis] + combination / m->stride[axis] % m->sizes[axis]];
}

static void add_text_of(struct pfl_buf *texts, uint32_t at)
{
    size_t len = strlen(texts->data + at);
    char *room = pfl_buf_room(texts, len);

    if (!room)
        return;
    memcpy(room, texts->data + at, len);
    pfl_buf_grew(texts, len);
}

static void add_name(struct making *m, size_t combination)
{
    size_t i;

    pfl_buf_text(&m->texts, m->bench->name);
    for (i = 0; i < m->axes && !m->texts.error; i++) {
        pfl_buf_char(&m->texts, i ? ',' : '[');
        add_text_of(&m->texts, m->name_at[m->order[i]]);
        pfl_buf_char(&m->texts, '=');
        if (!m->texts.error)
            add_text_of(&m->texts, value_of(m, combination, m->order[i]));
    }
    if (m->axes)
        pfl_buf_char(&m->texts, ']');
    pfl_buf_char(&m->texts, 0);
}

struct named {
    const char *name;
    uint32_t combination;
};

static int by_name(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = pfl_text_compare_natural(x->name, y->name);

    return order ? order : (x->combination > y->combination) - (x->combination < y->combination);
}

static bool fill(struct making *m, struct pfl_arena *arena, struct pfl_asv_shape *shape,
                 struct named *named, const uint32_t *name_at)
{
    uint32_t *names = pfl_arena_array(arena, m->n, sizeof *names);
    uint32_t *from = pfl_arena_array(arena, m->n, sizeof *from);
    uint32_t *pairs = pfl_arena_array(arena, m->n * m->axes * 2, sizeof *pairs);
    size_t i, k;

    if (!names || !from || !pairs)
        return false;
    for (i = 0; i < m->n; i++)
        named[i] = (struct named){m->texts.data + name_at[i], (uint32_t)i};
    if (m->n)
        qsort(named, m->n, sizeof *named, by_name);
    for (i = 0; i < m->n; i++) {
        from[i] = named[i].combination;
        names[i] = name_at[from[i]];
        for (k = 0; k < m->axes; k++) {
            pairs[(i * m->axes + k) * 2] = m->name_at[m->order[k]];
            pairs[(i * m->axes + k) * 2 + 1] = value_of(m, from[i], m->order[k]);
        }
    }
    shape->names = names;
    shape->from = from;
    shape->pairs = pairs;
    shape->n = m->n;
    shape->texts_len = m->texts.len;
    shape->texts = pfl_arena_text_n(arena, m->texts.data, m->texts.len);
    return shape->texts != NULL;
}

static bool keep_raw(const struct making *m, struct pfl_arena *arena, struct pfl_asv_shape *shape)
{
    const char **raw = pfl_arena_array(arena, m->values, sizeof *raw);
    size_t i;

    for (i = 0; i < m->values && raw; i++)
        if (!(raw[i] = pfl_arena_text(arena, m->raw[i])))
            return false;
    shape->raw = raw;
    shape->sizes = pfl_arena_grow(arena, m->sizes, m->axes, m->axes, sizeof *m->sizes);
    shape->axes = m->axes;
    return raw && shape->sizes;
}

/* false: no memory. The shape's n stays 0 where the texts are too many. */
static bool make(struct making *m, struct pfl_arena *arena, struct pfl_arena *scratch,
                 struct pfl_asv_shape *shape)
{
    struct named *named = pfl_arena_array(scratch, m->n, sizeof *named);
    uint32_t *name_at = pfl_arena_array(scratch, m->n, sizeof *name_at), stride = 1, first = 0;
    size_t i;

    m->value_at = pfl_arena_array(scratch, m->values, sizeof *m->value_at);
    m->name_at = pfl_arena_array(scratch, m->axes, sizeof *m->name_at);
    m->first = pfl_arena_array(scratch, m->axes, sizeof *m->first);
    m->stride = pfl_arena_array(scratch, m->axes, sizeof *m->stride);
    m->order = pfl_arena_array(scratch, m->axes, sizeof *m->order);
    m->sorted = pfl_arena_array(scratch, m->values, sizeof *m->sorted);
    if (!named || !name_at || !m->value_at || !m->name_at || !m->first || !m->stride || !m->order ||
        !m->sorted)
        return false;
    for (i = m->axes; i-- > 0; stride *= m->sizes[i])
        m->stride[i] = stride;
    for (i = 0; i < m->axes; first += m->sizes[i++])
        m->first[i] = first;
    add_param_names(m);
    for (i = 0; i < m->axes && !m->texts.error; i++)
        add_values(m, i);
    for (i = 0; i < m->n && !m->texts.error; i++) {
        name_at[i] = (uint32_t)m->texts.len;
        add_name(m, i);
    }
    if (m->texts.error == PFL_ELIMIT)
        return keep_raw(m, arena, shape);
    return !m->texts.error && keep_raw(m, arena, shape) && fill(m, arena, shape, named, name_at);
}

static bool is_of(const struct pfl_asv_shape *shape, size_t axes, const uint32_t *sizes,
                  const char *const *raw)
{
    size_t values = 0, i;

    if (shape->axes != axes)
        return false;
    for (i = 0; i < axes; values += sizes[i++])
        if (shape->sizes[i] != sizes[i])
            return false;
    for (i = 0; i < values; i++)
        if (strcmp(shape->raw[i], raw[i]) != 0)
            return false;
    return true;
}

struct pfl_asv_shape *pfl_asv_shape(struct pfl_asv *asv, struct pfl_asv_bench *bench, size_t axes,
                                    const uint32_t *sizes, const char *const *raw)
{
    struct making m = {.bench = bench, .axes = axes, .sizes = sizes, .raw = raw};
    struct pfl_asv_shape *shape;
    struct pfl_arena scratch;
    size_t i;
    bool made;

    for (shape = bench->shapes; shape; shape = shape->next)
        if (is_of(shape, axes, sizes, raw))
            return shape;
    shape = pfl_arena_alloc(&asv->seen_arena, sizeof *shape);
    if (!shape)
        return NULL;
    m.n = pfl_asv_combinations(sizes, axes);
    for (i = 0; i < axes; i++)
        m.values += sizes[i];
    pfl_arena_init(&scratch);
    pfl_buf_init(&m.texts, TEXTS_MAX);
    made = make(&m, &asv->seen_arena, &scratch, shape);
    pfl_buf_release(&m.texts);
    pfl_arena_release(&scratch);
    if (!made)
        return NULL;
    shape->next = bench->shapes;
    bench->shapes = shape;
    return shape;
}
