/*
 * What the files of libperfledger share. Nobody outside lib/ includes this.
 *
 *     registry.c  options and arguments → cases, sorted
 *       options.c   texts of the source → values; patterns.c  which cases a pattern selects
 *     engine.c    one case, one launch: first call, batches, yardstick → outcome (inside: engine.h)
 *       batches.c   how many iterations the next batch has
 *       clock.c     nanoseconds, ticks, the yardstick's chain
 *       threads.c   the same function in many threads on a barrier
 *       run.c       what the body may say: bytes, counters, validate, skip, pause
 *       argument.c, random.c
 *     session.c   one launch: the selected cases in a drawn order → outcomes, told to a listener
 *     main.c      the program's options: --list, --filter, --json, --launches …
 *       launches.c  re-executes the program; gathers what its launches gave
 *       estimate.c  launches → median, interval (statistics of src/stats), complexity
 *       table.c json.c
 *     wire.c      messages to perfledger (PERFLEDGER_FD); control.c what it asks (…_CONTROL_FD)
 *       channel.c   the descriptor: whole lines, whatever happens to it; json_text.c
 *     warn.c      a warning, once: to the parent of a launch, perfledger or standard error
 *     stage.c budget.c (budget_seconds.c, decimal.c) accuracy.c artifact.c (sha256.c) disassembly.c
 * (elf_names.c) child.c build.c     was this program compiled with optimisation, with a sanitizer,
 * for coverage
 *
 * The library is delivered as one translation unit too (the amalgamated header): statics have names
 * that are unique over lib/ and the files of src/stats it compiles in, and are functions of their
 * file's subject (engine_…, table_…). Global symbols that are not public begin with pfl_lib_.
 * Allocation is plain malloc; no memory is a message and exit status 3 (pfl_lib_no_memory).
 */
#ifndef PFL_LIB_INTERNAL_H
#define PFL_LIB_INTERNAL_H

#include <perfledger/perfledger.h>

#include <stdbool.h>
#include <stdio.h>

enum { PFL_LIB_ARGS_MAX = 8, PFL_LIB_VALUES_MAX = 64, PFL_LIB_NAME_MAX = 512 };

/* ---- registry.c ---- */

struct pfl_lib_arg {
    const char *name, *text; /* text without quotes */
    double number;           /* NaN: it is a text */
    int64_t integer;         /* exact, when is_integer */
    bool is_integer;
};

/* One benchmark with one set of arguments. */
struct pfl_lib_case {
    const char *name;  /* "group/sort[kind=random,n=100]": arguments sorted by name */
    const char *bench; /* "group/sort" */
    struct pfl_lib_arg args[PFL_LIB_ARGS_MAX]; /* sorted by name */
    size_t arg_count;
    const char *tags, *file;
    int line;
    pfl_bench_function *function;
    void *context;
    int threads;                /* 1 */
    double timeout_s;           /* 60 */
    const char *complexity_arg; /* NULL: none */
    bool manual_time, allocations;
};

struct pfl_lib_cases {
    struct pfl_lib_case *at;
    size_t n;
};

/* All registered ones, in natural order of names. false: problem says what is wrong and where (file
 * and line: registered twice — both places; a bad option; an argument's value that is no constant;
 * a file compiled against another version of the library). */
bool pfl_lib_cases_collect(struct pfl_lib_cases *cases, char *problem, size_t room);
/* Where allocations are wanted and nobody counts them. */
void pfl_lib_cases_warn_uncounted(const struct pfl_lib_cases *cases);
void pfl_lib_cases_release(struct pfl_lib_cases *cases);
/* Glob (* and ?, both cross /) over "name"; a name without brackets selects all its arguments;
 * `tag:WORD`; without a suite a bare group's name selects the group; with one (PERFLEDGER_SUITE,
 * else NULL) also over "suite/name", and the bare suite's name selects all. */
bool pfl_lib_case_selected(const struct pfl_lib_case *c, const char *pattern, const char *suite);

/* ---- engine.c: one case in one launch ---- */

enum pfl_lib_status { PFL_LIB_OK, PFL_LIB_FAILED, PFL_LIB_SKIPPED };

struct pfl_lib_metric {
    const char *name, *variant; /* "" mostly */
    double value;               /* in `unit` */
    const char *unit;
    enum pfl_direction better;
    const char *text;  /* a metric that is a text (artifact_hash); NULL: a number */
    bool keep_largest; /* said again: the larger value counts, not the last one (parity_error) */
};

/* What one launch of one case gave. All owned by the outcome. */
struct pfl_lib_outcome {
    const struct pfl_lib_case *of;
    enum pfl_lib_status status;
    const char *reason;
    size_t batches;
    double *time_ns;      /* per iteration, of each batch: wall time of the body */
    double *yardstick_ns; /* of each batch: the chain's step beside it (mean of before and after) */
    uint64_t iterations;  /* timed, all batches */
    double first_call_s;  /* the very first iteration of this launch; NaN */
    double cpu_s;         /* per iteration, of the thread (threads: mean); NaN */
    struct pfl_lib_metric *metrics; /* bytes, items, counters, parity, allocations, cycles … */
    size_t metric_count;
    double seconds; /* this case took in all */
};
void pfl_lib_outcome_release(struct pfl_lib_outcome *outcome);
/* An iteration of so many cycles is what the loop alone costs, and that is not what is meant: the
 * note that says so, else NULL. */
const char *pfl_lib_takes_no_time(const struct pfl_lib_case *c, double cycles);

/* Robust summaries of one launch: median of time_ns (s per iteration); median of time / yardstick
 * times the chain's cycles (core clock cycles per iteration); NaN where it is not the core that
 * takes the time: manual time, a body that sleeps or waits. */
double pfl_lib_outcome_seconds(const struct pfl_lib_outcome *outcome);
double pfl_lib_outcome_cycles(const struct pfl_lib_outcome *outcome);

/* In a race inside processes somebody else says which batch comes when (control.c). */
struct pfl_lib_steering {
    /* The body is ready, the size of a batch is known. */
    void (*ready)(void *context, uint64_t iterations);
    /* Iterations of the next batch; 0: the loop ends. Blocks until it is this process' turn. */
    uint64_t (*next)(void *context);
    void (*done)(void *context, uint64_t iterations, double batch_ns, double yardstick_ns);
    void *context;
};

struct pfl_lib_how {
    double seconds; /* to measure (batches), first call and sizing not counted; 0.06 */
    double batch_s; /* what one batch shall take: 0.0005 */
    uint64_t seed;  /* of pfl_rand */
    const struct pfl_lib_steering *steering; /* NULL: on its own */
    bool count_only; /* --once: the body runs once, nothing is timed (tests of the benchmark) */
};

/* Runs it in this thread (or starts its threads). Failing is an outcome. */
void pfl_lib_engine_run(const struct pfl_lib_case *c, const struct pfl_lib_how *how,
                        struct pfl_lib_outcome *outcome);

/* The run's own, for accuracy.c, artifact.c …: adds a metric (texts copied). */
void pfl_lib_bench_metric(struct pfl_bench *b, const struct pfl_lib_metric *metric);
const struct pfl_lib_case *pfl_lib_bench_case(const struct pfl_bench *b);
struct pfl_bench *pfl_lib_bench_here(void);             /* the one this thread runs; NULL: none */
bool pfl_lib_in_loop(void);                             /* this thread is inside a PFL_LOOP body */
uint64_t pfl_lib_bench_seed(const struct pfl_bench *b); /* of name and thread */

/* ---- clock.c ---- */

int64_t pfl_lib_now_ns(void);        /* monotonic */
int64_t pfl_lib_thread_cpu_ns(void); /* of the calling thread */
/* One run of the yardstick, about 20 µs: ns per step. The same chain as the core yardstick of
 * perfledger (src/sys/yardstick.c: dependent xor-shift-multiply steps), so that its reference value
 * holds here; PFL_LIB_STEP_CYCLES core cycles a step on what we know. */
double pfl_lib_yardstick_ns(void);
extern const double pfl_lib_step_cycles;

/* ---- session.c ---- */

struct pfl_lib_listener {
    void (*begin)(void *context, const struct pfl_lib_case *c, size_t index, size_t of);
    void (*end)(void *context, const struct pfl_lib_outcome *outcome);
    void *context;
};
/* Runs the cases in the order that the seed draws, one launch. Stops at SIGINT/SIGTERM between
 * cases. Answers how many failed. A case beyond its timeout: reported (listener, wire), the process
 * ends with status 1. */
int pfl_lib_session_run(const struct pfl_lib_cases *cases, const struct pfl_lib_how *how,
                        const struct pfl_lib_listener *listener);

/* The timeout of a case, while nobody is waited for: set, cleared, set again … */
struct pfl_lib_timeout;
struct pfl_lib_timeout *pfl_lib_timeout_begin(const struct pfl_lib_case *c); /* set */
void pfl_lib_timeout_set(struct pfl_lib_timeout *timeout, bool on);
void pfl_lib_timeout_end(struct pfl_lib_timeout *timeout);

/* ---- budget.c ---- */

/* Nobody in this process uses that signal. blocked_too: even if this thread does not let it in. */
bool pfl_lib_signal_is_free(int signal, bool blocked_too);

/* ---- wire.c: messages to perfledger; all do nothing when PERFLEDGER_FD is not set ---- */

bool pfl_lib_wire_open(void); /* is there one: looks at the environment once (channel.c) */
void pfl_lib_wire_outcome(const struct pfl_lib_outcome *outcome);
/* Which case begins; NULL: none is at hand any more. */
void pfl_lib_wire_begin(const struct pfl_lib_case *c);
/* The line of a failure that a signal handler may have to send; as pfl_lib_wire_budget. */
char *pfl_lib_wire_fail(const struct pfl_lib_case *c, const char *reason);
void pfl_lib_wire_stage(const char *name); /* NULL ends it */
void pfl_lib_wire_stage_cpu(const char *name, double seconds);
/* The line that says so, made beforehand (allocated) because a signal handler may have to send it.
 * NULL: there is no wire. c NULL: the whole program. */
char *pfl_lib_wire_budget(const char *name, double seconds, const struct pfl_lib_case *c);
void pfl_lib_wire_artifact(const struct pfl_lib_case *c, const char *name, const char *path);
void pfl_lib_wire_environment(const char *name, const char *value);
void pfl_lib_wire_warning(const struct pfl_lib_case *c, const char *text);
/* Whole, with its newline; one write. Async-signal-safe after pfl_lib_wire_open(). */
void pfl_lib_wire_line(const char *line, size_t len);

/* Appends a JSON string with its quotes; bytes that are no UTF-8 as \ufffd. Used by json.c too. */
void pfl_lib_json_text(FILE *out, const char *text);
/* The same, of a text in a message: nothing of it beyond 4000 bytes. */
void pfl_lib_json_text_cut(FILE *out, const char *text);
void pfl_lib_json_number(FILE *out, double value); /* shortest that reads back; NaN, inf: null */

/* A lock for a few instructions or one write: works in a signal handler (its holder has all signals
 * blocked), and one that another thread held when the process forked is free in the child. */
struct pfl_lib_lock {
    int holder; /* process id; 0: nobody */
};
void pfl_lib_lock_take(struct pfl_lib_lock *lock);
void pfl_lib_lock_give(struct pfl_lib_lock *lock);

/* A descriptor's number as environments have it, digits only; −1: it is none, or text is NULL. */
int pfl_lib_descriptor(const char *text);

/* getpid(), without the system call; async-signal-safe after the first time in a process. */
int pfl_lib_process(void);

/* By their bits: true under -ffast-math as well. */
bool pfl_lib_is_nan(double value);
bool pfl_lib_is_finite(double value);

/* ---- decimal.c: no locale has a say ---- */

double pfl_lib_strtod(const char *text, char **end);
/* [+-]digits[.digits][e[+-]digits] at the beginning; NaN: there is none, *rest is text. */
double pfl_lib_decimal(const char *text, const char **rest);
enum { PFL_LIB_SHORTEST_MAX = 40 };
/* The shortest text that reads back as the same number. */
void pfl_lib_shortest(char text[PFL_LIB_SHORTEST_MAX], double number);

/* ---- budget_seconds.c ---- */

double pfl_lib_budget_seconds(double asked); /* ≤ 0: disabled */

/* ---- artifact.c, child.c ---- */

/* A file in the folder where artefacts are kept: PERFLEDGER_ARTIFACT_DIR, else (or with `own`) one
 * of this user's under TMPDIR. The folder is made. Allocated; NULL: there is none. */
char *pfl_lib_artifact_file(const char *name, bool own);
/* The whole file, allocated, a zero behind it. NULL: errno says why. */
char *pfl_lib_file_read(const char *path, size_t *size);
/* Whole or not at all; an equal one that is there stays. */
bool pfl_lib_file_write(const char *path, const void *bytes, size_t size);

struct pfl_lib_child {
    char *const *argv; /* looked up on the PATH */
    bool errors;       /* standard error is part of the output; else nobody sees it */
    size_t keep;       /* so many bytes of its output's end are kept; 0: all */
    int status;        /* as of waitpid() */
    double seconds;    /* wall */
    char *output;      /* allocated, a zero behind it */
    size_t len;
};
/* Runs it to its end. false: it could not be started (errno). */
bool pfl_lib_child_run(struct pfl_lib_child *child);

/* ---- control.c ---- */

/* PERFLEDGER_CONTROL_FD is set: serves it until told to quit; answers the exit status. */
bool pfl_lib_control_open(void);
int pfl_lib_control_serve(const struct pfl_lib_cases *cases, const struct pfl_lib_how *how);

/* ---- build.c ---- */

/* "" for an optimised build without instruments; else what it is: "compiled without optimisation",
 * "AddressSanitizer", "coverage", … of the library or of the program's own file. */
const char *pfl_lib_instrumented(void);

/* ---- warn.c ---- */

/* About the program, or the benchmark that this thread runs; said once. */
void pfl_lib_warn(const char *format, ...) PFL_PRINTF(1, 2);
const char *pfl_lib_warning(size_t i); /* the i-th that was said; NULL: there are no more */

/* ---- odds and ends ---- */

_Noreturn void pfl_lib_no_memory(void);
void *pfl_lib_alloc(size_t size); /* never NULL */
void *pfl_lib_realloc(void *old, size_t size);
char *pfl_lib_text(const char *format, ...) PFL_PRINTF(1, 2); /* allocated */

#endif
