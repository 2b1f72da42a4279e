/*
 * The keys of a suite that speak of its parameters: params, exclude, work; and requires.
 *
 * A parameter's values are texts, kept as written and in the order given: they become part of
 * benchmark names and are put into commands for {name}. What could not work is refused here, where
 * the place is known: an exclude that names no parameter or a value it does not have (it would
 * leave out nothing), the same value twice (two benchmarks of one name), a {name} in `work` that no
 * parameter has.
 */
#include "base/map.h"
#include "base/text.h"
#include "base/units.h"
#include "config/reader.h"

#include <string.h>

enum { MAX_COMBINATIONS = 1000000 };

static bool is_parameter_name(const char *name)
{
    return name[0] && !strpbrk(name, "{}[]=,") && !pfl_config_has_control(name);
}

static bool read_value(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                       const char *name, const char **value)
{
    if (node->kind != PFL_CONFIG_TEXT) {
        pfl_config_problem(reader, node, "a value of parameter '%s' must be a single value",
                           pfl_config_shown(reader, name));
        return false;
    }
    if (node->plain && node->text[0] == 0) {
        pfl_config_problem(reader, node, "parameter '%s' has nothing here; '' is an empty text",
                           pfl_config_shown(reader, name));
        return false;
    }
    *value = node->text;
    return true;
}

static bool check_different(struct pfl_config_reader *reader, const struct pfl_config_node *list,
                            const char *name)
{
    struct pfl_map seen;
    bool ok = true;
    size_t i;

    pfl_map_init(&seen);
    for (i = 0; ok && i < list->n; i++) {
        if (pfl_map_get(&seen, list->items[i]->text)) {
            pfl_config_problem(reader, list->items[i], "parameter '%s' has the value '%s' twice",
                               pfl_config_shown(reader, name),
                               pfl_config_shown(reader, list->items[i]->text));
            ok = false;
        } else if (!pfl_map_set(&seen, list->items[i]->text, i)) {
            reader->no_memory = true;
            ok = false;
        }
    }
    pfl_map_release(&seen);
    return ok;
}

static bool read_axis(struct pfl_config_reader *reader, const struct pfl_config_node *name,
                      const struct pfl_config_node *node, struct pfl_param_axis *axis)
{
    bool list = node->kind == PFL_CONFIG_LIST, ok = true;
    size_t n = list ? node->n : 1, i;

    if (!is_parameter_name(name->text) || strcmp(name->text, "tier") == 0) {
        pfl_config_problem(reader, name, "'%s' cannot name a parameter: %s",
                           pfl_config_shown(reader, name->text),
                           strcmp(name->text, "tier") == 0
                               ? "exclude uses that word for tiers"
                               : "not empty, none of { } [ ] = , and no control characters");
        return false;
    }
    if (n == 0) {
        pfl_config_problem(reader, node, "parameter '%s' has no values",
                           pfl_config_shown(reader, name->text));
        return false;
    }
    axis->name = name->text;
    axis->value_count = n;
    axis->values = pfl_config_array(reader, n, sizeof *axis->values);
    for (i = 0; axis->values && i < n; i++)
        if (!read_value(reader, list ? node->items[i] : node, name->text, &axis->values[i]))
            ok = false;
    return ok && axis->values && (!list || check_different(reader, node, name->text));
}

bool pfl_config_read_params(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                            const struct pfl_config_key *key, void *field)
{
    struct pfl_suite *suite = field;
    struct pfl_param_axis *axes;
    size_t combinations = 1, i;
    bool ok = true;

    if (!pfl_config_expect(reader, node, PFL_CONFIG_MAP, key->name) ||
        !(axes = pfl_config_array(reader, node->n, sizeof *axes)))
        return false;
    for (i = 0; i < node->n; i++) {
        if (!read_axis(reader, node->keys[i], node->items[i], &axes[i])) {
            ok = false;
        } else if (combinations <= MAX_COMBINATIONS) {
            combinations *= axes[i].value_count;
            if (combinations > MAX_COMBINATIONS) {
                pfl_config_problem(reader, node->keys[i], "more than %d combinations of parameters",
                                   MAX_COMBINATIONS);
                ok = false;
            }
        }
    }
    if (ok) {
        suite->axes = axes;
        suite->axis_count = node->n;
    }
    return ok;
}

static const struct pfl_param_axis *find_axis(const struct pfl_suite *suite, const char *name)
{
    size_t i;

    for (i = 0; i < suite->axis_count; i++)
        if (strcmp(suite->axes[i].name, name) == 0)
            return &suite->axes[i];
    return NULL;
}

/* The names of the axes, and `more` behind them. */
static const char **axis_names(struct pfl_config_reader *reader, const struct pfl_suite *suite,
                               const char *more)
{
    const char **names = pfl_config_array(reader, suite->axis_count + 1, sizeof *names);
    size_t i;

    for (i = 0; names && i < suite->axis_count; i++)
        names[i] = suite->axes[i].name;
    if (names)
        names[i] = more;
    return names;
}

static void exclude_pair(struct pfl_config_reader *reader, const struct pfl_config_node *name,
                         const struct pfl_config_node *value, const struct pfl_suite *suite,
                         struct pfl_exclude *exclude)
{
    const struct pfl_param_axis *axis = find_axis(suite, name->text);
    const char **names;
    size_t i;

    if (value->kind != PFL_CONFIG_TEXT) {
        pfl_config_problem(reader, value, "exclude names one value of '%s' in each map",
                           pfl_config_shown(reader, name->text));
    } else if (strcmp(name->text, "tier") == 0) {
        exclude->has_tier = pfl_tier_read(value->text, &exclude->tier);
        if (!exclude->has_tier)
            pfl_config_problem(reader, value, "a tier is smoke, deep or longhaul, not '%s'",
                               pfl_config_shown(reader, value->text));
    } else if (!axis) {
        if ((names = axis_names(reader, suite, "tier")))
            pfl_config_problem(reader, name, "exclude: this suite has no parameter '%s'%s",
                               pfl_config_shown(reader, name->text),
                               pfl_config_guess(reader, name->text, names, suite->axis_count + 1));
    } else {
        for (i = 0; i < axis->value_count && strcmp(axis->values[i], value->text) != 0; i++)
            ;
        if (i == axis->value_count)
            pfl_config_problem(reader, value, "exclude: parameter '%s' has no value '%s'",
                               pfl_config_shown(reader, axis->name),
                               pfl_config_shown(reader, value->text));
        else
            exclude->params[exclude->param_count++] = (struct pfl_pair){axis->name, value->text};
    }
}

static void read_exclude_map(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                             const struct pfl_suite *suite, struct pfl_exclude *exclude)
{
    size_t before = reader->problems, i;

    if (!pfl_config_expect(reader, node, PFL_CONFIG_MAP, "each entry of exclude"))
        return;
    exclude->params = pfl_config_array(reader, node->n, sizeof *exclude->params);
    for (i = 0; exclude->params && i < node->n; i++)
        exclude_pair(reader, node->keys[i], node->items[i], suite, exclude);
    if (exclude->params && exclude->param_count == 0 && reader->problems == before)
        pfl_config_problem(reader, node, "exclude must name a parameter and its value");
}

void pfl_config_read_exclude(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                             struct pfl_suite *suite)
{
    bool list = node->kind == PFL_CONFIG_LIST;
    size_t n = list ? node->n : 1, i;
    struct pfl_exclude *excludes = pfl_config_array(reader, n, sizeof *excludes);

    for (i = 0; excludes && i < n; i++)
        read_exclude_map(reader, list ? node->items[i] : node, suite, &excludes[i]);
    suite->excludes = excludes;
    suite->exclude_count = excludes ? n : 0;
}

bool pfl_config_read_work(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                          const struct pfl_config_key *key, void *field)
{
    struct pfl_suite *suite = field;

    if (!pfl_config_expect(reader, node, PFL_CONFIG_MAP, key->name))
        return false;
    if (node->n != 1) {
        pfl_config_problem(reader, node, "work is one unit and how many: { cells: \"{size}\" }");
        return false;
    }
    if (node->keys[0]->text[0] == 0 || pfl_config_has_control(node->keys[0]->text)) {
        pfl_config_problem(reader, node->keys[0], "this cannot be a unit: a word, as in cells");
        return false;
    }
    if (node->items[0]->kind == PFL_CONFIG_MAP && node->items[0]->flow) {
        pfl_config_problem(reader, node->items[0], "braces need quotes here: \"{size}\"");
        return false;
    }
    suite->work_unit = node->keys[0]->text;
    return pfl_config_read_text(reader, node->items[0], key, &suite->work_value);
}

/* Every {name} must be a parameter (or the seed). The formula itself is measure/'s to read; a plain
 * number is checked here. */
void pfl_config_check_work(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                           const struct pfl_suite *suite)
{
    const char **names = axis_names(reader, suite, "seed"), *unknown = NULL;
    double number;

    if (!names)
        return;
    if (!pfl_text_substitute(reader->arena, suite->work_value, names, names, suite->axis_count + 1,
                             &unknown))
        reader->no_memory = true;
    else if (unknown)
        pfl_config_problem(reader, node->items[0], "work: this suite has no parameter '%s'%s",
                           pfl_config_shown(reader, unknown),
                           pfl_config_guess(reader, unknown, names, suite->axis_count + 1));
    else if (pfl_units_read_number(suite->work_value, &number, NULL) == PFL_OK && !(number > 0))
        pfl_config_problem(reader, node->items[0], "work must be above 0");
}

/* A file, or "cmd: PROBE". Without quotes YAML makes the latter a map of one pair, which is taken
 * as it was meant. */
static bool read_requirement(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                             const char **requirement)
{
    static const struct pfl_config_key what = {.name = "each entry of requires"};
    const char *probe;

    if (node->kind == PFL_CONFIG_MAP && node->n == 1 && strcmp(node->keys[0]->text, "cmd") == 0) {
        if (!pfl_config_read_command(reader, node->items[0], &what, &probe))
            return false;
        *requirement = pfl_arena_format(reader->arena, "cmd: %s", probe);
        if (!*requirement)
            reader->no_memory = true;
        return *requirement != NULL;
    }
    if (!pfl_config_read_command(reader, node, &what, requirement))
        return false;
    if (strncmp(*requirement, "cmd:", 4) == 0 &&
        (*requirement)[4 + strspn(*requirement + 4, " \t\r\n")] == 0) {
        pfl_config_problem(reader, node, "requires: no command behind 'cmd:'");
        return false;
    }
    return true;
}

bool pfl_config_read_requires(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                              const struct pfl_config_key *key, void *field)
{
    struct pfl_suite *suite = field;
    bool list = node->kind == PFL_CONFIG_LIST, ok = true;
    size_t n = list ? node->n : 1, i;
    const char **requirements = pfl_config_array(reader, n, sizeof *requirements);

    (void)key;
    if (!requirements)
        return false;
    for (i = 0; i < n; i++)
        if (!read_requirement(reader, list ? node->items[i] : node, &requirements[i]))
            ok = false;
    if (ok) {
        suite->requires = requirements;
        suite->require_count = n;
    }
    return ok;
}
