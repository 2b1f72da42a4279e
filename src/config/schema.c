/*
 * Maps by table: each key of a map is looked up in the schema's rows (and those of the struct
 * inside it), its value read by the row's function into the row's field. An unknown key is a
 * problem with a guess: the nearest known key, or what the same thing is called elsewhere
 * ("iterations", "working_directory").
 */
#include "base/text.h"
#include "config/reader.h"

#include <string.h>

enum { MAX_KEYS = 64, FEW_KEYS = 20 };

/* What people call a thing, and what it is called here. Used only where the schema knows the right
 * word. */
static const struct {
    const char *said, *meant;
} synonyms[] = {
    {"runs", "rounds"},
    {"iterations", "rounds"},
    {"repetitions", "rounds"},
    {"min_runs", "min_rounds"},
    {"max_runs", "max_rounds"},
    {"cmd", "command"},
    {"run", "command"},
    {"exec", "command"},
    {"script", "command"},
    {"parameters", "params"},
    {"args", "params"},
    {"matrix", "params"},
    {"directory", "cwd"},
    {"working_dir", "cwd"},
    {"working_directory", "cwd"},
    {"dir", "cwd"},
    {"folder", "cwd"},
    {"stdin", "input"},
    {"stdout", "output"},
    {"affinity", "pin"},
    {"cpus", "pin"},
    {"level", "tier"},
    {"needs", "requires"},
    {"check", "validate"},
    {"before", "prepare"},
    {"after", "conclude"},
    {"teardown", "cleanup"},
    {"time_limit", "timeout"},
    {"budget", "max_time"},
    {"threshold", "max_regression"},
    {"benchmark", "match"},
    {"match", "benchmark"},
    {"name", "match"},
    {"limit", "max"},
    {"benchmarks", "suites"},
    {"branch", "default_branch"},
    {"path", "folder"},
    {"bench_files", "benchmark_files"},
    {"benchmark_folders", "benchmark_files"},
    {"build_command", "build"},
};

static const struct pfl_config_key *find_key(const struct pfl_config_schema *schema,
                                             const char *name, size_t *offset, size_t *set_offset)
{
    size_t i;

    *offset = 0;
    for (; schema; *offset += schema->also_offset, schema = schema->also)
        for (i = 0; i < schema->count; i++)
            if (strcmp(schema->keys[i].name, name) == 0) {
                *set_offset = *offset + schema->set_offset;
                *offset += schema->keys[i].offset;
                return &schema->keys[i];
            }
    return NULL;
}

const char *pfl_config_guess(struct pfl_config_reader *reader, const char *word,
                             const char *const *candidates, size_t n)
{
    const char *near = pfl_text_nearest(word, candidates, n);
    const char *text;

    if (!near)
        return "";
    text = pfl_arena_format(reader->arena, " (did you mean '%s'?)", pfl_config_shown(reader, near));
    if (!text)
        reader->no_memory = true;
    return text ? text : "";
}

/* "; it has a, b, c": where nothing is near and there are few. */
static const char *all_names(struct pfl_config_reader *reader, const char *const *names, size_t n)
{
    const char *text = "; it has";
    size_t i;

    for (i = 0; text && i < n; i++)
        text = pfl_arena_format(reader->arena, "%s%s %s", text, i ? "," : "", names[i]);
    if (!text)
        reader->no_memory = true;
    return text ? text : "";
}

static void unknown_key(struct pfl_config_reader *reader, const struct pfl_config_node *key,
                        const struct pfl_config_schema *schema)
{
    const struct pfl_config_schema *part;
    const char *names[MAX_KEYS], *guess;
    size_t n = 0, i, j;

    if (key->plain && strcmp(key->text, "<<") == 0) {
        pfl_config_problem(reader, key,
                           "merge keys (<<) are not part of YAML 1.2; what suites share goes under "
                           "'defaults' or 'tiers'");
        return;
    }
    for (part = schema; part; part = part->also)
        for (i = 0; i < part->count && n < MAX_KEYS; i++)
            names[n++] = part->keys[i].name;
    guess = pfl_config_guess(reader, key->text, names, n);
    for (i = 0; !*guess && i < PFL_COUNT(synonyms); i++)
        for (j = 0; strcmp(synonyms[i].said, key->text) == 0 && j < n; j++)
            if (strcmp(names[j], synonyms[i].meant) == 0)
                guess = pfl_config_guess(reader, names[j], names, n);
    if (!*guess && n <= FEW_KEYS)
        guess = all_names(reader, names, n);
    pfl_config_problem(reader, key, "%s has no key '%s'%s", schema->what,
                       pfl_config_shown(reader, key->text), guess);
}

bool pfl_config_read_map(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                         const struct pfl_config_schema *schema, void *target)
{
    const struct pfl_config_key *key;
    size_t offset, set_offset = 0, before = reader->problems, i;

    if (!pfl_config_expect(reader, node, PFL_CONFIG_MAP, schema->what))
        return false;
    for (i = 0; i < node->n; i++) {
        key = find_key(schema, node->keys[i]->text, &offset, &set_offset);
        if (!key)
            unknown_key(reader, node->keys[i], schema);
        else if (key->read && key->read(reader, node->items[i], key, (char *)target + offset) &&
                 key->set)
            *(unsigned *)(void *)((char *)target + set_offset) |= key->set;
    }
    return reader->problems == before;
}

const struct pfl_config_node *pfl_config_get(const struct pfl_config_node *map, const char *key)
{
    size_t i;

    for (i = 0; map->kind == PFL_CONFIG_MAP && i < map->n; i++)
        if (strcmp(map->keys[i]->text, key) == 0)
            return map->items[i];
    return NULL;
}

static const char *kind_text(const struct pfl_config_node *node)
{
    switch (node->kind) {
    case PFL_CONFIG_LIST: return "a list";
    case PFL_CONFIG_MAP: return "a map (key: value)";
    case PFL_CONFIG_TEXT: break;
    }
    return pfl_config_is_null(node) ? "nothing" : "a single value";
}

bool pfl_config_expect(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                       enum pfl_config_kind kind, const char *what)
{
    static const char *const wanted[] = {"a single value", "a list", "a map (key: value)"};

    if (node->kind == kind && !(kind == PFL_CONFIG_TEXT && pfl_config_is_null(node)))
        return true;
    pfl_config_problem(reader, node, "%s must be %s; here is %s", what, wanted[kind],
                       kind_text(node));
    return false;
}

void *pfl_config_array(struct pfl_config_reader *reader, size_t count, size_t size)
{
    void *array = pfl_arena_array(reader->arena, count, size);

    if (!array)
        reader->no_memory = true;
    return array;
}
