/*
 * What all headers of libperfledger share: linkage, visibility and the few compiler extensions,
 * each behind a macro. C99 and C++11; needs nothing but libc. Nothing here is called by name.
 */
#ifndef PERFLEDGER_API_H
#define PERFLEDGER_API_H

#include <stddef.h>
#include <stdint.h>

#define PFL_LIBRARY_VERSION "0.1.0"

#ifdef __cplusplus
#define PFL_EXTERN_C_BEGIN extern "C" {
#define PFL_EXTERN_C_END }
#define PFL_ZERO_INIT                                                                              \
    {                                                                                              \
    }
#else
#define PFL_EXTERN_C_BEGIN
#define PFL_EXTERN_C_END
#define PFL_ZERO_INIT                                                                              \
    {                                                                                              \
        0                                                                                          \
    }
#endif

#if defined(PFL_IMPLEMENTATION_STATIC) /* the amalgamated header, all of it in one file */
#define PFL_API static PFL_UNUSED
#elif defined(__GNUC__)
#define PFL_API __attribute__((__visibility__("default")))
#else
#define PFL_API
#endif

#if defined(__GNUC__)
#define PFL_UNUSED __attribute__((__unused__))
#define PFL_COLD __attribute__((__cold__, __noinline__))
#define PFL_PRINTF(text, first) __attribute__((__format__(__printf__, text, first)))
#define PFL_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define PFL_LIKELY(x) __builtin_expect(!!(x), 1)
#else
#define PFL_UNUSED
#define PFL_COLD
#define PFL_PRINTF(text, first)
#define PFL_UNLIKELY(x) (x)
#define PFL_LIKELY(x) (x)
#endif

/* Runs before main(). Other compilers than gcc and clang: call the function by hand. */
#if defined(__GNUC__)
#define PFL_CONSTRUCTOR(function) static void __attribute__((__constructor__)) function(void)
#else
#define PFL_CONSTRUCTOR(function) void function(void)
#endif

#define PFL_JOIN_(a, b) a##b
#define PFL_JOIN(a, b) PFL_JOIN_(a, b)
#define PFL_QUOTE_(...) #__VA_ARGS__
#define PFL_QUOTE(...) PFL_QUOTE_(__VA_ARGS__)

#endif
