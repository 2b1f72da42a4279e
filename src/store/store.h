/*
 * The ledger: the contract that every store keeps (SQLite here; PostgreSQL is to keep the same
 * one).
 *
 * - A run is added whole or not at all, and is durable when pfl_store_add() returns PFL_OK.
 * - Adding a run whose id is there already changes nothing and answers *added = false.
 * - Runs never change, but for one thing: pfl_store_thin() takes their samples away. `void` and
 * `note` stand beside the record.
 * - Several processes may use one ledger at once; writers wait for each other (30 s, then
 * PFL_EBUSY).
 * - A ledger written by a newer schema is refused (PFL_EVERSION), a damaged one is PFL_ECORRUPT,
 * and neither is touched. An older one is migrated in one transaction when opened for writing.
 *
 * SQL lives only in this folder.
 */
#ifndef PFL_STORE_STORE_H
#define PFL_STORE_STORE_H

#include "base/arena.h"
#include "base/err.h"
#include "model/run.h"

struct pfl_store; /* opaque; not thread-safe, one per thread */

struct pfl_store_open_params {
    const char *url; /* a path ("sqlite:PATH" too); later "postgresql://…" */
    bool create;     /* make the file and its folder (which ignores itself in git) when absent; else
                        PFL_ENOENT */
    bool read_only;
    bool reading; /* nothing will be written: where this user may not write, opened as if read_only,
                     else as usual */
    bool bulk; /* importing: between begin and commit it also commits by itself now and then (about
                  every million results); points wait in memory and go in packed */
};
int pfl_store_open(const struct pfl_store_open_params *params, struct pfl_store **store,
                   struct pfl_err *err);
void pfl_store_close(struct pfl_store *store);

/* run->id must be set and its summaries filled. Of a run that was thinned here, the samples are
 * brought back when it is added whole; it is not new (*added = false). */
int pfl_store_add(struct pfl_store *store, const struct pfl_run *run, bool *added,
                  struct pfl_err *err);
/* The same, and remembers where the run came from: a key of the caller's, such as the hash of a
 * file and the place within, so that what was imported is known again without reading it. Also
 * remembered for a run that was there already. */
int pfl_store_add_from(struct pfl_store *store, const struct pfl_run *run, const char *source,
                       bool *added, struct pfl_err *err);
/* A source whose run is void because it was replaced is not known: read again, it takes its place
 * back. */
int pfl_store_has_source(struct pfl_store *store, const char *source, bool *has,
                         struct pfl_err *err);
#define PFL_STORE_REPLACED "its file was written anew" /* how the reason of such a void begins */
/* What a place (a key of the caller's, too) holds now became this run: another one that it became
 * before is void from now on, for that reason. why NULL: the run was known already, so nothing is
 * void, and the place is only remembered where it was not. A place is no source: the run is added
 * first. */
struct pfl_store_place {
    const char *key, *run_id, *why;
    int64_t unix_ns;
};
int pfl_store_replace(struct pfl_store *store, const struct pfl_store_place *place, bool *replaced,
                      struct pfl_err *err);
/* Many runs in one transaction: begin, add…, commit or abandon. An add that fails after it changed
 * something (full disk, no memory) loses the whole batch: it is taken back at once, and every call
 * until abandon, commit too, says so. In a bulk store the batch is what came after the last commit
 * of its own. Closing abandons. Reads see the batch. */
int pfl_store_begin(struct pfl_store *store, struct pfl_err *err);
int pfl_store_commit(struct pfl_store *store, struct pfl_err *err);
void pfl_store_abandon(struct pfl_store *store);

/* A run by id (whole or an unambiguous prefix of ≥ 4 digits). PFL_ENOENT; PFL_EINVAL when ambiguous
 * (names the candidates). */
int pfl_store_load(struct pfl_store *store, const char *id, struct pfl_arena *arena,
                   struct pfl_run *run, struct pfl_err *err);

/*
 * Thinning: the raw samples and launches of runs go, for good. All else stays, above all what was
 * estimated from them: a thinned run loads with its summaries (summary_only) and what normalised
 * them, its points of series are untouched. Its id stays, though it cannot be computed from the
 * content any more: the run says that and when (thinned_unix_ns), and nothing here verifies it.
 *
 * A few dozen runs make a transaction, so that whatever ends it half-way loses nothing: some runs
 * are thinned, the others are whole. Not within a batch.
 */
struct pfl_store_thin_params {
    const char *const *ids; /* whole ones */
    size_t n;
    int64_t unix_ns; /* now: what the runs will say */
    bool dry_run;    /* only counts; the ledger may be open for reading only */
    /* Fills what is not stored but follows from samples and is to stay (normalised); NULL: nothing
     * does. */
    int (*settle)(void *context, struct pfl_run *run, struct pfl_err *err);
    /* Asked before each run, with how many were looked at: true ends it with PFL_EINTERRUPTED. May
     * be NULL. */
    bool (*stop_asked)(void *context, size_t done);
    void *context;
};
struct pfl_store_thinned {
    size_t runs;    /* that lost samples (or would); those without any are passed over */
    size_t damaged; /* that could not be read, and were left alone */
    int64_t bytes;  /* that their records and samples took */
};
/* *done is right whatever is answered: what it counts has been committed. */
int pfl_store_thin(struct pfl_store *store, const struct pfl_store_thin_params *params,
                   struct pfl_store_thinned *done, struct pfl_err *err);

/* Gives room that nothing uses any more back to the disk, where that is worth the copying. It needs
 * about as much room again for a while: without it nothing is done, and *short_of says how many
 * bytes were missing. */
struct pfl_store_compacted {
    int64_t before, after; /* bytes of the ledger, with what lies beside it */
    bool done;
    int64_t short_of; /* 0: there was room */
};
int pfl_store_compact(struct pfl_store *store, struct pfl_store_compacted *compacted,
                      struct pfl_err *err);

struct pfl_store_query {
    const char *machine_id; /* NULL = any */
    const char *commit;     /* prefix; NULL = any */
    bool complete_only;     /* configured, complete, not partial */
    bool configured_only;
    bool without_races; /* they are recorded apart: what "latest" or a revision names is none */
    bool with_void;
    size_t last; /* newest N; 0 = all */
};
/* Newest last. */
int pfl_store_list(struct pfl_store *store, const struct pfl_store_query *query,
                   struct pfl_arena *arena, struct pfl_run_head **heads, size_t *n,
                   struct pfl_err *err);

/* A series over time: one benchmark, metric, variant on one machine, oldest first. Left out: void
 * runs, races, text metrics, and results whose median is NaN. The point's texts last until the
 * callback returns; it may use the store.
 *
 * Names that aliases join are one series, whichever of them the key has. Each point tells the name
 * it was recorded under; should a run have points under several, only the newest name's counts. */
struct pfl_store_point {
    const char *run_id, *commit, *fingerprint, *definition;
    const char *benchmark, *variant; /* as recorded: the key's own, but for older names */
    int64_t started_unix_ns;
    struct pfl_summary summary;
};
struct pfl_store_series_key {
    const char *benchmark, *metric, *variant, *machine_id;
};
/* Non-zero stops, which is no error. */
typedef int pfl_store_point_fn(void *context, const struct pfl_store_point *point);
int pfl_store_series(struct pfl_store *store, const struct pfl_store_series_key *key,
                     pfl_store_point_fn *each, void *context, struct pfl_err *err);
/* Between the two, reading shows one state of the ledger whatever others write meanwhile, and many
 * small reads cost half. Not within a batch; nothing may be written meanwhile. */
int pfl_store_freeze(struct pfl_store *store, struct pfl_err *err);
void pfl_store_thaw(struct pfl_store *store);

/* All series' keys that have points, sorted by their bytes; the unit and direction are those
 * recorded last. Names that aliases join are listed once, under the newest. */
typedef int pfl_store_series_fn(void *context, const struct pfl_store_series_key *key,
                                const char *unit, enum pfl_better better, size_t points);
int pfl_store_each_series(struct pfl_store *store, const char *machine_id,
                          pfl_store_series_fn *each, void *context, struct pfl_err *err);

/* Names over time: what was recorded as `from` is from now on one series with `to`. Nothing that
 * was recorded changes, so it can be taken back. A name leads to one other, `to` may lead further,
 * and a circle is refused (PFL_EINVAL, as is a second way from the same name); adding the same
 * again replaces the note. */
struct pfl_store_alias {
    bool variant;          /* from and to are variants, else benchmarks */
    const char *benchmark; /* the variant's, under any of its names; NULL or "": of all benchmarks,
                              unless one has an alias of its own. NULL where !variant */
    const char *from, *to; /* benchmarks are not empty; a variant may be */
    const char *note;      /* NULL: "" */
    int64_t unix_ns;       /* when this was said */
};
int pfl_store_alias_add(struct pfl_store *store, const struct pfl_store_alias *alias,
                        struct pfl_err *err);
/* By variant, benchmark and from; the rest is not looked at. PFL_ENOENT. */
int pfl_store_alias_remove(struct pfl_store *store, const struct pfl_store_alias *alias,
                           struct pfl_err *err);
/* In the order in which they were added. */
int pfl_store_alias_list(struct pfl_store *store, struct pfl_arena *arena,
                         struct pfl_store_alias **aliases, size_t *n, struct pfl_err *err);

/* What the yardsticks of a machine are held against, seconds per operation: those of the run with
 * yardsticks that was added first. 0 where there is none. */
int pfl_store_yardsticks(struct pfl_store *store, const char *machine_id, const char *fingerprint,
                         double reference[PFL_YARDSTICK_COUNT], struct pfl_err *err);

/* Ids of the runs that set these references, each once. */
int pfl_store_yardstick_runs(struct pfl_store *store, struct pfl_arena *arena, const char ***ids,
                             size_t *n, struct pfl_err *err);
/* Forgets the references of a machine, so that its next run with yardsticks sets them anew. *known:
 * there were some. */
int pfl_store_yardsticks_reset(struct pfl_store *store, const char *machine_id,
                               const char *fingerprint, bool *known, struct pfl_err *err);

/* Run ids as for pfl_store_load. Voiding again replaces the reason; taking back what is not void is
 * fine. */
int pfl_store_void(struct pfl_store *store, const char *run_id, const char *why, int64_t unix_ns,
                   struct pfl_err *err);
int pfl_store_unvoid(struct pfl_store *store, const char *run_id, struct pfl_err *err);
int pfl_store_note(struct pfl_store *store, const char *run_id, const char *text, int64_t unix_ns,
                   struct pfl_err *err);

/* By time. */
struct pfl_store_remark {
    const char *text;
    int64_t unix_ns;
    bool is_void;
};
int pfl_store_remarks(struct pfl_store *store, const char *run_id, struct pfl_arena *arena,
                      struct pfl_store_remark **remarks, size_t *n, struct pfl_err *err);

#endif
