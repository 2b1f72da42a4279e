/* `log add | snapshot | trend | latest | audit | owed`: the written ledger. A verb is a file of its
 * own (log_VERB.c); here stand the card and the way to them. */
#include "cli/log.h"

#include "base/text.h"

#include <string.h>

#define AT(field) offsetof(struct pfl_log_options, field)

static const struct pfl_option options[] = {
    {.name = "--base",
     .kind = PFL_OPTION_TEXT,
     .value = "WORD",
     .offset = AT(base),
     .choices = "run",
     .summary = "add, snapshot: what it was before: a revision (its newest complete run), a run, a "
                "baseline"},
    {.name = "--head",
     .kind = PFL_OPTION_TEXT,
     .value = "WORD",
     .offset = AT(head),
     .choices = "run",
     .summary = "add, snapshot, latest: what it is now (default: the latest complete configured "
                "run; latest: that of the newest revision)"},
    {.name = "--title",
     .kind = PFL_OPTION_TEXT,
     .value = "TITLE",
     .offset = AT(title),
     .summary = "add: what changed, in a few words"},
    {.name = "--kind",
     .kind = PFL_OPTION_CHOICE,
     .value = "KIND",
     .offset = AT(kind),
     .choices = "optimisation baseline diagnosis",
     .summary = "add: optimisation (default), baseline (of a new backend or platform: no base), "
                "diagnosis (of a regression: base is what had regressed, head its fix)"},
    {.name = "--pr",
     .kind = PFL_OPTION_TEXT,
     .value = "N",
     .offset = AT(pull_request),
     .summary = "add: the pull request"},
    {.name = "--area",
     .kind = PFL_OPTION_TEXT,
     .value = "AREA",
     .offset = AT(area),
     .summary = "add, snapshot, trend: of perfledger.yaml's `areas:`; only its benchmarks"},
    {.name = "--benchmark",
     .kind = PFL_OPTION_TEXT,
     .value = "GLOB",
     .offset = AT(benchmark),
     .choices = "benchmark",
     .summary = "add, snapshot, trend: only these benchmarks; in a row each must have changed"},
    {.name = "--metric",
     .kind = PFL_OPTION_TEXT,
     .value = "GLOB",
     .offset = AT(metric),
     .summary = "add: only these metrics, each of which must have changed"},
    {.name = "--cause",
     .kind = PFL_OPTION_TEXT,
     .value = "REV",
     .offset = AT(cause),
     .summary = "add: of a diagnosis, the commit that made it slow"},
    {.name = "--note",
     .kind = PFL_OPTION_TEXT,
     .value = "TEXT",
     .offset = AT(note),
     .summary = "add: a paragraph below the title; trend: a note beside the newest row"},
    {.name = "--external",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(external),
     .summary = "add: figures of another machine than the reference machine"},
    {.name = "--why",
     .kind = PFL_OPTION_TEXT,
     .value = "TEXT",
     .offset = AT(why),
     .summary = "retract: why it is gone"},
    {.name = "--since",
     .kind = PFL_OPTION_TEXT,
     .value = "REV",
     .offset = AT(since),
     .summary =
         "audit: only what was committed after REV is asked of git; owed: what changed since REV "
         "(default: where this branch left the default branch; "
         "on that the last tag)"},
    {.name = "--suites",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(suites),
     .summary =
         "owed: only the suites to measure, one per line; `perfledger run --owed` measures them"},
    {0},
};

static const struct {
    const char *name;
    pfl_cli_log_fn *run;
} verbs[] = {
    {"add", pfl_cli_log_add},           /* a row */
    {"snapshot", pfl_cli_log_snapshot}, /* pages */
    {"trend", pfl_cli_log_trend},
    {"latest", pfl_cli_log_latest},
    {"audit", pfl_cli_log_audit},
    {"retract", pfl_cli_log_retract},
    {"merge", pfl_cli_log_merge},
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
                       near ? near : " audit retract merge owed", near ? "`?" : "");
}

static int run(struct pfl_context *context, struct pfl_err *err)
{
    struct pfl_flow flow;
    size_t i;
    int rc;

    if (context->arg_count == 0)
        return pfl_err_set(
            err, PFL_EUSAGE,
            "`perfledger log` needs a verb: add, snapshot, trend, latest, audit, retract, merge or "
            "owed");
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
             "log snapshot NAME [--base REV] [--head REV] [--benchmark GLOB | --area AREA]\n"
             "log trend METRIC [--benchmark GLOB | --area AREA] [--note TEXT]\n"
             "log latest AREA\n"
             "log audit [--since REV]\n"
             "log retract ID --why TEXT\n"
             "log merge BASE OURS THEIRS\n"
             "log owed [--since REV] [--suites]",
    .description =
        "The written ledger: documents that are made from recorded runs, lie in the repository and "
        "can be checked by whoever clones it.\n"
        "add writes a row into PERFORMANCE.md: what changed, each figure before and after with "
        "ratio, interval and verdict, and where they come from. The runs it cites are kept in "
        "perf/runs. Rows are only ever added; text that people write around them stays. It refuses "
        "(exit status 1, nothing is written) what could mislead: a dirty or unmerged revision, "
        "fewer than five rounds, another machine than the reference machine unless --external, a "
        "build without optimisation or with instruments, and a claim whose interval includes no "
        "change.\n"
        "snapshot writes perf/snapshots/NAME_DATE.md: every figure of one run, or of a run before "
        "and one after (--base), with the environment and a summary for you to write. It never "
        "overwrites one.\n"
        "trend writes perf/trend/METRIC.md: a row per revision of the default branch, a section "
        "and a chart per benchmark. Called again it adds what was measured since; earlier rows "
        "never "
        "change.\n"
        "latest writes perf/latest_AREA.md, the run of record of an area: the newest revision's "
        "complete run on the reference machine, with targets and margins.\n"
        "audit makes every block of these documents again from the runs it cites and holds it "
        "against what stands there; it also looks for rows that are gone or moved (also in git's "
        "history), links that lead nowhere, stale charts, and figures that somebody typed. "
        "Findings are FILE:LINE: WHAT; exit status 1 if there is one. A clone without a ledger "
        "can be audited.\n"
        "retract says in the log why a row, snapshot or trend that was committed is gone (a "
        "reverted commit, a page made anew): ID is the one that audit tells. First take the block "
        "away.\n"
        "merge makes one of two versions of a document, with the blocks of both whole, and writes "
        "it to OURS; exit status 1 when text of people is left with conflict markers. It is meant "
        "for git: `git config merge.perfledger.driver 'perfledger log merge %O %A %B'`, and in "
        ".gitattributes `PERFORMANCE.md merge=perfledger`, and the same for `perf/**/*.md` and\n"
        "`perf/**/*.svg`.\n"
        "owed says what changed files still owe by `paths:` (suites to measure, a snapshot, a "
        "row), and which gates became looser without a reason; exit status 1 if anything is. "
        "On a branch a row is due after the merge and does not count: none can be written before.",
    .examples =
        "perfledger log add --base HEAD~1 --title 'Table look-up instead of branches' --pr 42"
        "\tafter merging and `perfledger run`\n"
        "perfledger log add --kind diagnosis --base v1.3 --head fix --cause 3f2a91c --title "
        "'Lexer copied its input'\ta regression, its cause and its fix\n"
        "perfledger log snapshot table-look-up --base HEAD~1\tthe whole table, before and after\n"
        "perfledger log trend time --area parser --note 'table look-up'\twhat was measured since\n"
        "perfledger log latest parser\tthe figures that hold now",
    .options = options,
    .options_size = sizeof(struct pfl_log_options),
    .verbs = "add snapshot trend latest audit retract merge owed",
    .run = run,
};
