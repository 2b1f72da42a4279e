/*
 * Quantities as people write and read them. Values are stored in s, B, 1/s or 1 (whatever the
 * metric's unit says); here they turn into `1.43 ms`, `18.2 MiB`, `+3.1 %` and back. No locale is
 * involved.
 */
#ifndef PFL_BASE_UNITS_H
#define PFL_BASE_UNITS_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum pfl_units_kind {
    PFL_UNITS_TIME,    /* s → ns µs ms s, min and h from 120 s and 120 min up */
    PFL_UNITS_BYTES,   /* B → B KiB MiB GiB TiB */
    PFL_UNITS_RATE,    /* X/s → 12.3 M/s; B/s → MiB/s, as sizes */
    PFL_UNITS_COUNT,   /* 1 or any named unit → 1.23 M */
    PFL_UNITS_PERCENT, /* 0.0314 → 3.14 %, unit "%" */
};

/* The kind by a stored unit: "s" time, "B" bytes, "%" percent, "1/s" and "*\/s" rate, else count.
 */
enum pfl_units_kind pfl_units_kind_of(const char *unit);

/* `digits` significant digits (3 is the house's); whole bytes and counts below the first prefix
 * stay whole. NaN → "–", infinities → "∞"/"-∞". The unit name of a rate or count ("cells/s",
 * "faults") is appended when it is neither "1" nor "1/s"; it may come from outside and is not
 * escaped here. */
void pfl_units_write(struct pfl_buf *buf, double value, const char *unit, int digits);

/* A group that shares one scale, so that `1.43 ms ± 0.02` can be written: choose by the largest
 * value. */
enum { PFL_UNITS_SUFFIX_MAX = 64 };
struct pfl_units_scale {
    double factor; /* shown = stored * factor */
    char
        suffix[PFL_UNITS_SUFFIX_MAX]; /* "ms", "MiB/s", "M/s", "M cells/s", ""; a longer unit is cut
                                       */
};
struct pfl_units_scale pfl_units_scale_for(double value, const char *unit);

/* The number alone, `digits` significant digits, in a scale chosen before: 0.00143 in ms → "1.43".
 */
void pfl_units_write_scaled(struct pfl_buf *buf, double value, const struct pfl_units_scale *scale,
                            int digits);

/* `1.43 ± 0.02 ms`: the error decides how many decimals are shown (two digits of it when the first
 * is a 1, else one). A NaN error is left out. */
void pfl_units_write_plus_minus(struct pfl_buf *buf, double value, double error, const char *unit);

/* A ratio as a change: 1.034 → "+3.4 %", 0.5 → "-50.0 %", 3.2 → "3.20×" from a factor of 2 up; no
 * change → "0.0 %". */
void pfl_units_write_change(struct pfl_buf *buf, double ratio);

/* A plain number with that many decimals (at most 9), "-" in front when negative, never "-0.00". */
void pfl_units_write_decimals(struct pfl_buf *buf, double value, int decimals);

/* A duration for people: "850 ms", "1.4 s", "12 s", "3 min 20 s", "2 h 05 min". */
void pfl_units_write_duration(struct pfl_buf *buf, double seconds);

/* Reading. All take the whole text (surrounding blanks allowed), accept `,` nowhere, and fail with
 * PFL_EINVAL and a message that names the text and lists what would do. */
int pfl_units_read_duration(
    const char *text, int64_t *ns,
    struct pfl_err *err); /* 1.5s 200ms 200μs 200µs 2m 1h; bare number = s */
int pfl_units_read_bytes(const char *text, double *bytes,
                         struct pfl_err *err); /* 10MiB 5kB 1G (=GiB) 512 */
int pfl_units_read_fraction(const char *text, double *fraction,
                            struct pfl_err *err); /* 10% 10 % ±0.4% 0.1 */
int pfl_units_read_number(const char *text, double *number, struct pfl_err *err); /* 3 -2.5e-3 */
int pfl_units_read_count(const char *text, int64_t lowest, int64_t highest, int64_t *count,
                         struct pfl_err *err);
/* "3x", "3×", "3", "300%" → 3 */
int pfl_units_read_factor(const char *text, double *factor, struct pfl_err *err);
/* Any of the above by the stored unit of a metric: "50ms" for "s", "10MiB" for "B", "600MiB/s" for
 * "B/s", "5e-8" for "1". */
int pfl_units_read_value(const char *text, const char *unit, double *value, struct pfl_err *err);

/* Locale-proof number text: the shortest that reads back to the same double ("0.1", "1e-09", "NaN",
 * "Infinity"). */
enum { PFL_UNITS_NUMBER_MAX = 32 };
size_t pfl_units_number_text(char out[PFL_UNITS_NUMBER_MAX], double value);

#endif
