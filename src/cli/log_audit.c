/* `log audit`: findings as file:line: what, or that there are none. */
#include "cli/log.h"

#include "base/text.h"
#include "flow/audit/audit.h"

static void put_json(const struct pfl_audit *audit, struct pfl_buf *out)
{
    struct pfl_json_writer w;
    size_t i;

    pfl_cli_json_open(&w, out);
    pfl_json_put_bool(&w, "ok", audit->finding_count == 0);
    pfl_json_put_integer(&w, "documents", (int64_t)audit->documents);
    pfl_json_put_integer(&w, "blocks", (int64_t)audit->blocks);
    pfl_json_put_integer(&w, "runs", (int64_t)audit->runs);
    pfl_json_key(&w, "findings");
    pfl_json_array(&w);
    for (i = 0; i < audit->finding_count; i++) {
        pfl_json_object(&w);
        pfl_json_put_string(&w, "file", audit->findings[i].file);
        pfl_json_put_integer(&w, "line", audit->findings[i].line);
        pfl_json_put_string(&w, "what", audit->findings[i].what);
        pfl_json_object_end(&w);
    }
    pfl_json_array_end(&w);
    pfl_json_key(&w, "notes");
    pfl_json_array(&w);
    for (i = 0; i < audit->note_count; i++)
        pfl_json_string(&w, audit->notes[i]);
    pfl_json_array_end(&w);
    pfl_cli_json_close(&w, out);
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static int fill(struct pfl_context *context, const void *data, struct pfl_buf *out,
                struct pfl_err *err)
{
    const struct pfl_audit *audit = data;
    size_t i;

    (void)err;
    if (context->json) {
        put_json(audit, out);
        return PFL_OK;
    }
    for (i = 0; i < audit->finding_count; i++)
        pfl_buf_format(out, "%s:%d: %s\n", audit->findings[i].file, audit->findings[i].line,
                       audit->findings[i].what);
    if (context->verbosity < 0)
        return PFL_OK;
    for (i = 0; i < audit->note_count; i++)
        pfl_buf_format(out, "note: %s\n", audit->notes[i]);
    if (audit->finding_count == 0)
        pfl_buf_format(out,
                       "fine: %zu block%s in %zu document%s, made of %zu run%s; every figure, "
                       "date, revision and link is as the runs and git have it\n",
                       audit->blocks, plural(audit->blocks), audit->documents,
                       plural(audit->documents), audit->runs, plural(audit->runs));
    return PFL_OK;
}

int pfl_cli_log_audit(struct pfl_context *context, struct pfl_flow *flow, struct pfl_err *err)
{
    const struct pfl_log_options *given = context->options;
    struct pfl_audit audit = {0};
    int rc = pfl_cli_check_args(context, "log audit", 1, 1, err);

    if (rc == PFL_OK)
        rc = pfl_flow_audit(flow, given->since, &audit, err);
    if (rc == PFL_OK)
        rc = pfl_cli_print_filled(context, fill, &audit, err);
    if (rc == PFL_OK && audit.finding_count)
        rc = pfl_err_set(err, PFL_EGATE, "the audit found %zu thing%s", audit.finding_count,
                         plural(audit.finding_count));
    return rc;
}
