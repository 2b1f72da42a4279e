/*
 * git(1), by posix_spawn: where numbers come from. Absence of git, of a repository or of a commit
 * is no error: fields stay "".
 */
#ifndef PFL_VCS_GIT_H
#define PFL_VCS_GIT_H

#include "base/arena.h"
#include "base/err.h"
#include "model/run.h"

/* The work tree's state at `folder`. `root`: the top folder, NULL when there is no repository.
 * Untracked files do not make it dirty; ignored ones neither. */
int pfl_git_describe(const char *folder, struct pfl_arena *arena, struct pfl_revision *revision,
                     const char **root, struct pfl_err *err);

/* Full commit id of REV; PFL_ENOENT with git's own words. "last-tag" is the newest tag reachable
 * from HEAD^ (HEAD when HEAD is not tagged). */
int pfl_git_resolve(const char *folder, const char *rev, struct pfl_arena *arena,
                    const char **commit, struct pfl_err *err);

/* Commit time (unix seconds) of a commit; is `commit` an ancestor of `of`? */
int pfl_git_commit_time(const char *folder, const char *commit, int64_t *unix_seconds,
                        struct pfl_err *err);
int pfl_git_is_ancestor(const char *folder, const char *commit, const char *of, bool *answer,
                        struct pfl_err *err);

#endif
