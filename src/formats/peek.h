/* The beginning of an input, looked at before a reader takes it from the first byte on. */
#ifndef PFL_FORMATS_PEEK_H
#define PFL_FORMATS_PEEK_H

#include "formats/format.h"

struct pfl_peek {
    char *bytes; /* the first PFL_FORMAT_PROBE_BYTES, or all; may be changed in place */
    size_t len;
    struct pfl_format_input input; /* gives these, then the rest; valid while *this stays here */
    /* private */
    const struct pfl_format_input *from;
    size_t at;
};

int pfl_peek_open(struct pfl_peek *peek, const struct pfl_format_input *from, struct pfl_err *err);
void pfl_peek_close(struct pfl_peek *peek); /* also after it failed */

#endif
