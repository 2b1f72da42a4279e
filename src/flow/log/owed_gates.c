/*
 * Two configurations' gates and targets: where is less asked than before?
 *
 * Gates override one another (the last that matches wins, for each kind of limit by itself), so
 * they are not compared line by line. For every pair of match and metric that either configuration
 * names, what holds is worked out on both sides the way the judge does it; a pattern is taken to
 * cover another when it matches its text ("*" covers "kernels/x*"). A limit that is gone, only
 * reports, or is wider is loosened; the gate that now holds is the one that owes a reason, once for
 * each kind of limit. A reason counts when it was not the reason of a gate there before.
 */
#include "flow/log/owed_parts.h"

#include "base/buf.h"
#include "base/text.h"
#include "base/units.h"

#include <math.h>
#include <string.h>

static const char *const kind_names[PFL_LIMIT_KINDS] = {"max_regression", "max", "min", "max_ratio",
                                                        "min_ratio"};

double pfl_limit_of(const struct pfl_gate *gate, enum pfl_limit_kind kind)
{
    const double limits[PFL_LIMIT_KINDS] = {gate->max_regression, gate->max, gate->min,
                                            gate->max_ratio, gate->min_ratio};

    return limits[kind];
}

static bool covers(const char *pattern, const char *name)
{
    return strcmp(pattern, name) == 0 || pfl_run_selects(pattern, name);
}

bool pfl_gate_covers(const struct pfl_gate *gate, const struct pfl_gate *subject)
{
    return covers(gate->match, subject->match) && (strcmp(gate->metric, subject->metric) == 0 ||
                                                   pfl_text_glob(gate->metric, subject->metric));
}

/* What holds for a match and metric. */
struct holding {
    const struct pfl_gate *gate; /* NULL: nothing */
    bool report_only;
};

static struct holding holding_of(const struct pfl_config *config, const struct pfl_gate *subject,
                                 enum pfl_limit_kind kind)
{
    struct holding holding = {0};
    size_t i;
    int k;

    for (i = 0; i < config->gate_count; i++) {
        const struct pfl_gate *gate = &config->gates[i];
        bool limited = false;

        if (!pfl_gate_covers(gate, subject))
            continue;
        for (k = 0; k < PFL_LIMIT_KINDS; k++)
            limited = limited || !isnan(pfl_limit_of(gate, (enum pfl_limit_kind)k));
        if (!isnan(pfl_limit_of(gate, kind)) || (!limited && holding.gate))
            holding.report_only = gate->report_only;
        if (!isnan(pfl_limit_of(gate, kind)) || (!limited && holding.gate && gate->report_only))
            holding.gate = gate;
    }
    return holding;
}

bool pfl_limit_is_wider(enum pfl_limit_kind kind, double before, double now)
{
    return kind == PFL_LIMIT_LEAST || kind == PFL_LIMIT_LEAST_RATIO ? now < before : now > before;
}

static void write_limit(struct pfl_buf *buf, enum pfl_limit_kind kind, const char *metric,
                        double value)
{
    const struct pfl_metric *known = pfl_metric_find(metric);
    struct pfl_buf *out = buf;

    if (kind == PFL_LIMIT_REGRESSION) {
        pfl_units_write(out, value * 100, "1", 3);
        pfl_buf_text(out, " %");
    } else {
        pfl_units_write(
            out, value,
            kind == PFL_LIMIT_MOST || kind == PFL_LIMIT_LEAST ? known ? known->unit : "1" : "1", 3);
    }
}

/* Texts are made in the arena; NULL: no memory. */
static const char *change_text(struct pfl_loosening *c, enum pfl_limit_kind kind,
                               const char *metric, double before, double now)
{
    struct pfl_buf buf;
    const char *text;

    pfl_buf_init(&buf, 4096);
    pfl_buf_format(&buf, "%s ", kind_names[kind]);
    write_limit(&buf, kind, metric, before);
    if (isnan(now)) {
        pfl_buf_text(&buf, " removed");
    } else {
        pfl_buf_text(&buf, " → ");
        write_limit(&buf, kind, metric, now);
    }
    text = buf.error ? NULL : pfl_arena_text(c->arena, pfl_buf_cstr(&buf));
    pfl_buf_release(&buf);
    return text;
}

const char *pfl_loosened_limit(struct pfl_loosening *c, enum pfl_limit_kind kind,
                               const struct pfl_gate *before, const struct pfl_gate *now)
{
    if (now->report_only)
        return pfl_arena_format(c->arena, "%s only reports", kind_names[kind]);
    return change_text(c, kind, before->metric, pfl_limit_of(before, kind),
                       pfl_limit_of(now, kind));
}

static bool same(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

static bool was_reason(const struct pfl_config *config, const char *reason)
{
    const struct pfl_documents *documents = &config->documents;
    bool was = same(documents->release_reason, reason);
    size_t i;

    for (i = 0; i < config->gate_count; i++)
        was = was || same(config->gates[i].reason, reason);
    for (i = 0; i < config->target_count; i++)
        was = was || same(config->targets[i].reason, reason);
    for (i = 0; i < documents->path_count; i++)
        was = was || same(documents->paths[i].reason, reason);
    for (i = 0; i < documents->removed_count; i++)
        was = was || same(documents->removed[i].reason, reason);
    return was;
}

const char *pfl_loosened_reason(const struct pfl_loosening *c, const char *reason)
{
    return reason && !was_reason(c->before, reason) ? reason : NULL;
}

const char *pfl_loosened_removal(const struct pfl_loosening *c, enum pfl_removed_kind kind,
                                 const char *match, const char *metric)
{
    const struct pfl_documents *documents = &c->now->documents;
    size_t i;

    for (i = 0; i < documents->removed_count; i++) {
        const struct pfl_removed *removed = &documents->removed[i];

        if (removed->kind == kind && covers(removed->match, match) &&
            (!metric || !removed->metric || strcmp(removed->metric, metric) == 0 ||
             pfl_text_glob(removed->metric, metric)) &&
            pfl_loosened_reason(c, removed->reason))
            return removed->reason;
    }
    return NULL;
}

const char *pfl_loosened_share(struct pfl_loosening *c, const char *what, double before, double now)
{
    struct pfl_buf buf;
    const char *text;

    pfl_buf_init(&buf, 256);
    pfl_buf_format(&buf, "%s ", what);
    write_limit(&buf, PFL_LIMIT_REGRESSION, "", before);
    if (isnan(now)) {
        pfl_buf_text(&buf, " removed");
    } else {
        pfl_buf_text(&buf, " → ");
        write_limit(&buf, PFL_LIMIT_REGRESSION, "", now);
    }
    text = buf.error ? NULL : pfl_arena_text(c->arena, pfl_buf_cstr(&buf));
    pfl_buf_release(&buf);
    return text;
}

int pfl_loosened_add(struct pfl_loosening *c, const struct pfl_loosened *one)
{
    size_t i;

    if (!one->what || !one->change || (one->removed && !one->entry))
        return pfl_err_no_memory(c->err);
    for (i = 0; i < c->found.n; i++) /* one gate may hold several subjects */
        if (c->found.at[i].line == one->line && c->found.at[i].removed == one->removed &&
            strcmp(c->found.at[i].change, one->change) == 0 &&
            strcmp(c->found.at[i].file, one->file) == 0 &&
            (!one->removed || strcmp(c->found.at[i].what, one->what) == 0))
            return PFL_OK;
    return pfl_vec_push(&c->found, one) ? PFL_OK : pfl_err_no_memory(c->err);
}

/* "gate: kernels, metric: peak_rss" */
static const char *entry_of(struct pfl_loosening *c, const char *kind, const char *name,
                            const char *metric)
{
    return pfl_arena_format(c->arena, "%s: \"%s\", metric: \"%s\"", kind, name, metric);
}

static int compare_gates(struct pfl_loosening *c, const struct pfl_gate *subject,
                         enum pfl_limit_kind kind)
{
    struct holding before = holding_of(c->before, subject, kind);
    struct holding now = holding_of(c->now, subject, kind);
    const struct pfl_gate *named = now.gate ? now.gate : before.gate;
    double was, is;
    struct pfl_loosened one;

    if (!before.gate || before.report_only)
        return PFL_OK;
    was = pfl_limit_of(before.gate, kind);
    is = now.gate ? pfl_limit_of(now.gate, kind) : NAN;
    if (now.gate && !now.report_only && !pfl_limit_is_wider(kind, was, is))
        return PFL_OK;
    one = (struct pfl_loosened){
        .what = pfl_arena_format(c->arena, "gate \"%s\" %s", named->match, named->metric),
        .file = named->file,
        .line = named->line,
        .removed = !now.gate,
        .reason = now.gate ? pfl_loosened_reason(c, now.gate->reason)
                           : pfl_loosened_removal(c, PFL_REMOVED_GATE, named->match, named->metric),
        .entry = entry_of(c, "gate", named->match, named->metric),
        .change = now.gate && now.report_only
                      ? pfl_arena_format(c->arena, "%s only reports", kind_names[kind])
                      : change_text(c, kind, subject->metric, was, is),
    };
    return pfl_loosened_add(c, &one);
}

static int all_gates(struct pfl_loosening *c, const struct pfl_config *of)
{
    size_t i;
    int kind, rc = PFL_OK;

    for (i = 0; i < of->gate_count; i++)
        for (kind = 0; kind < PFL_LIMIT_KINDS && rc == PFL_OK; kind++)
            rc = compare_gates(c, &of->gates[i], (enum pfl_limit_kind)kind);
    return rc;
}

/* ---- targets ---- */

static const struct pfl_target *target_of(const struct pfl_config *config,
                                          const struct pfl_target *subject)
{
    const struct pfl_target *found = NULL;
    size_t i;

    for (i = 0; i < config->target_count; i++)
        if (covers(config->targets[i].benchmark, subject->benchmark) &&
            (strcmp(config->targets[i].metric, subject->metric) == 0 ||
             pfl_text_glob(config->targets[i].metric, subject->metric)))
            found = &config->targets[i];
    return found;
}

static const char *target_change(struct pfl_loosening *c, const struct pfl_target *before,
                                 const struct pfl_target *now)
{
    bool no_max = !isnan(before->max) && !(now && now->max <= before->max);
    bool no_min = !isnan(before->min) && !(now && now->min >= before->min);

    if (!now)
        return "removed";
    if (no_max)
        return change_text(c, PFL_LIMIT_MOST, before->metric, before->max, now->max);
    if (no_min)
        return change_text(c, PFL_LIMIT_LEAST, before->metric, before->min, now->min);
    if (now->tolerance <= before->tolerance)
        return "";
    return pfl_loosened_share(c, "tolerance", before->tolerance, now->tolerance);
}

static int all_targets(struct pfl_loosening *c)
{
    size_t i;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < c->before->target_count; i++) {
        const struct pfl_target *subject = &c->before->targets[i];
        const struct pfl_target *before = target_of(c->before, subject);
        const struct pfl_target *now = target_of(c->now, subject);
        const struct pfl_target *named = now ? now : before;
        struct pfl_loosened one = {
            .what = pfl_arena_format(c->arena, "target \"%s\" %s", named->benchmark, named->metric),
            .file = named->file,
            .line = named->line,
            .removed = !now,
            .reason =
                now ? pfl_loosened_reason(c, now->reason)
                    : pfl_loosened_removal(c, PFL_REMOVED_TARGET, named->benchmark, named->metric),
            .entry = entry_of(c, "target", named->benchmark, named->metric),
            .change = target_change(c, before, now),
        };

        if (!one.change || *one.change)
            rc = pfl_loosened_add(c, &one);
    }
    return rc;
}

int pfl_flow_loosened(struct pfl_arena *arena, const struct pfl_config *before,
                      const struct pfl_config *now, struct pfl_owed *owed, struct pfl_err *err)
{
    struct pfl_loosening c = {.arena = arena,
                              .before = before,
                              .now = now,
                              .place = owed->place ? owed->place : "perfledger.yaml",
                              .err = err};
    size_t i;
    int rc = all_gates(&c, before);

    if (rc == PFL_OK)
        rc = all_gates(&c, now);
    if (rc == PFL_OK)
        rc = pfl_loosened_crossings(&c);
    if (rc == PFL_OK)
        rc = all_targets(&c);
    if (rc == PFL_OK)
        rc = pfl_loosened_rules(&c);
    if (rc == PFL_OK)
        rc = pfl_loosened_release(&c);
    owed->loosened = pfl_arena_array(arena, c.found.n + 1, sizeof *owed->loosened);
    if (rc == PFL_OK && !owed->loosened)
        rc = pfl_err_no_memory(err);
    for (i = 0; rc == PFL_OK && i < c.found.n; i++) {
        owed->loosened[i] = c.found.at[i];
        owed->reasons += !c.found.at[i].reason;
    }
    owed->loosened_count = rc == PFL_OK ? c.found.n : 0;
    pfl_vec_release(&c.found);
    return rc;
}
