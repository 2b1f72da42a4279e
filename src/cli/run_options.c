/*
 * The largest table of options of all commands, and what its values mean: -L and -P become axes of
 * parameters, the settings a struct pfl_how whose bits say what was given, the words behind `--`
 * one command or several.
 */
#include "cli/run_options.h"

#include "base/units.h"

#include <math.h>
#include <string.h>

#define AT(field) offsetof(struct pfl_run_options, field)

const struct pfl_option pfl_run_option_table[] = {
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
    {.name = "--owed",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(owed),
     .summary = "only what `log owed` says the changes ask for; nothing when they ask for nothing"},
    {.name = "--since",
     .kind = PFL_OPTION_TEXT,
     .value = "REV",
     .offset = AT(since),
     .summary = "with --owed: what changed since REV (default: as `log owed`)"},
    {.name = "--max-time",
     .kind = PFL_OPTION_DURATION,
     .value = "D",
     .offset = AT(max_time),
     .summary = "bound on the whole command, for instance 30s"},
    {.name = "--tier",
     .kind = PFL_OPTION_CHOICE,
     .value = "T",
     .offset = AT(tier),
     .choices = "smoke deep longhaul",
     .summary = "measure this tier and the ones before it (default smoke)"},
    PFL_NAME_OPTIONS(AT),
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
    PFL_HOW_OPTIONS(AT),
    {.name = "--show-output",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(show_output),
     .summary = "let the command print (the same as --output inherit, and its errors too)"},
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
     .summary = "also write the results as hyperfine's JSON (- is standard output)"},
    {.name = "--export-markdown",
     .kind = PFL_OPTION_TEXT,
     .value = "FILE",
     .offset = AT(export_markdown),
     .choices = "file",
     .summary = "also write the results as a Markdown table (- is standard output)"},
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
    struct pfl_param_axis *grown;

    if (!*name || name[strcspn(name, "{}[]=,\t\n")])
        return pfl_err_set(
            err, PFL_EUSAGE,
            "`%s` is no name of a parameter: write for instance -L size 1,2 for {size}", name);
    grown = pfl_arena_grow(context->arena, params->axes, params->axis_count, params->axis_count + 1,
                           sizeof *grown);
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
    if (rc != PFL_OK) {
        pfl_err_prefix(err, "--parameter-scan %s", words[0]);
        return rc;
    }
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

static int read_axes(struct pfl_context *context, const struct pfl_run_options *given,
                     struct pfl_flow_run_params *params, struct pfl_err *err)
{
    size_t i;
    int rc = PFL_OK;

    if (given->step && given->scans.n == 0)
        return pfl_err_set(
            err, PFL_EUSAGE,
            "--parameter-step-size is the step of --parameter-scan, which is not there");
    for (i = 0; rc == PFL_OK && i + 1 < given->lists.n; i += 2)
        rc = add_list_axis(context, params, given->lists.at[i], given->lists.at[i + 1], err);
    for (i = 0; rc == PFL_OK && i + 2 < given->scans.n; i += 3)
        rc = add_scan_axis(context, params, given->scans.at + i, given->step, err);
    return rc;
}

static void set_count(int given, unsigned bit, int *field, struct pfl_how *how)
{
    if (given >= 0) {
        *field = given;
        how->set |= bit;
    }
}

/* How many launches, which only `run` counts, and how. */
static int read_how(struct pfl_context *context, const struct pfl_run_options *given,
                    struct pfl_how *how, struct pfl_err *err)
{
    if (given->rounds >= 0 && (given->min_rounds >= 0 || given->max_rounds >= 0))
        return pfl_err_set(
            err, PFL_EUSAGE,
            "--rounds says how many launches; --min-rounds and --max-rounds leave it to "
            "the time: give one or the other");
    set_count(given->rounds, PFL_HOW_ROUNDS, &how->rounds, how);
    set_count(given->min_rounds, PFL_HOW_MIN_ROUNDS, &how->min_rounds, how);
    set_count(given->max_rounds, PFL_HOW_MAX_ROUNDS, &how->max_rounds, how);
    if (!(how->set & PFL_HOW_ROUNDS) && how->set & (PFL_HOW_MIN_ROUNDS | PFL_HOW_MAX_ROUNDS)) {
        how->rounds = 0; /* the time decides */
        how->set |= PFL_HOW_ROUNDS;
    }
    if (given->show_output) {
        how->output = "inherit";
        how->set |= PFL_HOW_OUTPUT;
    }
    return pfl_how_options_read(&given->how, context->arena, how, err);
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
        n = 1;
    }
    if (params->name_count > n)
        return pfl_err_set(err, PFL_EUSAGE, "%zu names (--name) for %zu command%s",
                           params->name_count, n, n == 1 ? "" : "s");
    return PFL_OK;
}

/* What is owed selects by itself. */
static int check_owed(const struct pfl_context *context, const struct pfl_run_options *given,
                      struct pfl_err *err)
{
    if (given->since && !given->owed)
        return pfl_err_set(err, PFL_EUSAGE, "--since belongs to --owed, which is not given");
    if (given->owed && (context->arg_count || context->dashes))
        return pfl_err_set(err, PFL_EUSAGE,
                           "--owed measures what the changes ask for; leave `%s` out",
                           context->arg_count ? context->args[0] : "--");
    return PFL_OK;
}

/* --json promises one document on standard output, so no export may go there too. */
static int check_exports(const struct pfl_context *context, const struct pfl_run_options *given,
                         struct pfl_err *err)
{
    const char *exports[] = {given->export_json, given->export_markdown};
    size_t i;

    for (i = 0; context->json && i < PFL_COUNT(exports); i++)
        if (exports[i] && strcmp(exports[i], "-") == 0)
            return pfl_err_set(err, PFL_EUSAGE,
                               "--json is the only document on standard output: give the export a "
                               "file instead of -");
    return PFL_OK;
}

int pfl_run_options_read(struct pfl_context *context, struct pfl_flow_run_params *params,
                         struct pfl_err *err)
{
    const struct pfl_run_options *given = context->options;
    int rc;

    params->names = given->names.at;
    params->name_count = given->names.n;
    rc = check_exports(context, given, err);
    if (rc == PFL_OK)
        rc = check_owed(context, given, err);
    if (rc == PFL_OK)
        rc = read_commands(context, params, err);
    params->order_seed = given->seed.value;
    params->order_seed_given = given->seed.given;
    params->max_time_ns = given->max_time > 0 ? given->max_time : 0;
    params->allow_few = given->allow_few;
    params->record = !given->no_record;
    params->show_output = given->show_output;
    params->label = given->label;
    params->reference = given->reference;
    if (given->tier)
        pfl_tier_read(given->tier, &params->tier);
    if (rc == PFL_OK)
        rc = read_how(context, given, &params->how, err);
    return rc == PFL_OK ? read_axes(context, given, params, err) : rc;
}
