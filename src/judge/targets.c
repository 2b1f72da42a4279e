/*
 * The table of goals: for every benchmark and metric of a run the target that holds for it (the
 * last that matches, as in a check), and every target that matched nothing.
 *
 * The interval decides: a target is missed when all of it lies beyond the limit, tolerance
 * included, and open when the limit lies within it, for the next run's estimate may be on the other
 * side of it. A target that is not measured is not met: a benchmark that was renamed must not take
 * its goal along. The margin is the room to the target as written, so that a
 * value within the tolerance shows how far beyond the goal it is.
 */
#include "judge/targets.h"

#include "base/text.h"
#include "judge/internal.h"

#include <stdlib.h>
#include <string.h>

static const double last_digits = 1e-12;

PFL_VEC(target_rows, struct pfl_target_row);

struct judging {
    const struct pfl_target *targets;
    size_t n;
    struct pfl_arena *arena;
    struct pfl_targets *out;
    struct target_rows rows;
    struct pfl_err *err;
};

static int add(struct judging *j, const struct pfl_target_row *row)
{
    return pfl_vec_push(&j->rows, row) ? PFL_OK : pfl_err_no_memory(j->err);
}

static struct pfl_target_row start(const struct judging *j, const struct pfl_target *target,
                                   const char *benchmark, const char *metric)
{
    return (struct pfl_target_row){
        .benchmark = benchmark,
        .metric = metric,
        .unit = pfl_metric_find(metric) ? pfl_metric_find(metric)->unit : "",
        .variant = "",
        .tolerance = target->tolerance,
        .margin = NAN,
        .state = PFL_TARGET_NOT_MEASURED,
        .why = "",
        .holds = !j->out->report_only,
        .reason = target->reason,
        .file = target->file,
        .line = target->line,
    };
}

static bool is_beyond(double value, double bound, bool upper)
{
    double slack = fabs(bound) * last_digits;

    return upper ? !(value <= bound + slack) : !(value >= bound - slack);
}

static void judge_side(struct pfl_target_row *row, double target, bool upper)
{
    double value = row->now.median, direction = upper ? 1 : -1;
    double bound = target + direction * fabs(target) * row->tolerance, best, worst;

    row->target = target;
    row->upper = upper;
    if (!row->now.present || isnan(value)) {
        row->state = PFL_TARGET_NOT_MEASURED;
        return;
    }
    row->margin = direction * (target - value);
    if (target != 0)
        row->margin /= fabs(target);
    best = upper ? row->now.ci_low : row->now.ci_high;
    worst = upper ? row->now.ci_high : row->now.ci_low;
    if (isnan(best) || isnan(worst))
        best = worst = value;
    row->state = is_beyond(best, bound, upper)      ? PFL_TARGET_MISSED
                 : is_beyond(worst, bound, upper)   ? PFL_TARGET_OPEN
                 : !is_beyond(value, target, upper) ? PFL_TARGET_MET
                                                    : PFL_TARGET_WITHIN;
}

/* A row for max and one for min. */
static int add_sides(struct judging *j, const struct pfl_target *target,
                     const struct pfl_target_row *given)
{
    struct pfl_target_row row = *given;
    int rc = PFL_OK;

    if (!isnan(target->max)) {
        judge_side(&row, target->max, true);
        rc = add(j, &row);
    }
    if (rc == PFL_OK && !isnan(target->min)) {
        judge_side(&row, target->min, false);
        rc = add(j, &row);
    }
    return rc;
}

/* Does a later target speak of the same? */
static bool is_overridden(const struct judging *j, size_t index, const char *benchmark,
                          const char *metric)
{
    size_t i;

    for (i = index + 1; i < j->n; i++)
        if (pfl_run_selects(j->targets[i].benchmark, benchmark) &&
            pfl_text_glob(j->targets[i].metric, metric))
            return true;
    return false;
}

static int one_benchmark(struct judging *j, size_t index, const struct pfl_benchmark *bench,
                         bool *matched)
{
    const struct pfl_target *target = &j->targets[index];
    const char *instruments = pfl_judge_instruments(j->arena, NULL, bench);
    struct pfl_target_row row;
    size_t i;
    int rc = PFL_OK;

    if (!instruments)
        return pfl_err_no_memory(j->err);
    if (bench->status != PFL_STATUS_OK) {
        *matched = true;
        if (is_overridden(j, index, bench->name, target->metric))
            return PFL_OK;
        row = start(j, target, bench->name, target->metric);
        row.why = pfl_arena_format(j->arena, "%s%s%s", pfl_status_text(bench->status),
                                   bench->reason && *bench->reason ? ": " : "",
                                   bench->reason ? bench->reason : "");
        return row.why ? add_sides(j, target, &row) : pfl_err_no_memory(j->err);
    }
    for (i = 0; rc == PFL_OK && i < bench->result_count; i++) {
        const struct pfl_result *result = &bench->results[i];

        if (result->text || !pfl_text_glob(target->metric, result->metric))
            continue;
        *matched = true;
        if (is_overridden(j, index, bench->name, result->metric))
            continue;
        row = start(j, target, bench->name, result->metric);
        row.unit = result->unit;
        row.variant = result->variant;
        pfl_judge_estimate(&row.now, result);
        if (*instruments) {
            row.holds = false;
            row.why = instruments;
        }
        rc = add_sides(j, target, &row);
    }
    return rc;
}

static int one_target(struct judging *j, size_t index)
{
    const struct pfl_target *target = &j->targets[index];
    struct pfl_target_row row;
    bool matched = false;
    size_t i;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < j->out->run->benchmark_count; i++)
        if (pfl_run_selects(target->benchmark, j->out->run->benchmarks[i].name))
            rc = one_benchmark(j, index, &j->out->run->benchmarks[i], &matched);
    if (rc != PFL_OK || matched)
        return rc;
    row = start(j, target, target->benchmark, target->metric);
    row.why = "nothing of that name is in the run";
    return add_sides(j, target, &row);
}

static int compare_rows(const void *a, const void *b)
{
    const struct pfl_target_row *left = a, *right = b;
    int order = pfl_judge_compare_names(left->benchmark, right->benchmark);

    if (order == 0)
        order = strcmp(left->metric, right->metric);
    if (order == 0)
        order = strcmp(left->variant, right->variant);
    return order ? order : (int)right->upper - (int)left->upper;
}

static void finish(struct pfl_targets *out)
{
    size_t i, unmeasured = 0, open = 0;

    out->exit_code = PFL_OK;
    memset(out->counts, 0, sizeof out->counts);
    for (i = 0; i < out->row_count; i++) {
        out->counts[out->rows[i].state]++;
        if (!out->rows[i].holds)
            continue;
        unmeasured += out->rows[i].state == PFL_TARGET_NOT_MEASURED;
        open += out->rows[i].state == PFL_TARGET_OPEN;
        if (out->rows[i].state == PFL_TARGET_MISSED)
            out->exit_code = PFL_EGATE;
    }
    if (out->exit_code == PFL_OK && (out->counts[PFL_TARGET_NOT_MEASURED] == out->row_count ||
                                     (unmeasured && !out->allow_unmeasured)))
        out->exit_code = PFL_ENOTHING;
    if (out->exit_code == PFL_OK && open && out->strict)
        out->exit_code = PFL_EINCONCLUSIVE;
}

int pfl_judge_targets(const struct pfl_target *targets, size_t n, struct pfl_arena *arena,
                      struct pfl_targets *out, struct pfl_err *err)
{
    struct judging j = {.targets = targets, .n = n, .arena = arena, .out = out, .err = err};
    size_t i;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < n; i++)
        rc = one_target(&j, i);
    out->rows = pfl_arena_array(arena, j.rows.n + 1, sizeof *out->rows);
    if (rc == PFL_OK && !out->rows)
        rc = pfl_err_no_memory(err);
    if (rc == PFL_OK && j.rows.n) {
        memcpy(out->rows, j.rows.at, j.rows.n * sizeof *out->rows);
        qsort(out->rows, j.rows.n, sizeof *out->rows, compare_rows);
    }
    out->row_count = rc == PFL_OK ? j.rows.n : 0;
    pfl_vec_release(&j.rows);
    if (rc == PFL_OK)
        finish(out);
    return rc;
}
