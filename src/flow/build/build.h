/*
 * A revision made ready to measure: checked out in a worktree, the work tree's benchmark files put
 * over it, built with the configured `build`. A finished build is found again by commit, build
 * command, benchmark files, and the environment that builds read.
 */
#ifndef PFL_FLOW_BUILD_BUILD_H
#define PFL_FLOW_BUILD_BUILD_H

#include "flow/flow.h"
#include "vcs/worktree.h"

struct pfl_flow_build_params {
    const char *revision; /* what the user typed; "." is the work tree itself, built in place */
    int64_t timeout_ns;   /* of the build; 0: an hour */
    int64_t deadline_ns;  /* of all of it, on the flow's monotonic clock; 0: none */
    bool rebuild;         /* even when a finished build is there */
    void (*progress)(void *context, const char *phase); /* "checking out 1a2b3c4", "building …" */
    bool (*stop_asked)(void *context);
    void *context;
};

struct pfl_flow_build {
    const char *label; /* "HEAD~1 (1a2b3c4)", "work tree" */
    const char *root;  /* the folder that takes the place of flow->root in plans */
    struct pfl_revision revision;
    struct pfl_worktree worktree; /* path NULL for the work tree */
    const char *problem; /* it did not build: a sentence with the end of what the build said, and
                            where all of it is; NULL: ready. Then root may not be measured */
    bool failed;         /* the build itself said so: no time limit and nothing of ours was it */
    const char *log;     /* file with all the build said; NULL: there was nothing to build */
    const char *note;    /* a sentence that the user should read; NULL: none */
    size_t overlaid;     /* benchmark files that differ from the revision's own */
    double seconds;
};

/* PFL_ENOENT: no such revision. PFL_ESYSTEM: no git, no repository. PFL_EBUSY: another perfledger
 * measures this revision with other benchmark files or another build. PFL_EINVAL: the folder of
 * perfledger.yaml is behind a link there. PFL_EINTERRUPTED. A build
 * that fails is no error: see problem. A revision may be opened several times at once. */
int pfl_flow_build_open(struct pfl_flow *flow, const struct pfl_flow_build_params *params,
                        struct pfl_flow_build *build, struct pfl_err *err);
void pfl_flow_build_close(struct pfl_flow_build *build);

#endif
