/* `log add`: one row, and where it stands. */
#include "cli/log.h"

#include "base/log.h"
#include "base/text.h"
#include "flow/log/row.h"

#include <string.h>

static void write_json(const struct pfl_flow_log_row_added *added, struct pfl_buf *out)
{
    struct pfl_json_writer w;

    pfl_cli_json_open(&w, out);
    pfl_json_key(&w, "row");
    pfl_json_object(&w);
    pfl_json_put_string(&w, "id", added->id);
    pfl_json_put_string(&w, "file", added->file);
    pfl_json_put_integer(&w, "line", added->line);
    pfl_json_put_string(&w, "kind", pfl_row_kind_text(added->facts.kind));
    pfl_json_put_string(&w, "title", added->facts.title);
    pfl_json_put_bool(&w, "external", added->facts.external);
    pfl_json_put_string(&w, "base", *added->facts.base ? added->facts.base : NULL);
    pfl_json_put_string(&w, "head", added->facts.head);
    pfl_json_put_string(&w, "revision", added->head->revision.commit);
    pfl_json_object_end(&w);
    pfl_json_put_string(&w, "snapshot_suggested", added->why_snapshot);
    pfl_cli_json_close(&w, out);
}

static int fill(struct pfl_context *context, const void *data, struct pfl_buf *out,
                struct pfl_err *err)
{
    const struct pfl_flow_log_row_added *added = data;

    if (context->json) {
        write_json(added, out);
        return pfl_buf_check(out, err, "writing JSON");
    }
    pfl_buf_format(out, "%s:%d: ", added->file, added->line);
    pfl_text_escape(out, added->facts.title, strlen(added->facts.title));
    pfl_buf_char(out, '\n');
    if (added->why_snapshot) {
        pfl_text_escape(out, added->why_snapshot, strlen(added->why_snapshot));
        pfl_buf_text(out, ": `perfledger log snapshot NAME` keeps the whole table beside it\n");
    }
    return pfl_buf_check(out, err, "writing where the row is");
}

int pfl_cli_log_add(struct pfl_context *context, struct pfl_flow *flow, struct pfl_err *err)
{
    const struct pfl_log_options *given = context->options;
    const struct pfl_flow_log_row_params params = {
        .base = given->base,
        .head = given->head,
        .title = given->title,
        .note = given->note,
        .pull_request = given->pull_request,
        .area = given->area,
        .cause = given->cause,
        .kind = given->kind,
        .benchmark = given->benchmark,
        .metric = given->metric,
        .external = given->external,
    };
    struct pfl_flow_log_row_added added;
    int rc = pfl_cli_check_args(context, "log add", 1, 1, err);

    if (rc == PFL_OK)
        rc = pfl_flow_log_row_add(flow, &params, &added, err);
    if (rc != PFL_OK)
        return rc;
    if (added.warning)
        pfl_log(PFL_LOG_WARNING, "%s", added.warning);
    return pfl_cli_print_filled(context, fill, &added, err);
}
