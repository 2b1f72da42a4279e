/* What the changes since a revision owe: measurements, documents, reasons. In the caller's arena.
 */
#ifndef PFL_MODEL_OWED_H
#define PFL_MODEL_OWED_H

#include "model/documents.h"

#include <stdbool.h>

/* A rule of `paths:` that changed files touch. */
struct pfl_owed_rule {
    const struct pfl_path_rule *rule;
    const char *file; /* where it stands, with rule->line */
    const char **files;
    size_t file_count;
    const char *snapshot, *row; /* "perf/snapshots/x_2026-11-21.md", "PERFORMANCE.md:14": what meets
                                   the demand; NULL: nothing does */
};

/* A gate, target, rule of `paths:` or `release:` that asks for less than it did. */
struct pfl_loosened {
    const char *what;   /* "gate \"kernels/…\" time" */
    const char *change; /* "max_regression 10 % → 20 %", "removed" */
    const char *file;   /* of the one that now holds; of the removed one, as it was */
    int line;           /* 0: not known */
    bool removed;
    const char *reason; /* beside it, and not there before: nothing is owed; NULL */
    const char *entry;  /* removed: how to begin its entry of `removed:`, "gate: kernels" */
};

struct pfl_owed {
    const char *commit; /* since when */
    const char *name;   /* how to call it: "v1.2", "main" */
    const char *place;  /* of perfledger.yaml, below the repository's top; NULL: that name */
    const char *asked;  /* what the user typed; NULL: nothing */
    const char **files;
    size_t file_count;
    struct pfl_owed_rule *rules;
    size_t rule_count;
    const char **suites; /* SELECT words for `run`, each once */
    size_t suite_count;
    struct pfl_loosened *loosened;
    size_t loosened_count;
    size_t snapshots, rows, reasons; /* that are owed */
    bool unmerged; /* the default branch does not hold HEAD: rows are due after the merge */
    size_t later;  /* rows that are due then; none of `rows` */
};

static inline size_t pfl_owed_count(const struct pfl_owed *owed)
{
    return owed->snapshots + owed->rows + owed->reasons;
}

#endif
