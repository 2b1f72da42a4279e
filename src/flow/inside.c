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

int pfl_flow_inside(struct pfl_flow *flow, const struct pfl_plan *plan,
                    struct pfl_inside_names **names, struct pfl_err *err)
{
    struct pfl_inside_names *made = pfl_arena_array(flow->arena, plan->item_count, sizeof *made);
    size_t i;
    int rc = made ? PFL_OK : pfl_err_no_memory(err);

    for (i = 0; i < plan->item_count && rc == PFL_OK; i++)
        if (plan->items[i].select)
            rc = pfl_inside_list(plan, &plan->items[i], flow->arena, &made[i], err);
    if (rc == PFL_OK)
        *names = made;
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

static int complain(struct pfl_flow *flow, const char *word, const struct pfl_plan *plan,
                    const struct pfl_inside_names *names, struct pfl_err *err)
{
    struct name_list known = {0};
    bool ok = true;
    size_t i;
    int rc;

    for (i = 0; ok && i < plan->item_count; i++)
        ok =
            pfl_vec_push(&known, &plan->items[i].name) && add_known(flow->arena, &names[i], &known);
    rc = ok ? pfl_selection_nothing(word, known.at, known.n, err) : pfl_err_no_memory(err);
    pfl_vec_release(&known);
    return rc;
}

/* Programs that hold nothing of what is wanted need not be started. */
static void leave_out(struct pfl_plan *plan, const struct pfl_inside_names *names)
{
    size_t kept = 0, i;

    for (i = 0; i < plan->item_count; i++) {
        const struct pfl_plan_item *item = &plan->items[i];

        if (!item->select || !*item->select || names[i].problem || names[i].n)
            plan->items[kept++] = *item;
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

int pfl_flow_inside_choose(struct pfl_flow *flow, const struct pfl_flow_run_params *params,
                           struct pfl_plan *plan, struct pfl_err *err)
{
    struct pfl_inside_names *names;
    size_t i;
    int rc;

    if (params->adhoc || !asks_for_parts(plan))
        return PFL_OK;
    rc = pfl_flow_inside(flow, plan, &names, err);
    for (i = 0; rc == PFL_OK && i < params->select_count; i++)
        if (!means_something(params->select[i], plan, names))
            rc = complain(flow, params->select[i], plan, names, err);
    if (rc == PFL_OK)
        leave_out(plan, names);
    return rc;
}

/* Did the program run, so that it is known what is inside? One that failed half-way may hold more.
 */
static bool was_seen(const struct pfl_plan_item *item, const struct pfl_run *run)
{
    const struct pfl_benchmark *itself = pfl_run_find(run, item->name);

    return !itself || itself->status == PFL_STATUS_OK ||
           strcmp(itself->reason, pfl_inside_nothing_selected) == 0;
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

int pfl_flow_inside_check(struct pfl_flow *flow, const struct pfl_flow_run_params *params,
                          const struct pfl_plan *plan, const struct pfl_run *run,
                          struct pfl_err *err)
{
    struct pfl_inside_names *names;
    size_t i;
    int rc;

    if (params->adhoc || run->partial || !asks_for_parts(plan))
        return PFL_OK;
    for (i = 0; i < params->select_count; i++) {
        if (was_found(params->select[i], plan, run))
            continue;
        rc = pfl_flow_inside(flow, plan, &names, err);
        return rc == PFL_OK ? complain(flow, params->select[i], plan, names, err) : rc;
    }
    return PFL_OK;
}
