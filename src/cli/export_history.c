/*
 * `export --history`: records go out as they come, 64 KiB at a time, into the file (which appears
 * only whole) or to standard output (where a document that ends early says by the exit status that
 * it is not whole). A reader that has gone, as in `| head`, has read what it wanted.
 */
#include "cli/export_history.h"

#include "base/log.h"
#include "cli/session.h"
#include "flow/history.h"
#include "formats/history.h"
#include "sys/file.h"
#include "sys/tty.h"

#include <errno.h>
#include <string.h>

enum { PIECE = 64 << 10 };

struct writing {
    struct pfl_flow *flow;
    struct pfl_flow_history_params params;
    bool json, begun;
    struct pfl_history_writer writer;
    struct pfl_buf out;
    struct pfl_file_output *file; /* NULL: standard output */
    bool gone;                    /* its reader */
};

static int give(struct writing *writing, struct pfl_err *err)
{
    struct pfl_buf *out = &writing->out;
    struct pfl_err why;
    int rc = pfl_buf_check(out, err, "writing the history");

    if (rc != PFL_OK)
        return rc;
    rc = writing->file ? pfl_file_put(writing->file, pfl_buf_cstr(out), out->len, &why)
                       : pfl_file_write_fd(1, pfl_buf_cstr(out), out->len, &why);
    writing->gone = rc == PFL_EIO && !writing->file && why.os_errno == EPIPE;
    if (rc != PFL_OK && err)
        *err = why;
    pfl_buf_clear(out);
    return rc;
}

static int write_series(void *context, const struct pfl_history_series *series, struct pfl_err *err)
{
    struct writing *writing = context;

    if (!writing->begun)
        pfl_history_writer_begin(&writing->writer, &writing->out, writing->params.every,
                                 writing->json);
    writing->begun = true;
    pfl_history_writer_series(&writing->writer, series);
    if (pfl_signals_stop_asked())
        return pfl_err_set(err, PFL_EINTERRUPTED, "interrupted; the history is not whole");
    return PFL_OK;
}

static int write_record(void *context, const struct pfl_history_record *record, struct pfl_err *err)
{
    struct writing *writing = context;

    pfl_history_writer_record(&writing->writer, record);
    return writing->out.len >= PIECE || writing->out.error ? give(writing, err) : PFL_OK;
}

static int fill(void *context, struct pfl_file_output *file, struct pfl_err *err)
{
    struct writing *writing = context;
    int rc;

    writing->file = file;
    rc = pfl_flow_history(writing->flow, &writing->params, err);
    if (writing->begun)
        pfl_history_writer_end(&writing->writer);
    return rc == PFL_OK ? give(writing, err) : rc;
}

static int read_options(const struct pfl_context *context,
                        const struct pfl_cli_history_options *options, struct writing *writing,
                        struct pfl_err *err)
{
    const char *format = options->format ? options->format : context->json ? "json" : "csv";

    writing->json = strcmp(format, "json") == 0;
    if (!writing->json && (context->json || strcmp(format, "csv") != 0))
        return pfl_err_set(err, PFL_EUSAGE,
                           "a history is written as csv or json, not as `%s`; without --history a "
                           "run is written in the form of another tool",
                           format);
    if (options->every && !pfl_history_every_read(options->every, &writing->params.every))
        return pfl_err_set(err, PFL_EUSAGE, "--every takes run, day, week or month");
    return PFL_OK;
}

int pfl_cli_export_history(struct pfl_context *context,
                           const struct pfl_cli_history_options *options, struct pfl_err *err)
{
    struct pfl_flow flow;
    size_t undated = 0;
    struct writing writing = {.flow = &flow,
                              .params = {.select = (const char *const *)context->args,
                                         .select_count = context->arg_count,
                                         .metric = options->metric,
                                         .every = PFL_HISTORY_RUN,
                                         .undated = &undated,
                                         .series = write_series,
                                         .record = write_record,
                                         .context = &writing}};
    int rc = read_options(context, options, &writing, err);

    if (rc == PFL_OK)
        rc = pfl_cli_open(context, &flow, err);
    if (rc != PFL_OK)
        return rc;
    pfl_buf_init(&writing.out, PFL_CLI_DOCUMENT_MAX);
    pfl_signals_install();
    rc = options->output ? pfl_file_write_filled(options->output, fill, &writing, err)
                         : fill(&writing, NULL, err);
    pfl_buf_release(&writing.out);
    if (rc == PFL_OK && undated)
        pfl_log(PFL_LOG_NOTICE,
                "left out of every %s: values of imported runs without a date (%zu); without "
                "--every they are there, and `import --date` says when a file was measured",
                options->every, undated);
    pfl_flow_close(&flow);
    return writing.gone ? PFL_OK : rc;
}
