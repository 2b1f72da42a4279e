/*
 * The spinner: one chain of dependent steps (xor-shift, then multiply by the constant of Knuth's
 * MMIX generator) that no compiler can shorten and no cache or branch predictor can disturb. What
 * varies between two runs of it is the machine: its clock, its scheduler, its neighbours.
 */
#include "sys/launcher/spin.h"

#include <stdint.h>

static volatile uint64_t sink;

void launcher_spin(char *const *argv)
{
    uint64_t steps = 0, x = 1;
    const char *digit;

    if (!argv[0] || !argv[1])
        return;
    for (digit = argv[1]; *digit >= '0' && *digit <= '9'; digit++)
        steps = steps * 10 + (uint64_t)(*digit - '0');
    for (; steps > 0; steps--)
        x = (x ^ (x >> 29)) * UINT64_C(6364136223846793005);
    sink = x;
}
