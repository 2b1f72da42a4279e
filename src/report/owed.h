/* What changes owe, as text. */
#ifndef PFL_REPORT_OWED_H
#define PFL_REPORT_OWED_H

#include "model/owed.h"
#include "report/report.h"

int pfl_report_owed_terminal(const struct pfl_owed *owed, const struct pfl_report_style *style,
                             struct pfl_arena *arena, struct pfl_buf *out, struct pfl_err *err);
/* Out of memory: out->error is set. */
void pfl_report_owed_json(const struct pfl_owed *owed, struct pfl_buf *out);

#endif
