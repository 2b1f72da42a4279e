/* A snapshot's sealed text: everything one run measured, or two of them against each other. */
#ifndef PFL_DOCUMENTS_SNAPSHOT_H
#define PFL_DOCUMENTS_SNAPSHOT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "model/verdict.h"

struct pfl_document_link {
    const char *title; /* Markdown */
    const char *target;
};

struct pfl_document_snapshot {
    const struct pfl_run *base, *head;       /* base NULL: of one run */
    const struct pfl_comparison *comparison; /* of the two; NULL for one */
    double confidence;                       /* of the comparison's intervals */
    const char *const *benchmarks;           /* globs; none: all */
    size_t benchmark_count;
    const struct pfl_document_link *rows; /* of the log that rest on the same runs */
    size_t row_count;
};
int pfl_document_snapshot(const struct pfl_document_snapshot *snapshot, struct pfl_arena *arena,
                          struct pfl_buf *out, struct pfl_err *err);

#endif
