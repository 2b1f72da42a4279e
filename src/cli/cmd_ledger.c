/* `list`, `show`, `void`, `note`: reading the ledger, remarking on it. */
#include "cli/session.h"

#include "base/text.h"
#include "flow/ledger.h"
#include "formats/run_json.h"
#include "sys/clock.h"

#include <string.h>

struct options {
    int last;
    const char *why;
    bool undo;
};

#define AT(field) offsetof(struct options, field)

static const struct pfl_option list_options[] = {
    {.name = "--last",
     .kind = PFL_OPTION_COUNT,
     .value = "N",
     .offset = AT(last),
     .min = 1,
     .summary = "the newest N only"},
    {0},
};
static const struct pfl_option void_options[] = {
    {.name = "--why",
     .kind = PFL_OPTION_TEXT,
     .value = "TEXT",
     .offset = AT(why),
     .summary = "the reason, kept beside the run"},
    {.name = "--undo",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(undo),
     .summary = "let the run count again"},
    {0},
};
static const struct pfl_option no_options[] = {{0}};

struct listing {
    const struct pfl_run_head *heads;
    size_t n;
};

static int fill_list(struct pfl_context *context, const void *data, struct pfl_buf *out,
                     struct pfl_err *err)
{
    const struct listing *listing = data;

    if (context->json) {
        pfl_report_list_json(listing->heads, listing->n, out);
        return PFL_OK;
    }
    return pfl_report_list_terminal(listing->heads, listing->n, &context->out, context->arena, out,
                                    err);
}

static int list(struct pfl_context *context, struct pfl_err *err)
{
    const struct options *given = context->options;
    struct pfl_run_head *heads;
    struct listing listing = {0};
    struct pfl_flow flow;
    int rc = pfl_cli_check_args(context, "list", 0, 0, err);

    if (rc == PFL_OK)
        rc = pfl_cli_open(context, &flow, err);
    if (rc != PFL_OK)
        return rc;
    rc = pfl_flow_list(&flow, given->last > 0 ? (size_t)given->last : 0, &heads, &listing.n, err);
    listing.heads = heads;
    if (rc == PFL_OK)
        rc = pfl_cli_print_filled(context, fill_list, &listing, err);
    pfl_flow_close(&flow);
    return rc;
}

static void say_remarks(const struct pfl_flow_shown *shown, struct pfl_buf *out)
{
    char date[32];
    size_t i;

    for (i = 0; i < shown->remark_count; i++) {
        pfl_clock_text(shown->remarks[i].unix_ns, date);
        pfl_buf_format(out, "%.10s %s: ", date, shown->remarks[i].is_void ? "void" : "note");
        pfl_text_escape(out, shown->remarks[i].text, strlen(shown->remarks[i].text));
        pfl_buf_char(out, '\n');
    }
}

static void say_thinned(const struct pfl_run *run, struct pfl_buf *out)
{
    char date[32];

    if (!run->thinned_unix_ns)
        return;
    pfl_clock_text(run->thinned_unix_ns, date);
    pfl_buf_format(out, "samples thinned on %.10s: only what was estimated from them is left\n",
                   date);
}

static int fill_shown(struct pfl_context *context, const void *data, struct pfl_buf *out,
                      struct pfl_err *err)
{
    const struct pfl_flow_shown *shown = data;
    struct pfl_run_json_options json = {.indent = 0};
    struct pfl_report_run report = {.run = &shown->run,
                                    .assessments = shown->assessments,
                                    .fits = shown->fits,
                                    .fit_count = shown->fit_count,
                                    .heading = true};
    size_t i;
    int rc;

    if (context->json) {
        pfl_run_json_write(&shown->run, &json, out);
        return PFL_OK;
    }
    for (i = 0; i < shown->remark_count; i++)
        if (shown->remarks[i].is_void)
            report.void_why = shown->remarks[i].text;
    rc = pfl_report_run_terminal(&report, &context->out, context->arena, out, err);
    say_thinned(&shown->run, out);
    say_remarks(shown, out);
    return rc;
}

static int show(struct pfl_context *context, struct pfl_err *err)
{
    struct pfl_flow_shown shown;
    struct pfl_flow flow;
    int rc = pfl_cli_check_args(context, "show", 0, 1, err);

    if (rc == PFL_OK)
        rc = pfl_cli_open(context, &flow, err);
    if (rc != PFL_OK)
        return rc;
    rc = pfl_flow_show(&flow, context->arg_count ? context->args[0] : "latest", &shown, err);
    if (rc == PFL_OK)
        rc = pfl_cli_print_filled(context, fill_shown, &shown, err);
    pfl_flow_close(&flow);
    return rc;
}

struct said {
    const char *id, *what;
};

static int fill_said(struct pfl_context *context, const void *data, struct pfl_buf *out,
                     struct pfl_err *err)
{
    const struct said *said = data;
    struct pfl_json_writer w;

    (void)err;
    if (context->json) {
        pfl_cli_json_open(&w, out);
        pfl_json_put_string(&w, "run", said->id);
        pfl_cli_json_close(&w, out);
        return PFL_OK;
    }
    pfl_buf_format(out, "run %.8s %s\n", said->id, said->what);
    return PFL_OK;
}

static int void_run(struct pfl_context *context, struct pfl_err *err)
{
    const struct options *given = context->options;
    struct said said;
    struct pfl_flow flow;
    int rc = pfl_cli_check_args(context, "void", 1, 1, err);

    if (rc == PFL_OK && !given->undo && (!given->why || !*given->why))
        rc = pfl_err_set(err, PFL_EUSAGE,
                         "`perfledger void` needs --why TEXT: the next reader will want to know");
    if (rc == PFL_OK)
        rc = pfl_cli_open(context, &flow, err);
    if (rc != PFL_OK)
        return rc;
    said.what =
        given->undo ? "counts again" : "is void: it leaves every judgement, the record stays";
    rc = pfl_flow_void(&flow, context->args[0], given->why, given->undo, &said.id, err);
    if (rc == PFL_OK)
        rc = pfl_cli_print_filled(context, fill_said, &said, err);
    pfl_flow_close(&flow);
    return rc;
}

static int note(struct pfl_context *context, struct pfl_err *err)
{
    struct said said = {.what = "noted"};
    struct pfl_flow flow;
    int rc = pfl_cli_check_args(context, "note", 2, 2, err);

    if (rc == PFL_OK)
        rc = pfl_cli_open(context, &flow, err);
    if (rc != PFL_OK)
        return rc;
    rc = pfl_flow_note(&flow, context->args[0], context->args[1], &said.id, err);
    if (rc == PFL_OK)
        rc = pfl_cli_print_filled(context, fill_said, &said, err);
    pfl_flow_close(&flow);
    return rc;
}

const struct pfl_command pfl_command_list = {
    .name = "list",
    .group = "Ledger",
    .summary = "the runs of the ledger",
    .usage = "list [--last N]",
    .description = "Lists all runs, newest last: id, date, revision, label, how many benchmarks, "
                   "and what is special about it "
                   "(partial, void, failures).",
    .examples = "perfledger list --last 10\tthe newest ten",
    .options = list_options,
    .options_size = sizeof(struct options),
    .run = list,
};

const struct pfl_command pfl_command_show = {
    .name = "show",
    .group = "Ledger",
    .summary = "one run, whole",
    .usage = "show [RUN]",
    .description = "Shows a run as `run` showed it, with its notes. RUN is `latest` (also when "
                   "left out), the start of an id, a "
                   "baseline, a revision, or a file; --json gives it lossless, as a file that "
                   "compare and import take.",
    .examples =
        "perfledger show\tthe newest run\nperfledger show 1a2b3c4d --json > run.json\tas a file",
    .options = no_options,
    .options_size = sizeof(struct options),
    .run = show,
};

const struct pfl_command pfl_command_void = {
    .name = "void",
    .group = "Ledger",
    .summary = "take a bad run out of every judgement; the record stays",
    .usage = "void RUN --why TEXT\nvoid RUN --undo",
    .description = "Marks a run as void: it is no longer the latest, no history, no base of a "
                   "comparison by revision. The numbers "
                   "stay in the ledger with the reason beside them.",
    .examples = "perfledger void 1a2b3c4d --why 'backup job was running'\ta run on a busy machine",
    .options = void_options,
    .options_size = sizeof(struct options),
    .run = void_run,
};

const struct pfl_command pfl_command_note = {
    .name = "note",
    .group = "Ledger",
    .summary = "write a remark beside a run",
    .usage = "note RUN TEXT",
    .description =
        "Keeps a dated remark beside a run; `show` prints it. The run itself does not change.",
    .examples = "perfledger note latest 'first run with the new allocator'\ta remark",
    .options = no_options,
    .options_size = sizeof(struct options),
    .run = note,
};
