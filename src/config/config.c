/*
 * perfledger.yaml as a whole: the top-level keys, and the way from text to struct pfl_config.
 *
 * The text becomes a tree of nodes (yaml.c), the tree fills a config on the stack by tables
 * (schema.c), problems are gathered on the way (problem.c), and only a config without any is handed
 * over. Texts in it are the tree's own: both live in the caller's arena.
 */
#include "config/config.h"

#include "base/text.h"
#include "config/reader.h"

#include <string.h>

static bool read_environment(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                             const struct pfl_config_key *key, void *field)
{
    struct pfl_config *config = field;
    bool ok;
    size_t i;

    (void)key;
    ok = pfl_config_read_texts(reader, node, "the name of a variable", &config->environment,
                               &config->environment_count);
    for (i = 0; ok && i < config->environment_count; i++)
        if (strchr(config->environment[i], '=') || pfl_config_has_control(config->environment[i])) {
            pfl_config_problem(
                reader, node->kind == PFL_CONFIG_LIST ? node->items[i] : node,
                "'%s' cannot be the name of an environment variable (names only, no values)",
                pfl_config_shown(reader, config->environment[i]));
            ok = false;
        }
    return ok;
}

const char *pfl_config_not_below(const char *path)
{
    const char *part = path;

    if (path[0] == '/')
        return "it is absolute; give it relative to the folder of perfledger.yaml";
    if (pfl_config_has_control(path))
        return "it has control characters in it";
    for (; part; part = strchr(part, '/'), part = part ? part + 1 : NULL)
        if (strncmp(part, "..", 2) == 0 && (part[2] == 0 || part[2] == '/'))
            return "'..' could lead out of the folder of perfledger.yaml";
    return NULL;
}

static bool read_benchmark_files(struct pfl_config_reader *reader,
                                 const struct pfl_config_node *node,
                                 const struct pfl_config_key *key, void *field)
{
    struct pfl_config *config = field;
    bool ok;
    size_t i;

    if (!pfl_config_expect(reader, node, PFL_CONFIG_LIST, key->name))
        return false;
    ok = pfl_config_read_texts(reader, node, "each of benchmark_files", &config->benchmark_files,
                               &config->benchmark_file_count);
    for (i = 0; ok && i < node->n; i++) {
        const char *why = pfl_config_not_below(config->benchmark_files[i]);

        if (why) {
            pfl_config_problem(reader, node->items[i], "'%s' cannot be one of benchmark_files: %s",
                               pfl_config_shown(reader, config->benchmark_files[i]), why);
            ok = false;
        }
    }
    config->benchmark_files_given = ok;
    return ok;
}

static bool read_defaults(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                          const struct pfl_config_key *key, void *field)
{
    (void)key;
    return pfl_config_read_how(reader, node, field);
}

static bool read_tiers(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                       const struct pfl_config_key *key, void *field)
{
    static const char *const names[] = {"smoke", "deep", "longhaul"};
    struct pfl_how *tiers = field;
    enum pfl_tier tier;
    bool ok = true;
    size_t i;

    if (!pfl_config_expect(reader, node, PFL_CONFIG_MAP, key->name))
        return false;
    for (i = 0; i < node->n; i++) {
        const char *name = node->keys[i]->text;

        if (pfl_tier_read(name, &tier)) {
            ok = pfl_config_read_how(reader, node->items[i], &tiers[tier]) && ok;
        } else {
            pfl_config_problem(reader, node->keys[i],
                               "a tier is smoke, deep or longhaul, not '%s'%s",
                               pfl_config_shown(reader, name),
                               pfl_config_guess(reader, name, names, PFL_COUNT(names)));
            ok = false;
        }
    }
    return ok;
}

static bool read_update(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                        const struct pfl_config_key *key, void *field)
{
    static const char *const words[] = {"manual", "auto"};
    const char *word;

    if (!pfl_config_read_text(reader, node, key, &word))
        return false;
    if (strcmp(word, "manual") != 0 && strcmp(word, "auto") != 0) {
        pfl_config_problem(reader, node, "update is 'manual' or 'auto', not '%s'%s",
                           pfl_config_shown(reader, word),
                           pfl_config_guess(reader, word, words, PFL_COUNT(words)));
        return false;
    }
    *(bool *)field = strcmp(word, "auto") == 0;
    return true;
}

/* clang-format off */
#define FIELD(name) offsetof(struct pfl_config, name)
static const struct pfl_config_key machine_keys[] = {
    {"name", pfl_config_read_name, FIELD(machine_name), 0, 0, 0},
};
static const struct pfl_config_schema machine_schema = {
    .what = "machine", .keys = machine_keys, .count = PFL_COUNT(machine_keys),
};

static const struct pfl_config_key baseline_keys[] = {
    {"update", read_update, FIELD(baseline_auto), 0, 0, 0},
    {"folder", pfl_config_read_name, FIELD(baseline_folder), 0, 0, 0},
};
static const struct pfl_config_schema baseline_schema = {
    .what = "baseline", .keys = baseline_keys, .count = PFL_COUNT(baseline_keys),
};
/* clang-format on */

static bool read_machine(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                         const struct pfl_config_key *key, void *field)
{
    (void)key;
    return pfl_config_read_map(reader, node, &machine_schema, field);
}

static bool read_baseline(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                          const struct pfl_config_key *key, void *field)
{
    (void)key;
    return pfl_config_read_map(reader, node, &baseline_schema, field);
}

static bool read_suites(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                        const struct pfl_config_key *key, void *field)
{
    (void)key;
    pfl_config_read_suites(reader, node, field);
    return true;
}

static bool read_gates(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                       const struct pfl_config_key *key, void *field)
{
    (void)key;
    pfl_config_read_gates(reader, node, field);
    return true;
}

static bool read_targets(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                         const struct pfl_config_key *key, void *field)
{
    (void)key;
    pfl_config_read_targets(reader, node, field);
    return true;
}

/* clang-format off */
static const struct pfl_config_key top_keys[] = {
    {"project", pfl_config_read_name, FIELD(project), 0, 0, 0},
    {"default_branch", pfl_config_read_name, FIELD(default_branch), 0, 0, 0},
    {"machine", read_machine, 0, 0, 0, 0},
    {"reference_machine", pfl_config_read_name, FIELD(reference_machine), 0, 0, 0},
    {"environment", read_environment, 0, 0, 0, 0},
    {"defaults", read_defaults, FIELD(defaults), 0, 0, 0},
    {"tiers", read_tiers, FIELD(tiers), 0, 0, 0},
    {"build", pfl_config_read_command, FIELD(build), 0, 0, 0},
    {"benchmark_files", read_benchmark_files, 0, 0, 0, 0},
    {"suites", read_suites, 0, 0, 0, 0},
    {"gates", read_gates, 0, 0, 0, 0},
    {"thresholds", NULL, 0, 0, 0, 0}, /* read last: its gates stand behind the ones here */
    {"targets", read_targets, 0, 0, 0, 0},
    {"baseline", read_baseline, 0, 0, 0, 0},
    {"documents", pfl_config_read_documents, FIELD(documents), 0, 0, 0},
    {"areas", pfl_config_read_areas, FIELD(documents), 0, 0, 0},
    {"release", pfl_config_read_release, FIELD(documents), 0, 0, 0},
    {"removed", pfl_config_read_removed, FIELD(documents), 0, 0, 0},
    {"paths", NULL, 0, 0, 0, 0}, /* read last: its rules name suites */
    {"retention", pfl_config_read_retention, FIELD(documents.retention), 0, 0, 0},
};
static const struct pfl_config_schema top_schema = {
    .what = "perfledger.yaml", .keys = top_keys, .count = PFL_COUNT(top_keys),
};
/* clang-format on */

void pfl_config_defaults(struct pfl_config *config)
{
    memset(config, 0, sizeof *config);
    config->project = "";
    config->default_branch = "main";
    config->machine_name = "auto";
    config->baseline_folder = ".benchmarks";
    config->documents.log = "PERFORMANCE.md";
    config->documents.folder = "perf";
    config->documents.retention.keep_last = -1;
    config->documents.release_max_regression = 0.10;
    pfl_how_defaults(&config->defaults);
}

/* A project without a name is called after its folder. */
static const char *folder_name(const char *root)
{
    const char *slash = root ? strrchr(root, '/') : NULL;

    return slash ? slash + 1 : root ? root : "";
}

static void read_document(struct pfl_config_reader *reader, const struct pfl_config_source *source,
                          struct pfl_config *config)
{
    const struct pfl_config_node *root = source->root, *thresholds, *paths;

    if (!root || pfl_config_is_null(root))
        return;
    if (root->kind != PFL_CONFIG_MAP) {
        pfl_config_problem(reader, root, "perfledger.yaml must be a map of keys, as in suites: …");
        return;
    }
    pfl_config_read_map(reader, root, &top_schema, config);
    thresholds = pfl_config_get(root, "thresholds");
    if (thresholds)
        pfl_config_read_thresholds(reader, thresholds, config);
    paths = pfl_config_get(root, "paths");
    if (paths)
        pfl_config_read_paths(reader, paths, config);
}

int pfl_config_parse(const struct pfl_config_params *params, struct pfl_arena *arena,
                     struct pfl_config *config, struct pfl_err *err)
{
    struct pfl_config_reader reader = {.params = params, .arena = arena};
    struct pfl_config_source *source = pfl_config_array(&reader, 1, sizeof *source);
    struct pfl_config read;
    int code;

    pfl_buf_init(&reader.message, 64 * 1024);
    pfl_config_defaults(&read);
    read.file = params->file;
    read.root = params->root;
    read.project = folder_name(params->root);
    if (source) {
        source->file = params->file;
        source->text = params->text;
        source->len = params->len;
        if (pfl_config_source_read(&reader, source))
            read_document(&reader, source, &read);
    }
    code = pfl_config_verdict(&reader, err);
    if (code == PFL_OK)
        *config = read;
    pfl_buf_release(&reader.message);
    return code;
}
