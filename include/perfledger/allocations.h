/*
 * Counting allocations: PFL_COUNT_ALLOCATIONS() once, at file level, in one file of the program.
 * It defines malloc, calloc, realloc, free, aligned_alloc, posix_memalign and memalign, which count
 * per thread and hand on to the C library's own (glibc's __libc_ names). Counting costs about a ns
 * a call. Where there is no such way (another libc, a sanitizer that has its own malloc) it defines
 * nothing, and PFL_ALLOCATIONS says so in a warning.
 */
#ifndef PERFLEDGER_ALLOCATIONS_H
#define PERFLEDGER_ALLOCATIONS_H

#include <perfledger/api.h>

PFL_EXTERN_C_BEGIN

/* The calling thread's, since it began. */
struct pfl_allocations {
    uint64_t count, bytes; /* asked for; a realloc counts as one of its new size */
    uint64_t frees;
};

/* Called by what PFL_COUNT_ALLOCATIONS() defines, before main(). */
PFL_API void pfl_allocations_counted_by(const struct pfl_allocations *(*of_this_thread)(void));

PFL_EXTERN_C_END

#endif
