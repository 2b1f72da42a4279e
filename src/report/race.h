/* A race → terminal, Markdown, JUnit, JSON; and its live line. */
#ifndef PFL_REPORT_RACE_H
#define PFL_REPORT_RACE_H

#include "model/race.h"
#include "report/report.h"

typedef int pfl_report_race_fn(const struct pfl_race *race, const struct pfl_report_style *style,
                               struct pfl_arena *arena, struct pfl_buf *out, struct pfl_err *err);
/* "terminal", "markdown", "junit", "json"; NULL: no such format. */
pfl_report_race_fn *pfl_report_race_find(const char *format);

/* One line, at most `width` columns, no newline. */
void pfl_report_race_line(const struct pfl_race_standing *standing,
                          const struct pfl_report_style *style, struct pfl_buf *out);

#endif
