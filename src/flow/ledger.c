/* Reading the ledger and remarking on it. The record itself never changes: `void` and `note` stand
 * beside it. */
#include "flow/ledger.h"

#include "formats/run_json.h"
#include "judge/judge.h"

#include <math.h>
#include <string.h>

int pfl_flow_list(struct pfl_flow *flow, size_t last, struct pfl_run_head **heads, size_t *n,
                  struct pfl_err *err)
{
    struct pfl_store_query query = {.with_void = true, .last = last};
    struct pfl_store *store;
    int rc = pfl_flow_store(flow, PFL_FLOW_READ, &store, err);

    if (rc == PFL_ENOENT && !flow->ledger_given) { /* no ledger yet is an empty ledger */
        *heads = NULL;
        *n = 0;
        return PFL_OK;
    }
    return rc == PFL_OK ? pfl_store_list(store, &query, flow->arena, heads, n, err) : rc;
}

int pfl_flow_show(struct pfl_flow *flow, const char *word, struct pfl_flow_shown *shown,
                  struct pfl_err *err)
{
    struct pfl_flow_shown made = {0};
    int rc = pfl_flow_resolve(flow, word, &made.run, &made.label, err);

    if (rc == PFL_OK)
        rc = pfl_judge_assess(&made.run, flow->arena, &made.assessments, err);
    if (rc == PFL_OK)
        rc = pfl_judge_fits(&made.run, flow->arena, &made.fits, &made.fit_count, err);
    if (rc == PFL_OK && flow->store)
        rc = pfl_store_remarks(flow->store, made.run.id, flow->arena, &made.remarks,
                               &made.remark_count, err);
    if (rc == PFL_OK)
        *shown = made;
    return rc;
}

static int64_t now_unix_ns(const struct pfl_flow *flow)
{
    return flow->clock->unix_ns(flow->clock->context);
}

static int name_run(struct pfl_flow *flow, const char *word, const char **id, struct pfl_err *err)
{
    struct pfl_run run = {0};
    struct pfl_store *store;
    const char *label;
    int rc = pfl_flow_store(flow, PFL_FLOW_REMARK, &store, err);

    if (rc == PFL_OK)
        rc = strcmp(word, "latest") == 0 ? pfl_flow_resolve(flow, word, &run, &label, err)
                                         : pfl_store_load(store, word, flow->arena, &run, err);
    if (rc == PFL_OK)
        *id = run.id;
    return rc;
}

int pfl_flow_void(struct pfl_flow *flow, const char *word, const char *why, bool undo,
                  const char **id, struct pfl_err *err)
{
    const char *named;
    int rc = name_run(flow, word, &named, err);

    if (rc != PFL_OK)
        return rc;
    rc = undo ? pfl_store_unvoid(flow->store, named, err)
              : pfl_store_void(flow->store, named, why, now_unix_ns(flow), err);
    if (rc == PFL_OK)
        *id = named;
    return rc;
}

int pfl_flow_note(struct pfl_flow *flow, const char *word, const char *text, const char **id,
                  struct pfl_err *err)
{
    const char *named;
    int rc = name_run(flow, word, &named, err);

    if (rc != PFL_OK)
        return rc;
    rc = pfl_store_note(flow->store, named, text, now_unix_ns(flow), err);
    if (rc == PFL_OK)
        *id = named;
    return rc;
}

int pfl_flow_yardsticks_reset(struct pfl_flow *flow, const char **machine, bool *known,
                              struct pfl_err *err)
{
    const struct pfl_machine *here;
    struct pfl_store *store;
    int rc = pfl_flow_machine(flow, &here, err);

    if (rc == PFL_OK)
        rc = pfl_flow_store(flow, PFL_FLOW_REMARK, &store, err);
    if (rc == PFL_OK)
        rc = pfl_store_yardsticks_reset(store, here->id, here->fingerprint, known, err);
    if (rc == PFL_OK)
        *machine = here->id;
    return rc;
}
