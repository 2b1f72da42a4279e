/*
 * What `log trend` puts into a page.
 *
 * A row is a revision: the newest run of it that may stand in the log (log_record.h). Rows follow
 * the default branch, not the clock, and earlier rows never change; so a revision from before a
 * section's last row that was measured later is left out, and said to be. A new section takes all
 * there is.
 *
 * Sections of an existing page stay in their order, new ones come behind. All blocks are made
 * before the first byte is written. A chart that is not what its section says is written again.
 */
#include "flow/log_trend.h"

#include "base/text.h"
#include "base/vec.h"
#include "documents/markdown.h"
#include "documents/slug.h"
#include "documents/words.h"
#include "flow/documents.h"
#include "flow/evidence.h"
#include "flow/log_facts.h"
#include "flow/log_page.h"
#include "flow/log_points.h"
#include "flow/log_record.h"
#include "sys/file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

PFL_VEC(point_list, struct pfl_log_point);
PFL_VEC(text_list, const char *);

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

struct section {
    struct pfl_log_facts facts;
    const struct pfl_block *block; /* NULL: a new one */
    size_t added, left_out;
};
PFL_VEC(section_list, struct section);

struct growth {
    struct pfl_flow *flow;
    const struct pfl_flow_trend_params *params;
    const char **globs;
    size_t glob_count;
    struct pfl_log_records records;
    const struct pfl_run **runs; /* of the records, one by one */
    struct pfl_log_page page;
    struct section_list sections;
    struct pfl_err *err;
};

static bool is_wanted(const struct growth *g, const char *benchmark)
{
    size_t i;

    for (i = 0; i < g->glob_count; i++)
        if (pfl_run_selects(g->globs[i], benchmark))
            return true;
    return g->glob_count == 0;
}

/* ---- which sections ---- */

static struct section *find_section(struct growth *g, const char *benchmark, const char *variant)
{
    size_t i;

    for (i = 0; i < g->sections.n; i++)
        if (strcmp(g->sections.at[i].facts.benchmark, benchmark) == 0 &&
            strcmp(g->sections.at[i].facts.variant, variant) == 0)
            return &g->sections.at[i];
    return NULL;
}

static int read_sections(struct growth *g)
{
    size_t i;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < g->page.blocks.n; i++) {
        struct section section = {.block = &g->page.blocks.at[i]};

        if (strcmp(section.block->kind, "trend") != 0)
            continue;
        rc = pfl_log_facts_read(section.block->facts, section.block->facts_len, g->flow->arena,
                                &section.facts, g->err);
        if (rc != PFL_OK)
            pfl_err_prefix(g->err, "%s:%d", g->page.place, section.block->line);
        else if (strcmp(section.facts.metric, g->params->metric) != 0)
            rc = pfl_err_set(g->err, PFL_EGATE,
                             "%s:%d: this file follows %s, whose name gives the same file as %s's; "
                             "rename one of the two metrics",
                             g->page.place, section.block->line, section.facts.metric,
                             g->params->metric);
        else if (!pfl_vec_push(&g->sections, &section))
            rc = pfl_err_no_memory(g->err);
    }
    return rc;
}

/* "time_parse-n-10.svg", and with a number behind where that is taken. */
static const char *chart_name(struct growth *g, const char *benchmark, const char *variant)
{
    struct pfl_buf file;
    const char *name = NULL;
    size_t i, number, taken = 1;

    pfl_buf_init(&file, 1 << 12);
    for (number = 1; taken && !file.error; number++) {
        pfl_buf_clear(&file);
        pfl_document_slug(&file, g->params->metric);
        pfl_buf_char(&file, '_');
        pfl_document_slug(&file, benchmark);
        if (*variant) {
            pfl_buf_char(&file, '_');
            pfl_document_slug(&file, variant);
        }
        if (number > 1)
            pfl_buf_format(&file, "-%zu", number);
        pfl_buf_text(&file, ".svg");
        for (i = 0, taken = 0; i < g->sections.n; i++)
            taken += strcmp(g->sections.at[i].facts.chart, pfl_buf_cstr(&file)) == 0;
    }
    if (!file.error)
        name = pfl_arena_text(g->flow->arena, pfl_buf_cstr(&file));
    pfl_buf_release(&file);
    return name;
}

static int add_section(struct growth *g, const char *benchmark, const char *variant)
{
    struct section section = {0};

    if (find_section(g, benchmark, variant))
        return PFL_OK;
    section.facts.metric = g->params->metric;
    section.facts.benchmark = benchmark;
    section.facts.variant = variant;
    section.facts.chart = chart_name(g, benchmark, variant);
    return section.facts.chart && pfl_vec_push(&g->sections, &section) ? PFL_OK
                                                                       : pfl_err_no_memory(g->err);
}

static int compare_sections(const void *a, const void *b)
{
    const struct section *x = a, *y = b;
    int rc = pfl_text_compare_natural(x->facts.benchmark, y->facts.benchmark);

    return rc ? rc : strcmp(x->facts.variant, y->facts.variant);
}

/* A section for each benchmark that has such a number anywhere. */
static int add_sections(struct growth *g)
{
    size_t there = g->sections.n, i, j, k;
    int rc = PFL_OK;

    for (i = 0; i < g->records.n; i++)
        for (j = 0; j < g->runs[i]->benchmark_count; j++) {
            const struct pfl_benchmark *bench = &g->runs[i]->benchmarks[j];

            if (!is_wanted(g, bench->name))
                continue;
            for (k = 0; rc == PFL_OK && k < bench->result_count; k++)
                if (strcmp(bench->results[k].metric, g->params->metric) == 0 &&
                    pfl_log_number(g->runs[i], bench->name, g->params->metric,
                                   bench->results[k].variant))
                    rc = add_section(g, bench->name, bench->results[k].variant);
            if (rc != PFL_OK)
                return rc;
        }
    if (g->sections.n - there > 1)
        qsort(g->sections.at + there, g->sections.n - there, sizeof *g->sections.at,
              compare_sections);
    return PFL_OK;
}

/* ---- which rows ---- */

/* The place in the branch that a section has reached; -1: it is new. */
static int reached(struct growth *g, const struct section *section, long *place)
{
    const struct pfl_run *run;
    size_t i, n = section->facts.point_count;
    int rc;

    *place = -1;
    if (n == 0)
        return PFL_OK;
    rc = pfl_log_measured(g->flow, section->facts.points[n - 1].run, &run, g->err);
    if (rc != PFL_OK)
        return rc;
    for (i = 0; i < g->records.commit_count; i++)
        if (strcmp(g->records.commits[i], run->revision.commit) == 0)
            *place = (long)i;
    if (*place < 0)
        return pfl_err_set(g->err, PFL_EGATE,
                           "%s:%d: the last row's revision %.10s is not on %s any more (was its "
                           "history rewritten?), so it is not known what comes after it; remove "
                           "the file, and `perfledger log trend %s` makes a new one",
                           g->page.place, section->block->line, run->revision.commit,
                           g->records.branch, g->params->metric);
    return PFL_OK;
}

static bool is_last_of_revision(const struct growth *g, const struct section *section, size_t i)
{
    size_t j;

    for (j = i + 1; j < g->records.n && g->records.at[j].place == g->records.at[i].place; j++)
        if (pfl_log_number(g->runs[j], section->facts.benchmark, section->facts.metric,
                           section->facts.variant))
            return false;
    return true;
}

static bool has_point(const struct growth *g, const struct section *section, const char *commit)
{
    const struct pfl_run *run;
    size_t i;

    for (i = 0; i < section->facts.point_count; i++)
        if (pfl_log_measured(g->flow, section->facts.points[i].run, &run, NULL) == PFL_OK &&
            strcmp(run->revision.commit, commit) == 0)
            return true;
    return false;
}

/* facts of the section with the new points behind. */
static int grow_facts(struct growth *g, struct section *section, const struct point_list *fresh)
{
    struct pfl_log_facts *facts = &section->facts;
    size_t n = facts->point_count, all = n + fresh->n, i;

    facts->points =
        pfl_arena_grow(g->flow->arena, facts->points, n, all + 1, sizeof *facts->points);
    facts->runs = pfl_arena_array(g->flow->arena, all + 1, sizeof *facts->runs);
    if (!facts->points || !facts->runs)
        return pfl_err_no_memory(g->err);
    for (i = 0; i < fresh->n; i++)
        facts->points[n + i] = fresh->at[i];
    for (i = 0; i < all; i++)
        facts->runs[i] = facts->points[i].run;
    facts->point_count = facts->run_count = all;
    if (fresh->n && g->params->note)
        facts->points[all - 1].note = g->params->note;
    section->added = fresh->n;
    return PFL_OK;
}

static int grow(struct growth *g, struct section *section)
{
    struct point_list fresh = {0};
    long place;
    size_t i;
    int rc = reached(g, section, &place);

    for (i = 0; rc == PFL_OK && i < g->records.n; i++) {
        struct pfl_log_point point = {g->records.at[i].head->id, "", ""};

        if (!pfl_log_number(g->runs[i], section->facts.benchmark, section->facts.metric,
                            section->facts.variant) ||
            !is_last_of_revision(g, section, i))
            continue;
        if ((long)g->records.at[i].place <= place) {
            section->left_out += !has_point(g, section, g->runs[i]->revision.commit);
            continue;
        }
        point.tag = pfl_log_tag(g->flow, g->runs[i]->revision.commit);
        if (!pfl_vec_push(&fresh, &point))
            rc = pfl_err_no_memory(g->err);
    }
    if (rc == PFL_OK)
        rc = grow_facts(g, section, &fresh);
    pfl_vec_release(&fresh);
    return rc;
}

/* ---- nothing to show ---- */

static int nothing(struct growth *g)
{
    struct text_list names = {0};
    const char *near = NULL;
    size_t i, j, k;

    for (i = 0; i < g->records.n; i++)
        for (j = 0; j < g->runs[i]->benchmark_count; j++)
            for (k = 0; k < g->runs[i]->benchmarks[j].result_count; k++)
                if (!pfl_vec_push(&names, &g->runs[i]->benchmarks[j].results[k].metric))
                    break;
    near = pfl_text_nearest(g->params->metric, names.at, names.n);
    pfl_vec_release(&names);
    if (g->records.n == 0)
        return pfl_err_set(
            g->err, PFL_ENOTHING,
            "no run may stand in a trend: it takes complete runs of the reference machine (%s) at "
            "clean revisions of %s%s%s",
            g->records.machine, g->records.branch, g->records.newest_refused ? "; " : "",
            g->records.newest_refused ? g->records.newest_refused : "");
    if (near && strcmp(near, g->params->metric) != 0)
        return pfl_err_set(g->err, PFL_ENOTHING,
                           "no run that may stand in a trend has a metric '%s'; did you mean '%s'?",
                           g->params->metric, near);
    return pfl_err_set(g->err, PFL_ENOTHING,
                       "no run that may stand in a trend has a number '%s'%s%s with five launches "
                       "or more; `perfledger show latest` lists what was measured",
                       g->params->metric, g->glob_count ? " of " : "",
                       g->glob_count ? g->globs[0] : "");
}

/* ---- writing ---- */

static int keep_runs(struct growth *g, const struct section *section)
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

static int write_chart(struct growth *g, const struct section *section)
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

static void put_title(struct growth *g, struct pfl_buf *page)
{
    pfl_buf_text(page, "# Trend of ");
    pfl_words_metric(page, g->params->metric, "");
    pfl_buf_text(page, "\n\nA row per revision of the default branch; see the "
                       "[conventions](README.md).\n");
}

/* Everything between the blocks stays as it is. */
static int write_page(struct growth *g)
{
    struct pfl_buf page;
    size_t i, from = 0;
    int rc = PFL_OK;

    pfl_buf_init(&page, PFL_LOG_PAGE_MAX);
    if (!g->page.there)
        put_title(g, &page);
    for (i = 0; rc == PFL_OK && i < g->sections.n; i++) {
        const struct section *section = &g->sections.at[i];

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
        rc = pfl_log_page_write(g->flow, g->page.place, &page, g->err);
    pfl_buf_release(&page);
    return rc;
}

static int write_all(struct growth *g, size_t added)
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

static int hand_over(struct growth *g, size_t added, struct pfl_flow_trend_made *made)
{
    struct pfl_flow_trend_made done = {.place = g->page.place, .added = added};
    size_t i;

    done.sections = pfl_arena_array(g->flow->arena, g->sections.n + 1, sizeof *done.sections);
    if (!done.sections)
        return pfl_err_no_memory(g->err);
    for (i = 0; i < g->sections.n; i++) {
        const struct section *section = &g->sections.at[i];
        struct pfl_flow_trend_section *shown = &done.sections[done.section_count];
        const char *below = pfl_arena_format(g->flow->arena, "trend/%s", section->facts.chart);

        if (!is_wanted(g, section->facts.benchmark))
            continue;
        shown->benchmark = section->facts.benchmark;
        shown->variant = section->facts.variant;
        shown->chart = below ? pfl_log_page_place(g->flow, below) : NULL;
        if (!shown->chart)
            return pfl_err_no_memory(g->err);
        shown->row_count = section->facts.point_count;
        shown->added = section->added;
        shown->left_out = section->left_out;
        done.section_count++;
    }
    done.refused = g->records.newest_refused;
    *made = done;
    return PFL_OK;
}

static int load_records(struct growth *g)
{
    size_t i;
    int rc = pfl_log_records(g->flow, &g->records, g->err);

    if (rc != PFL_OK)
        return rc;
    g->runs = pfl_arena_array(g->flow->arena, g->records.n + 1, sizeof *g->runs);
    if (!g->runs)
        return pfl_err_no_memory(g->err);
    for (i = 0; rc == PFL_OK && i < g->records.n; i++)
        rc = pfl_log_measured(g->flow, g->records.at[i].head->id, &g->runs[i], g->err);
    return rc;
}

static int gather(struct growth *g, size_t *added)
{
    size_t i, wanted = 0;
    int rc = pfl_flow_chosen(g->flow, g->params->benchmark, g->params->area, &g->globs,
                             &g->glob_count, g->err);

    if (rc == PFL_OK)
        rc = pfl_log_page_read(g->flow, g->page.place, &g->page, g->err);
    if (rc == PFL_OK)
        rc = read_sections(g);
    if (rc == PFL_OK)
        rc = load_records(g);
    if (rc == PFL_OK)
        rc = add_sections(g);
    for (i = 0; rc == PFL_OK && i < g->sections.n; i++) {
        if (!is_wanted(g, g->sections.at[i].facts.benchmark))
            continue;
        rc = grow(g, &g->sections.at[i]);
        *added += g->sections.at[i].added;
        wanted++;
    }
    if (rc == PFL_OK && wanted == 0)
        rc = nothing(g);
    if (rc == PFL_OK && *added == 0 && g->params->note)
        rc = pfl_err_set(g->err, PFL_EGATE,
                         "there is no new row that could carry the note, and earlier rows never "
                         "change; write it between the sections of %s",
                         g->page.place);
    return rc;
}

int pfl_flow_trend(struct pfl_flow *flow, const struct pfl_flow_trend_params *params,
                   struct pfl_flow_trend_made *made, struct pfl_err *err)
{
    struct growth g = {.flow = flow, .params = params, .err = err};
    size_t added = 0;
    int rc;

    g.page.place = pfl_flow_trend_place(flow, params->metric);
    if (!g.page.place)
        return pfl_err_no_memory(err);
    rc = gather(&g, &added);
    if (rc == PFL_OK)
        rc = write_all(&g, added);
    if (rc == PFL_OK)
        rc = hand_over(&g, added, made);
    pfl_vec_release(&g.sections);
    return rc;
}
