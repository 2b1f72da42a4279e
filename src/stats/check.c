/*
 * The gate in front of every estimator and test that can refuse its input. Nothing numeric is
 * decided here but one limit: values up to a quarter of the largest double, so that a difference of
 * differences is still finite and no algorithm behind this gate ever meets an infinity or a NaN
 * (both would make comparisons lie silently).
 *
 * NaN is refused rather than dropped: dropping one value of a pair, or one of a series, changes
 * what the others mean, and only the caller knows what that is.
 */
#include "stats/check.h"

#include "base/alloc.h"
#include "stats/location.h"

#include <float.h>
#include <math.h>
#include <string.h>

const double pfl_stats_largest = DBL_MAX / 4;

int pfl_stats_check_values(const double *values, size_t n, const char *doing, struct pfl_err *err)
{
    size_t i;

    if (n == 0)
        return pfl_err_set(err, PFL_EINVAL,
                           "%s has no values to work on; it needs at least one in each sample",
                           doing);
    for (i = 0; i < n; i++)
        if (!(fabs(values[i]) <= pfl_stats_largest))
            return pfl_err_set(err, PFL_EINVAL,
                               "%s cannot use value %zu of %zu: it is %g, which is no finite "
                               "measurement; leave it out first",
                               doing, i + 1, n, values[i]);
    return PFL_OK;
}

int pfl_stats_check_share(double share, const char *name, const char *doing, struct pfl_err *err)
{
    if (share > 0 && share < 1)
        return PFL_OK;
    return pfl_err_set(err, PFL_EINVAL, "%s needs a %s between 0 and 1, not %g", doing, name,
                       share);
}

int pfl_stats_take_sorted(const double *values, size_t n, double **sorted, struct pfl_err *err)
{
    double *copy = n > SIZE_MAX / sizeof *copy ? NULL : pfl_alloc(n * sizeof *copy);

    if (!copy)
        return pfl_err_no_memory(err);
    memcpy(copy, values, n * sizeof *copy);
    pfl_stats_sort(copy, n);
    *sorted = copy;
    return PFL_OK;
}
