/*
 * A program that has functions of its own under the names that libperfledger uses inside
 * (perfledger's benchmark programs are such: they link src/ as well). It must link, and each side
 * must get its own.
 */
#include <perfledger/perfledger.h>

#include <stdlib.h>

void pfl_stats_sort(double *values, size_t n);
void pfl_stats_sort(double *values, size_t n)
{
    (void)values;
    (void)n;
    abort();
}
double pfl_stats_median_sorted(const double *sorted, size_t n);
double pfl_stats_median_sorted(const double *sorted, size_t n)
{
    (void)sorted;
    (void)n;
    abort();
}
uint64_t pfl_random_next(void *state);
uint64_t pfl_random_next(void *state)
{
    (void)state;
    abort();
}
void pfl_lib_warn(const char *format, ...);
void pfl_lib_warn(const char *format, ...)
{
    (void)format;
    abort();
}

PFL_BENCH(mine)
{
    uint64_t x = pfl_rand(b);

    PFL_LOOP(b)
    {
        pfl_keep(x);
    }
    if (x == 0) { /* never; but the linker must find all four */
        pfl_stats_sort(NULL, 0);
        pfl_lib_warn("%g %d", pfl_stats_median_sorted(NULL, 0), (int)pfl_random_next(NULL));
    }
}
PFL_MAIN()
