/*
 * Which benchmarks are inside the raced programs: every entrant's program is asked once, and what
 * any of them has becomes a bout, in the order of the base's list, what is new behind it.
 *
 * Plans of a race are the same benchmarks in the same order, which is what bouts are numbered by.
 * So the items are expanded here, before there is a bout, and an entrant that lacks one keeps its
 * place with the reason.
 */
#include "flow/race/inside.h"

#include "base/log.h"
#include "base/map.h"
#include "base/vec.h"
#include "measure/inside.h"

#include <string.h>

PFL_VEC(inside_vec, struct pfl_plan_item);

/* One program of the plans: what each entrant says is inside. */
struct listing {
    const struct pfl_inside_asking *asking;
    struct pfl_entrants *entrants;
    size_t at;                      /* the item */
    struct pfl_inside_names *names; /* by entrant */
    const char **all, **inner;      /* what any of them has */
    size_t n;
};

/* Commands are called as they are typed; what is inside them has one name for all. */
static const char *name_of(const struct listing *l, const struct pfl_inside_names *names, size_t i)
{
    return l->entrants->revisions ? names->at[i] : names->inner[i];
}

static bool is_listed(const struct listing *l, const struct pfl_inside_names *names,
                      const char *name)
{
    size_t i;

    for (i = 0; i < names->n; i++)
        if (strcmp(name_of(l, names, i), name) == 0)
            return true;
    return false;
}

static int ask(struct listing *l, size_t entrant, struct pfl_err *err)
{
    const struct pfl_plan *plan = &l->entrants->at[entrant].plan;
    const struct pfl_plan_item *item = &plan->items[l->at];
    struct pfl_inside_names *names = &l->names[entrant];

    *names = (struct pfl_inside_names){0};
    if (item->skip) {
        names->problem = item->skip;
        return PFL_OK;
    }
    return pfl_inside_list(l->asking, plan, item, names, err);
}

/* Every name once. */
static int unite(struct listing *l, struct pfl_err *err)
{
    struct pfl_map known;
    size_t most = 0, i, k;
    int rc = PFL_OK;

    for (i = 0; i < l->entrants->n; i++)
        most += l->names[i].n;
    l->all = pfl_arena_array(l->asking->arena, most + 1, sizeof *l->all);
    l->inner = pfl_arena_array(l->asking->arena, most + 1, sizeof *l->inner);
    if (!l->all || !l->inner)
        return pfl_err_no_memory(err);
    pfl_map_init(&known);
    for (i = 0; i < l->entrants->n; i++)
        for (k = 0; rc == PFL_OK && k < l->names[i].n; k++) {
            const char *name = name_of(l, &l->names[i], k);

            if (pfl_map_get(&known, name))
                continue;
            l->all[l->n] = name;
            l->inner[l->n++] = l->names[i].inner[k];
            if (!pfl_map_set(&known, name, 1))
                rc = pfl_err_no_memory(err);
        }
    pfl_map_release(&known);
    return rc;
}

/* Why this entrant cannot be measured by it; NULL: it can. false: no memory. */
static bool why_not(const struct listing *l, size_t entrant, size_t which, const char **why)
{
    const struct pfl_plan_item *item = &l->entrants->at[entrant].plan.items[l->at];
    const struct pfl_inside_names *names = &l->names[entrant];

    *why = item->skip;
    if (item->skip || (!names->problem && is_listed(l, names, l->all[which])))
        return true;
    if (names->problem)
        *why = pfl_arena_format(l->asking->arena, "%s could not be asked what is inside it%s: %s",
                                item->command, item->harness ? "" : " (--list)", names->problem);
    else
        *why = pfl_arena_format(l->asking->arena, "%s has no such benchmark", item->command);
    return *why != NULL;
}

static int add_items(const struct listing *l, size_t entrant, struct inside_vec *items,
                     struct pfl_err *err)
{
    const struct pfl_plan_item *program = &l->entrants->at[entrant].plan.items[l->at];
    size_t i;

    for (i = 0; i < l->n; i++) {
        struct pfl_plan_item item = *program;

        item.name = l->all[i];
        item.inside = l->inner[i];
        item.warning_count = i == 0 ? item.warning_count : 0;
        if (!why_not(l, entrant, i, &item.skip) || !pfl_vec_push(items, &item))
            return pfl_err_no_memory(err);
    }
    return PFL_OK;
}

/* Nobody has anything inside. *problem: what the first that could be asked said. */
static bool all_failed(const struct listing *l, const char **problem)
{
    size_t i;

    *problem = NULL;
    for (i = 0; i < l->entrants->n; i++) {
        const struct pfl_plan_item *item = &l->entrants->at[i].plan.items[l->at];

        if (l->names[i].all_n || (*item->select && !l->names[i].problem)) /* none is selected */
            return false;
        if (!item->skip && !*problem)
            *problem = l->names[i].problem ? l->names[i].problem : "it names none";
    }
    return true;
}

static int expand(struct listing *l, struct inside_vec *items, struct pfl_err *err)
{
    const struct pfl_plan_item *first = &l->entrants->at[0].plan.items[l->at];
    const char *problem;
    size_t i;
    int rc = PFL_OK;

    l->n = 0;
    for (i = 0; rc == PFL_OK && first->select && i < l->entrants->n; i++)
        rc = ask(l, i, err);
    if (rc != PFL_OK)
        return rc;
    if (first->select && !all_failed(l, &problem)) { /* of which none may be selected */
        rc = unite(l, err);
        for (i = 0; rc == PFL_OK && i < l->entrants->n; i++)
            rc = add_items(l, i, &items[i], err);
        return rc;
    }
    if (first->select && problem)
        pfl_log(PFL_LOG_WARNING,
                "%s: what is inside it could not be listed (%s%s: %s), so it is raced launch "
                "by launch, as a whole",
                first->name, first->command, first->harness ? "" : " --list", problem);
    for (i = 0; i < l->entrants->n; i++)
        if (!pfl_vec_push(&items[i], &l->entrants->at[i].plan.items[l->at]))
            return pfl_err_no_memory(err);
    return PFL_OK;
}

static int expand_all(struct listing *l, struct inside_vec *items, struct pfl_err *err)
{
    size_t count = l->entrants->at[0].plan.item_count, i;
    int rc = PFL_OK;

    for (l->at = 0; rc == PFL_OK && l->at < count; l->at++)
        rc = expand(l, items, err);
    for (i = 0; rc == PFL_OK && i < l->entrants->n; i++) {
        struct pfl_plan *plan = &l->entrants->at[i].plan;

        plan->items = pfl_arena_grow(l->asking->arena, items[i].at, items[i].n, items[i].n,
                                     sizeof *plan->items);
        plan->item_count = items[i].n;
        if (!plan->items)
            rc = pfl_err_no_memory(err);
    }
    return rc;
}

static bool any_inside(const struct pfl_plan *plan)
{
    size_t i;

    for (i = 0; i < plan->item_count; i++)
        if (plan->items[i].select)
            return true;
    return false;
}

/* --suite named benchmarks that no program has. */
static int nothing_selected(const struct pfl_entrants *entrants, struct pfl_err *err)
{
    if (entrants->at[0].plan.item_count)
        return PFL_OK;
    return pfl_err_set(err, PFL_ENOENT,
                       "none of the benchmarks inside the programs is selected; `perfledger run "
                       "--list` shows them");
}

int pfl_race_check_output(const struct pfl_entrants *entrants, struct pfl_err *err)
{
    const struct pfl_plan *plan = &entrants->at[0].plan;
    size_t i;

    for (i = 0; i < plan->item_count; i++)
        if (plan->items[i].harness)
            return pfl_err_set(err, PFL_EUSAGE,
                               "--same-output compares what commands print, and what the harness "
                               "%s of the suite %s prints are its times; leave it out, or name "
                               "other suites (--suite)",
                               plan->items[i].harness, plan->items[i].suite);
    return PFL_OK;
}

int pfl_race_expand_inside(const struct pfl_inside_asking *asking, struct pfl_entrants *entrants,
                           struct pfl_err *err)
{
    struct listing l = {.asking = asking, .entrants = entrants};
    struct inside_vec *items;
    size_t i;
    int rc;

    if (!any_inside(&entrants->at[0].plan))
        return PFL_OK;
    l.names = pfl_arena_array(asking->arena, entrants->n, sizeof *l.names);
    items = pfl_arena_array(asking->arena, entrants->n, sizeof *items);
    if (!l.names || !items)
        return pfl_err_no_memory(err);
    rc = expand_all(&l, items, err);
    for (i = 0; i < entrants->n; i++)
        pfl_vec_release(&items[i]);
    return rc == PFL_OK ? nothing_selected(entrants, err) : rc;
}
