/*
 * The stored run that stands for a revision.
 *
 * The ledger first: of the complete configured runs of that very commit, measured on this machine
 * (or one of its class), not void, not dirty and not the head itself, the one that measured most,
 * the newest of those. A quick run of one tier after a full one would otherwise leave most of the
 * gate without a base.
 *
 * Then the repository. A release is documented: perf/latest_AREA.md at that commit names its runs
 * of record, and perf/runs/ID.json keeps each whole. A tag mostly stands on the commit that brought
 * the documents, one after the commit that was measured; that is what the maintainers call the
 * numbers of the release. Areas may have runs of their own: the widest one is taken, and benchmarks
 * that only others have are added. Without a run of record, a kept run of that very commit. An id
 * is a hash of the content, so a file that was edited is told and not used.
 *
 * A run of another machine is remembered, in case nothing better is found, and marked.
 */
#include "flow/release_base.h"

#include "base/log.h"
#include "base/text.h"
#include "documents/block.h"
#include "formats/run_json.h"
#include "judge/judge.h"
#include "sys/file.h"
#include "vcs/git.h"

#include <string.h>

static const struct pfl_machine *machine_of(const struct pfl_flow *flow,
                                            const struct pfl_release_base *base)
{
    return base->head ? &base->head->machine : &flow->machine;
}

/* One box, or one class of boxes: the user's name for them is then their id, too. */
static bool fits(const struct pfl_machine *machine, const char *id, const char *fingerprint)
{
    bool named = machine->name && *machine->name && strcmp(machine->name, "auto") != 0;

    return strcmp(machine->fingerprint, fingerprint) == 0 ||
           (named && strcmp(machine->name, id) == 0);
}

static struct pfl_run *new_run(struct pfl_flow *flow, struct pfl_err *err)
{
    struct pfl_run *run = pfl_arena_alloc(flow->arena, sizeof *run);

    if (!run)
        pfl_err_no_memory(err);
    return run;
}

static size_t measured(const struct pfl_run *run)
{
    size_t i, n = 0;

    for (i = 0; i < run->benchmark_count; i++)
        n += run->benchmarks[i].status == PFL_STATUS_OK;
    return n;
}

static int take(struct pfl_flow *flow, struct pfl_release_base *base, struct pfl_run *run,
                const char *kept_by, struct pfl_err *err)
{
    bool here = base->any_machine ||
                fits(machine_of(flow, base), run->machine.id, run->machine.fingerprint);
    const char *label = pfl_arena_format(flow->arena, "%s (run %.8s%s%s)", base->name, run->id,
                                         kept_by ? ", " : "", kept_by ? kept_by : "");

    if (!label)
        return pfl_err_no_memory(err);
    if (base->run && !here) /* what was found before is as good */
        return PFL_OK;
    base->run = run;
    base->label = label;
    base->elsewhere = !here;
    base->kept_by = kept_by;
    return PFL_OK;
}

/* ---- the ledger ---- */

static size_t measured_of(const struct pfl_run_head *head)
{
    return head->benchmark_count - head->failed_count - head->skipped_count;
}

/* heads: newest last. */
static const struct pfl_run_head *best_head(const struct pfl_flow *flow,
                                            const struct pfl_release_base *base,
                                            const struct pfl_run_head *heads, size_t n, bool here)
{
    const struct pfl_machine *machine = machine_of(flow, base);
    const struct pfl_run_head *best = NULL;
    size_t i;

    for (i = n; i > 0; i--) {
        const struct pfl_run_head *head = &heads[i - 1];
        bool fitting = base->any_machine || fits(machine, head->machine_id, head->fingerprint);

        if (head->dirty || fitting != here || (base->head && strcmp(head->id, base->head->id) == 0))
            continue;
        if (!best || measured_of(head) > measured_of(best))
            best = head;
    }
    return best;
}

static int look_in_ledger(struct pfl_flow *flow, struct pfl_release_base *base, struct pfl_err *err)
{
    struct pfl_store_query query = {
        .commit = base->commit, .complete_only = true, .without_races = true};
    const struct pfl_run_head *best;
    struct pfl_run_head *heads;
    struct pfl_store *store;
    struct pfl_run *run;
    size_t n;
    int rc = pfl_flow_store(flow, PFL_FLOW_READ, &store, err);

    if (rc == PFL_ENOENT)
        return PFL_OK;
    if (rc == PFL_OK)
        rc = pfl_store_list(store, &query, flow->arena, &heads, &n, err);
    if (rc != PFL_OK)
        return rc;
    best = best_head(flow, base, heads, n, true);
    if (!best)
        best = best_head(flow, base, heads, n, false);
    if (!best)
        return PFL_OK;
    run = new_run(flow, err);
    if (!run)
        return PFL_ENOMEM;
    rc = pfl_flow_load(flow, best->id, run, err);
    return rc == PFL_OK ? take(flow, base, run, NULL, err) : rc;
}

/* ---- the repository ---- */

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

/* What a page of a run of record names: the widest is kept, the others fill it up. */
static int take_record(struct pfl_flow *flow, struct pfl_release_base *base, const char *page,
                       const char *id, struct pfl_err *err)
{
    const char *path =
        pfl_arena_format(flow->arena, "%s/runs/%s.json", flow->config.documents.folder, id);
    struct pfl_git_place place = {flow->root, base->commit, path};
    struct pfl_run *run = new_run(flow, err);
    struct pfl_git_text text;
    struct pfl_err why;
    bool sound, here;
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
    if (rc != PFL_OK || !sound)
        return rc;
    here = base->any_machine ||
           fits(machine_of(flow, base), run->machine.id, run->machine.fingerprint);
    if (!base->run || (base->elsewhere && here) || !base->kept_by)
        return take(flow, base, run, page, err);
    if (base->elsewhere != !here || strcmp(base->run->id, run->id) == 0)
        return PFL_OK;
    if (measured(run) > measured(base->run)) {
        struct pfl_run *before = base->run;

        rc = take(flow, base, run, page, err);
        run = before;
    }
    return rc == PFL_OK ? add_benchmarks(flow, base->run, run, err) : rc;
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
    bool sound;
    int rc;

    if (!strstr(text->text, base->commit))
        return PFL_OK;
    run = new_run(flow, err);
    if (!run)
        return PFL_ENOMEM;
    rc = read_kept(flow, path, text, run, &sound, err);
    if (rc != PFL_OK || !sound || strcmp(run->revision.commit, base->commit) != 0 ||
        run->revision.dirty || run->kind == PFL_RUN_RACE ||
        (base->head && strcmp(base->head->id, run->id) == 0))
        return rc;
    return take(flow, base, run, path, err);
}

static int look_in_tree(struct pfl_flow *flow, struct pfl_release_base *base, struct pfl_err *err)
{
    const char *folder = flow->config.documents.folder;
    struct pfl_git_place place = {flow->root, base->commit, folder};
    struct pfl_git_files files;
    struct pfl_git_text text;
    size_t i;
    int rc = pfl_git_list_tree(&place, flow->arena, &files, err);

    for (i = 0; rc == PFL_OK && i < files.n; i++)
        if (is_latest(files.at[i], folder))
            rc = read_page(flow, base, files.at[i], err);
    for (i = 0; rc == PFL_OK && i < files.n && (!base->run || base->elsewhere); i++) {
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
    for (i = 0; rc == PFL_OK && i < n && (!base->run || base->elsewhere); i++) {
        const char *path = pfl_file_join(folder, names[i], flow->arena);
        const char *shown =
            pfl_arena_format(flow->arena, "%s/runs/%s", flow->config.documents.folder, names[i]);
        struct pfl_buf buf;

        if (!path || !shown)
            return pfl_err_no_memory(err);
        if (!is_run_file(shown, flow->config.documents.folder))
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

int pfl_release_base_find(struct pfl_flow *flow, struct pfl_release_base *base, struct pfl_err *err)
{
    const struct pfl_machine *machine;
    int rc = pfl_flow_machine(flow, &machine, err);

    if (rc == PFL_OK)
        rc = look_in_ledger(flow, base, err);
    if (rc == PFL_OK && (!base->run || base->elsewhere))
        rc = look_in_tree(flow, base, err);
    if (rc == PFL_OK && (!base->run || base->elsewhere))
        rc = look_in_work_tree(flow, base, err);
    return rc;
}
