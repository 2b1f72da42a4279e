/*
 * Random numbers whose sequence is part of the record: a run stores its seed, and the order of its
 * launches must follow from it on any machine, so the generator is ours and never the C library's.
 *
 * xoshiro256** 1.0, seeded through splitmix64 as its authors advise (Blackman & Vigna, "Scrambled
 * linear pseudorandom number generators", ACM TOMS 47, 2021). Bounded numbers without bias by
 * multiplication and rejection (Lemire, "Fast random integer generation in an interval", ACM TOMACS
 * 29, 2019). Shuffle: Fisher & Yates as by Durstenfeld (CACM 7, 1964). No 128-bit integers: the
 * wide product is made of 32-bit halves, so the sequence is the same on every compiler.
 */
#include "stats/stats.h"

static uint64_t rotate_left(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void pfl_random_seed(struct pfl_random *random, uint64_t seed)
{
    size_t i;

    for (i = 0; i < 4; i++)
        random->state[i] = splitmix(&seed);
}

uint64_t pfl_random_next(struct pfl_random *random)
{
    uint64_t *s = random->state;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9, t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

double pfl_random_unit(struct pfl_random *random)
{
    return (double)(pfl_random_next(random) >> 11) * 0x1p-53;
}

/* The 128-bit product of a and b; *low gets its lower half. */
static uint64_t multiply_wide(uint64_t a, uint64_t b, uint64_t *low)
{
    uint64_t a0 = a & UINT32_MAX, a1 = a >> 32, b0 = b & UINT32_MAX, b1 = b >> 32;
    uint64_t middle = a1 * b0 + (a0 * b0 >> 32), cross = a0 * b1 + (middle & UINT32_MAX);

    *low = a * b;
    return a1 * b1 + (middle >> 32) + (cross >> 32);
}

uint64_t pfl_random_below(struct pfl_random *random, uint64_t bound)
{
    uint64_t low, high, reject;

    if (bound < 2)
        return 0;
    high = multiply_wide(pfl_random_next(random), bound, &low);
    if (low < bound) {
        reject = (0 - bound) % bound; /* 2^64 mod bound */
        while (low < reject)
            high = multiply_wide(pfl_random_next(random), bound, &low);
    }
    return high;
}

void pfl_random_shuffle(struct pfl_random *random, uint32_t *items, size_t n)
{
    size_t i, j;
    uint32_t swap;

    for (i = n; i > 1; i--) {
        j = (size_t)pfl_random_below(random, i);
        swap = items[i - 1];
        items[i - 1] = items[j];
        items[j] = swap;
    }
}
