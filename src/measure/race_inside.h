/*
 * One pair of launches of a race inside processes (lib/control.c is the other end): two programs
 * linked with libperfledger live at the same time and are told, in turns, to run their next batch.
 *
 * Pure: what the programs write comes in, what they are to be told goes out through `say`. No clock
 * is read and nothing waits here. The same calls, whichever side is called base, give the mirror
 * image.
 */
#ifndef PFL_MEASURE_RACE_INSIDE_H
#define PFL_MEASURE_RACE_INSIDE_H

#include "base/buf.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

enum { PFL_INSIDE_BASE, PFL_INSIDE_HEAD, PFL_INSIDE_SIDES };

enum pfl_inside_end {
    PFL_INSIDE_OPEN,    /* under way */
    PFL_INSIDE_WHOLE,   /* all batches were run: there is a result */
    PFL_INSIDE_DEAF,    /* `who` ended without a word: it does not know this */
    PFL_INSIDE_LACKING, /* `who` has no such benchmark */
    PFL_INSIDE_STOPPED, /* `who` failed or skipped it, and said why on the wire */
    PFL_INSIDE_BROKEN,  /* `who` went away in the middle of it */
    PFL_INSIDE_GARBLED, /* `who` said something that is no answer */
};

struct pfl_inside_batch {
    double ns[PFL_INSIDE_SIDES]; /* per iteration */
};

PFL_VEC(pfl_inside_batches, struct pfl_inside_batch);

struct pfl_inside_params {
    const char *benchmark; /* as the programs call it */
    bool head_first;       /* who sets up first and runs the first batch */
    size_t pairs;          /* of batches, at most */
    double enough_ns;      /* of measuring, both sides together: then fewer pairs will do */
    /* One line for that side. false: it cannot be reached. */
    bool (*say)(void *context, int side, const char *line, size_t len);
    /* Whole lines that are not about the race: messages as of any launch. */
    void (*pass)(void *context, int side, const char *bytes, size_t len, int64_t at_ns, int pid);
    void *context;
};

struct pfl_inside_side {
    struct pfl_buf line; /* the unfinished one */
    bool greeted, ready, over, gone;
    uint64_t wanted; /* iterations of a batch, if it were alone */
    double ns;       /* of its last batch, per iteration */
};

struct pfl_inside {
    struct pfl_inside_params params;
    struct pfl_inside_side sides[PFL_INSIDE_SIDES];
    struct pfl_inside_batches batches;
    size_t turn;         /* batches asked for so far */
    uint64_t iterations; /* of a batch, the same for both */
    double spent_ns;
    enum pfl_inside_end end;
    int who;
    bool dismissed, no_memory;
};

/* Bytes and ends of both launches are fed from then on. */
void pfl_inside_begin(struct pfl_inside *inside, const struct pfl_inside_params *params);
void pfl_inside_feed(struct pfl_inside *inside, int side, const char *bytes, size_t len,
                     int64_t at_ns, int pid);
void pfl_inside_ended(struct pfl_inside *inside, int side); /* its process is gone */
/* All of that side was fed: what there is of an unfinished line is passed on. */
void pfl_inside_finish(struct pfl_inside *inside, int side, int64_t at_ns);
void pfl_inside_release(struct pfl_inside *inside);

/* Whose answer is being waited for. */
int pfl_inside_awaited(const struct pfl_inside *inside);

/* How much the ratios of neighbouring batches scatter: their median absolute deviation (log). NaN:
 * unknown. The same when base and head exchange their names. */
double pfl_inside_scatter(const struct pfl_inside *inside);

/* WHOLE: times per iteration in seconds whose ratio is the median of the ratios of neighbouring
 * batches and whose geometric mean is that of both sides' medians. false: no memory. */
bool pfl_inside_result(const struct pfl_inside *inside, double *base_s, double *head_s);

#endif
