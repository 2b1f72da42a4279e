/*
 * A series as CSV: one column of values, or `revision,value`; with a header line or without. Empty
 * lines and lines that begin with # are skipped; "…" quotes; a missing value is empty, NaN, or an
 * infinity, and keeps its place.
 */
#ifndef PFL_FORMATS_SERIES_CSV_H
#define PFL_FORMATS_SERIES_CSV_H

#include "base/arena.h"
#include "base/err.h"
#include "model/change.h"

/* The series is named by the file (without folder and ending) and the value column's title ("value"
 * without a header). PFL_EPARSE at file:line. text borrowed until the return. */
int pfl_series_csv_read(const char *file, const char *text, size_t len, struct pfl_arena *arena,
                        struct pfl_series *series, struct pfl_err *err);

#endif
