/*
 * A dependent chain (bound by the core's clock alone), a small parser (branches and loads that hit
 * the first cache) and a chase through 32 MiB (bound by memory, so by what all neighbours do): what
 * ./dev bench library lets each tool measure.
 */
#include "kernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LINES = 32 * 1024 * 1024 / 64, LINE_WORDS = 8, CHASE_STEPS = 16 };

const char library_text[] = "17,4096,-3.25,1234567,0.5,88,-9,60.125,7,31415,"
                            "0.0625,-271828,16777216,3.14159,42,-1.5,9007,65536,2.71828,1000003,"
                            "512,-0.125,1729,6.02214,99999,-77,0.577215,144,8128,1.41421,365,12";

static uint64_t *lines;

uint64_t library_chain(uint64_t x)
{
    int i;

    for (i = 0; i < LIBRARY_CHAIN_STEPS; i++)
        x = library_step(x);
    return x;
}

static const char *parse_number(const char *at, double *value)
{
    double number = 0, scale = 1;
    int negative = *at == '-';

    for (at += negative; *at >= '0' && *at <= '9'; at++)
        number = number * 10 + (*at - '0');
    if (*at == '.')
        for (at++; *at >= '0' && *at <= '9'; at++)
            number += (*at - '0') * (scale /= 10);
    *value = negative ? -number : number;
    return at;
}

double library_parse(const char *text)
{
    double sum = 0, value;

    while (*text) {
        text = parse_number(text, &value);
        sum += value;
        if (*text == ',')
            text++;
    }
    return sum;
}

/* One random cycle through all lines (Sattolo 1986). */
void library_chase_init(void)
{
    uint64_t state = 1, i, other, kept;

    lines = malloc((size_t)LINES * LINE_WORDS * sizeof *lines);
    if (!lines) {
        fprintf(stderr, "bench library: no memory\n");
        exit(3);
    }
    for (i = 0; i < LINES; i++)
        lines[i * LINE_WORDS] = i;
    for (i = LINES - 1; i > 0; i--) {
        state = state * LIBRARY_MULTIPLIER + UINT64_C(1442695040888963407);
        other = (state >> 33) % i;
        kept = lines[i * LINE_WORDS];
        lines[i * LINE_WORDS] = lines[other * LINE_WORDS];
        lines[other * LINE_WORDS] = kept;
    }
}

uint64_t library_chase(uint64_t at)
{
    int i;

    for (i = 0; i < CHASE_STEPS; i++)
        at = lines[at * LINE_WORDS];
    return at;
}

static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

double library_step_ns(void)
{
    static volatile uint64_t sink;
    double least = 1e9, begin, ns;
    uint64_t x = 1;
    int round, i;

    for (round = 0; round < 20; round++) {
        begin = now_ns();
        for (i = 0; i < 10000; i++)
            x = library_step(x);
        sink = x;
        ns = (now_ns() - begin) / 10000;
        if (ns < least)
            least = ns;
    }
    return least;
}
