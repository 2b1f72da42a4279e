/*
 * gungraun and iai-callgrind (Valgrind's tools driven from Rust), and iai before them: text as
 * printed, or JSON documents among it.
 *
 *     my_bench::group::function short:10                    a name, over several lines at times
 *       ======= CALLGRIND ==========
 *       Instructions:            1734|1650     (+5.09090%) [+1.04844x]      now|before
 *     bench_fibonacci_short                                  iai
 *       Instructions:            1735 (+1.139138%)
 *
 * What was measured before is left out; so are parts (threads, processes) where a total follows.
 * Counts are exact: one value each. A JSON document that is cut short is left out with a warning
 * and reading goes on behind it.
 */
#include "formats/gungraun.h"

#include "formats/line_reader.h"
#include "formats/words.h"

#include <ctype.h>
#include <string.h>

enum { DOCUMENT_MAX = 64 << 20, ESCAPE = 0x1b };

struct gungraun {
    struct pfl_line_reader lines;
    struct pfl_build build;
    struct pfl_counts counts;
    struct pfl_buf name; /* of the benchmark whose counts follow */
    bool name_over;      /* the next line that is not indented begins another name */
    bool named;          /* counts->bench is of this name */
    int name_line;
    struct pfl_buf document; /* JSON, until its brackets are closed */
    int document_line, depth;
    bool in_string, escaped, json;
};

/* ---- JSON among the lines ---- */

static void count_brackets(struct gungraun *g, const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        if (g->escaped)
            g->escaped = false;
        else if (g->in_string && text[i] == '\\')
            g->escaped = true;
        else if (text[i] == '"')
            g->in_string = !g->in_string;
        else if (!g->in_string && (text[i] == '{' || text[i] == '['))
            g->depth++;
        else if (!g->in_string && (text[i] == '}' || text[i] == ']'))
            g->depth--;
    }
}

static void forget_document(struct gungraun *g)
{
    pfl_buf_clear(&g->document);
    g->depth = 0;
    g->in_string = g->escaped = false;
}

static void drop_document(struct gungraun *g)
{
    pfl_build_warn_at(&g->build, g->document_line, 1,
                      "the JSON document that begins here is cut short: left out");
    forget_document(g);
}

static int end_document(struct gungraun *g, struct pfl_err *err)
{
    struct pfl_err why;
    bool ours;
    int rc;

    if (g->document.error == PFL_ENOMEM)
        return pfl_err_no_memory(err);
    if (g->document.error) {
        pfl_build_warn_at(&g->build, g->document_line, 1,
                          "a JSON document is read up to %d MiB: left out", DOCUMENT_MAX >> 20);
        forget_document(g);
        return PFL_OK;
    }
    rc = pfl_gungraun_document(&g->counts, g->document.data, g->document.len, g->document_line,
                               &ours, &why);
    if (rc == PFL_ENOMEM) {
        if (err)
            *err = why;
        return rc;
    }
    if (rc < 0)
        pfl_build_warn_at(&g->build, why.line, why.column, "%s: the document is left out",
                          why.message);
    g->json = g->json || (rc >= 0 && ours);
    forget_document(g);
    return PFL_OK;
}

static bool begins_document(const char *text)
{
    text += strspn(text, " \t");
    if (*text != '{')
        return false;
    text += 1 + strspn(text + 1, " \t");
    return *text == 0 || *text == '"';
}

/* A line that no pretty-printed document has in its middle. */
static bool breaks_document(const struct gungraun *g, const char *text)
{
    return g->document.len &&
           (begins_document(text) ? text[0] == '{' && text[1] == '"'
                                  : isalpha((unsigned char)*text) || *text == '.');
}

static int read_json_line(struct gungraun *g, const char *text, size_t len, struct pfl_err *err)
{
    if (!g->document.len)
        g->document_line = g->lines.number;
    pfl_buf_add(&g->document, text, len);
    pfl_buf_char(&g->document, '\n');
    count_brackets(g, text, len);
    return g->depth <= 0 ? end_document(g, err) : PFL_OK;
}

/* ---- text ---- */

/* A name's first line: "path::to::function", perhaps with more behind a blank. */
static bool is_path(const char *text)
{
    size_t word = strcspn(text, " "), i;

    for (i = 0; i + 1 < word; i++)
        if (text[i] == ':' && text[i + 1] == ':')
            return i > 0;
    return false;
}

static void read_name(struct gungraun *g, const char *text, size_t len)
{
    if (g->name_over || is_path(text)) {
        pfl_buf_clear(&g->name);
        g->name_line = g->lines.number;
    } else if (g->name.len) {
        pfl_buf_char(&g->name, '\n');
    }
    pfl_buf_add(&g->name, text, len);
    if (g->name.error == PFL_ENOMEM)
        g->build.no_memory = true;
    g->name_over = g->named = false;
}

/* "  Label:   1734|1650 (…)", "  Label:   1735 (…)"; false: something else. */
static bool read_count(struct gungraun *g, const char *text, const char *end)
{
    static const char *const no_counts[] = {"Command", "Details", "Baselines", "PID"};
    const char *colon = memchr(text, ':', (size_t)(end - text)), *bar, *at;
    struct pfl_word label, word;
    double value;
    size_t i;

    if (!colon)
        return false;
    label = pfl_word_trimmed(text, (size_t)(colon - text));
    for (i = 0; i < PFL_COUNT(no_counts); i++)
        if (pfl_word_is(&label, no_counts[i]))
            return false;
    bar = memchr(colon, '|', (size_t)(end - colon));
    at = colon + 1;
    if (label.len == 0 || !pfl_word_next(&at, bar ? bar : end, &word))
        return false;
    if (!bar && pfl_word_next(&at, end, &label) && *label.at != '(')
        return false;
    label = pfl_word_trimmed(text, (size_t)(colon - text));
    if (pfl_word_is(&word, "N/A"))
        return true;
    if (!pfl_word_number(&word, PFL_WORD_PLAIN, &value))
        return false;
    if (!g->named)
        pfl_counts_begin(&g->counts, pfl_word_keep(&g->build, pfl_buf_cstr(&g->name), g->name.len),
                         g->name_line);
    g->named = true;
    pfl_counts_add(&g->counts, pfl_word_keep(&g->build, label.at, label.len), value,
                   g->lines.number);
    return true;
}

/* "======= DHAT =====", "## Total" */
static bool read_heading(struct gungraun *g, const char *text, const char *end)
{
    struct pfl_word word;

    if (!pfl_word_next(&text, end, &word))
        return false;
    if (word.len >= 5 && strspn(word.at, "=") >= word.len && pfl_word_next(&text, end, &word)) {
        if (!g->named)
            pfl_counts_begin(&g->counts,
                             pfl_word_keep(&g->build, pfl_buf_cstr(&g->name), g->name.len),
                             g->name_line);
        g->named = true;
        pfl_counts_tool(&g->counts, word.at, word.len);
        return true;
    }
    if (!pfl_word_is(&word, "##"))
        return false;
    if (pfl_word_next(&text, end, &word) && pfl_word_is(&word, "Total"))
        pfl_counts_forget(&g->counts);
    return true;
}

static void read_text_line(struct gungraun *g, const char *text, const char *end)
{
    bool indented = *text == ' ' || *text == '\t' || *text == '|';

    if (text == end) {
        g->name_over = true;
        return;
    }
    if (!indented) {
        read_name(g, text, (size_t)(end - text));
        return;
    }
    text += strspn(text, " \t|");
    if (g->name.len && (read_heading(g, text, end) || read_count(g, text, end)))
        g->name_over = true;
}

static int read_line(struct gungraun *g, struct pfl_err *err)
{
    const char *text;

    pfl_line_reader_plain(&g->lines);
    if (!pfl_word_repair(&g->lines.line))
        g->build.no_memory = true;
    text = pfl_buf_cstr(&g->lines.line);
    if (breaks_document(g, text))
        drop_document(g);
    if (g->document.len || begins_document(text))
        return read_json_line(g, text, g->lines.line.len, err);
    read_text_line(g, text, text + g->lines.line.len);
    return PFL_OK;
}

int pfl_gungraun_read(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                      struct pfl_err *err)
{
    struct gungraun g = {.name_over = true};
    int rc;

    pfl_line_reader_init(&g.lines, input);
    pfl_build_init(&g.build, input, sink);
    pfl_counts_init(&g.counts, &g.build);
    pfl_buf_init(&g.name, 1 << 20);
    pfl_buf_init(&g.document, DOCUMENT_MAX);
    pfl_build_begin(&g.build);
    while ((rc = pfl_line_reader_next(&g.lines, err)) > 0)
        if ((rc = read_line(&g, err)) < 0)
            break;
    if (rc == PFL_OK && g.document.len)
        drop_document(&g);
    if (rc == PFL_OK) {
        g.build.run->tool = g.json ? "gungraun" : "valgrind";
        pfl_rows_give(&g.counts.rows);
        rc = pfl_build_end(&g.build, err);
    }
    pfl_counts_release(&g.counts);
    pfl_buf_release(&g.name);
    pfl_buf_release(&g.document);
    pfl_build_release(&g.build);
    pfl_line_reader_release(&g.lines);
    return rc;
}

/* An indented line "  Label:  12|34" or "|N/A", or a document's keys. */
static int recognise(const struct pfl_format_probe *probe)
{
    const char *at, *end, *stop = probe->bytes + probe->len, *bar;
    struct pfl_word word;
    double value;

    if (probe->folder)
        return 0;
    if (probe->len && memmem(probe->bytes, probe->len, "\"module_path\"", 13) &&
        memmem(probe->bytes, probe->len, "\"function_name\"", 15) &&
        memmem(probe->bytes, probe->len, "\"profiles\"", 10))
        return 2;
    for (at = probe->bytes; at < stop; at = end + 1) {
        end = memchr(at, '\n', (size_t)(stop - at));
        if (!end)
            end = stop;
        bar = end - at > 4 && *at == ' ' ? memchr(at + 3, '|', (size_t)(end - at - 3)) : NULL;
        if (!bar || !memchr(at, ':', (size_t)(bar - at)))
            continue;
        if (pfl_word_last(at, &bar, &word) &&
            (pfl_word_is(&word, "N/A") || pfl_word_number(&word, PFL_WORD_PLAIN, &value) ||
             memchr(word.at, ESCAPE, word.len)))
            return 2;
    }
    return 0;
}

const struct pfl_format pfl_format_gungraun = {
    .name = "gungraun",
    .title = "gungraun or iai-callgrind",
    .sought = "line like `Instructions: 100|N/A`, nor \"module_path\" with \"profiles\"",
    .recognise = recognise,
    .read = pfl_gungraun_read,
};
