/*
 * The one place where identities are put together. Names come from outside and may hold anything;
 * they are never escaped here (two different names must stay different), only when shown.
 */
#include "measure/name.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct pfl_pair *)a)->name, ((const struct pfl_pair *)b)->name);
}

void pfl_name_sort_params(struct pfl_pair *params, size_t n)
{
    if (n > 1)
        qsort(params, n, sizeof *params, by_name);
}

static char *append(char *to, const char *text)
{
    size_t len = strlen(text);

    memcpy(to, text, len);
    return to + len;
}

const char *pfl_name_make(struct pfl_arena *arena, const char *base, const struct pfl_pair *params,
                          size_t n)
{
    size_t len = strlen(base) + 2, i;
    char *name, *at;

    for (i = 0; i < n; i++)
        len += strlen(params[i].name) + strlen(params[i].value) + 2;
    name = pfl_arena_alloc(arena, len + 1);
    if (!name)
        return NULL;
    at = append(name, base);
    for (i = 0; i < n; i++) {
        *at++ = i ? ',' : '[';
        at = append(at, params[i].name);
        *at++ = '=';
        at = append(at, params[i].value);
    }
    if (n)
        *at++ = ']';
    return name;
}

/* The inner parameters win over outer ones of the same name. */
static struct pfl_pair *merged(struct pfl_arena *arena, const struct pfl_pair *inner, size_t *count,
                               const struct pfl_pair *outer, size_t outer_count)
{
    struct pfl_pair *all = pfl_arena_grow(arena, inner, *count, *count + outer_count, sizeof *all);
    size_t n = *count, i, k;

    if (!all)
        return NULL;
    for (i = 0; i < outer_count; i++) {
        for (k = 0; k < *count && strcmp(inner[k].name, outer[i].name) != 0; k++)
            ;
        if (k == *count)
            all[n++] = outer[i];
    }
    pfl_name_sort_params(all, n);
    *count = n;
    return all;
}

const char *pfl_name_inside(struct pfl_arena *arena, const char *outer, const char *inner,
                            struct pfl_pair **params, size_t *count,
                            const struct pfl_pair *outer_params, size_t outer_count)
{
    const char *suffix = pfl_name_make(arena, "", outer_params, outer_count);
    size_t keep = strlen(outer), n = *count;
    struct pfl_pair *all = merged(arena, *params, &n, outer_params, outer_count);
    const char *name;
    char *base;

    if (!suffix || !all)
        return NULL;
    if (pfl_text_ends(outer, suffix))
        keep -= strlen(suffix);
    base = pfl_arena_format(arena, "%.*s/%s", (int)keep, outer, inner);
    name = base ? pfl_name_make(arena, base, all, n) : NULL;
    if (name) {
        *params = all;
        *count = n;
    }
    return name;
}
