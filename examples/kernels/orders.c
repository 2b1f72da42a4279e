/*
 * The program that the kernels are for, and a pipeline with stages:
 *
 *     orders make ROWS FILE        writes a file of orders
 *     orders report FILE OUT       the total of each customer, the largest first
 *
 * pfl_stage() tells perfledger where the time and the memory go: read, group, write. Run alone,
 * PERFLEDGER_STAGES=1 prints the same as a table. The grouping has a time budget: on overrun it
 * stops at the next 1,024 rows, releases what it holds, and the program fails.
 */
#include "src/report.h"

#include <perfledger/budget.h>
#include <perfledger/stage.h>

#include <stdlib.h>
#include <string.h>

static char *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    long size = -1;

    if (file && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (size >= 0)
        text = malloc((size_t)size + 1);
    if (text) {
        rewind(file);
        *len = fread(text, 1, (size_t)size, file);
    }
    if (file)
        fclose(file);
    if (!text)
        fprintf(stderr, "orders: %s cannot be read\n", path);
    return text;
}

static int make(size_t rows, const char *path)
{
    size_t len;
    char *text = orders_make(rows, 7, &len);
    FILE *file = text ? fopen(path, "wb") : NULL;
    int good = file && fwrite(text, 1, len, file) == len;

    if (file && fclose(file) != 0)
        good = 0;
    free(text);
    if (!good)
        fprintf(stderr, "orders: %s cannot be written\n", path);
    return good ? 0 : 1;
}

static long group(const char *text, size_t len, struct table *totals)
{
    long rows = -1;

    PFL_BUDGET("group", PFL_BUDGET_DEFAULT)
    {
        rows = orders_group(text, len, totals, pfl_budget_exceeded);
    }
    return pfl_budget_overrun() ? -1 : rows;
}

static int report(const char *from, const char *to)
{
    struct table *totals = table_new(0);
    FILE *out = NULL;
    size_t len;
    char *text;
    int failed = 1;

    pfl_stage("read");
    text = read_file(from, &len);
    pfl_stage("group");
    if (text && totals && group(text, len, totals) >= 0) {
        pfl_stage("write");
        out = fopen(to, "wb");
        failed = !out || orders_write(totals, out) < 0;
    }
    if (out && fclose(out) != 0)
        failed = 1;
    pfl_stage(NULL);
    free(text);
    table_free(totals);
    return failed;
}

int main(int count, char **words)
{
    if (count == 4 && strcmp(words[1], "make") == 0)
        return make(strtoul(words[2], NULL, 10), words[3]);
    if (count == 4 && strcmp(words[1], "report") == 0)
        return report(words[2], words[3]);
    fprintf(stderr, "usage: orders make ROWS FILE | orders report FILE OUT\n");
    return 2;
}
