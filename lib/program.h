/*
 * What the files that make a program of the library share: pfl_main() and below. The engine
 * and the wire know nothing of it; the control channel says something, and warnings go past it.
 *
 *     command.c   the options as typed → struct pfl_lib_options, or what is wrong with them
 *     choose.c    patterns → cases; names that are near to one that matches nothing
 *     main.c      which of its lives the program leads this time
 *     launches.c  the parent: starts launches, hears what they say, goes on without what crashed
 *       process.c   the process of a launch: its start, what it prints, signals, its end
 *     launched.c  the child, and the lines that the two exchange
 *     report.c    outcomes → one series of values per case and metric
 *     estimate.c complexity.c   series → figures
 *     cell.c columns.c table.c json.c progress.c   figures → what people and programs read
 */
#ifndef PFL_LIB_PROGRAM_H
#define PFL_LIB_PROGRAM_H

#include "internal.h"

/* ---- command.c ---- */

struct pfl_lib_options {
    const char **patterns, **excluded; /* borrowed from argv */
    size_t pattern_count, excluded_count;
    bool list, json, once, quiet, help, version;
    const char *json_file; /* NULL: standard output */
    int launches;          /* 0: not said */
    double seconds;        /* NaN: not said */
    uint64_t seed;
};

/* false: said on standard error what is wrong (exit status 2). */
bool pfl_lib_options_read(int argc, char **argv, struct pfl_lib_options *options);
void pfl_lib_options_release(struct pfl_lib_options *options);
void pfl_lib_options_help(FILE *out);

/* The name of this program, for messages; a message "NAME: …" to standard error. */
const char *pfl_lib_program_name(void);
void pfl_lib_say(const char *format, ...) PFL_PRINTF(1, 2);
/* Edits (insert, delete, replace, swap neighbours) that make one of the other; 99 for long ones. */
size_t pfl_lib_distance(const char *a, const char *b);

/* ---- choose.c ---- */

/* The cases that options and environment (PERFLEDGER_SELECT, PERFLEDGER_SUITE) select, in the same
 * order; `chosen` borrows from `all`, its array is to be freed. false: said which pattern matches
 * nothing. */
bool pfl_lib_choose(const struct pfl_lib_cases *all, const struct pfl_lib_options *options,
                    struct pfl_lib_cases *chosen);

/* ---- report.c ---- */

struct pfl_lib_estimate {
    size_t n; /* launches that gave a value */
    double median, mean, stddev, min, max;
    double own_low, own_high; /* 95 % interval of this median */
    double low, high;         /* where other invocations' medians are, 95 of 100; NaN: unknown */
};

/* One metric of one case. */
struct pfl_lib_series {
    char *name, *variant, *unit;
    enum pfl_direction better;
    double *values; /* one per launch of the report; NaN where it gave none */
    char *text;     /* a metric that is a text: the last launch's; values are all NaN then */
    struct pfl_lib_estimate estimate;
};

struct pfl_lib_result {
    const struct pfl_lib_case *of;
    enum pfl_lib_status status;
    char *reason; /* NULL: none */
    struct pfl_lib_series *series;
    size_t series_count;
};

/* Time over an argument. The fit is one of cycles where there are such. */
struct pfl_lib_fit {
    char *name;                    /* "sort[kind=random]": without the argument */
    const struct pfl_lib_case *of; /* the last of them */
    const char *argument;
    const char *model;   /* "O(n log n)"; NULL: none, `why` says so */
    const char *term;    /* "n log n" */
    char between[64];    /* what `why` says when two models do as well */
    const char *nearest; /* the best one all the same; NULL: nothing could be tried */
    double coefficient;  /* seconds */
    double cycles;       /* the same in cycles; NaN: it is a fit of times */
    double constant;     /* seconds that come on top whatever the size; 0: none */
    double constant_cycles;
    double residual; /* RMS of the relative errors, of the best model */
    const char *why;
};

struct pfl_lib_report {
    struct pfl_lib_result *results; /* as the cases */
    size_t n;
    struct pfl_lib_fit *fits;
    size_t fit_count;
    int launches;   /* asked for */
    int launched;   /* that are over */
    double seconds; /* per case in all */
    uint64_t seed;
    bool once, interrupted;
    char *trouble; /* NULL, or what went wrong beside the benchmarks */
    int64_t started_unix_ns;
};

void pfl_lib_report_init(struct pfl_lib_report *report, const struct pfl_lib_cases *cases,
                         int launches);
void pfl_lib_report_release(struct pfl_lib_report *report);
/* A value of that launch. Texts are copied. */
void pfl_lib_report_metric(struct pfl_lib_report *report, size_t index, int launch,
                           const struct pfl_lib_metric *metric);
void pfl_lib_report_status(struct pfl_lib_report *report, size_t index, enum pfl_lib_status status,
                           const char *reason);
/* All launches are in: estimates and fits. */
void pfl_lib_report_finish(struct pfl_lib_report *report);
/* NULL: it has none. */
const struct pfl_lib_series *pfl_lib_result_find(const struct pfl_lib_result *result,
                                                 const char *metric);
/* What is odd about it, for people; NULL: nothing. */
const char *pfl_lib_result_note(const struct pfl_lib_result *result);
/* What a launch's outcome says in figures: time, cycles, first_call, cpu and its own metrics. */
void pfl_lib_outcome_metrics(const struct pfl_lib_outcome *outcome,
                             void (*tell)(void *context, const struct pfl_lib_metric *metric),
                             void *context);

/* ---- estimate.c ---- */

/* values: one per launch, NaN where there is none. */
void pfl_lib_estimate(const char *metric, const char *unit, const double *values, size_t n,
                      struct pfl_lib_estimate *estimate);
/* Half the width of the stated interval over the median; NaN: unknown. */
double pfl_lib_estimate_half(const struct pfl_lib_estimate *estimate);

/* ---- complexity.c ---- */

/* n sizes with their values, the coefficient is in their unit. fit->model NULL: why says what is in
 * the way. */
void pfl_lib_complexity_fit(const double *sizes, const double *values, size_t n,
                            struct pfl_lib_fit *fit);
/* All groups of a report that have a PFL_COMPLEXITY argument. */
void pfl_lib_complexity(struct pfl_lib_report *report);

/* ---- launches.c ---- */

/* Runs report->launches launches of the cases, each in a process of its own, or with `inside` in
 * this one. Answers an exit status: 0, or 3 when no launch can be started. */
struct pfl_lib_launch_plan {
    struct pfl_lib_how how;
    char **argv;
    bool inside, quiet;
};
int pfl_lib_launches_run(const struct pfl_lib_cases *cases, const struct pfl_lib_launch_plan *plan,
                         struct pfl_lib_report *report);

/* ---- process.c: the process of a launch, one at a time ---- */

struct pfl_lib_launch {
    int fd, output;    /* what it says to us; what it prints */
    int handle;        /* a pidfd, readable when it is over; −1: the kernel has none */
    char tail[256];    /* its last line, or the beginning of that */
    bool line_is_over; /* nothing came after it yet */
};
enum { PFL_LIB_LAUNCH_LOST = 127 }; /* its exit status when it cannot be executed */
/* false: errno says why. */
bool pfl_lib_launch_start(struct pfl_lib_launch *launch, char **argv);
/* Takes what it printed to standard error; false: there will be nothing more. */
bool pfl_lib_launch_print(struct pfl_lib_launch *launch);
bool pfl_lib_launch_is_over(void); /* without waiting, and without taking its status */
int pfl_lib_launch_end(struct pfl_lib_launch *launch); /* waits; as waitpid() says */
void pfl_lib_launch_kill(void);
/* SIGINT and SIGTERM go to the launch; which one came (0: none). */
void pfl_lib_launch_catch(bool on);
int pfl_lib_launch_signal(void);

/* ---- warn.c ---- */

void pfl_lib_warn_to_parent(int fd); /* −1: this is no launch */

/* ---- launched.c ---- */

/* The descriptor that the parent left us; −1: this is no launch. Asked once. */
int pfl_lib_launched_fd(void);
#define PFL_LIB_LAUNCH_VARIABLE "PERFLEDGER_LAUNCH_FD"
/* A warning of this launch: the parent says it, if nobody has yet. false: there is no parent. */
bool pfl_lib_launched_warn(int fd, const char *text);
int pfl_lib_launched_serve(const struct pfl_lib_cases *cases, const struct pfl_lib_how *how,
                           int fd);

/* One line of a launch. Texts point into the line. */
struct pfl_lib_said {
    char kind; /* 'h' index: how many cases, 'b' begins, 'm' metric, 't' one that is a text, 'e'
                  ends with status, reason, 'w' warning: reason */
    size_t index;
    uint64_t names; /* 'h': of all names, hashed */
    struct pfl_lib_metric metric;
    enum pfl_lib_status status;
    const char *reason;
};
uint64_t pfl_lib_cases_hash(const struct pfl_lib_cases *cases);
/* Takes the line apart, in place; false: it is none of ours. */
bool pfl_lib_said_read(char *line, struct pfl_lib_said *said);
void pfl_lib_said_write(FILE *out, const struct pfl_lib_said *said);

/* ---- cell.c ---- */

enum { PFL_LIB_CELL_MAX = 48 };
/* "1.234 µs", "12.3 MiB/s", "51.2 k", "3.1e-09", "–" for NaN. */
void pfl_lib_cell_quantity(char out[PFL_LIB_CELL_MAX], double value, const char *unit, int digits);
/* 0.0083 → "0.83 %", two digits. */
void pfl_lib_cell_percent(char out[PFL_LIB_CELL_MAX], double share);
/* Allocated: no control characters, no broken UTF-8 (\x1b instead). */
char *pfl_lib_cell_escape(const char *text);
size_t pfl_lib_cell_width(const char *text); /* columns: code points */
/* Bytes of the longest beginning that is at most so wide. */
size_t pfl_lib_cell_cut(const char *text, size_t width);
bool pfl_lib_cell_utf8(void); /* the terminal's locale is UTF-8 */

/* ---- table.c, json.c ---- */

struct pfl_lib_table_style {
    size_t width;
    bool colour, quiet;
};
void pfl_lib_table_write(FILE *out, const struct pfl_lib_report *report,
                         const struct pfl_lib_table_style *style);
void pfl_lib_json_report(FILE *out, const struct pfl_lib_report *report);
void pfl_lib_json_list(FILE *out, const struct pfl_lib_cases *cases);

/* ---- progress.c: the live line on standard error; nothing where that is no terminal ---- */

void pfl_lib_progress_begin(size_t steps, bool quiet);
void pfl_lib_progress_step(size_t done, const char *name);
void pfl_lib_progress_erase(void); /* something else is about to be written */
void pfl_lib_progress_end(void);

#endif
