/*
 * A series over time and what happened to it: level shifts, drifts, segments of another machine;
 * and what people have said of them. Everything is borrowed from the arena of whoever made it.
 */
#ifndef PFL_MODEL_CHANGE_H
#define PFL_MODEL_CHANGE_H

#include "model/metric.h"

#include <stdbool.h>
#include <stddef.h>

/* What is another from a value on. */
enum pfl_boundary_what {
    PFL_BOUNDARY_MACHINE = 1 << 0,    /* its fingerprint */
    PFL_BOUNDARY_DEFINITION = 1 << 1, /* what is measured, or a dependency */
    PFL_BOUNDARY_NAME = 1 << 2,       /* it was recorded under another name until there */
};
enum { PFL_BOUNDARY_WHATS = 3 };
const char *
pfl_boundary_what_text(enum pfl_boundary_what what); /* "machine", "definition", "name" */

/* A mark in a series that goes on. */
struct pfl_boundary {
    size_t index;    /* the first value behind it */
    unsigned what;   /* enum pfl_boundary_what */
    const char *why; /* in words; names in it are as recorded */
    bool compares;   /* levels on both sides do: only the name is another */
};

/* One benchmark's metric on one machine, oldest value first. */
struct pfl_series {
    const char *benchmark, *metric, *variant, *unit, *machine; /* "" where there is none */
    enum pfl_better better;
    const double *values; /* NaN and infinities may be among them: they are counted and left out */
    size_t n;
    const char *const *revisions; /* n texts, "" for unknown; NULL: none are known */
    const char *const *epochs; /* n texts: a value measured under another one begins a new segment;
                                  NULL: all alike */
    const struct pfl_boundary *boundaries; /* by index; those of epochs, and renamings */
    size_t boundary_count;
};

enum pfl_change_kind {
    PFL_CHANGE_STEP,
    PFL_CHANGE_DRIFT,   /* slowly: from `index` to `end` */
    PFL_CHANGE_SEGMENT, /* another machine or definition, or re-based: levels are not compared
                           across it, never an alarm */
};

enum pfl_change_state {
    PFL_CHANGE_NEW,
    PFL_CHANGE_ACKNOWLEDGED, /* its place is pinned: no later value moves it */
    PFL_CHANGE_EXPECTED,
    PFL_CHANGE_PENDING, /* the last values are off, but too few to say so */
};

struct pfl_change {
    size_t index; /* the first value of the new regime */
    size_t
        end; /* drift: the first value of the level it ended at (n when it goes on); else = index */
    const char *revision;
    double before, after; /* medians of the regimes */
    double ratio, ratio_low,
        ratio_high; /* after / before, 95 %; NaN where a value is not positive */
    double p; /* that a quiet series shows anything so strong anywhere; NaN: not judged (segment,
                 pinned) */
    enum pfl_change_kind kind;
    enum pfl_change_state state;
    bool weak;        /* among so many series it is no discovery: shown, no alarm */
    bool worse;       /* by the metric's direction; false when it has none */
    const char *note; /* of the review, or what another segment is */
};

/* What became of a series; every input has one of these. */
enum pfl_series_outcome {
    PFL_SERIES_QUIET,
    PFL_SERIES_CHANGED, /* there is at least one change that is no segment */
    PFL_SERIES_SHORT,   /* no segment has enough values to show anything */
    PFL_SERIES_CONSTANT,
    PFL_SERIES_EMPTY, /* no usable value */
};

struct pfl_series_changes {
    const struct pfl_series *series;
    enum pfl_series_outcome outcome;
    struct pfl_change *changes; /* by index */
    size_t change_count;
    double autocorrelation; /* of the last segment that was judged: AR(1); NaN when none was */
    size_t unusable;        /* NaN, infinite */
    size_t spikes;          /* single values far from their regime: never a change */
    bool bimodal;           /* it goes to and fro between two levels */
};

/* What a person decided, kept as text in the repository. */
enum pfl_review_action {
    PFL_REVIEW_ACKNOWLEDGE, /* this change is known */
    PFL_REVIEW_EXPECT, /* a change that begins here or within the next few values is intended */
    PFL_REVIEW_REBASE, /* what was before counts no more */
};

struct pfl_review {
    enum pfl_review_action action;
    const char *benchmark, *metric; /* globs */
    const char
        *at; /* a revision (a commit's first 7 digits or more, or the whole text), or "#INDEX" */
    const char *until; /* of a drift: where it ended; "" for a step */
    const char *note;
    int line; /* in the file */
};

const char *pfl_change_kind_text(enum pfl_change_kind kind);    /* "step", "drift", "segment" */
const char *pfl_change_state_text(enum pfl_change_state state); /* "new", "acknowledged", … */
const char *pfl_series_outcome_text(
    enum pfl_series_outcome outcome); /* "quiet", "changed", "too_short", "constant", "empty" */
const char *
pfl_review_action_text(enum pfl_review_action action); /* "acknowledge", "expect", "rebase" */
bool pfl_review_action_read(const char *text, enum pfl_review_action *action);

#endif
