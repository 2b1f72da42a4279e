/* `log retract`: why a block is gone, and where that stands now. */
#include "cli/log.h"

#include "base/text.h"
#include "flow/log/retract.h"

#include <string.h>

static int fill(struct pfl_context *context, const void *data, struct pfl_buf *out,
                struct pfl_err *err)
{
    const struct pfl_flow_log_retracted *done = data;
    struct pfl_json_writer w;

    if (context->json) {
        pfl_cli_json_open(&w, out);
        pfl_json_put_string(&w, "file", done->file);
        pfl_json_put_integer(&w, "line", done->line);
        pfl_json_put_string(&w, "kind", done->kind);
        pfl_json_put_string(&w, "title", done->title);
        pfl_json_put_string(&w, "commit", done->commit);
        pfl_cli_json_close(&w, out);
    } else {
        pfl_buf_format(out, "%s:%d: retracted the %s ", done->file, done->line, done->kind);
        pfl_text_escape(out, done->title, strlen(done->title));
        pfl_buf_char(out, '\n');
    }
    return pfl_buf_check(out, err, "writing what was retracted");
}

int pfl_cli_log_retract(struct pfl_context *context, struct pfl_flow *flow, struct pfl_err *err)
{
    const struct pfl_log_options *given = context->options;
    struct pfl_flow_log_retract_params params = {.why = given->why};
    struct pfl_flow_log_retracted done;
    int rc = pfl_cli_check_args(context, "log retract", 2, 2, err);

    if (rc == PFL_OK) {
        params.id = context->args[1];
        rc = pfl_flow_log_retract(flow, &params, &done, err);
    }
    return rc == PFL_OK ? pfl_cli_print_filled(context, fill, &done, err) : rc;
}
