/* Golden values: a line is function,arguments,results; the numbers of a list are separated by
 * blanks. */
#ifndef PFL_TESTS_GOLDEN_H
#define PFL_TESTS_GOLDEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GOLDEN_MOST = 512, GOLDEN_LINE = 20000 };

struct golden_line {
    int number;
    const char *function;
    double in[GOLDEN_MOST], out[GOLDEN_MOST];
    size_t in_count, out_count;
};

static inline size_t golden_list(const char *text, double *out)
{
    size_t n = 0;
    char *end;

    for (;; text = end) {
        double value = strtod(text, &end);

        if (end == text)
            return n;
        assert_true(n < GOLDEN_MOST);
        out[n++] = value;
    }
}

/* Calls check for every line of tests/data/stats/`name` that is no comment; returns how many. */
static inline int golden_each(const char *name, void (*check)(const struct golden_line *line))
{
    static char path[4096], text[GOLDEN_LINE];
    static struct golden_line line;
    int checked = 0;
    FILE *file;

    snprintf(path, sizeof path, "%s/tests/data/stats/%s", PFL_SOURCE_DIR, name);
    file = fopen(path, "r");
    assert_non_null(file);
    for (line.number = 1; fgets(text, sizeof text, file); line.number++) {
        char *arguments = strchr(text, ','),
             *results = arguments ? strchr(arguments + 1, ',') : NULL;

        if (text[0] == '#')
            continue;
        assert_non_null(results);
        *arguments = *results = 0;
        line.function = text;
        line.in_count = golden_list(arguments + 1, line.in);
        line.out_count = golden_list(results + 1, line.out);
        assert_true(line.out_count > 0);
        check(&line);
        checked++;
    }
    fclose(file);
    return checked;
}

#endif
