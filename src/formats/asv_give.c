/*
 * One result file → one run: a benchmark per combination of parameters.
 *
 * Values. Where asv kept the samples (--record-samples), they are the values. Else there is asv's
 * median with the 99 % interval of it and the quartiles, and the summary says so. The interval is
 * narrowed to the 95 % that are kept here: each side by t(97.5 %) / t(99.5 %) of n − 1 degrees of
 * freedom. asv takes order statistics of n samples, or, for few, the quantiles of a Laplace
 * posterior, whose tails fall like those of Student's t with n − 1 degrees; for many samples the
 * ratio is the normal one, 0.76. An infinite side (n = 1) is none; without an interval the
 * quartiles make one. n is asv's `repeat`: each of these is a mean over `number` calls, and calls
 * within one sample tell nothing of how samples scatter.
 *
 * The definition is the benchmark's version and the environment's name: an edited benchmark and a
 * dependency bump are marked in the history of the same name. When: a run's time is its commit's,
 * as in asv's graphs, for archives are measured backwards, in steps, by bisection; when it was
 * measured is in the environment ("measured").
 */
#include "formats/asv.h"

#include "base/hash.h"
#include "base/text.h"
#include "stats/stats.h"
#include "sys/clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char failed[] = "asv has null for it";
static const char skipped[] = "asv has NaN for it";

/* ---- values ---- */

static double ratio_of(struct pfl_asv *asv, double repeat)
{
    size_t n = repeat >= 2 && repeat < PFL_ASV_RATIOS ? (size_t)repeat : 0;

    if (asv->ratios[n] == 0 && n == 0) /* very many, or not said */
        asv->ratios[n] = pfl_stats_normal_quantile(0.975) / pfl_stats_normal_quantile(0.995);
    else if (asv->ratios[n] == 0)
        asv->ratios[n] = pfl_stats_t_quantile(0.975, (double)(n - 1)) /
                         pfl_stats_t_quantile(0.995, (double)(n - 1));
    return asv->ratios[n];
}

/* asv writes the ends of intervals with five digits; narrowed ones know no more. */
static double five_digits(double value)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    double places = value == 0 ? 0 : 4 - floor(log10(fabs(value)));

    if (places >= 0 && places < (double)(int)PFL_COUNT(powers))
        return rint(value * powers[(size_t)places]) / powers[(size_t)places];
    if (places < 0 && -places < (double)(int)PFL_COUNT(powers))
        return rint(value / powers[(size_t)-places]) * powers[(size_t)-places];
    return value;
}

static double finite_or_none(double value)
{
    return isfinite(value) ? value : (double)NAN;
}

static void summarise(struct pfl_asv_file *file, size_t at, struct pfl_summary *s)
{
    const struct pfl_build_values *columns = file->numbers;
    double repeat = columns[PFL_ASV_REPEAT].at[at], low = columns[PFL_ASV_LOW].at[at],
           high = columns[PFL_ASV_HIGH].at[at], ratio;

    *s = pfl_summary_none();
    s->median = columns[PFL_ASV_RESULT].at[at];
    s->n = repeat >= 1 && repeat < 1e15 ? (size_t)repeat : 1;
    s->q1 = finite_or_none(columns[PFL_ASV_Q1].at[at]);
    s->q3 = finite_or_none(columns[PFL_ASV_Q3].at[at]);
    if (isfinite(low) && isfinite(high)) {
        ratio = ratio_of(file->asv, repeat);
        s->ci_low = five_digits(s->median - (s->median - low) * ratio);
        s->ci_high = five_digits(s->median + (high - s->median) * ratio);
    } else {
        pfl_build_interval_of_quartiles(s, &s->ci_low, &s->ci_high);
    }
}

static void scale(struct pfl_summary *s, double factor)
{
    double *const each[] = {&s->median, &s->ci_low, &s->ci_high, &s->q1, &s->q3};
    size_t i;

    for (i = 0; i < PFL_COUNT(each); i++)
        *each[i] = finite_or_none(*each[i] * factor);
}

static bool take_samples(struct pfl_asv_file *file, const struct pfl_asv_row *row, size_t place,
                         struct pfl_result *result)
{
    const struct pfl_asv_samples *list;
    size_t i;

    if (row->sample_list == SIZE_MAX || row->sample_list + place >= file->sample_lists.n)
        return true;
    list = &file->sample_lists.at[row->sample_list + place];
    if (list->n == 0)
        return true;
    result->values = pfl_arena_array(&file->asv->build.arena, list->n, sizeof(double));
    for (i = 0; i < list->n && result->values; i++)
        result->values[i] =
            finite_or_none(file->samples.at[list->first + i] * row->bench->kind.factor);
    result->n = list->n;
    return result->values != NULL;
}

/* ---- benchmarks ---- */

struct giving {
    struct pfl_asv_file *file;
    const char *suite, *definition; /* of the row at hand */
    const char *metric, *unit;
    struct pfl_benchmark *benchmark; /* the next one */
    struct pfl_result *result;
    struct pfl_pair *pairs;
    char *texts;
};

static bool fill_result(struct giving *g, const struct pfl_asv_row *row, size_t place)
{
    struct pfl_result *result = g->result++;

    *result = (struct pfl_result){.metric = g->metric,
                                  .unit = g->unit,
                                  .variant = g->file->variant,
                                  .better = row->bench->kind.better};
    if (!take_samples(g->file, row, place, result))
        return false;
    if (result->n) {
        result->summary = pfl_summary_none(); /* the values' own */
        return true;
    }
    result->summary_only = true;
    summarise(g->file, row->first + place, &result->summary);
    if (row->bench->kind.factor != 1)
        scale(&result->summary, row->bench->kind.factor);
    g->file->asv->counts.without_samples++;
    return true;
}

static bool fill_benchmark(struct giving *g, const struct pfl_asv_row *row, size_t i)
{
    const struct pfl_asv_shape *shape = row->shape;
    size_t place = shape->from[i], k;
    enum pfl_asv_state state = PFL_ASV_FAILED;
    struct pfl_benchmark *b = g->benchmark;

    if (place >= row->n && !(row->all_failed && row->n == 0))
        return true; /* the list was shorter */
    if (place < row->n)
        state = (enum pfl_asv_state)g->file->states.at[row->first + place];
    if (state == PFL_ASV_NONE)
        return true;
    *b = (struct pfl_benchmark){.name = g->texts + shape->names[i],
                                .suite = g->suite,
                                .command = "",
                                .definition = g->definition,
                                .tier = "",
                                .work_unit = "",
                                .reason = ""};
    b->params = shape->axes ? g->pairs : NULL;
    b->param_count = shape->axes;
    g->pairs += shape->axes;
    for (k = 0; k < shape->axes; k++) {
        b->params[k].name = g->texts + shape->pairs[(i * shape->axes + k) * 2];
        b->params[k].value = g->texts + shape->pairs[(i * shape->axes + k) * 2 + 1];
    }
    g->benchmark++;
    if (state != PFL_ASV_VALUE) {
        b->status = state == PFL_ASV_FAILED ? PFL_STATUS_FAILED : PFL_STATUS_SKIPPED;
        b->reason = state == PFL_ASV_FAILED ? failed : skipped;
        return true;
    }
    b->results = g->result;
    b->result_count = 1;
    return fill_result(g, row, place);
}

static bool fill_row(struct giving *g, const struct pfl_asv_row *row)
{
    const struct pfl_asv_shape *shape = row->shape;
    struct pfl_arena *arena = &g->file->asv->build.arena;
    size_t i;

    g->texts = pfl_arena_text_n(arena, shape->texts, shape->texts_len);
    g->pairs = pfl_arena_array(arena, shape->n * shape->axes, sizeof *g->pairs);
    if (!g->texts || !g->pairs)
        return false;
    for (i = 0; i < shape->n; i++)
        if (!fill_benchmark(g, row, i))
            return false;
    return true;
}

/* Rows of benchmarks by name; so all their combinations are in order. */
static int by_rank(const void *a, const void *b)
{
    const struct pfl_asv_row *x = a, *y = b;

    if (x->bench->rank != y->bench->rank)
        return x->bench->rank < y->bench->rank ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

/* ---- definitions ---- */

static const char *version_of(const struct pfl_asv_file *file, const struct pfl_asv_row *row)
{
    const size_t *place = row->version ? NULL : pfl_map_get(&file->version_at, row->bench->name);

    return row->version ? row->version : place ? file->versions.at[*place].value : "";
}

static bool is_last(const struct pfl_asv_bench *bench, const char *version, const char *env)
{
    return bench->definition && strcmp(bench->version, version) == 0 &&
           strcmp(bench->environment, env) == 0;
}

/* NULL: no memory. */
static const char *definition_of(struct pfl_asv_file *file, const struct pfl_asv_row *row,
                                 const char *env)
{
    struct pfl_arena *seen = &file->asv->seen_arena;
    struct pfl_asv_bench *bench = row->bench;
    const char *version = version_of(file, row);
    struct pfl_hash hash;
    char hex[PFL_HASH_HEX];

    if (!*version && !*env)
        return "";
    if (!is_last(bench, version, env)) {
        pfl_hash_init(&hash);
        pfl_hash_add(&hash, version, strlen(version) + 1);
        pfl_hash_add(&hash, env, strlen(env));
        pfl_hash_end(&hash, hex);
        bench->version = pfl_arena_text(seen, version);
        bench->environment = pfl_arena_text(seen, env);
        bench->definition = pfl_arena_text(seen, hex);
        if (!bench->version || !bench->environment || !bench->definition) {
            bench->definition = NULL;
            return NULL;
        }
    }
    return pfl_arena_text(&file->asv->build.arena, bench->definition);
}

/* ---- the run ---- */

static int compare_pairs(const void *a, const void *b)
{
    return strcmp(((const struct pfl_pair *)a)->name, ((const struct pfl_pair *)b)->name);
}

static bool has(const struct pfl_build_pairs *pairs, const char *name)
{
    size_t i;

    for (i = 0; i < pairs->n; i++)
        if (strcmp(pairs->at[i].name, name) == 0)
            return true;
    return false;
}

/* Sorted by name, each name once: requirements and variables by their own names; of the parameters
 * what the machine and these have not said. */
static bool collect_environment(struct pfl_asv_file *file, const char *env,
                                struct pfl_build_pairs *all)
{
    static const char *const of_machine[] = {"machine", "arch", "cpu", "os", "num_cpu"};
    const struct pfl_build_pairs *const lists[] = {&file->requirements, &file->variables,
                                                   &file->parameters};
    struct pfl_build *build = &file->asv->build;
    char measured[32] = "";
    size_t i, k, m;

    if (isfinite(file->started) && fabs(file->started) < 9e12)
        pfl_clock_text((int64_t)file->started * 1000000, measured);
    {
        const struct pfl_pair own[] = {{"environment", env},
                                       {"python", file->python},
                                       {"measured", pfl_build_keep(build, measured)}};

        for (i = 0; i < PFL_COUNT(own); i++)
            if (*own[i].value && !pfl_vec_push(all, &own[i]))
                return false;
    }
    for (k = 0; k < PFL_COUNT(lists); k++)
        for (i = 0; i < lists[k]->n; i++) {
            const struct pfl_pair *pair = &lists[k]->at[i];
            bool other = !has(all, pair->name);

            for (m = 0; k == 2 && m < PFL_COUNT(of_machine); m++)
                other = other && strcmp(pair->name, of_machine[m]) != 0;
            if (other && !pfl_vec_push(all, pair))
                return false;
        }
    if (all->n)
        qsort(all->at, all->n, sizeof *all->at, compare_pairs);
    return true;
}

/* As the result file says, else machine.json. */
static const char *said_of_machine(const struct pfl_asv_file *file, const char *name)
{
    const struct pfl_build_pairs *beside = file->machine_says;
    const char *own = pfl_pair_find(file->parameters.at, file->parameters.n, name);

    return *own || !beside
               ? own
               : pfl_build_keep(&file->asv->build, pfl_pair_find(beside->at, beside->n, name));
}

static void fill_machine(struct pfl_asv_file *file, struct pfl_machine *machine)
{
    double cpus;

    pfl_build_machine(&file->asv->build, file->machine ? file->machine : file->own_machine);
    machine->hostname = machine->name;
    machine->arch = said_of_machine(file, "arch");
    machine->cpu_model = said_of_machine(file, "cpu");
    machine->os = said_of_machine(file, "os");
    if (pfl_fields_is_number(said_of_machine(file, "num_cpu"), &cpus) && cpus >= 1 && cpus < 1e6)
        machine->cpus = (int)cpus;
}

static bool fill_run(struct pfl_asv_file *file, const char *env)
{
    struct pfl_build_pairs environment = {0};
    struct pfl_build *build = &file->asv->build;
    struct pfl_run *run = build->run;
    size_t i;
    bool good;

    run->tool = pfl_build_keep(build, "asv");
    run->revision.commit = file->commit;
    if (isfinite(file->date) && fabs(file->date) < 9e12) {
        run->revision.commit_time = (int64_t)floor(file->date / 1000);
        run->started_unix_ns = (int64_t)file->date * 1000000;
    }
    fill_machine(file, &run->machine);
    good = collect_environment(file, env, &environment);
    for (i = 0; i < environment.n; i++)
        pfl_build_environment(build, environment.at[i].name, environment.at[i].value);
    pfl_vec_release(&environment);
    return good;
}

/* "py2.7", where neither the file nor its name says more. */
static const char *environment_of(struct pfl_asv_file *file)
{
    if (*file->env_name)
        return file->env_name;
    if (*file->file_env)
        return file->file_env;
    return *file->python
               ? pfl_build_keep(&file->asv->build,
                                pfl_arena_format(&file->asv->build.arena, "py%s", file->python))
               : "";
}

static int fill(struct pfl_asv_file *file, struct pfl_err *err)
{
    const char *env = environment_of(file);
    struct pfl_build *build = &file->asv->build;
    struct giving g = {.file = file, .suite = ""};
    size_t n = 0, values = 0, i;
    struct pfl_benchmark *benchmarks;

    if (!fill_run(file, env))
        return pfl_err_no_memory(err);
    for (i = 0; i < file->rows.n; i++)
        n += file->rows.at[i].shape->n;
    for (i = 0; i < file->states.n; i++)
        values += file->states.at[i] == PFL_ASV_VALUE;
    if (!pfl_asv_rank(file->asv))
        return pfl_err_no_memory(err);
    if (file->rows.n > 1)
        qsort(file->rows.at, file->rows.n, sizeof *file->rows.at, by_rank);
    file->variant = pfl_build_keep(build, file->variant);
    benchmarks = g.benchmark = pfl_arena_array(&build->arena, n, sizeof *benchmarks);
    g.result = pfl_arena_array(&build->arena, values, sizeof *g.result);
    if (!g.benchmark || !g.result)
        return pfl_err_no_memory(err);
    for (i = 0; i < file->rows.n; i++) {
        const struct pfl_asv_row *row = &file->rows.at[i];

        g.metric = pfl_build_keep(build, row->bench->kind.metric);
        g.unit = pfl_build_keep(build, row->bench->kind.unit);
        g.definition = definition_of(file, row, env);
        if (!g.definition || !fill_row(&g, row))
            return pfl_err_no_memory(err);
    }
    pfl_build_take(build, benchmarks, (size_t)(g.benchmark - benchmarks));
    return PFL_OK;
}

int pfl_asv_give(struct pfl_asv_file *file, struct pfl_err *err)
{
    int rc = fill(file, err);

    file->asv->counts.files += file->rows.n > 0;
    return rc < 0 ? rc : pfl_build_end(&file->asv->build, err);
}
