/* `baseline save | list | show | use | reset`: the numbers people agreed on. */
#include "cli/session.h"

#include "base/map.h"
#include "base/text.h"
#include "base/units.h"
#include "flow/baseline.h"
#include "formats/run_json.h"
#include "sys/clock.h"

#include <string.h>

struct options {
    const char *run;
    bool all;
};

#define AT(field) offsetof(struct options, field)

static const struct pfl_option options[] = {
    {.name = "--run",
     .kind = PFL_OPTION_TEXT,
     .value = "RUN",
     .offset = AT(run),
     .choices = "run",
     .summary =
         "save, reset: this run (default: the latest complete configured one of this machine)"},
    {.name = "--all",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(all),
     .summary = "list: of every platform"},
    {0},
};

static void put_baseline(struct pfl_json_writer *w, const struct pfl_baseline *baseline)
{
    pfl_json_put_integer(w, "number", baseline->number);
    pfl_json_put_string(w, "name", baseline->name);
    pfl_json_put_string(w, "platform", baseline->platform);
    pfl_json_put_string(w, "path", baseline->path);
    pfl_json_put_bool(w, "in_use", baseline->in_use);
}

static void say_baseline(struct pfl_buf *out, const struct pfl_baseline *baseline)
{
    pfl_buf_format(out, "baseline %04d%s%s", baseline->number, *baseline->name ? " " : "",
                   baseline->name);
}

static void say_oddity(struct pfl_context *context, const char *benchmark, size_t n,
                       const char *text, struct pfl_buf *out)
{
    pfl_buf_format(out, "  %s ", context->out.utf8 ? "⚠" : "!");
    if (n > 1)
        pfl_buf_format(out, "%zu benchmarks", n);
    else
        pfl_text_escape(out, benchmark, strlen(benchmark));
    pfl_buf_format(out, ": %s\n", text);
}

/* What a reviewer of the new file should know of its rows; what is odd about several in the same
 * words is said once. */
static int say_oddities(struct pfl_context *context, const struct pfl_run *run,
                        const struct pfl_assessment *assessments, struct pfl_buf *out,
                        struct pfl_err *err)
{
    struct pfl_map counts;
    size_t i, j, *n;
    bool good = true;

    pfl_map_init(&counts);
    for (i = 0; good && i < run->benchmark_count; i++)
        for (j = 0; good && j < assessments[i].oddity_count; j++) {
            n = pfl_map_get(&counts, assessments[i].oddities[j].text);
            good = pfl_map_set(&counts, assessments[i].oddities[j].text, n ? *n + 1 : 1);
        }
    for (i = 0; good && i < run->benchmark_count; i++)
        for (j = 0; j < assessments[i].oddity_count; j++) {
            n = pfl_map_get(&counts, assessments[i].oddities[j].text);
            if (*n)
                say_oddity(context, run->benchmarks[i].name, *n, assessments[i].oddities[j].text,
                           out);
            *n = 0;
        }
    pfl_map_release(&counts);
    return good ? PFL_OK : pfl_err_no_memory(err);
}

static void put_oddities(struct pfl_json_writer *w, const struct pfl_run *run,
                         const struct pfl_assessment *assessments)
{
    size_t i, j;

    pfl_json_key(w, "flags");
    pfl_json_array(w);
    for (i = 0; i < run->benchmark_count; i++)
        for (j = 0; j < assessments[i].oddity_count; j++) {
            pfl_json_object(w);
            pfl_json_put_string(w, "benchmark", run->benchmarks[i].name);
            pfl_json_put_string(w, "what", assessments[i].oddities[j].text);
            pfl_json_object_end(w);
        }
    pfl_json_array_end(w);
}

static int fill_saved(struct pfl_context *context, const void *data, struct pfl_buf *out,
                      struct pfl_err *err)
{
    const struct pfl_flow_baseline_saved *saved = data;
    struct pfl_json_writer w;
    int rc;

    if (context->json) {
        pfl_cli_json_open(&w, out);
        pfl_json_key(&w, "baseline");
        pfl_json_object(&w);
        put_baseline(&w, &saved->baseline);
        pfl_json_put_string(&w, "run", saved->run->id);
        pfl_json_object_end(&w);
        put_oddities(&w, saved->run, saved->assessments);
        pfl_cli_json_close(&w, out);
        return PFL_OK;
    }
    say_baseline(out, &saved->baseline);
    pfl_buf_format(out, " saved from run %.8s: %s\n", saved->run->id, saved->baseline.path);
    if (context->verbosity < 0)
        return PFL_OK;
    rc = say_oddities(context, saved->run, saved->assessments, out, err);
    pfl_buf_text(out, "It is in use now. Commit it, so that the change of numbers is reviewed.\n");
    return rc;
}

static int save(struct pfl_context *context, struct pfl_flow *flow, bool reset, struct pfl_err *err)
{
    const struct options *given = context->options;
    struct pfl_flow_baseline_params params = {
        .name = context->arg_count > 1 ? context->args[1] : "",
        .run = given->run,
        .reset = reset,
    };
    struct pfl_flow_baseline_saved saved;
    int rc = pfl_cli_check_args(context, "baseline", 1, 2, err);

    if (rc == PFL_OK)
        rc = pfl_flow_baseline_save(flow, &params, &saved, err);
    return rc == PFL_OK ? pfl_cli_print_filled(context, fill_saved, &saved, err) : rc;
}

struct listing {
    const struct pfl_flow_baseline_listed *list;
    size_t n;
    const char *strange, *folder;
};

static void put_listed(struct pfl_json_writer *w, const struct pfl_flow_baseline_listed *listed)
{
    char date[32];

    pfl_json_object(w);
    put_baseline(w, &listed->baseline);
    pfl_json_put_string(w, "run", listed->run);
    if (listed->problem) {
        pfl_json_put_string(w, "problem", listed->problem);
    } else {
        pfl_clock_text(listed->measured_unix_ns, date);
        pfl_json_put_string(w, "measured", date);
        pfl_json_put_string(w, "commit", listed->commit);
    }
    pfl_json_object_end(w);
}

/* A file of the repository may hold anything: what it says of itself is shown, not obeyed. */
static void say_listed(struct pfl_buf *out, const struct pfl_flow_baseline_listed *listed)
{
    const struct pfl_baseline *baseline = &listed->baseline;
    char date[32];

    pfl_buf_format(out, "%s %04d  ", baseline->in_use ? " *" : "  ", baseline->number);
    if (listed->problem) {
        pfl_buf_format(out, "%s: ", *baseline->name ? baseline->name : "it cannot be read");
        pfl_text_escape(out, listed->problem, strlen(listed->problem));
        pfl_buf_char(out, '\n');
        return;
    }
    pfl_clock_text(listed->measured_unix_ns, date);
    pfl_buf_format(out, "%.10s  run ", date);
    pfl_text_escape(out, listed->run, strnlen(listed->run, 8));
    pfl_buf_text(out, *listed->commit ? "  commit " : "  no commit ");
    pfl_text_escape(out, listed->commit, strnlen(listed->commit, 10));
    pfl_buf_format(out, "  %s\n", baseline->name);
}

static int fill_list(struct pfl_context *context, const void *data, struct pfl_buf *out,
                     struct pfl_err *err)
{
    const struct listing *listing = data;
    struct pfl_json_writer w;
    size_t i;

    (void)err;
    if (context->json) {
        pfl_cli_json_open(&w, out);
        pfl_json_key(&w, "baselines");
        pfl_json_array(&w);
        for (i = 0; i < listing->n; i++)
            put_listed(&w, &listing->list[i]);
        pfl_json_array_end(&w);
        pfl_cli_json_close(&w, out);
        return PFL_OK;
    }
    if (listing->n == 0)
        pfl_buf_format(
            out, "no baseline in %s; `perfledger baseline save` makes one of the latest run\n",
            listing->folder);
    for (i = 0; i < listing->n; i++) {
        const char *platform = listing->list[i].baseline.platform;

        if (i == 0 || strcmp(platform, listing->list[i - 1].baseline.platform) != 0)
            pfl_buf_format(out, "%s\n", platform);
        say_listed(out, &listing->list[i]);
    }
    if (*listing->strange)
        pfl_buf_format(out, "left out (not of the form NNNN_NAME.json): %s\n", listing->strange);
    return PFL_OK;
}

static int list(struct pfl_context *context, struct pfl_flow *flow, struct pfl_err *err)
{
    const struct options *given = context->options;
    struct listing listing = {.folder = flow->baseline_folder};
    struct pfl_flow_baseline_listed *baselines;
    int rc = pfl_cli_check_args(context, "baseline list", 1, 1, err);

    if (rc == PFL_OK)
        rc =
            pfl_flow_baseline_list(flow, given->all, &baselines, &listing.n, &listing.strange, err);
    if (rc != PFL_OK)
        return rc;
    listing.list = baselines;
    return pfl_cli_print_filled(context, fill_list, &listing, err);
}

static int fill_shown(struct pfl_context *context, const void *data, struct pfl_buf *out,
                      struct pfl_err *err)
{
    const struct pfl_flow_baseline_shown *shown = data;
    struct pfl_run_json_options json = {.indent = 0,
                                        .baseline_name = shown->baseline.name,
                                        .saved_unix = shown->baseline.modified_unix};
    struct pfl_report_run report = {
        .run = &shown->run, .assessments = shown->assessments, .heading = true};
    size_t i;

    if (context->json) {
        pfl_run_json_write(&shown->run, &json, out);
        return PFL_OK;
    }
    say_baseline(out, &shown->baseline);
    pfl_buf_format(out, "%s, ", shown->baseline.in_use ? " (in use)" : "");
    pfl_units_write_duration(out, (double)shown->age_ns * 1e-9);
    pfl_buf_format(out, " old: %s\n", shown->baseline.path);
    if (shown->difference_count)
        pfl_buf_text(out, "Since then, here:\n");
    for (i = 0; i < shown->difference_count; i++) {
        pfl_buf_text(out, "  ");
        pfl_text_escape(out, shown->differences[i].name, strlen(shown->differences[i].name));
        pfl_buf_text(out, ": ");
        pfl_text_escape(out, shown->differences[i].value, strlen(shown->differences[i].value));
        pfl_buf_char(out, '\n');
    }
    pfl_buf_char(out, '\n');
    return pfl_report_run_terminal(&report, &context->out, context->arena, out, err);
}

static int show(struct pfl_context *context, struct pfl_flow *flow, struct pfl_err *err)
{
    struct pfl_flow_baseline_shown shown;
    int rc = pfl_cli_check_args(context, "baseline show", 1, 2, err);

    if (rc == PFL_OK)
        rc = pfl_flow_baseline_show(flow, context->arg_count > 1 ? context->args[1] : "", &shown,
                                    err);
    return rc == PFL_OK ? pfl_cli_print_filled(context, fill_shown, &shown, err) : rc;
}

static int fill_used(struct pfl_context *context, const void *data, struct pfl_buf *out,
                     struct pfl_err *err)
{
    const struct pfl_baseline *baseline = data;
    struct pfl_json_writer w;

    (void)err;
    if (context->json) {
        pfl_cli_json_open(&w, out);
        pfl_json_key(&w, "baseline");
        pfl_json_object(&w);
        put_baseline(&w, baseline);
        pfl_json_object_end(&w);
        pfl_cli_json_close(&w, out);
        return PFL_OK;
    }
    say_baseline(out, baseline);
    pfl_buf_format(out, " is in use now on %s\n", baseline->platform);
    return PFL_OK;
}

static int use(struct pfl_context *context, struct pfl_flow *flow, struct pfl_err *err)
{
    struct pfl_baseline used;
    int rc;

    if (context->arg_count < 2)
        return pfl_err_set(err, PFL_EUSAGE,
                           "`perfledger baseline use` needs the number or name of a baseline; "
                           "`perfledger baseline list` shows them");
    rc = pfl_cli_check_args(context, "baseline use", 2, 2, err);
    if (rc == PFL_OK)
        rc = pfl_flow_baseline_use(flow, context->args[1], &used, err);
    return rc == PFL_OK ? pfl_cli_print_filled(context, fill_used, &used, err) : rc;
}

static int run_verb(struct pfl_context *context, struct pfl_flow *flow, const char *verb,
                    struct pfl_err *err)
{
    static const char *const verbs[] = {"save", "list", "show", "use", "reset"};
    const char *near;

    if (strcmp(verb, "save") == 0)
        return save(context, flow, false, err);
    if (strcmp(verb, "reset") == 0)
        return save(context, flow, true, err);
    if (strcmp(verb, "list") == 0)
        return list(context, flow, err);
    if (strcmp(verb, "show") == 0)
        return show(context, flow, err);
    if (strcmp(verb, "use") == 0)
        return use(context, flow, err);
    near = pfl_text_nearest(verb, verbs, PFL_COUNT(verbs));
    return pfl_err_set(err, PFL_EUSAGE, "there is no `perfledger baseline %s`; %s%s%s", verb,
                       near ? "did you mean `" : "it is one of: save list show use",
                       near ? near : " reset", near ? "`?" : "");
}

static int run(struct pfl_context *context, struct pfl_err *err)
{
    struct pfl_flow flow;
    int rc;

    if (context->arg_count == 0)
        return pfl_err_set(err, PFL_EUSAGE,
                           "`perfledger baseline` needs a verb: save, list, show, use or reset");
    rc = pfl_cli_open(context, &flow, err);
    if (rc != PFL_OK)
        return rc;
    rc = run_verb(context, &flow, context->args[0], err);
    pfl_flow_close(&flow);
    return rc;
}

const struct pfl_command pfl_command_baseline = {
    .name = "baseline",
    .group = "Judge",
    .summary = "numbered baselines per platform: save, list, show, use, reset",
    .usage = "baseline save [NAME] [--run RUN]\nbaseline list [--all]\nbaseline show "
             "[WHICH]\nbaseline use WHICH\n"
             "baseline reset [NAME] [--run RUN]",
    .description = "A baseline is a run that people agreed on, as a reviewed text file: "
                   ".benchmarks/PLATFORM/NNNN_NAME.json. `save` makes "
                   "the latest complete run the next number and puts it in use; it flags noisy "
                   "rows, and refuses a run with failures or "
                   "one whose check fails against the baseline before. `reset` takes such a run "
                   "all the same (a slow-down that was agreed on); "
                   "older numbers stay. `show` says how old one is and what changed in the "
                   "environment since. WHICH is a number, a "
                   "name, or nothing for the one in use.",
    .examples =
        "perfledger run && perfledger baseline save release-1.4\tkeep the numbers of a release\n"
        "perfledger baseline use 0002\tgo back to an older one",
    .options = options,
    .options_size = sizeof(struct options),
    .verbs = "save list show use reset",
    .run = run,
};
