/* `log trend`: what came in. */
#include "cli/log.h"

#include "base/log.h"
#include "base/text.h"
#include "flow/log/trend.h"

#include <string.h>

static void write_json(const struct pfl_flow_trend_made *made, struct pfl_buf *out)
{
    struct pfl_json_writer w;
    size_t i;

    pfl_cli_json_open(&w, out);
    pfl_json_put_string(&w, "file", made->place);
    pfl_json_put_integer(&w, "added", (int64_t)made->added);
    pfl_json_key(&w, "sections");
    pfl_json_array(&w);
    for (i = 0; i < made->section_count; i++) {
        const struct pfl_flow_trend_section *section = &made->sections[i];

        pfl_json_object(&w);
        pfl_json_put_string(&w, "benchmark", section->benchmark);
        pfl_json_put_string(&w, "variant", section->variant);
        pfl_json_put_string(&w, "chart", section->chart);
        pfl_json_put_integer(&w, "rows", (int64_t)section->row_count);
        pfl_json_put_integer(&w, "added", (int64_t)section->added);
        pfl_json_put_integer(&w, "left_out", (int64_t)section->left_out);
        pfl_json_object_end(&w);
    }
    pfl_json_array_end(&w);
    pfl_cli_json_close(&w, out);
}

static void put_section(const struct pfl_flow_trend_section *section, struct pfl_buf *out)
{
    pfl_buf_text(out, "  ");
    pfl_text_escape(out, section->benchmark, strlen(section->benchmark));
    if (*section->variant) {
        pfl_buf_text(out, ", ");
        pfl_text_escape(out, section->variant, strlen(section->variant));
    }
    pfl_buf_format(out, ": %zu row%s", section->row_count, section->row_count == 1 ? "" : "s");
    if (section->added)
        pfl_buf_format(out, ", %zu new", section->added);
    if (section->left_out)
        pfl_buf_format(out,
                       "; %zu revision%s before the last row, measured since, stay%s out (rows "
                       "never change)",
                       section->left_out, section->left_out == 1 ? "" : "s",
                       section->left_out == 1 ? "s" : "");
    pfl_buf_char(out, '\n');
}

static int fill(struct pfl_context *context, const void *data, struct pfl_buf *out,
                struct pfl_err *err)
{
    const struct pfl_flow_trend_made *made = data;
    size_t i;

    if (context->json) {
        write_json(made, out);
        return pfl_buf_check(out, err, "writing JSON");
    }
    pfl_buf_format(out, "%s: ", made->place);
    if (made->added)
        pfl_buf_format(out, "%zu new row%s\n", made->added, made->added == 1 ? "" : "s");
    else
        pfl_buf_text(out, "nothing new\n");
    for (i = 0; i < made->section_count; i++)
        put_section(&made->sections[i], out);
    return pfl_buf_check(out, err, "writing what came in");
}

int pfl_cli_log_trend(struct pfl_context *context, struct pfl_flow *flow, struct pfl_err *err)
{
    const struct pfl_log_options *given = context->options;
    struct pfl_flow_trend_params params = {
        .benchmark = given->benchmark, .area = given->area, .note = given->note};
    struct pfl_flow_trend_made made;
    int rc = pfl_cli_check_args(context, "log trend", 2, 2, err);

    if (rc == PFL_OK && !*context->args[1])
        rc = pfl_err_set(err, PFL_EUSAGE, "`perfledger log trend` needs a metric, such as time");
    if (rc != PFL_OK)
        return rc;
    params.metric = context->args[1];
    rc = pfl_flow_trend(flow, &params, &made, err);
    if (rc != PFL_OK)
        return rc;
    if (made.thinned)
        pfl_log(PFL_LOG_NOTICE,
                "%zu run%s passed over: prune thinned %s samples, so nobody could check %s figures",
                made.thinned, made.thinned == 1 ? " was" : "s were",
                made.thinned == 1 ? "its" : "their", made.thinned == 1 ? "its" : "their");
    if (made.refused)
        pfl_log(PFL_LOG_NOTICE, "the newest run is in no row: %s", made.refused);
    return pfl_cli_print_filled(context, fill, &made, err);
}
