/*
 * Limits that need no base: max and min of a gate, the ratio to another benchmark of the same run,
 * targets. Each is a row of its own, named by its variant, and either holds (`unchanged`) or is
 * broken (`failed`).
 *
 * The estimate decides: a limit is a promise about the typical value. Where the interval reaches
 * over the limit, or a broken limit could be chance, the sentence says so, and the margin shows how
 * near it was. A value exactly at the limit holds. A limited metric without a single number (NaN
 * from the program) breaks its limit: a check is not passed by not answering.
 */
#include "judge/internal.h"

#include "base/units.h"

static const double last_digits = 1e-12;

/* One side of a limit, ready to be judged. */
struct limit {
    double bound;      /* what must not be passed, slack included */
    double threshold;  /* as written */
    bool upper;        /* a maximum */
    bool by_interval;  /* one that the interval reaches over is open */
    const char *label; /* "the maximum of", "the target of" */
    const char *slack; /* " plus 10 %", or "" */
};

static double margin_of(const struct limit *limit, double value)
{
    double room = limit->upper ? limit->bound - value : value - limit->bound;

    return limit->bound != 0 ? room / fabs(limit->bound) : room;
}

/* NaN never does: no comparison with it is true. */
static bool holds(const struct limit *limit, double value)
{
    double slack = fabs(limit->bound) * last_digits;

    return limit->upper ? value <= limit->bound + slack : value >= limit->bound - slack;
}

static const char *reason_of(struct pfl_judge *judge, const struct limit *limit,
                             const struct pfl_row *row)
{
    double value = row->head.median, low = row->head.ci_low, high = row->head.ci_high;
    bool ok = holds(limit, value), surely = holds(limit, low) == ok && holds(limit, high) == ok;
    struct pfl_buf *words = &judge->words;

    if (isnan(value))
        return "there is no value to hold against the limit";
    pfl_units_write(words, value, row->unit, 3);
    pfl_buf_format(words, ok ? " is within %s " : " is beyond %s ", limit->label);
    pfl_units_write(words, limit->threshold, row->unit, 3);
    pfl_buf_text(words, limit->slack);
    if (!surely && low < high) {
        pfl_buf_text(words, ", but the interval (");
        pfl_units_write(words, low, row->unit, 3);
        pfl_buf_text(words, " to ");
        pfl_units_write(words, high, row->unit, 3);
        pfl_buf_text(words, ") reaches over it");
    }
    return pfl_judge_words_end(judge);
}

static int add_limit(struct pfl_judge *judge, struct pfl_row *row, const struct limit *limit,
                     const struct pfl_gate *gate)
{
    double value = row->head.median;

    row->threshold = limit->threshold;
    row->margin = margin_of(limit, value);
    row->verdict = holds(limit, value) ? PFL_VERDICT_UNCHANGED : PFL_VERDICT_FAILED;
    if (limit->by_interval && row->head.ci_low < row->head.ci_high &&
        holds(limit, row->head.ci_low) != holds(limit, row->head.ci_high))
        row->verdict = PFL_VERDICT_INCONCLUSIVE;
    row->deciding = row->gate == PFL_GATE_HARD;
    pfl_judge_soften(judge, gate, row);
    row->reason = reason_of(judge, limit, row);
    return row->reason ? pfl_judge_add_row(judge, row, NULL) : pfl_err_no_memory(judge->err);
}

static const char *variant_name(struct pfl_judge *judge, const char *own, const char *kind)
{
    return own[0] ? pfl_judge_format(judge, "%s %s", own, kind) : kind;
}

static int absolute(struct pfl_judge *judge, const struct pfl_row *start,
                    const struct pfl_judge_choice *choice, enum pfl_judge_kind kind)
{
    const struct pfl_gate *gate = choice->gate[kind];
    bool upper = kind == PFL_JUDGE_MAX;
    struct pfl_row row = *start;
    struct limit limit = {.upper = upper, .slack = ""};

    if (!gate)
        return PFL_OK;
    limit.bound = limit.threshold = upper ? gate->max : gate->min;
    limit.label = upper ? "the maximum of" : "the minimum of";
    row.variant = variant_name(judge, start->variant, upper ? "max" : "min");
    row.gate = choice->report_only[kind] ? PFL_GATE_REPORT_ONLY : PFL_GATE_HARD;
    row.gate_file = gate->file;
    row.gate_line = gate->line;
    return row.variant ? add_limit(judge, &row, &limit, gate) : pfl_err_no_memory(judge->err);
}

static int target_side(struct pfl_judge *judge, const struct pfl_row *start,
                       const struct pfl_target *target, bool upper)
{
    bool both = !isnan(target->max) && !isnan(target->min);
    struct pfl_row row = *start;
    struct limit limit = {
        .upper = upper, .by_interval = true, .label = "the target of", .slack = ""};

    limit.threshold = upper ? target->max : target->min;
    if (isnan(limit.threshold))
        return PFL_OK;
    limit.bound = limit.threshold + (upper ? 1 : -1) * fabs(limit.threshold) * target->tolerance;
    if (target->tolerance > 0) {
        pfl_buf_text(&judge->words, " give or take ");
        pfl_judge_write_percent(&judge->words, target->tolerance);
        limit.slack = pfl_judge_words_end(judge);
    }
    row.variant = variant_name(judge, start->variant,
                               !both   ? "target"
                               : upper ? "target max"
                                       : "target min");
    row.gate = judge->policy->targets_hold_here ? PFL_GATE_HARD : PFL_GATE_REPORT_ONLY;
    row.gate_file = target->file;
    row.gate_line = target->line;
    return row.variant && limit.slack ? add_limit(judge, &row, &limit, NULL)
                                      : pfl_err_no_memory(judge->err);
}

static const char *ratio_reason(struct pfl_judge *judge, const struct limit *limit,
                                const struct pfl_row *row, size_t pairs)
{
    bool ok = holds(limit, row->ratio);
    bool surely = holds(limit, row->ratio_low) == ok && holds(limit, row->ratio_high) == ok;
    struct pfl_buf *words = &judge->words;

    pfl_judge_write_percent(words, row->ratio);
    pfl_buf_format(words, " of the other's%s, %s ", pairs ? ", round by round" : "",
                   ok ? "within the limit of" : "beyond the limit of");
    pfl_judge_write_percent(words, limit->threshold);
    if (!surely) {
        pfl_buf_text(words, ", but the interval (");
        pfl_judge_write_percent(words, row->ratio_low);
        pfl_buf_text(words, " to ");
        pfl_judge_write_percent(words, row->ratio_high);
        pfl_buf_text(words, ") reaches over it");
    }
    return pfl_judge_words_end(judge);
}

/* Fills the ratio to the partner's result; a partner that cannot be used breaks the limit, with the
 * reason. */
static int judge_ratio(struct pfl_judge *judge, struct pfl_row *row, const struct limit *limit,
                       const struct pfl_benchmark *benchmarks[2],
                       const struct pfl_result *results[2])
{
    struct pfl_judge_ratio ratio = {.inside = true};
    int rc = pfl_judge_ratio_of(&judge->tables, benchmarks, results, &ratio, judge->err);

    if (rc < 0)
        return rc;
    pfl_judge_estimate(&row->base, results[0]);
    if (results[0]->normalised.inside != results[1]->normalised.inside) { /* as the ratio is */
        pfl_judge_estimate_raw(&row->base, results[0]);
        pfl_judge_estimate_raw(&row->head, results[1]);
    }
    row->ratio = ratio.ratio;
    row->ratio_low = ratio.low;
    row->ratio_high = ratio.high;
    if (isnan(ratio.ratio)) {
        row->reason = "there is no ratio: a value is not positive";
        return PFL_OK;
    }
    row->margin = margin_of(limit, ratio.ratio);
    row->verdict = holds(limit, ratio.ratio) ? PFL_VERDICT_UNCHANGED : PFL_VERDICT_FAILED;
    row->reason = ratio_reason(judge, limit, row, ratio.pairs);
    return row->reason ? PFL_OK : pfl_err_no_memory(judge->err);
}

static int relative(struct pfl_judge *judge, const struct pfl_row *start,
                    const struct pfl_judge_choice *choice, enum pfl_judge_kind kind,
                    const struct pfl_benchmark *head)
{
    const struct pfl_gate *gate = choice->gate[kind];
    const struct pfl_benchmark *benchmarks[2] = {NULL, head};
    const struct pfl_result *results[2] = {NULL,
                                           pfl_benchmark_find(head, start->metric, start->variant)};
    struct limit limit = {.upper = kind == PFL_JUDGE_MAX_RATIO};
    struct pfl_row row = *start;
    const char *name;
    int rc = PFL_OK;

    if (!gate)
        return PFL_OK;
    benchmarks[0] = pfl_judge_partner(judge, gate, head->name, &name);
    if (!name)
        return pfl_err_no_memory(judge->err);
    if (benchmarks[0] == head) /* a glob that matches the reference, too */
        return PFL_OK;
    limit.bound = limit.threshold = limit.upper ? gate->max_ratio : gate->min_ratio;
    row.variant =
        pfl_judge_format(judge, "%s%srelative to %s%s", start->variant,
                         start->variant[0] ? " " : "", name, limit.upper ? "" : ", at least");
    row.threshold = limit.threshold;
    row.gate = choice->report_only[kind] ? PFL_GATE_REPORT_ONLY : PFL_GATE_HARD;
    row.deciding = row.gate == PFL_GATE_HARD;
    pfl_judge_soften(judge, gate, &row);
    row.gate_file = gate->file;
    row.gate_line = gate->line;
    row.verdict = PFL_VERDICT_FAILED;
    if (benchmarks[0] && benchmarks[0]->status == PFL_STATUS_OK)
        results[0] = pfl_benchmark_find(benchmarks[0], start->metric, start->variant);
    if (results[0] && !results[0]->text)
        rc = judge_ratio(judge, &row, &limit, benchmarks, results);
    else if (!benchmarks[0])
        row.reason =
            pfl_judge_format(judge, "the run has no benchmark \"%s\" to compare with", name);
    else
        row.reason = pfl_judge_format(
            judge, "\"%s\" has no %s to compare with: %s", name, start->metric,
            benchmarks[0]->status == PFL_STATUS_OK ? "it was not reported"
                                                   : pfl_status_text(benchmarks[0]->status));
    if (!row.reason || !row.variant)
        return pfl_err_no_memory(judge->err);
    return rc < 0 ? rc : pfl_judge_add_row(judge, &row, NULL);
}

int pfl_judge_limits(struct pfl_judge *judge, const struct pfl_benchmark *head,
                     const struct pfl_result *result, const struct pfl_judge_metric *metric,
                     const struct pfl_judge_choice *choice)
{
    const struct pfl_target *target = pfl_judge_target(judge, metric);
    struct pfl_row start;
    int rc;

    pfl_judge_row_init(&start, head->name, result->metric);
    start.unit = result->unit;
    start.variant = result->variant;
    start.better = result->better;
    pfl_judge_estimate(&start.head, result);
    rc = absolute(judge, &start, choice, PFL_JUDGE_MAX);
    if (rc == PFL_OK)
        rc = absolute(judge, &start, choice, PFL_JUDGE_MIN);
    if (rc == PFL_OK)
        rc = relative(judge, &start, choice, PFL_JUDGE_MAX_RATIO, head);
    if (rc == PFL_OK)
        rc = relative(judge, &start, choice, PFL_JUDGE_MIN_RATIO, head);
    if (rc == PFL_OK && target)
        rc = target_side(judge, &start, target, true);
    if (rc == PFL_OK && target)
        rc = target_side(judge, &start, target, false);
    return rc;
}
