/*
 * Foreign harnesses: suites whose command is a benchmark harness that writes a file of its own
 * (pytest-benchmark, Google Benchmark, Go, …). What each needs is one struct: which words and
 * variables make it write its results, pass on what the plan wants of it, and switch off what
 * spoils timings. To add one: one file (or a few lines in one), one line in harness_table.c.
 *
 * Such an item of a plan has `select` set, as a program of libperfledger has (measure/inside.h):
 * its results are those of the benchmarks inside. One launch is one process of the harness; it
 * gives each benchmark one value per metric (the median of what it reports), intervals are over
 * launches. The results are read by a callback (formats/ knows them) that flow/ hands in.
 */
#ifndef PFL_MEASURE_HARNESS_H
#define PFL_MEASURE_HARNESS_H

#include "base/arena.h"
#include "base/err.h"
#include "model/plan.h"
#include "model/run.h"

/* Where a harness leaves its results. */
enum pfl_harness_results {
    PFL_HARNESS_FILE,   /* in the file it is told */
    PFL_HARNESS_STDOUT, /* on its standard output, which is caught in that file */
    PFL_HARNESS_FOLDER, /* in the folder it is told (results names it) */
};

struct pfl_harness_launch { /* what is asked of a harness */
    const struct pfl_plan_item *item;
    char *const *argv; /* the suite's command, split; argc words */
    size_t argc;
    const char *results; /* absolute path; its folder exists, is empty and this launch's own */
    const char *folder;  /* absolute: where the command runs */
    double seconds;      /* to spend on each benchmark; 0: what the harness thinks right */
    bool list;           /* only name what is inside (asked of a harness that `lists`) */
};

struct pfl_harness_command { /* what it becomes; all in the arena */
    char **argv;             /* NULL-terminated; the program stays what it is */
    size_t argc;
    struct pfl_pair *env; /* besides the item's own, which win; value NULL: is taken away */
    size_t env_count;
    enum pfl_harness_results results;
    const char *path; /* FOLDER: what to read, if it is not `results` itself */
    /* Names get the suite that the results have them in (a Go package) in front, if they have it
     * not: for commands whose names would else depend on what was selected. */
    bool qualify;
    /* What makes its times those of another program, as libperfledger says it of itself: "the race
     * detector", "compiled without optimisation". NULL: nothing that is known. */
    const char *instrumented;
};

/* What a harness says on its way out, and what that means. */
struct pfl_harness_sign {
    const char *says;   /* a part of the end of its standard error or output */
    bool absent;        /* it is not installed: the suite is skipped; else it failed */
    const char *remedy; /* "pytest has no pytest-benchmark: pip install pytest-benchmark" */
};

struct pfl_harness_said { /* standard output and the end of standard error, as far as caught */
    const char *output, *errors;
    size_t output_len, errors_len;
};

/* A benchmark that failed, as the harness tells. */
typedef int pfl_harness_fail_fn(void *context, const char *name, size_t len, const char *reason,
                                size_t reason_len);

struct pfl_harness {
    const char *name;    /* harness: */
    const char *format;  /* of formats/, what it writes; */
    const char *program; /* for "it is not installed": "pytest with pytest-benchmark" */
    bool lists;          /* it can name what is inside without measuring, a name a line */
    double seconds;      /* to spend on each benchmark in a launch; 0: 0.1 */
    const struct pfl_harness_sign *signs; /* up to one without `says`; NULL: none */
    const char *nothing; /* what it says where nothing that was selected is inside; NULL */
    const char *remedy;  /* where it ended well and left no results: what is to be done; NULL */
    int (*command)(const struct pfl_harness_launch *launch, struct pfl_arena *arena,
                   struct pfl_harness_command *command, struct pfl_err *err);
    /* What is to be run before it is asked for its list, so that compiling does not count against
     * the time a list has; argc 0: nothing. NULL: it never compiles. Not for suites with a shell.
     */
    int (*build)(const struct pfl_harness_launch *launch, struct pfl_arena *arena,
                 struct pfl_harness_command *command, struct pfl_err *err);
    /* Words of a SELECT that the harness itself can be told are its business (as a filter in
     * `command`, from item->select); what it reports beside is left out afterwards. */
    /* Benchmarks that failed and are therefore not in the results; NULL: the results have them. Not
     * PFL_OK: hands on what `fail` answered. */
    int (*failures)(const struct pfl_harness_said *said, pfl_harness_fail_fn *fail, void *context);
    /* A name of the list as results have it; NULL: the same. In the arena; "": is none. */
    const char *(*listed)(struct pfl_arena *arena, const char *line, size_t len);
};

extern const struct pfl_harness *const pfl_harnesses[]; /* NULL-terminated */
const struct pfl_harness *pfl_harness_find(const char *name);

/* Reads what a launch left: one run with the harness's own names. In the arena. */
typedef int pfl_harness_read_fn(void *context, const char *format, const char *path,
                                struct pfl_arena *arena, struct pfl_run *run, struct pfl_err *err);

#endif
