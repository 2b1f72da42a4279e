/* The parts of a comparison's JSON that other documents of the same shape use. */
#ifndef PFL_REPORT_JSON_H
#define PFL_REPORT_JSON_H

#include "base/json.h"
#include "report/internal.h"

/* One side: where it comes from; null without a run. */
void pfl_report_json_side(struct pfl_json_writer *w, const char *key, const struct pfl_run *run,
                          const char *label, struct pfl_report_words *words);
/* The fields of a row, into an object that is open. */
void pfl_report_json_row(struct pfl_json_writer *w, const struct pfl_row *row);
/* [low, high]; null when neither is known. */
void pfl_report_json_range(struct pfl_json_writer *w, const char *key, double low, double high);
/* "summary": counts by verdict; "matters": is any of them news? */
void pfl_report_json_summary(struct pfl_json_writer *w, const size_t counts[PFL_VERDICT_COUNT]);

#endif
