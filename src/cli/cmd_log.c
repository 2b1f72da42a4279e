/* `log add | snapshot | trend | latest | audit | owed`: the written ledger. A verb is a file of its
 * own (log_VERB.c); here stand the card and the way to them. */
#include "cli/log.h"

#include "base/text.h"

#include <string.h>

#define AT(field) offsetof(struct pfl_log_options, field)

static const struct pfl_option options[] = {
    {.name = "--since",
     .kind = PFL_OPTION_TEXT,
     .value = "REV",
     .offset = AT(since),
     .summary = "owed: what changed since REV (default: where this branch left the default branch; "
                "on that the last tag)"},
    {.name = "--suites",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(suites),
     .summary = "owed: only the suites to measure, one per line, for `perfledger run`"},
    {0},
};

static const struct {
    const char *name;
    pfl_cli_log_fn *run;
} verbs[] = {
    /* one line per verb: {"add", pfl_cli_log_add}, */
    {"owed", pfl_cli_log_owed},
    {NULL, NULL},
};

static int unknown(const char *verb, struct pfl_err *err)
{
    const char *names[PFL_COUNT(verbs)], *near;
    size_t i;

    for (i = 0; verbs[i].name; i++)
        names[i] = verbs[i].name;
    near = pfl_text_nearest(verb, names, i);
    return pfl_err_set(err, PFL_EUSAGE, "there is no `perfledger log %s`; %s%s%s", verb,
                       near ? "did you mean `" : "it is one of: add snapshot trend latest",
                       near ? near : " audit owed", near ? "`?" : "");
}

static int run(struct pfl_context *context, struct pfl_err *err)
{
    struct pfl_flow flow;
    size_t i;
    int rc;

    if (context->arg_count == 0)
        return pfl_err_set(
            err, PFL_EUSAGE,
            "`perfledger log` needs a verb: add, snapshot, trend, latest, audit or owed");
    for (i = 0; verbs[i].name && strcmp(verbs[i].name, context->args[0]) != 0; i++)
        ;
    if (!verbs[i].name)
        return unknown(context->args[0], err);
    rc = pfl_cli_open(context, &flow, err);
    if (rc != PFL_OK)
        return rc;
    rc = verbs[i].run(context, &flow, err);
    pfl_flow_close(&flow);
    return rc;
}

const struct pfl_command pfl_command_log = {
    .name = "log",
    .group = "Documents",
    .summary = "the written ledger: PERFORMANCE.md and perf/, made from runs and checked",
    .usage = "log add --base REV --title TITLE [--kind KIND] [--area AREA] [--external]\n"
             "log snapshot NAME [--base REV]\n"
             "log trend METRIC [--benchmark GLOB]\n"
             "log latest AREA\n"
             "log audit [--since REV]\n"
             "log owed [--since REV] [--suites]",
    .description = "",
    .examples = "",
    .options = options,
    .options_size = sizeof(struct pfl_log_options),
    .verbs = "add snapshot trend latest audit owed",
    .run = run,
};
