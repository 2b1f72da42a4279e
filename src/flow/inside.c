/*
 * A word of the selection that may mean a benchmark inside a program is known to mean nothing only
 * when the program was asked. That is done before anything is measured, with --list, so that a typo
 * costs no minutes. Where it cannot be asked (it is built by `setup`, or is no program of the
 * library) the run shows what is inside, and the word is checked then.
 */
#include "flow/inside.h"

#include "base/text.h"
#include "base/vec.h"
#include "measure/select.h"

#include <string.h>

PFL_VEC(name_list, const char *);

static int ask_all(struct pfl_flow *flow, struct pfl_flow_inside *inside, struct pfl_err *err)
{
    struct pfl_plan *plan = inside->plan;
    int64_t begun_ns = flow->clock->monotonic_ns(flow->clock->context), left_ns;
    const struct pfl_inside_asking asking = {
        .arena = flow->arena,
        .clock = flow->clock,
        .deadline_ns = plan->max_time_ns > 0 ? begun_ns + plan->max_time_ns : 0,
        .stop_asked = inside->params->stop_asked,
        .context = inside->params->context,
    };
    size_t i;
    int rc = PFL_OK;

    for (i = 0; i < plan->item_count && rc == PFL_OK; i++)
        if (plan->items[i].select)
            rc = pfl_inside_list(&asking, plan, &plan->items[i], &inside->names[i], err);
    if (asking.deadline_ns) {
        left_ns = asking.deadline_ns - flow->clock->monotonic_ns(flow->clock->context);
        plan->max_time_ns = left_ns > 1 ? left_ns : 1;
    }
    return rc;
}

static bool names_item(const char *word, const struct pfl_plan_item *item)
{
    return pfl_run_selects(word, item->name) || strcmp(word, item->suite) == 0 ||
           pfl_text_glob(word, item->suite);
}

/* Was this word passed on to the program? */
static bool is_passed_on(const struct pfl_plan_item *item, const char *word)
{
    size_t len = strlen(word);
    const char *at = item->select;

    while (at && *at) {
        size_t line = strcspn(at, "\n");

        if (line == len && memcmp(at, word, len) == 0)
            return true;
        at += line + (at[line] == '\n');
    }
    return false;
}

static bool any_matches(const char *word, const struct pfl_inside_names *names)
{
    size_t i;

    for (i = 0; i < names->n; i++)
        if (pfl_run_selects(word, names->at[i]))
            return true;
    return false;
}

/* Does the word mean something in this plan? Unknown is a yes. */
static bool means_something(const char *word, const struct pfl_plan *plan,
                            const struct pfl_inside_names *names)
{
    size_t i;

    for (i = 0; i < plan->item_count; i++) {
        const struct pfl_plan_item *item = &plan->items[i];

        if (names_item(word, item) ||
            (is_passed_on(item, word) && (names[i].problem || any_matches(word, &names[i]))))
            return true;
    }
    return false;
}

/* Each name, and what stands before its parameters. */
static bool add_known(struct pfl_arena *arena, const struct pfl_inside_names *names,
                      struct name_list *known)
{
    const char *base;
    size_t i;

    for (i = 0; i < names->all_n; i++) {
        size_t len = strcspn(names->all[i], "[");

        base = pfl_arena_text_n(arena, names->all[i], len);
        if (!base || !pfl_vec_push(known, &base) || !pfl_vec_push(known, &names->all[i]))
            return false;
    }
    return true;
}

/* run: NULL before measuring. */
static int complain(struct pfl_arena *arena, const char *word, const struct pfl_flow_inside *inside,
                    const struct pfl_run *run, struct pfl_err *err)
{
    const struct pfl_plan *plan = inside->plan;
    struct name_list known = {0};
    bool ok = true;
    size_t i;
    int rc;

    for (i = 0; ok && i < plan->item_count; i++)
        ok = pfl_vec_push(&known, &plan->items[i].name) &&
             add_known(arena, &inside->names[i], &known);
    for (i = 0; ok && run && i < run->benchmark_count; i++)
        ok = pfl_vec_push(&known, &run->benchmarks[i].name);
    rc = ok ? pfl_selection_nothing(word, known.at, known.n, err) : pfl_err_no_memory(err);
    pfl_vec_release(&known);
    return rc;
}

/* Programs that hold nothing of what is wanted need not be started. */
static void leave_out(const struct pfl_flow_inside *inside)
{
    struct pfl_plan *plan = inside->plan;
    size_t kept = 0, i;

    for (i = 0; i < plan->item_count; i++) {
        const struct pfl_plan_item *item = &plan->items[i];

        if (!item->select || !*item->select || inside->names[i].problem || inside->names[i].n) {
            inside->names[kept] = inside->names[i];
            plan->items[kept++] = *item;
        }
    }
    plan->item_count = kept;
}

static bool asks_for_parts(const struct pfl_plan *plan)
{
    size_t i;

    for (i = 0; i < plan->item_count; i++)
        if (plan->items[i].select && *plan->items[i].select)
            return true;
    return false;
}

int pfl_flow_inside_choose(struct pfl_flow *flow, struct pfl_flow_inside *inside,
                           struct pfl_err *err)
{
    const struct pfl_flow_run_params *params = inside->params;
    struct pfl_plan *plan = inside->plan;
    bool parts = !params->adhoc && asks_for_parts(plan);
    size_t i;
    int rc;

    inside->names = pfl_arena_array(flow->arena, plan->item_count, sizeof *inside->names);
    if (!inside->names)
        return pfl_err_no_memory(err);
    if (!parts && !inside->always && plan->max_time_ns <= 0)
        return PFL_OK;
    rc = ask_all(flow, inside, err);
    for (i = 0; rc == PFL_OK && parts && i < params->select_count; i++)
        if (!means_something(params->select[i], plan, inside->names))
            rc = complain(flow->arena, params->select[i], inside, NULL, err);
    if (rc == PFL_OK && parts)
        leave_out(inside);
    if (rc == PFL_OK)
        pfl_inside_share(plan, inside->names);
    return rc;
}

/* Did the program run, so that it is known what is inside? One that failed half-way may hold more.
 */
static bool was_seen(const struct pfl_plan_item *item, const struct pfl_run *run)
{
    const struct pfl_benchmark *itself = pfl_run_find(run, item->name);

    return !itself || itself->status == PFL_STATUS_OK ||
           strcmp(itself->reason, pfl_inside_nothing_selected) == 0 ||
           strcmp(itself->reason, pfl_foreign_nothing_selected) == 0;
}

static bool was_found(const char *word, const struct pfl_plan *plan, const struct pfl_run *run)
{
    size_t i;

    for (i = 0; i < run->benchmark_count; i++)
        if (pfl_run_selects(word, run->benchmarks[i].name))
            return true;
    for (i = 0; i < plan->item_count; i++)
        if (names_item(word, &plan->items[i]) ||
            (is_passed_on(&plan->items[i], word) && !was_seen(&plan->items[i], run)))
            return true;
    return false;
}

int pfl_flow_inside_check(const struct pfl_flow_inside *inside, const struct pfl_run *run,
                          struct pfl_err *err)
{
    const struct pfl_flow_run_params *params = inside->params;
    struct pfl_arena scratch;
    size_t i;
    int rc = PFL_OK;

    if (params->adhoc || run->partial || !asks_for_parts(inside->plan))
        return PFL_OK;
    pfl_arena_init(&scratch);
    for (i = 0; rc == PFL_OK && i < params->select_count; i++)
        if (!was_found(params->select[i], inside->plan, run))
            rc = complain(&scratch, params->select[i], inside, run, err);
    pfl_arena_release(&scratch);
    return rc;
}
