/*
 * The programs that the proof measures. Static, so that starting one costs little and always the
 * same; the work is a count, so that a slower one is the same program with a larger count.
 *
 *     work cpu N            N dependent multiplications: nothing but the core's clock
 *     work memory N FILE    N dependent loads over 64 MB: nothing but the memory's latency
 *     work syscall N        N times into the kernel and back
 *     work large N          all pages of its own 6 MB once, then N dependent loads of 512 KiB
 *     work load             computes for ever: the load on the other core
 *     work make FILE        writes the 64 MB of `memory`
 *
 * A last word more is ignored (two contenders of the same work get different names that way).
 *
 * `memory` maps a file that is in the page cache anyway: filling 64 MB of its own would take longer
 * than the 20 ms it has. The file is one cycle through all of its cache lines: line i holds the
 * number of the next, by a full-period linear congruential generator (Hull & Dobell 1962: odd
 * increment, multiplier 1 modulo 4, modulus a power of two), whose multiplier is large enough that
 * no prefetcher follows.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LINES = 1 << 20, LINE = 64 };

static volatile uint64_t sink;

static void chain(uint64_t n)
{
    uint64_t x = 1, i;

    for (i = 0; i < n; i++)
        x = (x ^ (x >> 29)) * UINT64_C(6364136223846793005);
    sink = x;
}

static int chase(uint64_t n, const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    const uint32_t *lines;
    uint64_t i;
    uint32_t at = 0;

    if (file < 0)
        return 3;
    lines = mmap(NULL, (size_t)LINES * LINE, PROT_READ, MAP_SHARED, file, 0);
    if (lines == MAP_FAILED)
        return 3;
    for (i = 0; i < n; i++)
        at = lines[(size_t)at * (LINE / sizeof *lines)];
    sink = at;
    return 0;
}

/* Not zero, or it would not be in the file. */
static const volatile unsigned char own[6 << 20] = {1};

static void wander(uint64_t n)
{
    uint64_t x = 1, i;

    for (i = 0; i < sizeof own; i += 4096)
        x += own[i];
    for (i = 0; i < n; i++)
        x = x * UINT64_C(6364136223846793005) + 1 + own[(x >> 32) % (512 << 10)];
    sink = x;
}

static int make(const char *path)
{
    uint32_t line[LINE / sizeof(uint32_t)] = {0}, i;
    FILE *file = fopen(path, "wbe");

    if (!file)
        return 3;
    for (i = 0; i < LINES; i++) {
        line[0] = (uint32_t)(((uint64_t)i * 664525 + 1013904223) % LINES);
        if (fwrite(line, LINE, 1, file) != 1)
            return 3;
    }
    return fclose(file) == 0 ? 0 : 3;
}

int main(int count, char **words)
{
    const char *kind = count > 1 ? words[1] : "";
    uint64_t n = count > 2 ? strtoull(words[2], NULL, 10) : 0, i;

    if (strcmp(kind, "cpu") == 0 && count > 2)
        chain(n);
    else if (strcmp(kind, "memory") == 0 && count > 3)
        return chase(n, words[3]);
    else if (strcmp(kind, "syscall") == 0 && count > 2)
        for (i = 0; i < n; i++)
            sink = (uint64_t)syscall(SYS_getppid);
    else if (strcmp(kind, "large") == 0 && count > 2)
        wander(n);
    else if (strcmp(kind, "make") == 0 && count > 2)
        return make(words[2]);
    else if (strcmp(kind, "load") == 0)
        for (;;)
            chain(1 << 20);
    else
        return 2;
    return 0;
}
