/* `import`: other tools' results into the ledger; `export`: a run as another tool's file. */
#ifndef PFL_FLOW_EXCHANGE_IMPORT_H
#define PFL_FLOW_EXCHANGE_IMPORT_H

#include "flow/exchange/exchange.h"
#include "flow/flow.h"

enum { PFL_IMPORT_WARNINGS_MAX = 100 }; /* kept of one file; all are counted */

struct pfl_import_file {
    const char *path;
    const char *format;                  /* NULL: not known, nothing was taken */
    size_t runs, added, points, samples; /* points: values that became one of a series */
    size_t replaced;     /* earlier readings of files that have other bytes now: void from now on */
    size_t undated;      /* of the runs: neither the file nor the options say when it was */
    size_t known;        /* parts of an archive that were imported before, not read */
    const char *run_id;  /* of its first run; "" */
    const char *problem; /* why (the rest of) it was not taken; NULL */
    const char **warnings;
    size_t warning_count, warnings_kept;
};

struct pfl_import {
    struct pfl_import_file *files; /* in the order read */
    size_t file_count;
    size_t problems;    /* files with one */
    size_t passed_over; /* of folders: what is certainly no result, and not among the files */
};

struct pfl_import_params {
    struct pfl_exchange exchange;
    const char *const *paths; /* files, folders (read as one where they are one result, else all
                                 that is in them), "-" */
    size_t path_count;
    const char *suite;    /* put before names: SUITE/NAME; NULL */
    const char *label;    /* of the runs; NULL */
    const char *date;     /* when it was measured, of runs whose file does not say; NULL */
    const char *revision; /* the same: what git calls REV, or a commit's id. Its time is the date
                             where nothing else is; NULL */
    bool dry_run;         /* reads and counts only */
    bool (*stop_asked)(void *context);
    void (*progress)(void *context, size_t files, const char *path);
    void *context;
};

/* One bad file does not lose the rest. A file that a folder holds beside the results and that is no
 * result is passed over and counted; one that was named is a problem. */
int pfl_flow_import(struct pfl_flow *flow, const struct pfl_import_params *params,
                    struct pfl_import *import, struct pfl_err *err);

/* The run that `word` names (pfl_flow_resolve) in that format, into out. *lost: a sentence, or
 * NULL. PFL_EUSAGE: no such format, or it cannot be written. */
int pfl_flow_export(struct pfl_flow *flow, const char *word, const char *format,
                    struct pfl_buf *out, const char **lost, struct pfl_err *err);

#endif
