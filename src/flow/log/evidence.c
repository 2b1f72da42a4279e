/*
 * The runs that documents cite, as files that travel with the repository.
 *
 * A run's id is a hash of everything in it that does not follow from the rest, so it is computed
 * anew whenever such a file is read: a figure in it that somebody changed gives another id. What
 * does follow (medians, intervals) is never believed but computed from the samples (but for what
 * another version stated by other rules: evidence_stated.c). The ledger is
 * asked only where there is no file, for a fresh clone has none; its answer is held to the same
 * proof.
 *
 * What is cited is asked of three places: the blocks of all Markdown files, the names of the files
 * in runs/ (so that a block which somebody broke costs nothing), and baselines. A file among them
 * that cannot be read is an error, not a gap: whoever asks is about to delete what nobody cites.
 */
#include "flow/log/evidence.h"

#include "base/text.h"
#include "base/vec.h"
#include "documents/block.h"
#include "formats/run_json.h"
#include "project/baseline.h"
#include "sys/file.h"

#include <stdlib.h>
#include <string.h>

enum { RUN_MAX = 1 << 30, DOCUMENT_MAX = 64 << 20, ID_DIGITS = 16, DEPTH_MAX = 32 };

PFL_VEC(id_list, const char *);

static bool is_id(const char *text)
{
    return strlen(text) == ID_DIGITS && strspn(text, "0123456789abcdef") == ID_DIGITS;
}

/* Relative to the root. NULL: no memory. */
static const char *place_of(struct pfl_flow *flow, const char *id)
{
    return pfl_arena_format(flow->arena, "%s/runs/%s.json", flow->config.documents.folder, id);
}

/* Is the run what its id says? */
static int prove(struct pfl_flow *flow, const char *id, const char *where,
                 const struct pfl_run *run, struct pfl_err *err)
{
    const char *found;
    int rc;

    if (run->thinned_unix_ns)
        return pfl_err_set(err, PFL_ECORRUPT,
                           "%s of run %s was thinned: its samples are gone, so nobody can prove "
                           "what it says; `perfledger import` it from a file that is whole",
                           where, id);
    rc = pfl_run_json_id(run, flow->arena, &found, err);

    if (rc != PFL_OK || (strcmp(found, id) == 0 && strcmp(run->id, id) == 0))
        return rc;
    return pfl_err_set(err, PFL_ECORRUPT,
                       "%s is not the run %s: what is in it has the id %s, so somebody changed it; "
                       "`git log -p` shows who, and `git checkout` brings back what it was",
                       where, id, strcmp(found, id) == 0 ? run->id : found);
}

static int load_file(struct pfl_flow *flow, const char *id, const char *place, struct pfl_run *run,
                     struct pfl_err *err)
{
    const char *path = pfl_file_join(flow->root, place, flow->arena);
    int rc;

    if (!path)
        return pfl_err_no_memory(err);
    if (!pfl_file_exists(path))
        return pfl_err_set(err, PFL_ENOENT, "there is no file %s", place);
    if (!pfl_file_is_regular(path))
        return pfl_err_set(err, PFL_ECORRUPT, "%s is no regular file, so it is no run", place);
    rc = pfl_flow_read_run(path, flow->arena, run, err);
    if (rc == PFL_EPARSE || rc == PFL_ENOTHING || rc == PFL_EINVAL) { /* it was a run once */
        if (err && !strstr(err->message, id))
            pfl_err_prefix(err, "%s:%d", place, err->line > 0 ? err->line : 1);
        if (err)
            err->code = PFL_ECORRUPT;
        return PFL_ECORRUPT;
    }
    if (rc == PFL_OK)
        rc = prove(flow, id, place, run, err);
    return rc == PFL_OK ? pfl_flow_evidence_stated(path, run, err) : rc;
}

static int load_from_ledger(struct pfl_flow *flow, const char *id, struct pfl_run *run,
                            struct pfl_err *err)
{
    struct pfl_store *store;
    int rc = pfl_flow_store(flow, PFL_FLOW_READ, &store, err);

    if (rc == PFL_OK)
        rc = pfl_flow_load(flow, id, run, err);
    return rc == PFL_OK ? prove(flow, id, "the ledger's copy", run, err) : rc;
}

int pfl_flow_evidence_load(struct pfl_flow *flow, const char *id, struct pfl_run *run,
                           struct pfl_err *err)
{
    struct pfl_run *found = pfl_arena_alloc(flow->arena, sizeof *found);
    const char *place;
    int rc;

    if (!is_id(id))
        return pfl_err_set(err, PFL_ENOENT, "\"%s\" is no run's id: it has %d hexadecimal digits",
                           id, ID_DIGITS);
    place = place_of(flow, id);
    if (!found || !place)
        return pfl_err_no_memory(err);
    rc = load_file(flow, id, place, found, err);
    if (rc == PFL_ENOENT) {
        rc = load_from_ledger(flow, id, found, err);
        if (rc == PFL_ENOENT)
            return pfl_err_set(err, PFL_ENOENT,
                               "run %s is nowhere: there is no %s, and the ledger does not hold it",
                               id, place);
    }
    if (rc == PFL_OK)
        *run = *found;
    return rc;
}

bool pfl_flow_evidence_whole(struct pfl_flow *flow, const struct pfl_run_head *head)
{
    const char *place = head->thinned_unix_ns ? place_of(flow, head->id) : NULL;
    const char *path = place ? pfl_file_join(flow->root, place, flow->arena) : NULL;

    return head->thinned_unix_ns == 0 || (path && pfl_file_exists(path));
}

static int write_run(const struct pfl_run *run, const char *path, struct pfl_err *err)
{
    const struct pfl_run_json_options options = {.indent = 1};
    struct pfl_buf content;
    int rc;

    pfl_buf_init(&content, RUN_MAX);
    pfl_run_json_write(run, &options, &content);
    pfl_buf_char(&content, '\n');
    rc = pfl_buf_check(&content, err, "writing a run that is cited");
    if (rc == PFL_OK)
        rc = pfl_file_write(path, content.data, content.len, false, err);
    pfl_buf_release(&content);
    return rc;
}

int pfl_flow_evidence_keep(struct pfl_flow *flow, const struct pfl_run *run, const char **path,
                           struct pfl_err *err)
{
    const char *place = place_of(flow, run->id), *whole, *folder;
    struct pfl_run there;
    int rc;

    if (!is_id(run->id))
        return pfl_err_set(err, PFL_EINVAL,
                           "a run without an id cannot be cited: import it first (`perfledger "
                           "import FILE`)");
    whole = place ? pfl_file_join(flow->root, place, flow->arena) : NULL;
    folder = whole ? pfl_file_folder_of(whole, flow->arena) : NULL;
    if (!folder)
        return pfl_err_no_memory(err);
    if (pfl_file_exists(whole)) {
        rc = load_file(flow, run->id, place, &there, err);
    } else {
        rc = prove(flow, run->id, "the run to be cited", run, err);
        if (rc == PFL_OK)
            rc = pfl_file_make_folders(folder, err);
        if (rc == PFL_OK)
            rc = write_run(run, whole, err);
    }
    if (rc == PFL_OK)
        *path = place;
    return rc;
}

/* ---- what is cited ---- */

struct gathering {
    struct pfl_flow *flow;
    struct id_list ids;
    struct pfl_err *err;
};

static int add_id(struct gathering *g, const char *id)
{
    return !is_id(id) || pfl_vec_push(&g->ids, &id) ? PFL_OK : pfl_err_no_memory(g->err);
}

static int add_document(struct gathering *g, const char *path)
{
    struct pfl_arena *arena = g->flow->arena;
    struct pfl_blocks blocks = {0};
    struct pfl_buf content;
    size_t i, j;
    int rc;

    if (!pfl_file_is_regular(path))
        return pfl_err_set(g->err, PFL_EINVAL,
                           "'%s' is no regular file, so nobody knows what it cites; take it away",
                           path);
    pfl_buf_init(&content, DOCUMENT_MAX);
    rc = pfl_file_read(path, &content, g->err);
    if (rc == PFL_OK)
        rc = pfl_blocks_read(pfl_buf_cstr(&content), content.len, arena, &blocks, g->err);
    for (i = 0; rc == PFL_OK && i < blocks.n; i++)
        for (j = 0; rc == PFL_OK && j < blocks.at[i].run_count; j++)
            rc = add_id(g, blocks.at[i].runs[j]);
    pfl_buf_release(&content);
    return rc;
}

/* A file of runs/ is its id's. */
static int add_file(struct gathering *g, const char *path, const char *name)
{
    size_t len = strlen(name);
    const char *id;

    if (pfl_text_ends(name, ".md"))
        return add_document(g, path);
    if (len != ID_DIGITS + strlen(".json") || !pfl_text_ends(name, ".json"))
        return PFL_OK;
    id = pfl_arena_text_n(g->flow->arena, name, ID_DIGITS);
    return id ? add_id(g, id) : pfl_err_no_memory(g->err);
}

/* Links to folders are not followed: they may lead in circles. */
static int add_folder(struct gathering *g, const char *folder, int depth)
{
    const char **names, *path;
    size_t i, n;
    int rc = pfl_file_list(folder, g->flow->arena, &names, &n, g->err);

    if (rc == PFL_ENOENT)
        return PFL_OK;
    for (i = 0; rc == PFL_OK && i < n; i++) {
        path = pfl_file_join(folder, names[i], g->flow->arena);
        if (!path)
            return pfl_err_no_memory(g->err);
        if (!pfl_file_is_folder(path))
            rc = add_file(g, path, names[i]);
        else if (depth < DEPTH_MAX && !pfl_file_is_link(path))
            rc = add_folder(g, path, depth + 1);
    }
    return rc;
}

static int add_baselines(struct gathering *g)
{
    struct pfl_flow *flow = g->flow;
    struct pfl_baseline *list;
    struct pfl_run run;
    const char *strange;
    size_t i, n;
    int rc =
        pfl_baseline_list(flow->baseline_folder, NULL, flow->arena, &list, &n, &strange, g->err);

    for (i = 0; rc == PFL_OK && i < n; i++) {
        rc = pfl_flow_read_run(list[i].path, flow->arena, &run, g->err);
        if (rc == PFL_OK)
            rc = add_id(g, run.id);
    }
    return rc;
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int hand_over(struct gathering *g, const char ***ids, size_t *n)
{
    const char **sorted =
        pfl_arena_grow(g->flow->arena, g->ids.at, g->ids.n, g->ids.n, sizeof *sorted);
    size_t i, kept = 0;

    if (!sorted)
        return pfl_err_no_memory(g->err);
    if (g->ids.n > 1)
        qsort(sorted, g->ids.n, sizeof *sorted, compare_ids);
    for (i = 0; i < g->ids.n; i++)
        if (kept == 0 || strcmp(sorted[kept - 1], sorted[i]) != 0)
            sorted[kept++] = sorted[i];
    *ids = sorted;
    *n = kept;
    return PFL_OK;
}

int pfl_flow_evidence_cited(struct pfl_flow *flow, const char ***ids, size_t *n,
                            struct pfl_err *err)
{
    struct gathering g = {.flow = flow, .err = err};
    const char *log = pfl_file_join(flow->root, flow->config.documents.log, flow->arena);
    const char *folder = pfl_file_join(flow->root, flow->config.documents.folder, flow->arena);
    int rc = log && folder ? PFL_OK : pfl_err_no_memory(err);

    if (rc == PFL_OK && pfl_file_exists(log))
        rc = add_document(&g, log);
    if (rc == PFL_OK)
        rc = add_folder(&g, folder, 0);
    if (rc == PFL_OK)
        rc = add_baselines(&g);
    if (rc == PFL_OK)
        rc = hand_over(&g, ids, n);
    pfl_vec_release(&g.ids);
    return rc;
}
