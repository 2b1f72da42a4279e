/*
 * What stands around a run's benchmarks: the heading of a run that was measured at another time
 * (which one it is, of what, where, and whether it counts at all), and the ranking of commands.
 *
 * A void run says so before anything else: its numbers look like any others. In the ranking only
 * commands with times stand; a single one is no ranking.
 */
#include "report/terminal.h"

#include "base/units.h"

#include <string.h>

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static void put_part(struct pfl_terminal *t, const char *before, const char *text)
{
    if (text && *text)
        pfl_terminal_put(t, " · ", PFL_TERMINAL_PLAIN,
                         pfl_report_format(&t->words, "%s%s", before, text));
}

static void put_which(struct pfl_terminal *t, const struct pfl_run *run)
{
    const char *started = pfl_report_time(&t->words, run->started_unix_ns, false);

    pfl_terminal_begin(t, 0, 4);
    pfl_terminal_put(t, "", PFL_TERMINAL_STRONG,
                     pfl_report_format(&t->words, "run %s", or_empty(run->id)));
    put_part(t, "", run->label);
    put_part(t, "", *started ? pfl_report_format(&t->words, "%s UTC", started) : "");
    put_part(t, "", pfl_run_kind_text(run->kind));
    put_part(t, "tier ", run->tier);
    put_part(t, "only ", run->selection);
    pfl_terminal_end(t);
}

static void put_where(struct pfl_terminal *t, const struct pfl_run *run)
{
    const struct pfl_revision *revision = &run->revision;
    const char *name = or_empty(run->machine.name);
    bool unnamed = *name == 0 || strcmp(name, "auto") == 0;

    pfl_terminal_begin(t, 4, 4);
    put_part(t, "", *revision->commit ? pfl_report_commit(&t->words, revision) : "no git revision");
    put_part(t, "", revision->tag);
    put_part(t, "", revision->branch);
    if (t->style->verbosity > 0)
        put_part(t, "", revision->subject);
    put_part(t, "on ", unnamed ? run->machine.hostname : name);
    put_part(t, "", run->machine.platform);
    pfl_terminal_end(t);
}

void pfl_terminal_heading(struct pfl_terminal *t, const struct pfl_report_run *report)
{
    if (report->void_why)
        pfl_terminal_wrap(t, "! ", PFL_TERMINAL_BAD,
                          pfl_report_format(&t->words,
                                            "VOID, this run takes part in no judgement: %s",
                                            report->void_why));
    put_which(t, report->run);
    put_where(t, report->run);
    pfl_terminal_blank(t);
}

/* "1.32 ± 0.03 times faster than B": how the one that speaks for the ranking stands to another. */
static const char *rank_line(struct pfl_terminal *t, const struct pfl_row *row)
{
    bool faster = row->ratio >= 1, open = row->ratio_low <= 1 && row->ratio_high >= 1;
    double low = faster ? row->ratio_low : 1 / row->ratio_high, half;
    double high = faster ? row->ratio_high : 1 / row->ratio_low;
    const char *way = faster ? "faster" : "slower";
    struct pfl_buf *buf = &t->words.buf;

    half = (high - low) / 2;
    if (open)
        pfl_buf_format(buf, "as fast as %s, as far as this shows (", row->benchmark);
    pfl_units_write_plus_minus(buf, faster ? row->ratio : 1 / row->ratio, half, "1");
    pfl_buf_format(buf, " times %s", way);
    if (open)
        pfl_buf_char(buf, ')');
    else
        pfl_buf_format(buf, " than %s", row->benchmark);
    return pfl_report_words_end(&t->words);
}

static bool is_rival(const struct pfl_comparison *rank, const struct pfl_row *row)
{
    return row->ratio > 0 && strcmp(row->benchmark, rank->base_label) != 0;
}

/* "A ran" and below it one line per other command; nothing when no other has times. */
void pfl_terminal_rank(struct pfl_terminal *t, const struct pfl_comparison *rank)
{
    size_t i, rivals = 0;

    for (i = 0; rank && i < rank->row_count; i++)
        rivals += is_rival(rank, &rank->rows[i]);
    if (rivals == 0)
        return;
    pfl_terminal_blank(t);
    pfl_terminal_begin(t, 2, 6);
    pfl_terminal_put(t, "", PFL_TERMINAL_STRONG, rank->base_label);
    pfl_terminal_put(t, " ", PFL_TERMINAL_PLAIN, "ran");
    pfl_terminal_end(t);
    for (i = 0; i < rank->row_count; i++)
        if (is_rival(rank, &rank->rows[i]))
            pfl_terminal_wrap(t, "    ", PFL_TERMINAL_PLAIN, rank_line(t, &rank->rows[i]));
}
