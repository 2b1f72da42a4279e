/*
 * One run against itself: the values of one parameter. Both sides are of one session and one
 * machine, so neither the ledger's history nor the gates take part; of the policy only what was
 * asked for on the command line.
 */
#include "flow/by.h"

#include "judge/judge.h"

int pfl_flow_compare_by(struct pfl_flow *flow, const struct pfl_flow_by_params *params,
                        struct pfl_by *out, struct pfl_err *err)
{
    const struct pfl_flow_compare_params *asked = params->compare;
    struct pfl_run *run = pfl_arena_alloc(flow->arena, sizeof *run);
    struct pfl_judge_by_params judging = {
        .run = run,
        .param = params->param,
        .reference = params->reference,
        .group_by = params->group_by,
        .sort = asked->sort,
    };
    struct pfl_policy policy;
    int rc;

    if (!run)
        return pfl_err_no_memory(err);
    rc = pfl_flow_resolve(flow, params->run ? params->run : "latest", run, &judging.label, err);
    if (rc != PFL_OK)
        return rc;
    pfl_policy_defaults(&policy);
    policy.tolerance = asked->tolerance;
    policy.strict = asked->strict;
    policy.only_metric = asked->metric;
    policy.fail_on = asked->fail_on_given ? asked->fail_on : 0;
    judging.policy = &policy;
    return pfl_judge_compare_by(&judging, flow->arena, out, err);
}
