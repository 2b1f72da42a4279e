/*
 * A benchmark's definition as a hash: when it changes, the series starts a new epoch, because
 * another thing is measured under the old name.
 *
 * In it: everything that can change the number itself (words, shell, folder, input, output,
 * environment, pinning, work, what setup and prepare do, the seed). Not in it: how often and how
 * long we look (rounds, warm-up, time limits), what only checks the result (validate, requires),
 * what runs after the last launch (cleanup), and absolute paths of the machine (cwd stays
 * relative). Each field is written as name, length and bytes, so that no two definitions can run
 * into one another; environment pairs count in their final, sorted state.
 */
#include "measure/expand.h"

#include "base/hash.h"
#include "base/units.h"
#include "measure/name.h"

#include <stdio.h>
#include <string.h>

enum { DEFINITION_HEX = 16 };

static void field(struct pfl_hash *hash, const char *name, const char *value)
{
    char head[64];
    int len;

    if (!value)
        return;
    len = snprintf(head, sizeof head, "%s %zu ", name, strlen(value));
    pfl_hash_add(hash, head, (size_t)len);
    pfl_hash_add(hash, value, strlen(value));
}

/* Of pairs with one name the last one counts, as it does in the child's environment. */
static bool add_environment(struct pfl_hash *hash, const struct pfl_how *how,
                            struct pfl_arena *arena)
{
    struct pfl_pair *pairs;
    size_t n = 0, i, k;

    if (how->env_count == 0)
        return true;
    pairs = pfl_arena_array(arena, how->env_count, sizeof *pairs);
    if (!pairs)
        return false;
    for (i = 0; i < how->env_count; i++) {
        for (k = 0; k < n && strcmp(pairs[k].name, how->env[i].name) != 0; k++)
            ;
        pairs[k] = how->env[i];
        n = k == n ? n + 1 : n;
    }
    pfl_name_sort_params(pairs, n);
    for (i = 0; i < n; i++) {
        field(hash, "env", pairs[i].name);
        field(hash, "is", pairs[i].value);
    }
    return true;
}

const char *pfl_definition_hash(const struct pfl_plan_item *item, struct pfl_arena *arena)
{
    const struct pfl_how *how = &item->how;
    char hex[PFL_HASH_HEX], number[PFL_UNITS_NUMBER_MAX];
    struct pfl_hash hash;
    size_t i;

    pfl_hash_init(&hash);
    for (i = 0; i < item->argc; i++)
        field(&hash, "word", item->argv[i]);
    field(&hash, "shell", how->shell);
    field(&hash, "cwd", how->cwd);
    field(&hash, "input", how->input);
    field(&hash, "output", how->output);
    field(&hash, "pin", how->pin);
    field(&hash, "clean", how->clean_env ? "yes" : NULL);
    field(&hash, "setup", how->setup);
    field(&hash, "prepare", how->prepare);
    field(&hash, "conclude", how->conclude);
    if (how->set & PFL_HOW_SEED) {
        snprintf(number, sizeof number, "%llu", (unsigned long long)how->seed);
        field(&hash, "seed", number);
    }
    if (item->work > 0) {
        pfl_units_number_text(number, item->work);
        field(&hash, "work", number);
        field(&hash, "of", item->work_unit);
    }
    if (!add_environment(&hash, how, arena))
        return NULL;
    pfl_hash_end(&hash, hex);
    return pfl_arena_text_n(arena, hex, DEFINITION_HEX);
}
