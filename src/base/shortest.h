/*
 * Double to the shortest decimal that reads back to it, without printf and strtod: ten times their
 * speed, and no locale.
 */
#ifndef PFL_BASE_SHORTEST_H
#define PFL_BASE_SHORTEST_H

#include <stdint.h>

/* value > 0, finite: it is the double nearest to digits × 10^exponent; of all decimals of which
 * that is true the answer has the fewest digits (17 at most, no zero at the end) and is the nearest
 * to value of these. */
uint64_t pfl_shortest(double value, int *exponent);

#endif
