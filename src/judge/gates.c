/*
 * Which gates and targets speak of a benchmark and metric.
 *
 * A gate names benchmarks by a glob; a name without wildcards also selects everything of that suite
 * (`suite`, `suite[…]`, `suite/…`). The last gate that matches wins, for each kind of limit by
 * itself: `max: 5e-8` further down leaves an earlier `max_regression` alone. A gate without any
 * limit is a change of force: `report_only: true` softens all that earlier gates ask of that
 * metric, and without report_only it hardens it again; where no relative limit was given it holds
 * the metric to its default tolerance.
 *
 * Cost: benchmarks × gates globs once per benchmark, metrics × gates once per distinct name; a row
 * then looks only at the few gates that match its benchmark.
 */
#include "judge/internal.h"

#include "base/text.h"

#include <string.h>

void pfl_judge_match_benchmark(struct pfl_judge *judge, const char *benchmark)
{
    const struct pfl_policy *policy = judge->policy;
    size_t i, n = 0;

    for (i = 0; i < policy->gate_count; i++)
        if (pfl_run_selects(policy->gates[i].match, benchmark))
            judge->matching[n++] = i;
    judge->matching_gates = n;
    for (i = 0; i < policy->target_count; i++)
        if (pfl_run_selects(policy->targets[i].benchmark, benchmark))
            judge->matching[n++] = i;
    judge->matching_targets = n - judge->matching_gates;
}

static int add_metric(struct pfl_judge *judge, const char *name)
{
    const struct pfl_policy *policy = judge->policy;
    struct pfl_judge_metric *metric = pfl_arena_alloc(judge->arena, sizeof *metric);
    unsigned char *gates;
    size_t i;

    gates = pfl_arena_array(judge->arena, policy->gate_count + policy->target_count, 1);
    if (!metric || !gates)
        return PFL_ENOMEM;
    *metric = (struct pfl_judge_metric){.name = name, .builtin = pfl_metric_find(name)};
    for (i = 0; i < policy->gate_count; i++)
        gates[i] = pfl_text_glob(policy->gates[i].metric, name);
    for (i = 0; i < policy->target_count; i++)
        gates[policy->gate_count + i] = pfl_text_glob(policy->targets[i].metric, name);
    metric->gates = gates;
    metric->wanted = !policy->only_metric || pfl_text_glob(policy->only_metric, name);
    if (!pfl_map_set(&judge->metric_index, name, judge->metrics.n) ||
        !pfl_vec_push(&judge->metrics, &metric))
        return PFL_ENOMEM;
    return PFL_OK;
}

const struct pfl_judge_metric *pfl_judge_metric_of(struct pfl_judge *judge, const char *name)
{
    size_t *index = pfl_map_get(&judge->metric_index, name);

    if (index)
        return judge->metrics.at[*index];
    if (add_metric(judge, name) < 0) {
        pfl_err_no_memory(judge->err);
        return NULL;
    }
    return judge->metrics.at[judge->metrics.n - 1];
}

static bool gate_has(const struct pfl_gate *gate, enum pfl_judge_kind kind)
{
    switch (kind) {
    case PFL_JUDGE_RELATIVE: return !isnan(gate->max_regression);
    case PFL_JUDGE_MAX: return !isnan(gate->max);
    case PFL_JUDGE_MIN: return !isnan(gate->min);
    case PFL_JUDGE_MAX_RATIO: return gate->relative_to && !isnan(gate->max_ratio);
    case PFL_JUDGE_MIN_RATIO: return gate->relative_to && !isnan(gate->min_ratio);
    }
    return false;
}

/* A rule of `paths:` leaves a gate alone that holds and is as tight. */
static bool is_tight_enough(const struct pfl_gate *implied, const struct pfl_judge_choice *choice)
{
    const struct pfl_gate *gate = choice->gate[PFL_JUDGE_RELATIVE];

    return gate && !choice->report_only[PFL_JUDGE_RELATIVE] &&
           gate->max_regression <= implied->max_regression;
}

static void apply_gate(const struct pfl_gate *gate, struct pfl_judge_choice *choice)
{
    bool limited = false;
    int kind;

    if (gate->implied && is_tight_enough(gate, choice))
        return;
    for (kind = 0; kind < PFL_JUDGE_KIND_COUNT; kind++)
        if (gate_has(gate, (enum pfl_judge_kind)kind)) {
            choice->gate[kind] = gate;
            choice->report_only[kind] = gate->report_only;
            limited = true;
        }
    if (limited)
        return;
    for (kind = 0; kind < PFL_JUDGE_KIND_COUNT; kind++)
        choice->report_only[kind] = gate->report_only;
    if (!choice->gate[PFL_JUDGE_RELATIVE])
        choice->gate[PFL_JUDGE_RELATIVE] = gate;
}

void pfl_judge_choose(const struct pfl_judge *judge, const struct pfl_judge_metric *metric,
                      struct pfl_judge_choice *choice)
{
    size_t i;

    memset(choice, 0, sizeof *choice);
    for (i = 0; i < judge->matching_gates; i++)
        if (metric->gates[judge->matching[i]])
            apply_gate(&judge->policy->gates[judge->matching[i]], choice);
}

const struct pfl_target *pfl_judge_target(const struct pfl_judge *judge,
                                          const struct pfl_judge_metric *metric)
{
    const struct pfl_policy *policy = judge->policy;
    size_t i, index;

    for (i = judge->matching_targets; i > 0; i--) {
        index = judge->matching[judge->matching_gates + i - 1];
        if (metric->gates[policy->gate_count + index])
            return &policy->targets[index];
    }
    return NULL;
}

void pfl_judge_mark_met(struct pfl_judge *judge, const struct pfl_judge_metric *metric)
{
    size_t i, index;

    for (i = 0; i < judge->matching_gates + judge->matching_targets; i++) {
        index = judge->matching[i] + (i < judge->matching_gates ? 0 : judge->policy->gate_count);
        if (metric->gates[index])
            judge->met[index] = 1;
    }
}

enum pfl_gate_force pfl_judge_benchmark_force(const struct pfl_judge *judge)
{
    size_t i;

    for (i = 0; i < judge->matching_gates; i++)
        if (!judge->policy->gates[judge->matching[i]].report_only)
            return PFL_GATE_HARD;
    return judge->matching_gates ? PFL_GATE_REPORT_ONLY : PFL_GATE_HARD;
}

/* What the first `*` of the pattern stands for in the name: [span[0], span[1]). The shortest that
 * fits, as later ones may take the rest. Answers 1, 0 (no `*`, no match), or PFL_ENOMEM. */
static int first_star(struct pfl_judge *judge, const char *pattern, const char *name,
                      size_t span[2])
{
    size_t head = 0, len = strlen(name), i, j;
    const char *before;
    char *prefix;

    while (pattern[head] && pattern[head] != '*')
        head += pattern[head] == '\\' && pattern[head + 1] ? 2 : 1;
    if (!pattern[head])
        return 0;
    before = pfl_arena_text_n(judge->arena, pattern, head);
    prefix = pfl_arena_text(judge->arena, name);
    if (!before || !prefix)
        return PFL_ENOMEM;
    for (i = len + 1; i-- > 0;) {
        prefix[i] = 0;
        if (!pfl_text_glob(before, prefix))
            continue;
        for (j = i; j <= len; j++)
            if (pfl_text_glob(pattern + head + 1, name + j)) {
                span[0] = i;
                span[1] = j;
                return 1;
            }
    }
    return 0;
}

/* The name a partner should have: the `*` filled in; else with the benchmark's own parameters, if
 * wanted; else as written. */
static const char *partner_name(struct pfl_judge *judge, const struct pfl_gate *gate,
                                const char *benchmark, bool with_params)
{
    const char *star = strchr(gate->relative_to, '*'), *params = strchr(benchmark, '[');
    size_t span[2];
    int found = star ? first_star(judge, gate->match, benchmark, span) : 0;

    if (found < 0)
        return NULL;
    if (found)
        return pfl_judge_format(judge, "%.*s%.*s%s", (int)(star - gate->relative_to),
                                gate->relative_to, (int)(span[1] - span[0]), benchmark + span[0],
                                star + 1);
    if (with_params && params && !strchr(gate->relative_to, '['))
        return pfl_judge_format(judge, "%s%s", gate->relative_to, params);
    return pfl_arena_text(judge->arena, gate->relative_to);
}

const struct pfl_benchmark *pfl_judge_partner(struct pfl_judge *judge, const struct pfl_gate *gate,
                                              const char *benchmark, const char **name)
{
    const struct pfl_run *head = judge->params->head;
    const struct pfl_benchmark *partner;

    *name = partner_name(judge, gate, benchmark, true);
    partner = *name ? pfl_run_find(head, *name) : NULL;
    if (!*name || partner)
        return partner;
    *name = partner_name(judge, gate, benchmark, false);
    return *name ? pfl_run_find(head, *name) : NULL;
}
