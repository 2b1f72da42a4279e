/*
 * Single lines for a terminal: progress, errors, and the ledger's list of runs.
 *
 * The progress line is cut, never wrapped: it is drawn over itself. What it drops first when it is
 * too long is the end of the benchmark's name, because the numbers are what moves.
 */
#include "report/terminal.h"

#include "base/text.h"
#include "base/units.h"

#include <math.h>
#include <string.h>

enum { BAR_COLUMNS = 10, BAR_FROM_WIDTH = 72, NAME_LEAST = 8 };

static void write_bar(struct pfl_buf *buf, const struct pfl_report_progress *p, bool utf8)
{
    double share = p->benchmark_count ? (double)p->benchmark_index / (double)p->benchmark_count : 0;
    size_t done, i;

    if (p->benchmark_count == 0)
        return;
    if (p->rounds) /* rounds go across the benchmarks */
        share = ((double)p->round + share) / (double)p->rounds;
    done = (size_t)(fmin(share, 1) * BAR_COLUMNS + 0.5);
    for (i = 0; i < BAR_COLUMNS; i++)
        pfl_buf_text(buf, i < done ? (utf8 ? "█" : "#") : (utf8 ? "░" : "."));
    pfl_buf_char(buf, ' ');
}

/* What stands behind the name. */
static void write_numbers(struct pfl_report_words *words, struct pfl_buf *buf,
                          const struct pfl_report_progress *p)
{
    if (p->phase && *p->phase)
        pfl_buf_format(buf, "  %s", p->phase);
    if (p->rounds)
        pfl_buf_format(buf, " %zu/%zu", p->round, p->rounds);
    else if (p->round)
        pfl_buf_format(buf, " %zu", p->round);
    if (isfinite(p->estimate)) {
        pfl_buf_format(buf, "  %s",
                       pfl_report_plus_minus(words, p->estimate, p->ci_low, p->ci_high, "s"));
    }
    if (isfinite(p->seconds_left) && p->seconds_left >= 0) {
        pfl_buf_text(buf, "  ");
        pfl_units_write_duration(buf, p->seconds_left);
        pfl_buf_text(buf, " left");
    }
}

void pfl_report_progress_line(const struct pfl_report_progress *progress,
                              const struct pfl_report_style *style, struct pfl_buf *out)
{
    struct pfl_buf bar, numbers, line;
    struct pfl_arena arena;
    struct pfl_terminal t;
    const char *name, *shown_bar, *shown_numbers;
    size_t used;

    pfl_arena_init(&arena);
    pfl_terminal_init(&t, style, &arena, out);
    pfl_buf_init(&bar, 1 << 16);
    pfl_buf_init(&numbers, 1 << 16);
    pfl_buf_init(&line, 1 << 20);
    if (t.width >= BAR_FROM_WIDTH)
        write_bar(&bar, progress, style->utf8);
    write_numbers(&t.words, &numbers, progress);
    name = pfl_terminal_show(&t, progress->benchmark ? progress->benchmark : "");
    shown_bar = pfl_terminal_show(&t, pfl_buf_cstr(&bar));
    shown_numbers = pfl_terminal_show(&t, pfl_buf_cstr(&numbers));
    used = pfl_text_width(shown_bar) + pfl_text_width(shown_numbers);
    if (used + NAME_LEAST > t.width)
        used =
            t.width > NAME_LEAST + pfl_text_width(shown_bar) ? t.width - NAME_LEAST : t.width / 2;
    pfl_buf_text(&line, shown_bar);
    pfl_text_fit(&line, name, t.width - used);
    pfl_buf_text(&line, shown_numbers);
    pfl_text_fit(out, pfl_buf_cstr(&line), t.width);
    pfl_terminal_finish(&t, NULL, "writing the progress line");
    pfl_buf_release(&line);
    pfl_buf_release(&numbers);
    pfl_buf_release(&bar);
    pfl_arena_release(&arena);
}

void pfl_report_progress_wipe(struct pfl_buf *out)
{
    pfl_buf_text(out, "\r\033[K");
}

/* A message may have several lines of its own (a quoted line of a file with a caret below): they
 * stay lines. */
static void write_message(struct pfl_terminal *t, const char *message)
{
    size_t len;

    for (;; message += len + 1) {
        len = strcspn(message, "\n");
        pfl_buf_text(t->out,
                     pfl_terminal_show(t, pfl_report_format(&t->words, "%.*s", (int)len, message)));
        pfl_buf_char(t->out, '\n');
        if (message[len] == 0)
            break;
    }
}

void pfl_report_error(const struct pfl_err *err, const char *severity,
                      const struct pfl_report_style *style, struct pfl_buf *out)
{
    bool bad = severity && strcmp(severity, "error") == 0;
    struct pfl_arena arena;
    struct pfl_terminal t;

    pfl_arena_init(&arena);
    pfl_terminal_init(&t, style, &arena, out);
    pfl_buf_text(out, "perfledger: ");
    /* A message that gathers several places names each of them itself. */
    if (*err->file && !pfl_text_starts(err->message, err->file)) {
        pfl_buf_text(out, pfl_terminal_show(&t, err->file));
        if (err->line > 0)
            pfl_buf_format(out, ":%d", err->line);
        if (err->line > 0 && err->column > 0)
            pfl_buf_format(out, ":%d", err->column);
        pfl_buf_text(out, ": ");
    }
    if (severity && *severity) {
        if (style->colour)
            pfl_terminal_painter (&t)(out, bad ? PFL_TERMINAL_BAD : PFL_TERMINAL_WARN, true);
        pfl_buf_text(out, severity);
        if (style->colour)
            pfl_terminal_painter (&t)(out, PFL_TERMINAL_BAD, false);
        pfl_buf_text(out, ": ");
    }
    write_message(&t, *err->message ? err->message : pfl_err_sentence(err->code));
    pfl_terminal_finish(&t, NULL, "writing an error");
    pfl_arena_release(&arena);
}

/* "1a2b3c4d5e+": the plus stands for a dirty work tree. */
static const char *revision_of(struct pfl_report_words *words, const struct pfl_run_head *head)
{
    if (!head->commit || !*head->commit)
        return "";
    return pfl_report_format(words, "%.10s%s", head->commit, head->dirty ? "+" : "");
}

static const char *line_of(const struct pfl_run_head *head)
{
    if (head->tag && *head->tag)
        return head->tag;
    return head->branch ? head->branch : "";
}

static const char *remarks_of(struct pfl_report_words *words, const struct pfl_run_head *head)
{
    struct pfl_buf *buf = &words->buf;

    if (head->void_why && *head->void_why)
        pfl_buf_format(buf, ", void: %s", head->void_why);
    if (head->failed_count)
        pfl_buf_format(buf, ", %zu failed", head->failed_count);
    if (head->skipped_count)
        pfl_buf_format(buf, ", %zu skipped", head->skipped_count);
    if (head->partial)
        pfl_buf_text(buf, ", partial");
    else if (!head->complete && head->kind == PFL_RUN_CONFIGURED)
        pfl_buf_text(buf, ", a selection");
    if (head->kind != PFL_RUN_CONFIGURED)
        pfl_buf_format(buf, ", %s", pfl_run_kind_text(head->kind));
    if (head->thinned_unix_ns)
        pfl_buf_text(buf, ", thinned");
    return pfl_report_words_end(words);
}

int pfl_report_list_terminal(const struct pfl_run_head *heads, size_t n,
                             const struct pfl_report_style *style, struct pfl_arena *arena,
                             struct pfl_buf *out, struct pfl_err *err)
{
    static const struct pfl_table_column columns[] = {
        {"run", PFL_TABLE_LEFT, 0, 0},      {"started (UTC)", PFL_TABLE_LEFT, 0, 3},
        {"revision", PFL_TABLE_LEFT, 0, 5}, {"branch", PFL_TABLE_NAME, 12, 1},
        {"n", PFL_TABLE_RIGHT, 0, 2},       {"label", PFL_TABLE_LEFT, 10, 4},
        {"remarks", PFL_TABLE_LEFT, 28, 0},
    };
    struct pfl_table_cell row[PFL_COUNT(columns)];
    const struct pfl_run_head *head;
    struct pfl_table table;
    struct pfl_terminal t;
    const char *remarks;
    bool whole = style->verbosity > 0; /* nothing cut, however wide */
    size_t i;
    int rc = PFL_OK;

    pfl_terminal_init(&t, style, arena, out);
    pfl_table_init(&table, arena, columns, PFL_COUNT(columns));
    table.blank = "";
    for (i = 0; i < n; i++) {
        head = &heads[i];
        remarks = remarks_of(&t.words, head);
        memset(row, 0, sizeof row);
        row[0].text =
            pfl_terminal_show(&t, whole ? head->id : pfl_report_format(&t.words, "%.8s", head->id));
        row[1].text = pfl_report_time(&t.words, head->started_unix_ns, false);
        row[2].text = pfl_terminal_show(&t, revision_of(&t.words, head));
        row[3].text = pfl_terminal_show(&t, line_of(head));
        row[4].text = pfl_report_format(&t.words, "%zu", head->benchmark_count);
        row[5].text = pfl_terminal_show(&t, head->label ? head->label : "");
        row[6].text = pfl_terminal_show(&t, *remarks ? remarks + 2 : "");
        row[6].style =
            head->failed_count || (head->void_why && *head->void_why) ? PFL_TERMINAL_WARN : 0;
        pfl_table_add(&table, row);
    }
    if (n == 0)
        pfl_terminal_wrap(&t, "", PFL_TERMINAL_PLAIN,
                          "the ledger holds no runs yet: 'perfledger run' makes one");
    else
        rc = pfl_table_render(&table, whole ? 0 : t.width, pfl_terminal_painter(&t), out, err);
    if (rc < 0) {
        pfl_report_words_release(&t.words, NULL);
        return rc;
    }
    return pfl_terminal_finish(&t, err, "writing the list of runs");
}
