/*
 * What will be measured, decided before anything runs: a mistake in the third suite is found now,
 * not after the first has run for an hour.
 *
 * Enters the configuration or a list of commands; leaves a plan whose items need no further
 * thought. Settings are inherited built-in ← defaults ← the settings of the benchmark's own tier ←
 * suite ← command line. "Its own tier" is the lowest one that includes it, so a benchmark is
 * measured the same way whichever tier was asked for, and its numbers stay comparable. Names are
 * unique over the plan; a map finds collisions, so 10,000 benchmarks stay cheap.
 */
#include "measure/plan.h"

#include "base/map.h"
#include "base/text.h"
#include "base/vec.h"
#include "measure/expand.h"
#include "measure/foreign.h"
#include "measure/inside.h"
#include "measure/select.h"

#include <string.h>

enum { ROUNDS_LEAST = 5 };

PFL_VEC(item_vec, struct pfl_plan_item);
PFL_VEC(origin_vec, const struct pfl_source *);

struct planner {
    struct pfl_arena *arena;
    struct pfl_err *err;
    bool allow_few;
    struct item_vec items;
    struct pfl_map names;      /* identity → its place in origins */
    struct origin_vec origins; /* which source each name came from */
};

static void planner_init(struct planner *p, struct pfl_arena *arena, bool allow_few,
                         struct pfl_err *err)
{
    *p = (struct planner){.arena = arena, .err = err, .allow_few = allow_few};
    pfl_map_init(&p->names);
}

static void planner_release(struct planner *p)
{
    pfl_vec_release(&p->items);
    pfl_vec_release(&p->origins);
    pfl_map_release(&p->names);
}

static int collision(struct planner *p, const struct pfl_source *source,
                     const struct pfl_source *earlier, const char *name)
{
    const char *shown = pfl_text_shown(p->arena, name);

    if (!shown)
        return pfl_err_no_memory(p->err);
    if (source == earlier)
        return pfl_source_fail(source, p->err, PFL_ECONFIG,
                               "two of its parameter combinations are both called \"%s\"; is a "
                               "value given twice?",
                               shown);
    if (!*source->file)
        return pfl_source_fail(source, p->err, PFL_ECONFIG,
                               "two commands are both called \"%s\"; give them names (-n)", shown);
    return pfl_source_fail(source, p->err, PFL_ECONFIG,
                           "its benchmark \"%s\" is already made by the suite \"%s\" of line %d; "
                           "rename one of the suites",
                           shown, earlier->base, earlier->suite->line);
}

static int note_name(struct planner *p, const struct pfl_source *source, const char *name)
{
    const size_t *known = pfl_map_get(&p->names, name);

    if (known)
        return collision(p, source, p->origins.at[*known], name);
    if (!pfl_map_set(&p->names, name, p->origins.n) || !pfl_vec_push(&p->origins, &source))
        return pfl_err_no_memory(p->err);
    return PFL_OK;
}

/* Rounds and time limits that contradict one another are settled in favour of what was asked for
 * explicitly. */
static void settle_limits(struct pfl_how *how)
{
    if (how->max_rounds < how->min_rounds) {
        if (how->set & PFL_HOW_MIN_ROUNDS)
            how->max_rounds = how->min_rounds;
        else
            how->min_rounds = how->max_rounds;
    }
    /* Somebody who wrote 30 rounds wants 30, not as many as the built-in 30 s hold. */
    if ((how->set & PFL_HOW_ROUNDS) && how->rounds > 0 && !(how->set & PFL_HOW_MAX_TIME))
        how->max_time_ns = 0;
}

static int check_rounds(struct planner *p, const struct pfl_source *source,
                        const struct pfl_how *how)
{
    int least = how->rounds > 0 ? how->rounds : how->min_rounds;

    if ((how->set & PFL_HOW_MIN_ROUNDS) && (how->set & PFL_HOW_MAX_ROUNDS) &&
        how->min_rounds > how->max_rounds)
        return pfl_source_fail(source, p->err, PFL_ECONFIG,
                               "at least %d rounds and at most %d cannot both hold",
                               how->min_rounds, how->max_rounds);
    if (how->rounds == 0 && how->max_rounds < least)
        least = how->max_rounds;
    if (how->rounds > 0 && how->min_rounds < least && how->max_time_ns > 0 &&
        (how->set & PFL_HOW_MAX_TIME))
        least = how->min_rounds;
    if (least < ROUNDS_LEAST && !p->allow_few)
        return pfl_source_fail(source, p->err, PFL_ECONFIG,
                               "%d rounds are too few to judge by: at least %d are recorded; give "
                               "more rounds, or --allow-few to record them marked as few",
                               least, ROUNDS_LEAST);
    return PFL_OK;
}

static int add_item(struct planner *p, const struct pfl_source *source,
                    const struct pfl_combination *combination, const struct pfl_how *how)
{
    struct pfl_plan_item item;
    int rc = check_rounds(p, source, how);

    if (rc != PFL_OK)
        return rc;
    rc = pfl_expand_complete(source, combination, how, p->arena, &item, p->err);
    if (rc != PFL_OK)
        return rc;
    settle_limits(&item.how);
    return pfl_vec_push(&p->items, &item) ? PFL_OK : pfl_err_no_memory(p->err);
}

/* Into the arena; the plan's other fields are the caller's. */
static int finish(struct planner *p, struct pfl_plan *plan, const struct pfl_plan *rest)
{
    struct pfl_plan_item *items =
        pfl_arena_grow(p->arena, p->items.at, p->items.n, p->items.n, sizeof *items);

    if (!items)
        return pfl_err_no_memory(p->err);
    *plan = *rest;
    plan->items = items;
    plan->item_count = p->items.n;
    return PFL_OK;
}

/* The settings of a suite's benchmarks in each tier; made once per suite, not per combination. */
static int inherit(const struct pfl_plan_request *request, const struct pfl_suite *suite,
                   struct pfl_arena *arena, struct pfl_how how[PFL_TIER_COUNT])
{
    int tier;

    for (tier = 0; tier < PFL_TIER_COUNT; tier++) {
        pfl_how_defaults(&how[tier]);
        if (!pfl_how_inherit(&how[tier], &request->config->defaults, arena) ||
            !pfl_how_inherit(&how[tier], &request->config->tiers[tier], arena) ||
            !pfl_how_inherit(&how[tier], &suite->how, arena) ||
            (request->over && !pfl_how_inherit(&how[tier], request->over, arena)))
            return PFL_ENOMEM;
    }
    return PFL_OK;
}

static bool is_command(const struct pfl_suite *suite)
{
    return !suite->harness || strcmp(suite->harness, "command") == 0;
}

/* *inside: of a program with benchmarks inside, which of them; NULL of any other. */
static int choose(struct planner *p, const struct pfl_source *source,
                  const struct pfl_combination *combination, struct pfl_selection *selection,
                  bool *wanted, const char **inside)
{
    const struct pfl_selection_program program = {combination->name, source->group, source->base,
                                                  combination->tier};

    *inside = NULL;
    if (is_command(source->suite)) {
        *wanted =
            pfl_selection_takes(selection, combination->name, source->group, combination->tier);
        return PFL_OK;
    }
    *wanted = pfl_selection_takes_inside(selection, &program, p->arena, inside);
    return *inside ? PFL_OK : pfl_err_no_memory(p->err);
}

static int plan_inside(const struct pfl_source *source, struct pfl_plan_item *item,
                       const char *inside, struct pfl_err *err)
{
    return pfl_harness_find(source->suite->harness) ? pfl_foreign_plan(source, item, inside, err)
                                                    : pfl_inside_plan(source, item, inside, err);
}

static int add_combinations(struct planner *p, const struct pfl_plan_request *request,
                            const struct pfl_source *source, struct pfl_selection *selection)
{
    struct pfl_how how[PFL_TIER_COUNT];
    struct pfl_combination combination;
    struct pfl_expander expander;
    const char *inside;
    bool wanted;
    int rc = pfl_expand_begin(&expander, source, p->arena, p->err);

    if (rc == PFL_OK && inherit(request, source->suite, p->arena, how) != PFL_OK)
        rc = pfl_err_no_memory(p->err);
    while (rc == PFL_OK && (rc = pfl_expand_next(&expander, &combination, p->err)) > 0) {
        rc = choose(p, source, &combination, selection, &wanted, &inside);
        if (rc == PFL_OK)
            rc = note_name(p, source, combination.name);
        if (rc == PFL_OK && wanted && combination.tier <= request->tier)
            rc = add_item(p, source, &combination, &how[combination.tier]);
        if (rc == PFL_OK && wanted && combination.tier <= request->tier && inside)
            rc = plan_inside(source, &p->items.at[p->items.n - 1], inside, p->err);
    }
    return rc;
}

/* A suite that this version cannot measure must not keep the others from being measured. Which
 * benchmarks it holds only its harness knows, so it stands under its own name. */
static int add_skipped(struct planner *p, const struct pfl_source *source,
                       const struct pfl_plan_request *request)
{
    const struct pfl_suite *suite = source->suite;
    struct pfl_plan_item item = {
        .name = suite->name,
        .suite = suite->name,
        .skip = pfl_arena_format(p->arena, "harness %s is not in this version", suite->harness),
        .command = suite->command ? suite->command : "",
        .argv = pfl_arena_array(p->arena, 1, sizeof *item.argv),
        .work_unit = "",
        .definition = "",
        .tier = suite->tier,
    };
    int rc = note_name(p, source, item.name);

    if (rc != PFL_OK || suite->tier > request->tier)
        return rc;
    pfl_how_defaults(&item.how);
    if (!item.skip || !item.argv || !pfl_vec_push(&p->items, &item))
        return pfl_err_no_memory(p->err);
    return PFL_OK;
}

static int add_suite(struct planner *p, const struct pfl_plan_request *request,
                     const struct pfl_suite *suite, struct pfl_selection *selection)
{
    struct pfl_source *source = pfl_arena_alloc(p->arena, sizeof *source);

    if (!source)
        return pfl_err_no_memory(p->err);
    *source = (struct pfl_source){
        .suite = suite,
        .file = request->config->file ? request->config->file : "perfledger.yaml",
        .base = suite->name,
        .group = suite->name,
    };
    if (is_command(suite) || strcmp(suite->harness, "perfledger") == 0 ||
        pfl_harness_find(suite->harness))
        return add_combinations(p, request, source, selection);
    return pfl_selection_takes(selection, suite->name, suite->name, suite->tier)
               ? add_skipped(p, source, request)
               : PFL_OK;
}

static int check_selection(struct planner *p, const struct pfl_plan_request *request,
                           const struct pfl_selection *selection)
{
    size_t n = p->names.n + request->config->suite_count, i;
    const char **known = pfl_arena_array(p->arena, n, sizeof *known);

    if (!known)
        return pfl_err_no_memory(p->err);
    for (i = 0; i < request->config->suite_count; i++)
        known[i] = request->config->suites[i].name;
    for (i = 0; i < p->names.n; i++)
        known[request->config->suite_count + i] = p->names.entries[i].key;
    return pfl_selection_check(selection, request->tier, known, n, p->err);
}

static int check_any(const struct planner *p, const struct pfl_plan_request *request)
{
    if (p->items.n)
        return PFL_OK;
    if (request->config->suite_count == 0)
        return pfl_err_set(p->err, PFL_ENOENT,
                           "planning what to measure: %s has no suites; add one under suites:, or "
                           "measure a command directly: perfledger run -- COMMAND",
                           request->config->file ? request->config->file : "the configuration");
    return pfl_err_set(p->err, PFL_ENOENT,
                       "planning what to measure: no suite has a benchmark in the tier %s; ask for "
                       "a higher one with --tier deep or --tier longhaul",
                       pfl_tier_text(request->tier));
}

int pfl_plan_configured(const struct pfl_plan_request *request, struct pfl_arena *arena,
                        struct pfl_plan *plan, struct pfl_err *err)
{
    const struct pfl_plan rest = {
        .root = request->config->root,
        .order_seed = request->order_seed,
        .max_time_ns = request->max_time_ns,
        .allow_few = request->allow_few,
    };
    struct pfl_selection selection;
    struct planner planner;
    size_t i;
    int rc;

    planner_init(&planner, arena, request->allow_few, err);
    rc = pfl_selection_init(&selection, request->select, request->select_count, arena, err);
    for (i = 0; rc == PFL_OK && i < request->config->suite_count; i++)
        rc = add_suite(&planner, request, &request->config->suites[i], &selection);
    if (rc == PFL_OK && request->select_count)
        rc = check_selection(&planner, request, &selection);
    if (rc == PFL_OK)
        rc = check_any(&planner, request);
    if (rc == PFL_OK)
        rc = finish(&planner, plan, &rest);
    pfl_selection_release(&selection);
    planner_release(&planner);
    return rc;
}

/* A command of the command line as if it were a suite: NULL when memory ran out. */
static const struct pfl_source *dress_up(const struct pfl_plan_adhoc *request, size_t index,
                                         struct pfl_arena *arena)
{
    struct pfl_source *source = pfl_arena_alloc(arena, sizeof *source);
    struct pfl_suite *suite = pfl_arena_alloc(arena, sizeof *suite);
    const char *name = index < request->name_count ? request->names[index] : NULL;
    struct pfl_buf shown;
    size_t i;

    if (!source || !suite)
        return NULL;
    pfl_buf_init(&shown, 1 << 20);
    if (request->argv)
        for (i = 0; i < request->argc; i++) {
            if (i)
                pfl_buf_char(&shown, ' ');
            pfl_text_quote(&shown, request->argv[i]);
        }
    else
        suite->command = request->commands[index];
    if (!name || !*name)
        name = request->argv ? pfl_buf_cstr(&shown) : request->commands[index];
    suite->argv = request->argv ? (char **)request->argv : NULL;
    suite->argc = request->argc;
    suite->axes = (struct pfl_param_axis *)request->axes;
    suite->axis_count = request->axis_count;
    *source = (struct pfl_source){
        .suite = suite,
        .file = "",
        .base = pfl_arena_format(arena, "adhoc/%s", name),
        .group = "adhoc",
        .literal = request->axis_count == 0 && !(request->how->set & PFL_HOW_SEED),
        .lenient = true,
    };
    if (shown.error)
        source->base = NULL;
    pfl_buf_release(&shown);
    return source->base ? source : NULL;
}

int pfl_plan_for_commands(const struct pfl_plan_adhoc *request, struct pfl_arena *arena,
                          struct pfl_plan *plan, struct pfl_err *err)
{
    const struct pfl_plan rest = {
        .root = request->root,
        .order_seed = request->order_seed,
        .max_time_ns = request->max_time_ns,
        .allow_few = request->allow_few,
    };
    size_t count = request->argv ? 1 : request->command_count, i;
    struct planner planner;
    int rc = PFL_OK;

    planner_init(&planner, arena, request->allow_few, err);
    for (i = 0; rc == PFL_OK && i < count; i++) {
        const struct pfl_source *source = dress_up(request, i, arena);
        struct pfl_combination combination;
        struct pfl_expander expander;

        rc = source ? pfl_expand_begin(&expander, source, arena, err) : pfl_err_no_memory(err);
        while (rc == PFL_OK && (rc = pfl_expand_next(&expander, &combination, err)) > 0) {
            rc = note_name(&planner, source, combination.name);
            if (rc == PFL_OK)
                rc = add_item(&planner, source, &combination, request->how);
        }
    }
    if (rc == PFL_OK)
        rc = finish(&planner, plan, &rest);
    planner_release(&planner);
    return rc;
}
