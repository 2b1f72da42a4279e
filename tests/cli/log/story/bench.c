/* Its benchmarks. Nothing is timed: what the program did is counted, and told in nanoseconds of a
 * machine that takes two for a comparison and three for a character, and strays by a per cent from
 * launch to launch. So its figures are the same everywhere. */
#include "table.h"

#include <stdio.h>
#include <stdlib.h>

enum { WORDS_MAX = 20000, WORD_MAX = 8 };

size_t split(const char *text, struct table *table);

static unsigned drawn(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Some words often, many seldom. */
static size_t write_text(char *text, size_t words)
{
    const char *given = getenv("PERFLEDGER_SEED");
    unsigned state = given ? (unsigned)atoi(given) : 1;
    char *at = text;

    while (words--) {
        unsigned word = drawn(&state) % (1 + drawn(&state) % 2000) * 7919;
        int i;

        for (i = 0; i < 3 || (i < WORD_MAX && word); i++, word /= 20)
            *at++ = (char)('a' + word % 20);
        *at++ = ' ';
    }
    *at = '\0';
    return (size_t)(at - text);
}

/* The how manieth launch this is, which decides how far it strays. */
static unsigned turn(void)
{
    unsigned n = 0;
    FILE *file = fopen("turn", "r");

    if (file && fscanf(file, "%u", &n) != 1)
        n = 0;
    if (file)
        fclose(file);
    file = fopen("turn", "w");
    if (file) {
        fprintf(file, "%u\n", n + 1);
        fclose(file);
    }
    return n;
}

static void tell(FILE *out, size_t words, const char *metric_and_unit, double value)
{
    fprintf(out,
            "{\"bench\":\"count\",\"params\":{\"words\":%zu},\"metric\":\"%s\",\"value\":%.9g,"
            "\"better\":\"lower\"}\n",
            words, metric_and_unit, value);
}

int bench(void)
{
    static char text[WORDS_MAX * (WORD_MAX + 1) + 1];
    const char *number = getenv("PERFLEDGER_FD");
    FILE *out = number ? fdopen(atoi(number), "w") : stdout;
    unsigned state = turn() * 2654435761u;
    size_t words;

    if (!out)
        return 1;
    for (words = 2000; words <= WORDS_MAX; words *= 10) {
        struct table table = {0};
        size_t length = write_text(text, words);
        double astray = 0.99 + 0.02 * drawn(&state) / (1u << 24), ns;

        split(text, &table);
        ns = (2.0 * (double)table.comparisons + 3.0 * (double)length) * astray;
        fprintf(
            out,
            "{\"bench\":\"count\",\"params\":{\"words\":%zu},\"iterations\":1,"
            "\"samples_ns\":[%.1f,%.1f,%.1f],\"yardstick_ns\":[1,1,1],\"yardstick\":\"core\"}\n",
            words, ns * 0.999, ns, ns * 1.002);
        tell(out, words, "comparisons\",\"unit\":\"1", (double)table.comparisons);
        tell(out, words, "peak_rss\",\"unit\":\"B", (double)table.bytes);
        table_release(&table);
    }
    return fclose(out) != 0;
}
