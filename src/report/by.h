/* What a parameter does within one run, as text. */
#ifndef PFL_REPORT_BY_H
#define PFL_REPORT_BY_H

#include "model/by.h"
#include "report/report.h"

/* format: "terminal", "markdown" or "json"; NULL from _find for any other. */
typedef int pfl_report_by_fn(const struct pfl_by *by, const struct pfl_report_style *style,
                             struct pfl_arena *arena, struct pfl_buf *out, struct pfl_err *err);
pfl_report_by_fn *pfl_report_by_find(const char *format);

pfl_report_by_fn pfl_report_by_terminal, pfl_report_by_markdown, pfl_report_by_json;

/* The sentences that the terminal and Markdown share. */
struct pfl_report_words;
const char *pfl_report_by_question(struct pfl_report_words *words, const struct pfl_by *by);
const char *pfl_report_by_outcome(struct pfl_report_words *words, const struct pfl_by *by);

#endif
