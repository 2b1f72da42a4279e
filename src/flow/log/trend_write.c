/*
 * The page and the charts of a trend, written.
 *
 * Runs are kept first and then read again from the files, so that what is written is made of what
 * whoever checks it will read. The page comes before the charts: a chart that is missing is drawn
 * by the next call, a row that is missing would be another row.
 */
#include "flow/log/trend_parts.h"

#include "documents/prose.h"
#include "documents/words.h"
#include "flow/log/documents.h"
#include "flow/log/evidence.h"
#include "flow/log/points.h"
#include "sys/file.h"

#include <string.h>

enum { CHART_MAX = 16 << 20 };

static const char readme[] =
    "# Trends\n"
    "\n"
    "Each file follows one metric, a section per benchmark, a row per revision.\n"
    "\n"
    "- `perfledger log trend METRIC` makes a file, and later adds what was measured since. Rows\n"
    "  only come in; earlier ones never change.\n"
    "- A row stands for the newest complete run of a revision of the default branch, measured on\n"
    "  the reference machine from a clean work tree, with five launches or more. Rows follow the\n"
    "  order of the branch; the date is the day of measuring (UTC).\n"
    "- The value is the median over launches, ± half of the interval in which the medians of 95 "
    "of\n"
    "  100 other runs fall.\n"
    "- *machine changed* and *benchmark changed* end what is comparable: values above and below "
    "such\n"
    "  a row are not measured alike. The chart has a dashed line there.\n"
    "- `--note TEXT` says something of the newest row: what changed, what was expected.\n"
    "- What stands between two `perfledger:` comments is made from the runs in `../runs/`, and\n"
    "  `perfledger log audit` makes it again and compares. Write between the sections as you "
    "like.\n";

static int keep_runs(struct pfl_log_growth *g, const struct pfl_log_section *section)
{
    size_t i;
    const char *path;
    const struct pfl_run *run;
    int rc = PFL_OK;

    for (i = section->facts.point_count - section->added;
         rc == PFL_OK && i < section->facts.point_count; i++) {
        rc = pfl_log_measured(g->flow, section->facts.points[i].run, &run, g->err);
        if (rc == PFL_OK)
            rc = pfl_flow_evidence_keep(g->flow, run, &path, g->err);
    }
    return rc;
}

static int write_chart(struct pfl_log_growth *g, const struct pfl_log_section *section)
{
    struct pfl_buf facts, svg, there;
    const char *place, *path;
    int rc;

    pfl_buf_init(&facts, PFL_LOG_PAGE_MAX);
    pfl_buf_init(&svg, CHART_MAX);
    pfl_buf_init(&there, CHART_MAX);
    rc = pfl_log_facts_write(&section->facts, &facts, g->err);
    if (rc == PFL_OK)
        rc = pfl_flow_trend_chart(g->flow, pfl_buf_cstr(&facts), facts.len, &svg, &place, g->err);
    path = rc == PFL_OK ? pfl_file_join(g->flow->root, place, g->flow->arena) : NULL;
    if (rc == PFL_OK && !path)
        rc = pfl_err_no_memory(g->err);
    if (rc == PFL_OK && (pfl_file_read(path, &there, NULL) != PFL_OK || there.len != svg.len ||
                         memcmp(there.data, svg.data, svg.len) != 0))
        rc = pfl_log_page_write(g->flow, place, &svg, g->err);
    pfl_buf_release(&facts);
    pfl_buf_release(&svg);
    pfl_buf_release(&there);
    return rc;
}

static void put_title(struct pfl_log_growth *g, struct pfl_buf *page)
{
    pfl_buf_text(page, "# Trend of ");
    pfl_words_metric(page, g->params->metric, "");
    pfl_buf_text(page, "\n\nA row per revision of the default branch; see the "
                       "[conventions](README.md).\n");
}

/* A note is sealed as it was typed. */
static int check_note(struct pfl_log_growth *g, const struct pfl_buf *page)
{
    const char *figure = NULL;
    int rc = g->params->note ? pfl_prose_unsupported(page, NULL, g->flow->arena, &figure, g->err)
                             : PFL_OK;

    if (rc != PFL_OK || !figure)
        return rc;
    return pfl_err_set(g->err, PFL_EGATE,
                       "a note says %s, which is a figure that this trend does not have; nothing "
                       "was written. Leave it out",
                       figure);
}

/* Everything between the blocks stays as it is. */
static int write_page(struct pfl_log_growth *g)
{
    struct pfl_buf page;
    size_t i, from = 0;
    int rc = PFL_OK;

    pfl_buf_init(&page, PFL_LOG_PAGE_MAX);
    if (!g->page.there)
        put_title(g, &page);
    for (i = 0; rc == PFL_OK && i < g->sections.n; i++) {
        const struct pfl_log_section *section = &g->sections.at[i];

        if (!section->block)
            continue;
        if (section->added == 0)
            continue;
        pfl_buf_add(&page, g->page.text + from, section->block->at - from);
        rc = pfl_log_block(g->flow, "trend", &section->facts, &page, g->err);
        from = section->block->end;
    }
    pfl_buf_add(&page, g->page.text + from, g->page.len - from);
    for (i = 0; rc == PFL_OK && i < g->sections.n; i++)
        if (!g->sections.at[i].block) {
            if (page.len && page.data[page.len - 1] != '\n')
                pfl_buf_char(&page, '\n');
            pfl_buf_char(&page, '\n');
            rc = pfl_log_block(g->flow, "trend", &g->sections.at[i].facts, &page, g->err);
        }
    if (rc == PFL_OK)
        rc = pfl_buf_check(&page, g->err, "writing a trend");
    if (rc == PFL_OK)
        rc = check_note(g, &page);
    if (rc == PFL_OK)
        rc = pfl_log_page_write(g->flow, g->page.place, &page, g->err);
    pfl_buf_release(&page);
    return rc;
}

int pfl_log_trend_write(struct pfl_log_growth *g, size_t added)
{
    size_t i;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < g->sections.n; i++)
        rc = keep_runs(g, &g->sections.at[i]);
    pfl_log_measured_forget(g->flow);
    if (rc == PFL_OK && added)
        rc = write_page(g);
    for (i = 0; rc == PFL_OK && i < g->sections.n; i++)
        rc = write_chart(g, &g->sections.at[i]);
    return rc == PFL_OK ? pfl_log_page_once(g->flow, pfl_log_page_place(g->flow, "trend/README.md"),
                                            readme, g->err)
                        : rc;
}
