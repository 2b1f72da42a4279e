/*
 * What people say of names. The store keeps one step from one name to another; whole suites are
 * expanded here, when it is said: what is recorded later under an old name was not renamed.
 *
 * A mistyped name would be accepted silently and join nothing, so both names must be known: from a
 * series, or from an alias. `force` is for saying it before the first run under the new name. Of a
 * suite, those whose new name is not known are left out and told: a benchmark that was dropped when
 * the suite was renamed.
 *
 * Two names that one run has are hardly one benchmark. That cannot be refused (the last run under
 * the old name may have had both), but how many points it hides is told.
 */
#include "flow/alias.h"

#include "base/map.h"
#include "base/text.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

PFL_VEC(alias_list, struct pfl_store_alias);

/* Names that the ledger knows, each once; texts are the flow's. */
struct names {
    struct pfl_flow *flow;
    const char *benchmark; /* variants: of this one; NULL: of all */
    bool variants;
    struct pfl_map map; /* in the order found */
    const char **list;  /* sorted, once collected */
    size_t points;      /* of all series */
    bool benchmark_known;
    bool no_memory;
};

static void note_name(struct names *names, const char *name)
{
    const char *kept;

    if (pfl_map_get(&names->map, name))
        return;
    kept = pfl_arena_text(names->flow->arena, name);
    if (!kept || !pfl_map_set(&names->map, kept, 0))
        names->no_memory = true;
}

static int note_series(void *context, const struct pfl_store_series_key *key, const char *unit,
                       enum pfl_better better, size_t points)
{
    struct names *names = context;

    (void)unit;
    (void)better;
    names->points += points;
    if (!names->variants) {
        note_name(names, key->benchmark);
    } else if (!names->benchmark || strcmp(names->benchmark, key->benchmark) == 0) {
        names->benchmark_known = true;
        note_name(names, key->variant);
    }
    return names->no_memory;
}

static int compare_texts(const void *a, const void *b)
{
    return pfl_text_compare_natural(*(const char *const *)a, *(const char *const *)b);
}

/* Those of aliases too: an older name is listed under the newest one. */
static int collect(struct names *names, struct pfl_store *store, struct pfl_err *err)
{
    struct pfl_store_alias *aliases;
    size_t n, i;
    int rc = pfl_store_each_series(store, NULL, note_series, names, err);

    if (rc == PFL_OK)
        rc = pfl_store_alias_list(store, names->flow->arena, &aliases, &n, err);
    if (rc != PFL_OK)
        return rc;
    for (i = 0; i < n && !names->no_memory; i++)
        if (aliases[i].variant == names->variants) {
            note_name(names, aliases[i].from);
            note_name(names, aliases[i].to);
        }
    names->list = pfl_arena_array(names->flow->arena, names->map.n + 1, sizeof(const char *));
    if (names->no_memory || !names->list)
        return pfl_err_no_memory(err);
    for (i = 0; i < names->map.n; i++)
        names->list[i] = names->map.entries[i].key;
    if (names->map.n)
        qsort(names->list, names->map.n, sizeof *names->list, compare_texts);
    return PFL_OK;
}

static bool is_known(const struct names *names, const char *name)
{
    return pfl_map_get(&names->map, name) != NULL;
}

/* ---- which names are meant ---- */

/* NAME, a suite, or a pattern with one star. */
struct meant {
    const char *from, *to;
    size_t before; /* a pattern: bytes before its star */
    bool pattern;
};

static int read_meant(const struct pfl_flow_alias_params *params, bool known, struct meant *meant,
                      struct pfl_err *err)
{
    const char *star = known || params->variant ? NULL : strchr(params->from, '*');

    *meant = (struct meant){.from = params->from, .to = params->to, .pattern = star != NULL};
    if (!star)
        return PFL_OK;
    meant->before = (size_t)(star - params->from);
    if (strchr(star + 1, '*') ||
        (params->to && (!strchr(params->to, '*') || strchr(strchr(params->to, '*') + 1, '*'))))
        return pfl_err_set(err, PFL_EUSAGE,
                           "a renaming of many has one `*` in the old name and one in the new: "
                           "'old/*' 'new/*'");
    return PFL_OK;
}

/* What is kept of a name that is meant; false: it is none. */
static bool rest_of(const struct meant *meant, const char *name, const char **rest, size_t *len)
{
    size_t all = strlen(name), from = strlen(meant->from),
           behind = meant->pattern ? from - meant->before - 1 : 0;

    if (all < (meant->pattern ? meant->before + behind : from))
        return false;
    *rest = name + (meant->pattern ? meant->before : from);
    *len = all - (meant->pattern ? meant->before + behind : from);
    if (!meant->pattern)
        return strncmp(name, meant->from, from) == 0 &&
               (name[from] == 0 || name[from] == '[' || name[from] == '/');
    return strncmp(name, meant->from, meant->before) == 0 &&
           strcmp(name + all - behind, meant->from + meant->before + 1) == 0;
}

static const char *renamed(const struct meant *meant, const char *rest, size_t len,
                           struct pfl_arena *arena)
{
    const char *star = meant->pattern ? strchr(meant->to, '*') : NULL;

    if (!star)
        return pfl_arena_format(arena, "%s%.*s", meant->to, (int)len, rest);
    return pfl_arena_format(arena, "%.*s%.*s%s", (int)(star - meant->to), meant->to, (int)len, rest,
                            star + 1);
}

static int unknown(const struct names *names, const char *name, bool newer, struct pfl_err *err)
{
    const char *near = pfl_text_nearest(name, names->list, names->map.n);

    return pfl_err_set(err, PFL_ENOENT,
                       "nothing is recorded under the %s%s `%s`%s%s%s --force joins the names all "
                       "the same",
                       newer ? "newer " : "", names->variants ? "variant" : "name", name,
                       near ? "; did you mean `" : "", near ? near : "", near ? "`?" : ";");
}

/* The steps that are meant, into the lists. */
struct adding {
    const struct pfl_flow_alias_params *params;
    struct names names;
    struct alias_list added, left_out;
};

static int add_step(struct adding *adding, const char *from, const char *to, struct pfl_err *err)
{
    const struct pfl_flow_alias_params *params = adding->params;
    struct pfl_flow *flow = adding->names.flow;
    struct pfl_store_alias alias = {.variant = params->variant,
                                    .benchmark = params->variant ? params->benchmark : NULL,
                                    .from = from,
                                    .to = to,
                                    .note = params->note,
                                    .unix_ns = flow->clock->unix_ns(flow->clock->context)};
    bool good = to && (params->force || is_known(&adding->names, to));

    if (!to || !pfl_vec_push(good ? &adding->added : &adding->left_out, &alias))
        return pfl_err_no_memory(err);
    return PFL_OK;
}

static int expand(struct adding *adding, struct pfl_err *err)
{
    const struct pfl_flow_alias_params *params = adding->params;
    const struct names *names = &adding->names;
    struct meant meant;
    const char *rest;
    size_t len, i;
    int rc = read_meant(params, is_known(names, params->from), &meant, err);

    for (i = 0; i < names->map.n && rc == PFL_OK && !params->variant; i++)
        if (rest_of(&meant, names->list[i], &rest, &len))
            rc = add_step(adding, names->list[i], renamed(&meant, rest, len, names->flow->arena),
                          err);
    if (rc != PFL_OK || adding->added.n + adding->left_out.n)
        return rc;
    if (!is_known(names, params->from) && (!params->force || meant.pattern))
        return meant.pattern ? pfl_err_set(err, PFL_ENOENT,
                                           "no benchmark of the ledger matches `%s`", params->from)
                             : unknown(names, params->from, false, err);
    return add_step(adding, params->from, params->to, err);
}

static int expand_known(struct adding *adding, struct pfl_err *err)
{
    int rc = expand(adding, err);

    if (rc == PFL_OK && adding->added.n == 0 && adding->left_out.n == 1)
        return unknown(&adding->names, adding->left_out.at[0].to, true, err);
    if (rc == PFL_OK && adding->added.n == 0)
        return pfl_err_set(err, PFL_ENOENT,
                           "nothing is recorded under any of the %zu newer names, such as `%s`; "
                           "--force joins the names all the same",
                           adding->left_out.n, adding->left_out.at[0].to);
    return rc;
}

/* ---- adding ---- */

static int add_all(struct adding *adding, struct pfl_store *store, struct pfl_err *err)
{
    size_t i;
    int rc = pfl_store_begin(store, err);

    if (rc != PFL_OK)
        return rc;
    for (i = 0; i < adding->added.n && rc == PFL_OK; i++)
        rc = pfl_store_alias_add(store, &adding->added.at[i], err);
    if (rc == PFL_OK)
        return pfl_store_commit(store, err);
    pfl_store_abandon(store);
    return rc;
}

static int hand_out(struct pfl_flow *flow, const struct alias_list *from,
                    struct pfl_store_alias **list, size_t *n, struct pfl_err *err)
{
    *list = pfl_arena_grow(flow->arena, from->at, from->n, from->n + 1, sizeof **list);
    *n = *list ? from->n : 0;
    return *list ? PFL_OK : pfl_err_no_memory(err);
}

static int count_points(void *context, const struct pfl_store_series_key *key, const char *unit,
                        enum pfl_better better, size_t points)
{
    (void)key;
    (void)unit;
    (void)better;
    *(size_t *)context += points;
    return 0;
}

static int add_known(struct adding *adding, struct pfl_store *store,
                     struct pfl_flow_aliases *result, struct pfl_err *err)
{
    struct names *names = &adding->names;
    size_t after = 0;
    int rc = collect(names, store, err);

    if (rc == PFL_OK && names->benchmark && !adding->params->force && !names->benchmark_known)
        return pfl_err_set(err, PFL_ENOENT,
                           "nothing is recorded under the name `%s`; --force joins the names all "
                           "the same",
                           names->benchmark);
    if (rc == PFL_OK)
        rc = expand_known(adding, err);
    if (rc == PFL_OK)
        rc = add_all(adding, store, err);
    if (rc == PFL_OK)
        rc = pfl_store_each_series(store, NULL, count_points, &after, err);
    if (rc == PFL_OK)
        result->hidden = names->points > after ? names->points - after : 0;
    if (rc == PFL_OK)
        rc = hand_out(names->flow, &adding->added, &result->list, &result->n, err);
    if (rc == PFL_OK)
        rc = hand_out(names->flow, &adding->left_out, &result->left_out, &result->left_out_count,
                      err);
    return rc;
}

int pfl_flow_alias_add(struct pfl_flow *flow, const struct pfl_flow_alias_params *params,
                       struct pfl_flow_aliases *result, struct pfl_err *err)
{
    struct adding adding = {.params = params,
                            .names = {.flow = flow,
                                      .variants = params->variant,
                                      .benchmark = params->variant ? params->benchmark : NULL}};
    struct pfl_store *store;
    int rc = pfl_flow_store(flow, PFL_FLOW_REMARK, &store, err);

    if (rc != PFL_OK)
        return rc;
    pfl_map_init(&adding.names.map);
    *result = (struct pfl_flow_aliases){0};
    rc = add_known(&adding, store, result, err);
    pfl_map_release(&adding.names.map);
    pfl_vec_release(&adding.added);
    pfl_vec_release(&adding.left_out);
    return rc;
}

/* ---- removing, listing ---- */

static bool same_benchmark(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static int nothing_to_remove(struct pfl_flow *flow, const struct pfl_flow_alias_params *params,
                             const struct pfl_flow_aliases *all, struct pfl_err *err)
{
    const char **names = pfl_arena_array(flow->arena, all->n + 1, sizeof *names), *near;
    size_t n = 0, i;

    if (!names)
        return pfl_err_no_memory(err);
    for (i = 0; i < all->n; i++)
        if (all->list[i].variant == params->variant)
            names[n++] = all->list[i].from;
    near = pfl_text_nearest(params->from, names, n);
    return pfl_err_set(err, PFL_ENOENT, "no alias leads from the %s `%s`%s%s%s%s%s%s",
                       params->variant ? "variant" : "name", params->from,
                       params->benchmark ? " of `" : "", params->benchmark ? params->benchmark : "",
                       params->benchmark ? "`" : "", near ? "; did you mean `" : "",
                       near ? near : "",
                       near ? "`?" : "; `perfledger alias list` shows those there are");
}

static int find_removed(const struct pfl_flow_alias_params *params,
                        const struct pfl_flow_aliases *all, struct alias_list *found,
                        struct pfl_err *err)
{
    struct meant meant;
    const char *rest;
    size_t len, i;
    int rc = read_meant(params, false, &meant, err);

    for (i = 0; i < all->n && rc == PFL_OK; i++) {
        const struct pfl_store_alias *alias = &all->list[i];
        bool is = alias->variant == params->variant &&
                  (params->variant ? strcmp(alias->from, params->from) == 0 &&
                                         same_benchmark(alias->benchmark, params->benchmark)
                                   : rest_of(&meant, alias->from, &rest, &len));

        if (is && !pfl_vec_push(found, alias))
            rc = pfl_err_no_memory(err);
    }
    return rc;
}

static int remove_all(struct pfl_store *store, const struct alias_list *list, struct pfl_err *err)
{
    size_t i;
    int rc = pfl_store_begin(store, err);

    if (rc != PFL_OK)
        return rc;
    for (i = 0; i < list->n && rc == PFL_OK; i++)
        rc = pfl_store_alias_remove(store, &list->at[i], err);
    if (rc == PFL_OK)
        return pfl_store_commit(store, err);
    pfl_store_abandon(store);
    return rc;
}

int pfl_flow_alias_remove(struct pfl_flow *flow, const struct pfl_flow_alias_params *params,
                          struct pfl_flow_aliases *result, struct pfl_err *err)
{
    struct pfl_flow_aliases all = {0};
    struct alias_list found = {0};
    struct pfl_store *store;
    int rc = pfl_flow_store(flow, PFL_FLOW_REMARK, &store, err);

    *result = all;
    if (rc == PFL_OK)
        rc = pfl_store_alias_list(store, flow->arena, &all.list, &all.n, err);
    if (rc == PFL_OK)
        rc = find_removed(params, &all, &found, err);
    if (rc == PFL_OK && found.n == 0)
        rc = nothing_to_remove(flow, params, &all, err);
    if (rc == PFL_OK)
        rc = remove_all(store, &found, err);
    if (rc == PFL_OK)
        rc = hand_out(flow, &found, &result->list, &result->n, err);
    pfl_vec_release(&found);
    return rc;
}

int pfl_flow_alias_list(struct pfl_flow *flow, struct pfl_flow_aliases *result, struct pfl_err *err)
{
    struct pfl_store *store;
    int rc = pfl_flow_store(flow, PFL_FLOW_READ, &store, err);

    *result = (struct pfl_flow_aliases){0};
    if (rc == PFL_ENOENT && !flow->ledger_given)
        return PFL_OK;
    return rc == PFL_OK ? pfl_store_alias_list(store, flow->arena, &result->list, &result->n, err)
                        : rc;
}
