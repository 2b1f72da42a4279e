/*
 * What a comparison and a race are made of: the median, Hodges and Lehmann's estimate, the rank
 * test, the summary of a metric, and the bounds of sequential looks. Values are lognormal, as
 * launches are.
 */
#include "stats/sequential.h"
#include "stats/tests.h"

#include <perfledger/perfledger.h>

#include <math.h>
#include <string.h>

enum { LONGEST = 1000, POOL = 16384 };

struct samples {
    double base[POOL], head[POOL];
    size_t n, at;
};

static struct samples *samples(struct pfl_bench *b)
{
    static struct samples s;
    size_t i;

    s.n = (size_t)pfl_arg_int(b, "n");
    s.at = 0;
    for (i = 0; i < POOL; i++) {
        s.base[i] = exp(0.02 * pfl_stats_normal_quantile(pfl_rand_unit(b) + 0x1p-54));
        s.head[i] = 1.01 * exp(0.02 * pfl_stats_normal_quantile(pfl_rand_unit(b) + 0x1p-54));
    }
    return &s;
}

/* Where the next iteration's n values begin. 37 is prime to the number of places. */
static size_t next(struct samples *s)
{
    s->at = (s->at + 37) & (POOL / 2 - 1);
    return s->at;
}

PFL_BENCH_ARGS(median, PFL_GROUP("stats"), PFL_ARGS(n, 10, 100, 1000), PFL_COMPLEXITY(n))
{
    struct samples *s = samples(b);
    double values[LONGEST], median = 0;

    PFL_LOOP(b)
    {
        memcpy(values, s->base + next(s), s->n * sizeof *values);
        pfl_stats_sort(values, s->n);
        median = pfl_stats_median_sorted(values, s->n);
        pfl_keep(median);
    }
    pfl_validate(median > values[0] && median < values[s->n - 1], "it is no median");
    pfl_items(b, (double)s->n);
}

PFL_BENCH_ARGS(hodges_lehmann, PFL_GROUP("stats"), PFL_ARGS(n, 10, 100, 1000), PFL_COMPLEXITY(n))
{
    struct samples *s = samples(b);
    struct pfl_interval got = {0};

    PFL_LOOP(b)
    {
        pfl_stats_hodges_lehmann(s->base + next(s), s->n, 0.95, &got, NULL);
        pfl_keep(got.low);
    }
    pfl_validate(got.low < got.estimate && got.estimate < got.high, "it is no interval");
}

static struct pfl_two_samples two_samples(struct samples *s)
{
    size_t at = next(s);

    return (struct pfl_two_samples){s->base + at, s->head + at, s->n, s->n};
}

PFL_BENCH_ARGS(shift, PFL_GROUP("stats"), PFL_ARGS(n, 10, 100, 1000), PFL_COMPLEXITY(n))
{
    struct samples *s = samples(b);
    struct pfl_interval got = {0};

    PFL_LOOP(b)
    {
        struct pfl_two_samples two = two_samples(s);

        pfl_stats_hodges_lehmann_shift(&two, 0.95, &got, NULL);
        pfl_keep(got.low);
    }
    pfl_validate(got.low < got.estimate && got.estimate < got.high, "it is no interval");
}

PFL_BENCH_ARGS(rank_test, PFL_GROUP("stats"), PFL_ARGS(n, 10, 100, 1000))
{
    struct samples *s = samples(b);
    struct pfl_test test = {0};

    PFL_LOOP(b)
    {
        struct pfl_two_samples two = two_samples(s);

        pfl_stats_mann_whitney(&two, &test, NULL);
        pfl_keep(test.p);
    }
    pfl_validate(test.p > 0 && test.p <= 1, "it is no probability");
}

PFL_BENCH_ARGS(summarise, PFL_GROUP("stats"), PFL_ARGS(n, 10, 100, 1000), PFL_ALLOCATIONS)
{
    struct samples *s = samples(b);
    struct pfl_summary summary = {0};

    PFL_LOOP(b)
    {
        pfl_stats_summarise(s->base + next(s), s->n, &summary, NULL);
        pfl_keep(summary.median);
    }
    pfl_validate(summary.ci_low <= summary.median && summary.median <= summary.ci_high,
                 "it is no interval");
}

/* A race looks at its pairs this often while it runs. */
PFL_BENCH_ARGS(looks, PFL_GROUP("stats"), PFL_ARGS(n, 10, 40))
{
    int n = (int)pfl_arg_int(b, "n");
    double bound = 0;

    PFL_LOOP(b)
    {
        struct pfl_looks *looks = pfl_looks_new(PFL_SPENDING_OBRIEN_FLEMING, 0.01, 2, NULL);
        int i;

        for (i = 1; i <= n; i++)
            pfl_looks_next(looks, (double)i / n, &bound, NULL);
        pfl_looks_free(looks);
        pfl_keep(bound);
    }
    pfl_validate(bound > 2 && bound < 4, "the last bound is none of 1 %");
    pfl_items(b, n);
}
