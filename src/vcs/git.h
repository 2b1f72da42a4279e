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

/* The branch that everything is merged into, as far as git knows: what the remote calls its own,
 * else main or master where there is one, else the branch at hand; "" where there is none. */
int pfl_git_default_branch(const char *folder, struct pfl_arena *arena, const char **branch,
                           struct pfl_err *err);

/* Is there a commit that `word` names? No git and no repository are no error: there is none. */
int pfl_git_names_revision(const char *folder, const char *word, bool *answer, struct pfl_err *err);

/* A commit's time, subject and newest tag; no branch, nothing is dirty. */
int pfl_git_describe_commit(const char *folder, const char *commit, struct pfl_arena *arena,
                            struct pfl_revision *revision, struct pfl_err *err);

/* Commit time (unix seconds) of a commit; is `commit` an ancestor of `of`? */
int pfl_git_commit_time(const char *folder, const char *commit, int64_t *unix_seconds,
                        struct pfl_err *err);
int pfl_git_is_ancestor(const char *folder, const char *commit, const char *of, bool *answer,
                        struct pfl_err *err);

/* All commits that REV is made of, parents before their children (in the arena). */
int pfl_git_ancestry(const char *folder, const char *rev, struct pfl_arena *arena,
                     const char ***commits, size_t *count, struct pfl_err *err);

/* Where `folder` is below the work tree's top: "" or "sub/folder/". PFL_ENOENT with git's words
 * when it is in no work tree. */
int pfl_git_prefix(const char *folder, struct pfl_arena *arena, const char **prefix,
                   struct pfl_err *err);

/* Files below folder (relative to it, sorted, each once) that match one of `paths` (folders, globs
 * whose * matches / too) and are tracked or neither tracked nor ignored. No paths: none. */
int pfl_git_list_files(const char *folder, const char *const *paths, size_t path_count,
                       struct pfl_arena *arena, const char ***files, size_t *count,
                       struct pfl_err *err);

/* The same, only those that are tracked (submodules, too, as folders). */
int pfl_git_list_tracked(const char *folder, const char *const *paths, size_t path_count,
                         struct pfl_arena *arena, const char ***files, size_t *count,
                         struct pfl_err *err);

/* What a commit holds (tree.c). Paths are relative to `folder`; "../x" is what lies outside of it.
 */
struct pfl_git_place {
    const char *folder, *rev, *path;
};
struct pfl_git_text {
    const char *text; /* in the arena, a 0 behind */
    size_t len;
};

/* A file as it is in a commit. PFL_ENOENT: no such commit, or the file is not in it. */
int pfl_git_show(const struct pfl_git_place *place, struct pfl_arena *arena,
                 struct pfl_git_text *text, struct pfl_err *err);

struct pfl_git_files {
    const char **at; /* sorted, each once */
    size_t n;
};

/* The files of a folder in a commit, with those below it; none when it is not in it. */
int pfl_git_list_tree(const struct pfl_git_place *place, struct pfl_arena *arena,
                      struct pfl_git_files *files, struct pfl_err *err);

/* Lines that commits which lead to HEAD added to files, the newest commit first. */
struct pfl_git_search {
    const char *folder, *since; /* since: only commits that do not lead to it; NULL: all */
    const char *const *paths;   /* of git's, relative to the folder; ten at most */
    size_t path_count;
    const char *pattern; /* a regular expression that such a line fits */
    bool (*wanted)(const char *line, size_t len);
};
struct pfl_git_line {
    const char *commit, *path; /* relative to the folder */
    const char *text;
    size_t len;
    int number; /* in the file as the commit has it */
};
struct pfl_git_lines {
    struct pfl_git_line *at;
    size_t n;
};
/* PFL_ENOENT: there is no such revision, or nothing was committed yet. */
int pfl_git_added_lines(const struct pfl_git_search *search, struct pfl_arena *arena,
                        struct pfl_git_lines *lines, struct pfl_err *err);
/* Those of another search behind them. */
int pfl_git_lines_append(struct pfl_git_lines *lines, const struct pfl_git_lines *more,
                         struct pfl_arena *arena, struct pfl_err *err);

/* The files ours, base and theirs in the folder (each with this ending), merged line by line; where
 * they conflict, with markers in the form "diff3" that name these files. */
int pfl_git_merge_files(const char *folder, const char *ending, struct pfl_arena *arena,
                        struct pfl_git_text *merged, struct pfl_err *err);

/* HEAD and all that lead to it, newest first, none before what it leads to; or only what came by
 * first parents. PFL_ENOENT. */
int pfl_git_commits(const char *folder, bool first_parents, struct pfl_arena *arena,
                    struct pfl_git_files *commits, struct pfl_err *err);

/* Files that differ between two commits, a renamed one under both names. head NULL: the work tree
 * as it stands, with files that are neither tracked nor ignored. */
struct pfl_git_range {
    const char *folder, *base, *head;
};
int pfl_git_changed_files(const struct pfl_git_range *range, struct pfl_arena *arena,
                          struct pfl_git_files *files, struct pfl_err *err);

/* The newest commit that both descend from; PFL_ENOENT when there is none. */
int pfl_git_merge_base(const struct pfl_git_range *range, struct pfl_arena *arena,
                       const char **commit, struct pfl_err *err);

/* Does the clone lack commits? false where nobody can tell. */
bool pfl_git_is_shallow(const char *folder);

/* The name of the newest tag reachable from HEAD^ (HEAD when HEAD is not tagged), of those that the
 * glob fits (NULL: any). PFL_ENOENT. */
int pfl_git_last_tag(const char *folder, const char *glob, struct pfl_arena *arena,
                     const char **tag, struct pfl_err *err);

/* Our environment without the variables that bind git to a repository (an outer hook's GIT_DIR),
 * for what is started in another checkout. The texts are borrowed, the array is for pfl_free().
 * NULL: no memory. */
char **pfl_git_free_environment(void);

#endif
