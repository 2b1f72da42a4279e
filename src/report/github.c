/*
 * A comparison as GitHub workflow commands: annotations at the line of the gate that said no.
 *
 *     ::error file=perfledger.yaml,line=31,title=gzip -9::time +52.0 % [+48.0 %, +56.0 %], limit 10
 * %%0A…
 *
 * GitHub shows ten annotations of a kind per step and drops the rest silently, so the outcome comes
 * first and the last one counts what is left. A command is one line: `%`, CR and LF are
 * percent-encoded in the text, `:` and `,` in the properties, too. Control characters of names are
 * made visible before that, so no name can begin a command of its own.
 */
#include "report/internal.h"

#include "base/text.h"

#include <string.h>

enum { SHOWN_MAX = 8 };

static void put_encoded(struct pfl_buf *out, const char *text, bool property)
{
    for (; *text; text++)
        switch (*text) {
        case '%': pfl_buf_text(out, "%25"); break;
        case '\r': pfl_buf_text(out, "%0D"); break;
        case '\n': pfl_buf_text(out, "%0A"); break;
        case ':': pfl_buf_text(out, property ? "%3A" : ":"); break;
        case ',': pfl_buf_text(out, property ? "%2C" : ","); break;
        default: pfl_buf_char(out, *text); break;
        }
}

static const char *shown(struct pfl_report_words *words, const char *raw)
{
    const char *text = pfl_text_shown(words->arena, raw ? raw : "");

    if (!text)
        words->failed = true;
    return text ? text : "";
}

static void put_row(struct pfl_report_words *words, struct pfl_buf *out, const char *level,
                    const struct pfl_row *row)
{
    const char *message;

    pfl_buf_format(out, "::%s ", level);
    if (row->gate_file && *row->gate_file) {
        pfl_buf_text(out, "file=");
        put_encoded(out, shown(words, row->gate_file), true);
        pfl_buf_format(out, ",line=%d,", row->gate_line > 0 ? row->gate_line : 1);
    }
    pfl_buf_text(out, "title=");
    put_encoded(out, shown(words, row->benchmark), true);
    put_encoded(out, pfl_report_format(words, " %s", pfl_report_verdict(row)), true);
    pfl_buf_text(out, "::");
    message = pfl_report_message(words, row);
    put_encoded(out, shown(words, message), false);
    if (row->reason && *row->reason && strcmp(row->reason, message) != 0) {
        pfl_buf_text(out, "%0A");
        put_encoded(out, shown(words, row->reason), false);
    }
    if (row->snapshot) {
        pfl_buf_text(out, "%0Anewest snapshot: ");
        put_encoded(out, shown(words, row->snapshot), false);
    }
    if (row->bisect) {
        pfl_buf_text(out, "%0Afind the commit: ");
        put_encoded(out, shown(words, row->bisect), false);
    }
    pfl_buf_char(out, '\n');
}

static void put_plain(struct pfl_report_words *words, struct pfl_buf *out, const char *level,
                      const char *raw)
{
    pfl_buf_format(out, "::%s title=perfledger::", level);
    put_encoded(out, shown(words, raw), false);
    pfl_buf_char(out, '\n');
}

static bool is_warning(const struct pfl_comparison *comparison, const struct pfl_row *row)
{
    bool bad = row->verdict == PFL_VERDICT_REGRESSED || row->verdict == PFL_VERDICT_FAILED ||
               row->verdict == PFL_VERDICT_MISSING;

    return pfl_report_counts(row) && bad && !pfl_report_fails(comparison, row);
}

static void put_rows(struct pfl_report_words *words, struct pfl_buf *out,
                     const struct pfl_comparison *comparison, const char *level)
{
    bool errors = strcmp(level, "error") == 0;
    size_t i, j, n = 0;
    const struct pfl_row *row;

    for (j = 0; j < PFL_VERDICT_COUNT; j++)
        for (i = 0; i < comparison->row_count; i++) {
            row = &comparison->rows[i];
            if (row->verdict != pfl_report_verdict_order[j] ||
                !(errors ? pfl_report_fails(comparison, row) : is_warning(comparison, row)))
                continue;
            if (n++ < SHOWN_MAX)
                put_row(words, out, level, row);
        }
    if (n > SHOWN_MAX)
        put_plain(words, out, level, pfl_report_format(words, "… and %zu more", n - SHOWN_MAX));
}

static int write_github(const struct pfl_comparison *comparison,
                        const struct pfl_report_style *style, struct pfl_arena *arena,
                        struct pfl_buf *out, struct pfl_err *err)
{
    struct pfl_report_words words;
    int rc;

    (void)style;
    pfl_report_words_init(&words, arena);
    put_plain(&words, out, comparison->ok ? "notice" : "error",
              pfl_report_outcome(&words, comparison));
    if (comparison->why_undecided)
        put_plain(&words, out, comparison->ok ? "warning" : "error", comparison->why_undecided);
    put_rows(&words, out, comparison, "error");
    put_rows(&words, out, comparison, "warning");
    if (comparison->machine.present)
        put_plain(
            &words, out, "notice",
            pfl_report_format(
                &words,
                "the whole machine moved by %s (yardstick: %s): one machine effect, taken out "
                "of the changes",
                pfl_report_change(&words, comparison->machine.ratio),
                comparison->machine.yardstick));
    rc = pfl_report_words_release(&words, err);
    return rc < 0 ? rc : pfl_buf_check(out, err, "writing annotations");
}

const struct pfl_report_format pfl_report_github = {
    .name = "github", .summary = "annotations of a GitHub workflow", .comparison = write_github};
