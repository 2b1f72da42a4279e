/*
 * A section of a trend.
 *
 * The table only grows, and a change of it should be one line in a diff. So columns have widths of
 * their own instead of the widest cell's: a row's bytes depend on that row alone. What is longer
 * sticks out.
 */
#include "documents/trend.h"

#include "base/text.h"
#include "documents/markdown.h"
#include "documents/page.h"
#include "documents/words.h"

#include <math.h>
#include <string.h>

enum { DATE_WIDTH = 10, REVISION_WIDTH = 24, VALUE_WIDTH = 20 };

static void put_cell(struct pfl_buf *out, const char *text, size_t wanted, bool right)
{
    size_t width = pfl_text_width(text), blanks;
    const char *at;

    for (at = text; *at; at++)
        width += *at == '|';
    blanks = width < wanted ? wanted - width : 0;
    pfl_buf_char(out, ' ');
    if (right)
        pfl_buf_fill(out, ' ', blanks);
    for (; *text; text++) {
        if (*text == '|')
            pfl_buf_char(out, '\\');
        pfl_buf_char(out, *text);
    }
    if (!right)
        pfl_buf_fill(out, ' ', blanks);
    pfl_buf_text(out, " |");
}

static void put_row(struct pfl_buf *out, const char *const cells[4])
{
    pfl_buf_char(out, '|');
    put_cell(out, cells[0], DATE_WIDTH, false);
    put_cell(out, cells[1], REVISION_WIDTH, false);
    put_cell(out, cells[2], VALUE_WIDTH, true);
    put_cell(out, cells[3], 0, false);
    pfl_buf_char(out, '\n');
}

static void put_head(struct pfl_document_words *words, const struct pfl_document_trend *trend,
                     struct pfl_buf *out)
{
    const char *const cells[] = {"date", "revision",
                                 pfl_document_metric(words, trend->metric, trend->variant), "note"};

    put_row(out, cells);
    pfl_buf_text(out, "| ");
    pfl_buf_fill(out, '-', DATE_WIDTH);
    pfl_buf_text(out, " | ");
    pfl_buf_fill(out, '-', REVISION_WIDTH);
    pfl_buf_text(out, " | ");
    pfl_buf_fill(out, '-', VALUE_WIDTH - 1);
    pfl_buf_text(out, ": | ---- |\n");
}

static const char *note_of(struct pfl_document_words *words, const struct pfl_document_point *point)
{
    const char *text = pfl_document_text(words, point->epoch);

    if (*point->more)
        text = pfl_document_format(words, "%s (%s)", text, pfl_document_text(words, point->more));
    if (*point->epoch)
        text = pfl_document_format(words, "**%s**", text);
    if (!*point->note)
        return text;
    return pfl_document_format(words, "%s%s%s", text, *text ? "; " : "",
                               pfl_document_text(words, point->note));
}

static void put_point(struct pfl_document_words *words, const struct pfl_document_trend *trend,
                      const struct pfl_document_point *point, struct pfl_buf *out)
{
    const struct pfl_document_value value = {point->value, point->low, point->high, trend->unit};
    const char *cells[4] = {
        pfl_document_day(words, point->started_unix_ns),
        pfl_document_format(words, "`%.*s`", PFL_WORDS_COMMIT, point->revision->commit),
        pfl_document_text(words, pfl_document_estimate(words, &value)), note_of(words, point)};

    if (*point->tag)
        cells[1] =
            pfl_document_format(words, "%s %s", cells[1], pfl_document_text(words, point->tag));
    put_row(out, cells);
}

int pfl_document_trend(const struct pfl_document_trend *trend, struct pfl_arena *arena,
                       struct pfl_buf *out, struct pfl_err *err)
{
    struct pfl_document_words words;
    size_t i;
    int rc;

    pfl_document_words_init(&words, arena);
    pfl_buf_format(out, "## %s%s%s\n\n", pfl_document_code(&words, trend->benchmark),
                   *trend->variant ? ", " : "", pfl_document_code(&words, trend->variant));
    pfl_buf_format(out, "![%s of %s over revisions](%s)\n\n",
                   pfl_document_text(&words, trend->metric),
                   pfl_document_text(&words, trend->benchmark), trend->chart);
    put_head(&words, trend, out);
    for (i = 0; i < trend->point_count; i++)
        put_point(&words, trend, &trend->points[i], out);
    rc = pfl_document_words_release(&words, err);
    return rc == PFL_OK ? pfl_buf_check(out, err, "writing a trend") : rc;
}
