/*
 * What the documents share: numbers, dates, revisions and names as words of a page.
 *
 * Texts are built in one scratch buffer and kept in the arena, so that tables can borrow them.
 * Running out of memory sticks and is asked for once, at the end; until then texts are "".
 */
#ifndef PFL_DOCUMENTS_PAGE_H
#define PFL_DOCUMENTS_PAGE_H

#include "base/arena.h"
#include "base/buf.h"
#include "model/run.h"

struct pfl_document_words {
    struct pfl_arena *arena;
    struct pfl_buf buf;
    bool failed;
};
void pfl_document_words_init(struct pfl_document_words *words, struct pfl_arena *arena);
int pfl_document_words_release(struct pfl_document_words *words, struct pfl_err *err);
const char *pfl_document_end(struct pfl_document_words *words); /* what buf holds; empty again */
const char *pfl_document_format(struct pfl_document_words *words, const char *format, ...)
    PFL_PRINTF(2, 3);

/* Raw text for a page; as code. */
const char *pfl_document_text(struct pfl_document_words *words, const char *raw);
const char *pfl_document_code(struct pfl_document_words *words, const char *raw);

/* A value and the interval that says how many of its digits mean something. */
struct pfl_document_value {
    double value, low, high; /* low, high: NaN where there is none */
    const char *unit;
};
/* The interval that is stated beside a result: of other runs where that is known. */
struct pfl_document_value pfl_document_value_of(const struct pfl_result *result);
/* "1.43 ± 0.02 ms" */
const char *pfl_document_estimate(struct pfl_document_words *words,
                                  const struct pfl_document_value *value);
/* "1.432 ms", "1.420 … 1.444 ms" ("" without one; the value when it is as wide as nothing) */
const char *pfl_document_number(struct pfl_document_words *words,
                                const struct pfl_document_value *value);
const char *pfl_document_interval(struct pfl_document_words *words,
                                  const struct pfl_document_value *value);
/* "1.39 … 1.52 ms" with digits that tell the two apart */
const char *pfl_document_range(struct pfl_document_words *words, double low, double high,
                               const char *unit);
const char *pfl_document_percent(struct pfl_document_words *words, double fraction); /* NaN: "" */
/* A result's text or number, without an interval. */
const char *pfl_document_shown(struct pfl_document_words *words, const struct pfl_result *result);

const char *pfl_document_day(struct pfl_document_words *words, int64_t unix_ns); /* "2026-11-21" */
const char *pfl_document_minute(struct pfl_document_words *words,
                                int64_t unix_ns); /* "2026-11-21 14:03 UTC" */
/* `1a2b3c4d5e` (v1.2) "subject": as far as known; "no revision". */
const char *pfl_document_revision(struct pfl_document_words *words,
                                  const struct pfl_revision *revision, bool subject);
/* What a result is called, Markdown. */
const char *pfl_document_metric(struct pfl_document_words *words, const char *metric,
                                const char *variant);

#endif
