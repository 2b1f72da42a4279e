/*
 * `suites:`. A suite is read by table; what needs its other keys (exclude, work, a parameter named
 * seed) is looked at once the whole map has been read. Names are unique, since they are the first
 * part of every benchmark's name.
 */
#include "base/map.h"
#include "base/text.h"
#include "config/reader.h"

#include <string.h>

static const char *const harnesses[] = {
    "command", "perfledger", "pytest-benchmark", "google-benchmark", "criterion", "go", "hyperfine",
    "asv",     "jmh",        "catch2",           "nanobench",
};

static bool read_harness(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                         const struct pfl_config_key *key, void *field)
{
    const char *harness;
    size_t i;

    if (!pfl_config_read_name(reader, node, key, &harness))
        return false;
    for (i = 0; i < PFL_COUNT(harnesses); i++)
        if (strcmp(harness, harnesses[i]) == 0) {
            *(const char **)field = harness;
            return true;
        }
    pfl_config_problem(reader, node, "there is no harness '%s'%s",
                       pfl_config_shown(reader, harness),
                       pfl_config_guess(reader, harness, harnesses, PFL_COUNT(harnesses)));
    return false;
}

static bool read_tier(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                      const struct pfl_config_key *key, void *field)
{
    static const char *const tiers[] = {"smoke", "deep", "longhaul"};
    const char *tier;

    if (!pfl_config_read_text(reader, node, key, &tier))
        return false;
    if (pfl_tier_read(tier, field))
        return true;
    pfl_config_problem(reader, node, "a tier is smoke, deep or longhaul, not '%s'%s",
                       pfl_config_shown(reader, tier),
                       pfl_config_guess(reader, tier, tiers, PFL_COUNT(tiers)));
    return false;
}

/* argv[0 … argc], and the line a person would type for them. */
static bool read_words(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                       struct pfl_suite *suite)
{
    char **argv = pfl_config_array(reader, node->n + 1, sizeof *argv);
    struct pfl_buf line;
    bool ok = argv != NULL;
    size_t i;

    pfl_buf_init(&line, 2 * PFL_CONFIG_MAX_BYTES);
    for (i = 0; ok && i < node->n; i++) {
        const struct pfl_config_node *word = node->items[i];

        if (word->kind != PFL_CONFIG_TEXT || (word->plain && word->text[0] == 0)) {
            pfl_config_problem(reader, word,
                               "each word of command must be a text; '' is an empty one");
            ok = false;
        } else {
            argv[i] = (char *)word->text;
            if (i > 0)
                pfl_buf_char(&line, ' ');
            pfl_text_quote(&line, word->text);
        }
    }
    if (ok && (node->n == 0 || argv[0][0] == 0)) {
        pfl_config_problem(reader, node, "command must not be empty");
        ok = false;
    }
    suite->command = ok ? pfl_arena_text(reader->arena, pfl_buf_cstr(&line)) : NULL;
    if (line.error || (ok && !suite->command))
        reader->no_memory = true;
    pfl_buf_release(&line);
    suite->argv = argv;
    suite->argc = node->n;
    return ok && !reader->no_memory;
}

static bool read_command(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                         const struct pfl_config_key *key, void *field)
{
    struct pfl_suite *suite = field;

    if (node->kind == PFL_CONFIG_LIST)
        return read_words(reader, node, suite);
    return pfl_config_read_command(reader, node, key, &suite->command);
}

/* clang-format off */
#define FIELD(name) offsetof(struct pfl_suite, name)
static const struct pfl_config_key keys[] = {
    {"name", pfl_config_read_name, FIELD(name), 0, 0, 0},
    {"command", read_command, 0, 0, 0, 0},
    {"harness", read_harness, FIELD(harness), 0, 0, 0},
    {"params", pfl_config_read_params, 0, 0, 0, 0},
    {"exclude", NULL, 0, 0, 0, 0}, /* read when all parameters are known */
    {"work", pfl_config_read_work, 0, 0, 0, 0},
    {"tier", read_tier, FIELD(tier), 0, 0, 0},
    {"requires", pfl_config_read_requires, 0, 0, 0, 0},
};
/* clang-format on */

const struct pfl_config_schema pfl_config_suite_schema = {
    .what = "a suite",
    .keys = keys,
    .count = PFL_COUNT(keys),
    .set_offset = FIELD(how.set),
    .also = &pfl_config_how_schema,
    .also_offset = FIELD(how),
};

static const char *called(struct pfl_config_reader *reader, const struct pfl_suite *suite)
{
    const char *text = suite->name ? pfl_arena_format(reader->arena, "suite '%s'",
                                                      pfl_config_shown(reader, suite->name))
                                   : "this suite";

    if (!text)
        reader->no_memory = true;
    return text ? text : "";
}

static void check_whole(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                        struct pfl_suite *suite)
{
    const struct pfl_config_node *part, *params = pfl_config_get(node, "params");

    if (!pfl_config_get(node, "name"))
        pfl_config_problem(reader, node, "this suite has no name");
    if (!pfl_config_get(node, "command"))
        pfl_config_problem(reader, node, "%s has no command", called(reader, suite));
    if ((part = pfl_config_get(node, "exclude")) && (suite->axes || !params))
        pfl_config_read_exclude(reader, part, suite);
    if ((part = pfl_config_get(node, "work")) && suite->work_value && (suite->axes || !params))
        pfl_config_check_work(reader, part, suite);
    if (params && (part = pfl_config_get(params, "seed")) && (suite->how.set & PFL_HOW_SEED))
        pfl_config_problem(reader, part, "%s has a seed and a parameter named seed: keep one",
                           called(reader, suite));
    pfl_config_check_how(reader, node, &suite->how);
}

static void read_suite(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                       struct pfl_map *names, struct pfl_config *config)
{
    struct pfl_suite *suite = &config->suites[config->suite_count], *first;
    const struct pfl_config_node *name;
    size_t *index;

    suite->harness = "command";
    pfl_config_source_place(node->source, node->at, &suite->line, NULL);
    if (!pfl_config_expect(reader, node, PFL_CONFIG_MAP, "a suite"))
        return;
    pfl_config_read_map(reader, node, &pfl_config_suite_schema, suite);
    check_whole(reader, node, suite);
    if (suite->name && (index = pfl_map_get(names, suite->name))) {
        name = pfl_config_get(node, "name");
        first = &config->suites[*index];
        pfl_config_problem(reader, name, "a second suite named '%s'; the first is on line %d",
                           pfl_config_shown(reader, suite->name), first->line);
    } else if (suite->name && !pfl_map_set(names, suite->name, config->suite_count)) {
        reader->no_memory = true;
    }
    config->suite_count++;
}

void pfl_config_read_suites(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                            struct pfl_config *config)
{
    struct pfl_map names;
    size_t i;

    if (pfl_config_is_null(node)) /* `suites:` with all of them commented out */
        return;
    if (!pfl_config_expect(reader, node, PFL_CONFIG_LIST, "suites") ||
        !(config->suites = pfl_config_array(reader, node->n, sizeof *config->suites)))
        return;
    pfl_map_init(&names);
    for (i = 0; i < node->n && !reader->no_memory; i++)
        read_suite(reader, node->items[i], &names, config);
    pfl_map_release(&names);
}
