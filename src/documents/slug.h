/* Names as parts of file names and of links. */
#ifndef PFL_DOCUMENTS_SLUG_H
#define PFL_DOCUMENTS_SLUG_H

#include "base/buf.h"

#include <stdbool.h>

enum { PFL_SLUG_MAX = 80 };

/* Appends a name so that it can be part of a file's name anywhere: letters, digits, `.`, `_` and
 * `-` stay, all else becomes one `-`; a long one is cut and ends in the beginning of its hash. Two
 * names may become one. Empty names and names of signs alone become their hash. */
void pfl_document_slug(struct pfl_buf *buf, const char *name);

/* Appends the anchor that GitHub and GitLab give a heading: small letters, blanks as `-`, other
 * signs left out. `heading`: Markdown. */
void pfl_document_anchor(struct pfl_buf *buf, const char *heading);

/* Appends the target of a link in a page: a path relative to the page, with `%XX` for what would
 * end it. */
void pfl_document_target(struct pfl_buf *buf, const char *path);

#endif
