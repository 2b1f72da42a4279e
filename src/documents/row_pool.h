/* All runs of a row's two revisions: what they say together of a figure that is claimed. */
#ifndef PFL_DOCUMENTS_ROW_POOL_H
#define PFL_DOCUMENTS_ROW_POOL_H

#include "documents/row.h"

/* The pool of that row of a comparison; NULL: there are no runs but the two. */
const struct pfl_row_pool *pfl_row_pool_of(const struct pfl_row_facts *facts,
                                           const struct pfl_row *row);

/* The median of the sessions' medians after, over that before. NaN: no memory. */
double pfl_row_pool_ratio(const struct pfl_row_pool *pool);

/* "- All runs of both revisions: 3 before …\n", a line for each set of runs; nothing without
 * pools. */
void pfl_row_pool_write(const struct pfl_row_facts *facts, struct pfl_buf *out);

/* "0.612": as a row and a refusal say a pool's ratio. */
void pfl_row_pool_write_ratio(struct pfl_buf *out, double ratio);

#endif
