/*
 * What the program said on the wire → columns of its benchmark, or of benchmarks inside it.
 *
 * Runs after the launch, line by line in the order of arrival. A stage lasts from the arrival of
 * its line to that of the next stage line or the process's end; a stage entered twice gets the sum.
 * Memory: at each stage line the peak so far was read and set back (wire.c), so every peak belongs
 * to the stage that it ended, the last one to the process's end, and the launch's own peak is the
 * largest of all. A malformed line makes the launch invalid and the benchmark failed, with the line
 * quoted: half-read numbers are worse than none.
 */
#include "measure/session.h"

#include "base/text.h"
#include "measure/name.h"

#include <math.h>
#include <string.h>

enum { COLUMNS_MAX = 2000, WARNINGS_MAX = 100 }; /* of one benchmark; metrics, stages, artefacts */

/* The state of reading one launch's lines. */
struct listener {
    struct pfl_session *session;
    struct pfl_session_item *item;
    struct pfl_launch *launch;
    struct pfl_err *err;
    const char *stage; /* NULL: none */
    int64_t stage_since_ns;
    int64_t interval_peak, largest_peak; /* since the last stage line; of all */
};

/* What perfledger measures of every launch by itself. */
static const char *const reserved[] = {
    "time",          "cpu",          "user",        "sys",
    "peak_rss",      "instructions", "page_faults", "context_switches",
    "peak_rss_tree", "yardstick",
};

/* The launch is no sample and the benchmark failed. reason NULL: no memory. */
static int invalid(struct listener *l, const char *reason)
{
    l->launch->flags |= PFL_LAUNCH_INVALID;
    return pfl_session_fail(l->item, PFL_STATUS_FAILED, reason, l->err);
}

/* What is wrong with one benchmark inside is no matter of its neighbours. */
static int fault(struct listener *l, struct pfl_collect *to, const char *reason)
{
    if (to == &l->item->own)
        return invalid(l, reason);
    if (!reason)
        return pfl_err_no_memory(l->err);
    pfl_collect_fail(to, PFL_STATUS_FAILED, reason);
    return PFL_OK;
}

static struct pfl_pair *copy_pairs(struct pfl_arena *arena, const struct pfl_pair *pairs, size_t n)
{
    struct pfl_pair *copy = pfl_arena_array(arena, n, sizeof *copy);
    size_t i;

    for (i = 0; copy && i < n; i++) {
        copy[i] = (struct pfl_pair){pfl_arena_text(arena, pairs[i].name),
                                    pfl_arena_text(arena, pairs[i].value)};
        if (!copy[i].name || !copy[i].value)
            return NULL;
    }
    return copy;
}

static struct pfl_collect *add_inside(struct pfl_session *s, struct pfl_session_item *item,
                                      const char *name, const struct pfl_pair *params, size_t n)
{
    struct pfl_collect *inside = pfl_arena_alloc(s->arena, sizeof *inside);
    struct pfl_pair *kept = copy_pairs(s->arena, params, n);
    const char *kept_name = pfl_arena_text(s->arena, name);

    if (!inside || !kept || !kept_name)
        return NULL;
    pfl_collect_init(inside, s->arena, kept_name, kept, n);
    inside->launches = item->launches.n; /* those before gave it nothing */
    if (!pfl_vec_reserve(&item->insides, item->insides.n + 1) ||
        !pfl_map_set(&item->inside_index, kept_name, item->insides.n))
        return NULL;
    item->insides.at[item->insides.n++] = inside;
    return inside;
}

/* An item for one benchmark inside: the program was asked for no other, and may write arguments
 * otherwise than in its list. */
static bool is_the_one(const struct pfl_plan_item *item, const char *bench)
{
    return item->inside && strncmp(item->inside, bench, strlen(bench)) == 0 &&
           (item->inside[strlen(bench)] == 0 || item->inside[strlen(bench)] == '[');
}

struct pfl_collect *pfl_messages_addressee(struct pfl_session *s, struct pfl_session_item *item,
                                           const struct pfl_wire_message *m)
{
    struct pfl_pair *params = m->params;
    size_t count = m->param_count;
    const size_t *known;
    const char *name;

    if (!m->bench || is_the_one(item->plan, m->bench))
        return &item->own;
    name = pfl_name_inside(&s->scratch, item->plan->name, m->bench, &params, &count,
                           item->plan->params, item->plan->param_count);
    if (!name)
        return NULL;
    known = pfl_map_get(&item->inside_index, name);
    if (known)
        return item->insides.at[*known];
    return add_inside(s, item, name, params, count);
}

/* A metric's column; NULL with the benchmark failed (*rc PFL_OK) or memory gone. */
static struct pfl_column *column_for(struct listener *l, struct pfl_collect *to,
                                     const struct pfl_wire_message *m, const char *metric, int *rc)
{
    const char *unit = m->unit;
    struct pfl_column *column =
        pfl_collect_column(to, metric, m->variant, unit, m->better_given ? &m->better : NULL);

    *rc = PFL_OK;
    if (!column)
        *rc = pfl_err_no_memory(l->err);
    else if (unit && strcmp(column->unit, unit) != 0) {
        *rc = fault(l, to,
                    pfl_arena_format(l->session->arena, "it reports the metric %s in %s and in %s",
                                     metric, column->unit, unit));
        column = NULL;
    }
    return column;
}

static int hear_metric(struct listener *l, struct pfl_collect *to, const struct pfl_wire_message *m)
{
    struct pfl_column *column;
    size_t i;
    int rc;

    for (i = 0; i < PFL_COUNT(reserved); i++)
        if (strcmp(m->text, reserved[i]) == 0 && (!m->bench || strcmp(m->text, "yardstick") == 0))
            return invalid(l, pfl_arena_format(
                                  l->session->arena,
                                  "it reports \"%s\", which perfledger measures itself; report it "
                                  "under another name%s",
                                  m->text, m->bench ? "" : ", or with a \"bench\""));
    column = column_for(l, to, m, m->text, &rc);
    if (column)
        column->current = m->value;
    return rc;
}

static int hear_samples(struct listener *l, struct pfl_collect *to,
                        const struct pfl_wire_message *m)
{
    int rc;

    if (!column_for(l, to, m, "time", &rc))
        return rc;
    return pfl_collect_samples(to, m->samples, m->yardsticks, m->sample_count, m->yardstick)
               ? PFL_OK
               : pfl_err_no_memory(l->err);
}

static int hear_environment(struct listener *l, struct pfl_collect *to,
                            const struct pfl_wire_message *m)
{
    size_t i;

    for (i = 0; i < m->pair_count; i++)
        if (!pfl_collect_environment(to, m->pairs[i].name, m->pairs[i].value))
            return pfl_err_no_memory(l->err);
    return PFL_OK;
}

static int hear_artifact(struct listener *l, struct pfl_collect *to,
                         const struct pfl_wire_message *m)
{
    const char *problem;
    int rc = pfl_artifact_hear(l->session, l->item, to, m, &problem, l->err);

    return rc == PFL_OK && problem ? fault(l, to, problem) : rc;
}

/* A stage (or nothing) ends at `at_ns`, having peaked at interval_peak. */
static int end_stage(struct listener *l, int64_t at_ns)
{
    struct pfl_session *s = l->session;
    struct pfl_column *column;
    const char *metric;
    double peak = (double)l->interval_peak;

    if (!l->stage)
        return PFL_OK;
    metric = pfl_arena_format(&s->scratch, "time:%s", l->stage);
    column = metric ? pfl_collect_column(&l->item->own, metric, "", NULL, NULL) : NULL;
    if (!column)
        return pfl_err_no_memory(l->err);
    column->current = (isnan(column->current) ? 0 : column->current) +
                      (double)(at_ns > l->stage_since_ns ? at_ns - l->stage_since_ns : 0) / 1e9;
    if (s->peaks_unknown || l->interval_peak <= 0)
        return PFL_OK;
    metric = pfl_arena_format(&s->scratch, "peak_rss:%s", l->stage);
    column = metric ? pfl_collect_column(&l->item->own, metric, "", NULL, NULL) : NULL;
    if (!column)
        return pfl_err_no_memory(l->err);
    if (isnan(column->current) || peak > column->current)
        column->current = peak;
    return PFL_OK;
}

static int hear_stage(struct listener *l, const struct pfl_wire_message *m, int64_t at_ns)
{
    int rc = end_stage(l, at_ns);

    l->stage = m->text;
    l->stage_since_ns = at_ns;
    l->interval_peak = 0;
    return rc;
}

/* skip, fail and budget_exceeded: about the whole program, or only a benchmark inside it. */
static int hear_verdict(struct listener *l, struct pfl_collect *to,
                        const struct pfl_wire_message *m)
{
    struct pfl_arena *arena = l->session->arena;
    const char *text = pfl_text_shown(&l->session->scratch, m->text), *reason;
    bool skips = m->kind == PFL_WIRE_SKIP;

    if (!text)
        return pfl_err_no_memory(l->err);
    if (m->kind == PFL_WIRE_BUDGET && !isnan(m->value))
        reason = pfl_arena_format(arena, "the budget of %s was exceeded: %g s", text, m->value);
    else if (m->kind == PFL_WIRE_BUDGET)
        reason = pfl_arena_format(arena, "the budget of %s was exceeded", text);
    else
        reason = pfl_arena_text(arena, text);
    if (!reason)
        return pfl_err_no_memory(l->err);
    if (to != &l->item->own) {
        pfl_collect_fail(to, skips ? PFL_STATUS_SKIPPED : PFL_STATUS_FAILED, reason);
        return PFL_OK;
    }
    if (!skips)
        return invalid(l, reason);
    l->launch->flags |= PFL_LAUNCH_INVALID;
    return pfl_session_fail(l->item, PFL_STATUS_SKIPPED, reason, l->err);
}

/* Said by each launch, shown once (pfl_collect_warn). One that varies from launch to launch must
 * not fill a report. */
static int hear_warning(struct listener *l, struct pfl_collect *to,
                        const struct pfl_wire_message *m)
{
    const char *text = pfl_text_shown(&l->session->scratch, m->text);

    if (text && to->warnings.n >= WARNINGS_MAX)
        return PFL_OK;
    if (!text || !pfl_collect_warn(to, pfl_arena_text(l->session->arena, text)))
        return pfl_err_no_memory(l->err);
    return PFL_OK;
}

static int hear_from(struct listener *l, struct pfl_collect *to, const struct pfl_wire_message *m,
                     int64_t at_ns)
{
    switch (m->kind) {
    case PFL_WIRE_STAGE: return hear_stage(l, m, at_ns);
    case PFL_WIRE_METRIC: return hear_metric(l, to, m);
    case PFL_WIRE_SAMPLES: return hear_samples(l, to, m);
    case PFL_WIRE_ENVIRONMENT: return hear_environment(l, to, m);
    case PFL_WIRE_ARTIFACT: return hear_artifact(l, to, m);
    case PFL_WIRE_WARNING: return hear_warning(l, to, m);
    case PFL_WIRE_BEGIN: return PFL_OK; /* hear() */
    case PFL_WIRE_SKIP:
    case PFL_WIRE_FAIL:
    case PFL_WIRE_BUDGET: return hear_verdict(l, to, m);
    }
    return PFL_OK;
}

static int hear(struct listener *l, const struct pfl_wire_message *m, int64_t at_ns)
{
    struct pfl_collect *to;
    int rc;

    if (m->kind == PFL_WIRE_BEGIN)
        return pfl_begun_hear(l->session, l->item, m, l->err);
    to = pfl_messages_addressee(l->session, l->item, m);
    rc = to ? hear_from(l, to, m, at_ns) : pfl_err_no_memory(l->err);
    if (rc == PFL_OK && (to->columns.n > COLUMNS_MAX || l->item->insides.n > COLUMNS_MAX))
        rc = invalid(l, "it reports more than 2000 metrics, or more than 2000 benchmarks inside "
                        "it");
    return rc;
}

static int malformed(struct listener *l, size_t number, const struct pfl_wire_line *line,
                     const char *text, const struct pfl_err *why)
{
    struct pfl_buf quoted;
    const char *reason;

    pfl_buf_init(&quoted, 4096);
    pfl_wire_quote(&quoted, text, line->len);
    reason = quoted.error
                 ? NULL
                 : pfl_arena_format(l->session->arena,
                                    "line %zu of what it wrote to PERFLEDGER_FD is not "
                                    "usable: %s, column %d: %s",
                                    number, why->message, why->column, pfl_buf_cstr(&quoted));
    pfl_buf_release(&quoted);
    return invalid(l, reason);
}

static int hear_line(struct listener *l, size_t index)
{
    const struct pfl_wire *wire = &l->session->wire;
    const struct pfl_wire_line *line = &wire->lines.at[index];
    const char *text = pfl_buf_cstr(&wire->bytes) + line->at;
    struct pfl_wire_message message;
    struct pfl_err why = {0};
    int rc = pfl_wire_parse(text, line->len, &l->session->scratch, &message, &why);

    if (line->peak_bytes > l->interval_peak)
        l->interval_peak = line->peak_bytes;
    if (line->peak_bytes > l->largest_peak)
        l->largest_peak = line->peak_bytes;
    if (rc == PFL_ENOMEM)
        return pfl_err_no_memory(l->err);
    return rc == PFL_OK ? hear(l, &message, line->at_ns)
                        : malformed(l, index + 1, line, text, &why);
}

int pfl_messages_apply(struct pfl_session *s, struct pfl_session_item *item,
                       const struct pfl_launch_result *result, struct pfl_launch *launch,
                       int64_t *peak_bytes, struct pfl_err *err)
{
    struct listener l = {.session = s, .item = item, .launch = launch, .err = err};
    int64_t end_ns = result->started_ns + result->wall_ns;
    size_t i;
    int rc = s->wire.no_memory ? pfl_err_no_memory(err) : PFL_OK;

    item->begun = NULL;
    for (i = 0; rc == PFL_OK && !item->over && i < s->wire.lines.n; i++) {
        if (s->wire.lines.at[i].at_ns > end_ns) /* drained after the process was gone */
            s->wire.lines.at[i].at_ns = end_ns;
        rc = hear_line(&l, i);
    }
    if (result->peak_rss_bytes > l.interval_peak)
        l.interval_peak = result->peak_rss_bytes;
    if (rc == PFL_OK)
        rc = end_stage(&l, end_ns);
    if (rc == PFL_OK && s->wire.overflow && !item->over)
        rc = invalid(&l,
                     pfl_arena_format(s->arena, "it wrote %s to PERFLEDGER_FD", s->wire.overflow));
    *peak_bytes = l.largest_peak > l.interval_peak ? l.largest_peak : l.interval_peak;
    return rc;
}
