/* A machine's diagnosis for people and for programs. */
#ifndef PFL_REPORT_DOCTOR_H
#define PFL_REPORT_DOCTOR_H

#include "model/doctor.h"
#include "report/report.h"

/* What is fair or poor in full, what is good in one line each (verbosity > 0: all in full; < 0: the
 * verdict alone). */
int pfl_report_doctor_terminal(const struct pfl_evidence *evidence,
                               const struct pfl_diagnosis *diagnosis,
                               const struct pfl_report_style *style, struct pfl_arena *arena,
                               struct pfl_buf *out, struct pfl_err *err);

/* {"schema":1,"fit","verdict","reason","seconds","machine","noise_floor":[…],"gates":[…],"checks":[…],"yardsticks":[…],
 * "clocks":[…]}: docs/doctor.md. */
int pfl_report_doctor_json(const struct pfl_evidence *evidence,
                           const struct pfl_diagnosis *diagnosis, struct pfl_buf *out,
                           struct pfl_err *err);

#endif
