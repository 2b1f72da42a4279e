/*
 * The generator of inputs: that of src/stats (xoshiro256**), seeded from the suite's seed, the
 * benchmark's full name (FNV-1a, 64 bits) and the thread. Never from the launch, so that all
 * launches and both sides of a race get the same inputs.
 */
#include "engine.h"

#include <string.h>

uint64_t pfl_lib_bench_seed(const struct pfl_bench *b)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    const char *at;

    for (at = b->run->of->name; *at; at++)
        hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
    hash ^= b->run->how->seed * UINT64_C(0x9e3779b97f4a7c15);
    return hash + (uint64_t)b->index * UINT64_C(0xbf58476d1ce4e5b9);
}

uint64_t pfl_rand(struct pfl_bench *b)
{
    return pfl_random_next(&b->random);
}

uint64_t pfl_rand_below(struct pfl_bench *b, uint64_t bound)
{
    return pfl_random_below(&b->random, bound);
}

double pfl_rand_unit(struct pfl_bench *b)
{
    return pfl_random_unit(&b->random);
}

/* Little-endian, so that the bytes are the same on every machine. */
void pfl_rand_fill(struct pfl_bench *b, void *bytes, size_t size)
{
    unsigned char *at = bytes;
    uint64_t word = 0;
    size_t i;

    for (i = 0; i < size; i++) {
        if (i % 8 == 0)
            word = pfl_random_next(&b->random);
        at[i] = (unsigned char)word;
        word >>= 8;
    }
}

void pfl_rand_shuffle(struct pfl_bench *b, void *items, size_t n, size_t size)
{
    unsigned char *at = items, kept[256];
    size_t i, j, done, part;

    for (i = n; i > 1; i--) {
        j = (size_t)pfl_random_below(&b->random, i);
        for (done = 0; j != i - 1 && done < size; done += part) {
            part = size - done < sizeof kept ? size - done : sizeof kept;
            memcpy(kept, at + (i - 1) * size + done, part);
            memcpy(at + (i - 1) * size + done, at + j * size + done, part);
            memcpy(at + j * size + done, kept, part);
        }
    }
}
