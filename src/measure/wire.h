/*
 * The wire: newline-delimited JSON that a measured program writes to PERFLEDGER_FD. Two halves:
 * while the program runs, its bytes are only gathered and stamped with their arrival; when it is
 * over, lines are read as messages.
 */
#ifndef PFL_MEASURE_WIRE_H
#define PFL_MEASURE_WIRE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "model/run.h"

enum { PFL_WIRE_LINE_MAX = 1 << 20, PFL_WIRE_BYTES_MAX = 32 << 20, PFL_WIRE_LINES_MAX = 100000 };

struct pfl_wire_line {
    size_t at, len;     /* within the bytes, without the newline */
    int64_t at_ns;      /* arrival of its end */
    int64_t peak_bytes; /* memory high-water mark of the stage that it ends; -1: unknown, or it
                           speaks of no stage */
};

PFL_VEC(pfl_wire_lines, struct pfl_wire_line);

struct pfl_wire {
    struct pfl_buf bytes;
    struct pfl_wire_lines lines;
    size_t open;          /* where the unfinished line begins */
    const char *overflow; /* why gathering stopped: a limit was met; NULL: it did not */
    bool no_memory;
    /* Asked when a line that may begin a stage arrives: the peak since the last time. May be NULL.
     */
    int64_t (*take_peak)(void *context, int pid);
    void *context;
};

void pfl_wire_init(struct pfl_wire *wire);
void pfl_wire_clear(struct pfl_wire *wire); /* ready for the next launch, memory kept */
void pfl_wire_release(struct pfl_wire *wire);
void pfl_wire_feed(struct pfl_wire *wire, const char *bytes, size_t len, int64_t at_ns, int pid);
void pfl_wire_finish(struct pfl_wire *wire, int64_t at_ns); /* a last line without its newline */

enum pfl_wire_kind {
    PFL_WIRE_STAGE,
    PFL_WIRE_METRIC,
    PFL_WIRE_SAMPLES,
    PFL_WIRE_ENVIRONMENT,
    PFL_WIRE_ARTIFACT,
    PFL_WIRE_SKIP,
    PFL_WIRE_FAIL,
    PFL_WIRE_BUDGET,
    PFL_WIRE_WARNING,
    PFL_WIRE_BEGIN, /* of `bench`; NULL: none is at hand any more */
};

struct pfl_wire_message {
    enum pfl_wire_kind kind;
    const char *text;  /* stage (NULL: none now), metric, artefact, reason, warning, stage whose
                          budget broke */
    const char *bench; /* NULL: the program as a whole */
    struct pfl_pair *params;
    size_t param_count;
    const char *variant; /* METRIC: which of several of that name; "": not said */
    double value;        /* METRIC (stored unit; NaN: none), BUDGET: seconds */
    const char *unit;    /* METRIC, as stored: "s", "B", …; NULL: not said */
    bool better_given;
    enum pfl_better better;
    const char *path; /* ARTIFACT */
    double *samples;  /* SAMPLES: seconds per iteration */
    size_t sample_count;
    double *yardsticks;     /* SAMPLES: seconds per step beside each of them; NULL: not said */
    const char *yardstick;  /* SAMPLES: which yardstick that is ("core"); "": not said */
    struct pfl_pair *pairs; /* ENVIRONMENT */
    size_t pair_count;
};

/* Reads one line. PFL_EPARSE: what is wrong with it, at which column; the caller quotes it.
 * Everything in the arena. */
int pfl_wire_parse(const char *line, size_t len, struct pfl_arena *arena,
                   struct pfl_wire_message *message, struct pfl_err *err);

/* Appends the line fit for a message: escaped, at most 120 columns. */
void pfl_wire_quote(struct pfl_buf *buf, const char *line, size_t len);

#endif
