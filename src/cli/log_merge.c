/* `log merge`: a merge driver for git. What git wants is the exit status and the file. */
#include "cli/log.h"

#include "flow/log/merge.h"

int pfl_cli_log_merge(struct pfl_context *context, struct pfl_flow *flow, struct pfl_err *err)
{
    struct pfl_flow_log_merge_params params;
    size_t conflicts = 0;
    int rc = pfl_cli_check_args(context, "log merge", 4, 4, err);

    if (rc != PFL_OK)
        return rc;
    params =
        (struct pfl_flow_log_merge_params){context->args[1], context->args[2], context->args[3]};
    rc = pfl_flow_log_merge(&params, flow->arena, &conflicts, err);
    if (rc == PFL_OK && conflicts)
        rc = pfl_err_set(err, PFL_EGATE,
                         "%s: %zu place%s of people's text conflict; the markers say where",
                         params.ours, conflicts, conflicts == 1 ? "" : "s");
    return rc;
}
