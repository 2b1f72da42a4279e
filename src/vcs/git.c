/*
 * Asking git(1). Three processes describe a work tree (where is its top, what is its state, what
 * does its commit say); each costs a few milliseconds, so everything else is read out of those
 * three answers.
 *
 * Nothing asked here may disturb a repository that somebody works in: optional locks are off
 * (status would refresh the index), the language is C so that messages can be recognised, nothing
 * may ask for a password, and variables that bind git to another repository are taken out of the
 * environment (a hook's GIT_DIR, when perfledger runs in one).
 *
 * The answers come in forms that git promises to keep: `status --porcelain=v2`, `log --format`.
 * Words are only read in one place, to tell "there is no repository" from "git refuses to look at
 * this one" (dubious ownership): the first is how many projects are, the second is said in the log,
 * because the user would miss the revision.
 */
#include "vcs/git.h"

#include "base/alloc.h"
#include "base/log.h"
#include "base/text.h"
#include "sys/spawn.h"
#include "sys/tty.h"
#include "vcs/ci.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { OUTPUT_MAX = 4 << 20, ERRORS_MAX = 4096, WORDS_MAX = 24 };

/* One question: its answer, git's words and its exit code. */
struct answer {
    struct pfl_buf output, errors;
    int status;
};

static void answer_init(struct answer *answer)
{
    pfl_buf_init(&answer->output, OUTPUT_MAX);
    pfl_buf_init(&answer->errors, ERRORS_MAX);
    answer->status = 0;
}

static void answer_release(struct answer *answer)
{
    pfl_buf_release(&answer->output);
    pfl_buf_release(&answer->errors);
}

/* Variables that bind git to another repository, and those that we set ourselves. */
static bool is_left_out(const char *variable)
{
    static const char *const names[] = {
        "GIT_DIR=",
        "GIT_WORK_TREE=",
        "GIT_INDEX_FILE=",
        "GIT_COMMON_DIR=",
        "GIT_PREFIX=",
        "GIT_NAMESPACE=",
        "GIT_OBJECT_DIRECTORY=",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES=",
        "LC_ALL=",
        "GIT_OPTIONAL_LOCKS=",
        "GIT_TERMINAL_PROMPT=",
    };
    size_t i;

    for (i = 0; i < PFL_COUNT(names); i++)
        if (pfl_text_starts(variable, names[i]))
            return true;
    return false;
}

/* Our environment, changed as the head of this file says; the texts are borrowed. NULL: no memory.
 */
static char **environment_for_git(void)
{
    static char c_language[] = "LC_ALL=C", no_locks[] = "GIT_OPTIONAL_LOCKS=0",
                no_prompt[] = "GIT_TERMINAL_PROMPT=0";
    char **ours = pfl_environment_all(), **made;
    size_t n = 0, count = 0;

    while (ours && ours[count])
        count++;
    made = pfl_alloc_zeroed(count + 4, sizeof *made);
    if (!made)
        return NULL;
    for (; ours && *ours; ours++)
        if (!is_left_out(*ours))
            made[n++] = *ours;
    made[n++] = c_language;
    made[n++] = no_locks;
    made[n++] = no_prompt;
    return made;
}

/* Runs "git WORDS…" (NULL-terminated) in folder. PFL_ENOENT: no git, or no such folder. */
static int ask(const char *folder, const char *const *words, struct answer *answer,
               struct pfl_err *err)
{
    char *argv[WORDS_MAX + 3] = {(char *)"git", (char *)"--no-optional-locks"};
    struct pfl_process_params params = {
        .argv = argv, .cwd = folder, .output = &answer->output, .errors = &answer->errors};
    char **environment;
    size_t i;
    int rc;

    for (i = 0; i < WORDS_MAX && words[i]; i++)
        argv[i + 2] = (char *)words[i];
    if (words[i])
        PFL_BUG("a question to git of more than %d words", WORDS_MAX);
    environment = environment_for_git();
    if (!environment)
        return pfl_err_no_memory(err);
    params.envp = environment;
    pfl_buf_clear(&answer->output);
    pfl_buf_clear(&answer->errors);
    rc = pfl_process_run(&params, &answer->status, err);
    pfl_free(environment);
    return rc;
}

#define ASK(folder, answer, err, ...)                                                              \
    ask(folder, (const char *const[]){__VA_ARGS__, NULL}, answer, err)

/* The answer's only line, without its newline. */
static const char *one_line(struct answer *answer)
{
    size_t len = answer->output.len;

    if (len > 0 && answer->output.data[len - 1] == '\n')
        pfl_buf_truncate(&answer->output, len - 1);
    return pfl_buf_cstr(&answer->output);
}

/* Git's complaint without "fatal: " and the final newline. */
static const char *complaint(struct answer *answer)
{
    const char *text;

    while (answer->errors.len > 0 &&
           isspace((unsigned char)answer->errors.data[answer->errors.len - 1]))
        pfl_buf_truncate(&answer->errors, answer->errors.len - 1);
    text = pfl_buf_cstr(&answer->errors);
    return pfl_text_starts(text, "fatal: ") ? text + strlen("fatal: ") : text;
}

/* Describing */

/* The top folder, or NULL (and PFL_OK) where there is no work tree to be seen. */
static int find_root(const char *folder, struct answer *answer, struct pfl_arena *arena,
                     const char **root, struct pfl_err *err)
{
    struct pfl_err own;
    int rc = ASK(folder, answer, &own, "rev-parse", "--show-toplevel");

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
        const char *why = complaint(answer);

        if (!strstr(why, "not a git repository") && !strstr(why, "must be run in a work tree"))
            pfl_log(PFL_LOG_NOTICE, "no git revision is recorded: git refuses '%s': %s", folder,
                    why);
        return PFL_OK;
    }
    *root = pfl_arena_text(arena, one_line(answer));
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

static int read_status(const char *folder, struct answer *answer, struct pfl_arena *arena,
                       struct pfl_revision *revision, struct pfl_err *err)
{
    const char *status, *commit, *branch;
    bool has_commit, has_branch;
    int rc = ASK(folder, answer, err, "status", "--porcelain=v2", "--branch",
                 "--untracked-files=no", "--ignore-submodules=untracked", "--no-renames");

    /* More changed files than the buffer holds: the headers come first, and dirty it is. */
    if (rc < 0 && rc != PFL_ELIMIT)
        return rc;
    if (rc == PFL_OK && answer->status != 0) {
        pfl_log(PFL_LOG_NOTICE, "no git revision is recorded: git status in '%s' says: %s", folder,
                complaint(answer));
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

static int read_commit(const char *folder, struct answer *answer, struct pfl_arena *arena,
                       struct pfl_revision *revision, struct pfl_err *err)
{
    char *line[3], *at;
    size_t i;
    int rc = ASK(folder, answer, err, "log", "-1", "--no-show-signature", "--no-color",
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
    struct answer answer;
    int rc;

    answer_init(&answer);
    rc = find_root(folder, &answer, arena, &top, err);
    if (rc == PFL_OK && top)
        rc = read_status(folder, &answer, arena, &found, err);
    if (rc == PFL_OK && found.commit[0])
        rc = read_commit(folder, &answer, arena, &found, err);
    if (rc == PFL_OK && top)
        rc = read_ci(arena, &found, err);
    answer_release(&answer);
    if (rc == PFL_OK) {
        *revision = found;
        if (root)
            *root = top;
    }
    return rc;
}

/* Looking up */

/* No git at all is worth other words than "starting 'git': No such file". */
static int no_git(int rc, const char *folder, struct pfl_err *err)
{
    if (rc == PFL_ENOENT)
        pfl_err_set(err, rc,
                    "cannot ask git about '%s': git is not installed, or the folder is gone",
                    folder);
    return rc;
}

/* PFL_ENOENT with git's words, and what to do in the clone that most CI services make. */
static int unknown(const char *folder, const char *rev, struct answer *answer, struct pfl_err *err)
{
    struct answer shallow;
    int rc = pfl_err_set(err, PFL_ENOENT, "'%s' is no commit that git knows in '%s': %s", rev,
                         folder, complaint(answer));

    answer_init(&shallow);
    if (ASK(folder, &shallow, NULL, "rev-parse", "--is-shallow-repository") == PFL_OK &&
        strcmp(one_line(&shallow), "true") == 0)
        rc = pfl_err_set(err, PFL_ENOENT,
                         "'%s' is no commit that git knows in '%s': %s\nThis is a shallow clone; "
                         "`git fetch --unshallow --tags` brings the commits that it lacks",
                         rev, folder, complaint(answer));
    answer_release(&shallow);
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
    struct answer answer;
    int rc;

    if (!peeled)
        return pfl_err_no_memory(err);
    answer_init(&answer);
    rc = no_git(ASK(folder, &answer, err, "rev-parse", "--verify", peeled), folder, err);
    if (rc == PFL_OK && answer.status != 0) {
        rc = unknown(folder, rev, &answer, err);
    } else if (rc == PFL_OK) {
        found = pfl_arena_text(arena, one_line(&answer));
        if (found)
            *commit = found;
        else
            rc = pfl_err_no_memory(err);
    }
    answer_release(&answer);
    return rc;
}

static int resolve_last_tag(const char *folder, struct pfl_arena *arena, const char **commit,
                            struct pfl_err *err)
{
    const char *tag = NULL;
    struct answer answer;
    int rc;

    answer_init(&answer);
    rc = ASK(folder, &answer, err, "describe", "--tags", "--exact-match", "HEAD");
    if (rc == PFL_OK)
        rc = ASK(folder, &answer, err, "describe", "--tags", "--abbrev=0",
                 answer.status == 0 ? "HEAD^" : "HEAD");
    no_git(rc, folder, err);
    if (rc == PFL_OK && answer.status != 0) {
        rc = unknown(folder, "last-tag", &answer, err);
        pfl_err_prefix(err, "no tag stands before HEAD");
    } else if (rc == PFL_OK && !(tag = pfl_arena_format(arena, "refs/tags/%s", one_line(&answer))))
        rc = pfl_err_no_memory(err);
    answer_release(&answer);
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

int pfl_git_commit_time(const char *folder, const char *commit, int64_t *unix_seconds,
                        struct pfl_err *err)
{
    struct answer answer;
    int rc;

    if (!is_usable(commit))
        return refuse_option(commit, err);
    answer_init(&answer);
    rc = no_git(
        ASK(folder, &answer, err, "log", "-1", "--no-show-signature", "--format=%ct", commit, "--"),
        folder, err);
    if (rc == PFL_OK && (answer.status != 0 || answer.output.len == 0))
        rc = unknown(folder, commit, &answer, err);
    else if (rc == PFL_OK)
        *unix_seconds = strtoll(one_line(&answer), NULL, 10);
    answer_release(&answer);
    return rc;
}

int pfl_git_is_ancestor(const char *folder, const char *commit, const char *of, bool *answer_out,
                        struct pfl_err *err)
{
    struct answer answer;
    int rc;

    if (!is_usable(commit) || !is_usable(of))
        return refuse_option(is_usable(commit) ? of : commit, err);
    answer_init(&answer);
    rc = no_git(ASK(folder, &answer, err, "merge-base", "--is-ancestor", commit, of), folder, err);
    if (rc == PFL_OK && answer.status != 0 && answer.status != 1)
        rc = unknown(folder, commit, &answer, err);
    else if (rc == PFL_OK)
        *answer_out = answer.status == 0;
    answer_release(&answer);
    return rc;
}
