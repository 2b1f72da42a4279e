/*
 * Checkouts of other revisions, kept for the next time.
 *
 * Each commit has one folder, FOLDER/<first 12 digits>, and beside it FOLDER/<12 digits>.lock. All
 * paths are equally long: the length of a program's path moves its stack, and a stack that lies
 * otherwise can make the same code faster or slower (Mytkowicz et al., "Producing Wrong Data
 * Without Doing Anything Obviously Wrong!", ASPLOS 2009).
 *
 * Who makes a folder ready holds its lock exclusively; who measures in it shares the lock. One
 * commit can so be two contenders of one race, and nobody changes or removes what is measured.
 *
 * Nothing here is remembered about a folder's state: it is looked at each time, because anything
 * may have happened to it (a killed checkout, a hand-made `rm -rf`, a repository that was moved or
 * copied). It is sound when git finds it to be the top of a work tree at the wanted commit, and its
 * entry in the repository leads back to this very folder: a copied repository's worktrees belong to
 * the original. Anything else is removed and checked out anew. `worktree add -f -f` takes over an
 * entry whose folder is gone; `worktree prune` is not used, because it would also drop the user's
 * own worktrees on a drive that is not mounted now.
 *
 * The user's hooks do not run for these checkouts, and no file system monitor or housekeeping is
 * started that would still be at work while something is measured.
 */
#include "vcs/worktree.h"

#include "base/log.h"
#include "base/text.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/lock.h"
#include "sys/tree.h"
#include "vcs/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_DIGITS = 12, KEEP = 8, PAUSE_NS = 100000000, ENTRY_MAX = 1 << 16 };
static const int64_t longest_ns = INT64_C(3600) * 1000000000;

struct place {
    const struct pfl_worktree_params *params;
    struct pfl_arena *arena;
    const char *path, *lock_path;
    int64_t deadline_ns; /* 0: none */
};

static int64_t now_ns(void)
{
    const struct pfl_clock *clock = pfl_clock_system();

    return clock->monotonic_ns(clock->context);
}

/* How long the next step may take; 0: no time is left. */
static int64_t time_left(const struct place *place)
{
    int64_t left = place->deadline_ns ? place->deadline_ns - now_ns() : longest_ns;

    return left < 0 ? 0 : left > longest_ns ? longest_ns : left;
}

static int refuse_late(const struct place *place, struct pfl_err *err)
{
    return pfl_err_set(err, PFL_ESYSTEM, "the time was up before %.12s was checked out in '%s'",
                       place->params->commit, place->path);
}

static bool interrupted(const struct pfl_worktree_params *params)
{
    return params->interrupted && params->interrupted(params->context);
}

/* git WORDS… in `folder`, without hooks and helpers; may take long. */
static int ask(const struct place *place, const char *folder, const char *const *words,
               struct pfl_git_answer *answer, struct pfl_err *err)
{
    static const char *const quiet[] = {
        "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false",     "-c", "gc.auto=0",
        "-c", "maintenance.auto=false",   "-c", "advice.detachedHead=false"};
    const char *all[PFL_COUNT(quiet) + 12] = {0};
    struct pfl_git_question question = {.folder = folder,
                                        .words = all,
                                        .timeout_ns = time_left(place),
                                        .interrupted = place->params->interrupted,
                                        .context = place->params->context};
    size_t i;

    if (question.timeout_ns == 0)
        return refuse_late(place, err);
    memcpy(all, quiet, sizeof quiet);
    for (i = 0; words[i]; i++) {
        if (PFL_COUNT(quiet) + i + 1 >= PFL_COUNT(all))
            PFL_BUG("a question about a worktree of too many words");
        all[PFL_COUNT(quiet) + i] = words[i];
    }
    return pfl_git_missing(pfl_git_put(&question, answer, err), folder, err);
}

/* The same, where any status but 0 is an error: "cannot DOING: git's words". */
static int order(const struct place *place, const char *folder, const char *const *words,
                 const char *doing, struct pfl_err *err)
{
    struct pfl_git_answer answer;
    int rc;

    pfl_git_answer_init(&answer);
    rc = ask(place, folder, words, &answer, err);
    if (rc == PFL_OK && answer.status != 0)
        rc = pfl_err_set(err, PFL_ESYSTEM, "cannot %s %.12s in '%s': git says: %s", doing,
                         place->params->commit, place->path, pfl_git_complaint(&answer));
    pfl_git_answer_release(&answer);
    return rc;
}

#define ORDER(place, folder, doing, err, ...)                                                      \
    order(place, folder, (const char *const[]){__VA_ARGS__, NULL}, doing, err)

/* The state of what is there */

/* Does the repository's entry of this worktree, the folder `entry`, lead back to it? */
static bool leads_back(const struct place *place, const char *entry)
{
    const char *file = pfl_file_join(entry, "gitdir", place->arena);
    const char *link = pfl_file_join(place->path, ".git", place->arena);
    struct pfl_buf text;
    bool same = false;

    pfl_buf_init(&text, ENTRY_MAX);
    if (file && link && pfl_file_read(file, &text, NULL) == PFL_OK) {
        while (text.len > 0 && text.data[text.len - 1] == '\n')
            pfl_buf_truncate(&text, text.len - 1);
        same = pfl_tree_same(pfl_buf_cstr(&text), link);
    }
    pfl_buf_release(&text);
    return same;
}

/* Is it a work tree of its own, at our commit? Three lines: "" (we are at its top), the entry, the
 * commit. */
static bool is_sound(const struct place *place)
{
    static const char *const words[] = {"rev-parse", "--show-cdup", "--absolute-git-dir", "HEAD",
                                        NULL};
    struct pfl_git_answer answer;
    char *entry, *commit;
    bool sound = false;

    if (pfl_tree_kind(place->path) != PFL_TREE_FOLDER)
        return false;
    pfl_git_answer_init(&answer);
    if (ask(place, place->path, words, &answer, NULL) == PFL_OK && answer.status == 0 &&
        answer.output.len > 0 && answer.output.data[0] == '\n') {
        pfl_git_line(&answer);
        entry = answer.output.data + 1;
        commit = strchr(entry, '\n');
        if (commit) {
            *commit++ = 0;
            sound = strcmp(commit, place->params->commit) == 0 && leads_back(place, entry);
        }
    }
    pfl_git_answer_release(&answer);
    return sound;
}

/* *changed: tracked files differ that the caller did not put there. */
static int look_for_changes(const struct place *place, bool *changed, struct pfl_err *err)
{
    static const char *const words[] = {"status",
                                        "--porcelain=v1",
                                        "-z",
                                        "--untracked-files=no",
                                        "--no-renames",
                                        "--ignore-submodules=untracked",
                                        NULL};
    const struct pfl_worktree_params *params = place->params;
    struct pfl_git_answer answer;
    const char **entries;
    size_t n = 0, i;
    int rc;

    pfl_git_answer_init(&answer);
    rc = ask(place, place->path, words, &answer, err);
    *changed = rc == PFL_ELIMIT || (rc == PFL_OK && answer.status != 0);
    if (rc == PFL_OK)
        rc = pfl_git_split(&answer, place->arena, &entries, &n, err);
    for (i = 0; rc == PFL_OK && i < n && !*changed; i++) /* " M path" */
        *changed = strlen(entries[i]) < 4 || !params->is_ours ||
                   !params->is_ours(params->context, place->path, entries[i] + 3);
    pfl_git_answer_release(&answer);
    return rc == PFL_ELIMIT ? PFL_OK : rc;
}

/* Making it ready */

static bool has_submodules(const struct place *place)
{
    const char *file = pfl_file_join(place->path, ".gitmodules", place->arena);

    return file && pfl_file_exists(file);
}

/* Asked each time: a checkout may have been killed between the two steps, and it is quick when
 * nothing is to be done. */
static int update_submodules(const struct place *place, struct pfl_err *err)
{
    if (!has_submodules(place))
        return PFL_OK;
    return ORDER(place, place->path, "check out the submodules of", err, "submodule", "--quiet",
                 "update", "--init", "--recursive", "--force");
}

/* Takes away what is there, and git's entry of it, in whichever state either is. */
static int discard(const struct place *place, struct pfl_err *err)
{
    const char *root = place->params->git_root;
    int rc = ORDER(place, root, "remove", NULL, "worktree", "remove", "-f", "-f", place->path);

    if (rc == PFL_EINTERRUPTED)
        return pfl_err_set(err, rc, "interrupted while '%s' was removed", place->path);
    if (pfl_tree_kind(place->path) == PFL_TREE_NOTHING)
        return PFL_OK;
    rc = pfl_tree_remove(place->path, err);
    if (rc == PFL_OK)
        (void)ORDER(place, root, "remove", NULL, "worktree", "remove", "-f", "-f", place->path);
    return rc;
}

static int check_out(const struct place *place, struct pfl_err *err)
{
    int rc = ORDER(place, place->params->git_root, "check out", err, "worktree", "add", "--quiet",
                   "-f", "-f", "--detach", place->path, place->params->commit);

    return rc == PFL_OK ? update_submodules(place, err) : rc;
}

/* What is there, brought back to the commit. PFL_ESYSTEM: it cannot be (a lock file of a git that
 * was killed, a damaged index). */
static int restore(const struct place *place, bool *changed, struct pfl_err *err)
{
    int rc = look_for_changes(place, changed, err);

    if (rc == PFL_OK && *changed)
        rc = ORDER(place, place->path, "reset", err, "reset", "--quiet", "--hard",
                   place->params->commit);
    return rc == PFL_OK ? update_submodules(place, err) : rc;
}

static int make_ready(const struct place *place, struct pfl_worktree *opened, struct pfl_err *err)
{
    struct pfl_err own;
    int rc = PFL_ESYSTEM;

    own.message[0] = 0;
    if (is_sound(place)) {
        rc = restore(place, &opened->restored, &own);
        if (rc == PFL_OK)
            return rc;
    }
    if (time_left(place) == 0) /* git was ended by us, so it said nothing of the checkout */
        return refuse_late(place, err);
    if (own.message[0])
        pfl_log(PFL_LOG_DETAIL, "checked out anew: %s", own.message);
    if (interrupted(place->params))
        return pfl_err_set(err, PFL_EINTERRUPTED, "interrupted while %.12s was checked out",
                           place->params->commit);
    opened->fresh = true;
    rc = discard(place, err);
    return rc == PFL_OK ? check_out(place, err) : rc;
}

/* Locks */

/* Ours alone if possible; else shared with those who measure there; else we wait for whoever makes
 * it ready. */
static int take_lock(const struct place *place, int *fd, bool *shared, struct pfl_err *err)
{
    int64_t waited = 0;
    int rc;

    for (;;) {
        *shared = false;
        rc = pfl_lock_try(place->lock_path, PFL_LOCK_EXCLUSIVE, fd, err);
        if (rc == PFL_OK && *fd < 0) {
            *shared = true;
            rc = pfl_lock_try(place->lock_path, PFL_LOCK_SHARED, fd, err);
        }
        if (rc != PFL_OK || *fd >= 0)
            return rc;
        if (interrupted(place->params))
            return pfl_err_set(err, PFL_EINTERRUPTED,
                               "interrupted while waiting for another perfledger that makes '%s' "
                               "ready",
                               place->path);
        if (waited == 0)
            pfl_log(PFL_LOG_NOTICE, "waiting for another perfledger that makes '%s' ready",
                    place->path);
        if (time_left(place) == 0)
            return pfl_err_set(err, PFL_EBUSY,
                               "the time was up while waiting for another perfledger that makes "
                               "'%s' ready",
                               place->path);
        if (waited > longest_ns)
            return pfl_err_set(err, PFL_EBUSY,
                               "another perfledger has been making '%s' ready for an hour; end it, "
                               "and repeat the command",
                               place->path);
        pfl_lock_pause(PAUSE_NS);
        waited += PAUSE_NS;
    }
}

/* Those used least recently */

struct other {
    const char *name;
    int64_t used_ns;
};

static int compare_use(const void *a, const void *b)
{
    const struct other *first = a, *second = b;

    if (first->used_ns != second->used_ns)
        return first->used_ns < second->used_ns ? 1 : -1;
    return strcmp(first->name, second->name);
}

static bool is_name(const char *text, size_t len)
{
    return len == NAME_DIGITS && strspn(text, "0123456789abcdef") >= NAME_DIGITS;
}

/* The other worktrees, the one used last first. */
static size_t list_others(const struct place *place, struct other **others)
{
    const char **names, *own = place->path + strlen(place->params->folder) + 1;
    size_t n, i, found = 0;

    if (pfl_file_list(place->params->folder, place->arena, &names, &n, NULL) != PFL_OK ||
        !(*others = pfl_arena_array(place->arena, n + 1, sizeof **others)))
        return 0;
    for (i = 0; i < n; i++) {
        struct other *other = &(*others)[found];
        const char *lock;

        if (!is_name(names[i], strlen(names[i])) || strcmp(names[i], own) == 0)
            continue;
        lock = pfl_arena_format(place->arena, "%s/%s.lock", place->params->folder, names[i]);
        *other = (struct other){.name = names[i]};
        if (lock)
            (void)pfl_file_stat(lock, NULL, &other->used_ns, NULL);
        found++;
    }
    if (found > 1)
        qsort(*others, found, sizeof **others, compare_use);
    return found;
}

/* Only what nobody uses. That it cannot be removed now is no reason to refuse anything. */
static void remove_other(const struct place *place, const char *name)
{
    struct place other = {
        .params = place->params, .arena = place->arena, .deadline_ns = place->deadline_ns};
    struct pfl_err err;
    int fd = -1;

    other.path = pfl_file_join(place->params->folder, name, place->arena);
    other.lock_path = other.path ? pfl_arena_format(place->arena, "%s.lock", other.path) : NULL;
    if (!other.lock_path ||
        pfl_lock_try(other.lock_path, PFL_LOCK_EXCLUSIVE, &fd, NULL) != PFL_OK || fd < 0)
        return;
    if (discard(&other, &err) == PFL_OK) {
        pfl_lock_remove(other.lock_path, fd);
        return;
    }
    pfl_lock_close(fd);
    pfl_log(PFL_LOG_NOTICE, "an old checkout stays: %s", err.message);
}

static void remove_oldest(const struct place *place)
{
    size_t keep = place->params->keep > 0 ? (size_t)place->params->keep : KEEP, n, i;
    struct other *others;

    n = list_others(place, &others);
    for (i = keep; i < n && time_left(place) > 0; i++)
        remove_other(place, others[i].name);
}

/* Opening */

static int find_place(const struct pfl_worktree_params *params, struct pfl_arena *arena,
                      struct place *place, struct pfl_err *err)
{
    *place = (struct place){.params = params, .arena = arena};
    if (params->timeout_ns > 0)
        place->deadline_ns = now_ns() + params->timeout_ns;
    if (!is_name(params->commit, strnlen(params->commit, NAME_DIGITS)))
        return pfl_err_set(err, PFL_EINVAL, "'%s' is no full commit id", params->commit);
    place->path = pfl_arena_format(arena, "%s/%.12s", params->folder, params->commit);
    place->lock_path = place->path ? pfl_arena_format(arena, "%s.lock", place->path) : NULL;
    return place->lock_path ? pfl_file_make_folders(params->folder, err) : pfl_err_no_memory(err);
}

int pfl_worktree_open(const struct pfl_worktree_params *params, struct pfl_arena *arena,
                      struct pfl_worktree *worktree, struct pfl_err *err)
{
    struct pfl_worktree opened = {.lock = -1};
    struct place place;
    int rc = find_place(params, arena, &place, err);

    if (rc == PFL_OK)
        rc = take_lock(&place, &opened.lock, &opened.shared, err);
    if (rc != PFL_OK)
        return rc;
    pfl_lock_touch(opened.lock);
    if (!opened.shared)
        rc = make_ready(&place, &opened, err);
    opened.path = place.path;
    opened.commit = pfl_arena_text(arena, params->commit);
    if (rc == PFL_OK && !opened.commit)
        rc = pfl_err_no_memory(err);
    if (rc != PFL_OK) {
        pfl_lock_close(opened.lock);
        return rc;
    }
    if (opened.fresh)
        remove_oldest(&place);
    *worktree = opened;
    return PFL_OK;
}

int pfl_worktree_share(struct pfl_worktree *worktree, struct pfl_err *err)
{
    return worktree->shared || worktree->lock < 0 ? PFL_OK : pfl_lock_share(worktree->lock, err);
}

void pfl_worktree_close(struct pfl_worktree *worktree)
{
    if (worktree && worktree->path) {
        pfl_lock_close(worktree->lock);
        worktree->lock = -1;
    }
}
