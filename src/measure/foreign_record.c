/*
 * What a harness left → columns of the benchmarks inside it, one value per metric and launch.
 *
 * The value is the median of what the launch has of it; where the file has a summary only, that
 * one's median, else its mean, and a warning says so once. The process as a whole gives no values:
 * how long a harness runs is how long it was told to.
 *
 * A harness that ends badly may have left good results (one test of many failed). So the results
 * are read first, and its exit code counts only where no benchmark inside tells of a failure. What
 * it says at its end is looked through for what is known to be wrong with installations.
 */
#include "measure/foreign_read.h"

#include "base/text.h"
#include "base/units.h"
#include "stats/stats.h"
#include "sys/file.h"

#include <math.h>
#include <string.h>

enum { OUTPUT_MAX = 4 << 20 };

static struct pfl_arena *arena_of(const struct pfl_foreign_read *r)
{
    return r->session->arena;
}

/* ---- values ---- */

static double value_of(struct pfl_foreign_read *r, const struct pfl_result *result)
{
    double *sorted, value;
    size_t n = 0, i;

    if (result->n == 0 || result->summary_only) {
        value = result->summary.median;
        return isnan(value) ? result->summary.mean : value;
    }
    sorted = pfl_arena_array(&r->session->scratch, result->n, sizeof *sorted);
    for (i = 0; sorted && i < result->n; i++)
        if (isfinite(result->values[i]))
            sorted[n++] = result->values[i];
    if (!sorted || n == 0)
        return NAN;
    pfl_stats_sort(sorted, n);
    return pfl_stats_median_sorted(sorted, n);
}

/* Only a mean (which readers put in the median's place, too): it says less than a median, and the
 * reader of a report should know. Not of CPU times beside a time that has its samples: every tool
 * that writes them so has no more of them, and nobody takes them for more. */
static bool note_summary(struct pfl_foreign_read *r, const struct pfl_benchmark *bench,
                         const struct pfl_result *result)
{
    const struct pfl_summary *summary = &result->summary;
    size_t i;

    if (!result->summary_only || isnan(summary->mean) ||
        (!isnan(summary->median) && summary->median != summary->mean))
        return true;
    for (i = 0; i < bench->result_count; i++)
        if (strcmp(bench->results[i].metric, "time") == 0 && !bench->results[i].summary_only &&
            (strcmp(result->metric, "user") == 0 || strcmp(result->metric, "sys") == 0))
            return true;
    return pfl_collect_warn(&r->item->own,
                            pfl_arena_format(arena_of(r),
                                             "%s writes of the metric %s only means, so a launch's "
                                             "value is the mean of what it measured, not the "
                                             "median",
                                             r->item->foreign->harness->name, result->metric));
}

static int take_result(struct pfl_foreign_read *r, struct pfl_collect *to,
                       const struct pfl_benchmark *bench, const struct pfl_result *result)
{
    struct pfl_column *column;

    if (result->text || !*result->metric)
        return PFL_OK;
    column = pfl_collect_column(to, result->metric, result->variant ? result->variant : "",
                                result->unit, &result->better);
    if (!column || !note_summary(r, bench, result))
        return pfl_err_no_memory(r->err);
    if (strcmp(column->unit, result->unit) != 0)
        pfl_collect_fail(to, PFL_STATUS_FAILED,
                         pfl_arena_format(arena_of(r), "it reports the metric %s in %s and in %s",
                                          result->metric, column->unit, result->unit));
    else
        column->current = value_of(r, result);
    return PFL_OK;
}

/* ---- benchmarks ---- */

static struct pfl_pair *join_pairs(struct pfl_foreign_read *r, const struct pfl_benchmark *bench,
                                   size_t *n)
{
    const struct pfl_plan_item *plan = r->item->plan;
    struct pfl_pair *pairs =
        pfl_arena_array(arena_of(r), plan->param_count + bench->param_count, sizeof *pairs);
    size_t i;

    *n = 0;
    for (i = 0; pairs && i < plan->param_count; i++)
        pairs[(*n)++] = plan->params[i];
    for (i = 0; pairs && i < bench->param_count; i++) {
        const struct pfl_pair *param = &bench->params[i];

        if (*pfl_pair_find(plan->params, plan->param_count, param->name))
            continue;
        pairs[*n].name = pfl_arena_text(arena_of(r), param->name);
        pairs[*n].value = pfl_arena_text(arena_of(r), param->value);
        if (!pairs[*n].name || !pairs[*n].value)
            return NULL;
        ++*n;
    }
    return pairs;
}

static struct pfl_collect *add(struct pfl_foreign_read *r, const char *name,
                               const struct pfl_benchmark *bench)
{
    struct pfl_session_item *item = r->item;
    struct pfl_collect *inside = pfl_arena_alloc(arena_of(r), sizeof *inside);
    size_t n;
    struct pfl_pair *pairs = join_pairs(r, bench, &n);

    if (!inside || !pairs)
        return NULL;
    pfl_collect_init(inside, arena_of(r), name, pairs, n);
    inside->launches = item->launches.n; /* those before gave it nothing */
    if (!pfl_vec_reserve(&item->insides, item->insides.n + 1) ||
        !pfl_map_set(&item->inside_index, name, item->insides.n))
        return NULL;
    item->insides.at[item->insides.n++] = inside;
    return inside;
}

/* NULL with *wanted: no memory. */
static struct pfl_collect *addressee(struct pfl_foreign_read *r, const struct pfl_benchmark *bench,
                                     bool *wanted)
{
    struct pfl_session_item *item = r->item;
    const size_t *known;
    const char *name = pfl_foreign_inner(&r->session->scratch, item->foreign, bench);

    *wanted = true;
    if (!name)
        return NULL;
    if (item->plan->inside) {
        *wanted = strcmp(item->plan->inside, name) == 0;
        return *wanted ? &item->own : NULL;
    }
    name = pfl_foreign_name(arena_of(r), item->plan, name, strlen(name));
    if (!name)
        return NULL;
    *wanted = pfl_inside_selects(item->plan, name);
    known = *wanted ? pfl_map_get(&item->inside_index, name) : NULL;
    if (known)
        return item->insides.at[*known];
    return *wanted ? add(r, name, bench) : NULL;
}

static int take_benchmark(struct pfl_foreign_read *r, const struct pfl_benchmark *bench)
{
    bool wanted;
    struct pfl_collect *to = addressee(r, bench, &wanted);
    const char *reason;
    size_t i;
    int rc = PFL_OK;

    r->told = r->told || bench->status == PFL_STATUS_FAILED;
    if (!wanted)
        return PFL_OK;
    if (!to)
        return pfl_err_no_memory(r->err);
    r->taken++;
    if (bench->status != PFL_STATUS_OK) {
        reason = pfl_arena_text(arena_of(r), bench->reason ? bench->reason : "");
        if (!reason)
            return pfl_err_no_memory(r->err);
        pfl_collect_fail(to, bench->status, reason);
    }
    for (i = 0; rc == PFL_OK && i < bench->result_count; i++)
        rc = take_result(r, to, bench, &bench->results[i]);
    return rc;
}

/* Told by the harness on its standard output. */
static int take_failure(void *context, const char *name, size_t len, const char *reason,
                        size_t reason_len)
{
    struct pfl_foreign_read *r = context;
    struct pfl_buf quoted;
    struct pfl_benchmark bench = {.status = PFL_STATUS_FAILED};

    pfl_buf_init(&quoted, 4096);
    pfl_text_escape(&quoted, reason, reason_len < 500 ? reason_len : 500);
    bench.reason = quoted.error ? NULL : pfl_arena_text(arena_of(r), pfl_buf_cstr(&quoted));
    pfl_buf_release(&quoted);
    bench.name = pfl_arena_text_n(arena_of(r), name, len);
    return bench.name && bench.reason ? take_benchmark(r, &bench) : pfl_err_no_memory(r->err);
}

/* Of the reader's warnings those that name a place in the file. The others speak of the file as a
 * whole to somebody who imports it: intervals that are not used here, options of `import`. */
static int take_warning(struct pfl_foreign_read *r, const char *warning)
{
    size_t len = strlen(r->item->foreign->results);
    const char *text = warning;

    if (strncmp(text, r->item->foreign->results, len) != 0 || text[len] != ':' ||
        text[len + 1] < '0' || text[len + 1] > '9')
        return PFL_OK;
    text = strstr(text + len, ": ");
    if (!text || pfl_collect_warn(&r->item->own, pfl_arena_text(arena_of(r), text + 2)))
        return PFL_OK;
    return pfl_err_no_memory(r->err);
}

/* Which harness it was, and what it ran on, as far as that does not change from launch to launch.
 */
static int take_environment(struct pfl_foreign_read *r)
{
    static const char *const names[] = {"pytest-benchmark", "python_version",
                                        "python_implementation", "library_version",
                                        "library_build_type"};
    struct pfl_collect *own = &r->item->own;
    const struct pfl_run *run = &r->run;
    const char *value = run->tool && *run->tool ? run->tool : r->item->plan->harness;
    const char *instrumented = r->item->foreign->command.instrumented;
    bool ok = pfl_collect_environment(own, "harness", value) &&
              (!instrumented || pfl_collect_environment(own, "instrumented", instrumented));
    size_t i;

    for (i = 0; ok && i < PFL_COUNT(names); i++) {
        value = pfl_pair_find(run->environment, run->environment_count, names[i]);
        if (*value)
            ok = pfl_collect_environment(own, names[i], value);
        if (ok && strcmp(value, "debug") == 0)
            ok = pfl_collect_warn(own, "the library of Google Benchmark was built for debugging, "
                                       "which costs a little in every measured loop");
    }
    return ok ? PFL_OK : pfl_err_no_memory(r->err);
}

static int take_run(struct pfl_foreign_read *r)
{
    size_t i;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < r->run.benchmark_count; i++)
        rc = take_benchmark(r, &r->run.benchmarks[i]);
    for (i = 0; rc == PFL_OK && i < r->run.warning_count; i++)
        rc = take_warning(r, r->run.warnings[i]);
    return rc == PFL_OK ? take_environment(r) : rc;
}

static int take_failures(struct pfl_foreign_read *r)
{
    const struct pfl_harness *harness = r->item->foreign->harness;
    const struct pfl_buf *errors = &r->result->stderr_tail;
    const struct pfl_harness_said said = {.output = r->output.len ? r->output.data : "",
                                          .output_len = r->output.len,
                                          .errors = errors->len ? errors->data : "",
                                          .errors_len = errors->len};

    return harness->failures ? harness->failures(&said, take_failure, r) : PFL_OK;
}

static int read_results(struct pfl_foreign_read *r, struct pfl_err *why)
{
    const struct pfl_measure_params *params = r->session->params;
    const struct pfl_foreign *foreign = r->item->foreign;

    if (!params->read_results)
        return pfl_err_set(why, PFL_EINVAL, "nobody here can read results of %s",
                           foreign->harness->name);
    return params->read_results(params->read_context, foreign->harness->format, foreign->results,
                                &r->session->scratch, &r->run, why);
}

static int record(struct pfl_foreign_read *r)
{
    const struct pfl_harness_sign *sign = pfl_foreign_sign(r);
    struct pfl_err why = {0};
    int rc = read_results(r, &why), told;

    if (rc == PFL_ENOMEM)
        return pfl_err_no_memory(r->err);
    if (rc == PFL_OK) {
        rc = take_run(r);
        rc = rc == PFL_OK ? take_failures(r) : rc;
        rc = rc == PFL_OK ? pfl_foreign_note_ending(r, sign) : rc;
        return rc == PFL_OK ? pfl_foreign_note_nothing(r) : rc;
    }
    r->launch->flags |= PFL_LAUNCH_FAILED;
    if (*r->item->plan->select &&
        ((rc == PFL_ENOTHING && pfl_foreign_ended_well(r)) || pfl_foreign_says_nothing(r)))
        return pfl_foreign_fail(r, PFL_STATUS_SKIPPED, pfl_foreign_nothing_selected);
    told = take_failures(r); /* all of them may have failed */
    if (told != PFL_OK || (r->taken && !pfl_foreign_ended_well(r)))
        return told;
    if (!pfl_foreign_ended_well(r) && (sign || r->result->exit_code == 127))
        return pfl_foreign_explain(r, sign);
    return pfl_foreign_no_results(r, rc, &why);
}

int pfl_foreign_record(struct pfl_session *s, struct pfl_session_item *item,
                       const struct pfl_launch_result *result, struct pfl_launch *launch,
                       struct pfl_err *err)
{
    struct pfl_foreign_read r = {
        .session = s, .item = item, .launch = launch, .result = result, .err = err};
    int rc;

    pfl_buf_init(&r.output, OUTPUT_MAX);
    if (item->foreign->output)
        pfl_file_read(item->foreign->output, &r.output, NULL);
    rc = record(&r);
    pfl_buf_release(&r.output);
    return rc;
}
