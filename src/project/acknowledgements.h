/*
 * What people decided about changes in a series: `.perfledger-changes`, reviewed text beside
 * perfledger.yaml. One decision per line, written as shell words; lines that begin with # and empty
 * ones are for readers; later lines win:
 *
 *     acknowledge BENCHMARK METRIC AT[..UNTIL] NOTE      this change is known: its place is pinned
 *     expect      BENCHMARK METRIC AT NOTE               a change that begins here or shortly after
 * is intended rebase      BENCHMARK METRIC AT NOTE               values before AT no longer count
 *
 * BENCHMARK and METRIC are globs; AT and UNTIL are revisions (commits: 7 digits or more), or #INDEX
 * from 0.
 */
#ifndef PFL_PROJECT_ACKNOWLEDGEMENTS_H
#define PFL_PROJECT_ACKNOWLEDGEMENTS_H

#include "base/arena.h"
#include "base/err.h"
#include "model/change.h"

#define PFL_REVIEWS_FILE ".perfledger-changes"

/* Errors: PFL_EPARSE at file:line. */
int pfl_reviews_parse(const char *file, const char *text, size_t len, struct pfl_arena *arena,
                      struct pfl_review **reviews, size_t *n, struct pfl_err *err);

/* An absent file holds none. */
int pfl_reviews_read(const char *path, struct pfl_arena *arena, struct pfl_review **reviews,
                     size_t *n, struct pfl_err *err);

/* Appends a line, durably; a new file begins with what it is. A line break in a note becomes a
 * blank. */
int pfl_reviews_add(const char *path, const struct pfl_review *review, struct pfl_err *err);

#endif
