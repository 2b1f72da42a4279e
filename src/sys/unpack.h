/*
 * Reads a stream that may be gzip-compressed, with the beginning looked at first. What is no gzip
 * comes as it is. A bomb is bounded: more than PFL_UNPACK_RATIO times the packed bytes read so far
 * (beyond the first 64 MiB), or a second gzip member that is none, is an error.
 */
#ifndef PFL_SYS_UNPACK_H
#define PFL_SYS_UNPACK_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum { PFL_UNPACK_RATIO = 200 };

typedef long pfl_unpack_read_fn(void *context, char *bytes, size_t size, struct pfl_err *err);

struct pfl_unpack; /* opaque */

/* `read` and its context are borrowed; name is for messages. The first `peek` unpacked bytes (fewer
 * at the end) are read at once. */
int pfl_unpack_open(const char *name, pfl_unpack_read_fn *read, void *context, size_t peek,
                    struct pfl_unpack **unpack, struct pfl_err *err);
void pfl_unpack_close(struct pfl_unpack *unpack);

/* The bytes looked at; reading begins with them all the same. */
const char *pfl_unpack_head(const struct pfl_unpack *unpack, size_t *len);

/* A pfl_json_read_fn; context is the struct pfl_unpack *. */
long pfl_unpack_read(void *unpack, char *bytes, size_t size, struct pfl_err *err);

#endif
