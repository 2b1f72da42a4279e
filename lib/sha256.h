/* SHA-256 of bytes. */
#ifndef PFL_LIB_SHA256_H
#define PFL_LIB_SHA256_H

#include <stddef.h>
#include <stdint.h>

void pfl_lib_sha256_text(const void *bytes, size_t size, char hex[65]); /* lower case */

#endif
