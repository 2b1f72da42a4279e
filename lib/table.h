/*
 * The table of a report between its two halves: columns.c says what stands in it and which columns
 * there is room for, table.c writes it.
 */
#ifndef PFL_LIB_TABLE_H
#define PFL_LIB_TABLE_H

#include "program.h"

enum table_fixed {
    TABLE_NAME,
    TABLE_TIME,
    TABLE_TIME_HALF,
    TABLE_CYCLES,
    TABLE_CYCLES_HALF,
    TABLE_THROUGHPUT,
    TABLE_ITEMS,
    TABLE_FIRST,
    TABLE_CPU,
    TABLE_FIXED
};

enum {
    TABLE_EXTRAS = 12, /* more go below their rows */
    TABLE_COLUMNS = TABLE_FIXED + TABLE_EXTRAS,
    TABLE_NAME_GOOD = 24,
    TABLE_NAME_LEAST = 12,
    TABLE_INDENT = 4,
    TABLE_TEXT = 12,
};

struct pfl_lib_table {
    FILE *out;
    const struct pfl_lib_report *report;
    const struct pfl_lib_table_style *style;
    char *(*cells)[TABLE_COLUMNS]; /* per result; NULL: empty */
    char *titles[TABLE_COLUMNS];
    const struct pfl_lib_series *keys[TABLE_EXTRAS]; /* name and variant of an extra column */
    size_t key_count, widths[TABLE_COLUMNS];
    bool shown[TABLE_COLUMNS], extras_below, utf8;
};

/* Cells and titles, then which columns are shown and how wide. */
void pfl_lib_columns_fill(struct pfl_lib_table *t);
void pfl_lib_columns_fit(struct pfl_lib_table *t);
void pfl_lib_columns_release(struct pfl_lib_table *t);

size_t pfl_lib_columns_gap(size_t column); /* blanks in front of it */
/* A metric that has no column of its own: a counter, an error, an artefact. Its title and its
 * figure are allocated. */
bool pfl_lib_columns_is_extra(const struct pfl_lib_series *series);
char *pfl_lib_columns_title(const struct pfl_lib_series *series);
char *pfl_lib_columns_quantity(const struct pfl_lib_series *series);

#endif
