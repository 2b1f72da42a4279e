/* Where numbers were measured: machine, kernel, compiler, load, variables, as a table. */
#ifndef PFL_DOCUMENTS_ENVIRONMENT_H
#define PFL_DOCUMENTS_ENVIRONMENT_H

#include "documents/page.h"

/* base NULL: of one run. Of two a column each; where they agree the second says "same". */
int pfl_document_environment(struct pfl_document_words *words, const struct pfl_run *base,
                             const struct pfl_run *head, struct pfl_buf *out, struct pfl_err *err);

#endif
