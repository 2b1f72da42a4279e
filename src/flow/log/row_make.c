/*
 * Facts and runs → a row's text; and what facts must hold so that this can be done again.
 *
 * The judge is asked with a policy that is made of the facts alone: tolerances and deviations
 * between sessions stand there, nothing comes from the configuration or the ledger. Which of them
 * matter is found by comparing once with what holds now: of the history, what belongs to rows that
 * decide or are shown (those of the others change no figure in the text). A deviation is kept to
 * four digits, and it is that figure which is then used.
 */
#include "flow/log/row_parts.h"

#include "base/vec.h"
#include "flow/log/documents.h"
#include "flow/log/evidence.h"
#include "flow/sessions.h"
#include "judge/judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 64 << 20 };

PFL_VEC(series_list, struct pfl_row_series);

/* ---- from facts ---- */

static double known_sd(void *context, const char *benchmark, const char *metric,
                       const char *variant, size_t *sessions)
{
    const struct pfl_row_facts *facts = context;
    size_t i;

    for (i = 0; i < facts->series_count; i++) {
        const struct pfl_row_series *s = &facts->series[i];

        if (strcmp(s->benchmark, benchmark) == 0 && strcmp(s->metric, metric) == 0 &&
            strcmp(s->variant, variant) == 0) {
            *sessions = s->sessions;
            return s->session_sd;
        }
    }
    return NAN;
}

static int policy_of(struct pfl_flow *flow, const struct pfl_row_facts *facts,
                     struct pfl_policy *policy, struct pfl_err *err)
{
    struct pfl_gate *gates = pfl_arena_array(flow->arena, facts->tolerance_count, sizeof *gates);
    size_t i;

    if (!gates)
        return pfl_err_no_memory(err);
    for (i = 0; i < facts->tolerance_count; i++)
        gates[i] = (struct pfl_gate){.match = facts->tolerances[i].match,
                                     .metric = facts->tolerances[i].metric,
                                     .max_regression = facts->tolerances[i].max_regression,
                                     .max = NAN,
                                     .min = NAN,
                                     .max_ratio = NAN,
                                     .min_ratio = NAN};
    pfl_policy_defaults(policy);
    policy->gates = gates;
    policy->gate_count = facts->tolerance_count;
    policy->confidence = facts->confidence;
    policy->false_discovery_rate = facts->false_discovery_rate;
    policy->fail_on = 0;
    policy->only_metric = *facts->metric ? facts->metric : NULL;
    policy->session_sd = known_sd;
    policy->session_context = (void *)(uintptr_t)facts;
    return PFL_OK;
}

int pfl_log_row_compare(struct pfl_flow *flow, const struct pfl_row_facts *facts,
                        const struct pfl_run *base, const struct pfl_run *head,
                        struct pfl_comparison *comparison, struct pfl_err *err)
{
    struct pfl_policy policy;
    struct pfl_judge_params judging = {
        .base = base, .head = head, .base_label = "the base", .head_label = "the head"};
    int rc;

    if (!base) {
        *comparison = (struct pfl_comparison){.head = head};
        return PFL_OK;
    }
    rc = policy_of(flow, facts, &policy, err);
    judging.policy = &policy;
    return rc == PFL_OK ? pfl_judge_compare(&judging, flow->arena, comparison, err) : rc;
}

static int load(struct pfl_flow *flow, const char *id, struct pfl_run **run, struct pfl_err *err)
{
    *run = NULL;
    if (!*id)
        return PFL_OK;
    *run = pfl_arena_alloc(flow->arena, sizeof **run);
    return *run ? pfl_flow_evidence_load(flow, id, *run, err) : pfl_err_no_memory(err);
}

int pfl_flow_row_remake(struct pfl_flow *flow, const char *facts, size_t len, struct pfl_buf *text,
                        struct pfl_err *err)
{
    struct pfl_comparison comparison;
    struct pfl_row_facts row;
    struct pfl_run *base, *head;
    int rc = pfl_row_facts_read(facts, len, flow->arena, &row, err);

    if (rc == PFL_OK)
        rc = load(flow, row.base, &base, err);
    if (rc == PFL_OK)
        rc = load(flow, row.head, &head, err);
    if (rc == PFL_OK)
        rc = pfl_log_row_compare(flow, &row, base, head, &comparison, err);
    return rc == PFL_OK ? pfl_row_write(&row, &comparison, flow->arena, text, err) : rc;
}

/* ---- into facts ---- */

/* Gates without a limit, and those with another kind of limit, say nothing of a comparison. */
static int learn_tolerances(struct pfl_flow *flow, struct pfl_row_facts *facts, struct pfl_err *err)
{
    const struct pfl_config *config = &flow->config;
    size_t i;

    facts->tolerances = pfl_arena_array(flow->arena, config->gate_count, sizeof *facts->tolerances);
    facts->tolerance_count = 0;
    if (!facts->tolerances)
        return pfl_err_no_memory(err);
    for (i = 0; i < config->gate_count; i++) {
        const struct pfl_gate *gate = &config->gates[i];

        if (!isnan(gate->max_regression))
            facts->tolerances[facts->tolerance_count++] =
                (struct pfl_row_tolerance){gate->match, gate->metric, gate->max_regression};
    }
    return PFL_OK;
}

struct asking {
    struct pfl_flow_sessions *of; /* the head's machine: figures of another say nothing of it */
    struct series_list answers;
    bool failed;
};

static double four_digits(double value)
{
    double scale;

    if (!(value > 0) || !isfinite(value))
        return value;
    scale = pow(10, 3 - floor(log10(value)));
    return isfinite(scale) ? round(value * scale) / scale : value;
}

static double ask(void *context, const char *benchmark, const char *metric, const char *variant,
                  size_t *sessions)
{
    struct asking *asking = context;
    struct pfl_row_series answer = {.benchmark = benchmark, .metric = metric, .variant = variant};
    double sd = pfl_flow_session_sd(asking->of, benchmark, metric, variant, sessions);

    if (!(sd >= 0) || !isfinite(sd))
        return NAN;
    answer.session_sd = four_digits(sd);
    answer.sessions = *sessions;
    asking->failed = !pfl_vec_push(&asking->answers, &answer) || asking->failed;
    return answer.session_sd;
}

/* Both lists go through the benchmarks in the same order: the search goes on where it was. */
static const struct pfl_row *row_of(const struct pfl_comparison *comparison,
                                    const struct pfl_row_series *series, size_t *from)
{
    size_t i, at;

    for (i = 0; i < comparison->row_count; i++) {
        at = (*from + i) % comparison->row_count;
        if (strcmp(comparison->rows[at].benchmark, series->benchmark) != 0)
            continue;
        if (i > 0 && strcmp(comparison->rows[*from].benchmark, series->benchmark) != 0)
            *from = at;
        if (strcmp(comparison->rows[at].metric, series->metric) == 0 &&
            strcmp(comparison->rows[at].variant, series->variant) == 0)
            return &comparison->rows[at];
    }
    return NULL;
}

static int keep_answers(struct pfl_flow *flow, struct pfl_row_facts *facts,
                        const struct asking *asking, const struct pfl_comparison *comparison,
                        struct pfl_err *err)
{
    size_t i, from = 0;

    facts->series_count = 0;
    facts->series = pfl_arena_array(flow->arena, asking->answers.n, sizeof *facts->series);
    if (!facts->series || asking->failed)
        return pfl_err_no_memory(err);
    for (i = 0; i < asking->answers.n; i++) {
        const struct pfl_row *row = row_of(comparison, &asking->answers.at[i], &from);

        if (row && (row->deciding || pfl_row_is_about(facts, row)))
            facts->series[facts->series_count++] = asking->answers.at[i];
    }
    return PFL_OK;
}

int pfl_log_row_learn(struct pfl_flow *flow, struct pfl_row_facts *facts,
                      const struct pfl_run *base, const struct pfl_run *head, struct pfl_err *err)
{
    struct pfl_policy now, asked;
    struct pfl_comparison comparison;
    struct pfl_flow_sessions of;
    struct pfl_store *store;
    struct asking asking = {.of = &of};
    struct pfl_judge_params judging = {.base = base,
                                       .head = head,
                                       .base_label = "the base",
                                       .head_label = "the head",
                                       .policy = &asked};
    int rc = pfl_flow_policy(flow, &now, err);

    if (rc != PFL_OK || !base)
        return rc;
    facts->confidence = now.confidence;
    facts->false_discovery_rate = now.false_discovery_rate;
    rc = learn_tolerances(flow, facts, err);
    if (rc != PFL_OK || pfl_flow_store(flow, PFL_FLOW_READ, &store, NULL) != PFL_OK)
        return rc;
    of = pfl_flow_sessions_of(store, &head->machine);
    rc = policy_of(flow, facts, &asked, err);
    if (rc == PFL_OK)
        rc = pfl_store_freeze(flow->store, err);
    if (rc != PFL_OK)
        return rc;
    asked.session_sd = ask;
    asked.session_context = &asking;
    rc = pfl_judge_compare(&judging, flow->arena, &comparison, err);
    pfl_store_thaw(flow->store);
    if (rc == PFL_OK)
        rc = keep_answers(flow, facts, &asking, &comparison, err);
    pfl_vec_release(&asking.answers);
    return rc;
}
