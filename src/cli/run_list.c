/*
 * `run --list`: the benchmarks that a run would measure, one a line; with --json with how.
 *
 * What is inside a program only the program knows, so it is started with --list; nothing is
 * measured. Of one that cannot be asked the suite's own name stands, which selects all of it, with
 * a warning that says why.
 */
#include "cli/run_list.h"

#include "base/log.h"
#include "base/text.h"
#include "flow/inside.h"

#include <string.h>

struct listing {
    struct pfl_plan plan;
    struct pfl_inside_names *names;
};

static void write_item(struct pfl_json_writer *w, const struct pfl_plan_item *item,
                       const char *name)
{
    pfl_json_object(w);
    pfl_json_put_string(w, "benchmark", name);
    pfl_json_put_string(w, "suite", item->suite);
    pfl_json_put_string(w, "command", item->command);
    pfl_json_put_string(w, "tier", pfl_tier_text(item->tier));
    if (item->skip)
        pfl_json_put_string(w, "skip", item->skip);
    else
        pfl_json_put_integer(w, "rounds", item->how.rounds);
    pfl_json_object_end(w);
}

static void write_name(struct pfl_buf *out, struct pfl_json_writer *w,
                       const struct pfl_plan_item *item, const char *name)
{
    if (w) {
        write_item(w, item, name);
        return;
    }
    pfl_text_escape(out, name, strlen(name));
    pfl_buf_char(out, '\n');
}

static void write_all(const struct listing *listing, struct pfl_buf *out, struct pfl_json_writer *w)
{
    size_t i, k;

    for (i = 0; i < listing->plan.item_count; i++) {
        const struct pfl_plan_item *item = &listing->plan.items[i];
        const struct pfl_inside_names *names = &listing->names[i];

        if (!item->select || names->problem)
            write_name(out, w, item, item->name);
        for (k = 0; k < names->n; k++)
            write_name(out, w, item, names->at[k]);
    }
}

static int fill(struct pfl_context *context, const void *data, struct pfl_buf *out,
                struct pfl_err *err)
{
    struct pfl_json_writer w;

    (void)err;
    if (!context->json) {
        write_all(data, out, NULL);
        return PFL_OK;
    }
    pfl_cli_json_open(&w, out);
    pfl_json_key(&w, "benchmarks");
    pfl_json_array(&w);
    write_all(data, out, &w);
    pfl_json_array_end(&w);
    pfl_cli_json_close(&w, out);
    return PFL_OK;
}

int pfl_run_list(struct pfl_context *context, struct pfl_flow *flow,
                 const struct pfl_flow_run_params *params, struct pfl_err *err)
{
    struct listing listing;
    struct pfl_flow_inside inside = {.params = params, .plan = &listing.plan, .always = true};
    size_t i;
    int rc = pfl_flow_plan(flow, params, &listing.plan, err);

    if (rc == PFL_OK)
        rc = pfl_flow_inside_choose(flow, &inside, err);
    listing.names = inside.names;
    if (rc != PFL_OK)
        return rc;
    for (i = 0; i < listing.plan.item_count; i++)
        if (listing.names[i].by_nature)
            pfl_log(PFL_LOG_WARNING, "%s: %s; the suite's name stands for all of it",
                    listing.plan.items[i].name, listing.names[i].problem);
        else if (listing.names[i].problem && listing.plan.items[i].harness)
            pfl_log(PFL_LOG_WARNING, "%s: what is inside cannot be listed (%s)",
                    listing.plan.items[i].name, listing.names[i].problem);
        else if (listing.names[i].problem)
            pfl_log(PFL_LOG_WARNING,
                    "%s: what is inside cannot be listed (%s); build the program first, or look at "
                    "`%s --list`",
                    listing.plan.items[i].name, listing.names[i].problem,
                    listing.plan.items[i].command);
    return pfl_cli_print_filled(context, fill, &listing, err);
}
