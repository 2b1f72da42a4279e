/*
 * Micro benchmarks inside a program.
 *
 *     #include <perfledger/bench.h>
 *
 *     PFL_BENCH(parse_small) {
 *         struct doc *d = load("small.json");       // untimed: once per launch
 *         PFL_LOOP(b) { pfl_keep(parse(d->text)); } // timed; the compiler can't drop it
 *         pfl_bytes(b, d->size);                    // per iteration: throughput
 *         free_doc(d);                              // untimed
 *     }
 *     PFL_MAIN()
 *
 * A benchmark registers itself; its function runs once per launch (per thread, with PFL_THREADS)
 * and per combination of its arguments. `b` is that run. The loop is entered once; the library
 * chooses how often its body runs, in batches, between which a fixed reference loop (the yardstick)
 * shows how fast the core is at that moment.
 *
 * Units: times are seconds where a parameter is called `seconds`, else the name says so. Texts are
 * copied unless said. All functions with a struct pfl_bench * may be called from the function of
 * that run only, in the thread that runs it. Nothing here returns an error: what is used wrongly
 * makes the benchmark fail with a message that says where and what to do, and the others go on.
 */
#ifndef PERFLEDGER_BENCH_H
#define PERFLEDGER_BENCH_H

#include <perfledger/api.h>

#if defined(__cplusplus) && defined(__cpp_exceptions)
#include <exception>
#endif

PFL_EXTERN_C_BEGIN

struct pfl_bench; /* one benchmark with one set of arguments, in one launch and thread */

typedef void pfl_bench_function(struct pfl_bench *b);

/* ---- registering ---- */

enum pfl_option_kind {
    PFL_OPTION_END,
    PFL_OPTION_ARGS,
    PFL_OPTION_GROUP,
    PFL_OPTION_TAGS,
    PFL_OPTION_THREADS,
    PFL_OPTION_TIMEOUT,
    PFL_OPTION_COMPLEXITY,
    PFL_OPTION_MANUAL_TIME,
    PFL_OPTION_ALLOCATIONS,
};

struct pfl_option {
    int kind;
    const char *name;
    const char *text; /* as it stands in the source */
};

/* One argument and its values: every combination of all arguments is a benchmark of its own,
 * `name[kind=random,n=100]`. Values: integers (constant expressions of numbers with + - * / << and
 * brackets, `1 << 20`; macros are expanded, enums and variables cannot be), other numbers, or texts
 * in quotes. At most 64 values of 8 arguments. */
#define PFL_ARGS(name, ...)                                                                        \
    {                                                                                              \
        PFL_OPTION_ARGS, #name, PFL_QUOTE(__VA_ARGS__)                                             \
    }
/* `group/name`; one group. */
#define PFL_GROUP(group)                                                                           \
    {                                                                                              \
        PFL_OPTION_GROUP, "", group                                                                \
    }
/* Blank-separated words; --filter and SELECT take `tag:WORD`. */
#define PFL_TAGS(words)                                                                            \
    {                                                                                              \
        PFL_OPTION_TAGS, "", words                                                                 \
    }
/* So many threads run the function at once, on a barrier before the first batch; becomes the
 * argument `threads`. The time is that of the slowest per iteration of one. */
#define PFL_THREADS(...)                                                                           \
    {                                                                                              \
        PFL_OPTION_THREADS, "threads", PFL_QUOTE(__VA_ARGS__)                                      \
    }
/* A launch of it that takes longer (default: 60 s) is a failure: the process reports and ends. */
#define PFL_TIMEOUT(seconds)                                                                       \
    {                                                                                              \
        PFL_OPTION_TIMEOUT, "", PFL_QUOTE(seconds)                                                 \
    }
/* Fits O(1), O(log n), O(n), O(n log n), O(n^2), O(n^3) to the cycles over that argument. */
#define PFL_COMPLEXITY(argument)                                                                   \
    {                                                                                              \
        PFL_OPTION_COMPLEXITY, #argument, ""                                                       \
    }
/* The body says how long it took: pfl_manual_time() once per iteration. */
#define PFL_MANUAL_TIME                                                                            \
    {                                                                                              \
        PFL_OPTION_MANUAL_TIME, "", ""                                                             \
    }
/* Counts allocations and bytes per iteration (metrics alloc_count, alloc_bytes). Needs
 * PFL_COUNT_ALLOCATIONS() once in the program. */
#define PFL_ALLOCATIONS                                                                            \
    {                                                                                              \
        PFL_OPTION_ALLOCATIONS, "", ""                                                             \
    }

struct pfl_registration {
    const char *library; /* PFL_LIBRARY_VERSION this file was compiled against */
    const char *name, *file;
    int line;
    pfl_bench_function *function;
    const struct pfl_option *options; /* ends with PFL_OPTION_END */
    int build;                        /* PFL_BUILD_…: how this file was compiled */
    struct pfl_registration *next;    /* the library's */
};

/* What makes times of this file's code no measurement; seen by the compiler's own macros. */
enum {
    PFL_BUILD_UNOPTIMISED = 1,
    PFL_BUILD_ADDRESS = 2,
    PFL_BUILD_THREAD = 4,
    PFL_BUILD_MEMORY = 8,
    PFL_BUILD_UNDEFINED = 16,
    PFL_BUILD_COVERAGE = 32
};
#if defined(__has_feature)
#define PFL_HAS_FEATURE_(feature) __has_feature(feature)
#else
#define PFL_HAS_FEATURE_(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__)
#define PFL_BUILD_ADDRESS_ PFL_BUILD_ADDRESS
#else
#define PFL_BUILD_ADDRESS_ (PFL_HAS_FEATURE_(address_sanitizer) * PFL_BUILD_ADDRESS)
#endif
#if defined(__SANITIZE_THREAD__)
#define PFL_BUILD_THREAD_ PFL_BUILD_THREAD
#else
#define PFL_BUILD_THREAD_ (PFL_HAS_FEATURE_(thread_sanitizer) * PFL_BUILD_THREAD)
#endif
#if defined(__GNUC__) && !defined(__OPTIMIZE__)
#define PFL_BUILD_UNOPTIMISED_ PFL_BUILD_UNOPTIMISED
#else
#define PFL_BUILD_UNOPTIMISED_ 0
#endif
/* gcc has no macro for coverage and -fsanitize=undefined; their run-time libraries are looked for.
 */
#if defined(__GNUC__) && defined(__ELF__)
void pfl_probe_gcov_(void) __asm__("__gcov_init") __attribute__((__weak__));
void pfl_probe_llvm_gcov_(void) __asm__("llvm_gcov_init") __attribute__((__weak__));
void pfl_probe_llvm_profile_(void) __asm__("__llvm_profile_runtime") __attribute__((__weak__));
void pfl_probe_ubsan_(void) __asm__("__ubsan_handle_shift_out_of_bounds_abort")
    __attribute__((__weak__));
#define PFL_BUILD_PROBES_                                                                          \
    ((pfl_probe_gcov_ || pfl_probe_llvm_gcov_ || pfl_probe_llvm_profile_ ? PFL_BUILD_COVERAGE      \
                                                                         : 0) |                    \
     (pfl_probe_ubsan_ ? PFL_BUILD_UNDEFINED : 0))
#else
#define PFL_BUILD_PROBES_ 0
#endif
#define PFL_BUILD_THIS_                                                                            \
    (PFL_BUILD_ADDRESS_ | PFL_BUILD_THREAD_ | PFL_BUILD_UNOPTIMISED_ |                             \
     PFL_HAS_FEATURE_(memory_sanitizer) * PFL_BUILD_MEMORY |                                       \
     PFL_HAS_FEATURE_(undefined_behavior_sanitizer) * PFL_BUILD_UNDEFINED | PFL_BUILD_PROBES_)

/* Before pfl_main(). The registration stays where it is for the program's life. */
PFL_API void pfl_bench_register(struct pfl_registration *registration);

/* For a benchmark that is not known at compile time. Copies all; options may be NULL. */
PFL_API void pfl_bench_add(const char *name, pfl_bench_function *function, void *context,
                           const struct pfl_option *options);
PFL_API void *pfl_context(struct pfl_bench *b); /* that context; NULL for PFL_BENCH */

#define PFL_BENCH(name) PFL_BENCH_DEFINE_(#name, _##name, {PFL_OPTION_END, "", ""})

/* With options: PFL_BENCH_ARGS(sort, PFL_ARGS(n, 100, 1000), PFL_TAGS("deep")) { … } */
#define PFL_BENCH_ARGS(name, ...) PFL_BENCH_DEFINE_(#name, _##name, __VA_ARGS__)

/* The name is made a text and a part of others before it can be expanded: `errno` and `bool` are
 * macros and good names. */
#define PFL_BENCH_DEFINE_(text, _name, ...)                                                        \
    static void pfl_bench_body##_name(struct pfl_bench *b);                                        \
    PFL_BENCH_GUARD_(pfl_bench_body##_name, pfl_bench_guard##_name)                                \
    static const struct pfl_option pfl_bench_options##_name[] = {__VA_ARGS__,                      \
                                                                 {PFL_OPTION_END, "", ""}};        \
    static struct pfl_registration pfl_bench_registration##_name = {                               \
        PFL_LIBRARY_VERSION,      text, __FILE__, __LINE__, PFL_BENCH_ENTRY_(_name),               \
        pfl_bench_options##_name, 0,    NULL};                                                     \
    PFL_CONSTRUCTOR(pfl_bench_register##_name)                                                     \
    {                                                                                              \
        pfl_bench_registration##_name.build = PFL_BUILD_THIS_;                                     \
        pfl_bench_register(&pfl_bench_registration##_name);                                        \
    }                                                                                              \
    static void pfl_bench_body##_name(struct pfl_bench *b PFL_UNUSED)

/* A C++ exception must not travel through the library: it fails the benchmark. */
#if defined(__cplusplus) && defined(__cpp_exceptions)
#define PFL_BENCH_ENTRY_(_name) pfl_bench_guard##_name
#define PFL_BENCH_GUARD_(body, guard)                                                              \
    static void guard(struct pfl_bench *b)                                                         \
    {                                                                                              \
        try {                                                                                      \
            body(b);                                                                               \
        } catch (const std::exception &problem) {                                                  \
            pfl_fail(b, "it threw an exception: %s", problem.what());                              \
        } catch (...) {                                                                            \
            pfl_fail(b, "it threw something that is no std::exception");                           \
        }                                                                                          \
    }
#else
#define PFL_BENCH_ENTRY_(_name) pfl_bench_body##_name
#define PFL_BENCH_GUARD_(body, guard)
#endif

/* The values of this run; a name it does not have, or a text asked for as a number, fails the
 * benchmark (and gives 0 or ""). Texts live as long as the program. */
PFL_API int64_t pfl_arg_int(struct pfl_bench *b, const char *name);
PFL_API double pfl_arg_number(struct pfl_bench *b, const char *name);
PFL_API const char *pfl_arg_text(struct pfl_bench *b, const char *name);
PFL_API int pfl_thread_index(struct pfl_bench *b); /* 0 … threads − 1 */
PFL_API int pfl_thread_count(struct pfl_bench *b);

/* ---- the loop ---- */

/* Once per function. The body must not leave it (break, return, goto, a throw): that is seen and
 * said. `continue` is fine. The count lives in a register: an empty body costs one cycle. */
#define PFL_LOOP(b)                                                                                \
    for (uint64_t pfl_left_ = pfl_loop_first(b);                                                   \
         PFL_LIKELY(pfl_left_ != 0) || (pfl_left_ = pfl_loop_next(b)) != 0;                        \
         pfl_left_ = pfl_loop_step_(pfl_left_))

/* One iteration less. The compiler does not know by how many: it can neither unroll the loop nor
 * compute its outcome at once. */
#if defined(__GNUC__)
static inline __attribute__((__always_inline__)) uint64_t pfl_loop_step_(uint64_t left)
{
    __asm__ volatile("" : "+r"(left));
    return left - 1;
}
#else
#define pfl_loop_step_(left) ((left)-1)
#endif

PFL_API uint64_t pfl_loop_first(struct pfl_bench *b); /* iterations of the first batch */
PFL_API uint64_t pfl_loop_next(struct pfl_bench *b);  /* of the next one; 0: over */

/* The value is computed, and memory counts as read and written here: all that a function elsewhere
 * could reach. What never left this function (a malloc() whose pointer nobody saw) is not, and may
 * be removed with all that is done to it: pfl_keep(pointer) lets it escape. What is kept stays
 * known to the compiler; for an input see pfl_unknown. C++: any object. C: any scalar or struct
 * that is no array (an array: pfl_keep_memory). */
#if defined(__cplusplus)
} /* extern "C" */
template <class T> inline __attribute__((always_inline)) void pfl_keep(const T &value)
{
    __asm__ volatile("" : : "r,m"(value) : "memory");
}
extern "C" {
#elif defined(__GNUC__)
#define pfl_keep(value)                                                                            \
    do {                                                                                           \
        __typeof__(value) pfl_kept_ = (value);                                                     \
        __asm__ volatile("" : : "g"(pfl_kept_) : "memory");                                        \
    } while (0)
#else
PFL_API void pfl_keep_bytes(const void *bytes, size_t size);
#define pfl_keep(value) pfl_keep_bytes(&(value), sizeof(value))
#endif
/* All that the pointer leads to counts as read and written; it escapes. */
#if defined(__GNUC__)
#define pfl_keep_memory(pointer) __asm__ volatile("" : : "r"(pointer) : "memory")
#else
#define pfl_keep_memory(pointer) pfl_keep_bytes(pointer, 1)
#endif

/* The compiler knows nothing of this variable's value any more: what is computed from it cannot be
 * done once and for all. For an input, inside the loop: pfl_unknown(n); pfl_keep(f(n)); */
#if defined(__cplusplus) && defined(__GNUC__)
} /* extern "C" */
template <class T> inline __attribute__((always_inline)) void pfl_unknown(T &variable)
{
    __asm__ volatile("" : "+m,r"(variable) : : "memory");
}
extern "C" {
#elif defined(__GNUC__)
#define pfl_unknown(variable) __asm__ volatile("" : "+m,r"(variable) : : "memory")
#else
#define pfl_unknown(variable) pfl_keep_bytes(&(variable), sizeof(variable))
#endif

/* Untimed work inside the body: a pair costs some ten ns of clock reading, which is measured and
 * taken off. Pairs must not nest and must be closed in the same iteration. */
PFL_API void pfl_pause(struct pfl_bench *b);
PFL_API void pfl_resume(struct pfl_bench *b);

/* Untimed work around every batch, before the loop: `setup` is told how many iterations are coming
 * (inputs for all of them can be made), `teardown` how many there were. Either may be NULL. */
typedef void pfl_batch_function(void *context, uint64_t iterations);
PFL_API void pfl_each_batch(struct pfl_bench *b, pfl_batch_function *setup,
                            pfl_batch_function *teardown, void *context);
PFL_API uint64_t pfl_batch_size(struct pfl_bench *b); /* iterations of the batch at hand */

/* PFL_MANUAL_TIME: what this iteration took. Negative, NaN: the benchmark fails. */
PFL_API void pfl_manual_time(struct pfl_bench *b, double seconds);

/* ---- what one iteration is worth, and what else is to be recorded ---- */

/* Per iteration, before or after the loop: metrics throughput (B/s), items (1/s). */
PFL_API void pfl_bytes(struct pfl_bench *b, double bytes);
PFL_API void pfl_items(struct pfl_bench *b, double items);

enum pfl_counter_kind {
    PFL_COUNTER_VALUE,         /* as it is */
    PFL_COUNTER_PER_ITERATION, /* over all timed iterations */
    PFL_COUNTER_RATE,          /* over the timed seconds: 1/s */
};
enum pfl_direction { PFL_LOWER_IS_BETTER, PFL_HIGHER_IS_BETTER, PFL_NO_DIRECTION };

/* A metric of its own, once per launch (the last one counts). unit: "1", "s", "B", "ms", …
 * Infinite: fails. NaN: no value this time. Negative values are fine for VALUE, an error for the
 * others. */
PFL_API void pfl_counter(struct pfl_bench *b, const char *name, double value,
                         enum pfl_counter_kind kind);
PFL_API void pfl_metric(struct pfl_bench *b, const char *name, double value, const char *unit,
                        enum pfl_direction better);

/* ---- when something is wrong ---- */

/* A result that is wrong makes the benchmark fail: its times are not recorded. Answers the
 * condition. */
#define pfl_validate(condition, message)                                                           \
    pfl_validate_at(b, !!(condition), message, #condition, __FILE__, __LINE__)
PFL_API int pfl_validate_at(struct pfl_bench *b, int good, const char *message,
                            const char *condition, const char *file, int line);
/* The first word stays. Return afterwards; the loop runs not once then. */
PFL_API void pfl_fail(struct pfl_bench *b, const char *format, ...) PFL_PRINTF(2, 3);
PFL_API void pfl_skip(struct pfl_bench *b, const char *format, ...) PFL_PRINTF(2, 3);
PFL_API int pfl_stopped(struct pfl_bench *b); /* skipped or failed */

/* ---- the program ---- */

/* Runs the benchmarks the arguments ask for. Exit status: 0 fine · 1 a benchmark failed · 2 usage.
 */
PFL_API int pfl_main(int argc, char **argv);
#define PFL_MAIN()                                                                                 \
    int main(int argc, char **argv)                                                                \
    {                                                                                              \
        return pfl_main(argc, argv);                                                               \
    }

PFL_EXTERN_C_END

#endif
