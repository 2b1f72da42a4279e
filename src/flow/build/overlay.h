/*
 * The work tree's benchmark files, put over another revision's checkout, so that one benchmark
 * serves all revisions. What was put there is recorded beside it, and taken back when something
 * else is wanted.
 */
#ifndef PFL_FLOW_BUILD_OVERLAY_H
#define PFL_FLOW_BUILD_OVERLAY_H

#include "flow/flow.h"

/* What is wanted: files of the work tree. */
struct pfl_overlay {
    const char *root;         /* the work tree's folder that they are relative to */
    const char **files;       /* sorted; of those that exist */
    const char (*hashes)[65]; /* of what each holds */
    size_t count;
    const char **paths; /* what was asked for: folders, globs */
    size_t path_count;
    char hash[65]; /* of all: names, contents, permissions, paths */
};

/* What was put somewhere. Zeroed: nothing. */
struct pfl_overlay_record {
    char hash[65]; /* of the overlay that is complete there; "": none is */
    size_t differing;
    const char **files; /* sorted; those that may differ from the revision's */
    const char *how;    /* of each, a letter: '+' the revision has no such file, '-' only the
                           revision has it (it was removed), '~' both have it */
    size_t count;
    bool mended; /* some were not as they were put there, and are now */
};

/* The files that the configuration asks for. */
int pfl_overlay_plan(struct pfl_flow *flow, struct pfl_overlay *overlay, struct pfl_err *err);

/* The record in a folder; none is an empty one. */
int pfl_overlay_read(const char *notes, struct pfl_arena *arena, struct pfl_overlay_record *record,
                     struct pfl_err *err);
/* Is all that was put into `target` and `notes` still there? */
bool pfl_overlay_is_there(const struct pfl_overlay_record *record, const char *target,
                          const char *notes, struct pfl_arena *arena);
bool pfl_overlay_holds(const struct pfl_overlay_record *record, const char *file);

/* Where it goes. */
struct pfl_overlay_place {
    const char *target; /* the checkout's folder that corresponds to overlay->root */
    const char *notes;  /* folder of the record; is there */
    struct pfl_arena *arena;
};

/* The checkout's tracked files are as in the commit, but for those of `record` when its hash is the
 * overlay's. Puts the files there, and removes those that git tracks there below overlay->paths and
 * the work tree does not have; *record says what is there then. */
int pfl_overlay_apply(const struct pfl_overlay *overlay, const struct pfl_overlay_place *place,
                      struct pfl_overlay_record *record, struct pfl_err *err);

#endif
