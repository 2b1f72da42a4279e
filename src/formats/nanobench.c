/*
 * nanobench's JSON (templates::json(), and what people make of it: the template is theirs to edit,
 * so every part but the elapsed time may be missing, and the list may be the whole document).
 *
 * An epoch is a sample. `elapsed` and the counters are per iteration already (Result::add divides
 * by the iterations, not by the batch), in seconds; the table on the terminal divides by the batch
 * too. Kept is what the file says, the time of an iteration; a batch or a unit of its own makes a
 * throughput in that unit besides. elapsedms, elapsedus and elapsedns are the same in other units.
 *
 * A counter that the machine could not read is written as 0: where instructions, cycles and
 * branches are all 0, none of the counters was read. A benchmark with complexityN comes once per N
 * under one name: N is a parameter and part of the name. Without measurements the median stands,
 * with an interval made from the median absolute error, which is half of the quartiles' distance
 * where the distribution is symmetric.
 *
 * Numbers are printed by C++ streams: nan, -nan, inf are words here (the JSON reader takes them).
 */
#include "base/units.h"
#include "formats/fields.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum counter {
    INSTRUCTIONS,
    CYCLES,
    BRANCHES,
    BRANCH_MISSES,
    PAGE_FAULTS,
    CONTEXT_SWITCHES,
    COUNTERS
};
static const char *const metric_of[COUNTERS] = {
    [INSTRUCTIONS] = "instructions", [CYCLES] = "cycles",
    [BRANCHES] = "branches",         [BRANCH_MISSES] = "branch_misses",
    [PAGE_FAULTS] = "page_faults",   [CONTEXT_SWITCHES] = "context_switches",
};

struct epoch {
    double seconds, ms, us, ns, counts[COUNTERS];
};
PFL_VEC(epochs, struct epoch);

struct entry {
    const char *title, *name, *unit;
    double batch, complexity, epoch_count, counts[COUNTERS];
    struct epoch median, error, mean, low, high; /* of the elapsed time; of counts: the medians */
    struct epochs epochs;
    int line, column;
};

static const struct epoch no_epoch = {NAN, NAN, NAN, NAN, {NAN, NAN, NAN, NAN, NAN, NAN}};

#define ELAPSED(prefix, suffix, member)                                                            \
    PFL_FIELD_NUMBER(prefix "elapsed" suffix, struct entry, member.seconds),                       \
        PFL_FIELD_NUMBER(prefix "elapsedms" suffix, struct entry, member.ms),                      \
        PFL_FIELD_NUMBER(prefix "elapsedus" suffix, struct entry, member.us),                      \
        PFL_FIELD_NUMBER(prefix "elapsedns" suffix, struct entry, member.ns)

/* ---- reading ---- */

static int read_epoch(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_NUMBER("elapsed", struct epoch, seconds),
        PFL_FIELD_NUMBER("elapsedms", struct epoch, ms),
        PFL_FIELD_NUMBER("elapsedus", struct epoch, us),
        PFL_FIELD_NUMBER("elapsedns", struct epoch, ns),
        PFL_FIELD_NUMBER("instructions", struct epoch, counts[INSTRUCTIONS]),
        PFL_FIELD_NUMBER("cpucycles", struct epoch, counts[CYCLES]),
        PFL_FIELD_NUMBER("branchinstructions", struct epoch, counts[BRANCHES]),
        PFL_FIELD_NUMBER("branchmisses", struct epoch, counts[BRANCH_MISSES]),
        PFL_FIELD_NUMBER("pagefaults", struct epoch, counts[PAGE_FAULTS]),
        PFL_FIELD_NUMBER("contextswitches", struct epoch, counts[CONTEXT_SWITCHES]),
        {0},
    };
    struct epochs *epochs = record;
    struct epoch epoch = no_epoch;
    int rc = pfl_fields_read_at(f, fields, &epoch, err);

    return rc < 0 || pfl_vec_push(epochs, &epoch) ? rc : pfl_err_no_memory(err);
}

static int read_epochs(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return pfl_fields_each(f, read_epoch, &((struct entry *)record)->epochs, err);
}

/* ---- giving ---- */

/* The one unit in which there are times; values come through `pick`. */
static const char *unit_of(const struct epoch *e)
{
    return !isnan(e->seconds) ? "s"
           : !isnan(e->ms)    ? "ms"
           : !isnan(e->us)    ? "us"
           : !isnan(e->ns)    ? "ns"
                              : NULL;
}

static double in_unit(const struct epoch *e, const char *unit)
{
    switch (unit[0]) {
    case 'm': return e->ms;
    case 'u': return e->us;
    case 'n': return e->ns;
    default: return e->seconds;
    }
}

static const char *unit_of_epochs(const struct epochs *epochs)
{
    const char *unit = NULL;
    size_t i;

    for (i = 0; i < epochs->n && !unit; i++)
        unit = unit_of(&epochs->at[i]);
    return unit;
}

static void give_rate(struct pfl_build *b, const struct entry *e, const char *unit)
{
    bool plain = !*e->unit || strcmp(e->unit, "op") == 0;
    const char *rate = plain ? "1/s" : pfl_arena_format(&b->arena, "%s/s", e->unit);
    const char *stored;
    double factor;
    size_t i;

    if (!(e->batch > 0) || (e->batch == 1 && plain))
        return;
    pfl_build_unit(unit, &stored, &factor);
    pfl_build_result(b, "throughput", "", rate ? rate : "1/s");
    for (i = 0; i < e->epochs.n; i++)
        pfl_build_value(b, e->batch / (in_unit(&e->epochs.at[i], unit) * factor));
}

static bool counted(const struct entry *e)
{
    bool any = false;
    size_t i;
    int k;

    for (k = INSTRUCTIONS; k <= BRANCHES; k++) {
        any = any || e->counts[k] > 0;
        for (i = 0; i < e->epochs.n; i++)
            any = any || e->epochs.at[i].counts[k] > 0;
    }
    return any;
}

static bool has_counter(const struct entry *e, int k)
{
    bool hardware = k <= BRANCHES;
    bool any = false;
    size_t i;

    for (i = 0; i < e->epochs.n; i++)
        any = any || (hardware ? e->epochs.at[i].counts[k] > 0 : !isnan(e->epochs.at[i].counts[k]));
    return any;
}

static void give_counters(struct pfl_build *b, const struct entry *e)
{
    struct pfl_summary summary;
    size_t i;
    int k;

    for (k = 0; k < COUNTERS && counted(e); k++) {
        summary = pfl_summary_none();
        summary.median = e->counts[k];
        if (has_counter(e, k)) {
            pfl_build_result(b, metric_of[k], "", "1");
            for (i = 0; i < e->epochs.n; i++)
                pfl_build_value(b, e->epochs.at[i].counts[k]);
        } else if (e->epochs.n == 0 &&
                   (k <= BRANCHES ? summary.median > 0 : !isnan(summary.median))) {
            pfl_build_result(b, metric_of[k], "", "1");
            pfl_build_summary(b, &summary);
        } else {
            continue;
        }
        if (k == CYCLES || k == BRANCHES || k == BRANCH_MISSES)
            pfl_build_better(b, PFL_BETTER_LOWER);
    }
}

static void give_summary(struct pfl_fields *f, const struct entry *e, const char *unit)
{
    struct pfl_summary summary = pfl_summary_none();
    double spread;

    summary.median = in_unit(&e->median, unit);
    summary.mean = in_unit(&e->mean, unit);
    summary.min = in_unit(&e->low, unit);
    summary.max = in_unit(&e->high, unit);
    summary.n = e->epoch_count >= 1 && e->epoch_count < 1e9 ? (size_t)e->epoch_count : 0;
    spread = in_unit(&e->error, unit_of(&e->error) ? unit_of(&e->error) : "s") * summary.median;
    summary.q1 = summary.median - spread;
    summary.q3 = summary.median + spread;
    pfl_build_interval_of_quartiles(&summary, &summary.ci_low, &summary.ci_high);
    summary.q1 = summary.q3 = NAN; /* not the file's */
    pfl_build_summary(f->build, &summary);
    ++*(size_t *)f->context;
}

/* NAME, NAME[complexityN=8]; a name under two titles: the second with its title in front. */
static const char *name_of(struct pfl_build *b, const struct entry *e)
{
    const char *name = *e->name ? e->name : e->title;
    char number[PFL_UNITS_NUMBER_MAX];

    if (e->complexity > 0) {
        pfl_units_number_text(number, e->complexity);
        name = pfl_arena_format(&b->arena, "%s[complexityN=%s]", name, number);
    }
    if (name && *e->title && pfl_map_get(&b->names, name))
        name = pfl_arena_format(&b->arena, "%s/%s", e->title, name);
    return pfl_build_keep(b, name);
}

static void give(struct pfl_fields *f, struct entry *e)
{
    const char *unit = unit_of_epochs(&e->epochs);
    struct pfl_build *b = f->build;
    char number[PFL_UNITS_NUMBER_MAX];
    size_t i;

    if (!*e->name && !*e->title) {
        pfl_build_warn_at(b, e->line, e->column, "a benchmark without a name is left out");
        return;
    }
    pfl_build_benchmark(b, name_of(b, e));
    pfl_build_group(b, e->title);
    if (e->complexity > 0) {
        pfl_units_number_text(number, e->complexity);
        pfl_build_param(b, "complexityN", number);
    }
    if (unit) {
        pfl_build_result(b, "time", "", unit);
        for (i = 0; i < e->epochs.n; i++)
            pfl_build_value(b, in_unit(&e->epochs.at[i], unit));
        give_rate(b, e, unit);
    } else if ((unit = unit_of(&e->median)) || (unit = unit_of(&e->mean))) {
        pfl_build_result(b, "time", "", unit);
        give_summary(f, e, unit);
    } else {
        pfl_build_warn_at(b, e->line, e->column,
                          "%s has no elapsed time, neither measured nor as a median", e->name);
    }
    give_counters(b, e);
}

static int read_entry(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("title", struct entry, title),
        PFL_FIELD_TEXT("name", struct entry, name),
        PFL_FIELD_TEXT("unit", struct entry, unit),
        PFL_FIELD_NUMBER("batch", struct entry, batch),
        PFL_FIELD_NUMBER("complexityN", struct entry, complexity),
        PFL_FIELD_NUMBER("epochs", struct entry, epoch_count),
        ELAPSED("median(", ")", median),
        ELAPSED("medianAbsolutePercentError(", ")", error),
        ELAPSED("average(", ")", mean),
        ELAPSED("minimum(", ")", low),
        ELAPSED("maximum(", ")", high),
        PFL_FIELD_NUMBER("median(instructions)", struct entry, counts[INSTRUCTIONS]),
        PFL_FIELD_NUMBER("median(cpucycles)", struct entry, counts[CYCLES]),
        PFL_FIELD_NUMBER("median(branchinstructions)", struct entry, counts[BRANCHES]),
        PFL_FIELD_NUMBER("median(branchmisses)", struct entry, counts[BRANCH_MISSES]),
        PFL_FIELD_NUMBER("median(pagefaults)", struct entry, counts[PAGE_FAULTS]),
        PFL_FIELD_NUMBER("median(contextswitches)", struct entry, counts[CONTEXT_SWITCHES]),
        PFL_FIELD_CALL("measurements", read_epochs),
        {0},
    };
    struct entry e = {.title = "",
                      .name = "",
                      .unit = "",
                      .batch = NAN,
                      .complexity = NAN,
                      .epoch_count = NAN,
                      .counts = {NAN, NAN, NAN, NAN, NAN, NAN},
                      .median = no_epoch,
                      .error = no_epoch,
                      .mean = no_epoch,
                      .low = no_epoch,
                      .high = no_epoch,
                      .line = f->json->line,
                      .column = f->json->column};
    int rc = pfl_fields_read_at(f, fields, &e, err);

    (void)record;
    if (rc >= 0)
        give(f, &e);
    pfl_vec_release(&e.epochs);
    return rc;
}

static int read_results(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return pfl_fields_each(f, read_entry, record, err);
}

static int finish(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    (void)record;
    (void)err;
    if (*(size_t *)f->context)
        pfl_build_warn(f->build, NULL,
                       "%zu benchmarks have no measurements: their medians stand, with intervals "
                       "made from the median absolute error",
                       *(size_t *)f->context);
    return PFL_OK;
}

static int read(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                struct pfl_err *err)
{
    static const struct pfl_field fields[] = {PFL_FIELD_CALL("results", read_results), {0}};
    size_t by_median = 0;
    const struct pfl_fields_file file = {.fields = fields,
                                         .each = read_entry,
                                         .context = &by_median,
                                         .tool = "nanobench",
                                         .finish = finish};

    return pfl_fields_read_file(input, sink, &file, err);
}

static int recognise(const struct pfl_format_probe *probe)
{
    static const char *const marks[] = {
        "measurements[].elapsed",   "measurements[].elapsedns", "measurements[].elapsedus",
        "measurements[].elapsedms", "median(elapsed)",          "median(elapsedns)",
        "median(elapsedus)",        "median(elapsedms)",        "average(elapsed)",
        "minimum(elapsed)",
    };
    char path[64];
    size_t i;

    for (i = 0; i < PFL_COUNT(marks); i++) {
        snprintf(path, sizeof path, "results[].%s", marks[i]);
        if (pfl_format_has(probe, path) || pfl_format_has(probe, path + strlen("results")))
            return 2;
    }
    return 0;
}

const struct pfl_format pfl_format_nanobench = {
    .name = "nanobench",
    .title = "nanobench JSON",
    .sought =
        "list, or \"results\" list, whose entries have \"median(elapsed)\" or \"measurements\"",
    .recognise = recognise,
    .read = read,
};
