/*
 * Schubfach: R. Giulietti, "The Schubfach way to render doubles" (2020), in the arrangement of A.
 * Bolz's C++ (github.com/abolz/Drachennest); written anew here.
 *
 * The doubles' neighbours bound an interval; decimals in it read back to v. Of the powers of ten
 * 10^k take the largest that is no longer than the interval: then one or more multiples of it lie
 * inside, and at most one of 10^(k+1). If there is one of these it is the shortest, else the
 * multiple of 10^k nearest to v. So it takes v and the two bounds (each times 4, to have the middle
 * between doubles as an integer) divided by 10^k: products with 128 bits of 10^-k rounded up, of
 * which only the 64 highest bits and one for "there is more below" are kept. That this is enough,
 * that rounding never decides wrongly, is the paper's theorem (section 9).
 *
 * The 617 powers would be a long table; they are computed when the first number is written (30 µs),
 * exactly: 5^k by multiplying, 2^n / 5^k by dividing, for ⌊⌊x / 5⌋ / 5⌋ = ⌊x / 25⌋.
 */
#include "base/shortest.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

enum { LEAST = -292, MOST = 324, EXACT = 55 }; /* 5^55 < 2^128 */
enum { LIMBS = 28, PADDING = 4 };              /* 5^324 has 753 bits; 128 zeros below it */

struct wide {
    uint64_t high, low;
};

static struct wide powers[MOST - LEAST + 1]; /* 10^k, its highest bit at 127 */

/* ---- the powers ---- */

static void multiply_by_5(uint32_t *limbs)
{
    uint64_t carry = 0;
    int i;

    for (i = PADDING; i < LIMBS; i++) {
        carry += (uint64_t)limbs[i] * 5;
        limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

static void divide_by_5(uint32_t *limbs)
{
    uint64_t rest = 0;
    int i;

    for (i = LIMBS - 1; i >= 0; i--) {
        rest = rest << 32 | limbs[i];
        limbs[i] = (uint32_t)(rest / 5);
        rest %= 5;
    }
}

/* 64 bits, the lowest of them at `bit`. */
static uint64_t bits_from(const uint32_t *limbs, int bit)
{
    const uint32_t *at = limbs + bit / 32;
    int shift = bit % 32;
    uint64_t two = (uint64_t)at[1] << 32 | at[0];

    return shift ? two >> shift | (uint64_t)at[2] << (64 - shift) : two;
}

static struct wide leading_bits(const uint32_t *limbs, bool round_up)
{
    struct wide bits;
    int top = LIMBS * 32 - 1;

    while (limbs[top / 32] == 0)
        top -= 32;
    while (!(limbs[top / 32] >> top % 32 & 1))
        top--;
    bits.high = bits_from(limbs, top - 63);
    bits.low = bits_from(limbs, top - 127) + round_up;
    bits.high += round_up && bits.low == 0;
    return bits;
}

static void make_powers(void)
{
    uint32_t limbs[LIMBS + 1] = {0}; /* one more is read beside the highest */
    int k;

    limbs[PADDING] = 1;
    for (k = 0; k <= MOST; k++, multiply_by_5(limbs))
        powers[k - LEAST] = leading_bits(limbs, k > EXACT);
    memset(limbs, 0, sizeof limbs);
    limbs[LIMBS - 1] = UINT32_C(1) << 31;
    for (k = -1; k >= LEAST; k--) {
        divide_by_5(limbs);
        powers[k - LEAST] = leading_bits(limbs, true);
    }
}

static const struct wide *power(int k)
{
    static atomic_int made; /* 1: somebody is at it, 2: they are there */
    int none = 0;

    if (atomic_load_explicit(&made, memory_order_acquire) != 2) {
        if (atomic_compare_exchange_strong(&made, &none, 1)) {
            make_powers();
            atomic_store(&made, 2);
        }
        while (atomic_load(&made) != 2)
            ;
    }
    return &powers[k - LEAST];
}

/* ---- one number ---- */

static struct wide product(uint64_t a, uint64_t b)
{
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t low = a0 * b0, middle = a1 * b0 + (low >> 32), rest = a0 * b1 + (uint32_t)middle;

    return (struct wide){a1 * b1 + (middle >> 32) + (rest >> 32), rest << 32 | (uint32_t)low};
}

/* The 64 highest of 192 bits; the lowest of them is set when something is below. */
static uint64_t scaled(const struct wide *g, uint64_t c)
{
    struct wide x = product(g->high, c);
    uint64_t low = x.low + product(g->low, c).high;

    return (x.high + (low < x.low)) | (low > 1);
}

/* ⌊log2 10^k⌋, ⌊log10 2^q⌋, ⌊log10 (3/4 2^q)⌋ where doubles need them. */
static int log2_of_power(int k)
{
    return (int)((k * INT64_C(1741647)) >> 19);
}
static int log10_of(int q, bool three_quarters)
{
    return (int)((q * INT64_C(1262611) - (three_quarters ? 524031 : 0)) >> 22);
}

/* v = c 2^q. narrow: the double below is only half as far as the one above. */
static uint64_t schubfach(uint64_t c, int q, bool narrow, int *exponent)
{
    const int k = log10_of(q, narrow), h = q + log2_of_power(-k) + 1;
    const struct wide *g = power(-k);
    const bool odd = c & 1; /* bounds belong to the interval of an even one */
    const uint64_t v = scaled(g, 4 * c << h), low = scaled(g, (4 * c - 2 + narrow) << h) + odd,
                   high = scaled(g, (4 * c + 2) << h) - odd, s = v / 4, tenth = s / 10;
    bool below, above;

    *exponent = k;
    if (s >= 10) {
        below = low <= 40 * tenth;
        above = 40 * tenth + 40 <= high;
        if (below != above) {
            *exponent = k + 1;
            return tenth + above;
        }
    }
    below = low <= 4 * s;
    above = 4 * s + 4 <= high;
    if (below != above)
        return s + above;
    return s + (v > 4 * s + 2 || (v == 4 * s + 2 && (s & 1)));
}

uint64_t pfl_shortest(double value, int *exponent)
{
    uint64_t bits, fraction, digits;
    int biased;

    memcpy(&bits, &value, sizeof bits);
    fraction = bits & ((UINT64_C(1) << 52) - 1);
    biased = (int)(bits >> 52 & 0x7ff);
    if (biased == 0)
        digits = schubfach(fraction, -1074, false, exponent);
    else
        digits = schubfach(fraction | UINT64_C(1) << 52, biased - 1075, fraction == 0 && biased > 1,
                           exponent);
    for (; digits % 10 == 0; digits /= 10)
        ++*exponent;
    return digits;
}
