/*
 * The types of single values. YAML's own typing is not used: a value is what its key wants, read
 * from the text as it was written. So `version: 1.10` keeps its zero and `size: 010` its zero, too;
 * only booleans ask whether there were quotes: plain `no` is one, "no" is a text.
 *
 * Quantities are read by base/units.h, whose messages name the text and what would do.
 */
#include "base/text.h"
#include "base/units.h"
#include "config/reader.h"

#include <math.h>
#include <string.h>
#include <strings.h>

static const int64_t longest_ns = INT64_C(366) * 24 * 3600 * 1000000000;

bool pfl_config_is_null(const struct pfl_config_node *node)
{
    return node->kind == PFL_CONFIG_TEXT && node->plain &&
           (node->text[0] == 0 || strcmp(node->text, "~") == 0 ||
            strcasecmp(node->text, "null") == 0);
}

bool pfl_config_is_bool(const struct pfl_config_node *node, bool *value)
{
    static const struct {
        const char *text;
        bool value;
    } words[] = {{"true", true},   {"yes", true}, {"on", true},
                 {"false", false}, {"no", false}, {"off", false}};
    size_t i;

    if (node->kind != PFL_CONFIG_TEXT || !node->plain)
        return false;
    for (i = 0; i < PFL_COUNT(words); i++)
        if (strcasecmp(node->text, words[i].text) == 0) {
            *value = words[i].value;
            return true;
        }
    return false;
}

bool pfl_config_has_control(const char *text)
{
    size_t len = strlen(text), step;
    uint32_t point;

    for (; len > 0; text += step, len -= step) {
        step = pfl_text_decode(text, len, &point);
        if (step == 0 || point < 0x20 || (point >= 0x7F && point < 0xA0))
            return true;
    }
    return false;
}

bool pfl_config_read_text(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                          const struct pfl_config_key *key, void *field)
{
    if (!pfl_config_expect(reader, node, PFL_CONFIG_TEXT, key->name))
        return false;
    if (node->text[0] == 0) {
        pfl_config_problem(reader, node, "%s must not be empty", key->name);
        return false;
    }
    *(const char **)field = node->text;
    return true;
}

bool pfl_config_read_name(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                          const struct pfl_config_key *key, void *field)
{
    const char *text;

    if (!pfl_config_read_text(reader, node, key, &text))
        return false;
    if (pfl_config_has_control(text)) {
        pfl_config_problem(reader, node, "%s must not hold control characters (line ends, tabs)",
                           key->name);
        return false;
    }
    *(const char **)field = text;
    return true;
}

bool pfl_config_read_command(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                             const struct pfl_config_key *key, void *field)
{
    const char *text;
    size_t len;

    if (!pfl_config_expect(reader, node, PFL_CONFIG_TEXT, key->name))
        return false;
    len = strlen(node->text);
    if (node->text[strspn(node->text, " \t\r\n")] == 0) {
        pfl_config_problem(reader, node, "%s must not be empty", key->name);
        return false;
    }
    while (strchr("\r\n", node->text[len - 1])) /* of a block text: command: | */
        len--;
    text = pfl_arena_text_n(reader->arena, node->text, len);
    if (text)
        *(const char **)field = text;
    else
        reader->no_memory = true;
    return text != NULL;
}

bool pfl_config_read_bool(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                          const struct pfl_config_key *key, void *field)
{
    struct pfl_config_node unquoted = *node;
    bool value;

    if (pfl_config_is_bool(node, &value)) {
        *(bool *)field = value;
        return true;
    }
    unquoted.plain = true;
    if (!pfl_config_expect(reader, node, PFL_CONFIG_TEXT, key->name))
        return false;
    if (pfl_config_is_bool(&unquoted, &value))
        pfl_config_problem(reader, node, "%s is true or false; in quotes it is a text", key->name);
    else
        pfl_config_problem(reader, node, "%s is true or false, not '%s'", key->name,
                           pfl_config_shown(reader, node->text));
    return false;
}

/* The problem of a reader in base/units.h, in its words. */
static bool unit_problem(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                         const struct pfl_config_key *key, const struct pfl_err *err)
{
    if (err->code == PFL_ENOMEM)
        reader->no_memory = true;
    pfl_config_problem(reader, node, "%s: %s", key->name, err->message);
    return false;
}

bool pfl_config_read_count(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                           const struct pfl_config_key *key, void *field)
{
    struct pfl_err err;
    int64_t count;

    if (!pfl_config_expect(reader, node, PFL_CONFIG_TEXT, key->name))
        return false;
    if (pfl_units_read_count(node->text, key->low, key->high, &count, &err) != PFL_OK)
        return unit_problem(reader, node, key, &err);
    *(int *)field = (int)count;
    return true;
}

bool pfl_config_read_duration(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                              const struct pfl_config_key *key, void *field)
{
    struct pfl_err err;
    int64_t ns;

    if (!pfl_config_expect(reader, node, PFL_CONFIG_TEXT, key->name))
        return false;
    if (pfl_units_read_duration(node->text, &ns, &err) != PFL_OK)
        return unit_problem(reader, node, key, &err);
    if (ns <= 0 || ns > longest_ns) {
        pfl_config_problem(reader, node, "%s must be longer than 0 and at most a year, as in 90s",
                           key->name);
        return false;
    }
    *(int64_t *)field = ns;
    return true;
}

bool pfl_config_read_age(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                         const struct pfl_config_key *key, void *field)
{
    struct pfl_err err;
    int64_t ns;

    if (!pfl_config_expect(reader, node, PFL_CONFIG_TEXT, key->name))
        return false;
    if (pfl_units_read_age(node->text, &ns, &err) != PFL_OK)
        return unit_problem(reader, node, key, &err);
    if (ns <= 0) {
        pfl_config_problem(reader, node, "%s must be longer than 0, as in 180d", key->name);
        return false;
    }
    *(int64_t *)field = ns;
    return true;
}

/* A share without % above 1 is a slip that would switch the gate off: `max_regression: 10` is 1000
 * %. */
bool pfl_config_read_fraction(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                              const struct pfl_config_key *key, void *field)
{
    struct pfl_err err;
    double fraction;
    const char *shown;

    if (!pfl_config_expect(reader, node, PFL_CONFIG_TEXT, key->name))
        return false;
    if (pfl_units_read_fraction(node->text, &fraction, &err) != PFL_OK)
        return unit_problem(reader, node, key, &err);
    shown = pfl_config_shown(reader, node->text);
    if (!isfinite(fraction) || fraction < 0) {
        pfl_config_problem(reader, node, "%s must not be negative: a size, as in 10%%", key->name);
        return false;
    }
    if (fraction > 1 && !strchr(node->text, '%')) {
        pfl_config_problem(reader, node, "%s: %s without a percent sign is %s times; write %s%%",
                           key->name, shown, shown, shown);
        return false;
    }
    *(double *)field = fraction;
    return true;
}

bool pfl_config_read_factor(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                            const struct pfl_config_key *key, void *field)
{
    struct pfl_err err;
    double factor;

    if (!pfl_config_expect(reader, node, PFL_CONFIG_TEXT, key->name))
        return false;
    if (pfl_units_read_factor(node->text, &factor, &err) != PFL_OK)
        return unit_problem(reader, node, key, &err);
    if (!isfinite(factor) || factor <= 0) {
        pfl_config_problem(reader, node, "%s must be above 0, as in 0.5 or 3x", key->name);
        return false;
    }
    *(double *)field = factor;
    return true;
}

bool pfl_config_read_texts(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                           const char *what, const char ***texts, size_t *count)
{
    const struct pfl_config_key key = {.name = what};
    bool list = node->kind == PFL_CONFIG_LIST;
    size_t n = list ? node->n : 1, i;
    const char **read = pfl_config_array(reader, n, sizeof *read);
    bool ok = read != NULL;

    for (i = 0; read && i < n; i++)
        if (!pfl_config_read_text(reader, list ? node->items[i] : node, &key, &read[i]))
            ok = false;
    if (ok) {
        *texts = read;
        *count = n;
    }
    return ok;
}
