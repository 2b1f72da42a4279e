/*
 * Foreign result files: what one format is, what its reader is given and what it gives back.
 *
 * To add a format: one file (read, and write where that makes sense), one line in table.c, one
 * sample (docs/adding-a-format.md). A reader takes bytes one after the other and hands over whole
 * runs; it holds one run at a time, so that an archive of thousands needs no more memory than its
 * largest.
 *
 * What is read: numbers as they stand, turned into stored units (s, B, 1/s, 1); units and
 * directions as the file says or the format defines, never guessed. Samples where the file has
 * them, else a summary that says so (summary_only). A value that is null or NaN is none. What
 * cannot be read is skipped with a warning that says where; only what makes the rest of the file
 * unreadable is an error.
 */
#ifndef PFL_FORMATS_FORMAT_H
#define PFL_FORMATS_FORMAT_H

#include "base/arena.h"
#include "base/json.h"
#include "model/run.h"

/* Where something is; line and column are 0 where they mean nothing. */
struct pfl_format_place {
    const char *path;
    int line, column;
};

struct pfl_format_sink {
    /* A run, whole: id, and summaries of results with samples, are the receiver's to compute. All
     * of it lives in the arena until the call returns; the receiver may take the arena (and leave
     * an initialised one), so that another thread can work on it. Not PFL_OK: the reader stops and
     * hands it on. */
    int (*run)(void *context, struct pfl_run *run, struct pfl_arena *arena, struct pfl_err *err);
    /* Something was skipped or had to be assumed. Texts are borrowed. PFL_ENOMEM stops. */
    int (*warn)(void *context, const struct pfl_format_place *place, const char *what);
    void *context;
};

/* What was imported before, for archives that are imported again and again. A source is a text that
 * is the same only for the same file with the same bytes. */
struct pfl_format_memory {
    /* Was a run of it taken? Then it need not be read. */
    int (*known)(void *context, const char *source, bool *known, struct pfl_err *err);
    /* The runs that follow are of this source; NULL: of none that has a name. place: where that is
     * kept, a text that stays when the bytes become others; what was read from there before is
     * replaced. NULL: nothing is. */
    int (*from)(void *context, const char *source, const char *place, struct pfl_err *err);
    void *context;
};

/* A file, or a folder that is read as one (criterion, asv). */
struct pfl_format_input {
    const char *path; /* as messages name it */
    bool folder;
    pfl_json_read_fn *read; /* the bytes, unpacked, from the beginning; NULL: a folder */
    void *context;
    /* What the caller knows and the file may not; NULL, or not known. */
    const char *unit;                       /* --unit: of values without one */
    const enum pfl_better *better;          /* --better */
    const struct pfl_format_memory *memory; /* NULL: there is none */
};

/* The beginning of a file, for telling what it is. */
enum { PFL_FORMAT_PROBE_BYTES = 1 << 16, PFL_FORMAT_PATHS_MAX = 256 };
struct pfl_format_probe {
    const char *path;
    bool folder;
    const char *const *names; /* folder: what is in it, sorted */
    size_t name_count;
    const char *bytes; /* file: unpacked, without a byte-order mark */
    size_t len;
    /* JSON (also behind a line like `window.BENCHMARK_DATA = `): the paths of keys within `bytes`,
     * to a depth of five, each once: "", "benchmarks", "benchmarks[]", "benchmarks[].stats.min". A
     * key of a map (any name) is itself. 0 paths: it is not JSON. */
    const char *paths[PFL_FORMAT_PATHS_MAX];
    size_t path_count;
    bool many; /* several documents, one after the other (NDJSON) */
};
bool pfl_format_has(const struct pfl_format_probe *probe, const char *path);

struct pfl_format {
    const char *name;  /* --format: "pytest-benchmark" */
    const char *title; /* "pytest-benchmark JSON" */
    /* What its files have at least, for the message that a file has no …: "\"benchmarks\" list
     * whose entries have \"stats\"". NULL only where it cannot be read. */
    const char *sought;
    /* Sure (2), possible (1), or not this (0). The surest in the table's order wins; two that are
     * sure are a bug of theirs. Never looks at the file's name. */
    int (*recognise)(const struct pfl_format_probe *probe);
    int (*read)(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                struct pfl_err *err); /* NULL: cannot be read */
    /* The run in this format. lost: a sentence on what it cannot hold, for the user; NULL: nothing.
     * NULL: cannot be written. */
    int (*write)(const struct pfl_run *run, struct pfl_buf *out, const char **lost,
                 struct pfl_err *err);
};

/* NULL-terminated; table.c. */
extern const struct pfl_format *const pfl_formats[];
const struct pfl_format *pfl_format_find(const char *name); /* NULL: there is none */

/* Fills paths and many from bytes; texts are the arena's. PFL_OK also for what is no JSON. */
int pfl_format_probe_json(struct pfl_format_probe *probe, struct pfl_arena *arena,
                          struct pfl_err *err);
/* `window.BENCHMARK_DATA = {`: where the document begins; 0 for anything but an assignment. A 0
 * byte in front counts as an end. */
size_t pfl_format_behind_assignment(const char *bytes, size_t len);
/* NULL: no format takes it. */
const struct pfl_format *pfl_format_recognise(const struct pfl_format_probe *probe);

#endif
