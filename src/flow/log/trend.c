/*
 * A trend from facts: the text of a section, and its chart. What goes into a section is decided in
 * trend_grow.c.
 */
#include "flow/log/trend.h"

#include "documents/page.h"
#include "documents/slug.h"
#include "documents/trend.h"
#include "flow/log/documents.h"
#include "flow/log/facts.h"
#include "flow/log/page.h"
#include "flow/log/points.h"

#include <string.h>

const char *pfl_flow_trend_place(struct pfl_flow *flow, const char *metric)
{
    struct pfl_buf file;
    const char *place;

    pfl_buf_init(&file, 1 << 12);
    pfl_buf_text(&file, "trend/");
    pfl_document_slug(&file, metric);
    pfl_buf_text(&file, ".md");
    place = file.error ? NULL : pfl_log_page_place(flow, pfl_buf_cstr(&file));
    pfl_buf_release(&file);
    return place;
}

/* From the one before it, a point differs in its epoch. */
static int fill_epoch(struct pfl_flow *flow, struct pfl_log_epoch *epoch,
                      struct pfl_document_point *point, struct pfl_err *err)
{
    int rc = PFL_OK;

    epoch->what = epoch->more = "";
    if (epoch->before)
        rc = pfl_log_epoch(flow, epoch, err);
    point->epoch = epoch->what;
    point->more = epoch->more;
    return rc;
}

static int fill_point(const struct pfl_log_facts *facts, const struct pfl_run *run,
                      struct pfl_document_point *point, struct pfl_err *err)
{
    const struct pfl_result *result =
        pfl_log_number(run, facts->benchmark, facts->metric, facts->variant);
    struct pfl_document_value value;

    if (!result)
        return pfl_err_set(err, PFL_EINVAL, "run %s has no %s of %s that could stand in a trend",
                           run->id, facts->metric, facts->benchmark);
    value = pfl_document_value_of(result);
    point->revision = &run->revision;
    point->started_unix_ns = run->started_unix_ns;
    point->value = value.value;
    point->low = value.low;
    point->high = value.high;
    return PFL_OK;
}

static int fill(struct pfl_flow *flow, const struct pfl_log_facts *facts,
                struct pfl_document_trend *trend, struct pfl_err *err)
{
    struct pfl_document_point *points =
        pfl_arena_array(flow->arena, facts->point_count + 1, sizeof *points);
    const struct pfl_run *run = NULL, *before = NULL;
    const struct pfl_result *result;
    size_t i;
    int rc = points ? PFL_OK : pfl_err_no_memory(err);

    if (rc == PFL_OK && facts->point_count == 0)
        rc = pfl_err_set(err, PFL_EINVAL, "the facts of a trend name no point");
    for (i = 0; rc == PFL_OK && i < facts->point_count; i++, before = run) {
        rc = pfl_log_measured(flow, facts->points[i].run, &run, err);
        if (rc == PFL_OK)
            rc = fill_point(facts, run, &points[i], err);
        if (rc == PFL_OK) {
            struct pfl_log_epoch epoch = {
                .before = before, .now = run, .benchmark = facts->benchmark};

            rc = fill_epoch(flow, &epoch, &points[i], err);
        }
        points[i].note = facts->points[i].note;
        points[i].tag = facts->points[i].tag;
    }
    if (rc != PFL_OK)
        return rc;
    result = pfl_log_number(run, facts->benchmark, facts->metric, facts->variant);
    trend->benchmark = facts->benchmark;
    trend->metric = facts->metric;
    trend->variant = facts->variant;
    trend->unit = result->unit;
    trend->better = result->better;
    trend->chart = facts->chart;
    trend->points = points;
    trend->point_count = facts->point_count;
    return PFL_OK;
}

int pfl_flow_trend_remake(struct pfl_flow *flow, const char *facts_text, size_t len,
                          struct pfl_buf *text, struct pfl_err *err)
{
    struct pfl_document_trend trend;
    struct pfl_log_facts facts;
    int rc = pfl_log_facts_read(facts_text, len, flow->arena, &facts, err);

    if (rc == PFL_OK)
        rc = fill(flow, &facts, &trend, err);
    return rc == PFL_OK ? pfl_document_trend(&trend, flow->arena, text, err) : rc;
}

int pfl_flow_trend_chart(struct pfl_flow *flow, const char *facts_text, size_t len,
                         struct pfl_buf *svg, const char **place, struct pfl_err *err)
{
    struct pfl_document_trend trend;
    struct pfl_log_facts facts;
    const char *below, *found;
    int rc = pfl_log_facts_read(facts_text, len, flow->arena, &facts, err);

    if (rc == PFL_OK && (!*facts.chart || strchr(facts.chart, '/')))
        rc = pfl_err_set(err, PFL_EINVAL, "the facts of a trend name no file for its chart");
    if (rc == PFL_OK)
        rc = fill(flow, &facts, &trend, err);
    if (rc != PFL_OK)
        return rc;
    below = pfl_arena_format(flow->arena, "trend/%s", facts.chart);
    found = below ? pfl_log_page_place(flow, below) : NULL;
    if (!found)
        return pfl_err_no_memory(err);
    rc = pfl_document_chart(&trend, flow->arena, svg, err);
    if (rc == PFL_OK)
        *place = found;
    return rc;
}
