/*
 * Facts of snapshots, trends and runs of record.
 *
 * What may stand in a trend or be a run of record is what flow/log/record.h lets in, as far as it
 * can be told without the ledger: configured and complete, of a clean commit that was merged, of a
 * reference machine. A trend's rows follow the branch, so none may be of a commit that leads to the
 * one before it. Targets and tolerances must have been in a configuration, and links lead to files
 * of the repository only: nobody looks at where others lead.
 */
#include "flow/audit/facing.h"

#include "base/units.h"
#include "flow/log/points.h"
#include "flow/log/record.h"
#include "vcs/git.h"

#include <math.h>
#include <string.h>

/* ---- runs that stand for a revision ---- */

static int look_at_machine(const struct pfl_audit_facing *f, const struct pfl_run *run)
{
    bool was, named = true;
    int rc = pfl_audit_was_reference(f, &run->machine, NULL, &was);

    /* before a project named one, the machine at hand was it */
    if (rc == PFL_OK && !was)
        rc = pfl_audit_named_reference(f, run->revision.commit, &named);
    return rc == PFL_OK && !was && named
               ? PFL_AUDIT_FIND(f,
                                "run %.8s was measured on %s, which was never the reference "
                                "machine: it may not stand here",
                                run->id, pfl_audit_shown(f, run->machine.name))
               : rc;
}

/* That a commit is nowhere was told of the run. */
static int look_at_merged(const struct pfl_audit_facing *f, const struct pfl_run *run)
{
    struct pfl_auditor *auditor = f->auditor;
    const char *commit = run->revision.commit, *ref;
    bool merged;
    int rc = pfl_audit_has_commit(auditor, commit, &merged);

    if (rc != PFL_OK || !merged || pfl_map_get(&auditor->commits, commit))
        return rc;
    rc = pfl_log_branch(auditor->flow, &ref, auditor->err);
    merged = !ref;
    if (rc == PFL_OK && ref)
        rc = pfl_git_is_ancestor(auditor->flow->root, commit, ref, &merged, auditor->err);
    return rc == PFL_OK && !merged
               ? PFL_AUDIT_FIND(f, "%.10s, where run %.8s was measured, is not merged into %s",
                                commit, run->id, ref)
               : rc;
}

static int look_at_run(const struct pfl_audit_facing *f, const struct pfl_run *run)
{
    const char *what = run->revision.dirty               ? "of a dirty work tree"
                       : run->partial                    ? "partial"
                       : run->kind != PFL_RUN_CONFIGURED ? "not of the configured suites"
                       : !*run->revision.commit          ? "of no commit"
                                                         : NULL;
    int rc;

    if (what)
        return PFL_AUDIT_FIND(f, "run %.8s is %s: it may not stand here", run->id, what);
    rc = look_at_machine(f, run);
    return rc == PFL_OK && pfl_audit_asks_git(f) ? look_at_merged(f, run) : rc;
}

/* ---- a trend ---- */

/* Newer commits have lower places, but of two side by side either may be first: git is only asked
 * where the order looks wrong. */
static int look_at_order(const struct pfl_audit_facing *f, const struct pfl_run *before,
                         const struct pfl_run *now)
{
    struct pfl_auditor *auditor = f->auditor;
    const char *one = before->revision.commit, *other = now->revision.commit;
    const size_t *place = pfl_map_get(&auditor->commits, one);
    const size_t *other_place = pfl_map_get(&auditor->commits, other);
    bool wrong = strcmp(one, other) == 0;
    int rc = PFL_OK;

    if (!wrong && place && other_place && *place < *other_place)
        rc = pfl_git_is_ancestor(auditor->flow->root, other, one, &wrong, auditor->err);
    return rc == PFL_OK && wrong
               ? PFL_AUDIT_FIND(f,
                                "the rows of a trend follow the branch, but %.10s (run %.8s) does "
                                "not come after %.10s (run %.8s), which stands above it",
                                other, now->id, one, before->id)
               : rc;
}

static int look_at_points(const struct pfl_audit_facing *f, const struct pfl_log_facts *facts)
{
    const struct pfl_run *run = NULL, *before = NULL;
    size_t i;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < facts->point_count; i++, before = run) {
        rc = pfl_log_measured(f->auditor->flow, facts->points[i].run, &run, f->auditor->err);
        if (rc == PFL_OK)
            rc = pfl_audit_tag(f, facts->points[i].tag, run);
        if (rc == PFL_OK)
            rc = look_at_run(f, run);
        if (rc == PFL_OK && before && pfl_audit_asks_git(f))
            rc = look_at_order(f, before, run);
    }
    return rc;
}

/* ---- what the configuration said ---- */

static const char *unit_of(const struct pfl_run *run, const char *metric)
{
    size_t i, j;

    for (i = 0; i < run->benchmark_count; i++)
        for (j = 0; j < run->benchmarks[i].result_count; j++)
            if (strcmp(run->benchmarks[i].results[j].metric, metric) == 0)
                return run->benchmarks[i].results[j].unit;
    return "1";
}

static int look_at_value(const struct pfl_audit_facing *f, const char *what, double value,
                         const char *unit)
{
    struct pfl_buf shown;
    bool was;
    int rc = pfl_audit_was_written(f, value, unit, &was);

    if (rc != PFL_OK || was)
        return rc;
    pfl_buf_init(&shown, 64);
    if (strcmp(unit, "%") == 0)
        pfl_buf_format(&shown, "%g %%", 100 * value);
    else
        pfl_units_write(&shown, value, unit, 3);
    rc = PFL_AUDIT_FIND(f,
                        "a %s of %s was in no perfledger.yaml that was committed, nor is it in "
                        "today's",
                        what, pfl_audit_shown(f, pfl_buf_cstr(&shown)));
    pfl_buf_release(&shown);
    return rc;
}

static int look_at_limits(const struct pfl_audit_facing *f, const struct pfl_log_facts *facts)
{
    size_t i;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < facts->tolerance_count; i++)
        rc = look_at_value(f, "tolerance", facts->tolerances[i].max_regression, "%");
    for (i = 0; rc == PFL_OK && f->head && i < facts->target_count; i++) {
        const struct pfl_target *target = &facts->targets[i];
        const char *unit = unit_of(f->head, target->metric);

        rc = look_at_value(f, "target", isnan(target->max) ? target->min : target->max, unit);
        if (rc == PFL_OK && !isnan(target->max) && !isnan(target->min))
            rc = look_at_value(f, "target", target->min, unit);
        if (rc == PFL_OK && target->tolerance > 0)
            rc = look_at_value(f, "tolerance", target->tolerance, "%");
    }
    return rc;
}

/* ---- links ---- */

static int look_at_links(const struct pfl_audit_facing *f, const struct pfl_log_facts *facts)
{
    const char *target;
    size_t i;

    for (i = 0; i < facts->link_count; i++) {
        target = facts->links[i].target;
        if (*target == '/' || target[strcspn(target, ":/?#")] == ':')
            return PFL_AUDIT_FIND(f, "a page links files of the repository, not %s",
                                  pfl_audit_shown(f, target));
    }
    return PFL_OK;
}

int pfl_audit_page(struct pfl_audit_facing *f)
{
    struct pfl_flow *flow = f->auditor->flow;
    struct pfl_log_facts facts;
    size_t i;
    int rc = pfl_log_facts_read(f->block->facts, f->block->facts_len, flow->arena, &facts, NULL);

    if (rc == PFL_EINVAL)
        return PFL_OK;
    if (rc == PFL_OK && *facts.head)
        rc = pfl_log_measured(flow, facts.head, &f->head, f->auditor->err);
    if (rc == PFL_OK && *facts.base)
        rc = pfl_log_measured(flow, facts.base, &f->base, f->auditor->err);
    if (rc == PFL_OK && f->head)
        rc = pfl_audit_tag(f, facts.head_tag, f->head);
    if (rc == PFL_OK && f->base)
        rc = pfl_audit_tag(f, facts.base_tag, f->base);
    if (rc == PFL_OK && f->head && strcmp(f->block->kind, "latest") == 0)
        rc = look_at_run(f, f->head);
    for (i = 0; rc == PFL_OK && f->head && i < facts.deviation_count; i++)
        rc = pfl_audit_deviation(f, &facts.deviations[i]);
    if (rc == PFL_OK)
        rc = look_at_links(f, &facts);
    if (rc == PFL_OK)
        rc = look_at_limits(f, &facts);
    return rc == PFL_OK ? look_at_points(f, &facts) : rc;
}
