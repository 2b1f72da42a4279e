/*
 * The error against a reference implementation.
 *
 * One pass over the elements. What is not a number or infinite is decided by its bits, because a
 * program (and with it the one-file form of this library) may be compiled with -ffast-math, where
 * the compiler takes NaN and infinities for impossible. Sums of squares are kept scaled by the
 * largest term (the classic dnrm2 of BLAS, Lawson et al., 1979), so that neither 1e200 nor 1e-200
 * is lost. Units in the last place: numbers of one sign are ordered as the integers of their bits
 * are; the negative ones are turned round so that −0 and +0 are the same place and counting goes
 * across zero.
 */
#include "internal.h"

#include <math.h>
#include <string.h>

enum accuracy_measure {
    ACCURACY_MAX_ABS,
    ACCURACY_MAX_REL,
    ACCURACY_RMS,
    ACCURACY_REL_L2,
    ACCURACY_MAX_ULP,
    ACCURACY_UNKNOWN
};

static const char *const accuracy_names[] = {"max_abs", "max_rel", "rms", "rel_l2", "max_ulp"};

/* Either doubles or floats. */
struct accuracy_values {
    const double *got, *reference;
    const float *got_float, *reference_float;
    size_t n;
};

struct accuracy_norm {
    double scale, sum; /* scale² · sum */
};

struct accuracy_result {
    double largest;
    struct accuracy_norm difference, reference;
    bool bad; /* one side is not finite and the other differs */
    size_t bad_at;
};

static double accuracy_infinity(void)
{
    const uint64_t bits = UINT64_C(0x7ff0000000000000);
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static void accuracy_add(struct accuracy_norm *norm, double value)
{
    value = fabs(value);
    if (value == 0)
        return;
    if (value > norm->scale) {
        norm->sum = 1 + norm->sum * (norm->scale / value) * (norm->scale / value);
        norm->scale = value;
    } else {
        norm->sum += (value / norm->scale) * (value / norm->scale);
    }
}

static uint64_t accuracy_place(double value)
{
    const uint64_t sign = UINT64_C(1) << 63;
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits & sign ? sign - (bits & ~sign) : sign + bits;
}

static uint64_t accuracy_place_float(float value)
{
    const uint32_t sign = UINT32_C(1) << 31;
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits & sign ? sign - (bits & ~sign) : (uint64_t)sign + bits;
}

static double accuracy_ulps(const struct accuracy_values *v, size_t i)
{
    const uint64_t a = v->got ? accuracy_place(v->got[i]) : accuracy_place_float(v->got_float[i]);
    const uint64_t b =
        v->got ? accuracy_place(v->reference[i]) : accuracy_place_float(v->reference_float[i]);

    return (double)(a > b ? a - b : b - a);
}

static double accuracy_ratio(double difference, double reference, double got)
{
    if (difference == 0)
        return 0;
    return reference == 0 ? fabs(got) : difference / fabs(reference);
}

/* NaN on both sides, or the same infinity, is equal; else one that is not finite is bad. */
static bool accuracy_same_special(double got, double reference, bool *special)
{
    *special = !pfl_lib_is_finite(got) || !pfl_lib_is_finite(reference);
    if (!*special)
        return false;
    if (pfl_lib_is_nan(got) || pfl_lib_is_nan(reference))
        return pfl_lib_is_nan(got) && pfl_lib_is_nan(reference);
    return accuracy_place(got) == accuracy_place(reference);
}

static struct accuracy_result accuracy_compare(enum accuracy_measure measure,
                                               const struct accuracy_values *v)
{
    struct accuracy_result result = {0};
    size_t i;

    for (i = 0; i < v->n; i++) {
        const double got = v->got ? v->got[i] : (double)v->got_float[i];
        const double reference = v->got ? v->reference[i] : (double)v->reference_float[i];
        double error = fabs(got - reference);
        bool special;

        if (accuracy_same_special(got, reference, &special))
            continue;
        if (special) {
            result.bad = true;
            result.bad_at = i;
            break;
        }
        accuracy_add(&result.difference, error);
        accuracy_add(&result.reference, reference);
        if (measure == ACCURACY_MAX_REL)
            error = accuracy_ratio(error, reference, got);
        else if (measure == ACCURACY_MAX_ULP)
            error = accuracy_ulps(v, i);
        if (error > result.largest)
            result.largest = error;
    }
    return result;
}

static double accuracy_norm_of(const struct accuracy_norm *norm)
{
    return norm->scale * sqrt(norm->sum);
}

static double accuracy_of(enum accuracy_measure measure, const struct accuracy_values *v,
                          const struct accuracy_result *result)
{
    if (result->bad)
        return accuracy_infinity();
    if (measure == ACCURACY_RMS)
        return result->difference.scale * sqrt(result->difference.sum / (double)v->n);
    if (measure == ACCURACY_REL_L2)
        return accuracy_norm_of(&result->difference) /
               (result->reference.scale > 0 ? accuracy_norm_of(&result->reference) : 1);
    return result->largest;
}

static enum accuracy_measure accuracy_find(const char *measure)
{
    int i;

    for (i = 0; measure && i < ACCURACY_UNKNOWN; i++)
        if (strcmp(accuracy_names[i], measure) == 0)
            return (enum accuracy_measure)i;
    return ACCURACY_UNKNOWN;
}

/* Something that must be right before anything is compared. */
static bool accuracy_usable(struct pfl_bench *b, const char *measure,
                            const struct accuracy_values *v)
{
    if (!b)
        pfl_lib_warn("pfl_parity() without a benchmark: nothing is recorded");
    else if (pfl_lib_in_loop())
        pfl_fail(b, "pfl_parity() inside PFL_LOOP: it would be timed; compare after the loop");
    else if (accuracy_find(measure) == ACCURACY_UNKNOWN)
        pfl_fail(b,
                 "pfl_parity(): no measure is called \"%.60s\"; there are max_abs, max_rel, rms, "
                 "rel_l2, max_ulp",
                 measure ? measure : "(null)");
    else if (v->n == 0)
        pfl_fail(b, "pfl_parity(\"%s\") of 0 elements: nothing was compared", measure);
    else if ((!v->got || !v->reference) && (!v->got_float || !v->reference_float))
        pfl_fail(b, "pfl_parity(\"%s\"): the results or the reference are NULL", measure);
    else
        return true;
    return false;
}

static void accuracy_say_bad(struct pfl_bench *b, const struct accuracy_values *v, size_t i)
{
    pfl_fail(b, "parity: element %zu is %g where the reference has %g", i,
             v->got ? v->got[i] : (double)v->got_float[i],
             v->got ? v->reference[i] : (double)v->reference_float[i]);
}

static double accuracy_record(struct pfl_bench *b, const char *measure,
                              const struct accuracy_values *v)
{
    struct pfl_lib_metric metric = {.name = "parity_error",
                                    .variant = measure,
                                    .unit = "1",
                                    .better = PFL_LOWER_IS_BETTER,
                                    .keep_largest = true};
    struct accuracy_result result;
    enum accuracy_measure which;

    if (!accuracy_usable(b, measure, v))
        return accuracy_infinity();
    which = accuracy_find(measure);
    result = accuracy_compare(which, v);
    metric.value = accuracy_of(which, v, &result);
    if (result.bad)
        accuracy_say_bad(b, v, result.bad_at);
    else if (!pfl_lib_is_finite(metric.value))
        pfl_fail(b, "parity: %s is beyond the largest double", measure);
    else
        pfl_lib_bench_metric(b, &metric);
    return metric.value;
}

double pfl_parity(struct pfl_bench *b, const char *measure, const double *got,
                  const double *reference, size_t n)
{
    const struct accuracy_values v = {.got = got, .reference = reference, .n = n};

    return accuracy_record(b, measure, &v);
}

double pfl_parity_float(struct pfl_bench *b, const char *measure, const float *got,
                        const float *reference, size_t n)
{
    const struct accuracy_values v = {.got_float = got, .reference_float = reference, .n = n};

    return accuracy_record(b, measure, &v);
}
