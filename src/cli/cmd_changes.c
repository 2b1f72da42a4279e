/* `changes`: change points in the ledger's series or a CSV file; acknowledge, expect, rebase. */
#include "cli/session.h"

#include "base/json.h"
#include "base/text.h"
#include "flow/changes.h"
#include "judge/changes.h"
#include "report/changes.h"

#include <math.h>
#include <string.h>

struct options {
    const char *csv, *metric, *better, *fail_on, *why;
    double false_alarms;
    bool all;
};

#define AT(field) offsetof(struct options, field)

static const struct pfl_option options[] = {
    {.name = "--csv",
     .kind = PFL_OPTION_TEXT,
     .value = "FILE",
     .offset = AT(csv),
     .choices = "file",
     .summary = "this series instead of the ledger's: a column of values, or revision,value; - is "
                "standard input"},
    {.name = "--metric",
     .kind = PFL_OPTION_TEXT,
     .value = "GLOB",
     .offset = AT(metric),
     .summary = "these metrics only (default: all that have a better direction)"},
    {.name = "--better",
     .kind = PFL_OPTION_CHOICE,
     .value = "DIRECTION",
     .offset = AT(better),
     .choices = "lower higher",
     .summary = "which values of a CSV file are better: lower (default) or higher"},
    {.name = "--false-alarms",
     .kind = PFL_OPTION_FRACTION,
     .value = "P",
     .offset = AT(false_alarms),
     .summary = "chance that a quiet series shows a change, 0.01% to 50% (default 0.6%)"},
    {.name = "--fail-on",
     .kind = PFL_OPTION_CHOICE,
     .value = "WHAT",
     .offset = AT(fail_on),
     .choices = "none worse any",
     .summary = "exit status 1 for new changes: none (default), those for the worse, any"},
    {.name = "--all",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(all),
     .summary = "show quiet series, too"},
    {.name = "--why",
     .kind = PFL_OPTION_TEXT,
     .value = "TEXT",
     .offset = AT(why),
     .summary = "acknowledge, expect, rebase: the reason, kept with the decision"},
    {0},
};

static int fill(struct pfl_context *context, const void *data, struct pfl_buf *out,
                struct pfl_err *err)
{
    const struct options *given = context->options;
    const struct pfl_flow_changes *changes = data;

    if (context->json) {
        pfl_report_changes_json(changes->list, changes->n, out);
        return PFL_OK;
    }
    return pfl_report_changes_terminal(changes->list, changes->n, given->all, &context->out,
                                       context->arena, out, err);
}

/* What --fail-on says of them; the report has told which they are. */
static int gate(const struct options *given, const struct pfl_flow_changes *changes)
{
    bool worse_only = given->fail_on && strcmp(given->fail_on, "worse") == 0;
    size_t i, alarms = 0;

    if (!given->fail_on || strcmp(given->fail_on, "none") == 0)
        return PFL_OK;
    for (i = 0; i < changes->n; i++)
        alarms += pfl_changes_alarms(&changes->list[i], worse_only);
    return alarms ? PFL_EGATE : PFL_OK;
}

static void read_params(const struct options *given, struct pfl_flow_changes_params *params)
{
    params->csv = given->csv;
    params->metric = given->metric;
    params->better = given->better && strcmp(given->better, "higher") == 0 ? PFL_BETTER_HIGHER
                                                                           : PFL_BETTER_LOWER;
    params->false_alarms = isnan(given->false_alarms) ? 0 : given->false_alarms;
}

static int show(struct pfl_context *context, struct pfl_flow *flow, struct pfl_err *err)
{
    const struct options *given = context->options;
    struct pfl_flow_changes_params params = {.select = (const char *const *)context->args,
                                             .select_count = context->arg_count};
    struct pfl_flow_changes changes;
    int rc;

    read_params(given, &params);
    rc = pfl_flow_changes(flow, &params, &changes, err);
    if (rc == PFL_OK)
        rc = pfl_cli_print_filled(context, fill, &changes, err);
    return rc == PFL_OK ? gate(given, &changes) : rc;
}

struct decided {
    struct pfl_review review;
    const char *file;
};

static int fill_decided(struct pfl_context *context, const void *data, struct pfl_buf *out,
                        struct pfl_err *err)
{
    const struct decided *decided = data;
    const struct pfl_review *review = &decided->review;
    struct pfl_json_writer w;

    (void)err;
    if (context->json) {
        pfl_json_writer_init(&w, out, 0);
        pfl_json_object(&w);
        pfl_json_put_integer(&w, "schema", 1);
        pfl_json_put_string(&w, "action", pfl_review_action_text(review->action));
        pfl_json_put_string(&w, "benchmark", review->benchmark);
        pfl_json_put_string(&w, "metric", review->metric);
        pfl_json_put_string(&w, "at", review->at);
        pfl_json_put_string(&w, "until", *review->until ? review->until : NULL);
        pfl_json_put_string(&w, "note", review->note);
        pfl_json_put_string(&w, "file", decided->file);
        pfl_json_object_end(&w);
        pfl_buf_char(out, '\n');
        return PFL_OK;
    }
    pfl_buf_format(out, "%s: ", pfl_review_action_text(review->action));
    pfl_text_escape(out, review->benchmark, strlen(review->benchmark));
    pfl_buf_format(out, " at %s%s%s, written to %s; commit it, so that it is reviewed\n",
                   review->at, *review->until ? ".." : "", review->until, decided->file);
    return PFL_OK;
}

static int decide(struct pfl_context *context, struct pfl_flow *flow, enum pfl_review_action action,
                  struct pfl_err *err)
{
    const struct options *given = context->options;
    struct pfl_flow_review_params params = {.action = action, .note = given->why};
    struct decided decided;
    int rc;

    if (context->arg_count != 3)
        return pfl_err_set(err, PFL_EUSAGE,
                           "`perfledger changes %s` takes a benchmark and a place: BENCHMARK AT",
                           context->args[0]);
    if (!given->why || !*given->why)
        return pfl_err_set(
            err, PFL_EUSAGE,
            "`perfledger changes %s` needs --why TEXT: the next reader will want to know",
            context->args[0]);
    read_params(given, &params.where);
    params.benchmark = context->args[1];
    params.at = context->args[2];
    rc = pfl_flow_review(flow, &params, &decided.review, &decided.file, err);
    return rc == PFL_OK ? pfl_cli_print_filled(context, fill_decided, &decided, err) : rc;
}

static int run(struct pfl_context *context, struct pfl_err *err)
{
    enum pfl_review_action action;
    struct pfl_flow flow;
    int rc = pfl_cli_open(context, &flow, err);

    if (rc != PFL_OK)
        return rc;
    rc = context->arg_count && pfl_review_action_read(context->args[0], &action)
             ? decide(context, &flow, action, err)
             : show(context, &flow, err);
    pfl_flow_close(&flow);
    return rc;
}

const struct pfl_command pfl_command_changes = {
    .name = "changes",
    .group = "Judge",
    .summary = "where a series over time changed: steps, drifts, and what was said of them",
    .usage =
        "changes [SELECT…] [--metric GLOB] [--fail-on WHAT]\nchanges --csv FILE\n"
        "changes acknowledge|expect|rebase BENCHMARK AT --why TEXT [--metric GLOB] [--csv FILE]",
    .description = "Searches each series (benchmark, metric, machine) of the ledger, or a file's, "
                   "for lasting changes of level. A step, "
                   "or a drift of many small steps, is shown with its place, both levels, the "
                   "ratio with its 95 % interval and the chance "
                   "that a quiet series shows anything like it. Single spikes are counted and are "
                   "no change; neighbouring values that are "
                   "alike raise the bar; the last few values are `pending` until more confirm "
                   "them; another machine or definition begins "
                   "a new segment. 16 values are the least that can show anything.\n"
                   "`acknowledge` pins a known change: later values never move it. `expect` says "
                   "that a change at a revision is intended. "
                   "`rebase` starts anew there: what was before counts no more. AT is a revision "
                   "(7 digits or more) or an index from 0. "
                   "The decisions are lines in .perfledger-changes beside perfledger.yaml, to be "
                   "committed and reviewed.\n"
                   "Exit status 0 whatever it finds, unless --fail-on asks for another; 6 when "
                   "there is no series.",
    .examples = "perfledger changes\tevery series of the ledger\n"
                "perfledger changes --csv nightly.csv --json\tany series, for a script\n"
                "perfledger changes acknowledge pipeline 1a2b3c4 --why 'bounds checks, agreed'\ta "
                "known step",
    .options = options,
    .options_size = sizeof(struct options),
    .verbs = "acknowledge expect rebase",
    .run = run,
};
