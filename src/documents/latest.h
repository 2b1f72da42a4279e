/* An area's run of record: the whole page. */
#ifndef PFL_DOCUMENTS_LATEST_H
#define PFL_DOCUMENTS_LATEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "documents/snapshot.h"
#include "model/verdict.h"

struct pfl_document_latest {
    const char *area; /* raw */
    const struct pfl_run *run;
    const char *const *benchmarks; /* globs of the area */
    size_t benchmark_count;
    const struct pfl_target *targets; /* the last that matches holds */
    size_t target_count;
    const struct pfl_row *rows; /* of the judge, who held the run against the targets */
    size_t row_count;
    const struct pfl_document_link *links; /* trends, snapshots */
    size_t link_count;
};
int pfl_document_latest(const struct pfl_document_latest *latest, struct pfl_arena *arena,
                        struct pfl_buf *out, struct pfl_err *err);

#endif
