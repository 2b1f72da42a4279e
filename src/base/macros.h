/* Compiler extensions, each with a portable fallback, and the few macros everybody needs. Some are
 * in include/perfledger/api.h too, token for token the same, for lib/ includes both. */
#ifndef PFL_BASE_MACROS_H
#define PFL_BASE_MACROS_H

#include <stddef.h>

#if defined(__GNUC__) || defined(__clang__)
#define PFL_PRINTF(text, first) __attribute__((__format__(__printf__, text, first)))
#define PFL_NORETURN __attribute__((noreturn))
#define PFL_MUST_CHECK __attribute__((warn_unused_result))
#define PFL_UNUSED __attribute__((__unused__))
#define PFL_LIKELY(x) __builtin_expect(!!(x), 1)
#define PFL_UNLIKELY(x) __builtin_expect(!!(x), 0)
/* Of a plain variable that several threads may touch: whole, in no particular order. */
#define PFL_RELAXED_LOAD(place) __atomic_load_n(place, __ATOMIC_RELAXED)
#define PFL_RELAXED_STORE(place, value) __atomic_store_n(place, value, __ATOMIC_RELAXED)
#else
#define PFL_PRINTF(text, first)
#define PFL_NORETURN
#define PFL_MUST_CHECK
#define PFL_UNUSED
#define PFL_LIKELY(x) (x)
#define PFL_UNLIKELY(x) (x)
#define PFL_RELAXED_LOAD(place) (*(place))
#define PFL_RELAXED_STORE(place, value) ((void)(*(place) = (value)))
#endif

/* How many elements of a vector or map move whenever one is added: none, but under the address
 * sanitizer (cmake/flags.cmake), so that a pointer kept too long is found by any test that uses it,
 * not only by one that happens to cross a capacity. */
#ifndef PFL_MOVING
#define PFL_MOVING 0
#endif

#define PFL_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
