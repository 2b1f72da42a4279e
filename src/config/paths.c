/*
 * `paths:` (what a change of such files owes) and `release:`.
 *
 * The suites of a rule are SELECT words. The part of a word before any parameter, benchmark or
 * wildcard is a suite's name, which must be one of `suites:`: a rule that names nothing would never
 * demand anything, and nobody would see it. So paths are read when the suites are known, wherever
 * in the file both stand.
 */
#include "base/text.h"
#include "config/reader.h"

#include <math.h>
#include <string.h>

static bool read_matches(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                         const struct pfl_config_key *key, void *field)
{
    struct pfl_path_rule *rule = field;
    bool ok;
    size_t i;

    (void)key;
    ok = pfl_config_read_texts(reader, node, "a glob of files", &rule->matches, &rule->match_count);
    for (i = 0; ok && i < rule->match_count; i++)
        if (rule->matches[i][0] == '/') {
            pfl_config_problem(reader, node->kind == PFL_CONFIG_LIST ? node->items[i] : node,
                               "'%s' is absolute; give it relative to the folder of "
                               "perfledger.yaml",
                               pfl_config_shown(reader, rule->matches[i]));
            ok = false;
        }
    return ok;
}

static bool read_suite_words(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                             const struct pfl_config_key *key, void *field)
{
    struct pfl_path_rule *rule = field;

    (void)key;
    return pfl_config_read_texts(reader, node, "the name of a suite", &rule->suites,
                                 &rule->suite_count);
}

static bool read_demand(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                        const struct pfl_config_key *key, void *field)
{
    static const char *const names[] = {"snapshot", "row"};
    static const unsigned bits[] = {PFL_DEMAND_SNAPSHOT, PFL_DEMAND_ROW};
    struct pfl_path_rule *rule = field;
    const char **words;
    size_t n, i, j;
    bool ok;

    (void)key;
    ok = pfl_config_read_texts(reader, node, "a demand", &words, &n);
    for (i = 0; ok && i < n; i++) {
        for (j = 0; j < PFL_COUNT(names) && strcmp(names[j], words[i]) != 0; j++)
            ;
        if (j < PFL_COUNT(names)) {
            rule->demand |= bits[j];
            continue;
        }
        pfl_config_problem(reader, node->kind == PFL_CONFIG_LIST ? node->items[i] : node,
                           "a demand is 'snapshot' or 'row', not '%s'%s",
                           pfl_config_shown(reader, words[i]),
                           pfl_config_guess(reader, words[i], names, PFL_COUNT(names)));
        ok = false;
    }
    return ok;
}

/* clang-format off */
#define RULE(name) offsetof(struct pfl_path_rule, name)
static const struct pfl_config_key rule_keys[] = {
    {"match", read_matches, 0, 0, 0, 0},
    {"suites", read_suite_words, 0, 0, 0, 0},
    {"demand", read_demand, 0, 0, 0, 0},
    {"max_regression", pfl_config_read_fraction, RULE(max_regression), 0, 0, 0},
    {"metric", pfl_config_read_name, RULE(metric), 0, 0, 0},
    {"reason", pfl_config_read_text, RULE(reason), 0, 0, 0},
};
static const struct pfl_config_schema rule_schema = {
    .what = "a rule of paths", .keys = rule_keys, .count = PFL_COUNT(rule_keys),
};

static const struct pfl_config_key release_keys[] = {
    {"max_regression", pfl_config_read_fraction, offsetof(struct pfl_documents, release_max_regression), 0, 0, 0},
    {"reason", pfl_config_read_text, offsetof(struct pfl_documents, release_reason), 0, 0, 0},
    {"tags", pfl_config_read_text, offsetof(struct pfl_documents, release_tags), 0, 0, 0},
};
static const struct pfl_config_schema release_schema = {
    .what = "release", .keys = release_keys, .count = PFL_COUNT(release_keys),
};
/* clang-format on */

bool pfl_config_read_release(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                             const struct pfl_config_key *key, void *field)
{
    struct pfl_documents *documents = field;

    (void)key;
    pfl_config_source_place(node->source, node->at, &documents->release_line, NULL);
    return pfl_config_read_map(reader, node, &release_schema, field);
}

static bool is_suite(const struct pfl_config *config, const char *word)
{
    size_t len = strcspn(word, "/[*?"), i;

    if (word[len] == '*' || word[len] == '?')
        return true;
    for (i = 0; i < config->suite_count; i++)
        if (config->suites[i].name && strlen(config->suites[i].name) == len &&
            strncmp(config->suites[i].name, word, len) == 0)
            return true;
    return false;
}

static void check_suites(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                         const struct pfl_path_rule *rule, const struct pfl_config *config)
{
    const char **names = pfl_config_array(reader, config->suite_count + 1, sizeof *names);
    size_t i, n = 0;

    for (i = 0; names && i < config->suite_count; i++)
        if (config->suites[i].name)
            names[n++] = config->suites[i].name;
    for (i = 0; names && i < rule->suite_count; i++)
        if (!is_suite(config, rule->suites[i]))
            pfl_config_problem(reader, node->kind == PFL_CONFIG_LIST ? node->items[i] : node,
                               "there is no suite '%s'%s",
                               pfl_config_shown(reader, rule->suites[i]),
                               pfl_config_guess(reader, rule->suites[i], names, n));
}

static void read_rule(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                      struct pfl_path_rule *rule, const struct pfl_config *config)
{
    const struct pfl_config_node *part;

    rule->max_regression = NAN;
    rule->metric = "time";
    pfl_config_source_place(node->source, node->at, &rule->line, NULL);
    if (!pfl_config_expect(reader, node, PFL_CONFIG_MAP, "a rule of paths"))
        return;
    pfl_config_read_map(reader, node, &rule_schema, rule);
    if (!pfl_config_get(node, "match"))
        pfl_config_problem(reader, node, "this rule has no match: the files it speaks of");
    if (!pfl_config_get(node, "suites") && !pfl_config_get(node, "demand") &&
        !pfl_config_get(node, "max_regression"))
        pfl_config_problem(reader, node,
                           "this rule asks for nothing: suites, demand or max_regression");
    if ((part = pfl_config_get(node, "metric")) && !pfl_config_get(node, "max_regression"))
        pfl_config_problem(reader, part, "metric belongs to max_regression, which is not here");
    if ((part = pfl_config_get(node, "suites")))
        check_suites(reader, part, rule, config);
}

void pfl_config_read_paths(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                           struct pfl_config *config)
{
    struct pfl_path_rule *rules;
    size_t i;

    if (pfl_config_is_null(node) || !pfl_config_expect(reader, node, PFL_CONFIG_LIST, "paths") ||
        !(rules = pfl_config_array(reader, node->n + 1, sizeof *rules)))
        return;
    for (i = 0; i < node->n && !reader->no_memory; i++)
        read_rule(reader, node->items[i], &rules[i], config);
    config->documents.paths = rules;
    config->documents.path_count = node->n;
}
