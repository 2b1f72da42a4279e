/*
 * From a word on the command line to a folder that can be measured.
 *
 * The work tree is built in place, every time: only its own build system knows what is up to date.
 * Another revision is checked out (vcs/worktree), gets the work tree's benchmark files
 * (flow/overlay) and is built once; a stamp beside it says by which command and with which files,
 * and is believed as long as the checkout itself is, and nothing had to be restored in it (it may
 * have been built while it was changed). The stamp lies inside the checkout, so that it
 * goes wherever the built programs go (`git clean -x`, a removed folder), and is removed before a
 * build begins.
 *
 * When all is ready the checkout's lock is shared: the same commit may be opened a second time (a
 * race of a revision against itself), but nobody may change it any more. What did not build is
 * given free at once.
 */
#include "flow/build/build.h"

#include "base/text.h"
#include "flow/build/overlay.h"
#include "flow/build/run.h"
#include "flow/build/stamp.h"
#include "sys/file.h"
#include "sys/tree.h"
#include "vcs/git.h"

#include <string.h>

enum { STAMP_MAX = 4096 };

struct work {
    struct pfl_flow *flow;
    const struct pfl_flow_build_params *params;
    struct pfl_flow_build *build;
    const char *name;   /* of files about it: 12 digits, "worktree" */
    const char *prefix; /* of flow->root in the repository */
    const char *notes;  /* folder in the checkout for our own files */
    struct pfl_overlay overlay;
    struct pfl_overlay_record record; /* of what lies there */
    bool record_read;
};

static bool stop_asked(void *context)
{
    const struct work *work = context;

    return work->params->stop_asked && work->params->stop_asked(work->params->context);
}

static void tell(const struct work *work, const char *doing, const char *what)
{
    const char *phase = pfl_arena_format(work->flow->arena, "%s %s", doing, what);

    if (phase && work->params->progress)
        work->params->progress(work->params->context, phase);
}

/* A folder of ours, which git shall not see. */
static int make_own_folder(const char *path, struct pfl_arena *arena, struct pfl_err *err)
{
    const char *ignore = pfl_file_join(path, ".gitignore", arena);
    int rc = ignore ? pfl_file_make_folders(path, err) : pfl_err_no_memory(err);

    if (rc != PFL_OK || pfl_file_exists(ignore))
        return rc;
    rc = pfl_file_write(ignore, "*\n", 2, true, err);
    return rc == PFL_EBUSY ? PFL_OK : rc; /* another process wrote it just now */
}

/* FLOW-ROOT/.perfledger/NAME, with that folder above it. */
static int own_path(const struct work *work, const char *name, const char **path,
                    struct pfl_err *err)
{
    struct pfl_arena *arena = work->flow->arena;
    const char *folder = pfl_file_join(work->flow->root, ".perfledger", arena);
    int rc = folder ? make_own_folder(folder, arena, err) : pfl_err_no_memory(err);

    if (rc != PFL_OK)
        return rc;
    *path = pfl_file_join(folder, name, arena);
    return *path ? PFL_OK : pfl_err_no_memory(err);
}

/* Building */

/* An empty log; why that cannot be is found out here, with better words than the shell's. */
static int begin_log(const struct work *work, const char **log, struct pfl_err *err)
{
    const char *folder, *path;
    int rc = own_path(work, "builds", &folder, err);

    if (rc == PFL_OK)
        rc = pfl_file_make_folders(folder, err);
    if (rc != PFL_OK)
        return rc;
    path = pfl_arena_format(work->flow->arena, "%s/%s.log", folder, work->name);
    if (!path)
        return pfl_err_no_memory(err);
    rc = pfl_file_write(path, "", 0, false, err);
    if (rc == PFL_OK)
        *log = path;
    return rc;
}

static bool is_late(const struct work *work)
{
    const struct pfl_clock *clock = work->flow->clock;

    return work->params->deadline_ns > 0 &&
           clock->monotonic_ns(clock->context) >= work->params->deadline_ns;
}

/* The time is up: nothing more is started. */
static int end_late(struct work *work)
{
    work->build->problem = "the time was up before it could be built";
    if (!work->build->root)
        work->build->root = work->flow->root;
    return PFL_OK;
}

static int build_here(struct work *work, struct pfl_err *err)
{
    int rc;

    if (is_late(work))
        return end_late(work);
    rc = begin_log(work, &work->build->log, err);
    if (rc != PFL_OK)
        return rc;
    tell(work, "building", work->build->label);
    return pfl_flow_build_run(work->flow, work->params, work->build, err);
}

/* The stamp */

static bool is_built(const char *path, const char *wanted)
{
    struct pfl_buf text;
    bool built;

    pfl_buf_init(&text, STAMP_MAX);
    built = pfl_file_read(path, &text, NULL) == PFL_OK && strcmp(pfl_buf_cstr(&text), wanted) == 0;
    pfl_buf_release(&text);
    return built;
}

static int refuse_busy(const struct work *work, struct pfl_err *err)
{
    return pfl_err_set(err, PFL_EBUSY,
                       "%s is being measured at this moment, with other benchmark files or another "
                       "build than wanted now; repeat the command when that has ended",
                       work->build->label);
}

/* The log of the build that is found, if it is still there. */
static int find_log(struct work *work, struct pfl_err *err)
{
    const char *name = pfl_arena_format(work->flow->arena, "builds/%s.log", work->name), *path;
    int rc = name ? own_path(work, name, &path, err) : pfl_err_no_memory(err);

    if (rc == PFL_OK && pfl_file_exists(path))
        work->build->log = path;
    return rc;
}

/* A build that removes what git does not track (`git clean`) takes our notes with it, and the
 * benchmark files by which the revision should be measured. */
static int look_what_is_left(struct work *work, struct pfl_err *err)
{
    struct pfl_flow_build *build = work->build;
    bool left = pfl_overlay_is_there(&work->record, build->root, work->notes, work->flow->arena);

    if (left)
        return PFL_OK;
    build->problem = pfl_arena_format(
        work->flow->arena,
        "the build of %s, `%s`, removed files that perfledger had put there: its notes in "
        ".perfledger, or benchmark files of the work tree that the revision does not have; leave "
        "what removes untracked files (`git clean`) out of `build`; each revision is checked out "
        "in a folder of its own",
        build->label, pfl_text_shown(work->flow->arena, work->flow->config.build));
    return build->problem ? PFL_OK : pfl_err_no_memory(err);
}

static int build_once(struct work *work, struct pfl_err *err)
{
    const char *path = pfl_file_join(work->notes, "built", work->flow->arena);
    const char *stamp =
        path ? pfl_build_stamp(work->flow, work->build->revision.commit, work->overlay.hash) : NULL;
    bool shared = work->build->worktree.shared;
    bool doubtful = work->build->worktree.restored || work->record.mended;
    int rc;

    if (!stamp)
        return pfl_err_no_memory(err);
    if ((shared || (!work->params->rebuild && !doubtful)) && is_built(path, stamp))
        return find_log(work, err);
    if (shared)
        return refuse_busy(work, err);
    rc = pfl_tree_remove(path, err);
    if (rc == PFL_OK)
        rc = build_here(work, err);
    if (rc == PFL_OK && !work->build->problem)
        rc = look_what_is_left(work, err);
    if (rc == PFL_OK && !work->build->problem)
        rc = pfl_file_write(path, stamp, strlen(stamp), false, err);
    return rc;
}

/* Another revision */

static int read_record(struct work *work, const char *top, struct pfl_err *err)
{
    if (work->record_read)
        return PFL_OK;
    work->notes = pfl_file_join(top, ".perfledger", work->flow->arena);
    if (!work->notes)
        return pfl_err_no_memory(err);
    work->record_read = true;
    return pfl_overlay_read(work->notes, work->flow->arena, &work->record, err);
}

/* A tracked file that differs may stay when it is one of those that we would put there again. */
static bool is_ours(void *context, const char *top, const char *file)
{
    struct work *work = context;

    return read_record(work, top, NULL) == PFL_OK &&
           strcmp(work->record.hash, work->overlay.hash) == 0 &&
           pfl_text_starts(file, work->prefix) &&
           pfl_overlay_holds(&work->record, file + strlen(work->prefix));
}

static int check_out(struct work *work, const char *commit, struct pfl_err *err)
{
    struct pfl_flow *flow = work->flow;
    struct pfl_worktree_params params = {
        .git_root = flow->git_root,
        .commit = commit,
        .interrupted = stop_asked,
        .is_ours = is_ours,
        .context = work,
    };
    int rc = own_path(work, "worktrees", &params.folder, err);

    if (rc != PFL_OK)
        return rc;
    if (is_late(work))
        return end_late(work);
    if (work->params->deadline_ns > 0)
        params.timeout_ns =
            work->params->deadline_ns - flow->clock->monotonic_ns(flow->clock->context);
    if (params.timeout_ns < 0)
        params.timeout_ns = 1;
    tell(work, "checking out", work->build->label);
    rc = pfl_worktree_open(&params, flow->arena, &work->build->worktree, err);
    if ((rc == PFL_ESYSTEM || rc == PFL_EBUSY) && is_late(work))
        return end_late(work);
    if (rc != PFL_OK)
        return rc;
    if (work->build->worktree.fresh) /* what was read is of the folder before */
        work->record_read = false;
    work->record = work->record_read ? work->record : (struct pfl_overlay_record){0};
    return read_record(work, work->build->worktree.path, err);
}

/* The folder that corresponds to flow->root, without a slash behind it. It may not exist in a
 * revision of before; a link on the way to it may lead out of the checkout. */
static int find_target(struct work *work, struct pfl_err *err)
{
    const char *top = work->build->worktree.path, *prefix = work->prefix, *slash, *path;
    enum pfl_tree_kind kind;
    int len = (int)strlen(prefix);

    work->build->root =
        len ? pfl_arena_format(work->flow->arena, "%s/%.*s", top, len - 1, prefix) : top;
    if (!work->build->root)
        return pfl_err_no_memory(err);
    for (slash = prefix; (slash = strchr(slash, '/')); slash++) {
        path = pfl_arena_format(work->flow->arena, "%s/%.*s", top, (int)(slash - prefix), prefix);
        if (!path)
            return pfl_err_no_memory(err);
        kind = pfl_tree_kind(path);
        if (kind != PFL_TREE_FOLDER && kind != PFL_TREE_NOTHING)
            return pfl_err_set(err, PFL_EINVAL,
                               "in %s, '%.*s' on the way to the folder of perfledger.yaml is no "
                               "folder (a symbolic link or a file), so it cannot be measured there",
                               work->build->label, (int)(slash - prefix), prefix);
    }
    return work->build->worktree.shared ? PFL_OK : pfl_file_make_folders(work->build->root, err);
}

static int put_files(struct work *work, struct pfl_err *err)
{
    struct pfl_overlay_place place = {
        .target = work->build->root, .notes = work->notes, .arena = work->flow->arena};
    int rc;

    if (work->build->worktree.shared)
        return strcmp(work->record.hash, work->overlay.hash) == 0 ? PFL_OK : refuse_busy(work, err);
    rc = make_own_folder(work->notes, work->flow->arena, err);
    if (rc == PFL_OK)
        rc = pfl_overlay_apply(&work->overlay, &place, &work->record, err);
    if (rc != PFL_OK && err)
        pfl_err_prefix(err, "putting the benchmark files over %s", work->build->label);
    return rc;
}

static int make_ready(struct work *work, const char *commit, struct pfl_err *err)
{
    int rc = pfl_overlay_plan(work->flow, &work->overlay, err);

    if (rc == PFL_OK)
        rc = check_out(work, commit, err);
    if (rc == PFL_OK && work->build->problem)
        return PFL_OK;
    if (rc == PFL_OK)
        rc = find_target(work, err);
    if (rc == PFL_OK)
        rc = put_files(work, err);
    work->build->overlaid = work->record.differing;
    if (rc == PFL_OK && work->flow->config.build)
        rc = build_once(work, err);
    else if (rc == PFL_OK)
        work->build->note = "no `build` is configured in perfledger.yaml, so revisions are "
                            "measured as they are checked out, without being built";
    if (work->build->problem)
        pfl_worktree_close(&work->build->worktree);
    return rc == PFL_OK ? pfl_worktree_share(&work->build->worktree, err) : rc;
}

/* Why there can be no other revision here. */
static int no_repository(const struct pfl_flow *flow, const char *revision, struct pfl_err *err)
{
    if (!pfl_file_which("git", NULL, flow->arena))
        return pfl_err_set(err, PFL_ESYSTEM,
                           "git is not installed, so the revision `%s` cannot be checked out",
                           revision);
    return pfl_err_set(err, PFL_ESYSTEM,
                       "'%s' is in no git work tree, so there is no revision `%s` to check out (a "
                       "bare repository has no work tree: clone it)",
                       flow->root, revision);
}

static int describe(struct work *work, const char **commit, struct pfl_err *err)
{
    const char *word = work->params->revision;
    struct pfl_flow *flow = work->flow;
    const struct pfl_revision *revision;
    int rc = pfl_flow_revision(flow, &revision, err);

    if (rc == PFL_OK && !flow->git_root)
        rc = no_repository(flow, word, err);
    if (rc == PFL_OK)
        rc = pfl_flow_commit(flow, word, commit, err);
    if (rc == PFL_OK)
        rc = pfl_git_describe_commit(flow->root, *commit, flow->arena, &work->build->revision, err);
    if (rc == PFL_OK)
        rc = pfl_git_prefix(flow->root, flow->arena, &work->prefix, err);
    if (rc != PFL_OK)
        return rc;
    work->name = pfl_arena_format(flow->arena, "%.12s", *commit);
    work->build->label = pfl_text_starts(*commit, word)
                             ? pfl_arena_format(flow->arena, "%.7s", *commit)
                             : pfl_arena_format(flow->arena, "%s (%.7s)", word, *commit);
    return work->name && work->build->label ? PFL_OK : pfl_err_no_memory(err);
}

/* The work tree */

static int open_work_tree(struct work *work, struct pfl_err *err)
{
    const struct pfl_revision *revision;
    int rc = pfl_flow_revision(work->flow, &revision, err);

    if (rc != PFL_OK)
        return rc;
    work->name = "worktree";
    work->build->label = "work tree";
    work->build->root = work->flow->root;
    work->build->revision = *revision;
    return work->flow->config.build ? build_here(work, err) : PFL_OK;
}

int pfl_flow_build_open(struct pfl_flow *flow, const struct pfl_flow_build_params *params,
                        struct pfl_flow_build *build, struct pfl_err *err)
{
    struct pfl_flow_build opened = {.worktree = {.lock = -1}};
    struct work work = {.flow = flow, .params = params, .build = &opened};
    const char *commit;
    int rc;

    if (strcmp(params->revision, ".") == 0) {
        rc = open_work_tree(&work, err);
    } else {
        rc = describe(&work, &commit, err);
        if (rc == PFL_OK)
            rc = make_ready(&work, commit, err);
    }
    if (rc == PFL_OK)
        *build = opened;
    else
        pfl_worktree_close(&opened.worktree);
    return rc;
}

void pfl_flow_build_close(struct pfl_flow_build *build)
{
    if (build)
        pfl_worktree_close(&build->worktree);
}
