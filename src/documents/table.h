/*
 * Markdown tables as documents have them: the columns stand in line, so that the raw file reads
 * well, too.
 */
#ifndef PFL_DOCUMENTS_TABLE_H
#define PFL_DOCUMENTS_TABLE_H

#include "base/table.h"

/* Cells are Markdown already (pfl_text_markdown). Columns that are blank throughout are left out as
 * table->blank says; the last column is not filled up. widths: one per column, NULL: as wide as
 * needed. With widths a row never depends on the others: what is longer sticks out (for tables that
 * grow, whose earlier rows stay as they are). */
int pfl_document_table(const struct pfl_table *table, const size_t *widths, struct pfl_buf *out,
                       struct pfl_err *err);

#endif
