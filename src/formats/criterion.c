/*
 * criterion.rs: what becomes of its numbers, whichever form they come in.
 *
 * A sample is a batch: its total divided by its iterations is the time of one iteration, in flat
 * and in linear sampling alike. Criterion's own point estimate in linear sampling is the slope of a
 * regression; the samples say more, so they are what is kept, and estimates stand only where there
 * are no samples. Criterion measures in ns unless a benchmark has a measurement of its own, whose
 * unit only cargo-criterion writes down.
 */
#include "formats/criterion.h"

#include "formats/fields.h"

#include <math.h>
#include <string.h>

struct pfl_criterion_work pfl_criterion_no_work(void)
{
    return (struct pfl_criterion_work){NAN, NAN, NAN};
}

struct pfl_criterion_estimates pfl_criterion_no_estimates(void)
{
    static const struct pfl_criterion_estimate none = {NAN, NAN, NAN, NAN};

    return (struct pfl_criterion_estimates){none, none, none, NAN};
}

/* The result at hand becomes that of the unit; true: it is a duration. */
static bool begin_result(struct pfl_build *b, const char *unit)
{
    const char *stored;
    double factor;

    if (pfl_build_unit(unit, &stored, &factor) && strcmp(stored, "s") == 0) {
        pfl_build_result(b, "time", "", unit);
        return true;
    }
    pfl_build_result(b, *unit ? unit : "value", "", unit);
    pfl_build_better(b, PFL_BETTER_LOWER);
    return false;
}

static double per_iteration(const struct pfl_criterion_samples *s, size_t i)
{
    double value = s->times->at[i] / s->iters->at[i];

    return s->iters->at[i] > 0 ? value : (double)NAN;
}

static void give_rate(struct pfl_build *b, const struct pfl_criterion_samples *s, double work,
                      const char *variant, const char *unit)
{
    const char *stored;
    double factor;
    size_t i;

    if (!(work > 0))
        return;
    pfl_build_unit(s->unit, &stored, &factor);
    pfl_build_result(b, "throughput", variant, unit);
    for (i = 0; i < s->times->n; i++)
        pfl_build_value(b, work / (per_iteration(s, i) * factor));
}

void pfl_criterion_give_samples(struct pfl_build *b, const struct pfl_criterion_samples *s)
{
    const struct pfl_criterion_work *work = s->work;
    bool both = work->bytes > 0 && work->elements > 0, duration = begin_result(b, s->unit);
    size_t i;

    for (i = 0; i < s->times->n; i++)
        pfl_build_value(b, per_iteration(s, i));
    if (!duration)
        return;
    give_rate(b, s, work->bytes, "", "B/s");
    give_rate(b, s, work->elements, both ? "elements" : "", "elem/s");
    give_rate(b, s, work->bits, "", "bit/s");
}

static bool is_known(const struct pfl_criterion_estimate *e)
{
    return isfinite(e->point);
}

bool pfl_criterion_give_estimates(struct pfl_build *b, const struct pfl_criterion_estimates *e,
                                  const char *unit)
{
    const struct pfl_criterion_estimate *location = is_known(&e->median)    ? &e->median
                                                    : is_known(&e->typical) ? &e->typical
                                                                            : &e->mean;
    struct pfl_summary summary = pfl_summary_none();

    if (!is_known(location))
        return false;
    summary.median = location->point;
    summary.ci_low = location->low;
    summary.ci_high = location->high;
    summary.mean = e->mean.point;
    summary.stddev = e->stddev;
    begin_result(b, unit);
    pfl_build_summary(b, &summary);
    return true;
}
