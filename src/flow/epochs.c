/*
 * Why a series has a boundary. The ledger's points have only hashes (what is measured, on what), so
 * the runs on both sides are looked at: their environments say which dependency was bumped, their
 * machines what is another there. Of a run only these few fields are kept, and no more than
 * RUNS_MOST runs are read for one command: in a very large ledger the boundaries that come last are
 * marked without details.
 *
 * A new name alone does not part levels: whoever says that two names are one benchmark says that
 * their values compare. Another definition or machine does.
 */
#include "flow/epochs.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/text.h"
#include "base/vec.h"

#include <string.h>

enum { RUNS_MOST = 500, ITEMS_MOST = 4, TEXT_MOST = 1 << 20, COMMAND_SHOWN = 100 };

/* What is kept of a run. */
struct side {
    bool imported;
    struct pfl_machine machine;
    struct pfl_pair *environment;
    size_t environment_count;
    const char **names, **commands; /* of its benchmarks, where they were not imported */
    size_t n;
};
PFL_VEC(sides, struct side);

/* Before it was looked into. */
struct raw {
    size_t index;
    unsigned what;
    const char *run_before, *run_after;
    const char *benchmark_before, *variant_before; /* names that were left */
    const char *benchmark;                         /* the new name */
};
PFL_VEC(raws, struct raw);
PFL_VEC(boundaries, struct pfl_boundary);

enum { RUN, FINGERPRINT, DEFINITION, BENCHMARK, VARIANT, TEXTS };

struct pfl_epochs {
    struct pfl_flow *flow;
    struct pfl_store *store;
    struct pfl_map side_at; /* run id → place in sides */
    struct sides sides;
    struct pfl_store_alias *aliases;
    size_t alias_count;
    bool aliases_read;
    /* of the series at hand */
    size_t points;
    struct pfl_buf last[TEXTS]; /* of the point before */
    struct raws raws;
    struct boundaries found;
};

struct pfl_epochs *pfl_epochs_new(struct pfl_flow *flow, struct pfl_store *store)
{
    struct pfl_epochs *epochs = pfl_alloc_zeroed(1, sizeof *epochs);
    size_t i;

    if (!epochs)
        return NULL;
    epochs->flow = flow;
    epochs->store = store;
    pfl_map_init(&epochs->side_at);
    for (i = 0; i < TEXTS; i++)
        pfl_buf_init(&epochs->last[i], 64 << 20);
    return epochs;
}

void pfl_epochs_free(struct pfl_epochs *epochs)
{
    size_t i;

    if (!epochs)
        return;
    for (i = 0; i < TEXTS; i++)
        pfl_buf_release(&epochs->last[i]);
    pfl_map_release(&epochs->side_at);
    pfl_vec_release(&epochs->sides);
    pfl_vec_release(&epochs->raws);
    pfl_vec_release(&epochs->found);
    pfl_free(epochs);
}

/* ---- points ---- */

void pfl_epochs_begin(struct pfl_epochs *epochs)
{
    epochs->points = 0;
    epochs->raws.n = 0;
}

static bool differs(const struct pfl_epochs *epochs, int which, const char *text)
{
    return strcmp(pfl_buf_cstr(&epochs->last[which]), text) != 0;
}

static bool push_raw(struct pfl_epochs *epochs, const struct pfl_store_point *point, unsigned what)
{
    struct pfl_arena *arena = epochs->flow->arena;
    struct raw raw = {.index = epochs->points, .what = what};

    raw.run_before = pfl_arena_text(arena, pfl_buf_cstr(&epochs->last[RUN]));
    raw.run_after = pfl_arena_text(arena, point->run_id);
    raw.benchmark_before = pfl_arena_text(arena, pfl_buf_cstr(&epochs->last[BENCHMARK]));
    raw.variant_before = pfl_arena_text(arena, pfl_buf_cstr(&epochs->last[VARIANT]));
    raw.benchmark = pfl_arena_text(arena, point->benchmark);
    if (strcmp(raw.benchmark ? raw.benchmark : "", pfl_buf_cstr(&epochs->last[BENCHMARK])) == 0)
        raw.benchmark_before = "";
    if (!differs(epochs, VARIANT, point->variant))
        raw.variant_before = NULL;
    return raw.run_before && raw.run_after && raw.benchmark_before && raw.benchmark &&
           pfl_vec_push(&epochs->raws, &raw);
}

int pfl_epochs_point(struct pfl_epochs *epochs, const struct pfl_store_point *point,
                     struct pfl_err *err)
{
    const char *const texts[TEXTS] = {point->run_id, point->fingerprint, point->definition,
                                      point->benchmark, point->variant};
    unsigned what = 0;
    size_t i;

    if (epochs->points > 0) {
        what |= differs(epochs, FINGERPRINT, point->fingerprint) ? PFL_BOUNDARY_MACHINE : 0U;
        what |= differs(epochs, DEFINITION, point->definition) ? PFL_BOUNDARY_DEFINITION : 0U;
        what |= differs(epochs, BENCHMARK, point->benchmark) ? PFL_BOUNDARY_NAME : 0U;
        what |= differs(epochs, VARIANT, point->variant) ? PFL_BOUNDARY_NAME : 0U;
    }
    if (what && !push_raw(epochs, point, what))
        return pfl_err_no_memory(err);
    for (i = 0; i < TEXTS; i++) {
        if (i != RUN && epochs->points > 0 && !differs(epochs, (int)i, texts[i]))
            continue;
        pfl_buf_clear(&epochs->last[i]);
        pfl_buf_text(&epochs->last[i], texts[i]);
        if (epochs->last[i].error)
            return pfl_err_no_memory(err);
    }
    epochs->points++;
    return PFL_OK;
}

/* ---- runs ---- */

static bool copy_texts(struct pfl_arena *arena, const struct pfl_run *run, struct side *side)
{
    struct pfl_machine *machine = &side->machine;
    const char **const texts[] = {&machine->cpu_model, &machine->kernel, &machine->governor,
                                  &machine->turbo,     &machine->os,     &machine->libc};
    size_t i;

    *machine = run->machine;
    for (i = 0; i < PFL_COUNT(texts); i++)
        if (!(*texts[i] = pfl_arena_text(arena, *texts[i] ? *texts[i] : "")))
            return false;
    side->environment = pfl_arena_array(arena, run->environment_count + 1, sizeof(struct pfl_pair));
    if (!side->environment)
        return false;
    for (i = 0; i < run->environment_count; i++) {
        side->environment[i].name = pfl_arena_text(arena, run->environment[i].name);
        side->environment[i].value = pfl_arena_text(arena, run->environment[i].value);
        if (!side->environment[i].name || !side->environment[i].value)
            return false;
    }
    side->environment_count = run->environment_count;
    return true;
}

static bool copy_commands(struct pfl_arena *arena, const struct pfl_run *run, struct side *side)
{
    size_t i;

    side->imported =
        run->kind == PFL_RUN_IMPORTED && strcmp(run->tool ? run->tool : "", "asv") == 0;
    if (side->imported)
        return true;
    side->names = pfl_arena_array(arena, run->benchmark_count + 1, sizeof *side->names);
    side->commands = pfl_arena_array(arena, run->benchmark_count + 1, sizeof *side->commands);
    if (!side->names || !side->commands)
        return false;
    for (i = 0; i < run->benchmark_count; i++) {
        const char *command = run->benchmarks[i].command;

        side->names[i] = pfl_arena_text(arena, run->benchmarks[i].name);
        side->commands[i] = pfl_arena_text(arena, command ? command : "");
        if (!side->names[i] || !side->commands[i])
            return false;
    }
    side->n = run->benchmark_count;
    return true;
}

static int read_side(struct pfl_epochs *epochs, const char *id, struct pfl_err *err)
{
    struct pfl_arena scratch, *arena = epochs->flow->arena;
    struct side side = {0};
    struct pfl_run run;
    int rc;

    pfl_arena_init(&scratch);
    rc = pfl_store_load(epochs->store, id, &scratch, &run, err);
    if (rc == PFL_OK && (!copy_texts(arena, &run, &side) || !copy_commands(arena, &run, &side) ||
                         !pfl_vec_push(&epochs->sides, &side) ||
                         !pfl_map_set(&epochs->side_at, id, epochs->sides.n - 1)))
        rc = pfl_err_no_memory(err);
    pfl_arena_release(&scratch);
    return rc;
}

/* Its place among the sides; SIZE_MAX: it is not looked at. */
static int find_side(struct pfl_epochs *epochs, const char *id, size_t *at, struct pfl_err *err)
{
    const size_t *known = pfl_map_get(&epochs->side_at, id);
    int rc = PFL_OK;

    *at = SIZE_MAX;
    if (!known && epochs->sides.n < RUNS_MOST) {
        rc = read_side(epochs, id, err);
        known = rc == PFL_OK ? pfl_map_get(&epochs->side_at, id) : NULL;
    }
    if (known)
        *at = *known;
    return rc;
}

/* ---- words ---- */

/* "numpy 1.20 → 1.21", behind what is there already. */
static void put_item(struct pfl_buf *words, size_t *items, const char *name, const char *before,
                     const char *after)
{
    if ((*items)++ >= ITEMS_MOST)
        return;
    if (*items > 1)
        pfl_buf_text(words, ", ");
    if (!*before)
        pfl_buf_format(words, "%s %s is new", name, after);
    else if (!*after)
        pfl_buf_format(words, "%s %s is gone", name, before);
    else
        pfl_buf_format(words, "%s %s → %s", name, before, after);
}

static void put_more(struct pfl_buf *words, size_t items)
{
    if (items > ITEMS_MOST)
        pfl_buf_format(words, " and %zu more", items - ITEMS_MOST);
}

static void put_machine(struct pfl_buf *words, const struct side *before, const struct side *after)
{
    const struct pfl_machine *a = &before->machine, *b = &after->machine;
    const char *const fields[][3] = {
        {"CPU", a->cpu_model, b->cpu_model},
        {"kernel", a->kernel, b->kernel},
        {"governor", a->governor, b->governor},
        {"turbo", a->turbo, b->turbo},
        {"system", a->os, b->os},
        {"libc", a->libc, b->libc},
    };
    size_t items = 0, i;

    pfl_buf_text(words, "the machine is another");
    for (i = 0; i < PFL_COUNT(fields); i++)
        if (strcmp(fields[i][1], fields[i][2]) != 0) {
            pfl_buf_text(words, items ? "" : ": ");
            put_item(words, &items, fields[i][0], fields[i][1], fields[i][2]);
        }
    put_more(words, items);
}

static bool is_told_apart(const char *name)
{
    return strcmp(name, "environment") == 0 || strcmp(name, "measured") == 0;
}

/* What differs between two environments of asv; what one of them lacks, too. */
static size_t put_pairs(struct pfl_buf *words, const struct side *a, const struct side *b)
{
    size_t items = 0, i;

    for (i = 0; i < a->environment_count; i++) {
        const struct pfl_pair *pair = &a->environment[i];
        const char *after = pfl_pair_find(b->environment, b->environment_count, pair->name);

        if (!is_told_apart(pair->name) && strcmp(pair->value, after) != 0)
            put_item(words, &items, pair->name, pair->value, after);
    }
    for (i = 0; i < b->environment_count; i++) {
        const struct pfl_pair *pair = &b->environment[i];

        if (!is_told_apart(pair->name) && *pair->value &&
            !*pfl_pair_find(a->environment, a->environment_count, pair->name))
            put_item(words, &items, pair->name, "", pair->value);
    }
    put_more(words, items);
    return items;
}

static const char *command_of(const struct side *side, const char *name)
{
    size_t i;

    for (i = 0; i < side->n; i++)
        if (strcmp(side->names[i], name) == 0)
            return side->commands[i];
    return "";
}

static void put_definition(struct pfl_buf *words, const struct side *a, const struct side *b,
                           const struct raw *raw)
{
    const char *old_name = *raw->benchmark_before ? raw->benchmark_before : raw->benchmark,
               *before = command_of(a, old_name), *after = command_of(b, raw->benchmark),
               *old_env = pfl_pair_find(a->environment, a->environment_count, "environment"),
               *env = pfl_pair_find(b->environment, b->environment_count, "environment");

    if (a->imported && b->imported && strcmp(old_env, env) != 0) {
        if (put_pairs(words, a, b) == 0)
            pfl_buf_format(words, "environment %s → %s", old_env, env);
        return;
    }
    pfl_buf_text(words, "the benchmark's definition changed");
    if (*before && *after && strcmp(before, after) != 0) {
        pfl_buf_text(words, ": its command was ");
        pfl_text_fit(words, before, COMMAND_SHOWN);
    }
}

static int read_aliases(struct pfl_epochs *epochs, struct pfl_err *err)
{
    int rc;

    if (epochs->aliases_read)
        return PFL_OK;
    rc = pfl_store_alias_list(epochs->store, epochs->flow->arena, &epochs->aliases,
                              &epochs->alias_count, err);
    epochs->aliases_read = rc == PFL_OK;
    return rc;
}

static void put_name(struct pfl_buf *words, const struct pfl_epochs *epochs, const char *name,
                     bool variant)
{
    const char *note = "";
    size_t i;

    for (i = 0; i < epochs->alias_count; i++)
        if (epochs->aliases[i].variant == variant && strcmp(epochs->aliases[i].from, name) == 0)
            note = epochs->aliases[i].note;
    pfl_buf_format(words, "%swas called %s until here", variant ? "its variant " : "",
                   *name ? name : "''");
    if (*note)
        pfl_buf_format(words, " (%s)", note);
}

static void put_break(struct pfl_buf *words)
{
    if (words->len)
        pfl_buf_text(words, "; ");
}

static int put_reasons(struct pfl_epochs *epochs, const struct raw *raw, struct pfl_buf *words,
                       struct pfl_err *err)
{
    struct side unknown = {.imported = false};
    const struct side *a, *b;
    size_t before = SIZE_MAX, after = SIZE_MAX;
    int rc = PFL_OK;

    if (raw->what & (PFL_BOUNDARY_MACHINE | PFL_BOUNDARY_DEFINITION)) {
        rc = find_side(epochs, raw->run_before, &before, err);
        if (rc == PFL_OK)
            rc = find_side(epochs, raw->run_after, &after, err);
    }
    if (rc != PFL_OK)
        return rc;
    unknown.machine.cpu_model = unknown.machine.kernel = unknown.machine.governor = "";
    unknown.machine.turbo = unknown.machine.os = unknown.machine.libc = "";
    a = before == SIZE_MAX || after == SIZE_MAX ? &unknown : &epochs->sides.at[before];
    b = before == SIZE_MAX || after == SIZE_MAX ? &unknown : &epochs->sides.at[after];
    if (raw->what & PFL_BOUNDARY_MACHINE) {
        put_break(words);
        put_machine(words, a, b);
    }
    if (raw->what & PFL_BOUNDARY_DEFINITION) {
        put_break(words);
        put_definition(words, a, b, raw);
    }
    return PFL_OK;
}

static int explain(struct pfl_epochs *epochs, const struct raw *raw, struct pfl_err *err)
{
    struct pfl_boundary boundary = {
        .index = raw->index, .what = raw->what, .compares = raw->what == PFL_BOUNDARY_NAME};
    struct pfl_buf words;
    int rc = raw->what & PFL_BOUNDARY_NAME ? read_aliases(epochs, err) : PFL_OK;

    if (rc != PFL_OK)
        return rc;
    pfl_buf_init(&words, TEXT_MOST);
    if (*raw->benchmark_before)
        put_name(&words, epochs, raw->benchmark_before, false);
    if (raw->variant_before) {
        put_break(&words);
        put_name(&words, epochs, raw->variant_before, true);
    }
    rc = put_reasons(epochs, raw, &words, err);
    boundary.why = pfl_arena_text(epochs->flow->arena, pfl_buf_cstr(&words));
    if (rc == PFL_OK && (!boundary.why || !pfl_vec_push(&epochs->found, &boundary)))
        rc = pfl_err_no_memory(err);
    pfl_buf_release(&words);
    return rc;
}

int pfl_epochs_end(struct pfl_epochs *epochs, const struct pfl_boundary **boundaries, size_t *n,
                   struct pfl_err *err)
{
    struct pfl_boundary *kept;
    size_t i;
    int rc = PFL_OK;

    epochs->found.n = 0;
    for (i = 0; i < epochs->raws.n && rc == PFL_OK; i++)
        rc = explain(epochs, &epochs->raws.at[i], err);
    if (rc != PFL_OK)
        return rc;
    kept = pfl_arena_grow(epochs->flow->arena, epochs->found.at, epochs->found.n,
                          epochs->found.n + 1, sizeof *kept);
    *boundaries = kept;
    *n = kept ? epochs->found.n : 0;
    return kept ? PFL_OK : pfl_err_no_memory(err);
}
