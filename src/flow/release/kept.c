/*
 * The run that the repository keeps of a revision.
 *
 * A release is documented: perf/latest_AREA.md at that commit names its runs of record, and
 * perf/runs/ID.json keeps each whole. A tag mostly stands on the commit that brought the documents,
 * one after the commit that was measured, so the page's run need not be of the tag's own commit.
 * But what was measured must be what was tagged: between the two nothing but documents may differ.
 * A page that nobody made anew since the code changed holds numbers of another program, and a gate
 * that took them would let through whatever was won in between. Where git cannot tell, it is not
 * taken either. Areas may have runs of their own: the widest one is taken, and benchmarks that only
 * others have are added. Without a run of record, the kept runs of that very commit, likewise.
 *
 * An id is a hash of the content, so a file that was edited is told and not used. A run that the
 * ledger knows as void is void wherever it is kept.
 */
#include "flow/release/kept.h"

#include "base/log.h"
#include "base/text.h"
#include "documents/block.h"
#include "flow/release/path_rules.h"
#include "formats/run_json.h"
#include "judge/judge.h"
#include "sys/file.h"
#include "vcs/git.h"

#include <string.h>

static size_t measured(const struct pfl_run *run)
{
    size_t i, n = 0;

    for (i = 0; i < run->benchmark_count; i++)
        n += run->benchmarks[i].status == PFL_STATUS_OK;
    return n;
}

/* A run's text; false in *sound: it is none, or not the one that its name says (told). */
static int read_kept(struct pfl_flow *flow, const char *path, const struct pfl_git_text *text,
                     struct pfl_run *run, bool *sound, struct pfl_err *err)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *id;
    struct pfl_json_reader reader;
    struct pfl_err why;
    int rc;

    *sound = false;
    pfl_json_reader_init_text(&reader, path, text->text, text->len);
    rc = pfl_run_json_read(&reader, flow->arena, run, &why);
    pfl_json_reader_release(&reader);
    if (rc == PFL_ENOMEM)
        return pfl_err_no_memory(err);
    if (rc != PFL_OK) {
        pfl_log(PFL_LOG_WARNING, "%s is left out: %s", path, why.message);
        return PFL_OK;
    }
    rc = pfl_run_json_id(run, flow->arena, &id, err);
    if (rc != PFL_OK)
        return rc;
    if (strncmp(name, id, strlen(id)) != 0) {
        pfl_log(PFL_LOG_WARNING,
                "%s is left out: its content is not that of the run it is named after (it would be "
                "%s)",
                path, id);
        return PFL_OK;
    }
    run->id = id;
    *sound = true;
    return pfl_judge_summarise(run, err);
}

/* What people said of a run stands in the ledger, if there is one. */
static int is_void(struct pfl_flow *flow, const struct pfl_run *run, const char **why,
                   struct pfl_err *err)
{
    struct pfl_store_remark *remarks;
    struct pfl_store *store;
    size_t i, n = 0;
    int rc = pfl_flow_store(flow, PFL_FLOW_READ, &store, err);

    *why = NULL;
    if (rc == PFL_OK)
        rc = pfl_store_remarks(store, run->id, flow->arena, &remarks, &n, err);
    if (rc != PFL_OK)
        return rc == PFL_ENOENT ? PFL_OK : rc;
    for (i = 0; i < n; i++)
        if (remarks[i].is_void)
            *why = pfl_arena_format(flow->arena, "it is void (%s)", remarks[i].text);
    return PFL_OK;
}

/* *usable: may it stand for the revision? Why not is told, where a page names it. */
static int may_stand(struct pfl_flow *flow, const struct pfl_release_base *base,
                     const struct pfl_run *run, const char *page, bool *usable, struct pfl_err *err)
{
    const char *why, *commit = run->revision.commit;
    int rc = is_void(flow, run, &why, err);

    *usable = false;
    if (rc != PFL_OK || (base->head && strcmp(base->head->id, run->id) == 0))
        return rc;
    if (!why && run->revision.dirty)
        why = "it was measured with uncommitted changes";
    else if (!why && (run->partial || !run->complete))
        why = "it was stopped before all was measured";
    else if (!why && run->kind == PFL_RUN_RACE)
        why = "it is one side of a race";
    else if (!why && !*commit)
        why = "it does not say which commit it is of";
    else if (!why && page && strcmp(commit, base->commit) != 0 &&
             !pfl_path_same_files(flow, commit, base->commit))
        why = pfl_arena_format(flow->arena,
                               "it is of %.10s, and %s (%.10s) is other code than that, as far as "
                               "git can tell",
                               commit, base->name, base->commit);
    *usable = !why && (page || strcmp(commit, base->commit) == 0);
    if (why)
        pfl_log(PFL_LOG_NOTICE, "run %.8s%s%s does not stand for %s: %s", run->id,
                page ? " of " : "", page ? page : "", base->name, why);
    return PFL_OK;
}

/* Benchmarks that only `more` has. */
static int add_benchmarks(struct pfl_flow *flow, struct pfl_run *run, const struct pfl_run *more,
                          struct pfl_err *err)
{
    struct pfl_benchmark *joined =
        pfl_arena_grow(flow->arena, run->benchmarks, run->benchmark_count,
                       run->benchmark_count + more->benchmark_count + 1, sizeof *joined);
    size_t i, n = run->benchmark_count;

    if (!joined)
        return pfl_err_no_memory(err);
    for (i = 0; i < more->benchmark_count; i++)
        if (!pfl_run_find(run, more->benchmarks[i].name))
            joined[n++] = more->benchmarks[i];
    run->benchmarks = joined;
    run->benchmark_count = n;
    pfl_run_sort(run);
    return PFL_OK;
}

static bool is_run_file(const char *path, const char *folder)
{
    size_t len = strlen(path);

    return pfl_text_starts(path, folder) && pfl_text_starts(path + strlen(folder), "/runs/") &&
           len > 5 && strcmp(path + len - 5, ".json") == 0;
}

static bool is_latest(const char *path, const char *folder)
{
    const char *name = path + strlen(folder) + 1;
    size_t len = strlen(path);

    return pfl_text_starts(path, folder) && path[strlen(folder)] == '/' && !strchr(name, '/') &&
           pfl_text_starts(name, "latest_") && len > 3 && strcmp(path + len - 3, ".md") == 0;
}

/* So that a benchmark whose page is stale is not taken for a new one. */
static int remember(struct pfl_flow *flow, struct pfl_release_base *base, struct pfl_run *run,
                    struct pfl_err *err)
{
    if (base->refused)
        return add_benchmarks(flow, base->refused, run, err);
    base->refused = run;
    return PFL_OK;
}

/* The widest is kept, the others fill it up. */
static int take_widest(struct pfl_flow *flow, struct pfl_release_base *base, struct pfl_run *run,
                       const char *kept_by, struct pfl_err *err)
{
    bool here = pfl_release_base_is_here(flow, base, run);
    int rc = PFL_OK;

    if (!base->run || (base->elsewhere && here) || !base->kept_by)
        return pfl_release_base_take(flow, base, run, kept_by, err);
    if (base->elsewhere != !here || strcmp(base->run->id, run->id) == 0)
        return PFL_OK;
    if (measured(run) > measured(base->run)) {
        struct pfl_run *before = base->run;

        rc = pfl_release_base_take(flow, base, run, kept_by, err);
        run = before;
    }
    return rc == PFL_OK ? add_benchmarks(flow, base->run, run, err) : rc;
}

/* What a page of a run of record names. */
static int take_record(struct pfl_flow *flow, struct pfl_release_base *base, const char *page,
                       const char *id, struct pfl_err *err)
{
    const char *path =
        pfl_arena_format(flow->arena, "%s/runs/%s.json", flow->config.documents.folder, id);
    struct pfl_git_place place = {flow->root, base->commit, path};
    struct pfl_run *run = pfl_release_base_new_run(flow, err);
    struct pfl_git_text text;
    struct pfl_err why;
    bool sound, usable;
    int rc;

    if (!path || !run)
        return pfl_err_no_memory(err);
    rc = pfl_git_show(&place, flow->arena, &text, &why);
    if (rc == PFL_ENOENT) {
        pfl_log(PFL_LOG_NOTICE, "%s names the run %s, which %s does not hold at %s", page, id, path,
                base->name);
        return PFL_OK;
    }
    if (rc != PFL_OK) {
        if (err)
            *err = why;
        return rc;
    }
    rc = read_kept(flow, path, &text, run, &sound, err);
    if (rc == PFL_OK && sound)
        rc = may_stand(flow, base, run, page, &usable, err);
    if (rc == PFL_OK && sound && !usable)
        return remember(flow, base, run, err);
    if (rc != PFL_OK || !sound)
        return rc;
    return take_widest(flow, base, run, page, err);
}

static int read_page(struct pfl_flow *flow, struct pfl_release_base *base, const char *page,
                     struct pfl_err *err)
{
    struct pfl_git_place place = {flow->root, base->commit, page};
    struct pfl_blocks blocks = {0};
    struct pfl_git_text text;
    size_t i, j;
    int rc = pfl_git_show(&place, flow->arena, &text, err);

    if (rc == PFL_OK)
        rc = pfl_blocks_read(text.text, text.len, flow->arena, &blocks, err);
    for (i = 0; rc == PFL_OK && i < blocks.n; i++)
        for (j = 0;
             rc == PFL_OK && strcmp(blocks.at[i].kind, "latest") == 0 && j < blocks.at[i].run_count;
             j++)
            rc = take_record(flow, base, page, blocks.at[i].runs[j], err);
    return rc;
}

/* A kept run that says it is of that commit. `text` is looked through before it is parsed. */
static int take_if_of_commit(struct pfl_flow *flow, struct pfl_release_base *base, const char *path,
                             const struct pfl_git_text *text, struct pfl_err *err)
{
    struct pfl_run *run;
    bool sound = false, usable = false;
    int rc;

    if (!strstr(text->text, base->commit))
        return PFL_OK;
    run = pfl_release_base_new_run(flow, err);
    if (!run)
        return PFL_ENOMEM;
    rc = read_kept(flow, path, text, run, &sound, err);
    if (rc == PFL_OK && sound)
        rc = may_stand(flow, base, run, NULL, &usable, err);
    if (rc != PFL_OK || !sound || !usable)
        return rc;
    return take_widest(flow, base, run, path, err);
}

static bool looks_further(const struct pfl_release_base *base)
{
    return !base->run || base->elsewhere;
}

static int look_in_tree(struct pfl_flow *flow, struct pfl_release_base *base, struct pfl_err *err)
{
    const char *folder = flow->config.documents.folder;
    struct pfl_git_place place = {flow->root, base->commit, folder};
    struct pfl_git_files files;
    struct pfl_git_text text;
    size_t i;
    bool further;
    int rc = pfl_git_list_tree(&place, flow->arena, &files, err);

    for (i = 0; rc == PFL_OK && i < files.n; i++)
        if (is_latest(files.at[i], folder))
            rc = read_page(flow, base, files.at[i], err);
    further = looks_further(base);
    for (i = 0; rc == PFL_OK && further && i < files.n; i++) {
        if (!is_run_file(files.at[i], folder))
            continue;
        place.path = files.at[i];
        rc = pfl_git_show(&place, flow->arena, &text, err);
        if (rc == PFL_OK)
            rc = take_if_of_commit(flow, base, files.at[i], &text, err);
    }
    return rc;
}

/* Documents that came after the release may keep a run of it, too. */
static int look_in_work_tree(struct pfl_flow *flow, struct pfl_release_base *base,
                             struct pfl_err *err)
{
    const char *folder =
        pfl_arena_format(flow->arena, "%s/%s/runs", flow->root, flow->config.documents.folder);
    const char **names;
    size_t i, n;
    int rc = folder ? pfl_file_list(folder, flow->arena, &names, &n, err) : pfl_err_no_memory(err);

    if (rc == PFL_ENOENT)
        return PFL_OK;
    for (i = 0; rc == PFL_OK && i < n; i++) {
        const char *path = pfl_file_join(folder, names[i], flow->arena);
        const char *shown =
            pfl_arena_format(flow->arena, "%s/runs/%s", flow->config.documents.folder, names[i]);
        struct pfl_buf buf;

        if (!path || !shown)
            return pfl_err_no_memory(err);
        if (!is_run_file(shown, flow->config.documents.folder) || !pfl_file_is_regular(path))
            continue;
        pfl_buf_init(&buf, 256 << 20);
        rc = pfl_file_read(path, &buf, err);
        if (rc == PFL_OK) {
            struct pfl_git_text text = {pfl_buf_cstr(&buf), buf.len};

            rc = take_if_of_commit(flow, base, shown, &text, err);
        }
        pfl_buf_release(&buf);
    }
    return rc;
}

int pfl_release_kept(struct pfl_flow *flow, struct pfl_release_base *base, struct pfl_err *err)
{
    int rc = look_in_tree(flow, base, err);

    if (rc == PFL_OK && looks_further(base))
        rc = look_in_work_tree(flow, base, err);
    return rc;
}
