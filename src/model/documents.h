/*
 * What perfledger.yaml says of the written ledger: where it lies, which benchmarks make an area,
 * what a change of files owes, how long raw samples are kept. Lives in the config's arena.
 */
#ifndef PFL_MODEL_DOCUMENTS_H
#define PFL_MODEL_DOCUMENTS_H

#include <stddef.h>
#include <stdint.h>

/* `areas: { parser: ["kernels/parse*", pipeline] }` */
struct pfl_area {
    const char *name;        /* safe in a file name */
    const char **benchmarks; /* globs or bare suite names, as in SELECT */
    size_t benchmark_count;
    int line;
};

enum pfl_demand {                          /* bits */
                  PFL_DEMAND_SNAPSHOT = 1, /* a snapshot of the change's numbers */
                  PFL_DEMAND_ROW = 2,      /* a row in the log */
};

/*
 * `paths: [ { match: ["src/parser*", …], suites: [kernels], demand: [snapshot],
 *             max_regression: 1%, metric: time } ]`: what a change of such files owes.
 */
struct pfl_path_rule {
    const char **matches; /* globs over paths from perfledger.yaml's folder; * crosses / */
    size_t match_count;
    const char **suites; /* SELECT words to measure; none: all */
    size_t suite_count;
    unsigned demand;       /* enum pfl_demand bits */
    double max_regression; /* of `metric` in these suites; NaN: the gates as they are */
    const char *metric;    /* glob; "time" by default */
    const char *reason;    /* why it asks for less than it did; NULL: not said */
    int line;
};

/* `removed: [ { gate: kernels, metric: peak_rss, reason: … } ]`: why something that stood in
 * perfledger.yaml does not any more. */
enum pfl_removed_kind { PFL_REMOVED_GATE, PFL_REMOVED_TARGET, PFL_REMOVED_PATH };
struct pfl_removed {
    enum pfl_removed_kind kind;
    const char *match;  /* glob: the gate's match, the target's benchmark, the rule's files */
    const char *metric; /* glob; NULL: any */
    const char *reason;
};

/* `retention: { samples: 180d, keep_last: 20 }`: when `prune` thins raw samples. */
struct pfl_retention {
    int64_t samples_ns; /* older ones go, unless something keeps them; 0: not given */
    int keep_last;      /* so many newest runs of each machine keep theirs; -1: not given */
};

struct pfl_documents {
    const char *log; /* documents: { log: PERFORMANCE.md, folder: perf }; relative to the root */
    const char *folder;
    struct pfl_area *areas;
    size_t area_count;
    struct pfl_path_rule *paths;
    size_t path_count;
    struct pfl_retention retention;
    double release_max_regression; /* release: { max_regression: 10% }; 0.10 by default */
    const char *release_reason;    /* NULL: not said */
    const char *release_tags;      /* glob: tags that are releases; NULL: every one is */
    int release_line;              /* 0: there is no `release:` */
    struct pfl_removed *removed;
    size_t removed_count;
};

#endif
