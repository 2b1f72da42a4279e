/* How documents name and write what they show: the same words in rows, snapshots and trends. */
#ifndef PFL_DOCUMENTS_WORDS_H
#define PFL_DOCUMENTS_WORDS_H

#include "base/arena.h"
#include "base/buf.h"
#include "model/verdict.h"

/* "2026-11-21": the day in UTC. */
void pfl_words_day(struct pfl_buf *buf, int64_t unix_ns);

/* "peak RSS"; "time, `assemble`"; a program's own as code. */
void pfl_words_metric(struct pfl_buf *buf, const char *metric, const char *variant);

/* "1.43 ± 0.02 ms"; "878 µs (838 µs … 2.10 ms)" where one half-width would mislead; "1.43 ms"
 * without an interval; "–" for NaN. */
void pfl_words_value(struct pfl_buf *buf, double median, double low, double high, const char *unit);

/* "0.62" and "0.61 … 0.63", with as many digits as the interval allows; an end that is not 1 is
 * never written as 1. "–" without a ratio. */
void pfl_words_ratio(struct pfl_buf *buf, const struct pfl_row *row);
void pfl_words_ratio_interval(struct pfl_buf *buf, const struct pfl_row *row);

/* "improved (38 % less)", "unchanged", "cannot tell". */
void pfl_words_verdict(struct pfl_buf *buf, const struct pfl_row *row);

/* "1.2 %": rounded up, so that what it bounds is within it. */
void pfl_words_bound(struct pfl_buf *buf, double fraction);

/* "GCC 12.2.0 (Debian 12.2.0-14)" of what a compiler leaves in its programs; else as it is. */
void pfl_words_compiler(struct pfl_buf *buf, const char *raw);

/* The name that people know a machine by. */
const char *pfl_words_machine(const struct pfl_machine *machine);

/* As reference_machine would have to call it, for messages: the host's name, which documents show
 * where there is no other, is none. */
const char *pfl_words_machine_and_id(const struct pfl_machine *machine, struct pfl_arena *arena);

enum { PFL_WORDS_COMMIT = 10 }; /* digits of a commit that are shown */

#endif
