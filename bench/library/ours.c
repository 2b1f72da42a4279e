/* libperfledger's side of ./dev bench library. */
#include "kernels.h"

#include <perfledger/bench.h>

#include <math.h>
#include <time.h>

PFL_BENCH_ARGS(empty, PFL_TAGS("empty"))
{
    PFL_LOOP(b)
    {
        pfl_keep(0);
    }
}

PFL_BENCH(known)
{
    uint64_t x = 1;

    PFL_LOOP(b)
    {
        x = library_known(x);
        pfl_keep(x);
    }
}

/* What a pair really takes is seen from outside: by a clock around whole batches. The least counts.
 */
struct pairs {
    double began_ns, least_ns;
};

static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static void before(void *context, uint64_t iterations)
{
    struct pairs *pairs = context;

    (void)iterations;
    pairs->began_ns = now_ns();
}

static void after(void *context, uint64_t iterations)
{
    struct pairs *pairs = context;

    if (iterations >= 1000)
        pairs->least_ns = fmin(pairs->least_ns, (now_ns() - pairs->began_ns) / (double)iterations);
}

PFL_BENCH(pause)
{
    struct pairs pairs = {0, INFINITY};

    pfl_each_batch(b, before, after, &pairs);
    PFL_LOOP(b)
    {
        pfl_pause(b);
        pfl_resume(b);
    }
    pfl_metric(b, "pair", 1e-9 * pairs.least_ns, "s", PFL_LOWER_IS_BETTER);
}

PFL_BENCH(chain)
{
    uint64_t x = 1;

    PFL_LOOP(b)
    {
        x = library_chain(x);
        pfl_keep(x);
    }
}

PFL_BENCH(parser)
{
    PFL_LOOP(b)
    {
        pfl_keep(library_parse(library_text));
    }
}

PFL_BENCH(memory)
{
    uint64_t at = 0;

    library_chase_init();
    PFL_LOOP(b)
    {
        at = library_chase(at);
        pfl_keep(at);
    }
}

PFL_MAIN()
