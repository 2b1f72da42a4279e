/* `run`: measure the configured suites, or the commands behind `--`. */
#include "cli/session.h"

#include "base/text.h"
#include "base/units.h"
#include "flow/run.h"
#include "formats/run_json.h"
#include "sys/file.h"
#include "sys/tty.h"

#include <math.h>
#include <string.h>

struct options {
    int rounds, min_rounds, max_rounds, warmup;
    int64_t timeout, max_time;
    uint64_t seed;
    bool allow_few, no_record, list, no_shell, ignore_failure, clean_env, show_output, memory_tree;
    const char *shell_name, *tier, *label, *setup, *prepare, *conclude, *cleanup, *validate, *cwd,
        *input, *output, *pin;
    const char *export_json, *export_markdown, *reference, *step;
    struct pfl_option_list names, lists, scans, env;
};

#define AT(field) offsetof(struct options, field)

static const struct pfl_option options[] = {
    {.name = "--rounds",
     .letter = 'r',
     .kind = PFL_OPTION_COUNT,
     .value = "N",
     .offset = AT(rounds),
     .min = 1,
     .summary = "launches recorded per benchmark (default 10, or as many as --max-time allows)"},
    {.name = "--runs",
     .kind = PFL_OPTION_COUNT,
     .value = "N",
     .offset = AT(rounds),
     .min = 1,
     .hidden = true,
     .summary = "the same as --rounds"},
    {.name = "--min-rounds",
     .letter = 'm',
     .kind = PFL_OPTION_COUNT,
     .value = "N",
     .offset = AT(min_rounds),
     .min = 1,
     .summary = "at least N launches when the time decides how many"},
    {.name = "--min-runs",
     .kind = PFL_OPTION_COUNT,
     .value = "N",
     .offset = AT(min_rounds),
     .min = 1,
     .hidden = true,
     .summary = "the same as --min-rounds"},
    {.name = "--max-rounds",
     .letter = 'M',
     .kind = PFL_OPTION_COUNT,
     .value = "N",
     .offset = AT(max_rounds),
     .min = 1,
     .summary = "at most N launches when the time decides how many"},
    {.name = "--max-runs",
     .kind = PFL_OPTION_COUNT,
     .value = "N",
     .offset = AT(max_rounds),
     .min = 1,
     .hidden = true,
     .summary = "the same as --max-rounds"},
    {.name = "--warmup",
     .letter = 'w',
     .kind = PFL_OPTION_COUNT,
     .value = "N",
     .offset = AT(warmup),
     .summary = "launches before, not recorded (default 1)"},
    {.name = "--max-time",
     .kind = PFL_OPTION_DURATION,
     .value = "D",
     .offset = AT(max_time),
     .summary = "bound on the whole command, for instance 30s"},
    {.name = "--timeout",
     .kind = PFL_OPTION_DURATION,
     .value = "D",
     .offset = AT(timeout),
     .summary =
         "bound on one launch; its process group is ended then, and the benchmark has timed out"},
    {.name = "--tier",
     .kind = PFL_OPTION_CHOICE,
     .value = "T",
     .offset = AT(tier),
     .choices = "smoke deep longhaul",
     .summary = "measure this tier and the ones before it (default smoke)"},
    {.name = "--name",
     .letter = 'n',
     .kind = PFL_OPTION_LIST,
     .value = "NAME",
     .offset = AT(names),
     .summary = "name of the ad-hoc command, in order; may be given several times"},
    {.name = "--command-name",
     .kind = PFL_OPTION_LIST,
     .value = "NAME",
     .offset = AT(names),
     .hidden = true,
     .summary = "the same as --name"},
    {.name = "--label",
     .kind = PFL_OPTION_TEXT,
     .value = "TEXT",
     .offset = AT(label),
     .summary = "a word about this run, shown by list"},
    {.name = "--parameter-list",
     .letter = 'L',
     .kind = PFL_OPTION_LIST,
     .value = "VAR VALUES",
     .words = 2,
     .offset = AT(lists),
     .summary = "run once for each of the comma-separated VALUES of {VAR}"},
    {.name = "--parameter-scan",
     .letter = 'P',
     .kind = PFL_OPTION_LIST,
     .value = "VAR MIN MAX",
     .words = 3,
     .offset = AT(scans),
     .summary = "run once for each number from MIN to MAX of {VAR}"},
    {.name = "--parameter-step-size",
     .letter = 'D',
     .kind = PFL_OPTION_TEXT,
     .value = "DELTA",
     .offset = AT(step),
     .summary = "step of --parameter-scan (default 1)"},
    {.name = "--setup",
     .letter = 's',
     .kind = PFL_OPTION_TEXT,
     .value = "CMD",
     .offset = AT(setup),
     .summary = "before each benchmark, once (through sh, as all these)"},
    {.name = "--prepare",
     .letter = 'p',
     .kind = PFL_OPTION_TEXT,
     .value = "CMD",
     .offset = AT(prepare),
     .summary = "before each launch, not measured"},
    {.name = "--conclude",
     .kind = PFL_OPTION_TEXT,
     .value = "CMD",
     .offset = AT(conclude),
     .summary = "after each launch, not measured"},
    {.name = "--cleanup",
     .letter = 'c',
     .kind = PFL_OPTION_TEXT,
     .value = "CMD",
     .offset = AT(cleanup),
     .summary = "after each benchmark, once"},
    {.name = "--validate",
     .kind = PFL_OPTION_TEXT,
     .value = "CMD",
     .offset = AT(validate),
     .summary = "the result must be right: the benchmark fails when CMD does"},
    {.name = "--shell",
     .letter = 'S',
     .kind = PFL_OPTION_TEXT,
     .value = "SHELL",
     .offset = AT(shell_name),
     .summary =
         "run through SHELL -c (sh, bash, …); its start-up is measured and subtracted, and said"},
    {.name = "--no-shell",
     .letter = 'N',
     .kind = PFL_OPTION_FLAG,
     .offset = AT(no_shell),
     .summary = "no shell, words split as a shell would (the default)"},
    {.name = "--ignore-failure",
     .letter = 'i',
     .kind = PFL_OPTION_FLAG,
     .offset = AT(ignore_failure),
     .summary = "a launch that exits with another status than 0 counts all the same"},
    {.name = "--input",
     .kind = PFL_OPTION_TEXT,
     .value = "FILE",
     .offset = AT(input),
     .choices = "file",
     .summary = "standard input of the command (default /dev/null)"},
    {.name = "--output",
     .kind = PFL_OPTION_TEXT,
     .value = "WHERE",
     .offset = AT(output),
     .choices = "file",
     .summary = "standard output of the command: null (default), pipe, inherit, or a file"},
    {.name = "--show-output",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(show_output),
     .summary = "let the command print (the same as --output inherit, and its errors too)"},
    {.name = "--cwd",
     .kind = PFL_OPTION_TEXT,
     .value = "DIR",
     .offset = AT(cwd),
     .choices = "folder",
     .summary = "working folder of the command"},
    {.name = "--env",
     .kind = PFL_OPTION_LIST,
     .value = "NAME=VALUE",
     .offset = AT(env),
     .summary = "set a variable for the command; may be given several times"},
    {.name = "--clean-env",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(clean_env),
     .summary = "give the command only PATH, HOME, LANG, TMPDIR and --env"},
    {.name = "--pin",
     .kind = PFL_OPTION_TEXT,
     .value = "CPUS",
     .offset = AT(pin),
     .summary = "run the command on these CPUs only (0, or 0-3,6)"},
    {.name = "--memory-tree",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(memory_tree),
     .summary = "sample the memory of the whole process tree too (every 10 ms)"},
    {.name = "--seed",
     .kind = PFL_OPTION_SEED,
     .value = "N",
     .offset = AT(seed),
     .summary = "seed of the order of launches (default: chosen, and recorded)"},
    {.name = "--reference",
     .kind = PFL_OPTION_TEXT,
     .value = "NAME",
     .offset = AT(reference),
     .summary = "rank the ad-hoc commands against this one instead of the fastest"},
    {.name = "--allow-few",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(allow_few),
     .summary = "allow fewer than 5 rounds; the results are marked"},
    {.name = "--no-record",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(no_record),
     .summary = "leave the ledger alone"},
    {.name = "--export-json",
     .kind = PFL_OPTION_TEXT,
     .value = "FILE",
     .offset = AT(export_json),
     .choices = "file",
     .summary = "also write the results as hyperfine's JSON"},
    {.name = "--export-markdown",
     .kind = PFL_OPTION_TEXT,
     .value = "FILE",
     .offset = AT(export_markdown),
     .choices = "file",
     .summary = "also write the results as a Markdown table"},
    {.name = "--list",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(list),
     .summary = "show what would be measured, and start nothing"},
    {0},
};

/* The axes of -L and -P. */
static int add_axis(struct pfl_context *context, struct pfl_flow_run_params *params,
                    const char *name, const char **values, size_t count, struct pfl_err *err)
{
    struct pfl_param_axis *grown = pfl_arena_grow(context->arena, params->axes, params->axis_count,
                                                  params->axis_count + 1, sizeof *grown);

    if (!grown)
        return pfl_err_no_memory(err);
    grown[params->axis_count++] = (struct pfl_param_axis){name, values, count};
    params->axes = grown;
    return PFL_OK;
}

static int add_list_axis(struct pfl_context *context, struct pfl_flow_run_params *params,
                         const char *name, const char *text, struct pfl_err *err)
{
    size_t count = 1, i;
    const char **values, *at;

    for (at = text; *at; at++)
        count += *at == ',';
    values = pfl_arena_array(context->arena, count, sizeof *values);
    if (!values)
        return pfl_err_no_memory(err);
    for (i = 0; i < count; i++) {
        values[i] = pfl_arena_text_n(context->arena, text, strcspn(text, ","));
        if (!values[i])
            return pfl_err_no_memory(err);
        text += strcspn(text, ",") + (i + 1 < count);
    }
    return add_axis(context, params, name, values, count, err);
}

enum { SCAN_MOST = 10000 };

static int add_scan_axis(struct pfl_context *context, struct pfl_flow_run_params *params,
                         const char *const *words, const char *step_text, struct pfl_err *err)
{
    double low, high, step = 1, count;
    char text[PFL_UNITS_NUMBER_MAX];
    const char **values;
    size_t i, n;
    int rc = pfl_units_read_number(words[1], &low, err);

    if (rc == PFL_OK)
        rc = pfl_units_read_number(words[2], &high, err);
    if (rc == PFL_OK && step_text)
        rc = pfl_units_read_number(step_text, &step, err);
    if (rc != PFL_OK)
        return rc;
    count = floor((high - low) / step + 1e-9) + 1;
    if (!(count >= 1 && count <= SCAN_MOST))
        return pfl_err_set(
            err, PFL_EUSAGE,
            "--parameter-scan %s %s %s: that is no range of 1 to %d values (step %g)", words[0],
            words[1], words[2], (int)SCAN_MOST, step);
    n = (size_t)count;
    values = pfl_arena_array(context->arena, n, sizeof *values);
    if (!values)
        return pfl_err_no_memory(err);
    for (i = 0; i < n; i++) {
        /* rounded, so that 0.1 + 2 × 0.1 is written 0.3 */
        pfl_units_number_text(text, round((low + (double)i * step) * 1e12) / 1e12);
        values[i] = pfl_arena_text(context->arena, text);
        if (!values[i])
            return pfl_err_no_memory(err);
    }
    return add_axis(context, params, words[0], values, n, err);
}

static int read_axes(struct pfl_context *context, const struct options *given,
                     struct pfl_flow_run_params *params, struct pfl_err *err)
{
    size_t i;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i + 1 < given->lists.n; i += 2)
        rc = add_list_axis(context, params, given->lists.at[i], given->lists.at[i + 1], err);
    for (i = 0; rc == PFL_OK && i + 2 < given->scans.n; i += 3)
        rc = add_scan_axis(context, params, given->scans.at + i, given->step, err);
    return rc;
}

static int read_env(struct pfl_context *context, const struct options *given, struct pfl_how *how,
                    struct pfl_err *err)
{
    struct pfl_pair *env = pfl_arena_array(context->arena, given->env.n, sizeof *env);
    size_t i, len;

    if (!env)
        return pfl_err_no_memory(err);
    for (i = 0; i < given->env.n; i++) {
        len = strcspn(given->env.at[i], "=");
        if (len == 0 || given->env.at[i][len] != '=')
            return pfl_err_set(err, PFL_EUSAGE, "--env: `%s` is not of the form NAME=VALUE",
                               given->env.at[i]);
        env[i].name = pfl_arena_text_n(context->arena, given->env.at[i], len);
        env[i].value = given->env.at[i] + len + 1;
        if (!env[i].name)
            return pfl_err_no_memory(err);
    }
    how->env = env;
    how->env_count = given->env.n;
    return PFL_OK;
}

static void set_count(int given, unsigned bit, int *field, struct pfl_how *how)
{
    if (given >= 0) {
        *field = given;
        how->set |= bit;
    }
}

static void set_text(const char *given, unsigned bit, const char **field, struct pfl_how *how)
{
    if (given) {
        *field = given;
        how->set |= bit;
    }
}

static int read_how(struct pfl_context *context, const struct options *given, struct pfl_how *how,
                    struct pfl_err *err)
{
    if (given->no_shell && given->shell_name)
        return pfl_err_set(err, PFL_EUSAGE, "--shell and --no-shell exclude each other");
    set_count(given->rounds, PFL_HOW_ROUNDS, &how->rounds, how);
    set_count(given->min_rounds, PFL_HOW_MIN_ROUNDS, &how->min_rounds, how);
    set_count(given->max_rounds, PFL_HOW_MAX_ROUNDS, &how->max_rounds, how);
    set_count(given->warmup, PFL_HOW_WARMUP, &how->warmup, how);
    if (!(how->set & PFL_HOW_ROUNDS) && how->set & (PFL_HOW_MIN_ROUNDS | PFL_HOW_MAX_ROUNDS)) {
        how->rounds = 0; /* the time decides */
        how->set |= PFL_HOW_ROUNDS;
    }
    if (given->timeout >= 0) {
        how->timeout_ns = given->timeout;
        how->set |= PFL_HOW_TIMEOUT;
    }
    if (given->no_shell || (given->shell_name && strcmp(given->shell_name, "none") == 0))
        how->set |= PFL_HOW_SHELL; /* shell stays NULL */
    else
        set_text(given->shell_name, PFL_HOW_SHELL, &how->shell, how);
    set_text(given->cwd, PFL_HOW_CWD, &how->cwd, how);
    set_text(given->input, PFL_HOW_INPUT, &how->input, how);
    set_text(given->show_output ? "inherit" : given->output, PFL_HOW_OUTPUT, &how->output, how);
    set_text(given->pin, PFL_HOW_PIN, &how->pin, how);
    how->set |= (given->clean_env ? PFL_HOW_CLEAN_ENV : 0u) |
                (given->ignore_failure ? PFL_HOW_IGNORE : 0u) |
                (given->memory_tree ? PFL_HOW_MEMORY_TREE : 0u);
    how->clean_env = given->clean_env;
    how->ignore_failure = given->ignore_failure;
    how->memory_tree = given->memory_tree;
    how->setup = given->setup;
    how->prepare = given->prepare;
    how->conclude = given->conclude;
    how->cleanup = given->cleanup;
    how->validate = given->validate;
    return read_env(context, given, how, err);
}

/* After `--`: a first word that holds a blank means that each word is a command; else all are one
 * command. */
static int read_commands(struct pfl_context *context, struct pfl_flow_run_params *params,
                         struct pfl_err *err)
{
    char **words = context->args + context->args_before_dashes;
    size_t n = context->arg_count - context->args_before_dashes;

    params->adhoc = context->dashes;
    params->select = (const char *const *)context->args;
    params->select_count = context->args_before_dashes;
    if (!context->dashes)
        return PFL_OK;
    if (n == 0)
        return pfl_err_set(
            err, PFL_EUSAGE,
            "no command behind `--`; for instance `perfledger run -- gzip -9kf big.txt`");
    if (params->select_count)
        return pfl_err_set(
            err, PFL_EUSAGE,
            "`%s` stands before `--`: select configured suites or measure a command, not both",
            params->select[0]);
    if (strchr(words[0], ' ')) {
        params->commands = (const char *const *)words;
        params->command_count = n;
    } else {
        params->argv = words;
        params->argc = n;
    }
    return PFL_OK;
}

static bool stop_asked(void *context)
{
    (void)context;
    return pfl_signals_stop_asked();
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
        pfl_buf_char(out, '\n');
        return PFL_OK;
    }
    return pfl_report_run_terminal(&report, &context->out, context->arena, out, err);
}

static int export_files(struct pfl_context *context, const struct options *given,
                        const struct pfl_flow_run_result *result, struct pfl_err *err)
{
    struct pfl_report_run report = {.run = &result->run, .assessments = result->assessments};
    struct pfl_buf out;
    int rc = PFL_OK;

    pfl_buf_init(&out, PFL_CLI_DOCUMENT_MAX);
    if (given->export_json) {
        pfl_hyperfine_write(&result->run, &out);
        rc = pfl_buf_check(&out, err, "writing --export-json");
        if (rc == PFL_OK)
            rc = pfl_file_write(given->export_json, out.data, out.len, false, err);
    }
    pfl_buf_clear(&out);
    if (rc == PFL_OK && given->export_markdown) {
        rc = pfl_report_run_markdown(&report, context->arena, &out, err);
        if (rc == PFL_OK)
            rc = pfl_buf_check(&out, err, "writing --export-markdown");
        if (rc == PFL_OK)
            rc = pfl_file_write(given->export_markdown, out.data, out.len, false, err);
    }
    pfl_buf_release(&out);
    return rc;
}

static int fill_plan(struct pfl_context *context, const void *data, struct pfl_buf *out,
                     struct pfl_err *err)
{
    const struct pfl_plan *plan = data;
    struct pfl_json_writer w;
    size_t i;

    (void)err;
    if (!context->json) {
        for (i = 0; i < plan->item_count; i++) {
            pfl_text_escape(out, plan->items[i].name, strlen(plan->items[i].name));
            pfl_buf_char(out, '\n');
        }
        return PFL_OK;
    }
    pfl_json_writer_init(&w, out, 0);
    pfl_json_object(&w);
    pfl_json_put_integer(&w, "schema", 1);
    pfl_json_key(&w, "benchmarks");
    pfl_json_array(&w);
    for (i = 0; i < plan->item_count; i++) {
        pfl_json_object(&w);
        pfl_json_put_string(&w, "benchmark", plan->items[i].name);
        pfl_json_put_string(&w, "suite", plan->items[i].suite);
        pfl_json_put_string(&w, "command", plan->items[i].command);
        pfl_json_put_string(&w, "tier", pfl_tier_text(plan->items[i].tier));
        pfl_json_put_integer(&w, "rounds", plan->items[i].how.rounds);
        pfl_json_object_end(&w);
    }
    pfl_json_array_end(&w);
    pfl_json_object_end(&w);
    pfl_buf_char(out, '\n');
    return PFL_OK;
}

static int list_plan(struct pfl_context *context, struct pfl_flow *flow,
                     const struct pfl_flow_run_params *params, struct pfl_err *err)
{
    struct pfl_plan plan;
    int rc = pfl_flow_plan(flow, params, &plan, err);

    return rc == PFL_OK ? pfl_cli_print_filled(context, fill_plan, &plan, err) : rc;
}

static int measure(struct pfl_context *context, struct pfl_flow *flow,
                   struct pfl_flow_run_params *params, struct pfl_err *err)
{
    const struct options *given = context->options;
    struct pfl_flow_run_result result = {0};
    struct pfl_cli_progress live;
    struct pfl_err why;
    int outcome, rc;

    pfl_cli_progress_init(&live, context);
    params->progress = pfl_cli_progress_show;
    params->stop_asked = stop_asked;
    params->context = &live;
    pfl_signals_install();
    outcome = pfl_flow_run(flow, params, &result, &why);
    pfl_cli_progress_wipe(&live);
    if (outcome != PFL_OK && outcome != PFL_ECOMMAND && outcome != PFL_EINTERRUPTED &&
        outcome != PFL_ENOTHING) {
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

static int run(struct pfl_context *context, struct pfl_err *err)
{
    const struct options *given = context->options;
    struct pfl_flow_run_params params = {
        .order_seed = given->seed,
        .max_time_ns = given->max_time > 0 ? given->max_time : 0,
        .allow_few = given->allow_few,
        .record = !given->no_record,
        .show_output = given->show_output,
        .label = given->label,
        .names = given->names.at,
        .name_count = given->names.n,
        .reference = given->reference,
    };
    struct pfl_flow flow;
    int rc = read_commands(context, &params, err);

    if (given->tier)
        pfl_tier_read(given->tier, &params.tier);
    if (rc == PFL_OK)
        rc = read_how(context, given, &params.how, err);
    if (rc == PFL_OK)
        rc = read_axes(context, given, &params, err);
    if (rc == PFL_OK)
        rc = pfl_cli_open(context, false, &flow, err);
    if (rc != PFL_OK)
        return rc;
    rc = given->list ? list_plan(context, &flow, &params, err)
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
        "perfledger run -- gzip -9kf big.txt\tone command\n"
        "perfledger run -r 20 -- 'gzip -kf big.txt' 'zstd -kf big.txt'\ttwo commands, and who is "
        "faster\n"
        "perfledger run -L level 1,6,9 -- 'gzip -{level}kf big.txt'\ta command over a parameter",
    .options = options,
    .options_size = sizeof(struct options),
    .run = run,
};
