/* Where a file's pages lie in memory: put out of it, found in it, brought back elsewhere. */
#ifndef PFL_SYS_PAGE_CACHE_H
#define PFL_SYS_PAGE_CACHE_H

#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

struct pfl_file_part {
    int64_t at, len; /* bytes */
};

PFL_VEC(pfl_file_parts, struct pfl_file_part);

/* The kernel forgets its copy of the file, as far as nobody has it mapped: what was written is
 * written to the disk first, and nothing is lost. Where there is no other copy (a tmpfs) nothing is
 * forgotten: pfl_page_cache_parts() tells. false: it cannot be read, or is no regular file. */
bool pfl_page_cache_drop(const char *path);

/* The disk gets what was written, without waiting: where many are to be dropped. */
void pfl_page_cache_begin_writing(const char *path);

/* The parts that are in memory, in place of what *parts held; the caller releases it. false: as
 * above, or no memory. All of a file that is not this user's is said to be there (mincore(2)). */
bool pfl_page_cache_parts(const char *path, struct pfl_file_parts *parts);

/* Reads these parts: they are in memory then, at other places than before they were dropped. */
bool pfl_page_cache_load(const char *path, const struct pfl_file_parts *parts);

#endif
