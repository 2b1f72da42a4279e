/* `race`: commands or revisions measured together until it is decided who wins. */
#include "cli/how_options.h"
#include "cli/options.h"
#include "cli/report_files.h"
#include "cli/session.h"

#include "base/units.h"
#include "flow/race/race.h"
#include "report/race.h"
#include "sys/tty.h"

#include <math.h>
#include <string.h>

struct options {
    struct pfl_how_options how;
    int64_t max_time;
    double tolerance, bar, max_cv;
    struct pfl_option_seed seed;
    bool strict, rebuild, no_record, inside;
    const char *metric, *tier, *same_output, *fail_on, *label, *format;
    struct pfl_option_list names, suites, reports;
};

#define AT(field) offsetof(struct options, field)

#define REPORT_FORMATS "terminal markdown junit json"

static const struct pfl_option options[] = {
    {.name = "--max-time",
     .kind = PFL_OPTION_DURATION,
     .value = "D",
     .offset = AT(max_time),
     .summary = "bound on the whole command, builds included (default: 30s for each bout)"},
    {.name = "--tolerance",
     .kind = PFL_OPTION_FRACTION,
     .value = "P",
     .offset = AT(tolerance),
     .summary = "a difference up to P is none (default 0: any difference counts)"},
    {.name = "--metric",
     .kind = PFL_OPTION_TEXT,
     .value = "NAME",
     .offset = AT(metric),
     .summary = "what decides: time, cpu, peak_rss, or one that the program reports (default: "
                "time or cpu, as fits)"},
    {.name = "--suite",
     .kind = PFL_OPTION_LIST,
     .value = "SELECT",
     .offset = AT(suites),
     .summary = "revisions: only these suites or benchmarks; may be given several times"},
    {.name = "--tier",
     .kind = PFL_OPTION_CHOICE,
     .value = "T",
     .offset = AT(tier),
     .choices = "smoke deep longhaul",
     .summary = "revisions: this tier and the ones before it (default smoke)"},
    {.name = "--rebuild",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(rebuild),
     .summary = "revisions: build again what was built before"},
    {.name = "--bar",
     .kind = PFL_OPTION_FACTOR,
     .value = "3x",
     .offset = AT(bar),
     .summary = "exit status 1 unless the challenger is shown to be that many times better"},
    {.name = "--max-cv",
     .kind = PFL_OPTION_FRACTION,
     .value = "P",
     .offset = AT(max_cv),
     .summary = "with --bar: and its launches scatter by P at most (coefficient of variation)"},
    {.name = "--same-output",
     .kind = PFL_OPTION_TEXT,
     .value = "[=REL]",
     .offset = AT(same_output),
     .choices = "0",
     .summary = "both must print the same: byte by byte, or numbers within the relative REL "
                "(--same-output=1e-9)"},
    PFL_NAME_OPTIONS(AT),
    {.name = "--inside",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(inside),
     .summary = "commands: they are programs linked with libperfledger; race the benchmarks inside "
                "them, batch by batch"},
    {.name = "--seed",
     .kind = PFL_OPTION_SEED,
     .value = "N",
     .offset = AT(seed),
     .summary = "seed of the order of launches (default: chosen, and recorded)"},
    PFL_HOW_OPTIONS(AT),
    {.name = "--format",
     .kind = PFL_OPTION_CHOICE,
     .value = "FORMAT",
     .offset = AT(format),
     .choices = REPORT_FORMATS,
     .summary = "terminal, markdown (a pull request), junit (XML), json"},
    PFL_CLI_REPORT_OPTION(AT(reports)),
    {.name = "--fail-on",
     .kind = PFL_OPTION_TEXT,
     .value = "LIST",
     .offset = AT(fail_on),
     .summary = "which verdicts give exit status 1: "
                "regressed,failed,inconclusive,improved,none (default none)"},
    {.name = "--strict",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(strict),
     .summary = "exit status 5 when a bout could not be decided"},
    {.name = "--label",
     .kind = PFL_OPTION_TEXT,
     .value = "TEXT",
     .offset = AT(label),
     .summary = "a word about this race, shown by list"},
    {.name = "--no-record",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(no_record),
     .summary = "leave the ledger alone"},
    {0},
};

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

/* "cmd:" before each word behind `--`: there all are commands. */
static int read_words(struct pfl_context *context, struct pfl_flow_race_params *params,
                      struct pfl_err *err)
{
    const char **words = pfl_arena_array(context->arena, context->arg_count, sizeof *words);
    size_t i;

    for (i = 0; words && i < context->arg_count; i++) {
        words[i] = i < context->args_before_dashes
                       ? context->args[i]
                       : pfl_arena_format(context->arena, "cmd:%s", context->args[i]);
        if (!words[i])
            words = NULL;
    }
    if (!words)
        return pfl_err_no_memory(err);
    params->words = words;
    params->word_count = context->arg_count;
    return PFL_OK;
}

static int read_numbers(const struct options *given, struct pfl_flow_race_params *params,
                        struct pfl_err *err)
{
    params->same_output = NAN;
    if (given->same_output &&
        (pfl_units_read_fraction(given->same_output, &params->same_output, err) != PFL_OK ||
         !(params->same_output >= 0 && params->same_output < 1)))
        return pfl_err_set(err, PFL_EUSAGE,
                           "--same-output: `%s` is no relative difference between 0 and 1; for "
                           "instance --same-output=1e-9",
                           given->same_output);
    if (!isnan(given->max_cv) && isnan(given->bar))
        return pfl_err_set(err, PFL_EUSAGE,
                           "--max-cv belongs to --bar, which is not given; for instance --bar 3x "
                           "--max-cv 10%%");
    if (!isnan(given->bar) && !(given->bar > 0))
        return pfl_err_set(err, PFL_EUSAGE, "--bar: a factor above 0, for instance 3x");
    params->tolerance = given->tolerance;
    params->bar = given->bar;
    params->max_cv = given->max_cv;
    params->max_time_ns = given->max_time > 0 ? given->max_time : 0;
    return PFL_OK;
}

/* A revision that lacks a benchmark skips it: a gate on these words would never close. */
static int read_fail_on(const char *text, unsigned *bits, struct pfl_err *err)
{
    unsigned found;
    int rc = pfl_options_fail_on(text, &found, err);

    if (rc != PFL_OK)
        return rc;
    if (found & (PFL_FAIL_ON_MISSING | PFL_FAIL_ON_NEW))
        return pfl_err_set(err, PFL_EUSAGE,
                           "--fail-on: nothing is %s in a race, for a contender that lacks a "
                           "benchmark skips it; leave that word out (a race in which every bout is "
                           "skipped has exit status 6)",
                           found & PFL_FAIL_ON_MISSING ? "missing" : "new");
    *bits = found;
    return PFL_OK;
}

static int read_params(struct pfl_context *context, struct pfl_flow_race_params *params,
                       struct pfl_err *err)
{
    const struct options *given = context->options;
    int rc = read_words(context, params, err);

    if (rc == PFL_OK)
        rc = pfl_cli_reports_check(&given->reports, REPORT_FORMATS, err);
    params->names = given->names.at;
    params->name_count = given->names.n;
    params->select = given->suites.at;
    params->select_count = given->suites.n;
    params->metric = given->metric;
    params->seed = given->seed.value;
    params->seed_given = given->seed.given;
    params->strict = given->strict;
    params->rebuild = given->rebuild;
    params->record = !given->no_record;
    params->inside = given->inside;
    params->label = given->label;
    params->fail_on_given = given->fail_on != NULL;
    if (given->tier)
        pfl_tier_read(given->tier, &params->tier);
    if (rc == PFL_OK)
        rc = read_numbers(given, params, err);
    if (rc == PFL_OK && given->fail_on)
        rc = read_fail_on(given->fail_on, &params->fail_on, err);
    if (rc == PFL_OK)
        rc = pfl_how_options_read(&given->how, context->arena, &params->how, err);
    return rc;
}

static int fill(struct pfl_context *context, const void *data, struct pfl_buf *out,
                struct pfl_err *err)
{
    const struct options *given = context->options;
    const char *format = context->json ? "json" : given->format ? given->format : "terminal";

    return pfl_report_race_find(format)(data, &context->out, context->arena, out, err);
}

static int write_report(struct pfl_context *context, const char *format, const void *data,
                        struct pfl_buf *out, struct pfl_err *err)
{
    return pfl_report_race_find(format)(data, &context->out, context->arena, out, err);
}

/* The report is printed whatever came of it; the exit status follows it. */
static int report(struct pfl_context *context, const struct pfl_race *race, int outcome,
                  const struct pfl_err *why, struct pfl_err *err)
{
    const struct options *given = context->options;
    int rc = pfl_cli_print_filled(context, fill, race, err);

    if (rc == PFL_OK)
        rc = pfl_cli_reports_write(context, &given->reports, write_report, race, err);
    if (rc != PFL_OK)
        return rc;
    if (outcome == PFL_OK)
        return race->comparison.exit_code;
    *err = *why;
    return outcome;
}

static int run(struct pfl_context *context, struct pfl_err *err)
{
    struct pfl_flow_race_params params = {0};
    struct pfl_cli_progress live;
    struct pfl_race race = {0};
    struct pfl_flow flow;
    struct pfl_err why;
    int rc = read_params(context, &params, err);

    if (rc == PFL_OK)
        rc = pfl_cli_open(context, &flow, err);
    if (rc != PFL_OK)
        return rc;
    pfl_cli_progress_init(&live, context);
    params.progress = pfl_cli_race_show;
    params.stop_asked = stop_asked;
    params.hurry_asked = hurry_asked;
    params.context = &live;
    pfl_signals_install();
    rc = pfl_flow_race(&flow, &params, &race, &why);
    pfl_cli_progress_wipe(&live);
    if (race.contender_count)
        rc = report(context, &race, rc, &why, err);
    else
        *err = why;
    pfl_flow_close(&flow);
    return rc;
}

const struct pfl_command pfl_command_race = {
    .name = "race",
    .group = "Measure",
    .summary = "measure commands or revisions together, until it is decided which is better",
    .usage = "race A B [C…] [OPTIONS]\nrace [OPTIONS] -- 'CMD ARG…' 'CMD ARG…' …",
    .description =
        "Measures its contenders together and stops as soon as it is decided how they differ: in "
        "pairs, one after the other or both at the same moment on two CPUs, whichever shows more "
        "here, in a random, mirrored order. Benchmarks inside programs that are linked with "
        "libperfledger alternate batch by batch while both programs live, within milliseconds. A "
        "slow minute of the machine hits both sides alike, so "
        "it sees differences that two runs cannot. The first contender is the base; the others "
        "are held against it.\n"
        "A contender is a command (quoted, if it has arguments), a revision that git knows, or `.` "
        "for the work tree; `cmd:` and `rev:` in front remove any doubt. Revisions are checked out "
        "beside the work tree, built with `build` of perfledger.yaml, and measured by the work "
        "tree's configuration and benchmark files, so that both sides answer the same question.\n"
        "When nothing differs, at most one race in a hundred claims a difference. What it measured "
        "is recorded apart: it becomes no baseline and no history. Exit status 0 whatever it "
        "finds, unless --bar, --fail-on or --strict asks for another; 4 when every bout failed; 6 "
        "when nothing could be raced.",
    .examples =
        "perfledger race 'sort -u words.txt' 'sort words.txt | uniq' -S\ttwo commands, through sh\n"
        "perfledger race HEAD~1 .\twhat the work tree has changed, in every configured suite\n"
        "perfledger race v1.2 main topic --suite parser\ttwo revisions against a tag\n"
        "perfledger race ./simple ./clever --bar 3x --max-cv 10%\tis it worth its complexity?\n"
        "perfledger race --inside ./old_bench ./new_bench\tthe benchmarks inside two builds of a "
        "program\n"
        "perfledger race old new --same-output=1e-9 --max-time 60s\tand do they still agree?",
    .options = options,
    .options_size = sizeof(struct options),
    .run = run,
};
