/*
 * How a command is measured: the keys that stand in a suite, under `defaults` and under each tier
 * alike. Which were given is kept as bits, since inheriting (suite over tier over defaults) happens
 * later, in model/ and measure/.
 */
#include "base/units.h"
#include "config/reader.h"

#include <stdio.h>
#include <string.h>

enum { MAX_COUNT = 1000000 };

/* true: sh; false or none: no shell; else a shell's command. */
static bool read_shell(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                       const struct pfl_config_key *key, void *field)
{
    const char *shell = NULL;
    bool wanted;

    if (pfl_config_is_bool(node, &wanted))
        shell = wanted ? "sh" : NULL;
    else if (!pfl_config_read_command(reader, node, key, &shell))
        return false;
    *(const char **)field = shell && strcmp(shell, "none") == 0 ? NULL : shell;
    return true;
}

/* `null` is the file /dev/null, as in `output`. */
static bool read_input(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                       const struct pfl_config_key *key, void *field)
{
    const char *file = NULL;

    if (node->kind != PFL_CONFIG_TEXT || strcmp(node->text, "null") != 0)
        if (!pfl_config_read_name(reader, node, key, &file))
            return false;
    *(const char **)field = file;
    return true;
}

static bool read_output(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                        const struct pfl_config_key *key, void *field)
{
    const char *file = "null";

    if (node->kind != PFL_CONFIG_TEXT || strcmp(node->text, "null") != 0)
        if (!pfl_config_read_name(reader, node, key, &file))
            return false;
    *(const char **)field = file;
    return true;
}

static bool read_memory(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                        const struct pfl_config_key *key, void *field)
{
    static const char *const words[] = {"process", "tree"};
    const char *word;

    if (!pfl_config_read_text(reader, node, key, &word))
        return false;
    if (strcmp(word, "tree") != 0 && strcmp(word, "process") != 0) {
        pfl_config_problem(reader, node, "memory is 'process' or 'tree', not '%s'%s",
                           pfl_config_shown(reader, word),
                           pfl_config_guess(reader, word, words, PFL_COUNT(words)));
        return false;
    }
    *(bool *)field = strcmp(word, "tree") == 0;
    return true;
}

static bool read_seed(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                      const struct pfl_config_key *key, void *field)
{
    struct pfl_err err;
    int64_t seed;

    if (!pfl_config_expect(reader, node, PFL_CONFIG_TEXT, key->name))
        return false;
    if (pfl_units_read_count(node->text, 0, INT64_MAX, &seed, &err) != PFL_OK) {
        pfl_config_problem(reader, node, "seed: %s", err.message);
        return false;
    }
    *(uint64_t *)field = (uint64_t)seed;
    return true;
}

/* `auto` is 0: as many as max_time allows, between min_rounds and max_rounds. */
static bool read_rounds(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                        const struct pfl_config_key *key, void *field)
{
    if (node->kind == PFL_CONFIG_TEXT && strcmp(node->text, "auto") == 0) {
        *(int *)field = 0;
        return true;
    }
    return pfl_config_read_count(reader, node, key, field);
}

/* 2 · 0-3,6 · [0, 2] · none */
static bool read_pin(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                     const struct pfl_config_key *key, void *field)
{
    const char **texts, *list = NULL;
    size_t n, i;
    bool wanted;

    if ((pfl_config_is_bool(node, &wanted) && !wanted) ||
        (node->kind == PFL_CONFIG_TEXT && strcmp(node->text, "none") == 0)) {
        *(const char **)field = NULL;
        return true;
    }
    if (!pfl_config_read_texts(reader, node, key->name, &texts, &n))
        return false;
    for (i = 0; i < n; i++) {
        list = list ? pfl_arena_format(reader->arena, "%s,%s", list, texts[i]) : texts[i];
        if (!list) {
            reader->no_memory = true;
            return false;
        }
    }
    if (!list || !pfl_cpu_list_is_valid(list)) {
        pfl_config_problem(reader, node, "pin is a list of CPU numbers, as in 2 or 0-3,6");
        return false;
    }
    *(const char **)field = list;
    return true;
}

static bool check_variable(struct pfl_config_reader *reader, const struct pfl_config_node *name)
{
    static const char *const ours[] = {"PERFLEDGER_FD", "PERFLEDGER_CONTROL_FD", "PERFLEDGER_SEED"};
    size_t i;

    if (name->text[0] == 0 || strchr(name->text, '=') || pfl_config_has_control(name->text)) {
        pfl_config_problem(reader, name, "'%s' cannot be the name of an environment variable",
                           pfl_config_shown(reader, name->text));
        return false;
    }
    for (i = 0; i < PFL_COUNT(ours); i++)
        if (strcmp(name->text, ours[i]) == 0) {
            pfl_config_problem(reader, name, "%s is set by perfledger itself for each launch",
                               ours[i]);
            return false;
        }
    return true;
}

bool pfl_config_read_env(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                         const struct pfl_config_key *key, void *field)
{
    struct pfl_how *how = field;
    struct pfl_pair *env;
    size_t i;
    bool ok = true;

    if (!pfl_config_expect(reader, node, PFL_CONFIG_MAP, key->name) ||
        !(env = pfl_config_array(reader, node->n, sizeof *env)))
        return false;
    for (i = 0; i < node->n; i++) {
        if (!check_variable(reader, node->keys[i])) {
            ok = false;
        } else if (node->items[i]->kind != PFL_CONFIG_TEXT || pfl_config_is_null(node->items[i])) {
            pfl_config_problem(reader, node->items[i], "%s needs a text; '' is an empty one",
                               pfl_config_shown(reader, node->keys[i]->text));
            ok = false;
        } else {
            env[i].name = node->keys[i]->text;
            env[i].value = node->items[i]->text;
        }
    }
    if (ok) {
        how->env = env;
        how->env_count = node->n;
    }
    return ok;
}

/* clang-format off */
#define FIELD(name) offsetof(struct pfl_how, name)
static const struct pfl_config_key keys[] = {
    {"rounds", read_rounds, FIELD(rounds), PFL_HOW_ROUNDS, 1, MAX_COUNT},
    {"min_rounds", pfl_config_read_count, FIELD(min_rounds), PFL_HOW_MIN_ROUNDS, 1, MAX_COUNT},
    {"max_rounds", pfl_config_read_count, FIELD(max_rounds), PFL_HOW_MAX_ROUNDS, 1, MAX_COUNT},
    {"warmup", pfl_config_read_count, FIELD(warmup), PFL_HOW_WARMUP, 0, MAX_COUNT},
    {"timeout", pfl_config_read_duration, FIELD(timeout_ns), PFL_HOW_TIMEOUT, 0, 0},
    {"max_time", pfl_config_read_duration, FIELD(max_time_ns), PFL_HOW_MAX_TIME, 0, 0},
    {"shell", read_shell, FIELD(shell), PFL_HOW_SHELL, 0, 0},
    {"cwd", pfl_config_read_name, FIELD(cwd), PFL_HOW_CWD, 0, 0},
    {"clean_env", pfl_config_read_bool, FIELD(clean_env), PFL_HOW_CLEAN_ENV, 0, 0},
    {"env", pfl_config_read_env, 0, 0, 0, 0},
    {"input", read_input, FIELD(input), PFL_HOW_INPUT, 0, 0},
    {"output", read_output, FIELD(output), PFL_HOW_OUTPUT, 0, 0},
    {"ignore_failure", pfl_config_read_bool, FIELD(ignore_failure), PFL_HOW_IGNORE, 0, 0},
    {"pin", read_pin, FIELD(pin), PFL_HOW_PIN, 0, 0},
    {"memory", read_memory, FIELD(memory_tree), PFL_HOW_MEMORY_TREE, 0, 0},
    {"seed", read_seed, FIELD(seed), PFL_HOW_SEED, 0, 0},
    {"setup", pfl_config_read_command, FIELD(setup), 0, 0, 0},
    {"prepare", pfl_config_read_command, FIELD(prepare), 0, 0, 0},
    {"conclude", pfl_config_read_command, FIELD(conclude), 0, 0, 0},
    {"cleanup", pfl_config_read_command, FIELD(cleanup), 0, 0, 0},
    {"validate", pfl_config_read_command, FIELD(validate), 0, 0, 0},
};
/* clang-format on */

const struct pfl_config_schema pfl_config_how_schema = {
    .what = "this map",
    .keys = keys,
    .count = PFL_COUNT(keys),
    .set_offset = FIELD(set),
};

bool pfl_config_read_how(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                         struct pfl_how *how)
{
    if (pfl_config_is_null(node)) /* `deep:` with nothing behind it */
        return true;
    if (!pfl_config_read_map(reader, node, &pfl_config_how_schema, how))
        return false;
    pfl_config_check_how(reader, node, how);
    return true;
}

void pfl_config_check_how(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                          const struct pfl_how *how)
{
    const unsigned both = PFL_HOW_MIN_ROUNDS | PFL_HOW_MAX_ROUNDS;

    if ((how->set & both) == both && how->min_rounds > how->max_rounds)
        pfl_config_problem(reader, pfl_config_get(node, "min_rounds"),
                           "min_rounds (%d) is above max_rounds (%d)", how->min_rounds,
                           how->max_rounds);
}
