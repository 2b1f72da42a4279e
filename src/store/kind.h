/* What a store has to offer: store.c hands each call of store.h to the kind whose prefix the URL
 * bears. */
#ifndef PFL_STORE_KIND_H
#define PFL_STORE_KIND_H

#include "store/store.h"

/* Each kind's own struct begins with this. */
struct pfl_store {
    const struct pfl_store_kind *kind;
};

/* The contracts are those of store.h. store.c has looked at what any store would refuse: a run
 * without id, an empty text, and so on. `open` gets the URL without the prefix when the prefix ends
 * in ':', else whole. */
struct pfl_store_kind {
    const char *name;
    const char *const *prefixes; /* NULL-terminated; "" takes what nobody else wants */
    int (*open)(const struct pfl_store_open_params *params, struct pfl_store **store,
                struct pfl_err *err);
    void (*close)(struct pfl_store *store);
    int (*add)(struct pfl_store *store, const struct pfl_run *run, const char *source, bool *added,
               struct pfl_err *err); /* source NULL: not told */
    int (*has_source)(struct pfl_store *store, const char *source, bool *has, struct pfl_err *err);
    int (*replace)(struct pfl_store *store, const struct pfl_store_place *place, bool *replaced,
                   struct pfl_err *err);
    int (*begin)(struct pfl_store *store, struct pfl_err *err);
    int (*commit)(struct pfl_store *store, struct pfl_err *err);
    void (*abandon)(struct pfl_store *store);
    int (*freeze)(struct pfl_store *store, struct pfl_err *err);
    void (*thaw)(struct pfl_store *store);
    int (*thin)(struct pfl_store *store, const struct pfl_store_thin_params *params,
                struct pfl_store_thinned *done, struct pfl_err *err); /* *done is zeroed */
    int (*compact)(struct pfl_store *store, struct pfl_store_compacted *compacted,
                   struct pfl_err *err); /* likewise */
    int (*load)(struct pfl_store *store, const char *id, struct pfl_arena *arena,
                struct pfl_run *run, struct pfl_err *err);
    int (*list)(struct pfl_store *store, const struct pfl_store_query *query,
                struct pfl_arena *arena, struct pfl_run_head **heads, size_t *n,
                struct pfl_err *err);
    int (*series)(struct pfl_store *store, const struct pfl_store_series_key *key,
                  pfl_store_point_fn *each, void *context, struct pfl_err *err);
    int (*each_series)(struct pfl_store *store, const char *machine_id, pfl_store_series_fn *each,
                       void *context, struct pfl_err *err);
    int (*yardsticks)(struct pfl_store *store, const char *machine_id, const char *fingerprint,
                      double reference[PFL_YARDSTICK_COUNT], struct pfl_err *err);
    int (*yardstick_runs)(struct pfl_store *store, struct pfl_arena *arena, const char ***ids,
                          size_t *n, struct pfl_err *err);
    int (*yardsticks_reset)(struct pfl_store *store, const char *machine_id,
                            const char *fingerprint, bool *known, struct pfl_err *err);
    int (*void_run)(struct pfl_store *store, const char *run_id, const char *why, int64_t unix_ns,
                    struct pfl_err *err);
    int (*unvoid)(struct pfl_store *store, const char *run_id, struct pfl_err *err);
    int (*note)(struct pfl_store *store, const char *run_id, const char *text, int64_t unix_ns,
                struct pfl_err *err);
    int (*remarks)(struct pfl_store *store, const char *run_id, struct pfl_arena *arena,
                   struct pfl_store_remark **remarks, size_t *n, struct pfl_err *err);
    int (*alias_add)(struct pfl_store *store, const struct pfl_store_alias *alias,
                     struct pfl_err *err);
    int (*alias_remove)(struct pfl_store *store, const struct pfl_store_alias *alias,
                        struct pfl_err *err);
    int (*alias_list)(struct pfl_store *store, struct pfl_arena *arena,
                      struct pfl_store_alias **aliases, size_t *n, struct pfl_err *err);
};

extern const struct pfl_store_kind pfl_store_sqlite;

/* All kinds, NULL-terminated: to add one is one file and one line in store.c. */
extern const struct pfl_store_kind *const pfl_store_kinds[];

#endif
