/*
 * The stored run that stands for a revision.
 *
 * The ledger first: of the complete configured runs of that very commit, measured on this machine
 * (or one of its class), not void, not dirty and not the head itself, the one that measured most,
 * the newest of those. A quick run of one tier after a full one would otherwise leave most of the
 * gate without a base. Then what the repository keeps (kept.c).
 *
 * A run of another machine is remembered, in case nothing better is found, and marked.
 */
#include "flow/release/base.h"

#include "flow/release/kept.h"

#include <string.h>

static const struct pfl_machine *machine_of(const struct pfl_flow *flow,
                                            const struct pfl_release_base *base)
{
    return base->head ? &base->head->machine : &flow->machine;
}

/* One box, or one class of boxes: the user's name for them is then their id, too. */
static bool fits(const struct pfl_machine *machine, const char *id, const char *fingerprint)
{
    bool named = machine->name && *machine->name && strcmp(machine->name, "auto") != 0;

    return strcmp(machine->fingerprint, fingerprint) == 0 ||
           (named && strcmp(machine->name, id) == 0);
}

bool pfl_release_base_is_here(const struct pfl_flow *flow, const struct pfl_release_base *base,
                              const struct pfl_run *run)
{
    return base->any_machine ||
           fits(machine_of(flow, base), run->machine.id, run->machine.fingerprint);
}

struct pfl_run *pfl_release_base_new_run(struct pfl_flow *flow, struct pfl_err *err)
{
    struct pfl_run *run = pfl_arena_alloc(flow->arena, sizeof *run);

    if (!run)
        pfl_err_no_memory(err);
    return run;
}

int pfl_release_base_take(struct pfl_flow *flow, struct pfl_release_base *base, struct pfl_run *run,
                          const char *kept_by, struct pfl_err *err)
{
    bool here = pfl_release_base_is_here(flow, base, run);
    bool other = strcmp(run->revision.commit, base->commit) != 0;
    const char *label = pfl_arena_format(
        flow->arena, "%s (run %.8s%s%s%s%.*s%s)", base->name, run->id, kept_by ? ", " : "",
        kept_by ? kept_by : "", other ? ", measured at " : "", other ? 10 : 0, run->revision.commit,
        other ? ", since when only documents changed" : "");

    if (!label)
        return pfl_err_no_memory(err);
    if (base->run && !here) /* what was found before is as good */
        return PFL_OK;
    base->run = run;
    base->label = label;
    base->elsewhere = !here;
    base->kept_by = kept_by;
    return PFL_OK;
}

/* ---- the ledger ---- */

static size_t measured_of(const struct pfl_run_head *head)
{
    return head->benchmark_count - head->failed_count - head->skipped_count;
}

/* heads: newest last. */
static const struct pfl_run_head *best_head(const struct pfl_flow *flow,
                                            const struct pfl_release_base *base,
                                            const struct pfl_run_head *heads, size_t n, bool here)
{
    const struct pfl_machine *machine = machine_of(flow, base);
    const struct pfl_run_head *best = NULL;
    size_t i;

    for (i = n; i > 0; i--) {
        const struct pfl_run_head *head = &heads[i - 1];
        bool fitting = base->any_machine || fits(machine, head->machine_id, head->fingerprint);

        if (head->dirty || fitting != here || (base->head && strcmp(head->id, base->head->id) == 0))
            continue;
        if (!best || measured_of(head) > measured_of(best))
            best = head;
    }
    return best;
}

static int look_in_ledger(struct pfl_flow *flow, struct pfl_release_base *base, struct pfl_err *err)
{
    struct pfl_store_query query = {
        .commit = base->commit, .complete_only = true, .without_races = true};
    const struct pfl_run_head *best;
    struct pfl_run_head *heads;
    struct pfl_store *store;
    struct pfl_run *run;
    size_t n;
    int rc = pfl_flow_store(flow, PFL_FLOW_READ, &store, err);

    if (rc == PFL_ENOENT)
        return PFL_OK;
    if (rc == PFL_OK)
        rc = pfl_store_list(store, &query, flow->arena, &heads, &n, err);
    if (rc != PFL_OK)
        return rc;
    best = best_head(flow, base, heads, n, true);
    if (!best)
        best = best_head(flow, base, heads, n, false);
    if (!best)
        return PFL_OK;
    run = pfl_release_base_new_run(flow, err);
    if (!run)
        return PFL_ENOMEM;
    rc = pfl_flow_load(flow, best->id, run, err);
    return rc == PFL_OK ? pfl_release_base_take(flow, base, run, NULL, err) : rc;
}

/* The first benchmark of the head that a page would have had a base for, were it made anew. */
static const char *find_gap(const struct pfl_release_base *base)
{
    size_t i;

    for (i = 0; base->head && base->run && base->refused && i < base->head->benchmark_count; i++) {
        const struct pfl_benchmark *bench = &base->head->benchmarks[i];

        if (bench->status == PFL_STATUS_OK && !pfl_run_find(base->run, bench->name) &&
            pfl_run_find(base->refused, bench->name))
            return bench->name;
    }
    return NULL;
}

int pfl_release_base_find(struct pfl_flow *flow, struct pfl_release_base *base, struct pfl_err *err)
{
    const struct pfl_machine *machine;
    int rc = pfl_flow_machine(flow, &machine, err);

    if (rc == PFL_OK)
        rc = look_in_ledger(flow, base, err);
    if (rc == PFL_OK && (!base->run || base->elsewhere))
        rc = pfl_release_kept(flow, base, err);
    base->gap = find_gap(base);
    return rc;
}
