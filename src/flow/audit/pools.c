/*
 * The other runs of a row's revisions, as the row states them.
 *
 * Their medians are facts, for the runs themselves need not be kept. The cited runs are among them,
 * and those are at hand everywhere. The others are known to a ledger that holds as many runs of the
 * revision as the row speaks of; one that holds fewer (a clone's own, of imported runs) proves
 * nothing, and that is said. What came to the ledger since the row was written may contradict it,
 * too: a row cannot be written anew for that, so it is a note.
 */
#include "flow/audit/facing.h"

#include "base/text.h"
#include "flow/log/points.h"
#include "flow/log/row_parts.h"

#include <math.h>
#include <string.h>

static bool is_same(double one, double other)
{
    return fabs(one - other) <= 1e-12 * fabs(other);
}

static bool cites(const struct pfl_run *run, const struct pfl_row_pool *pool, int side)
{
    const struct pfl_result *number =
        pfl_log_number(run, pool->benchmark, pool->metric, pool->variant);

    return number && is_same(pool->medians[side][pool->place[side] - 1], number->summary.median);
}

struct known {
    double *medians; /* NaN: the run does not have it */
    size_t n;
};

static int learn_run(const struct pfl_audit_facing *f, const char *id,
                     const struct pfl_row_pool *pool, struct known *known)
{
    const struct pfl_result *number;
    struct pfl_run run;
    int rc = pfl_flow_load(f->auditor->flow, id, &run, f->auditor->err);

    if (rc != PFL_OK)
        return rc;
    number = pfl_log_number(&run, pool->benchmark, pool->metric, pool->variant);
    if (number)
        known->medians[known->n++] = number->summary.median;
    return PFL_OK;
}

static int learn(const struct pfl_audit_facing *f, const struct pfl_run *cited,
                 const struct pfl_row_pool *pool, struct known *known)
{
    struct pfl_flow *flow = f->auditor->flow;
    struct pfl_store_query query = {.machine_id = cited->machine.id,
                                    .commit = cited->revision.commit,
                                    .without_races = true,
                                    .with_void = true};
    struct pfl_arena scratch, *kept = flow->arena;
    struct pfl_run_head *heads;
    size_t i, n;
    int rc = pfl_store_list(flow->store, &query, flow->arena, &heads, &n, f->auditor->err);

    known->n = 0;
    known->medians = pfl_arena_array(flow->arena, n + 1, sizeof *known->medians);
    if (rc == PFL_OK && !known->medians)
        rc = pfl_err_no_memory(f->auditor->err);
    for (i = 0; rc == PFL_OK && i < n; i++) {
        pfl_arena_init(&scratch);
        flow->arena = &scratch;
        rc = learn_run(f, heads[i].id, pool, known);
        flow->arena = kept;
        pfl_arena_release(&scratch);
    }
    return rc;
}

/* Each of the ledger's stands for one that is stated. */
static bool is_among(double stated, struct known *known)
{
    size_t i;

    for (i = 0; i < known->n; i++)
        if (is_same(stated, known->medians[i])) {
            known->medians[i] = NAN;
            return true;
        }
    return false;
}

static int look_at_side(const struct pfl_audit_facing *f, const struct pfl_row_pool *pool, int side)
{
    const struct pfl_run *cited = side ? f->head : f->base;
    struct known known;
    size_t i;
    int rc = learn(f, cited, pool, &known);

    if (rc != PFL_OK)
        return rc;
    if (known.n < pool->n[side]) {
        f->auditor->pools_unproven++;
        return PFL_OK;
    }
    for (i = 0; i < pool->n[side]; i++)
        if (!is_among(pool->medians[side][i], &known))
            return PFL_AUDIT_FIND(f,
                                  "run %zu of %.10s is said to have a median %s of %s that no run "
                                  "of that revision in the ledger has",
                                  i + 1, cited->revision.commit, pfl_audit_shown(f, pool->metric),
                                  pfl_audit_shown(f, pool->benchmark));
    return PFL_OK;
}

/* The ledger's runs of today instead of those that the row states. */
static int look_at_todays(const struct pfl_audit_facing *f, const struct pfl_comparison *comparison)
{
    struct pfl_auditor *auditor = f->auditor;
    struct pfl_row_facts row = f->row;
    struct pfl_err why = {0};
    int rc = pfl_log_row_pool(auditor->flow, &row, comparison, &why);

    if (rc == PFL_OK)
        rc = pfl_log_row_refuse_pools(&row, comparison, &why);
    if (rc == PFL_EGATE)
        return pfl_audit_note(
            auditor, pfl_arena_format(auditor->arena, "%s:%d: other runs contradict this row: %s",
                                      f->document->path, f->block->line, why.message));
    if (rc != PFL_OK && auditor->err)
        *auditor->err = why;
    return rc;
}

int pfl_audit_pools(const struct pfl_audit_facing *f, const struct pfl_comparison *comparison)
{
    struct pfl_store *store;
    bool ledger = pfl_flow_store(f->auditor->flow, PFL_FLOW_READ, &store, NULL) == PFL_OK;
    size_t i;
    int side, rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < f->row.pool_count; i++) {
        const struct pfl_row_pool *pool = &f->row.pools[i];

        f->auditor->pools_unproven += !ledger;
        if (!cites(f->base, pool, 0) || !cites(f->head, pool, 1))
            return PFL_AUDIT_FIND(f,
                                  "%s of %s: the median that is stated for the cited run among all "
                                  "runs of the revision is not that run's",
                                  pfl_audit_shown(f, pool->metric),
                                  pfl_audit_shown(f, pool->benchmark));
        for (side = 0; rc == PFL_OK && ledger && side < 2; side++)
            rc = look_at_side(f, pool, side);
    }
    return rc == PFL_OK && ledger ? look_at_todays(f, comparison) : rc;
}
