/* The table of goals, as text. */
#ifndef PFL_REPORT_TARGETS_H
#define PFL_REPORT_TARGETS_H

#include "model/targets.h"
#include "report/internal.h"

/* format: "terminal", "markdown" or "json". */
typedef int pfl_report_targets_fn(const struct pfl_targets *targets,
                                  const struct pfl_report_style *style, struct pfl_arena *arena,
                                  struct pfl_buf *out, struct pfl_err *err);
pfl_report_targets_fn *pfl_report_targets_find(const char *format);
pfl_report_targets_fn pfl_report_targets_terminal, pfl_report_targets_markdown,
    pfl_report_targets_json;

/* What the terminal and Markdown share. */
enum pfl_targets_column {
    PFL_TARGETS_BENCHMARK,
    PFL_TARGETS_METRIC,
    PFL_TARGETS_TARGET,
    PFL_TARGETS_TOLERANCE,
    PFL_TARGETS_NOW,
    PFL_TARGETS_MARGIN,
    PFL_TARGETS_STATE,
    PFL_TARGETS_COLUMNS
};
/* Raw texts of one row, by column. */
void pfl_report_targets_cells(struct pfl_report_words *words, const struct pfl_target_row *row,
                              const char *cells[PFL_TARGETS_COLUMNS]);
/* Why it was not measured or is not held, or the target's own reason when it is not met; NULL. */
const char *pfl_report_targets_note(struct pfl_report_words *words,
                                    const struct pfl_target_row *row);
/* "3 targets: 1 met, 2 missed". */
const char *pfl_report_targets_outcome(struct pfl_report_words *words,
                                       const struct pfl_targets *targets);

#endif
