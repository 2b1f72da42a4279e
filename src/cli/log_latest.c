/* `log latest`: which run is the record now. */
#include "cli/log.h"

#include "base/log.h"
#include "flow/log/latest.h"

static int fill(struct pfl_context *context, const void *data, struct pfl_buf *out,
                struct pfl_err *err)
{
    const struct pfl_flow_latest_made *made = data;
    struct pfl_json_writer w;

    if (context->json) {
        pfl_cli_json_open(&w, out);
        pfl_json_put_string(&w, "file", made->place);
        pfl_json_put_bool(&w, "written", made->written);
        pfl_json_put_string(&w, "run", made->run);
        pfl_json_put_string(&w, "revision", made->commit);
        pfl_json_put_integer(&w, "benchmarks", (int64_t)made->benchmark_count);
        pfl_cli_json_close(&w, out);
    } else {
        pfl_buf_format(out, "%s: %srun %.8s of %.10s, %zu benchmark%s\n", made->place,
                       made->written ? "" : "still ", made->run, made->commit,
                       made->benchmark_count, made->benchmark_count == 1 ? "" : "s");
    }
    return pfl_buf_check(out, err, "writing which run it is");
}

int pfl_cli_log_latest(struct pfl_context *context, struct pfl_flow *flow, struct pfl_err *err)
{
    const struct pfl_log_options *given = context->options;
    struct pfl_flow_latest_params params = {.run = given->head};
    struct pfl_flow_latest_made made;
    int rc = pfl_cli_check_args(context, "log latest", 2, 2, err);

    if (rc != PFL_OK)
        return rc;
    params.area = context->args[1];
    rc = pfl_flow_latest_page(flow, &params, &made, err);
    if (rc != PFL_OK)
        return rc;
    if (made.refused)
        pfl_log(PFL_LOG_NOTICE, "a newer run is not it: %s", made.refused);
    return pfl_cli_print_filled(context, fill, &made, err);
}
