/* Change points for a terminal, with a small picture of each series, and as JSON. */
#ifndef PFL_REPORT_CHANGES_H
#define PFL_REPORT_CHANGES_H

#include "model/change.h"
#include "report/report.h"

/* Series without a change are one line in sum, unless `all`. */
int pfl_report_changes_terminal(const struct pfl_series_changes *list, size_t n, bool all,
                                const struct pfl_report_style *style, struct pfl_arena *arena,
                                struct pfl_buf *out, struct pfl_err *err);

/* Out of memory: out->error is set. */
void pfl_report_changes_json(const struct pfl_series_changes *list, size_t n, struct pfl_buf *out);

#endif
