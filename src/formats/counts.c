/*
 * Which of the counts is what. All of them are costs (in the tools' own model a hit in a cache
 * costs as well: estimated cycles = L1 + 5 L2 + 35 RAM), so less is better; only of hit rates more
 * is. Rates are percentages. Callgrind's instructions are perfledger's `instructions`; the variant
 * is the tool, since Cachegrind counts the same once more.
 */
#include "formats/counts.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { PLAIN_MAX = 64 };

/* "L1 Hits", "L1hits", "l1-hits" → "l1hits". */
static size_t plain_of(const char *label, char plain[PLAIN_MAX])
{
    size_t len = 0;

    for (; *label && len + 1 < PLAIN_MAX; label++)
        if (isalnum((unsigned char)*label))
            plain[len++] = (char)tolower((unsigned char)*label);
    plain[len] = 0;
    return len;
}

static bool ends(const char *plain, size_t len, const char *with)
{
    size_t n = strlen(with);

    return len >= n && strcmp(plain + len - n, with) == 0;
}

struct pfl_count pfl_count_of(const char *label)
{
    struct pfl_count count = {.metric = label, .unit = "1", .better = PFL_BETTER_LOWER};
    char plain[PLAIN_MAX];
    size_t len = plain_of(label, plain);

    if (strcmp(plain, "instructions") == 0 || strcmp(plain, "ir") == 0)
        count.metric = "instructions";
    else if (ends(plain, len, "missrate"))
        count.unit = "%";
    else if (ends(plain, len, "hitrate")) {
        count.unit = "%";
        count.better = strcmp(plain, "l1hitrate") == 0 ? PFL_BETTER_HIGHER : PFL_BETTER_NEITHER;
    } else if (ends(plain, len, "bytes"))
        count.unit = "B";
    else if (strcmp(plain, "syscputime") == 0)
        count.unit = "ns";
    else if (strcmp(plain, "systime") == 0)
        count.unit_unknown = true;
    return count;
}

void pfl_counts_init(struct pfl_counts *counts, struct pfl_build *build)
{
    *counts = (struct pfl_counts){.build = build};
    pfl_rows_init(&counts->rows, build);
    pfl_buf_init(&counts->variant, 256);
}

void pfl_counts_release(struct pfl_counts *counts)
{
    pfl_rows_release(&counts->rows);
    pfl_buf_release(&counts->variant);
}

void pfl_counts_begin(struct pfl_counts *counts, const char *name, int line)
{
    const struct pfl_row_benchmark *bench =
        pfl_rows_benchmark(&counts->rows, pfl_rows_unused(&counts->rows, name, line));

    counts->bench = bench ? (size_t)(bench - counts->rows.benchmarks.at) + 1 : 0;
    pfl_buf_clear(&counts->variant);
}

void pfl_counts_tool(struct pfl_counts *counts, const char *tool, size_t len)
{
    size_t i;

    pfl_buf_clear(&counts->variant);
    if (len == 9 && strncasecmp(tool, "callgrind", len) == 0)
        return;
    for (i = 0; i < len && i < 64; i++)
        pfl_buf_char(&counts->variant, (char)tolower((unsigned char)tool[i]));
    if (counts->variant.error)
        counts->build->no_memory = true;
}

void pfl_counts_add(struct pfl_counts *counts, const char *label, double value, int line)
{
    struct pfl_count count = pfl_count_of(label);
    struct pfl_row_series *series;
    const char *stored = "1";
    double factor = 1;

    if (!counts->bench)
        return;
    if (count.unit_unknown && counts->build->input->unit)
        count.unit = counts->build->input->unit;
    else if (count.unit_unknown && !counts->warned) {
        pfl_build_warn_at(counts->build, line, 1,
                          "whether %s is in ms, µs or ns is not in the file: taken as a plain "
                          "number; --unit says it",
                          label);
        counts->warned = true;
    }
    pfl_build_unit(count.unit, &stored, &factor);
    series = pfl_rows_series(&counts->rows, &counts->rows.benchmarks.at[counts->bench - 1],
                             count.metric, pfl_buf_cstr(&counts->variant), stored);
    if (!series)
        return;
    series->better = count.better;
    series->has_better = true;
    series->values.n = 0; /* said again: the last one holds */
    pfl_rows_value(&counts->rows, series, value * factor);
}

void pfl_counts_forget(struct pfl_counts *counts)
{
    const char *variant = pfl_buf_cstr(&counts->variant);
    struct pfl_row_series *series;
    size_t i = counts->bench ? counts->rows.benchmarks.at[counts->bench - 1].first : 0;

    for (; i; i = counts->rows.series.at[i - 1].next) {
        series = &counts->rows.series.at[i - 1];
        if (strcmp(series->variant, variant) == 0)
            series->values.n = 0;
    }
}
