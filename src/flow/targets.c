/*
 * A run against the goals. They hold where the run was measured on the reference machine; what
 * counts is the run's machine, not the one at hand, so that a run of the laboratory can be looked
 * at anywhere.
 */
#include "flow/targets.h"

#include "documents/words.h"
#include "flow/compare.h"
#include "flow/log/record.h"
#include "judge/targets.h"

#include <string.h>

int pfl_flow_targets(struct pfl_flow *flow, const struct pfl_flow_targets_params *params,
                     struct pfl_targets *out, struct pfl_err *err)
{
    const char *reference = flow->config.reference_machine;
    struct pfl_run *head = pfl_arena_alloc(flow->arena, sizeof *head);
    struct pfl_targets made = {
        .run = head, .strict = params->strict, .allow_unmeasured = params->allow_unmeasured};
    const char *why = NULL;
    int rc;

    if (!head)
        return pfl_err_no_memory(err);
    if (flow->config.target_count == 0)
        return pfl_err_set(err, PFL_ENOTHING,
                           "no target is configured: `targets:` in perfledger.yaml holds them, for "
                           "instance - { benchmark: \"kernels/*\", metric: time, max: 50ms }");
    rc = pfl_flow_check_head(flow, params->run, head, err);
    if (rc != PFL_OK)
        return rc;
    made.label = *head->id ? pfl_arena_format(flow->arena, "run %.8s", head->id) : "this run";
    if (!made.label)
        return pfl_err_no_memory(err);
    if (*head->id)
        rc = pfl_log_void(flow, head->id, &why, err);
    if (rc != PFL_OK)
        return rc;
    if (why) {
        made.report_only = pfl_arena_format(
            flow->arena, "run %.8s was declared void (%s), so it meets and misses nothing",
            head->id, why);
        if (!made.report_only)
            return pfl_err_no_memory(err);
    } else if (reference && !pfl_machine_is(&head->machine, reference)) {
        made.report_only =
            pfl_arena_format(flow->arena, "targets hold on %s, and this run is of %s", reference,
                             pfl_words_machine_and_id(&head->machine, flow->arena));
        if (!made.report_only)
            return pfl_err_no_memory(err);
    }
    rc =
        pfl_judge_targets(flow->config.targets, flow->config.target_count, flow->arena, &made, err);
    if (rc == PFL_OK)
        *out = made;
    return rc;
}
