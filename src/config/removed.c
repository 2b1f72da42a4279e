/*
 * `removed:`: the place for the reason of a gate, target or rule that is gone.
 *
 * What stands in the file has its reason beside it; what was taken out has no place of its own. An
 * entry names one thing and must say why: `log owed` looks for it, and nothing else reads it, so
 * entries may be dropped once the change is merged.
 */
#include "config/reader.h"

struct draft {
    const char *names[PFL_REMOVED_PATH + 1]; /* by kind */
    const char *metric, *reason;
};

/* clang-format off */
#define DRAFT(name) offsetof(struct draft, name)
static const struct pfl_config_key keys[] = {
    {"gate", pfl_config_read_text, DRAFT(names[PFL_REMOVED_GATE]), 0, 0, 0},
    {"target", pfl_config_read_text, DRAFT(names[PFL_REMOVED_TARGET]), 0, 0, 0},
    {"path", pfl_config_read_text, DRAFT(names[PFL_REMOVED_PATH]), 0, 0, 0},
    {"metric", pfl_config_read_name, DRAFT(metric), 0, 0, 0},
    {"reason", pfl_config_read_text, DRAFT(reason), 0, 0, 0},
};
static const struct pfl_config_schema schema = {
    .what = "an entry of removed", .keys = keys, .count = PFL_COUNT(keys),
};
/* clang-format on */

static bool read_entry(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                       struct pfl_removed *removed)
{
    struct draft draft = {0};
    size_t i, n = 0;

    if (!pfl_config_expect(reader, node, PFL_CONFIG_MAP, "an entry of removed") ||
        !pfl_config_read_map(reader, node, &schema, &draft))
        return false;
    for (i = 0; i < PFL_COUNT(draft.names); i++)
        if (draft.names[i]) {
            removed->kind = (enum pfl_removed_kind)i;
            removed->match = draft.names[i];
            n++;
        }
    if (n != 1)
        pfl_config_problem(reader, node, "an entry of removed names one gate, target or path%s",
                           n ? ", not several" : "");
    else if (!draft.reason)
        pfl_config_problem(reader, node, "this entry has no reason: why it was removed");
    removed->metric = draft.metric;
    removed->reason = draft.reason;
    return n == 1 && draft.reason;
}

bool pfl_config_read_removed(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                             const struct pfl_config_key *key, void *field)
{
    struct pfl_documents *documents = field;
    bool ok = true;
    size_t i;

    if (!pfl_config_expect(reader, node, PFL_CONFIG_LIST, key->name) ||
        !(documents->removed = pfl_config_array(reader, node->n + 1, sizeof *documents->removed)))
        return false;
    for (i = 0; i < node->n; i++)
        ok = read_entry(reader, node->items[i], &documents->removed[i]) && ok;
    documents->removed_count = ok ? node->n : 0;
    return ok;
}
