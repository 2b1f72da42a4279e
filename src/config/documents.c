/*
 * `documents:` and `areas:`: where the written ledger lies, and which benchmarks make an area.
 *
 * An area's name becomes part of a file's (perf/latest_NAME.md), so only what is safe there may be
 * in it.
 */
#include "config/reader.h"

#include <string.h>

/* clang-format off */
#define FIELD(name) offsetof(struct pfl_documents, name)
static bool read_below(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                       const struct pfl_config_key *key, void *field);

static const struct pfl_config_key document_keys[] = {
    {"log", read_below, FIELD(log), 0, 0, 0},
    {"folder", read_below, FIELD(folder), 0, 0, 0},
};
static const struct pfl_config_schema document_schema = {
    .what = "documents", .keys = document_keys, .count = PFL_COUNT(document_keys),
};
/* clang-format on */

/* A path that stays within the repository. */
static bool read_below(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                       const struct pfl_config_key *key, void *field)
{
    const char *path, *why;

    if (!pfl_config_read_name(reader, node, key, &path))
        return false;
    why = pfl_config_not_below(path);
    if (why) {
        pfl_config_problem(reader, node, "'%s' cannot be %s of documents: %s",
                           pfl_config_shown(reader, path), key->name, why);
        return false;
    }
    *(const char **)field = path;
    return true;
}

bool pfl_config_read_documents(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                               const struct pfl_config_key *key, void *field)
{
    (void)key;
    return pfl_config_read_map(reader, node, &document_schema, field);
}

static bool is_safe(const char *name)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

    return *name && *name != '.' && *name != '-' && strspn(name, safe) == strlen(name);
}

bool pfl_config_read_areas(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                           const struct pfl_config_key *key, void *field)
{
    struct pfl_documents *documents = field;
    struct pfl_area *areas;
    bool ok = true;
    size_t i;

    if (!pfl_config_expect(reader, node, PFL_CONFIG_MAP, key->name) ||
        !(areas = pfl_config_array(reader, node->n, sizeof *areas)))
        return false;
    for (i = 0; i < node->n; i++) {
        areas[i].name = node->keys[i]->text;
        pfl_config_source_place(node->source, node->keys[i]->at, &areas[i].line, NULL);
        if (!is_safe(areas[i].name)) {
            pfl_config_problem(reader, node->keys[i],
                               "an area becomes a file's name: letters, digits, . _ and - only, "
                               "not '%s'",
                               pfl_config_shown(reader, areas[i].name));
            ok = false;
        }
        ok = pfl_config_read_texts(reader, node->items[i], "a glob of benchmarks",
                                   &areas[i].benchmarks, &areas[i].benchmark_count) &&
             ok;
    }
    documents->areas = areas;
    documents->area_count = node->n;
    return ok;
}
