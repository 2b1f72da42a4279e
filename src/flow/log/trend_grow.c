/*
 * What `log trend` puts into a page.
 *
 * A row is a revision: the newest run of it that may stand in the log (record.h). Rows follow
 * the default branch, not the clock, and earlier rows never change; so a revision from before a
 * section's last row that was measured later is left out, and said to be. A new section takes all
 * there is.
 *
 * Sections of an existing page stay in their order, new ones come behind. All blocks are made
 * before the first byte is written (trend_write.c).
 */
#include "flow/log/trend_parts.h"

#include "base/map.h"
#include "base/text.h"
#include "documents/slug.h"
#include "flow/log/points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

PFL_VEC(point_list, struct pfl_log_point);
PFL_VEC(text_list, const char *);

static bool is_wanted(const struct pfl_log_growth *g, const char *benchmark)
{
    size_t i;

    for (i = 0; i < g->glob_count; i++)
        if (pfl_run_selects(g->globs[i], benchmark))
            return true;
    return g->glob_count == 0;
}

/* ---- which sections ---- */

static struct pfl_log_section *find_section(struct pfl_log_growth *g, const char *benchmark,
                                            const char *variant)
{
    size_t i;

    for (i = 0; i < g->sections.n; i++)
        if (strcmp(g->sections.at[i].facts.benchmark, benchmark) == 0 &&
            strcmp(g->sections.at[i].facts.variant, variant) == 0)
            return &g->sections.at[i];
    return NULL;
}

static int read_sections(struct pfl_log_growth *g)
{
    size_t i;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < g->page.blocks.n; i++) {
        struct pfl_log_section section = {.block = &g->page.blocks.at[i]};

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
static const char *chart_name(struct pfl_log_growth *g, const char *benchmark, const char *variant)
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

static int add_section(struct pfl_log_growth *g, const char *benchmark, const char *variant)
{
    struct pfl_log_section section = {0};

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
    const struct pfl_log_section *x = a, *y = b;
    int rc = pfl_text_compare_natural(x->facts.benchmark, y->facts.benchmark);

    return rc ? rc : strcmp(x->facts.variant, y->facts.variant);
}

/* A section for each benchmark that has such a number anywhere. */
static int add_sections(struct pfl_log_growth *g)
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
static int reached(struct pfl_log_growth *g, const struct pfl_log_section *section, long *place)
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
                           "the file, `perfledger log trend %s` makes a new one, and `perfledger "
                           "log retract` says why",
                           g->page.place, section->block->line, run->revision.commit,
                           g->records.branch, g->params->metric);
    return PFL_OK;
}

static bool is_last_of_revision(const struct pfl_log_growth *g,
                                const struct pfl_log_section *section, size_t i)
{
    size_t j;

    for (j = i + 1; j < g->records.n && g->records.at[j].place == g->records.at[i].place; j++)
        if (pfl_log_number(g->runs[j], section->facts.benchmark, section->facts.metric,
                           section->facts.variant))
            return false;
    return true;
}

/* The commits that have a row. */
static int rows_of(struct pfl_log_growth *g, const struct pfl_log_section *section,
                   struct pfl_map *commits)
{
    const struct pfl_run *run;
    size_t i;

    for (i = 0; i < section->facts.point_count; i++)
        if (pfl_log_measured(g->flow, section->facts.points[i].run, &run, NULL) == PFL_OK &&
            !pfl_map_set(commits, run->revision.commit, i))
            return pfl_err_no_memory(g->err);
    return PFL_OK;
}

/* facts of the section with the new points behind. */
static int grow_facts(struct pfl_log_growth *g, struct pfl_log_section *section,
                      const struct point_list *fresh)
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

static int grow(struct pfl_log_growth *g, struct pfl_log_section *section)
{
    struct point_list fresh = {0};
    struct pfl_map commits;
    long place;
    size_t i;
    int rc = reached(g, section, &place);

    pfl_map_init(&commits);
    if (rc == PFL_OK)
        rc = rows_of(g, section, &commits);

    for (i = 0; rc == PFL_OK && i < g->records.n; i++) {
        struct pfl_log_point point = {g->records.at[i].head->id, "", ""};

        if (!pfl_log_number(g->runs[i], section->facts.benchmark, section->facts.metric,
                            section->facts.variant) ||
            !is_last_of_revision(g, section, i))
            continue;
        if ((long)g->records.at[i].place <= place) {
            section->left_out += !pfl_map_get(&commits, g->runs[i]->revision.commit);
            continue;
        }
        point.tag = pfl_log_tag(g->flow, g->runs[i]->revision.commit);
        if (!pfl_vec_push(&fresh, &point))
            rc = pfl_err_no_memory(g->err);
    }
    if (rc == PFL_OK)
        rc = grow_facts(g, section, &fresh);
    pfl_vec_release(&fresh);
    pfl_map_release(&commits);
    return rc;
}

/* ---- nothing to show ---- */

static int nothing(struct pfl_log_growth *g)
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

static int hand_over(struct pfl_log_growth *g, size_t added, struct pfl_flow_trend_made *made)
{
    struct pfl_flow_trend_made done = {.place = g->page.place, .added = added};
    size_t i;

    done.sections = pfl_arena_array(g->flow->arena, g->sections.n + 1, sizeof *done.sections);
    if (!done.sections)
        return pfl_err_no_memory(g->err);
    for (i = 0; i < g->sections.n; i++) {
        const struct pfl_log_section *section = &g->sections.at[i];
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
    done.thinned = g->records.thinned;
    done.refused = g->records.newest_refused;
    *made = done;
    return PFL_OK;
}

static int load_records(struct pfl_log_growth *g)
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

static int gather(struct pfl_log_growth *g, size_t *added)
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
    struct pfl_log_growth g = {.flow = flow, .params = params, .err = err};
    size_t added = 0;
    int rc;

    g.page.place = pfl_flow_trend_place(flow, params->metric);
    if (!g.page.place)
        return pfl_err_no_memory(err);
    rc = gather(&g, &added);
    if (rc == PFL_OK)
        rc = pfl_log_trend_write(&g, added);
    if (rc == PFL_OK)
        rc = hand_over(&g, added, made);
    pfl_vec_release(&g.sections);
    return rc;
}
