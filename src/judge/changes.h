/*
 * A series over time → its change points. Pure and deterministic: same series, same reviews → same
 * changes. The method and its calibration: docs/statistics.md, "Change points".
 */
#ifndef PFL_JUDGE_CHANGES_H
#define PFL_JUDGE_CHANGES_H

#include "base/arena.h"
#include "base/err.h"
#include "model/change.h"

/* The chance that a quiet series shows a change, by default. */
#define PFL_CHANGES_ALPHA 0.006

struct pfl_changes_finder; /* working memory; one may serve many series */
struct pfl_changes_finder *pfl_changes_finder_new(void); /* NULL: no memory */
void pfl_changes_finder_free(struct pfl_changes_finder *finder);

/* Reviews that match no benchmark, metric or place of this series do nothing. Later reviews of the
 * same place win. out lives in the arena and borrows from series and reviews. alpha within 0.0001 …
 * 0.5: PFL_EINVAL. */
struct pfl_changes_params {
    const struct pfl_series *series;
    const struct pfl_review *reviews;
    size_t review_count;
    double alpha; /* 0: PFL_CHANGES_ALPHA */
};
int pfl_judge_changes(struct pfl_changes_finder *finder, const struct pfl_changes_params *params,
                      struct pfl_arena *arena, struct pfl_series_changes *out, struct pfl_err *err);

/* The value at which a review speaks; n when the series has no such place. */
size_t pfl_changes_place_of(const struct pfl_series *series, const char *at);

/* Those of a series that a person must look at: new steps and drifts; `worse_only`: those for the
 * worse. */
size_t pfl_changes_alarms(const struct pfl_series_changes *changes, bool worse_only);

#endif
