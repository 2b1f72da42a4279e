/*
 * A pull reader for the XML of test reporters (xml.h says how much of it). A library would bring a
 * dependency for a few attributes; what makes XML dangerous (document types, external and recursive
 * entities) is not read at all, and what makes it large (depth, a tag's length) is bounded.
 */
#include "formats/xml.h"

#include "base/alloc.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { WINDOW = 64 << 10, NOTHING = -1 };

void pfl_xml_init(struct pfl_xml *x, const char *file, const char *root, pfl_json_read_fn *read,
                  void *context)
{
    *x = (struct pfl_xml){.file = file,
                          .root = root,
                          .read = read,
                          .context = context,
                          .name = "",
                          .at_line = 1,
                          .at_column = 1};
    pfl_buf_init(&x->text, PFL_XML_TAG_MAX);
    pfl_buf_init(&x->names, PFL_XML_TAG_MAX);
    pfl_buf_init(&x->said, PFL_XML_TAG_MAX);
}

void pfl_xml_release(struct pfl_xml *x)
{
    pfl_buf_release(&x->text);
    pfl_buf_release(&x->names);
    pfl_buf_release(&x->said);
    pfl_vec_release(&x->attributes);
    pfl_vec_release(&x->open);
    pfl_free(x->window);
    x->window = NULL;
}

static int fail(struct pfl_xml *x, struct pfl_err *err, const char *what)
{
    if (x->text.error == PFL_ENOMEM || x->names.error == PFL_ENOMEM) /* that is why */
        return pfl_err_no_memory(err);
    return pfl_err_set_at(err, PFL_EPARSE, x->file, x->at_line, x->at_column, "%s", what);
}

/* The byte to come, or NOTHING at the end; rc in *rc. */
static int look(struct pfl_xml *x, int *rc, struct pfl_err *err)
{
    long got;

    if (x->at < x->end)
        return (unsigned char)x->window[x->at];
    if (x->over || *rc != PFL_OK)
        return NOTHING;
    if (!x->window && !(x->window = pfl_alloc(WINDOW))) {
        *rc = pfl_err_no_memory(err);
        return NOTHING;
    }
    got = x->read(x->context, x->window, WINDOW, err);
    if (got < 0)
        *rc = (int)got;
    x->at = 0;
    x->end = got > 0 ? (size_t)got : 0;
    x->over = got <= 0;
    return got > 0 ? (unsigned char)x->window[0] : NOTHING;
}

static int take(struct pfl_xml *x, int *rc, struct pfl_err *err)
{
    int c = look(x, rc, err);

    if (c == NOTHING)
        return c;
    x->at++;
    if (c == '\n') {
        x->at_line++;
        x->at_column = 1;
    } else if ((c & 0xc0) != 0x80) {
        x->at_column++;
    }
    return c;
}

static bool is_blank(int c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_name(int c)
{
    return c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_' || c == ':' || c == '-' || c == '.';
}

static int skip_blanks(struct pfl_xml *x, int *rc, struct pfl_err *err)
{
    int c;

    while (is_blank(c = look(x, rc, err)))
        take(x, rc, err);
    return c;
}

/* Behind `until`, which has no repetition of its first byte that matters ("-->", "]]>", "?>"). */
static int skip_behind(struct pfl_xml *x, const char *until, struct pfl_err *err)
{
    size_t len = strlen(until), seen = 0;
    int rc = PFL_OK, c;

    while (seen < len && (c = take(x, &rc, err)) != NOTHING) {
        if (c == (unsigned char)until[seen])
            seen++;
        else if (!(seen == 2 && c == (unsigned char)until[1])) /* "--->", "]]]>" */
            seen = c == (unsigned char)until[0];
    }
    if (rc == PFL_OK && seen < len)
        rc = fail(x, err, "the document ends within a comment or a declaration");
    return rc;
}

/* The place of the name in x->text; the root element's has begun there already. */
static int read_name(struct pfl_xml *x, size_t *place, struct pfl_err *err)
{
    bool begun = x->text.len > 0 && x->text.data[x->text.len - 1] != 0;
    int rc = PFL_OK;

    *place = begun ? 0 : x->text.len;
    if (!begun && !is_name(look(x, &rc, err)))
        return rc == PFL_OK ? fail(x, err, "expected a name") : rc;
    while (is_name(look(x, &rc, err)))
        pfl_buf_char(&x->text, (char)take(x, &rc, err));
    pfl_buf_char(&x->text, 0);
    return rc;
}

/* Behind "&": decoded, or as it stands where it is none that XML defines. */
static int read_entity(struct pfl_xml *x, struct pfl_err *err)
{
    static const struct {
        const char *name;
        char means;
    } known[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
    char name[16] = "";
    size_t len = 0, i;
    int rc = PFL_OK, c;

    while (len + 1 < sizeof name && (is_name(c = look(x, &rc, err)) || c == '#'))
        name[len++] = (char)take(x, &rc, err);
    name[len] = 0;
    if (rc != PFL_OK)
        return rc;
    if (look(x, &rc, err) != ';') {
        pfl_buf_char(&x->text, '&');
        pfl_buf_text(&x->text, name);
        return rc;
    }
    take(x, &rc, err);
    for (i = 0; i < PFL_COUNT(known); i++)
        if (strcmp(name, known[i].name) == 0) {
            pfl_buf_char(&x->text, known[i].means);
            return rc;
        }
    if (name[0] == '#') {
        unsigned long point =
            name[1] == 'x' ? strtoul(name + 2, NULL, 16) : strtoul(name + 1, NULL, 10);

        if (point > 0 && point < 0x110000 && pfl_text_encode(&x->text, (uint32_t)point))
            return rc;
    }
    pfl_buf_format(&x->text, "&%s;", name);
    return rc;
}

static int read_value(struct pfl_xml *x, size_t *place, struct pfl_err *err)
{
    int rc = PFL_OK, quote = skip_blanks(x, &rc, err), c;

    if (rc == PFL_OK && quote != '"' && quote != '\'')
        return fail(x, err, "expected a quoted value");
    take(x, &rc, err);
    *place = x->text.len;
    while (rc == PFL_OK && (c = look(x, &rc, err)) != quote) {
        if (c == NOTHING || c == '<')
            return rc == PFL_OK ? fail(x, err, "an attribute's value is not closed") : rc;
        take(x, &rc, err);
        if (c == '&')
            rc = read_entity(x, err);
        else
            pfl_buf_char(&x->text, (char)c);
    }
    if (rc == PFL_OK)
        take(x, &rc, err);
    pfl_buf_char(&x->text, 0);
    return rc;
}

static int read_attributes(struct pfl_xml *x, struct pfl_err *err)
{
    struct pfl_xml_attribute attribute;
    int rc = PFL_OK, c;

    while (rc == PFL_OK && (c = skip_blanks(x, &rc, err)) != '>' && c != '/' && rc == PFL_OK) {
        rc = read_name(x, &attribute.name, err);
        if (rc == PFL_OK && skip_blanks(x, &rc, err) != '=')
            return rc == PFL_OK ? fail(x, err, "expected = behind an attribute's name") : rc;
        if (rc == PFL_OK) {
            take(x, &rc, err);
            rc = read_value(x, &attribute.value, err);
        }
        if (rc == PFL_OK && !pfl_vec_push(&x->attributes, &attribute))
            rc = pfl_err_no_memory(err);
    }
    if (rc == PFL_OK && look(x, &rc, err) == '/') {
        take(x, &rc, err);
        x->empty = true;
    }
    if (rc == PFL_OK && look(x, &rc, err) != '>')
        return rc == PFL_OK ? fail(x, err, "expected > at the end of a tag") : rc;
    if (rc == PFL_OK)
        take(x, &rc, err);
    return rc;
}

static int check_sizes(struct pfl_xml *x, struct pfl_err *err)
{
    if (x->text.error == PFL_ENOMEM || x->names.error == PFL_ENOMEM || x->said.error)
        return pfl_err_no_memory(err);
    if (x->text.error || x->names.error)
        return pfl_err_set_at(err, PFL_ELIMIT, x->file, x->line, x->column,
                              "a tag is longer than 1 MiB");
    if (x->open.n > PFL_XML_NESTING_MAX)
        return pfl_err_set_at(err, PFL_ELIMIT, x->file, x->line, x->column,
                              "elements are nested deeper than %d", PFL_XML_NESTING_MAX);
    return PFL_OK;
}

static int read_element(struct pfl_xml *x, struct pfl_err *err)
{
    size_t place, name_place = x->names.len;
    int rc;

    x->attributes.n = 0;
    x->empty = false;
    x->token = PFL_XML_ELEMENT;
    rc = read_name(x, &place, err);
    if (rc == PFL_OK)
        rc = read_attributes(x, err);
    if (rc != PFL_OK)
        return rc;
    if (!x->text.error)
        pfl_buf_add(&x->names, x->text.data, strlen(x->text.data) + 1);
    if (!pfl_vec_push(&x->open, &name_place))
        return pfl_err_no_memory(err);
    x->name = x->text.data ? x->text.data : "";
    return check_sizes(x, err);
}

/* The innermost element is over. */
static int close_element(struct pfl_xml *x)
{
    x->open.n--;
    pfl_buf_clear(&x->text);
    pfl_buf_text(&x->text, x->names.data + x->open.at[x->open.n]);
    pfl_buf_char(&x->text, 0);
    pfl_buf_truncate(&x->names, x->open.at[x->open.n]);
    x->attributes.n = 0;
    x->empty = false;
    x->token = PFL_XML_END;
    x->name = pfl_buf_cstr(&x->text);
    return PFL_OK;
}

static int read_end(struct pfl_xml *x, struct pfl_err *err)
{
    size_t place;
    int rc = read_name(x, &place, err);

    if (rc == PFL_OK && skip_blanks(x, &rc, err) != '>')
        rc = rc == PFL_OK ? fail(x, err, "expected > at the end of a tag") : rc;
    if (rc != PFL_OK)
        return rc;
    take(x, &rc, err);
    rc = check_sizes(x, err);
    if (rc != PFL_OK)
        return rc;
    if (strcmp(x->text.data, x->names.data + x->open.at[x->open.n - 1]) != 0)
        return pfl_err_set_at(err, PFL_EPARSE, x->file, x->line, x->column,
                              "expected </%.80s>, found </%.80s>",
                              x->names.data + x->open.at[x->open.n - 1], x->text.data);
    return close_element(x);
}

/* Behind "<!": a comment, CDATA, a document type. */
static int skip_declaration(struct pfl_xml *x, struct pfl_err *err)
{
    int rc = PFL_OK, c = look(x, &rc, err);

    if (c == '-')
        return skip_behind(x, "-->", err);
    return skip_behind(x, c == '[' ? "]]>" : ">", err);
}

/* To the root element's name. */
static int find_root(struct pfl_xml *x, struct pfl_err *err)
{
    size_t seen = 0, len = strlen(x->root);
    int rc = PFL_OK, c = NOTHING;

    while (seen < len + 1 && (c = look(x, &rc, err)) != NOTHING) {
        if (c == (seen ? (unsigned char)x->root[seen - 1] : '<')) {
            if (seen++ == 0) {
                x->line = x->at_line;
                x->column = x->at_column;
            }
            take(x, &rc, err);
        } else if (seen) {
            seen = 0;
        } else {
            take(x, &rc, err);
        }
    }
    x->started = true;
    pfl_buf_clear(&x->text);
    pfl_buf_text(&x->text, x->root);
    if (rc == PFL_OK && c == NOTHING)
        rc = pfl_err_set_at(err, PFL_EPARSE, x->file, x->at_line, x->at_column,
                            "expected an element <%s…>, found the end of the file", x->root);
    return rc;
}

/* Up to the next tag, which is what is returned; NOTHING: there is none. */
static int read_data(struct pfl_xml *x, int *rc, struct pfl_err *err)
{
    int c;

    pfl_buf_clear(&x->text);
    pfl_buf_clear(&x->said);
    while ((c = look(x, rc, err)) != '<' && c != NOTHING) {
        take(x, rc, err);
        if (x->text.len >= PFL_XML_SAID_MAX)
            continue;
        if (c != '&')
            pfl_buf_char(&x->text, (char)c);
        else if (*rc == PFL_OK)
            *rc = read_entity(x, err);
    }
    if (!x->text.error && x->text.len)
        pfl_buf_add(&x->said, x->text.data, x->text.len);
    return c;
}

int pfl_xml_next(struct pfl_xml *x, struct pfl_err *err)
{
    int rc = PFL_OK, c;

    pfl_buf_clear(&x->said);
    if (x->empty)
        return close_element(x);
    if (!x->started) {
        rc = find_root(x, err);
        return rc == PFL_OK ? read_element(x, err) : rc;
    }
    if (x->open.n == 0) {
        x->token = PFL_XML_DONE;
        return PFL_OK;
    }
    for (;;) {
        c = read_data(x, &rc, err);
        if (c == NOTHING)
            return rc == PFL_OK ? fail(x, err, "the document ends before its last element does")
                                : rc;
        x->line = x->at_line;
        x->column = x->at_column;
        take(x, &rc, err);
        c = look(x, &rc, err);
        pfl_buf_clear(&x->text);
        if (c == '!' || c == '?') {
            take(x, &rc, err);
            rc = c == '?' ? skip_behind(x, "?>", err) : skip_declaration(x, err);
            if (rc != PFL_OK)
                return rc;
        } else if (c == '/') {
            take(x, &rc, err);
            return read_end(x, err);
        } else {
            return read_element(x, err);
        }
    }
}

const char *pfl_xml_attribute(const struct pfl_xml *x, const char *name)
{
    size_t i;

    for (i = 0; i < x->attributes.n; i++)
        if (strcmp(x->text.data + x->attributes.at[i].name, name) == 0)
            return x->text.data + x->attributes.at[i].value;
    return NULL;
}
