/*
 * What the reports share: values as words, which rows matter, the sentence that states the outcome.
 * Everything here is raw text that may hold a hostile name: each report escapes the finished text
 * for its own medium.
 */
#ifndef PFL_REPORT_INTERNAL_H
#define PFL_REPORT_INTERNAL_H

#include "report/report.h"

/* Texts under construction: written into buf, kept in the arena. After a failure everything is ""
 * and release() says so. */
struct pfl_report_words {
    struct pfl_arena *arena;
    struct pfl_buf buf;
    bool failed;
};
void pfl_report_words_init(struct pfl_report_words *words, struct pfl_arena *arena);
int pfl_report_words_release(struct pfl_report_words *words, struct pfl_err *err);
const char *
pfl_report_words_end(struct pfl_report_words *words); /* what buf holds; buf is empty again */
const char *pfl_report_format(struct pfl_report_words *words, const char *format, ...)
    PFL_PRINTF(2, 3);

const char *pfl_report_value(struct pfl_report_words *words, double value, const char *unit);
/* "1.43 ± 0.02 ms": the median and half its interval; where that would mislead (a lopsided
 * interval, one wider than the value) "878 µs [838 µs … 2.10 ms]". */
const char *pfl_report_plus_minus(struct pfl_report_words *words, double median, double low,
                                  double high, const char *unit);
/* A result's median with its interval. */
const char *pfl_report_median(struct pfl_report_words *words, const struct pfl_result *result);
const char *pfl_report_change(struct pfl_report_words *words, double ratio);
const char *pfl_report_interval(struct pfl_report_words *words, double low,
                                double high);                        /* "" without one */
void pfl_report_write_percent(struct pfl_buf *buf, double fraction); /* "10 %", "2.5 %" */
const char *pfl_report_percent(struct pfl_report_words *words, double fraction); /* NaN: "" */
/* "2026-11-20 14:03" or, `exact`, "2026-11-20T14:03:07Z"; UTC; "" for 0. */
const char *pfl_report_time(struct pfl_report_words *words, int64_t unix_ns, bool exact);
const char *pfl_report_commit(struct pfl_report_words *words,
                              const struct pfl_revision *revision); /* "1a2b3c4d5e (dirty)" */
/* "main · 1a2b3c4d5e · run 0123… · 2026-11-20 14:03 · lab-1": where one side of a comparison comes
 * from. */
const char *pfl_report_side(struct pfl_report_words *words, const struct pfl_run *run,
                            const char *label);

/* Rows. A limit row is one of the other checks: max, min, relative to another benchmark, target. */
bool pfl_report_is_limit(const struct pfl_row *row);
bool pfl_report_counts(const struct pfl_row *row); /* deciding or gated: part of the outcome */
bool pfl_report_trouble(const struct pfl_comparison *comparison,
                        const struct pfl_row *row); /* worth telling first, asked to fail or not */
bool pfl_report_fails(
    const struct pfl_comparison *comparison,
    const struct pfl_row *row); /* its verdict is what the exit status says no to */
bool pfl_report_is_quiet(
    const struct pfl_row *row); /* nothing happened in a metric that decides nothing */
const char *pfl_report_verdict(
    const struct pfl_row *row); /* the word for people: "ok" for a limit that holds */
const char *pfl_report_metric(struct pfl_report_words *words,
                              const struct pfl_row *row); /* "time", "time, max" */
/* One side of a row: its median, or a text metric's text. "–" when there is none. */
const char *pfl_report_estimate(struct pfl_report_words *words, const struct pfl_row *row,
                                const struct pfl_estimate *estimate);
const char *pfl_report_limit(struct pfl_report_words *words,
                             const struct pfl_row *row); /* "10 %", "≤ 50.0 ms"; "" */
/* "time +52.0 % [+48.0 %, +56.0 %], limit 10 %": a row without its benchmark's name. */
const char *pfl_report_finding(struct pfl_report_words *words, const struct pfl_row *row);
/* The same for a place that must not be empty: where there are no numbers the first line of the
 * reason, or the verdict. */
const char *pfl_report_message(struct pfl_report_words *words, const struct pfl_row *row);

/* "check failed: 1 regressed (gzip -9: time +52.0 % …)": one line, and the one after it (may be
 * ""). */
const char *pfl_report_outcome(struct pfl_report_words *words,
                               const struct pfl_comparison *comparison);
bool pfl_report_is_neutral(const struct pfl_comparison *comparison); /* nothing could have failed */
const char *pfl_report_next(struct pfl_report_words *words,
                            const struct pfl_comparison *comparison);
/* "3 regressed, 1 improved, 12 unchanged" over counts; "nothing" when all are 0. */
const char *pfl_report_counted(struct pfl_report_words *words,
                               const size_t counts[PFL_VERDICT_COUNT]);
/* The order in which verdicts are told, worst first. */
extern const enum pfl_verdict pfl_report_verdict_order[PFL_VERDICT_COUNT];

/* Runs. The result that speaks for a benchmark: time, else its first number; NULL when there is
 * none. */
const struct pfl_result *pfl_report_main_result(const struct pfl_benchmark *bench);
/* "cpu 1.21 ms (user 1.00, sys 0.21)", "peak RSS 18.2 MiB", …: one text per fact, the main result
 * left out. Answers how many were put into facts[] (at most `most`). Everything: page faults and
 * context switches, too. */
size_t pfl_report_facts(struct pfl_report_words *words, const struct pfl_benchmark *bench,
                        bool everything, const char **facts, size_t most);
/* "assemble 0.80 ms 12.0 MiB" per stage. */
size_t pfl_report_stages(struct pfl_report_words *words, const struct pfl_benchmark *bench,
                         const char **stages, size_t most);
/* "2 of 10 launches failed (exit code 3)"; "" when none did. */
const char *pfl_report_launch_failures(struct pfl_report_words *words,
                                       const struct pfl_benchmark *bench);
const char *pfl_report_launch_count(struct pfl_report_words *words,
                                    const struct pfl_benchmark *bench); /* "10 launches" */
/* Is the exponent known to ± 0.5 at least? That tells linear from quadratic, and little else. The
 * interval says it all: with three sizes it is so wide (Student's t with one degree of freedom)
 * that only a straight line passes. */
bool pfl_report_fit_holds(const struct pfl_fit *fit);
/* "pipeline: time grows as size^1.02 (1.00 … 1.05) over 3 sizes". */
const char *pfl_report_fit(struct pfl_report_words *words, const struct pfl_fit *fit);
/* The spread of a result's samples as a small histogram, "▁▂▇▃▁"; "" for fewer than 3. */
const char *pfl_report_picture(struct pfl_report_words *words, const struct pfl_result *result);

enum { PFL_REPORT_FACTS_MAX = 64 };

/* Raw text with everything that has a meaning in GitHub's Markdown escaped. */
const char *pfl_report_markdown_text(struct pfl_report_words *words, const char *raw);

extern const struct pfl_report_format pfl_report_terminal, pfl_report_markdown, pfl_report_junit,
    pfl_report_github, pfl_report_json;

#endif
