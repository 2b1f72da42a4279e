/* gungraun, iai-callgrind and iai print alike: one reader for text and JSON, mixed as they come. */
#ifndef PFL_FORMATS_GUNGRAUN_H
#define PFL_FORMATS_GUNGRAUN_H

#include "formats/counts.h"

int pfl_gungraun_read(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                      struct pfl_err *err);

/* A benchmark summary (JSON, version 6) of this text, which began at that line of the file; any
 * other document is passed over. *ours: it was one. */
int pfl_gungraun_document(struct pfl_counts *counts, const char *text, size_t len, int line,
                          bool *ours, struct pfl_err *err);

#endif
