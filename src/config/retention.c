/* `retention:`: when `prune` takes the raw samples of a run away. Without `samples` it never does
 * by itself: nothing is lost because a key was left out. */
#include "config/reader.h"

/* clang-format off */
#define FIELD(name) offsetof(struct pfl_retention, name)
static const struct pfl_config_key retention_keys[] = {
    {"samples", pfl_config_read_age, FIELD(samples_ns), 0, 0, 0},
    {"keep_last", pfl_config_read_count, FIELD(keep_last), 0, 0, 1000000},
};
static const struct pfl_config_schema retention_schema = {
    .what = "retention", .keys = retention_keys, .count = PFL_COUNT(retention_keys),
};
/* clang-format on */

bool pfl_config_read_retention(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                               const struct pfl_config_key *key, void *field)
{
    (void)key;
    return pfl_config_read_map(reader, node, &retention_schema, field);
}
