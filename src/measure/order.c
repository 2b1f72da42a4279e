/*
 * Interleaving. A machine gets faster and slower over minutes; measuring one benchmark after the
 * other turns that into differences between benchmarks. So every round launches each of them once,
 * in an order drawn anew from a seeded generator: drift falls on all alike, and none always runs
 * behind the same neighbour. The same seed, the same order.
 */
#include "measure/order.h"

void pfl_order_init(struct pfl_order *order, uint64_t seed, uint32_t *items)
{
    pfl_random_seed(&order->random, seed);
    order->items = items;
    order->n = 0;
}

bool pfl_order_next_round(struct pfl_order *order, size_t count,
                          bool (*wants)(void *context, size_t item), void *context)
{
    size_t i;

    order->n = 0;
    for (i = 0; i < count; i++)
        if (wants(context, i))
            order->items[order->n++] = (uint32_t)i;
    pfl_random_shuffle(&order->random, order->items, order->n);
    return order->n > 0;
}
