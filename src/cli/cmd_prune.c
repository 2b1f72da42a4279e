/* `prune`: the raw samples of old runs away, all that was estimated from them stays. */
#include "cli/session.h"

#include "base/units.h"
#include "flow/prune.h"
#include "sys/tty.h"

#include <string.h>

struct options {
    const char *older_than, *machine;
    int keep_last;
    bool dry_run;
};

#define AT(field) offsetof(struct options, field)

static const struct pfl_option options[] = {
    {.name = "--older-than",
     .kind = PFL_OPTION_TEXT,
     .value = "AGE",
     .offset = AT(older_than),
     .summary = "runs older than this: 180d, 26w, 1y (default: retention.samples)"},
    {.name = "--keep-last",
     .kind = PFL_OPTION_COUNT,
     .value = "N",
     .offset = AT(keep_last),
     .min = 0,
     .summary = "keep the newest N complete runs of each machine whole (default: "
                "retention.keep_last, else 20)"},
    {.name = "--machine",
     .kind = PFL_OPTION_TEXT,
     .value = "NAME",
     .offset = AT(machine),
     .summary = "runs of this machine only (its name, host name or id)"},
    {.name = "--dry-run",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(dry_run),
     .summary = "say what would go and what would stay, change nothing"},
    {0},
};

struct pruned {
    const struct pfl_prune *prune;
    bool dry_run;
};

static bool stop_asked(void *context, size_t done)
{
    struct pfl_cli_progress *live = context;
    struct pfl_buf line;

    if (live->terminal && done % 16 == 0) {
        pfl_buf_init(&line, 256);
        pfl_buf_format(&line, "%zu runs", done);
        pfl_cli_progress_draw(live, &line);
        pfl_buf_release(&line);
    }
    return pfl_signals_stop_asked();
}

static void put_json(const struct pruned *pruned, struct pfl_buf *out)
{
    const struct pfl_prune *prune = pruned->prune;
    struct pfl_json_writer w;
    int i;

    pfl_cli_json_open(&w, out);
    pfl_json_put_bool(&w, "dry_run", pruned->dry_run);
    pfl_json_put_number(&w, "older_than_seconds", (double)prune->older_than_ns / 1e9);
    pfl_json_put_integer(&w, "keep_last", prune->keep_last);
    pfl_json_put_integer(&w, "runs", (int64_t)prune->runs);
    pfl_json_put_integer(&w, "thinned", (int64_t)prune->reasons[PFL_PRUNE_THIN]);
    pfl_json_put_integer(&w, "bytes", prune->bytes);
    pfl_json_key(&w, "kept");
    pfl_json_object(&w);
    for (i = PFL_PRUNE_THIN + 1; i < PFL_PRUNE_REASONS; i++)
        pfl_json_put_integer(&w, pfl_prune_reason_key((enum pfl_prune_reason)i),
                             (int64_t)prune->reasons[i]);
    pfl_json_object_end(&w);
    pfl_json_key(&w, "ledger");
    if (pruned->dry_run) {
        pfl_json_null(&w);
    } else {
        pfl_json_object(&w);
        pfl_json_put_integer(&w, "bytes_before", prune->file.before);
        pfl_json_put_integer(&w, "bytes_after", prune->file.after);
        pfl_json_put_bool(&w, "compacted", prune->file.done);
        pfl_json_put_string(&w, "not_compacted", prune->not_compacted);
        pfl_json_object_end(&w);
    }
    pfl_cli_json_close(&w, out);
}

static void say_age(const struct pfl_prune *prune, struct pfl_buf *out)
{
    double days = (double)prune->older_than_ns / 86400e9;

    if (days >= 2 && days < 1e6 && days == (double)(int)days)
        pfl_buf_format(out, "%d days", (int)days);
    else
        pfl_units_write_duration(out, (double)prune->older_than_ns / 1e9);
}

static void say_file(const struct pfl_prune *prune, struct pfl_buf *out)
{
    pfl_buf_text(out, "the ledger takes ");
    if (prune->file.done) {
        pfl_units_write(out, (double)prune->file.after, "B", 3);
        pfl_buf_text(out, ", it took ");
        pfl_units_write(out, (double)prune->file.before, "B", 3);
    } else {
        pfl_units_write(out, (double)prune->file.after, "B", 3);
        if (prune->not_compacted)
            pfl_buf_format(out, " as before: it was not made smaller, later runs use the room (%s)",
                           prune->not_compacted);
        else if (prune->reasons[PFL_PRUNE_THIN])
            pfl_buf_text(out, " as before: too little of it is unused to be worth a copy");
    }
    pfl_buf_char(out, '\n');
}

static void say_kept(const struct pfl_prune *prune, struct pfl_buf *out)
{
    static const char *const why[PFL_PRUNE_REASONS] = {
        [PFL_PRUNE_ELSEWHERE] = "of other machines",
        [PFL_PRUNE_BEFORE] = "thinned before",
        [PFL_PRUNE_RECENT] = "younger than ",
        [PFL_PRUNE_NEWEST] = "among the newest complete ones of their machine",
        [PFL_PRUNE_CITED] = "cited by a document, or a baseline",
        [PFL_PRUNE_REFERENCE] = "what a machine's yardsticks are held against",
        [PFL_PRUNE_NOTED] = "with a note",
        [PFL_PRUNE_EMPTY] = "without samples",
        [PFL_PRUNE_DAMAGED] = "damaged: left alone",
    };
    int i;

    for (i = PFL_PRUNE_THIN + 1; i < PFL_PRUNE_REASONS; i++) {
        if (!prune->reasons[i])
            continue;
        pfl_buf_format(out, "%8zu  %s", prune->reasons[i], why[i]);
        if (i == PFL_PRUNE_RECENT)
            say_age(prune, out);
        pfl_buf_char(out, '\n');
    }
}

static int fill(struct pfl_context *context, const void *data, struct pfl_buf *out,
                struct pfl_err *err)
{
    const struct pruned *pruned = data;
    const struct pfl_prune *prune = pruned->prune;
    size_t n = prune->reasons[PFL_PRUNE_THIN];

    (void)err;
    if (context->json) {
        put_json(pruned, out);
        return PFL_OK;
    }
    pfl_buf_format(out, "%s%zu of %zu runs", pruned->dry_run ? "would thin " : "thinned ", n,
                   prune->runs);
    if (n) {
        pfl_buf_text(out, pruned->dry_run ? ": samples of about " : ": samples of ");
        pfl_units_write(out, (double)prune->bytes, "B", 3);
        pfl_buf_text(out, pruned->dry_run ? ", for good" : " are gone");
        pfl_buf_text(out, "; medians, intervals and all else stay");
    }
    pfl_buf_char(out, '\n');
    if (!prune->interrupted && n < prune->runs) {
        pfl_buf_text(out, "left as they are:\n");
        say_kept(prune, out);
    }
    if (!pruned->dry_run && !prune->interrupted)
        say_file(prune, out);
    return PFL_OK;
}

static int read_options(struct pfl_context *context, struct pfl_prune_params *params,
                        struct pfl_err *err)
{
    const struct options *given = context->options;
    int rc = pfl_cli_check_args(context, "prune", 0, 0, err);

    *params = (struct pfl_prune_params){.older_than_ns = -1,
                                        .keep_last = given->keep_last,
                                        .machine = given->machine,
                                        .dry_run = given->dry_run,
                                        .stop_asked = stop_asked};
    if (rc != PFL_OK || !given->older_than)
        return rc;
    rc = pfl_units_read_age(given->older_than, &params->older_than_ns, err);
    if (rc != PFL_OK)
        pfl_err_prefix(err, "--older-than");
    return rc;
}

static int prune(struct pfl_context *context, struct pfl_err *err)
{
    struct pfl_prune_params params;
    struct pfl_prune done;
    struct pruned pruned = {.prune = &done};
    struct pfl_cli_progress live;
    struct pfl_flow flow;
    struct pfl_err why;
    int rc = read_options(context, &params, err), printed;

    pruned.dry_run = params.dry_run;
    if (rc == PFL_OK)
        rc = pfl_cli_open(context, &flow, err);
    if (rc != PFL_OK)
        return rc;
    pfl_cli_progress_init(&live, context);
    params.context = &live;
    pfl_signals_install();
    rc = pfl_flow_prune(&flow, &params, &done, err);
    pfl_cli_progress_wipe(&live);
    if (rc == PFL_OK || rc == PFL_EINTERRUPTED) {
        printed = pfl_cli_print_filled(context, fill, &pruned, &why);
        if (rc == PFL_OK && printed != PFL_OK) {
            *err = why;
            rc = printed;
        }
    }
    pfl_flow_close(&flow);
    return rc;
}

const struct pfl_command pfl_command_prune = {
    .name = "prune",
    .group = "Ledger",
    .summary = "thin old runs: their raw samples go, summaries stay",
    .usage = "prune [--older-than AGE] [--keep-last N] [--machine NAME] [--dry-run]",
    .description =
        "Takes the raw samples and launches of old runs away, for good. Medians, intervals, "
        "quartiles, environment, provenance and notes stay, so lists, series, change points and "
        "comparisons say what they said before. How old is said by --older-than, or by "
        "retention.samples in perfledger.yaml.\n\n"
        "Kept whole: the newest complete runs of each machine, baselines, runs that a document "
        "cites (runs of record among them), runs with a note, and the run that a machine's "
        "yardsticks are held against. A document that cannot be read stops it: nothing is thinned "
        "then. Void runs, races and ad-hoc runs go by age alone. A run that is imported again "
        "whole has its samples back.",
    .examples = "perfledger prune --older-than 180d --dry-run\twhat would go, and what stays\n"
                "perfledger prune\tas `retention:` in perfledger.yaml says",
    .options = options,
    .options_size = sizeof(struct options),
    .run = prune,
};
