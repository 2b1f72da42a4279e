/*
 * Markdown that is read both ways: rendered, and as the text it is. Texts from outside (titles,
 * names, subjects of commits) go through here, always.
 */
#ifndef PFL_DOCUMENTS_MARKDOWN_H
#define PFL_DOCUMENTS_MARKDOWN_H

#include "base/buf.h"
#include "base/table.h"

/* As a line's text, or a part of one: nothing in it is markup, no line break is in it (a blank
 * stands for one). */
void pfl_markdown_text(struct pfl_buf *buf, const char *raw);

/* As code: `parse[n=10]`. What is empty becomes nothing. */
void pfl_markdown_code(struct pfl_buf *buf, const char *raw);

/* [text](where): text is Markdown already; blanks and brackets of `where` are escaped. */
void pfl_markdown_link(struct pfl_buf *buf, const char *text, const char *where);

/* The table with columns of equal width. Cells are Markdown already; columns that are blank (see
 * table->blank) are left out. */
int pfl_markdown_table(struct pfl_table *table, struct pfl_buf *buf, struct pfl_err *err);

#endif
