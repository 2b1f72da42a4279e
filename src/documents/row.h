/*
 * A row of the log: what one change did, as a section of Markdown.
 *
 * Facts are what the row was made of that is not in the two runs; with them and the runs the same
 * text is made again, byte for byte. Everything in facts is optional when read but kind, title and
 * head: a missing text is "", a missing list is empty.
 */
#ifndef PFL_DOCUMENTS_ROW_H
#define PFL_DOCUMENTS_ROW_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "model/verdict.h"

enum pfl_row_kind {
    PFL_ROW_OPTIMISATION, /* base → head, something got better */
    PFL_ROW_BASELINE,     /* head alone: first figures of a new backend or platform */
    PFL_ROW_DIAGNOSIS,    /* base: what had regressed; head: its fix */
};
enum { PFL_ROW_KIND_COUNT = 3 };
const char *pfl_row_kind_text(enum pfl_row_kind kind); /* "optimisation" … */
bool pfl_row_kind_read(const char *text, enum pfl_row_kind *kind);

/* What a ledger's history said of a series when the row was written. */
struct pfl_row_series {
    const char *benchmark, *metric, *variant;
    double session_sd;
    size_t sessions;
};

/* A tolerance of the configuration's gates, as it was then. */
struct pfl_row_tolerance {
    const char *match, *metric;
    double max_regression;
};

/* The medians of all runs of the two revisions, in the order of measuring, where there are more
 * than the two that the row cites. */
struct pfl_row_pool {
    const char *benchmark, *metric, *variant;
    size_t place[2]; /* before, after: which of the runs is the one that is cited, from 1 */
    double *medians[2];
    size_t n[2];
};

struct pfl_row_facts {
    enum pfl_row_kind kind;
    const char *tool;
    const char *after;       /* id of the row that stands before it in its part; "" for the first */
    const char *base, *head; /* ids of runs; base is "" for a baseline */
    bool external;
    const char *title, *note;
    const char *tag;                   /* of the head's revision, as git told */
    const char *commit_url;            /* what a commit's hash is put behind; "" */
    const char *pull_request;          /* "#42", "!42" */
    const char *pull_request_url;      /* "" */
    const char *cause, *cause_subject; /* diagnosis: the commit to blame */
    const char *area;
    const char *machine;           /* how people know it */
    const char *reference_machine; /* "": none is named */
    const char *runs_folder;       /* from the log's folder: "perf/runs" */
    const char *snapshot;          /* from the log's folder: "perf/snapshots/…md"; "" */
    const char **benchmarks;      /* globs: a benchmark is in the row when one of them selects it */
    size_t benchmark_count;       /* 0: all */
    const char **area_benchmarks; /* likewise, and both must */
    size_t area_benchmark_count;
    const char *metric; /* glob; "": time and what goes with it */
    double confidence, false_discovery_rate;
    struct pfl_row_series *series;
    size_t series_count;
    struct pfl_row_tolerance *tolerances; /* in the order of the configuration: the last one wins */
    size_t tolerance_count;
    struct pfl_row_pool *pools; /* of what moved, in the order of the comparison */
    size_t pool_count;
};

/* One line of JSON. */
int pfl_row_facts_write(const struct pfl_row_facts *facts, struct pfl_buf *out,
                        struct pfl_err *err);
/* PFL_EINVAL: they cannot be those of a row. */
int pfl_row_facts_read(const char *text, size_t len, struct pfl_arena *arena,
                       struct pfl_row_facts *facts, struct pfl_err *err);

/* Is the benchmark one that the row speaks of? */
bool pfl_row_selects(const struct pfl_row_facts *facts, const char *benchmark);

/* The comparison's rows that the row's table is about (of selected benchmarks: what decides,
 * memory, throughput, and what else moved; or what --metric names). Those of whole benchmarks (new,
 * missing …) are not among them. */
bool pfl_row_is_about(const struct pfl_row_facts *facts, const struct pfl_row *row);
/* May the row's verdict be believed? Not that of a wall-clock metric where CPU time decides, for
 * then something else wanted the CPU. row is one of the comparison's. */
bool pfl_row_is_witness(const struct pfl_comparison *comparison, const struct pfl_row *row);
/* The verdict's words as every document says them, or that it may not be believed. */
void pfl_row_write_verdict(struct pfl_buf *out, const struct pfl_comparison *comparison,
                           const struct pfl_row *row);
/* Of a single run's results, for a baseline: is it shown? */
bool pfl_row_shows(const struct pfl_row_facts *facts, const struct pfl_benchmark *bench,
                   const struct pfl_result *result);

/* The section's text. comparison->base is NULL for a baseline (the rest of it is not looked at
 * then, but for head). */
int pfl_row_write(const struct pfl_row_facts *facts, const struct pfl_comparison *comparison,
                  struct pfl_arena *arena, struct pfl_buf *out, struct pfl_err *err);

#endif
