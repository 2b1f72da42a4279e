/*
 * Asking git(1) about a work tree and its commits. Three processes describe a work tree (where is
 * its top, what is its state, what does its commit say); each costs a few milliseconds, so
 * everything else is read out of those three answers. How git is asked is in ask.c.
 *
 * The answers come in forms that git promises to keep: `status --porcelain=v2`, `log --format`.
 * Words are only read in one place, to tell "there is no repository" from "git refuses to look at
 * this one" (dubious ownership): the first is how many projects are, the second is said in the log,
 * because the user would miss the revision.
 */
#include "vcs/git.h"

#include "base/log.h"
#include "base/text.h"
#include "vcs/ask.h"
#include "vcs/ci.h"

#include <stdlib.h>
#include <string.h>

/* Describing */

/* The top folder, or NULL (and PFL_OK) where there is no work tree to be seen. */
static int find_root(const char *folder, struct pfl_git_answer *answer, struct pfl_arena *arena,
                     const char **root, struct pfl_err *err)
{
    struct pfl_err own;
    int rc = PFL_GIT_ASK(folder, answer, &own, "rev-parse", "--show-toplevel");

    *root = NULL;
    if (rc == PFL_ENOENT) {
        pfl_log(PFL_LOG_DETAIL, "no git revision: %s", own.message);
        return PFL_OK;
    }
    if (rc < 0) {
        if (err)
            *err = own;
        return rc;
    }
    if (answer->status != 0) {
        const char *why = pfl_git_complaint(answer);

        if (!strstr(why, "not a git repository") && !strstr(why, "must be run in a work tree"))
            pfl_log(PFL_LOG_NOTICE, "no git revision is recorded: git refuses '%s': %s", folder,
                    why);
        return PFL_OK;
    }
    *root = pfl_arena_text(arena, pfl_git_line(answer));
    return *root ? PFL_OK : pfl_err_no_memory(err);
}

/* The value of a header line "# branch.oid VALUE"; NULL when it is not there. */
static const char *header(const char *status, const char *name, struct pfl_arena *arena,
                          bool *found)
{
    const char *line = status;
    size_t len = strlen(name);

    *found = false;
    while (line && line[0] == '#') {
        if (strncmp(line + 2, name, len) == 0 && line[2 + len] == ' ') {
            *found = true;
            line += 2 + len + 1;
            return pfl_arena_text_n(arena, line, strcspn(line, "\n"));
        }
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    return NULL;
}

/* Does any line speak of a changed file? */
static bool has_entries(const char *status)
{
    const char *line;

    for (line = status; line && *line; line = strchr(line, '\n'), line = line ? line + 1 : NULL)
        if (*line != '#' && *line != '\n')
            return true;
    return false;
}

static int read_status(const char *folder, struct pfl_git_answer *answer, struct pfl_arena *arena,
                       struct pfl_revision *revision, struct pfl_err *err)
{
    const char *status, *commit, *branch;
    bool has_commit, has_branch;
    int rc = PFL_GIT_ASK(folder, answer, err, "status", "--porcelain=v2", "--branch",
                         "--untracked-files=no", "--ignore-submodules=untracked", "--no-renames");

    /* More changed files than the buffer holds: the headers come first, and dirty it is. */
    if (rc < 0 && rc != PFL_ELIMIT)
        return rc;
    if (rc == PFL_OK && answer->status != 0) {
        pfl_log(PFL_LOG_NOTICE, "no git revision is recorded: git status in '%s' says: %s", folder,
                pfl_git_complaint(answer));
        return PFL_OK;
    }
    status = pfl_buf_cstr(&answer->output);
    commit = header(status, "branch.oid", arena, &has_commit);
    branch = header(status, "branch.head", arena, &has_branch);
    if ((has_commit && !commit) || (has_branch && !branch))
        return pfl_err_no_memory(err);
    if (has_commit && strcmp(commit, "(initial)") != 0)
        revision->commit = commit;
    if (has_branch && strcmp(branch, "(detached)") != 0)
        revision->branch = branch;
    revision->dirty = rc == PFL_ELIMIT || has_entries(status);
    return PFL_OK;
}

/* The greatest of "tag: refs/tags/v1.9, tag: refs/tags/v1.10" in the order of versions. */
static const char *choose_tag(char *decorations, struct pfl_arena *arena)
{
    static const char prefix[] = "tag: refs/tags/";
    const char *best = "";
    char *at, *next;

    for (at = decorations; at; at = next) {
        next = strstr(at, ", ");
        if (next) {
            *next = 0;
            next += 2;
        }
        if (pfl_text_starts(at, prefix) &&
            (!best[0] || pfl_text_compare_natural(at + strlen(prefix), best) > 0))
            best = at + strlen(prefix);
    }
    return pfl_arena_text(arena, best);
}

static int read_commit(const char *folder, struct pfl_git_answer *answer, struct pfl_arena *arena,
                       struct pfl_revision *revision, struct pfl_err *err)
{
    char *line[3], *at;
    size_t i;
    int rc = PFL_GIT_ASK(folder, answer, err, "log", "-1", "--no-show-signature", "--no-color",
                         "--encoding=UTF-8", "--decorate-refs=refs/tags/*", "--decorate=full",
                         "--format=%ct%n%D%n%s", revision->commit, "--");

    if (rc < 0)
        return rc;
    at = answer->output.data;
    for (i = 0; i < PFL_COUNT(line); i++) {
        line[i] = at;
        at = at ? strchr(at, '\n') : NULL;
        if (at)
            *at++ = 0;
    }
    if (answer->status != 0 || !line[2])
        return PFL_OK; /* a damaged repository; the commit's name stays */
    revision->commit_time = strtoll(line[0], NULL, 10);
    revision->tag = choose_tag(line[1], arena);
    revision->subject = pfl_arena_text(arena, line[2]);
    return revision->tag && revision->subject ? PFL_OK : pfl_err_no_memory(err);
}

int pfl_git_describe_commit(const char *folder, const char *commit, struct pfl_arena *arena,
                            struct pfl_revision *revision, struct pfl_err *err)
{
    struct pfl_revision found = {
        .commit = commit, .branch = "", .tag = "", .pull_request = "", .subject = ""};
    struct pfl_git_answer answer;
    int rc;

    pfl_git_answer_init(&answer);
    rc = read_commit(folder, &answer, arena, &found, err);
    pfl_git_answer_release(&answer);
    if (rc == PFL_OK)
        *revision = found;
    return rc;
}

static int read_ci(struct pfl_arena *arena, struct pfl_revision *revision, struct pfl_err *err)
{
    revision->pull_request = pfl_vcs_ci_pull_request(arena);
    if (revision->commit[0] && !revision->branch[0])
        revision->branch = pfl_vcs_ci_branch(arena);
    return revision->pull_request && revision->branch ? PFL_OK : pfl_err_no_memory(err);
}

int pfl_git_describe(const char *folder, struct pfl_arena *arena, struct pfl_revision *revision,
                     const char **root, struct pfl_err *err)
{
    struct pfl_revision found = {
        .commit = "", .branch = "", .tag = "", .pull_request = "", .subject = ""};
    const char *top = NULL;
    struct pfl_git_answer answer;
    int rc;

    pfl_git_answer_init(&answer);
    rc = find_root(folder, &answer, arena, &top, err);
    if (rc == PFL_OK && top)
        rc = read_status(folder, &answer, arena, &found, err);
    if (rc == PFL_OK && found.commit[0])
        rc = read_commit(folder, &answer, arena, &found, err);
    if (rc == PFL_OK && top)
        rc = read_ci(arena, &found, err);
    pfl_git_answer_release(&answer);
    if (rc == PFL_OK) {
        *revision = found;
        if (root)
            *root = top;
    }
    return rc;
}

/* Looking up */

/* " (did you mean 'v1.2'?)": the branch or tag whose name is nearest; "" when none is near. */
static const char *guess(const char *folder, const char *rev, struct pfl_arena *arena)
{
    const char **names, *near = NULL;
    struct pfl_git_answer answer;
    size_t n;

    pfl_git_answer_init(&answer);
    if (PFL_GIT_ASK(folder, &answer, NULL, "for-each-ref", "--format=%(refname:short)%00",
                    "refs/tags", "refs/heads", "refs/remotes") == PFL_OK &&
        answer.status == 0 && pfl_git_split(&answer, arena, &names, &n, NULL) == PFL_OK) {
        size_t i;

        for (i = 0; i < n; i++) /* each line but the first begins with the newline before it */
            names[i] += names[i][0] == '\n';
        near = pfl_text_nearest(rev, names, n);
        near = near ? pfl_arena_format(arena, " (did you mean '%s'?)", near) : NULL;
    }
    pfl_git_answer_release(&answer);
    return near ? near : "";
}

int pfl_git_default_branch(const char *folder, struct pfl_arena *arena, const char **branch,
                           struct pfl_err *err)
{
    static const char remote[] = "origin/";
    static const char *const usual[] = {"refs/heads/main", "refs/heads/master"};
    struct pfl_git_answer answer;
    const char *said = "";
    size_t i;

    pfl_git_answer_init(&answer);
    if (PFL_GIT_ASK(folder, &answer, NULL, "symbolic-ref", "-q", "--short",
                    "refs/remotes/origin/HEAD") == PFL_OK &&
        answer.status == 0) {
        said = pfl_git_line(&answer);
        said += strncmp(said, remote, strlen(remote)) == 0 ? strlen(remote) : 0;
    }
    for (i = 0; i < PFL_COUNT(usual) && !*said; i++)
        if (PFL_GIT_ASK(folder, &answer, NULL, "show-ref", "--verify", "-q", usual[i]) == PFL_OK &&
            answer.status == 0)
            said = usual[i] + strlen("refs/heads/");
    if (!*said &&
        PFL_GIT_ASK(folder, &answer, NULL, "symbolic-ref", "-q", "--short", "HEAD") == PFL_OK &&
        answer.status == 0)
        said = pfl_git_line(&answer);
    *branch = pfl_arena_text(arena, said);
    pfl_git_answer_release(&answer);
    return *branch ? PFL_OK : pfl_err_no_memory(err);
}

bool pfl_git_is_shallow(const char *folder)
{
    struct pfl_git_answer answer;
    bool shallow;

    pfl_git_answer_init(&answer);
    shallow =
        PFL_GIT_ASK(folder, &answer, NULL, "rev-parse", "--is-shallow-repository") == PFL_OK &&
        strcmp(pfl_git_line(&answer), "true") == 0;
    pfl_git_answer_release(&answer);
    return shallow;
}

/* PFL_ENOENT with git's words, and what to do in the clone that most CI services make. */
static int unknown(const char *folder, const char *rev, struct pfl_git_answer *answer,
                   struct pfl_err *err)
{
    const char *why = pfl_git_complaint(answer);
    struct pfl_arena arena;
    int rc;

    if (strcmp(why, "Needed a single revision") == 0) /* says no more than that it is none */
        why = "";
    pfl_arena_init(&arena);
    if (strstr(why, "not a git repository"))
        rc = pfl_err_set(err, PFL_ENOENT, "there is no git repository at '%s'", folder);
    else if (pfl_git_is_shallow(folder))
        rc = pfl_err_set(err, PFL_ENOENT,
                         "'%s' is no commit that git knows in '%s'%s%s\nThis is a shallow clone; "
                         "`git fetch --unshallow --tags` brings the commits that it lacks (in a CI "
                         "job: check out with fetch-depth: 0)",
                         rev, folder, *why ? ": " : "", why);
    else
        rc = pfl_err_set(err, PFL_ENOENT, "'%s' is no commit that git knows in '%s'%s%s%s", rev,
                         folder, *why ? ": " : "", why, guess(folder, rev, &arena));
    pfl_arena_release(&arena);
    return rc;
}

static int refuse_option(const char *rev, struct pfl_err *err)
{
    return pfl_err_set(err, PFL_ENOENT, "'%s' is no revision: it is empty or begins with '-'", rev);
}

static bool is_usable(const char *rev)
{
    return rev[0] && rev[0] != '-';
}

/* The commit that `rev` names. */
static int resolve(const char *folder, const char *rev, struct pfl_arena *arena,
                   const char **commit, struct pfl_err *err)
{
    const char *peeled = pfl_arena_format(arena, "%s^{commit}", rev), *found = NULL;
    struct pfl_git_answer answer;
    int rc;

    if (!peeled)
        return pfl_err_no_memory(err);
    pfl_git_answer_init(&answer);
    rc = pfl_git_missing(PFL_GIT_ASK(folder, &answer, err, "rev-parse", "--verify", peeled), folder,
                         err);
    if (rc == PFL_OK && answer.status != 0) {
        rc = unknown(folder, rev, &answer, err);
    } else if (rc == PFL_OK) {
        found = pfl_arena_text(arena, pfl_git_line(&answer));
        if (found)
            *commit = found;
        else
            rc = pfl_err_no_memory(err);
    }
    pfl_git_answer_release(&answer);
    return rc;
}

/* Why there is no tag to compare with, and what to do. like: "" or " like GLOB"; answer: git's, of
 * asking for one. */
static int no_last_tag(const char *folder, const char *own, const char *like,
                       struct pfl_git_answer *answer, struct pfl_err *err)
{
    if (strstr(pfl_git_complaint(answer), "not a git repository"))
        return pfl_err_set(err, PFL_ENOENT, "there is no git repository at '%s', hence no tag",
                           folder);
    if (pfl_git_is_shallow(folder))
        return pfl_err_set(
            err, PFL_ENOENT,
            "no tag%s stands before HEAD in '%s', which is a shallow clone; `git fetch "
            "--unshallow --tags` brings what it lacks (in a CI job: check out with "
            "fetch-depth: 0)",
            like, folder);
    if (own)
        return pfl_err_set(err, PFL_ENOENT,
                           "no tag%s stands before HEAD, which is %s itself; name what is meant: "
                           "%s, an older commit, a branch",
                           like, own, own);
    return pfl_err_set(err, PFL_ENOENT,
                       "no tag%s stands before HEAD in '%s'; `git tag NAME COMMIT` marks a release "
                       "(`git fetch --tags` brings those of others), or name a revision",
                       like, folder);
}

int pfl_git_last_tag(const char *folder, const char *glob, struct pfl_arena *arena,
                     const char **tag, struct pfl_err *err)
{
    struct pfl_git_answer answer;
    const char *found, *own = NULL;
    const char *like = glob ? pfl_arena_format(arena, " like %s", glob) : "";
    int rc;

    if (!like)
        return pfl_err_no_memory(err);
    glob = glob ? glob : "*";
    pfl_git_answer_init(&answer);
    rc = PFL_GIT_ASK(folder, &answer, err, "describe", "--tags", "--match", glob, "--exact-match",
                     "HEAD");
    if (rc == PFL_OK && answer.status == 0 && !(own = pfl_arena_text(arena, pfl_git_line(&answer))))
        rc = pfl_err_no_memory(err);
    if (rc == PFL_OK)
        rc = PFL_GIT_ASK(folder, &answer, err, "describe", "--tags", "--match", glob, "--abbrev=0",
                         answer.status == 0 ? "HEAD^" : "HEAD");
    rc = pfl_git_missing(rc, folder, err);
    if (rc == PFL_OK && answer.status != 0) {
        rc = no_last_tag(folder, own, like, &answer, err);
    } else if (rc == PFL_OK) {
        found = pfl_arena_text(arena, pfl_git_line(&answer));
        if (found)
            *tag = found;
        else
            rc = pfl_err_no_memory(err);
    }
    pfl_git_answer_release(&answer);
    return rc;
}

static int resolve_last_tag(const char *folder, struct pfl_arena *arena, const char **commit,
                            struct pfl_err *err)
{
    const char *tag;
    int rc = pfl_git_last_tag(folder, NULL, arena, &tag, err);

    if (rc == PFL_OK && !(tag = pfl_arena_format(arena, "refs/tags/%s", tag)))
        rc = pfl_err_no_memory(err);
    return rc == PFL_OK ? resolve(folder, tag, arena, commit, err) : rc;
}

int pfl_git_resolve(const char *folder, const char *rev, struct pfl_arena *arena,
                    const char **commit, struct pfl_err *err)
{
    if (!is_usable(rev))
        return refuse_option(rev, err);
    if (strcmp(rev, "last-tag") == 0)
        return resolve_last_tag(folder, arena, commit, err);
    return resolve(folder, rev, arena, commit, err);
}

int pfl_git_names_revision(const char *folder, const char *word, bool *answer, struct pfl_err *err)
{
    const char *commit;
    struct pfl_arena arena;
    struct pfl_err own;
    int rc;

    pfl_arena_init(&arena);
    rc = pfl_git_resolve(folder, word, &arena, &commit, &own);
    pfl_arena_release(&arena);
    if (rc == PFL_OK || rc == PFL_ENOENT)
        *answer = rc == PFL_OK;
    else if (err)
        *err = own;
    return rc == PFL_ENOENT ? PFL_OK : rc;
}

int pfl_git_commit_time(const char *folder, const char *commit, int64_t *unix_seconds,
                        struct pfl_err *err)
{
    struct pfl_git_answer answer;
    int rc;

    if (!is_usable(commit))
        return refuse_option(commit, err);
    pfl_git_answer_init(&answer);
    rc = pfl_git_missing(PFL_GIT_ASK(folder, &answer, err, "log", "-1", "--no-show-signature",
                                     "--format=%ct", commit, "--"),
                         folder, err);
    if (rc == PFL_OK && (answer.status != 0 || answer.output.len == 0))
        rc = unknown(folder, commit, &answer, err);
    else if (rc == PFL_OK)
        *unix_seconds = strtoll(pfl_git_line(&answer), NULL, 10);
    pfl_git_answer_release(&answer);
    return rc;
}

int pfl_git_is_ancestor(const char *folder, const char *commit, const char *of, bool *answer_out,
                        struct pfl_err *err)
{
    struct pfl_git_answer answer;
    int rc;

    if (!is_usable(commit) || !is_usable(of))
        return refuse_option(is_usable(commit) ? of : commit, err);
    pfl_git_answer_init(&answer);
    rc = pfl_git_missing(
        PFL_GIT_ASK(folder, &answer, err, "merge-base", "--is-ancestor", commit, of), folder, err);
    if (rc == PFL_OK && answer.status != 0 && answer.status != 1)
        rc = unknown(folder, commit, &answer, err);
    else if (rc == PFL_OK)
        *answer_out = answer.status == 0;
    pfl_git_answer_release(&answer);
    return rc;
}
