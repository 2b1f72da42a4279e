/* `targets`: the table of absolute goals, and how the latest run stands to them. */
#include "cli/session.h"

#include "flow/targets.h"
#include "report/targets.h"

struct options {
    const char *run, *format;
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
    rc = pfl_flow_targets(&flow, given->run, &targets, err);
    if (rc == PFL_OK)
        rc = pfl_cli_print_filled(context, fill, &targets, err);
    pfl_flow_close(&flow);
    return rc == PFL_OK ? targets.exit_code : rc;
}

const struct pfl_command pfl_command_targets = {
    .name = "targets",
    .group = "Judge",
    .summary = "the table of absolute goals: target, value, margin, met or missed",
    .usage = "targets [--run RUN] [--format FORMAT]",
    .description =
        "Holds the latest complete configured run (or --run) against `targets:` of "
        "perfledger.yaml: for each benchmark and metric the "
        "target, its tolerance, the value now with its interval, the room to the target (negative "
        "beyond it), and whether it is met, "
        "within tolerance, missed or not measured. Targets hold on the reference machine; a run of "
        "another one is reported only.\n"
        "Exit status 1 when a target is missed on the reference machine, 6 when no target is "
        "configured or nothing was measured that "
        "one speaks of.",
    .examples = "perfledger targets\thow the latest run stands to the goals\n"
                "perfledger targets --run latest --format markdown\tas a table for a page",
    .options = options,
    .options_size = sizeof(struct options),
    .run = run,
};
