/* `targets`: the table of absolute goals, and how the latest run stands to them. */
#include "cli/session.h"

#include "flow/targets.h"
#include "report/targets.h"

struct options {
    const char *run, *format;
    bool strict, allow_unmeasured;
};

static const struct pfl_option options[] = {
    {.name = "--run",
     .kind = PFL_OPTION_TEXT,
     .value = "RUN",
     .offset = offsetof(struct options, run),
     .choices = "run",
     .summary = "this run (default: the latest complete configured one of this machine)"},
    {.name = "--format",
     .kind = PFL_OPTION_CHOICE,
     .value = "FORMAT",
     .offset = offsetof(struct options, format),
     .choices = "terminal markdown json",
     .summary = "terminal, markdown, json"},
    {.name = "--allow-unmeasured",
     .kind = PFL_OPTION_FLAG,
     .offset = offsetof(struct options, allow_unmeasured),
     .summary = "a target of what this run did not measure is shown and does not count (a run of "
                "one tier)"},
    {.name = "--strict",
     .kind = PFL_OPTION_FLAG,
     .offset = offsetof(struct options, strict),
     .summary = "exit status 5 when the interval of a value holds its limit"},
    {0},
};

static int fill(struct pfl_context *context, const void *data, struct pfl_buf *out,
                struct pfl_err *err)
{
    const struct options *given = context->options;
    const char *format = context->json ? "json" : given->format ? given->format : "terminal";

    return pfl_report_targets_find(format)(data, &context->out, context->arena, out, err);
}

static int run(struct pfl_context *context, struct pfl_err *err)
{
    const struct options *given = context->options;
    struct pfl_targets targets;
    struct pfl_flow flow;
    int rc = pfl_cli_check_args(context, "targets", 0, 0, err);

    if (rc == PFL_OK)
        rc = pfl_cli_open(context, &flow, err);
    if (rc != PFL_OK)
        return rc;
    rc = pfl_flow_targets(
        &flow,
        &(struct pfl_flow_targets_params){given->run, given->strict, given->allow_unmeasured},
        &targets, err);
    if (rc == PFL_OK)
        rc = pfl_cli_print_filled(context, fill, &targets, err);
    pfl_flow_close(&flow);
    return rc == PFL_OK ? targets.exit_code : rc;
}

const struct pfl_command pfl_command_targets = {
    .name = "targets",
    .group = "Judge",
    .summary = "the table of absolute goals: target, value, margin, met or missed",
    .usage = "targets [--run RUN] [--format FORMAT] [--allow-unmeasured] [--strict]",
    .description =
        "Holds the latest complete configured run (or --run) against `targets:` of "
        "perfledger.yaml: for each benchmark and metric the "
        "target, its tolerance, the value now with its interval, the room to the target (negative "
        "beyond it), and whether it is met, "
        "within tolerance, missed or not measured. What counts is the interval: a target is missed "
        "when all of it lies beyond the limit, tolerance included; where the limit lies within it, "
        "the run cannot tell. Targets hold on the reference machine; a run of "
        "another one is reported only.\n"
        "Exit status 1 when a target is missed on the reference machine; 6 when no target is "
        "configured or one was not measured there "
        "(a benchmark that was renamed takes no goal along); 5 with --strict when one cannot be "
        "told.",
    .examples = "perfledger targets\thow the latest run stands to the goals\n"
                "perfledger targets --run latest --format markdown\tas a table for a page",
    .options = options,
    .options_size = sizeof(struct options),
    .run = run,
};
