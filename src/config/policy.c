/*
 * `gates:`, `targets:` and the file that `thresholds:` names.
 *
 * A limit is a quantity of its metric: `max: 50ms` for a time, `10MiB` for memory, `5e-8` for a
 * bare number. The metric's unit says how to read it (model/metric.h); for metrics we do not know,
 * a suffix does: a plain number stays one, then durations, bytes and percentages are tried.
 *
 * A gate that cannot say no is refused: no limit and not report_only, a ratio without the benchmark
 * it relates to, limits that exclude each other.
 */
#include "base/text.h"
#include "base/units.h"
#include "config/reader.h"

#include <math.h>
#include <string.h>

struct limits { /* of a gate or target as they were written: read once the metric is known */
    const struct pfl_config_node *max, *min;
};

struct gate_draft {
    struct pfl_gate gate;
    struct limits limits;
};

struct target_draft {
    struct pfl_target target;
    struct limits limits;
};

static bool keep_limit(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                       const struct pfl_config_key *key, void *field)
{
    if (!pfl_config_expect(reader, node, PFL_CONFIG_TEXT, key->name))
        return false;
    *(const struct pfl_config_node **)field = node;
    return true;
}

/* clang-format off */
#define GATE(name) offsetof(struct gate_draft, gate.name)
static const struct pfl_config_key gate_keys[] = {
    {"match", pfl_config_read_text, GATE(match), 0, 0, 0},
    {"metric", pfl_config_read_name, GATE(metric), 0, 0, 0},
    {"max_regression", pfl_config_read_fraction, GATE(max_regression), 0, 0, 0},
    {"max", keep_limit, offsetof(struct gate_draft, limits.max), 0, 0, 0},
    {"min", keep_limit, offsetof(struct gate_draft, limits.min), 0, 0, 0},
    {"max_ratio", pfl_config_read_factor, GATE(max_ratio), 0, 0, 0},
    {"min_ratio", pfl_config_read_factor, GATE(min_ratio), 0, 0, 0},
    {"relative_to", pfl_config_read_text, GATE(relative_to), 0, 0, 0},
    {"report_only", pfl_config_read_bool, GATE(report_only), 0, 0, 0},
    {"instrumented", pfl_config_read_bool, GATE(instrumented), 0, 0, 0},
    {"reason", pfl_config_read_text, GATE(reason), 0, 0, 0},
};
static const struct pfl_config_schema gate_schema = {
    .what = "a gate", .keys = gate_keys, .count = PFL_COUNT(gate_keys),
};

#define TARGET(name) offsetof(struct target_draft, target.name)
static const struct pfl_config_key target_keys[] = {
    {"benchmark", pfl_config_read_text, TARGET(benchmark), 0, 0, 0},
    {"metric", pfl_config_read_name, TARGET(metric), 0, 0, 0},
    {"max", keep_limit, offsetof(struct target_draft, limits.max), 0, 0, 0},
    {"min", keep_limit, offsetof(struct target_draft, limits.min), 0, 0, 0},
    {"tolerance", pfl_config_read_fraction, TARGET(tolerance), 0, 0, 0},
    {"reason", pfl_config_read_text, TARGET(reason), 0, 0, 0},
};
static const struct pfl_config_schema target_schema = {
    .what = "a target", .keys = target_keys, .count = PFL_COUNT(target_keys),
};
/* clang-format on */

static bool read_generic(const char *text, double *value)
{
    int64_t ns;

    if (pfl_units_read_number(text, value, NULL) == PFL_OK)
        return true;
    if (pfl_units_read_duration(text, &ns, NULL) == PFL_OK) {
        *value = (double)ns / 1e9;
        return true;
    }
    return pfl_units_read_bytes(text, value, NULL) == PFL_OK ||
           pfl_units_read_fraction(text, value, NULL) == PFL_OK;
}

static bool read_limit(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                       const char *name, const char *metric, double *limit)
{
    const struct pfl_metric *known = metric ? pfl_metric_find(metric) : NULL;
    struct pfl_err err = {0};
    double value = NAN;
    bool ok;

    if (known && known->unit[0] == 0) {
        pfl_config_problem(
            reader, node, "%s is a text: it can only be reported (report_only: true)", known->name);
        return false;
    }
    if (!known)
        ok = read_generic(node->text, &value);
    else if (strcmp(known->unit, "1") == 0 && strchr(node->text, '%'))
        ok = pfl_units_read_fraction(node->text, &value, &err) == PFL_OK;
    else
        ok = pfl_units_read_value(node->text, known->unit, &value, &err) == PFL_OK;
    if (ok && isfinite(value)) {
        *limit = value;
        return true;
    }
    if (err.message[0])
        pfl_config_problem(reader, node, "%s of %s: %s", name, known->name, err.message);
    else
        pfl_config_problem(reader, node,
                           "%s: '%s' is not a quantity; a number, or as in 50ms, 10MiB, 5%%", name,
                           pfl_config_shown(reader, node->text));
    return false;
}

static void read_limits(struct pfl_config_reader *reader, const struct limits *limits,
                        const char *metric, double *max, double *min)
{
    if (limits->max)
        read_limit(reader, limits->max, "max", metric, max);
    if (limits->min)
        read_limit(reader, limits->min, "min", metric, min);
    if (*min > *max)
        pfl_config_problem(reader, limits->min, "min is above max: nothing can pass");
}

static size_t count_stars(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += *text == '*';
    return n;
}

/* relative_to may hold one `*`, which is filled with what match's only `*` matched. */
static void check_relation(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                           const struct pfl_gate *gate)
{
    bool ratio = pfl_config_get(node, "max_ratio") || pfl_config_get(node, "min_ratio");
    const struct pfl_config_node *relation = pfl_config_get(node, "relative_to");
    size_t stars = gate->relative_to ? count_stars(gate->relative_to) : 0;

    if (relation && !ratio)
        pfl_config_problem(reader, relation, "relative_to needs max_ratio or min_ratio beside it");
    if (ratio && !relation)
        pfl_config_problem(reader, node, "a ratio needs relative_to: the benchmark it relates to");
    if (stars > 1)
        pfl_config_problem(reader, relation, "relative_to may hold one *, not %zu", stars);
    else if (stars == 1 && count_stars(gate->match) != 1)
        pfl_config_problem(
            reader, relation,
            "the * of relative_to is filled from match, which must hold exactly one *");
    if (gate->min_ratio > gate->max_ratio)
        pfl_config_problem(reader, node, "min_ratio is above max_ratio: nothing can pass");
}

static void check_gate(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                       const struct pfl_gate *gate)
{
    static const char *const limits[] = {"max_regression", "max", "min", "max_ratio", "min_ratio"};
    bool any = gate->report_only || pfl_config_get(node, "relative_to");
    size_t i;

    for (i = 0; i < PFL_COUNT(limits); i++)
        any = any || pfl_config_get(node, limits[i]);
    if (!pfl_config_get(node, "metric"))
        pfl_config_problem(reader, node, "this gate has no metric, as in time, cpu or peak_rss");
    if (!any)
        pfl_config_problem(
            reader, node,
            "this gate has no limit: max_regression, max, min, max_ratio, min_ratio; "
            "or report_only: true");
    check_relation(reader, node, gate);
}

static void read_gate(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                      struct pfl_gate *gate)
{
    struct gate_draft draft = {.gate = {.match = "*"}};
    struct pfl_gate *read = &draft.gate;

    if (!pfl_config_expect(reader, node, PFL_CONFIG_MAP, "a gate"))
        return;
    read->max_regression = read->max = read->min = read->max_ratio = read->min_ratio = NAN;
    read->file = node->source->file;
    pfl_config_source_place(node->source, node->at, &read->line, NULL);
    pfl_config_read_map(reader, node, &gate_schema, &draft);
    read_limits(reader, &draft.limits, read->metric, &read->max, &read->min);
    check_gate(reader, node, read);
    *gate = draft.gate;
}

static void read_target(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                        struct pfl_target *target)
{
    struct target_draft draft = {.target = {.max = NAN, .min = NAN}};
    struct pfl_target *read = &draft.target;

    if (!pfl_config_expect(reader, node, PFL_CONFIG_MAP, "a target"))
        return;
    read->file = node->source->file;
    pfl_config_source_place(node->source, node->at, &read->line, NULL);
    pfl_config_read_map(reader, node, &target_schema, &draft);
    if (!pfl_config_get(node, "benchmark"))
        pfl_config_problem(reader, node, "this target has no benchmark");
    if (!pfl_config_get(node, "metric"))
        pfl_config_problem(reader, node, "this target has no metric, as in time, cpu or peak_rss");
    if (!pfl_config_get(node, "max") && !pfl_config_get(node, "min"))
        pfl_config_problem(reader, node, "this target has no limit: max or min");
    read_limits(reader, &draft.limits, read->metric, &read->max, &read->min);
    *target = draft.target;
}

static void *grow(struct pfl_config_reader *reader, const void *old, size_t count, size_t more,
                  size_t size)
{
    void *bigger = pfl_arena_grow(reader->arena, old, count, count + more, size);

    if (!bigger)
        reader->no_memory = true;
    return bigger;
}

void pfl_config_read_gates(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                           struct pfl_config *config)
{
    struct pfl_gate *gates;
    size_t i;

    if (pfl_config_is_null(node) || !pfl_config_expect(reader, node, PFL_CONFIG_LIST, "gates") ||
        !(gates = grow(reader, config->gates, config->gate_count, node->n, sizeof *gates)))
        return;
    for (i = 0; i < node->n && !reader->no_memory; i++)
        read_gate(reader, node->items[i], &gates[config->gate_count + i]);
    config->gates = gates;
    config->gate_count += node->n;
}

void pfl_config_read_targets(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                             struct pfl_config *config)
{
    struct pfl_target *targets;
    size_t i;

    if (pfl_config_is_null(node) || !pfl_config_expect(reader, node, PFL_CONFIG_LIST, "targets") ||
        !(targets = grow(reader, config->targets, config->target_count, node->n, sizeof *targets)))
        return;
    for (i = 0; i < node->n && !reader->no_memory; i++)
        read_target(reader, node->items[i], &targets[config->target_count + i]);
    config->targets = targets;
    config->target_count += node->n;
}

/* A list of gates, or a map of gates and targets. */
static void read_thresholds_root(struct pfl_config_reader *reader,
                                 const struct pfl_config_node *root, struct pfl_config *config)
{
    static const char *const names[] = {"gates", "targets"};
    size_t i;

    if (root->kind != PFL_CONFIG_MAP) {
        pfl_config_read_gates(reader, root, config);
        return;
    }
    for (i = 0; i < root->n; i++)
        if (strcmp(root->keys[i]->text, "gates") == 0)
            pfl_config_read_gates(reader, root->items[i], config);
        else if (strcmp(root->keys[i]->text, "targets") == 0)
            pfl_config_read_targets(reader, root->items[i], config);
        else
            pfl_config_problem(reader, root->keys[i], "a file of thresholds has no key '%s'%s",
                               pfl_config_shown(reader, root->keys[i]->text),
                               pfl_config_guess(reader, root->keys[i]->text, names, 2));
}

void pfl_config_read_thresholds(struct pfl_config_reader *reader,
                                const struct pfl_config_node *node, struct pfl_config *config)
{
    static const struct pfl_config_key key = {.name = "thresholds"};
    const struct pfl_config_params *params = reader->params;
    struct pfl_config_source *source;
    struct pfl_err err = {0};
    const char *path;
    int code;

    if (node->kind == PFL_CONFIG_LIST) {
        pfl_config_problem(reader, node, "thresholds names a file; a list stands under 'gates'");
        return;
    }
    if (!pfl_config_read_name(reader, node, &key, &path) ||
        !(source = pfl_config_array(reader, 1, sizeof *source)))
        return;
    if (!params->load) {
        pfl_config_problem(reader, node, "a file of thresholds cannot be read here");
        return;
    }
    code = params->load(params->context, path, reader->arena, &source->text, &source->len, &err);
    if (code == PFL_ENOMEM)
        reader->no_memory = true;
    else if (code != PFL_OK)
        pfl_config_problem(reader, node, "thresholds: %s", err.message);
    source->file = path;
    if (code == PFL_OK && pfl_config_source_read(reader, source) && source->root)
        read_thresholds_root(reader, source->root, config);
}
