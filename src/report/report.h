/*
 * Verdicts and runs → text. Data in, bytes out: nothing here knows a terminal, a file or the time.
 * Every name from outside is escaped for its medium. Only terminal*.c know ANSI codes.
 */
#ifndef PFL_REPORT_REPORT_H
#define PFL_REPORT_REPORT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "model/verdict.h"

struct pfl_report_style {
    size_t width; /* columns; 0 = 80 */
    bool colour, utf8;
    int verbosity; /* -1 quiet, 0, 1 verbose */
};

/* Reports of comparisons are plug-ins: one file, one line in report.c's array. */
struct pfl_report_format {
    const char *name; /* "terminal", "markdown", "junit", "github", "json" */
    const char *summary;
    int (*comparison)(const struct pfl_comparison *comparison, const struct pfl_report_style *style,
                      struct pfl_arena *arena, struct pfl_buf *out, struct pfl_err *err);
};
const struct pfl_report_format *const *pfl_report_formats(void); /* NULL-terminated */
const struct pfl_report_format *pfl_report_format_find(const char *name);

/* A run for a person: per benchmark estimate ± interval, spread as ▁▂▇▃▁, min…max, user/sys,
 * memory, oddities; failures and skips with their reasons; stages; throughput; fits; for several
 * ad-hoc commands the ranking (rank may be NULL; its base_label is the command that speaks, its
 * rows are the others). A benchmark's reason may have further lines: what the program said last,
 * quoted. Up to 8 benchmarks are blocks, more are a table. */
struct pfl_report_run {
    const struct pfl_run *run;
    const struct pfl_assessment *assessments; /* aligned with run->benchmarks; may be NULL */
    const struct pfl_fit *fits;
    size_t fit_count;
    const struct pfl_comparison *rank;
    bool
        heading; /* the run is of another time: say which it is, of what revision, where and when */
    const char *void_why; /* with heading: why the run is void; NULL: it counts */
    const char *recorded; /* "recorded as run 1a2b… in …" or why not; may be NULL */
};
int pfl_report_run_terminal(const struct pfl_report_run *report,
                            const struct pfl_report_style *style, struct pfl_arena *arena,
                            struct pfl_buf *out, struct pfl_err *err);
int pfl_report_run_markdown(const struct pfl_report_run *report, struct pfl_arena *arena,
                            struct pfl_buf *out, struct pfl_err *err);

/* The runs of a ledger, newest last. */
int pfl_report_list_terminal(const struct pfl_run_head *heads, size_t n,
                             const struct pfl_report_style *style, struct pfl_arena *arena,
                             struct pfl_buf *out, struct pfl_err *err);
/* Out of memory: out->error is set. */
void pfl_report_list_json(const struct pfl_run_head *heads, size_t n, struct pfl_buf *out);

/* One line of progress, at most `width` columns, no newline. */
struct pfl_report_progress {
    const char *benchmark, *phase;
    size_t round, rounds, benchmark_index, benchmark_count;
    double estimate, ci_low, ci_high, seconds_left;
};
void pfl_report_progress_line(const struct pfl_report_progress *progress,
                              const struct pfl_report_style *style, struct pfl_buf *out);
/* What erases such a line again (the cursor stands at its end). */
void pfl_report_progress_wipe(struct pfl_buf *out);

/* An error or warning as cli/ prints it: "perfledger: file:line:col: severity: message\n", colour
 * by style; severity "error", "warning" or NULL. The message's own lines stay lines and are not
 * wrapped. */
void pfl_report_error(const struct pfl_err *err, const char *severity,
                      const struct pfl_report_style *style, struct pfl_buf *out);

#endif
