/* Private to import*.c: going through folders (import_walk.c), and the ledger's side (import.c). */
#ifndef PFL_FLOW_EXCHANGE_IMPORT_PARTS_H
#define PFL_FLOW_EXCHANGE_IMPORT_PARTS_H

#include "flow/exchange/import.h"

#include "base/vec.h"
#include "sys/worker.h"

PFL_VEC(pfl_import_files, struct pfl_import_file);

struct pfl_import_added {
    size_t file, runs, replaced;
};
PFL_VEC(pfl_import_added_list, struct pfl_import_added);

struct pfl_importer {
    struct pfl_flow *flow;
    const struct pfl_import_params *params;
    struct pfl_import_files files;
    size_t warnings_room;    /* of the file at hand */
    struct pfl_store *store; /* NULL: nothing was asked of it yet */
    bool batch;              /* is begun */
    struct pfl_buf source;   /* of the runs that follow; empty: none was told */
    struct pfl_buf place;    /* the same */
    size_t runs;
    struct pfl_revision revision;       /* --revision; commit "": not given */
    int64_t date_unix_ns;               /* of runs that say none; 0: none was given */
    size_t passed_over;                 /* of folders: what is no result */
    bool found;                         /* a result, or what might be one, under the path at hand */
    struct pfl_worker *worker;          /* stores; NULL: this thread does */
    struct pfl_import_added_list added; /* the storing thread's until it has ended */
};

static inline struct pfl_import_file *pfl_import_at_hand(struct pfl_importer *im)
{
    return &im->files.at[im->files.n - 1];
}

/* A file, a folder, or what is in it, one after the other; depth 0: it was named. */
int pfl_import_path(struct pfl_importer *im, const char *path, int depth, struct pfl_err *err);

/* Reads --date and --revision. */
int pfl_import_when(struct pfl_importer *im, struct pfl_err *err);
/* What a file did not say, and they do. */
void pfl_import_date_run(struct pfl_importer *im, struct pfl_run *run);

/* What readers call (formats/format.h); the context is the importer. */
int pfl_import_is_known(void *context, const char *source, bool *known, struct pfl_err *err);
int pfl_import_take_source(void *context, const char *source, const char *place,
                           struct pfl_err *err);
int pfl_import_take_run(void *context, struct pfl_run *run, struct pfl_arena *arena,
                        struct pfl_err *err);

#endif
