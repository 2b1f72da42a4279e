/*
 * The commands' common ground. The progress line is drawn between launches only (measure/ sees to
 * that) and is wiped before anything else is printed, so that a log never holds half of one.
 */
#include "cli/session.h"

#include "report/race.h"
#include "sys/file.h"
#include "sys/tty.h"

#include <string.h>

int pfl_cli_open(struct pfl_context *context, struct pfl_flow *flow, struct pfl_err *err)
{
    struct pfl_flow_params params = {
        .arena = context->arena,
        .config_file = context->config_file,
        .ledger_url = context->ledger_url,
        .clock = pfl_clock_system(),
    };

    return pfl_flow_open(&params, flow, err);
}

int pfl_cli_check_args(const struct pfl_context *context, const char *command, size_t least,
                       size_t most, struct pfl_err *err)
{
    const char *verb = strchr(command, ' ');
    size_t own = verb ? 1 : 0; /* the verb is the first argument, and not one that was forgotten */
    int name = verb ? (int)(verb - command) : (int)strlen(command);

    if (context->arg_count < least)
        return pfl_err_set(
            err, PFL_EUSAGE,
            "`perfledger %s` needs %zu argument%s, %zu given; see `perfledger help %.*s`", command,
            least - own, least - own == 1 ? "" : "s", context->arg_count - own, name, command);
    if (context->arg_count > most)
        return pfl_err_set(
            err, PFL_EUSAGE,
            "`perfledger %s` does not know what to do with `%s`; see `perfledger help %.*s`",
            command, context->args[most], name, command);
    return PFL_OK;
}

int pfl_cli_print_filled(struct pfl_context *context, pfl_cli_fill_fn *fill, const void *data,
                         struct pfl_err *err)
{
    struct pfl_buf out;
    int rc, printed;

    pfl_buf_init(&out, PFL_CLI_DOCUMENT_MAX);
    rc = fill(context, data, &out, err);
    printed = rc == PFL_OK ? pfl_cli_print(context, &out, err) : rc;
    pfl_buf_release(&out);
    return printed;
}

void pfl_cli_json_open(struct pfl_json_writer *w, struct pfl_buf *out)
{
    pfl_json_writer_init(w, out, 0);
    pfl_json_object(w);
    pfl_json_put_integer(w, "schema", 1);
}

void pfl_cli_json_close(struct pfl_json_writer *w, struct pfl_buf *out)
{
    pfl_json_object_end(w);
    pfl_buf_char(out, '\n');
}

void pfl_cli_progress_init(struct pfl_cli_progress *live, const struct pfl_context *context)
{
    memset(live, 0, sizeof *live);
    live->style = context->errors;
    live->terminal = pfl_tty_is(2) && context->verbosity >= 0;
}

void pfl_cli_progress_show(void *context, const struct pfl_progress *progress)
{
    struct pfl_cli_progress *live = context;
    struct pfl_report_progress line = {
        .benchmark = progress->benchmark,
        .phase = progress->phase,
        .round = progress->round,
        .rounds = progress->rounds,
        .benchmark_index = progress->benchmark_index,
        .benchmark_count = progress->benchmark_count,
        .estimate = progress->estimate,
        .ci_low = progress->ci_low,
        .ci_high = progress->ci_high,
        .seconds_left = progress->seconds_left,
    };
    struct pfl_buf out;

    if (!live->terminal)
        return;
    pfl_buf_init(&out, 64 << 10);
    pfl_report_progress_line(&line, &live->style, &out);
    pfl_cli_progress_draw(live, &out);
    pfl_buf_release(&out);
}

void pfl_cli_progress_draw(struct pfl_cli_progress *live, const struct pfl_buf *line)
{
    if (!live->terminal)
        return;
    pfl_cli_progress_wipe(live);
    if (!line->error)
        live->shown = pfl_file_write_fd(2, line->data, line->len, NULL) == PFL_OK;
}

void pfl_cli_race_show(void *context, const struct pfl_race_standing *standing)
{
    struct pfl_cli_progress *live = context;
    struct pfl_buf line;

    if (!live->terminal)
        return;
    pfl_buf_init(&line, 64 << 10);
    pfl_report_race_line(standing, &live->style, &line);
    pfl_cli_progress_draw(live, &line);
    pfl_buf_release(&line);
}

void pfl_cli_progress_wipe(struct pfl_cli_progress *live)
{
    struct pfl_buf out;

    if (!live->shown)
        return;
    pfl_buf_init(&out, 64 << 10);
    pfl_report_progress_wipe(&out);
    if (!out.error)
        pfl_file_write_fd(2, pfl_buf_cstr(&out), out.len, NULL);
    pfl_buf_release(&out);
    live->shown = false;
}
