/*
 * `log owed`: prints what the changes since a revision owe and ends with 1 while something is.
 * --suites is for scripts: words alone, one per line, and status 0, for that a row is missing is no
 * reason not to measure. It may print none, and `perfledger run` without words measures everything,
 * so what measures them is `perfledger run --owed`.
 */
#include "cli/log.h"

#include "flow/log/owed.h"
#include "report/owed.h"

static int fill(struct pfl_context *context, const void *data, struct pfl_buf *out,
                struct pfl_err *err)
{
    const struct pfl_log_options *given = context->options;
    const struct pfl_owed *owed = data;
    size_t i;

    if (context->json) {
        pfl_report_owed_json(owed, out);
        return pfl_buf_check(out, err, "writing what is owed as JSON");
    }
    if (!given->suites)
        return pfl_report_owed_terminal(owed, &context->out, context->arena, out, err);
    for (i = 0; i < owed->suite_count; i++)
        pfl_buf_format(out, "%s\n", owed->suites[i]);
    return pfl_buf_check(out, err, "writing the suites to measure");
}

int pfl_cli_log_owed(struct pfl_context *context, struct pfl_flow *flow, struct pfl_err *err)
{
    const struct pfl_log_options *given = context->options;
    struct pfl_owed owed;
    int rc = pfl_cli_check_args(context, "log owed", 1, 1, err);

    if (rc == PFL_OK && given->suites && context->json)
        rc = pfl_err_set(err, PFL_EUSAGE,
                         "--suites prints words for a command line; --json holds them as `suites`");
    if (rc == PFL_OK)
        rc = pfl_flow_owed(flow, given->since, &owed, err);
    if (rc == PFL_OK)
        pfl_err_clear(err); /* what was tried on the way is no error */
    if (rc == PFL_OK)
        rc = pfl_cli_print_filled(context, fill, &owed, err);
    if (rc != PFL_OK || given->suites)
        return rc;
    return pfl_owed_count(&owed) ? PFL_EGATE : PFL_OK;
}
