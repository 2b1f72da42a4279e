/*
 * Revisions checked out beside the work tree: git worktrees in the ledger's folder (which ignores
 * itself), one folder per commit, kept and found again, the least recently used removed.
 */
#ifndef PFL_VCS_WORKTREE_H
#define PFL_VCS_WORKTREE_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct pfl_worktree {
    const char *path;   /* absolute; its top folder */
    const char *commit; /* full hex */
    bool fresh;         /* checked out just now */
    bool restored; /* tracked files were brought back just now: what is built may be of others */
    bool shared;   /* others measure in it at this moment: it may not be changed */
    int lock;      /* file descriptor: nobody else changes or removes it; -1: none */
};

struct pfl_worktree_params {
    const char *git_root; /* the repository's work tree */
    const char *folder;   /* where worktrees are kept, absolute; made when absent */
    const char *commit;   /* full hex */
    int64_t timeout_ns;   /* for all of it, waiting for others included; 0: an hour each step */
    int keep;             /* at most so many others stay; the least recently used go; 0: 8 */
    bool (*interrupted)(void *context); /* may be NULL */
    /* A tracked file (relative to `path`) differs from the commit's: did the caller put it there,
     * and shall it stay? NULL: never. */
    bool (*is_ours)(void *context, const char *path, const char *file);
    void *context;
};

/* Checks the commit out, or finds it checked out, unchanged tracked files and all; one that was
 * tampered with is reset, one that is broken made anew. Submodules are initialised when the
 * repository has any. Waits while another process makes this one ready. PFL_ESYSTEM with git's own
 * words when it cannot, or when the time is up (what was checked out is left alone then);
 * PFL_EINTERRUPTED. */
int pfl_worktree_open(const struct pfl_worktree_params *params, struct pfl_arena *arena,
                      struct pfl_worktree *worktree, struct pfl_err *err);
/* From now on it is only measured: others may do so, too, and nobody may change it. */
int pfl_worktree_share(struct pfl_worktree *worktree, struct pfl_err *err);
/* Gives up the lock; the folder stays. */
void pfl_worktree_close(struct pfl_worktree *worktree);

#endif
