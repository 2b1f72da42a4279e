/* The order of launches: rounds, each a random permutation of the benchmarks that still want one.
 */
#ifndef PFL_MEASURE_ORDER_H
#define PFL_MEASURE_ORDER_H

#include "stats/stats.h"

#include <stdbool.h>

struct pfl_order {
    struct pfl_random random;
    uint32_t *items; /* this round's benchmarks in their order */
    size_t n;
};

/* items: room for as many as there are benchmarks, borrowed. */
void pfl_order_init(struct pfl_order *order, uint64_t seed, uint32_t *items);

/* The next round over those of `count` that `wants` answers true for; false when there are none. */
bool pfl_order_next_round(struct pfl_order *order, size_t count,
                          bool (*wants)(void *context, size_t item), void *context);

#endif
