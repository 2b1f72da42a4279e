/* The words of a tier, and how settings are inherited: suite over tier over defaults over built-in.
 */
#include "model/suite.h"

#include "base/arena.h"

#include <string.h>

static const char *const tier_texts[PFL_TIER_COUNT] = {"smoke", "deep", "longhaul"};

const char *pfl_tier_text(enum pfl_tier tier)
{
    return tier_texts[tier];
}

bool pfl_tier_read(const char *text, enum pfl_tier *tier)
{
    int i;

    for (i = 0; i < PFL_TIER_COUNT; i++)
        if (strcmp(text, tier_texts[i]) == 0) {
            *tier = (enum pfl_tier)i;
            return true;
        }
    return false;
}

void pfl_how_defaults(struct pfl_how *how)
{
    memset(how, 0, sizeof *how);
    how->rounds = 10;
    how->min_rounds = 5;
    how->max_rounds = 1000;
    how->warmup = 1;
    how->timeout_ns = INT64_C(120) * 1000000000;
    how->max_time_ns = INT64_C(30) * 1000000000;
    how->output = "null";
}

static void inherit_numbers(struct pfl_how *how, const struct pfl_how *over)
{
    if (over->set & PFL_HOW_ROUNDS)
        how->rounds = over->rounds;
    if (over->set & PFL_HOW_MIN_ROUNDS)
        how->min_rounds = over->min_rounds;
    if (over->set & PFL_HOW_MAX_ROUNDS)
        how->max_rounds = over->max_rounds;
    if (over->set & PFL_HOW_WARMUP)
        how->warmup = over->warmup;
    if (over->set & PFL_HOW_TIMEOUT)
        how->timeout_ns = over->timeout_ns;
    if (over->set & PFL_HOW_MAX_TIME)
        how->max_time_ns = over->max_time_ns;
    if (over->set & PFL_HOW_CLEAN_ENV)
        how->clean_env = over->clean_env;
    if (over->set & PFL_HOW_IGNORE)
        how->ignore_failure = over->ignore_failure;
    if (over->set & PFL_HOW_MEMORY_TREE)
        how->memory_tree = over->memory_tree;
    if (over->set & PFL_HOW_SEED)
        how->seed = over->seed;
}

static void inherit_texts(struct pfl_how *how, const struct pfl_how *over)
{
    if (over->set & PFL_HOW_SHELL)
        how->shell = over->shell;
    if (over->set & PFL_HOW_CWD)
        how->cwd = over->cwd;
    if (over->set & PFL_HOW_INPUT)
        how->input = over->input;
    if (over->set & PFL_HOW_OUTPUT)
        how->output = over->output;
    if (over->set & PFL_HOW_PIN)
        how->pin = over->pin;
    if (over->setup)
        how->setup = over->setup;
    if (over->prepare)
        how->prepare = over->prepare;
    if (over->conclude)
        how->conclude = over->conclude;
    if (over->cleanup)
        how->cleanup = over->cleanup;
    if (over->validate)
        how->validate = over->validate;
}

bool pfl_how_inherit(struct pfl_how *how, const struct pfl_how *over, struct pfl_arena *arena)
{
    size_t n = how->env_count + over->env_count;
    struct pfl_pair *env;

    if (over->env_count) {
        env = pfl_arena_grow(arena, how->env, how->env_count, n, sizeof *env);
        if (!env)
            return false;
        memcpy(env + how->env_count, over->env, over->env_count * sizeof *env);
        how->env = env;
        how->env_count = n;
    }
    inherit_numbers(how, over);
    inherit_texts(how, over);
    how->set |= over->set;
    return true;
}

enum { MAX_CPU = 65535 };

/* A number of a CPU list; moves *text behind it. */
static bool cpu_number(const char **text, int *cpu)
{
    if (**text < '0' || **text > '9')
        return false;
    for (*cpu = 0; **text >= '0' && **text <= '9'; ++*text) {
        *cpu = *cpu * 10 + (**text - '0');
        if (*cpu > MAX_CPU)
            return false;
    }
    return true;
}

bool pfl_cpu_list_is_valid(const char *text)
{
    int low, high;

    for (;; text++) {
        if (!cpu_number(&text, &low))
            return false;
        if (*text == '-') {
            text++;
            if (!cpu_number(&text, &high) || high < low)
                return false;
        }
        if (*text != ',')
            return *text == 0;
    }
}
