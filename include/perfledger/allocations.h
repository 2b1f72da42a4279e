/*
 * Counting allocations: PFL_COUNT_ALLOCATIONS() once, at file level, in one file of the program.
 * It defines malloc, calloc, realloc, free, aligned_alloc, posix_memalign and memalign, which count
 * per thread and hand on to the C library's own (glibc's __libc_ names). Counting costs about a ns
 * a call. Where there is no such way (another libc, a sanitizer that has its own malloc) it defines
 * nothing, and PFL_ALLOCATIONS says so in a warning. Two that the preprocessor cannot see have to
 * be told by -DPFL_NO_ALLOCATION_COUNTS: -static (the C library's malloc is linked as well:
 * "multiple definition of malloc") and -fsanitize=leak (it counts, but LeakSanitizer finds nothing
 * then).
 */
#ifndef PERFLEDGER_ALLOCATIONS_H
#define PERFLEDGER_ALLOCATIONS_H

#include <perfledger/api.h>

#include <errno.h>

PFL_EXTERN_C_BEGIN

/* The calling thread's, since it began. */
struct pfl_allocations {
    uint64_t count, bytes; /* asked for; a realloc counts as one of its new size */
    uint64_t frees;
};

/* Called by what PFL_COUNT_ALLOCATIONS() defines, before main(). */
PFL_API void pfl_allocations_counted_by(const struct pfl_allocations *(*of_this_thread)(void));

PFL_EXTERN_C_END

#if defined(__has_feature)
#define PFL_OWN_MALLOC_                                                                            \
    (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                        \
     __has_feature(memory_sanitizer))
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PFL_OWN_MALLOC_ 1
#else
#define PFL_OWN_MALLOC_ 0
#endif

#if defined(__GLIBC__) && defined(__GNUC__) && !PFL_OWN_MALLOC_ &&                                 \
    !defined(PFL_NO_ALLOCATION_COUNTS)
#if defined(__cplusplus)
#define PFL_NOTHROW_ noexcept
#else
#define PFL_NOTHROW_
#endif
/* Whoever's implementation it is: these replace the C library's, so all of the program sees them.
 */
#define PFL_ALLOCATOR_VISIBLE_ __attribute__((__visibility__("default")))
#define PFL_ALLOCATOR_(result, name_and_parameters)                                                \
    PFL_ALLOCATOR_VISIBLE_ result name_and_parameters PFL_NOTHROW_;                                \
    PFL_ALLOCATOR_VISIBLE_ result name_and_parameters PFL_NOTHROW_
#define PFL_COUNT_ALLOCATIONS()                                                                    \
    PFL_EXTERN_C_BEGIN                                                                             \
    void *__libc_malloc(size_t);                                                                   \
    void *__libc_calloc(size_t, size_t);                                                           \
    void *__libc_realloc(void *, size_t);                                                          \
    void *__libc_memalign(size_t, size_t);                                                         \
    void __libc_free(void *);                                                                      \
    static __thread struct pfl_allocations pfl_allocations_here_                                   \
        __attribute__((__tls_model__("initial-exec")));                                            \
    static void pfl_allocations_add_(size_t bytes)                                                 \
    {                                                                                              \
        pfl_allocations_here_.count++;                                                             \
        pfl_allocations_here_.bytes += bytes;                                                      \
    }                                                                                              \
    PFL_ALLOCATOR_(void *, malloc(size_t size))                                                    \
    {                                                                                              \
        pfl_allocations_add_(size);                                                                \
        return __libc_malloc(size);                                                                \
    }                                                                                              \
    PFL_ALLOCATOR_(void *, calloc(size_t n, size_t size))                                          \
    {                                                                                              \
        pfl_allocations_add_(n *size);                                                             \
        return __libc_calloc(n, size);                                                             \
    }                                                                                              \
    PFL_ALLOCATOR_(void *, realloc(void *old, size_t size))                                        \
    {                                                                                              \
        pfl_allocations_add_(size);                                                                \
        return __libc_realloc(old, size);                                                          \
    }                                                                                              \
    PFL_ALLOCATOR_(void *, memalign(size_t to, size_t size))                                       \
    {                                                                                              \
        pfl_allocations_add_(size);                                                                \
        return __libc_memalign(to, size);                                                          \
    }                                                                                              \
    PFL_ALLOCATOR_(void *, aligned_alloc(size_t to, size_t size))                                  \
    {                                                                                              \
        pfl_allocations_add_(size);                                                                \
        return __libc_memalign(to, size);                                                          \
    }                                                                                              \
    PFL_ALLOCATOR_(int, posix_memalign(void **out, size_t to, size_t size))                        \
    {                                                                                              \
        void *got;                                                                                 \
        if (to % sizeof(void *) != 0 || to == 0 || (to & (to - 1)) != 0)                           \
            return EINVAL;                                                                         \
        pfl_allocations_add_(size);                                                                \
        got = __libc_memalign(to, size);                                                           \
        if (!got)                                                                                  \
            return ENOMEM;                                                                         \
        *out = got;                                                                                \
        return 0;                                                                                  \
    }                                                                                              \
    PFL_ALLOCATOR_(void, free(void *old))                                                          \
    {                                                                                              \
        pfl_allocations_here_.frees += old ? 1 : 0;                                                \
        __libc_free(old);                                                                          \
    }                                                                                              \
    static const struct pfl_allocations *pfl_allocations_of_this_thread_(void)                     \
    {                                                                                              \
        return &pfl_allocations_here_;                                                             \
    }                                                                                              \
    PFL_EXTERN_C_END                                                                               \
    PFL_CONSTRUCTOR(pfl_allocations_register_)                                                     \
    {                                                                                              \
        pfl_allocations_counted_by(pfl_allocations_of_this_thread_);                               \
    }
#else
#define PFL_COUNT_ALLOCATIONS()                                                                    \
    PFL_CONSTRUCTOR(pfl_allocations_register_)                                                     \
    {                                                                                              \
    }
#endif

#endif
