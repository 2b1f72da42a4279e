/* `run`: measure the configured suites, or the commands behind `--`. */
#include "cli/run_list.h"
#include "cli/run_options.h"
#include "cli/session.h"

#include "base/log.h"
#include "base/text.h"
#include "flow/log/owed.h"
#include "formats/run_json.h"
#include "sys/file.h"
#include "sys/tty.h"

#include <string.h>

static bool stop_asked(void *context)
{
    (void)context;
    return pfl_signals_stop_asked();
}

static bool hurry_asked(void *context)
{
    (void)context;
    return pfl_signals_hurry_asked();
}

static int fill_report(struct pfl_context *context, const void *data, struct pfl_buf *out,
                       struct pfl_err *err)
{
    const struct pfl_flow_run_result *result = data;
    struct pfl_run_json_options json = {.indent = 0};
    struct pfl_report_run report = {
        .run = &result->run,
        .assessments = result->assessments,
        .fits = result->fits,
        .fit_count = result->fit_count,
        .rank = result->rank.row_count ? &result->rank : NULL,
        .recorded = result->recorded,
    };

    if (context->json) {
        pfl_run_json_write(&result->run, &json, out);
        return PFL_OK;
    }
    return pfl_report_run_terminal(&report, &context->out, context->arena, out, err);
}

/* "-" is standard output, as hyperfine has it. */
static int export_file(struct pfl_context *context, const char *path, const char *what,
                       const struct pfl_buf *out, struct pfl_err *err)
{
    int rc = pfl_buf_check(out, err, what);

    if (rc != PFL_OK)
        return rc;
    return strcmp(path, "-") == 0 ? pfl_cli_print(context, out, err)
                                  : pfl_file_write(path, out->data, out->len, false, err);
}

static int export_files(struct pfl_context *context, const struct pfl_run_options *given,
                        const struct pfl_flow_run_result *result, struct pfl_err *err)
{
    struct pfl_report_run report = {.run = &result->run, .assessments = result->assessments};
    struct pfl_buf out;
    int rc = PFL_OK;

    pfl_buf_init(&out, PFL_CLI_DOCUMENT_MAX);
    if (given->export_json) {
        pfl_hyperfine_write(&result->run, &out);
        rc = export_file(context, given->export_json, "writing --export-json", &out, err);
    }
    pfl_buf_clear(&out);
    if (rc == PFL_OK && given->export_markdown) {
        rc = pfl_report_run_markdown(&report, context->arena, &out, err);
        if (rc == PFL_OK)
            rc = export_file(context, given->export_markdown, "writing --export-markdown", &out,
                             err);
    }
    pfl_buf_release(&out);
    return rc;
}

static int measure(struct pfl_context *context, struct pfl_flow *flow,
                   const struct pfl_flow_run_params *asked, struct pfl_err *err)
{
    struct pfl_flow_run_params params = *asked;
    const struct pfl_run_options *given = context->options;
    struct pfl_flow_run_result result = {0};
    struct pfl_cli_progress live;
    struct pfl_err why;
    int outcome, rc;

    pfl_cli_progress_init(&live, context);
    params.progress = pfl_cli_progress_show;
    params.hurry_asked = hurry_asked;
    params.context = &live;
    outcome = pfl_flow_run(flow, &params, &result, &why);
    pfl_cli_progress_wipe(&live);
    if (outcome != PFL_OK && outcome != PFL_ENOTHING && result.run.benchmark_count == 0) {
        *err = why;
        return outcome;
    }
    rc = outcome == PFL_ENOTHING && result.run.benchmark_count == 0
             ? PFL_OK
             : pfl_cli_print_filled(context, fill_report, &result, err);
    if (rc == PFL_OK)
        rc = export_files(context, given, &result, err);
    if (rc == PFL_OK && outcome != PFL_OK)
        *err = why;
    return rc == PFL_OK ? outcome : rc;
}

static int fill_nothing(struct pfl_context *context, const void *data, struct pfl_buf *out,
                        struct pfl_err *err)
{
    struct pfl_json_writer w;

    (void)data;
    (void)err;
    if (!context->json)
        return PFL_OK;
    pfl_cli_json_open(&w, out);
    pfl_json_key(&w, "run");
    pfl_json_null(&w);
    pfl_json_key(&w, "results");
    pfl_json_array(&w);
    pfl_json_array_end(&w);
    pfl_cli_json_close(&w, out);
    return PFL_OK;
}

/* --owed: an empty selection means nothing here, not everything. */
static int select_owed(struct pfl_context *context, struct pfl_flow *flow,
                       struct pfl_flow_run_params *params, bool *any, struct pfl_err *err)
{
    const struct pfl_run_options *given = context->options;
    struct pfl_owed owed;
    int rc = pfl_flow_owed(flow, given->since, &owed, err);

    if (rc != PFL_OK)
        return rc;
    pfl_err_clear(err); /* what was tried on the way is no error */
    params->select = owed.suites;
    params->select_count = owed.suite_count;
    *any = owed.suite_count > 0;
    if (*any)
        return PFL_OK;
    pfl_log(PFL_LOG_NOTICE,
            "nothing was measured: the changes since %s (%.10s) touch no rule of `paths`",
            owed.name, owed.commit);
    return pfl_cli_print_filled(context, fill_nothing, NULL, err);
}

static int run(struct pfl_context *context, struct pfl_err *err)
{
    const struct pfl_run_options *given = context->options;
    struct pfl_flow_run_params params = {0};
    struct pfl_flow flow;
    bool any = true;
    int rc = pfl_run_options_read(context, &params, err);

    if (rc == PFL_OK)
        rc = pfl_cli_open(context, &flow, err);
    if (rc != PFL_OK)
        return rc;
    params.stop_asked = stop_asked;
    if (given->owed)
        rc = select_owed(context, &flow, &params, &any, err);
    pfl_signals_install();
    if (rc == PFL_OK && any)
        rc = given->list ? pfl_run_list(context, &flow, &params, err)
                         : measure(context, &flow, &params, err);
    pfl_flow_close(&flow);
    return rc;
}

const struct pfl_command pfl_command_run = {
    .name = "run",
    .group = "Measure",
    .summary = "measure the configured suites, or commands, and record the run",
    .usage = "run [SELECT…] [OPTIONS]\nrun [OPTIONS] -- CMD [ARG…]\nrun [OPTIONS] -- 'CMD ARG…' "
             "'CMD ARG…' …",
    .description = "Measures every benchmark of perfledger.yaml that SELECT names (globs over "
                   "benchmark names, or a suite's name; all "
                   "when there is none), each in fresh processes, interleaved round by round in a "
                   "random order, and records the run in "
                   "the ledger. Behind `--` it measures commands instead: if the first word holds "
                   "a blank, each word is a command; "
                   "else all words are one. Commands run without a shell: quotes work, pipes and "
                   "$VARIABLES need --shell sh.\n"
                   "Per launch: wall-clock, user and system time, peak memory of that process "
                   "alone, page faults, context switches, "
                   "and whatever the program reports on the descriptor PERFLEDGER_FD.",
    .examples =
        "perfledger run\tall configured suites of the tier smoke\n"
        "perfledger run 'parser*' --tier deep\tthose benchmarks, deep ones too\n"
        "perfledger run --owed\twhat this branch's changes ask for (`paths:`)\n"
        "perfledger run -- gzip -9kf big.txt\tone command\n"
        "perfledger run -r 20 -- 'gzip -kf big.txt' 'zstd -kf big.txt'\ttwo commands, and who is "
        "faster\n"
        "perfledger run -L level 1,6,9 -- 'gzip -{level}kf big.txt'\ta command over a parameter",
    .options = pfl_run_option_table,
    .options_size = sizeof(struct pfl_run_options),
    .run = run,
};
