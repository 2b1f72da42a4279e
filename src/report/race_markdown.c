/*
 * A race for a pull request: the answer as a heading or a sentence, the table, the rest folded
 * away. Every text goes through pfl_report_markdown_text(), for labels are commands and commands
 * hold anything.
 */
#include "report/race_words.h"

#include "base/table.h"

#include <math.h>
#include <string.h>

enum { ROWS_MAX = 300 };
enum column { NAME, CHALLENGER, METRIC, BASE, HEAD, CHANGE, INTERVAL, VERDICT, COLUMNS };

static const struct pfl_table_column columns[COLUMNS] = {
    [NAME] = {"benchmark", PFL_TABLE_LEFT, 0, 0},
    [CHALLENGER] = {"challenger", PFL_TABLE_LEFT, 0, 0},
    [METRIC] = {"metric", PFL_TABLE_LEFT, 0, 0},
    [BASE] = {"base", PFL_TABLE_RIGHT, 0, 0},
    [HEAD] = {"head", PFL_TABLE_RIGHT, 0, 0},
    [CHANGE] = {"change", PFL_TABLE_RIGHT, 0, 0},
    [INTERVAL] = {"99 % interval", PFL_TABLE_LEFT, 0, 0},
    [VERDICT] = {"verdict", PFL_TABLE_LEFT, 0, 0},
};

static void add_row(struct pfl_report_words *words, struct pfl_table *table,
                    const struct pfl_race *race, const struct pfl_bout_result *bout,
                    const struct pfl_row *row)
{
    struct pfl_table_cell cells[COLUMNS];
    size_t i;

    memset(cells, 0, sizeof cells);
    cells[NAME].text = bout->benchmark;
    cells[CHALLENGER].text = pfl_report_race_label(race, bout->challenger);
    if (row) {
        cells[METRIC].text = pfl_report_race_metric(words, race, row, bout);
        cells[BASE].text = pfl_report_estimate(words, row, &row->base);
        cells[HEAD].text = pfl_report_estimate(words, row, &row->head);
        cells[CHANGE].text = pfl_report_race_change(words, row);
        cells[INTERVAL].text = pfl_report_race_interval(words, row);
    }
    cells[VERDICT].text = row                            ? pfl_verdict_text(row->verdict)
                          : bout->end == PFL_BOUT_FAILED ? "failed"
                                                         : "skipped";
    for (i = 0; i < COLUMNS; i++)
        cells[i].text = cells[i].text ? pfl_report_markdown_text(words, cells[i].text) : "";
    if (row && row->deciding &&
        (row->verdict == PFL_VERDICT_REGRESSED || row->verdict == PFL_VERDICT_IMPROVED))
        cells[VERDICT].text = pfl_report_format(words, "**%s**", cells[VERDICT].text);
    pfl_table_add(table, cells);
}

static size_t fill(struct pfl_report_words *words, const struct pfl_race *race,
                   const struct pfl_bout_result **bouts, struct pfl_table *table, bool others)
{
    const struct pfl_comparison *comparison = &race->comparison;
    size_t i, j, left_out = 0;

    pfl_table_init(table, words->arena, columns, COLUMNS);
    table->blank = "";
    for (i = 0; i < race->bout_count; i++) {
        if (!others) {
            if (table->row_count < ROWS_MAX)
                add_row(words, table, race, bouts[i], pfl_report_race_row(bouts[i]));
            else
                left_out++;
            continue;
        }
        for (j = 0; j < comparison->row_count; j++) {
            if (comparison->rows[j].deciding ||
                !pfl_report_race_is_of(race, &comparison->rows[j], bouts[i]))
                continue;
            if (table->row_count < ROWS_MAX)
                add_row(words, table, race, bouts[i], &comparison->rows[j]);
            else
                left_out++;
        }
    }
    return left_out;
}

static void put_left_out(struct pfl_buf *out, size_t left_out)
{
    if (left_out)
        pfl_buf_format(out, "\n… and %zu more rows.\n", left_out);
}

static int put_tables(struct pfl_report_words *words, const struct pfl_race *race,
                      const struct pfl_bout_result **bouts, struct pfl_buf *out,
                      struct pfl_err *err)
{
    struct pfl_table table;
    size_t left_out = fill(words, race, bouts, &table, false);
    int rc = PFL_OK;

    if (table.row_count || table.failed) {
        pfl_buf_char(out, '\n');
        rc = pfl_table_render_markdown(&table, out, err);
        put_left_out(out, left_out);
    }
    if (rc < 0)
        return rc;
    left_out = fill(words, race, bouts, &table, true);
    if (table.row_count == 0 && !table.failed)
        return rc;
    pfl_buf_text(out, "\n<details><summary>Other metrics</summary>\n\n");
    rc = pfl_table_render_markdown(&table, out, err);
    put_left_out(out, left_out);
    pfl_buf_text(out, "\n</details>\n");
    return rc;
}

static void put_sentences(struct pfl_report_words *words, const struct pfl_race *race,
                          const struct pfl_bout_result **bouts, struct pfl_buf *out)
{
    bool several = pfl_report_race_benchmarks(race) > 1;
    const char *bar = pfl_report_race_bar(words, race), *said;
    size_t i, told = 0;

    for (i = 0; i < race->bout_count; i++) {
        if (several && pfl_report_race_is_raced(bouts[i]))
            continue;
        said = pfl_report_race_verdict(words, race, bouts[i]);
        said = pfl_report_format(words, "%.*s", (int)strcspn(said, "\n"), said);
        pfl_buf_format(out, "%s- %s\n", told++ ? "" : "\n", pfl_report_markdown_text(words, said));
    }
    for (i = 0; i < race->contender_count; i++) {
        said = race->contenders[i].problem;
        if (!said)
            continue;
        said = pfl_report_format(words, "`%s`: %.*s", pfl_report_race_label(race, i),
                                 (int)strcspn(said, "\n"), said);
        pfl_buf_format(out, "%s- %s\n", told++ ? "" : "\n", pfl_report_markdown_text(words, said));
    }
    if (bar)
        pfl_buf_format(out, "\n%s %s\n", race->bar.met ? "✅" : "❌",
                       pfl_report_markdown_text(words, bar));
}

static void put_context(struct pfl_report_words *words, const struct pfl_race *race,
                        const struct pfl_bout_result **bouts, struct pfl_buf *out)
{
    const char *text;
    size_t i;

    pfl_buf_text(out, "\n<details><summary>How it was measured</summary>\n\n");
    for (i = 0; i < race->contender_count; i++) {
        text = race->contenders[i].run
                   ? pfl_report_side(words, race->contenders[i].run, race->contenders[i].label)
                   : pfl_report_race_label(race, i);
        pfl_buf_format(out, "- %s: %s\n", i ? "head" : "base",
                       pfl_report_markdown_text(words, text));
    }
    for (i = 0; i < race->bout_count && i < ROWS_MAX; i++) {
        if (!pfl_report_race_is_raced(bouts[i]))
            continue;
        text = pfl_report_format(words, "%s (%s): decided on %s; %s", bouts[i]->benchmark,
                                 pfl_report_race_label(race, bouts[i]->challenger),
                                 pfl_report_race_decider(words, bouts[i]),
                                 pfl_report_race_measured(words, bouts[i]));
        pfl_buf_format(out, "- %s\n", pfl_report_markdown_text(words, text));
    }
    for (i = 0; i < race->comparison.note_count; i++)
        pfl_buf_format(out, "- note: %s\n",
                       pfl_report_markdown_text(words, race->comparison.notes[i]));
    pfl_buf_text(out, "\n</details>\n");
}

int pfl_report_race_markdown(const struct pfl_race *race, const struct pfl_report_style *style,
                             struct pfl_arena *arena, struct pfl_buf *out, struct pfl_err *err)
{
    const struct pfl_bout_result **bouts = pfl_report_race_order(race, arena);
    struct pfl_report_words words;
    int rc;

    (void)style;
    if (!bouts)
        return pfl_err_no_memory(err);
    pfl_report_words_init(&words, arena);
    pfl_buf_format(out, "### perfledger: %s\n",
                   pfl_report_markdown_text(&words, pfl_report_race_outcome(&words, race)));
    put_sentences(&words, race, bouts, out);
    rc = put_tables(&words, race, bouts, out, err);
    if (rc < 0) {
        pfl_report_words_release(&words, NULL);
        return rc;
    }
    put_context(&words, race, bouts, out);
    if (race->recorded && *race->recorded)
        pfl_buf_format(out, "\n%s\n", pfl_report_markdown_text(&words, race->recorded));
    rc = pfl_report_words_release(&words, err);
    return rc < 0 ? rc : pfl_buf_check(out, err, "writing the race as Markdown");
}
