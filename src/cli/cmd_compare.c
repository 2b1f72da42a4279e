/* `compare` and `check`: the same table, with and without gates. */
#include "cli/options.h"
#include "cli/report_files.h"
#include "cli/session.h"

#include "base/log.h"
#include "flow/baseline.h"
#include "flow/by.h"
#include "flow/compare.h"
#include "flow/confirm.h"
#include "flow/release/release.h"
#include "flow/run.h"
#include "report/by.h"
#include "sys/file.h"
#include "sys/tty.h"

#include <string.h>

struct options {
    const char *format, *sort, *fail_on, *run, *against, *metric;
    const char *by, *reference, *group_by;
    double tolerance;
    int64_t max_time;
    bool strict, allow_machine_change, no_confirm;
    struct pfl_option_list reports;
};

#define AT(field) offsetof(struct options, field)

#define REPORT_FORMATS "terminal markdown junit github json"

#define SHARED_OPTIONS                                                                             \
    {.name = "--format",                                                                           \
     .kind = PFL_OPTION_CHOICE,                                                                    \
     .value = "FORMAT",                                                                            \
     .offset = AT(format),                                                                         \
     .choices = REPORT_FORMATS,                                                                    \
     .summary = "terminal, markdown (a pull request), junit (XML), github (annotations, step "     \
                "summary), json"},                                                                 \
        PFL_CLI_REPORT_OPTION(AT(reports)),                                                        \
        {.name = "--metric",                                                                       \
         .kind = PFL_OPTION_TEXT,                                                                  \
         .value = "GLOB",                                                                          \
         .offset = AT(metric),                                                                     \
         .summary = "only these metrics, for instance time or 'peak_rss*'"},                       \
        {.name = "--tolerance",                                                                    \
         .kind = PFL_OPTION_FRACTION,                                                              \
         .value = "P",                                                                             \
         .offset = AT(tolerance),                                                                  \
         .summary = "a change up to P is none (default: the gate's, else 10% time, 5% memory)"},   \
        {.name = "--sort",                                                                         \
         .kind = PFL_OPTION_CHOICE,                                                                \
         .value = "BY",                                                                            \
         .offset = AT(sort),                                                                       \
         .choices = "name ratio time",                                                             \
         .summary = "order of the rows (default name)"},                                           \
        {.name = "--fail-on",                                                                      \
         .kind = PFL_OPTION_TEXT,                                                                  \
         .value = "LIST",                                                                          \
         .offset = AT(fail_on),                                                                    \
         .summary = "which verdicts give exit status 1: "                                          \
                    "regressed,failed,missing,inconclusive,new,improved,none"},                    \
        {.name = "--strict",                                                                       \
         .kind = PFL_OPTION_FLAG,                                                                  \
         .offset = AT(strict),                                                                     \
         .summary = "exit status 5 when a hard gate could not be decided"},                        \
    {                                                                                              \
        .name = "--allow-machine-change", .kind = PFL_OPTION_FLAG,                                 \
        .offset = AT(allow_machine_change), .summary = "compare though the machines differ"        \
    }

static const struct pfl_option compare_options[] = {
    {.name = "--by",
     .kind = PFL_OPTION_TEXT,
     .value = "PARAM",
     .offset = AT(by),
     .summary = "compare the values of this parameter within one run (default: the latest)"},
    {.name = "--reference",
     .kind = PFL_OPTION_TEXT,
     .value = "VALUE",
     .offset = AT(reference),
     .summary = "with --by: the value that the others are held against (default: the first)"},
    {.name = "--group-by",
     .kind = PFL_OPTION_TEXT,
     .value = "PARAM",
     .offset = AT(group_by),
     .summary = "with --by: for each value of this one, the geometric mean over all others"},
    SHARED_OPTIONS,
    {0},
};

static const struct pfl_option check_options[] = {
    {.name = "--run",
     .kind = PFL_OPTION_TEXT,
     .value = "RUN",
     .offset = AT(run),
     .choices = "run",
     .summary = "judge this run (default: the latest complete configured one of this machine)"},
    {.name = "--against",
     .kind = PFL_OPTION_TEXT,
     .value = "WHAT",
     .offset = AT(against),
     .choices = "run",
     .summary = "a baseline, revision, tag, last-tag, run or file (default: the baseline in use)"},
    {.name = "--no-confirm",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(no_confirm),
     .summary = "do not race what regressed, is in doubt, or was never measured (needs `build`)"},
    {.name = "--max-time",
     .kind = PFL_OPTION_DURATION,
     .value = "D",
     .offset = AT(max_time),
     .summary = "bound on building and racing (default: 2m for what regressed)"},
    SHARED_OPTIONS,
    {0},
};

struct printing {
    const struct pfl_comparison *comparison;
    const struct pfl_report_format *format;
};

static int fill(struct pfl_context *context, const void *data, struct pfl_buf *out,
                struct pfl_err *err)
{
    const struct printing *printing = data;

    return printing->format->comparison(printing->comparison, &context->out, context->arena, out,
                                        err);
}

static int read_params(struct pfl_context *context, struct pfl_flow_compare_params *params,
                       struct pfl_err *err)
{
    const struct options *given = context->options;
    int rc = pfl_cli_reports_check(&given->reports, REPORT_FORMATS, err);

    if (rc != PFL_OK)
        return rc;
    params->run = given->run;
    params->against = given->against;
    params->sort = given->sort;
    params->tolerance = given->tolerance;
    params->strict = given->strict;
    params->allow_machine_change = given->allow_machine_change;
    params->metric = given->metric;
    params->fail_on_given = given->fail_on != NULL;
    return given->fail_on ? pfl_options_fail_on(given->fail_on, &params->fail_on, err) : PFL_OK;
}

/* GitHub shows a page per job: the Markdown of the comparison goes there, behind what other steps
 * wrote. */
static int write_step_summary(struct pfl_context *context, const struct pfl_comparison *comparison,
                              struct pfl_err *err)
{
    const char *path = pfl_environment("GITHUB_STEP_SUMMARY");
    struct pfl_buf out;
    int rc;

    if (!path || !*path)
        return PFL_OK;
    pfl_buf_init(&out, PFL_CLI_DOCUMENT_MAX);
    rc = pfl_report_format_find("markdown")
             ->comparison(comparison, &context->out, context->arena, &out, err);
    if (rc == PFL_OK)
        rc = pfl_buf_check(&out, err, "writing the step summary");
    if (rc == PFL_OK)
        rc = pfl_file_append(path, out.data, out.len, err);
    pfl_buf_release(&out);
    return rc;
}

static int write_report(struct pfl_context *context, const char *format, const void *data,
                        struct pfl_buf *out, struct pfl_err *err)
{
    return pfl_report_format_find(format)->comparison(data, &context->out, context->arena, out,
                                                      err);
}

/* The verdict is in the report, in every format; the exit status follows without another message.
 */
static int print(struct pfl_context *context, const struct pfl_comparison *comparison,
                 struct pfl_err *err)
{
    const struct options *given = context->options;
    struct printing printing = {.comparison = comparison};
    int rc;

    printing.format = pfl_report_format_find(context->json   ? "json"
                                             : given->format ? given->format
                                                             : "terminal");
    rc = pfl_cli_print_filled(context, fill, &printing, err);
    if (rc == PFL_OK && strcmp(printing.format->name, "github") == 0)
        rc = write_step_summary(context, comparison, err);
    if (rc == PFL_OK)
        rc = pfl_cli_reports_write(context, &given->reports, write_report, comparison, err);
    return rc == PFL_OK ? comparison->exit_code : rc;
}

struct printing_by {
    const struct pfl_by *by;
    pfl_report_by_fn *write;
};

static int fill_by(struct pfl_context *context, const void *data, struct pfl_buf *out,
                   struct pfl_err *err)
{
    const struct printing_by *printing = data;

    return printing->write(printing->by, &context->out, context->arena, out, err);
}

/* What --by cannot be together with, before anything is read. */
static int check_by(const struct pfl_context *context, struct pfl_err *err)
{
    const struct options *given = context->options;
    const char *alone = given->reference ? "--reference" : given->group_by ? "--group-by" : NULL;

    if (!given->by)
        return alone ? pfl_err_set(err, PFL_EUSAGE, "%s belongs to --by PARAM, which is not given",
                                   alone)
                     : pfl_cli_check_args(context, "compare", 2, 2, err);
    if (context->arg_count > 1)
        return pfl_err_set(err, PFL_EUSAGE,
                           "--by compares the values of %s within one run, and two are given "
                           "(`%s` and `%s`); leave one out",
                           given->by, context->args[0], context->args[1]);
    if (given->group_by && strcmp(given->group_by, given->by) == 0)
        return pfl_err_set(err, PFL_EUSAGE,
                           "--group-by: %s is the parameter whose values are compared; name "
                           "another one",
                           given->by);
    if (given->reports.n)
        return pfl_err_set(err, PFL_EUSAGE,
                           "--report belongs to a comparison of two; what --by finds goes where "
                           "--format says: perfledger compare --by %s --format markdown >FILE",
                           given->by);
    if (!context->json && given->format && !pfl_report_by_find(given->format))
        return pfl_err_set(err, PFL_EUSAGE,
                           "--format: what --by finds can be written as terminal, markdown or "
                           "json, not as %s",
                           given->format);
    return PFL_OK;
}

static int compare_by(struct pfl_context *context, const struct pfl_flow_compare_params *params,
                      struct pfl_flow *flow, struct pfl_err *err)
{
    const struct options *given = context->options;
    struct pfl_flow_by_params by_params = {
        .compare = params,
        .run = context->arg_count ? context->args[0] : NULL,
        .param = given->by,
        .reference = given->reference,
        .group_by = given->group_by,
    };
    struct pfl_by by;
    struct printing_by printing = {.by = &by};
    int rc = pfl_flow_compare_by(flow, &by_params, &by, err);

    if (rc != PFL_OK)
        return rc;
    printing.write = pfl_report_by_find(context->json   ? "json"
                                        : given->format ? given->format
                                                        : "terminal");
    rc = pfl_cli_print_filled(context, fill_by, &printing, err);
    return rc == PFL_OK ? by.exit_code : rc;
}

static int compare(struct pfl_context *context, struct pfl_err *err)
{
    const struct options *given = context->options;
    struct pfl_flow_compare_params params = {0};
    struct pfl_comparison comparison;
    struct pfl_flow flow;
    int rc = check_by(context, err);

    if (rc == PFL_OK)
        rc = read_params(context, &params, err);
    if (rc == PFL_OK)
        rc = pfl_cli_open(context, &flow, err);
    if (rc != PFL_OK)
        return rc;
    if (given->by) {
        rc = compare_by(context, &params, &flow, err);
    } else {
        params.base = context->args[0];
        params.head = context->args[1];
        rc = pfl_flow_compare(&flow, &params, &comparison, err);
        if (rc == PFL_OK)
            rc = print(context, &comparison, err);
    }
    pfl_flow_close(&flow);
    return rc;
}

static int update_baseline(struct pfl_flow *flow, const struct pfl_comparison *comparison,
                           struct pfl_err *err)
{
    struct pfl_baseline baseline;
    bool saved;
    int rc = pfl_flow_baseline_auto(flow, comparison, &saved, &baseline, err);

    if (rc == PFL_OK && saved)
        pfl_log(PFL_LOG_NOTICE, "baseline %04d is this run now (baseline: { update: auto }): %s",
                baseline.number, baseline.path);
    return rc;
}

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

/* What a stored baseline accuses is raced where that is possible. */
static int confirm(struct pfl_context *context, struct pfl_flow *flow,
                   struct pfl_comparison *comparison, const char **why_not, struct pfl_err *err)
{
    const struct options *given = context->options;
    struct pfl_cli_progress live;
    struct pfl_flow_confirm_params params = {
        .max_time_ns = given->max_time > 0 ? given->max_time : 0,
        .strict = given->strict,
        .progress = pfl_cli_race_show,
        .stop_asked = stop_asked,
        .hurry_asked = hurry_asked,
        .context = &live,
    };
    int rc;

    *why_not = NULL;
    if (given->no_confirm ||
        (comparison->counts[PFL_VERDICT_REGRESSED] == 0 && comparison->undecided == 0))
        return PFL_OK;
    pfl_cli_progress_init(&live, context);
    pfl_signals_install();
    rc = pfl_flow_confirm(flow, &params, comparison, why_not, err);
    pfl_cli_progress_wipe(&live);
    if (rc == PFL_OK && *why_not)
        pfl_log(PFL_LOG_DETAIL, "what regressed was not raced: %s", *why_not);
    return rc;
}

/* Against a revision: *raced says that its numbers are a race's already. */
static int release(struct pfl_context *context, struct pfl_flow *flow,
                   const struct pfl_flow_compare_params *params, const char *revision,
                   struct pfl_comparison *comparison, bool *raced, struct pfl_err *err)
{
    const struct options *given = context->options;
    struct pfl_cli_progress live;
    struct pfl_flow_release_params asked = {
        .check = params,
        .revision = revision,
        .no_race = given->no_confirm,
        .max_time_ns = given->max_time > 0 ? given->max_time : 0,
        .progress = pfl_cli_race_show,
        .stop_asked = stop_asked,
        .hurry_asked = hurry_asked,
        .context = &live,
    };
    int rc;

    pfl_cli_progress_init(&live, context);
    pfl_signals_install();
    rc = pfl_flow_release(flow, &asked, comparison, raced, err);
    pfl_cli_progress_wipe(&live);
    return rc;
}

struct checking {
    struct pfl_comparison comparison;
    const char *revision; /* a release gate's; NULL: any other check */
    bool raced;
    const char *why_not; /* there was no confirming race */
    int outcome;         /* of the race that was to confirm it */
    struct pfl_err why;
};

/* What a release gate could not decide, once all races were held. */
static int end_release(const struct pfl_context *context, struct pfl_flow *flow,
                       struct checking *checking, struct pfl_err *err)
{
    const struct options *given = context->options;
    struct pfl_flow_release_end_params params = {
        .no_race = given->no_confirm,
        .fail_on_given = given->fail_on != NULL,
        .max_time_ns = given->max_time > 0 ? given->max_time : 0,
        .why_not = checking->why_not,
    };

    return checking->revision ? pfl_flow_release_end(flow, &params, &checking->comparison, err)
                              : PFL_OK;
}

static int judge(struct pfl_context *context, struct pfl_flow *flow, struct checking *checking,
                 struct pfl_err *err)
{
    struct pfl_comparison *comparison = &checking->comparison;
    struct pfl_flow_compare_params params = {0};
    size_t accused;
    int rc = read_params(context, &params, err);

    if (rc == PFL_OK)
        rc = pfl_flow_release_word(flow, params.against, &checking->revision, err);
    if (rc != PFL_OK)
        return rc;
    rc = checking->revision ? release(context, flow, &params, checking->revision, comparison,
                                      &checking->raced, err)
                            : pfl_flow_check(flow, &params, comparison, err);
    if (rc == PFL_OK && checking->raced)
        rc = end_release(context, flow, checking, err);
    if (rc != PFL_OK || checking->raced)
        return rc;
    accused = comparison->counts[PFL_VERDICT_REGRESSED];
    checking->outcome = confirm(context, flow, comparison, &checking->why_not, &checking->why);
    rc = end_release(context, flow, checking, err);
    if (rc != PFL_OK)
        return rc;
    /* A race acquits the program, not the run's numbers: these stay out of the baseline. */
    if (checking->outcome == PFL_OK && comparison->counts[PFL_VERDICT_REGRESSED] == accused)
        return update_baseline(flow, comparison, err);
    if (checking->outcome != PFL_OK && checking->outcome != PFL_EINTERRUPTED) {
        *err = checking->why;
        return checking->outcome;
    }
    return PFL_OK;
}

static int check(struct pfl_context *context, struct pfl_err *err)
{
    struct checking checking = {.outcome = PFL_OK};
    struct pfl_flow flow;
    int rc = pfl_cli_check_args(context, "check", 0, 0, err);

    if (rc == PFL_OK)
        rc = pfl_cli_open(context, &flow, err);
    if (rc != PFL_OK)
        return rc;
    rc = judge(context, &flow, &checking, err);
    if (rc == PFL_OK && checking.revision)
        rc = pfl_flow_release_links(&flow,
                                    &(struct pfl_flow_release_links_params){
                                        checking.revision, pfl_command_find("bisect") != NULL},
                                    &checking.comparison, err);
    if (rc == PFL_OK)
        pfl_err_clear(err); /* what was tried on the way is no error */
    if (rc == PFL_OK)
        rc = print(context, &checking.comparison, err);
    pfl_flow_close(&flow);
    if (checking.outcome != PFL_EINTERRUPTED || rc != checking.comparison.exit_code)
        return rc;
    *err = checking.why; /* the gate's own word was printed */
    return checking.outcome;
}

const struct pfl_command pfl_command_compare = {
    .name = "compare",
    .group = "Judge",
    .summary = "compare two runs, baselines, revisions or files",
    .usage =
        "compare BASE HEAD [OPTIONS]\ncompare --by PARAM [--reference VALUE] [--group-by PARAM] "
        "[RUN]",
    .description =
        "Shows how HEAD differs from BASE: ratio with its 99 % interval, verdict and the smallest "
        "change the data could have "
        "shown, for every benchmark and metric. Each side is a file of `run --json`, a baseline "
        "(0003, its name, `baseline` "
        "for the one in use), a run (`latest`, or the start of its id) or a revision (its newest "
        "run in the ledger); `file:`, "
        "`baseline:`, `run:`, `rev:` in front remove any doubt. Two files need no ledger.\n"
        "With --by it says what a parameter does within one run: every value of it against a "
        "reference value, for each combination "
        "of the other parameters, from the ratios within rounds. --group-by pools these "
        "combinations to geometric means, one per "
        "value of another parameter. Any difference that the interval shows counts, unless "
        "--tolerance asks for more.\n"
        "Exit status 0 whatever it finds, unless --fail-on or --strict asks for another; 6 when "
        "--by finds nothing to compare.",
    .examples =
        "perfledger compare before.json after.json\ttwo files\n"
        "perfledger compare baseline latest\tthe baseline in use and the newest run\n"
        "perfledger compare v1.2 HEAD --metric 'peak_rss*'\tmemory of two revisions that were run\n"
        "perfledger compare --by cache --reference off\twhat switching the cache on does, in the "
        "latest run\n"
        "perfledger compare run.json --by threads --group-by size\tthe mean speed-up for each size",
    .options = compare_options,
    .options_size = sizeof(struct options),
    .run = compare,
};

const struct pfl_command pfl_command_check = {
    .name = "check",
    .group = "Judge",
    .summary =
        "the gate: does the latest run pass, against the baseline, the limits and the targets?",
    .usage = "check [OPTIONS]",
    .description = "Judges the latest complete configured run against the baseline in use, with "
                   "the gates and targets of "
                   "perfledger.yaml. Exit status 1 when a hard gate says no (something regressed, "
                   "failed or is missing), 6 when there is "
                   "nothing to judge: no run, no baseline, or only skipped benchmarks; both are "
                   "said. `perfledger run` comes first.\n"
                   "What regressed is raced, the base's revision against this one, when `build` is "
                   "configured: a race confirms or refutes what a stored baseline only suspects. "
                   "--no-confirm leaves that out.\n"
                   "Against a revision, a tag or last-tag it is a release gate: it compares with "
                   "the newest complete run of that "
                   "commit on this machine, else with the run of record that the repository keeps "
                   "(perf/runs), else it builds that "
                   "revision and races it against the work tree (--max-time bounds it). Where no "
                   "gate speaks of time or peak_rss, a "
                   "regression of 10 % blocks (`release: { max_regression: … }`). Each regression "
                   "names its newest snapshot and the "
                   "command that finds the commit. Numbers of another machine are shown and never "
                   "pass. What two runs leave open up to the limit is raced, too; when the race's "
                   "time is up and the loss still cannot be excluded, the exit status is 5 "
                   "(--max-time gives it more, --fail-on regressed,failed,missing lets it pass).",
    .examples = "perfledger run && perfledger check\tmeasure and judge\n"
                "perfledger check --format junit > perf.xml\tfor a CI server\n"
                "perfledger check --against last-tag\tthe release gate: against the last release\n"
                "perfledger check --against v1.2 --max-time 10m\tone that may build and race v1.2",
    .options = check_options,
    .options_size = sizeof(struct options),
    .run = check,
};
