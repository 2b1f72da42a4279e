/*
 * One benchmark of base and head, metric by metric: a row for each result that stands in both, and
 * the checks of the head alone.
 *
 * Which rows decide. In `check`: the rows a hard gate speaks of. In `compare`: one metric per
 * benchmark, `time`, else the first metric there is. On a busy machine `cpu` takes the place of
 * `time`, with its gate (contention.c). `check` without any gate or target holds that same metric
 * to its default, because a check that cannot fail is worse than none. A release gate holds it, and
 * peak RSS, to a limit of its own wherever no gate of the user's speaks of them.
 */
#include "judge/internal.h"

#include "base/units.h"

#include <string.h>

void pfl_judge_row_init(struct pfl_row *row, const char *benchmark, const char *metric)
{
    memset(row, 0, sizeof *row);
    row->benchmark = benchmark;
    row->metric = metric;
    row->unit = row->variant = row->reason = "";
    row->better = PFL_BETTER_NEITHER;
    row->ratio = row->ratio_low = row->ratio_high = NAN;
    row->threshold = row->margin = row->mde = NAN;
}

/* "was called parse" in front of the reason of what the base knows by another name. */
static bool say_was(struct pfl_judge *judge, struct pfl_row *row)
{
    const struct pfl_judge_params *params = judge->params;
    const char *name = NULL, *variant = NULL;

    if (params->was && (row->base.present || row->verdict == PFL_VERDICT_MISSING)) {
        name = params->was(params->was_context, row->benchmark, NULL);
        variant = params->was(params->was_context, row->benchmark, row->variant);
    }
    if (variant)
        row->reason = pfl_judge_format(judge, "its variant was called `%s` in the base%s%s",
                                       variant, *row->reason ? "; " : "", row->reason);
    if (name && row->reason)
        row->reason = pfl_judge_format(judge, "was called %s in the base%s%s", name,
                                       *row->reason ? "; " : "", row->reason);
    return row->reason != NULL;
}

int pfl_judge_add_row(struct pfl_judge *judge, const struct pfl_row *given,
                      const struct pfl_judge_effect *effect)
{
    static const struct pfl_judge_effect none;
    struct pfl_row copy = *given, *row = &copy;

    if (!say_was(judge, row))
        return pfl_err_no_memory(judge->err);
    if (row->not_gated) {
        row->reason = pfl_judge_format(judge, "not gated: %s; %s", row->not_gated, row->reason);
        if (!row->reason)
            return pfl_err_no_memory(judge->err);
    }

    /* The row last: every row has its effect, also when memory ends between the two. */
    if (!pfl_vec_push(&judge->effects, effect ? effect : &none) || !pfl_vec_push(&judge->rows, row))
        return pfl_err_no_memory(judge->err);
    return PFL_OK;
}

void pfl_judge_estimate(struct pfl_estimate *estimate, const struct pfl_result *result)
{
    estimate->present = true;
    estimate->median = result->summary.median;
    estimate->ci_low = result->stated.known ? result->stated.low : result->summary.ci_low;
    estimate->ci_high = result->stated.known ? result->stated.high : result->summary.ci_high;
    estimate->launches = result->summary.n;
    estimate->samples = result->values;
    estimate->sample_count = result->values ? result->n : 0;
    estimate->text = result->text;
}

/* A program's own metric: what its unit says of it. A counted thing that never varied is taken to
 * be exact. */
static void foreign_defaults(const struct pfl_result *base, const struct pfl_result *head,
                             double *tolerance, double *session_sd)
{
    bool constant =
        base->summary.min == base->summary.max && head->summary.min == head->summary.max;
    enum pfl_units_kind kind = pfl_units_kind_of(head->unit);

    *tolerance = kind == PFL_UNITS_BYTES ? 0.05 : 0.10;
    *session_sd = kind == PFL_UNITS_BYTES ? 0.01 : 0.05;
    if (constant && kind == PFL_UNITS_COUNT)
        *session_sd = 0;
}

static struct pfl_judge_session session_of(struct pfl_judge *judge, const struct pfl_row *row,
                                           double assumed)
{
    struct pfl_judge_session session = {.sd = assumed, .df = INFINITY, .sessions = 0};
    size_t sessions = 0;
    double known;

    if (judge->policy->session_sd) {
        known = judge->policy->session_sd(judge->policy->session_context, row->benchmark,
                                          row->metric, row->variant, &sessions);
        if (known >= 0 && isfinite(known)) {
            session.sd = known;
            session.sessions = sessions;
            session.df = sessions ? fmax(1, 0.6 * (double)sessions - 0.4) : INFINITY;
        }
    }
    if (judge->same_class)
        session.sd *= 1.41421356237309504880; /* twice the variance: two machines of one class */
    return session;
}

/* Where no gate speaks: `check` without any, and the release gate. */
static bool held_by_default(const struct pfl_judge *judge, const char *metric, bool decides)
{
    if (judge->policy->release && judge->params->gated)
        return decides || strcmp(metric, "peak_rss") == 0;
    return judge->default_gate && decides;
}

/* A text that changes with every compiler (artifact_hash) is not meant by a glob like "*". */
static void apply_choice(struct pfl_judge *judge, const struct pfl_judge_choice *choice,
                         bool decides, struct pfl_row *row)
{
    const struct pfl_gate *gate = choice->gate[PFL_JUDGE_RELATIVE];
    bool is_text = row->base.text || row->head.text;

    if (gate && !isnan(gate->max_regression))
        row->threshold = gate->max_regression;
    if (!isnan(judge->policy->tolerance))
        row->threshold = judge->policy->tolerance;
    row->deciding = decides;
    if (!judge->params->gated) {
        pfl_judge_soften(judge, gate, row);
        return;
    }
    if (gate) {
        row->gate = choice->report_only[PFL_JUDGE_RELATIVE] ? PFL_GATE_REPORT_ONLY : PFL_GATE_HARD;
        row->gate_file = gate->file;
        row->gate_line = gate->line;
    } else if (held_by_default(judge, row->metric, decides)) {
        row->gate = PFL_GATE_HARD;
        if (judge->policy->release && isnan(judge->policy->tolerance))
            row->threshold = judge->policy->release_max_regression;
    }
    if (is_text && gate && strpbrk(gate->metric, "*?") && row->gate == PFL_GATE_HARD)
        row->gate = PFL_GATE_REPORT_ONLY;
    row->deciding = row->gate == PFL_GATE_HARD;
    pfl_judge_soften(judge, gate, row);
}

/* What changed, as two files where they were kept. NULL: no memory. */
static const char *change_of(struct pfl_judge *judge, const struct pfl_row *row)
{
    const struct pfl_judge_params *params = judge->params;
    const char *before, *after;

    if (!params->artifact || strcmp(row->metric, "artifact_hash") != 0 || !row->base.text ||
        !row->head.text)
        return "it changed";
    before = params->artifact(params->context, row->base.text);
    after = params->artifact(params->context, row->head.text);
    if (before && after)
        return pfl_judge_format(judge, "it changed: diff %s %s", before, after);
    if (after)
        return pfl_judge_format(judge, "it changed: %s is the head's; the base's was not kept",
                                after);
    return "it changed";
}

static int text_row(struct pfl_judge *judge, struct pfl_row *row)
{
    bool same =
        strcmp(row->base.text ? row->base.text : "", row->head.text ? row->head.text : "") == 0;

    row->threshold = NAN;
    if (same)
        row->verdict = PFL_VERDICT_UNCHANGED;
    else
        row->verdict =
            row->gate == PFL_GATE_NONE ? PFL_VERDICT_INCONCLUSIVE : PFL_VERDICT_REGRESSED;
    row->reason = same ? "the same in both" : change_of(judge, row);
    return row->reason ? pfl_judge_add_row(judge, row, NULL) : pfl_err_no_memory(judge->err);
}

/* Two benchmarks of one name, and at a time one result of both. */
struct pair {
    const struct pfl_benchmark *bench[2]; /* base, head */
    const struct pfl_result *result[2];
    enum pfl_judge_cpu_word word; /* what CPU time may say of these two */
    bool time_decides;            /* where no gate speaks, the clock would */
};

static bool is_cpu(const char *metric)
{
    return strcmp(metric, "cpu") == 0;
}

static void scale(double factor, double *a, double *b, double *c)
{
    *a *= factor;
    *b *= factor;
    *c *= factor;
}

/* Both sides normalised by one yardstick and against one reference, the head's; or both as
 * measured. */
static void align(const struct pair *pair, struct pfl_row *row, struct pfl_summary summaries[2])
{
    const struct pfl_normalised *base = &pair->result[0]->normalised,
                                *head = &pair->result[1]->normalised;
    struct pfl_estimate *estimates[2] = {&row->base, &row->head};
    double factor, direction;
    int i;

    if (base->by && head->by && base->yardstick == head->yardstick) {
        pfl_judge_follows_machine(pair->result[1], &direction);
        factor = pow(head->reference / base->reference, direction);
        summaries[0] = pair->result[0]->summary;
        summaries[1] = pair->result[1]->summary;
        scale(factor, &summaries[0].median, &summaries[0].ci_low, &summaries[0].ci_high);
        scale(factor, &row->base.median, &row->base.ci_low, &row->base.ci_high);
        row->normalised_by = head->by;
        return;
    }
    for (i = 0; i < 2; i++) {
        summaries[i] = pfl_judge_raw(pair->result[i]);
        if (!pair->result[i]->normalised.by)
            continue;
        factor = summaries[i].median / estimates[i]->median;
        scale(factor, &estimates[i]->median, &estimates[i]->ci_low, &estimates[i]->ci_high);
    }
}

/* The effect, and what is left of it without the whole machine's part. */
static void effects_of(struct pfl_judge *judge, const struct pair *pair,
                       const struct pfl_judge_session *session, struct pfl_row *row,
                       struct pfl_judge_effect effects[2])
{
    struct pfl_summary summaries[2];
    struct pfl_judge_side sides[2];
    double share;
    int i;

    align(pair, row, summaries);
    for (i = 0; i < 2; i++)
        sides[i] = pfl_judge_side_of(&judge->tables, &summaries[i]);
    pfl_judge_effect_of(&judge->tables, &sides[0], &sides[1], session, &effects[0]);
    effects[1] = effects[0];
    share = row->normalised_by
                ? 0
                : pfl_judge_moved_share(judge, pair->bench[0], pair->bench[1], pair->result[1]);
    pfl_judge_effect_shift(&judge->tables, &effects[1], share * judge->moved.taken,
                           judge->moved.taken_variance);
}

static int compared_row(struct pfl_judge *judge, const struct pair *pair,
                        const struct pfl_judge_metric *metric, struct pfl_row *row)
{
    struct pfl_judge_question question = {.gated = row->gate != PFL_GATE_NONE};
    bool inside = pfl_judge_is_inside(pair->bench[0], pair->result[0]) &&
                  pfl_judge_is_inside(pair->bench[1], pair->result[1]);
    double tolerance, session_sd;
    struct pfl_judge_session session;
    struct pfl_judge_verdict_given given;
    struct pfl_judge_clock clock;
    struct pfl_row start;
    struct pfl_judge_effect effects[2]; /* with all in it, and without the whole machine's part */
    int rc;

    if (metric->builtin) {
        tolerance = metric->builtin->default_tolerance;
        session_sd = metric->builtin->default_session_sd;
    } else {
        foreign_defaults(pair->result[0], pair->result[1], &tolerance, &session_sd);
    }
    if (inside)
        session_sd = pfl_judge_inside_sd(pair->result[0], pair->result[1]);
    else if (judge->contended)
        session_sd = pfl_judge_contended_sd(row->metric, session_sd);
    if (isnan(row->threshold))
        row->threshold = tolerance;
    session = session_of(judge, row, session_sd);
    start = *row;
    effects_of(judge, pair, &session, row, effects);
    given = (struct pfl_judge_verdict_given){row, &effects[0], &session};
    if (row->normalised_by && !session.sessions &&
        pfl_judge_inside_doubt(judge, pair->bench, pair->result, &given, &clock)) {
        question.clock = &clock;
        if (clock.claims) {
            session.sd = clock.shift;
            *row = start;
            effects_of(judge, pair, &session, row, effects);
        }
    }
    question.session = &session;
    question.uncorrected = effects[1].machine != 0 ? &effects[0] : NULL;
    question.brief = !row->deciding && row->gate == PFL_GATE_NONE;
    rc = pfl_judge_verdict(judge, row, &effects[1], &question);
    if (rc == PFL_OK && !question.brief && is_cpu(row->metric))
        rc = pfl_judge_say_who_decides(judge, pair->word, row);
    if (rc != PFL_OK)
        return rc;
    if (!question.brief && session.sd > 0)
        ++*(session.sessions ? &judge->known_sessions
            : inside         ? &judge->assumed_inside
                             : &judge->assumed_sessions);
    return pfl_judge_add_row(judge, row, &effects[1]);
}

/* The metric that decides where no gate does; *found NULL: none. */
static int deciding_result(struct pfl_judge *judge, const struct pfl_benchmark *head,
                           const struct pfl_result **found)
{
    const struct pfl_result *time = pfl_benchmark_find(head, "time", "");
    const struct pfl_judge_metric *metric;
    size_t i;

    *found = NULL;
    if (time && !judge->policy->only_metric) {
        *found = time;
        return PFL_OK;
    }
    for (i = 0; i < head->result_count && !*found; i++) {
        metric = pfl_judge_metric_of(judge, head->results[i].metric);
        if (!metric)
            return PFL_ENOMEM;
        if (metric->wanted && !head->results[i].text)
            *found = &head->results[i];
    }
    return PFL_OK;
}

/* Same place first: the results of two runs of one configuration stand in the same order. */
static const struct pfl_result *counterpart(const struct pfl_benchmark *bench,
                                            const struct pfl_result *result, size_t guess)
{
    const struct pfl_result *there;

    if (guess < bench->result_count) {
        there = &bench->results[guess];
        if (strcmp(there->metric, result->metric) == 0 &&
            strcmp(there->variant, result->variant) == 0)
            return there;
    }
    return pfl_benchmark_find(bench, result->metric, result->variant);
}

/* On a busy machine the relative gate of a wall-clock metric, and its place as the deciding one, go
 * to CPU time. */
static int stand_in(struct pfl_judge *judge, const struct pair *pair, const char *name,
                    struct pfl_judge_choice *choice, bool *decides)
{
    static const char *const walls[] = {"time", "throughput"};
    const struct pfl_judge_metric *wall;
    struct pfl_judge_choice other;
    size_t i;

    if (pair->word == PFL_JUDGE_CPU_SILENT)
        return PFL_OK;
    if (pfl_judge_is_wall(name)) {
        choice->gate[PFL_JUDGE_RELATIVE] = NULL;
        *decides = false;
    }
    for (i = 0; is_cpu(name) && i < PFL_COUNT(walls) && !choice->gate[PFL_JUDGE_RELATIVE]; i++) {
        wall = pfl_judge_metric_of(judge, walls[i]);
        if (!wall)
            return PFL_ENOMEM;
        pfl_judge_choose(judge, wall, &other);
        choice->gate[PFL_JUDGE_RELATIVE] = other.gate[PFL_JUDGE_RELATIVE];
        choice->report_only[PFL_JUDGE_RELATIVE] = other.report_only[PFL_JUDGE_RELATIVE];
        *decides = *decides || pair->time_decides;
    }
    return PFL_OK;
}

static int pair_row(struct pfl_judge *judge, const struct pair *pair,
                    const struct pfl_judge_metric *metric, const struct pfl_judge_choice *choice,
                    bool decides)
{
    const struct pfl_result *before = pair->result[0], *result = pair->result[1];
    struct pfl_row row;

    pfl_judge_row_init(&row, pair->bench[1]->name, result->metric);
    row.unit = result->unit;
    row.variant = result->variant;
    row.better = result->better;
    pfl_judge_estimate(&row.base, before);
    pfl_judge_estimate(&row.head, result);
    apply_choice(judge, choice, decides, &row);
    return result->text || before->text ? text_row(judge, &row)
                                        : compared_row(judge, pair, metric, &row);
}

static int one_result(struct pfl_judge *judge, struct pair *pair, size_t index, bool decides)
{
    const struct pfl_result *result = &pair->bench[1]->results[index];
    const struct pfl_judge_metric *metric = pfl_judge_metric_of(judge, result->metric);
    struct pfl_judge_choice choice;
    int rc;

    if (!metric)
        return PFL_ENOMEM;
    pfl_judge_mark_met(judge, metric);
    if (!metric->wanted)
        return PFL_OK;
    pfl_judge_choose(judge, metric, &choice);
    rc = stand_in(judge, pair, result->metric, &choice, &decides);
    if (rc < 0)
        return rc;
    pair->result[0] = pair->bench[0] ? counterpart(pair->bench[0], result, index) : NULL;
    pair->result[1] = result;
    if (pair->result[0]) {
        rc = pair_row(judge, pair, metric, &choice, decides);
        if (rc < 0)
            return rc;
    } else if (choice.gate[PFL_JUDGE_RELATIVE] && !choice.report_only[PFL_JUDGE_RELATIVE]) {
        judge->unjudged_relative++;
    } else if (!choice.gate[PFL_JUDGE_RELATIVE] && held_by_default(judge, metric->name, decides)) {
        judge->unjudged_relative++;
    }
    return judge->params->gated && !result->text
               ? pfl_judge_limits(judge, pair->bench[1], result, metric, &choice)
               : PFL_OK;
}

/* Any gate that speaks of the metric, a hard one before the others. */
static const struct pfl_gate *first_gate(const struct pfl_judge_choice *choice, bool *report_only)
{
    const struct pfl_gate *soft = NULL;
    int kind;

    for (kind = 0; kind < PFL_JUDGE_KIND_COUNT; kind++) {
        if (choice->gate[kind] && !choice->report_only[kind]) {
            *report_only = false;
            return choice->gate[kind];
        }
        if (choice->gate[kind])
            soft = choice->gate[kind];
    }
    *report_only = true;
    return soft;
}

/* A gated metric that the base has and the head has not: a gate must not be passed by not
 * reporting. */
static int missing_metrics(struct pfl_judge *judge, const struct pfl_benchmark *base,
                           const struct pfl_benchmark *head)
{
    const struct pfl_result *result;
    const struct pfl_judge_metric *metric;
    const struct pfl_gate *gate;
    struct pfl_judge_choice choice;
    struct pfl_row row;
    bool report_only;
    size_t i;
    int rc;

    for (i = 0; i < base->result_count; i++) {
        result = &base->results[i];
        if (counterpart(head, result, i))
            continue;
        metric = pfl_judge_metric_of(judge, result->metric);
        if (!metric)
            return PFL_ENOMEM;
        pfl_judge_choose(judge, metric, &choice);
        gate = first_gate(&choice, &report_only);
        if (!metric->wanted || !gate)
            continue;
        pfl_judge_row_init(&row, head->name, result->metric);
        row.unit = result->unit;
        row.variant = result->variant;
        row.better = result->better;
        row.verdict = PFL_VERDICT_MISSING;
        pfl_judge_estimate(&row.base, result);
        row.gate = report_only ? PFL_GATE_REPORT_ONLY : PFL_GATE_HARD;
        if (result->text && strpbrk(gate->metric, "*?"))
            row.gate = PFL_GATE_REPORT_ONLY;
        row.deciding = row.gate == PFL_GATE_HARD;
        row.gate_file = gate->file;
        row.gate_line = gate->line;
        row.reason = "the base has this metric, the head does not report it";
        rc = pfl_judge_add_row(judge, &row, NULL);
        if (rc < 0)
            return rc;
    }
    return PFL_OK;
}

/* What CPU time may say of the two: nothing where it is not wanted or has a gate of its own. */
static int ask_for_cpu(struct pfl_judge *judge, struct pair *pair, const struct pfl_result *decides)
{
    const struct pfl_judge_metric *cpu;
    struct pfl_judge_choice choice;

    pair->word = pfl_judge_cpu_word(judge, pair->bench[0], pair->bench[1]);
    pair->time_decides = decides && strcmp(decides->metric, "time") == 0;
    if (pair->word == PFL_JUDGE_CPU_SILENT)
        return PFL_OK;
    cpu = pfl_judge_metric_of(judge, "cpu");
    if (!cpu)
        return PFL_ENOMEM;
    pfl_judge_choose(judge, cpu, &choice);
    if (!cpu->wanted || choice.gate[PFL_JUDGE_RELATIVE])
        pair->word = PFL_JUDGE_CPU_SILENT;
    return PFL_OK;
}

int pfl_judge_pair(struct pfl_judge *judge, const struct pfl_benchmark *base,
                   const struct pfl_benchmark *head)
{
    struct pair pair = {.bench = {base, head}};
    const struct pfl_result *decides;
    size_t i;
    int rc = deciding_result(judge, head, &decides);

    if (rc == PFL_OK)
        rc = pfl_judge_look_for_instruments(judge, base, head);
    if (rc == PFL_OK)
        rc = ask_for_cpu(judge, &pair, decides);
    for (i = 0; i < head->result_count && rc == PFL_OK; i++)
        rc = one_result(judge, &pair, i, &head->results[i] == decides);
    if (rc == PFL_OK && base && judge->params->gated)
        rc = missing_metrics(judge, base, head);
    judge->not_gated = NULL;
    return rc;
}
