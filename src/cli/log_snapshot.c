/* `log snapshot`: which file, and what is left for a person to do. */
#include "cli/log.h"

#include "base/text.h"
#include "flow/log/snapshot.h"

#include <string.h>

static void write_json(const struct pfl_flow_snapshot_made *made, struct pfl_buf *out)
{
    struct pfl_json_writer w;

    pfl_cli_json_open(&w, out);
    pfl_json_key(&w, "snapshot");
    pfl_json_object(&w);
    pfl_json_put_string(&w, "file", made->place);
    pfl_json_put_bool(&w, "written", !made->there);
    pfl_json_put_string(&w, "base", made->base);
    pfl_json_put_string(&w, "head", made->head);
    pfl_json_put_integer(&w, "rows", (int64_t)made->row_count);
    pfl_json_put_integer(&w, "linked", (int64_t)made->linked);
    pfl_json_object_end(&w);
    pfl_cli_json_close(&w, out);
}

static int fill(struct pfl_context *context, const void *data, struct pfl_buf *out,
                struct pfl_err *err)
{
    const struct pfl_flow_snapshot_made *made = data;

    if (context->json)
        write_json(made, out);
    else if (made->there)
        pfl_buf_format(out, "%s is there already, of the same run%s; nothing was written\n",
                       made->place, made->base ? "s" : "");
    else
        pfl_buf_format(out,
                       "%s\nits summary is yours to write; commit it with %s%s%s, which it cites\n",
                       made->place, made->runs[0], made->runs[1] ? " and " : "",
                       made->runs[1] ? made->runs[1] : "");
    if (!context->json && made->linked)
        pfl_buf_text(out, made->linked == 1 ? "the row in the log links it now\n"
                                            : "the rows in the log link it now\n");
    return pfl_buf_check(out, err, "writing where the snapshot is");
}

int pfl_cli_log_snapshot(struct pfl_context *context, struct pfl_flow *flow, struct pfl_err *err)
{
    const struct pfl_log_options *given = context->options;
    struct pfl_flow_snapshot_params params = {.base = given->base,
                                              .head = given->head,
                                              .benchmark = given->benchmark,
                                              .area = given->area};
    struct pfl_flow_snapshot_made made;
    int rc = pfl_cli_check_args(context, "log snapshot", 2, 2, err);

    if (rc == PFL_OK && !*context->args[1])
        rc = pfl_err_set(err, PFL_EUSAGE, "a snapshot needs a name that is not empty");
    if (rc != PFL_OK)
        return rc;
    params.name = context->args[1];
    rc = pfl_flow_snapshot(flow, &params, &made, err);
    return rc == PFL_OK ? pfl_cli_print_filled(context, fill, &made, err) : rc;
}
