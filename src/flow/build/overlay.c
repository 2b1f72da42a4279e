/*
 * Benchmark files of today on a revision of yesterday.
 *
 * Only files whose content or whose right to be executed differs are written: make and its like
 * decide by times, and a file that is written anew is compiled anew.
 *
 * The record beside the checkout lists the files before the first of them is written, without the
 * overlay's hash; the hash is added when all are there. Whoever finds a record without it (we were
 * killed) or with another one starts from the revision's own files: tracked ones were reset by
 * then, and those that the revision does not have are removed by the list.
 *
 * The record is texts with a 0 behind each: its version, the hash, how many files differ, then the
 * files (names may hold anything else, newlines too), with '+' before those that the revision does
 * not have, '-' before those that only the revision has, else '~'.
 *
 * A benchmark that was deleted is deleted in the revision, too: a harness that finds its benchmarks
 * by looking (a glob, a test runner) would else measure other ones there.
 */
#include "flow/build/overlay.h"

#include "base/hash.h"
#include "sys/file.h"
#include "sys/tree.h"
#include "vcs/git.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECORD_MAX = 16 << 20, HEAD_TEXTS = 3 };

static const char version[] = "overlay 1";

/* Used when the configuration says nothing, as far as they exist. */
static const char *const usual[] = {
    "benchmarks", "benchmark", "bench", "perf", "tests/benchmarks", "tests/benchmark", "tests/perf",
};

/* What is wanted */

static int usual_folders(struct pfl_flow *flow, const char ***paths, size_t *count,
                         struct pfl_err *err)
{
    const char **found = pfl_arena_array(flow->arena, PFL_COUNT(usual), sizeof *found), *path;
    size_t n = 0, i;

    if (!found)
        return pfl_err_no_memory(err);
    for (i = 0; i < PFL_COUNT(usual); i++) {
        path = pfl_file_join(flow->root, usual[i], flow->arena);
        if (!path)
            return pfl_err_no_memory(err);
        if (pfl_file_is_folder(path))
            found[n++] = usual[i];
    }
    *paths = found;
    *count = n;
    return PFL_OK;
}

/* git names what it tracks, also what was deleted, and submodules, which are folders. */
static bool can_be_copied(enum pfl_tree_kind kind)
{
    return kind == PFL_TREE_FILE || kind == PFL_TREE_PROGRAM || kind == PFL_TREE_LINK;
}

/* Keeps the files that can be copied, and hashes them. */
static int look_at_files(struct pfl_arena *arena, struct pfl_overlay *overlay, struct pfl_err *err)
{
    char(*hashes)[65] = pfl_arena_array(arena, overlay->count + 1, sizeof *hashes);
    struct pfl_hash whole;
    size_t n = 0, i;

    if (!hashes)
        return pfl_err_no_memory(err);
    pfl_hash_init(&whole);
    for (i = 0; i < overlay->count; i++) {
        const char *file = overlay->files[i], *path = pfl_file_join(overlay->root, file, arena);
        enum pfl_tree_kind kind = path ? pfl_tree_kind(path) : PFL_TREE_NOTHING;
        char letter = (char)('0' + kind);
        int rc;

        if (!path)
            return pfl_err_no_memory(err);
        if (!can_be_copied(kind))
            continue;
        rc = pfl_tree_hash(path, hashes[n], err);
        if (rc != PFL_OK)
            return rc;
        pfl_hash_add(&whole, &letter, 1);
        pfl_hash_add(&whole, hashes[n], strlen(hashes[n]));
        pfl_hash_add(&whole, file, strlen(file) + 1);
        overlay->files[n++] = file;
    }
    for (i = 0; i < overlay->path_count; i++) {
        pfl_hash_add(&whole, "-", 1);
        pfl_hash_add(&whole, overlay->paths[i], strlen(overlay->paths[i]) + 1);
    }
    pfl_hash_end(&whole, overlay->hash);
    overlay->hashes = (const char(*)[65])hashes;
    overlay->count = n;
    return PFL_OK;
}

int pfl_overlay_plan(struct pfl_flow *flow, struct pfl_overlay *overlay, struct pfl_err *err)
{
    struct pfl_overlay planned = {.root = flow->root};
    const char **paths = flow->config.benchmark_files;
    size_t n = flow->config.benchmark_file_count;
    int rc = PFL_OK;

    if (!flow->config.benchmark_files_given)
        rc = usual_folders(flow, &paths, &n, err);
    if (rc == PFL_OK)
        rc = pfl_git_list_files(flow->root, paths, n, flow->arena, &planned.files, &planned.count,
                                err);
    planned.paths = paths;
    planned.path_count = n;
    if (rc == PFL_OK)
        rc = look_at_files(flow->arena, &planned, err);
    if (rc == PFL_OK)
        *overlay = planned;
    else if (err && rc != PFL_EINTERRUPTED)
        pfl_err_prefix(err, "gathering the benchmark files of the work tree");
    return rc;
}

/* What was put there */

static const char *record_path(const char *notes, struct pfl_arena *arena)
{
    return pfl_file_join(notes, "overlay", arena);
}

/* A damaged record is none: then nothing of it is trusted, and nothing removed by it. */
static int parse(const struct pfl_buf *text, struct pfl_arena *arena,
                 struct pfl_overlay_record *record, struct pfl_err *err)
{
    struct pfl_overlay_record read = {0};
    const char *at = pfl_buf_cstr(text), *end = at + text->len;
    size_t n = 0, i;
    char *how;

    for (i = 0; i < text->len; i++)
        n += at[i] == 0;
    if (n < HEAD_TEXTS || end[-1] != 0 || strcmp(at, version) != 0)
        return PFL_OK;
    at += strlen(at) + 1;
    snprintf(read.hash, sizeof read.hash, "%s", at);
    at += strlen(at) + 1;
    read.differing = (size_t)strtoull(at, NULL, 10);
    at += strlen(at) + 1;
    read.files = pfl_arena_array(arena, n, sizeof *read.files);
    how = pfl_arena_array(arena, n, sizeof *how);
    if (!read.files || !how)
        return pfl_err_no_memory(err);
    for (; at < end; at += strlen(at) + 1) {
        if (*at != '+' && *at != '-' && *at != '~')
            return PFL_OK;
        how[read.count] = *at;
        if (!(read.files[read.count++] = pfl_arena_text(arena, at + 1)))
            return pfl_err_no_memory(err);
    }
    read.how = how;
    *record = read;
    return PFL_OK;
}

int pfl_overlay_read(const char *notes, struct pfl_arena *arena, struct pfl_overlay_record *record,
                     struct pfl_err *err)
{
    const char *path = record_path(notes, arena);
    struct pfl_overlay_record read = {0};
    struct pfl_buf text;
    int rc;

    if (!path)
        return pfl_err_no_memory(err);
    pfl_buf_init(&text, RECORD_MAX);
    rc = pfl_file_read(path, &text, err);
    if (rc == PFL_OK)
        rc = parse(&text, arena, &read, err);
    else if (rc == PFL_ENOENT)
        rc = PFL_OK;
    pfl_buf_release(&text);
    if (rc == PFL_OK)
        *record = read;
    return rc;
}

static int write_record(const struct pfl_overlay_place *place,
                        const struct pfl_overlay_record *record, struct pfl_err *err)
{
    const char *path = record_path(place->notes, place->arena);
    struct pfl_buf text;
    size_t i;
    int rc;

    if (!path)
        return pfl_err_no_memory(err);
    pfl_buf_init(&text, RECORD_MAX);
    pfl_buf_add(&text, version, sizeof version);
    pfl_buf_add(&text, record->hash, strlen(record->hash) + 1);
    pfl_buf_format(&text, "%zu", record->differing);
    pfl_buf_char(&text, 0);
    for (i = 0; i < record->count; i++) {
        pfl_buf_char(&text, record->how[i]);
        pfl_buf_add(&text, record->files[i], strlen(record->files[i]) + 1);
    }
    rc = pfl_buf_check(&text, err, "recording the benchmark files of a checkout");
    if (rc == PFL_OK)
        rc = pfl_file_write(path, text.data, text.len, false, err);
    pfl_buf_release(&text);
    return rc;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool pfl_overlay_is_there(const struct pfl_overlay_record *record, const char *target,
                          const char *notes, struct pfl_arena *arena)
{
    const char *path = record_path(notes, arena);
    size_t i;

    for (i = 0; path && pfl_tree_kind(path) != PFL_TREE_NOTHING; i++) {
        if (i == record->count)
            return true;
        path = record->how[i] == '-' ? path : pfl_file_join(target, record->files[i], arena);
    }
    return false;
}

bool pfl_overlay_holds(const struct pfl_overlay_record *record, const char *file)
{
    return record->count > 0 && bsearch(&file, record->files, record->count, sizeof *record->files,
                                        compare_texts) != NULL;
}

/* Putting it there */

/* Files of an earlier overlay that the revision itself does not have. */
static int take_back(const struct pfl_overlay_place *place, const struct pfl_overlay_record *record,
                     struct pfl_err *err)
{
    size_t i;
    int rc = PFL_OK;

    for (i = 0; i < record->count && rc == PFL_OK; i++)
        if (record->how[i] == '+')
            rc = pfl_tree_remove_below(place->target, record->files[i], err);
    return rc;
}

/* Does the checkout hold the file as it is wanted, or (*made) none at all? */
static int look(const struct pfl_overlay *overlay, size_t i, const struct pfl_overlay_place *place,
                bool *there, bool *made, struct pfl_err *err)
{
    const char *from = pfl_file_join(overlay->root, overlay->files[i], place->arena);
    const char *to = pfl_file_join(place->target, overlay->files[i], place->arena);
    enum pfl_tree_kind kind;
    char hash[65];
    int rc;

    if (!from || !to)
        return pfl_err_no_memory(err);
    kind = pfl_tree_kind(to);
    *there = false;
    *made = kind == PFL_TREE_NOTHING;
    if (pfl_tree_kind(from) != kind)
        return PFL_OK;
    rc = pfl_tree_hash(to, hash, err);
    *there = rc == PFL_OK && strcmp(hash, overlay->hashes[i]) == 0;
    return rc;
}

/* Files that only the revision has, in a checkout that still has them. Not those that the work tree
 * has and git ignores there, and no submodules. */
static int list_extra(const struct pfl_overlay *overlay, const struct pfl_overlay_place *place,
                      const char ***files, size_t *count, struct pfl_err *err)
{
    const char **found, *here, *there;
    size_t n, i, kept = 0;
    int rc = pfl_git_list_tracked(place->target, overlay->paths, overlay->path_count, place->arena,
                                  &found, &n, err);

    if (rc != PFL_OK)
        return rc;
    for (i = 0; i < n; i++) {
        here = pfl_file_join(overlay->root, found[i], place->arena);
        there = pfl_file_join(place->target, found[i], place->arena);
        if (!here || !there)
            return pfl_err_no_memory(err);
        if (pfl_tree_kind(here) == PFL_TREE_NOTHING && can_be_copied(pfl_tree_kind(there)))
            found[kept++] = found[i];
    }
    *files = found;
    *count = kept;
    return PFL_OK;
}

/* The files that are not there as they are wanted, or are and should not be; both lists are sorted,
 * and so is what comes of them. */
static int compare(const struct pfl_overlay *overlay, const struct pfl_overlay_place *place,
                   struct pfl_overlay_record *differing, struct pfl_err *err)
{
    const char **files, **extra = NULL;
    size_t n = 0, extra_count = 0, i, j = 0;
    char *how;
    int rc = list_extra(overlay, place, &extra, &extra_count, err);

    if (rc != PFL_OK)
        return rc;
    files = pfl_arena_array(place->arena, overlay->count + extra_count + 1, sizeof *files);
    how = pfl_arena_array(place->arena, overlay->count + extra_count + 1, sizeof *how);
    if (!files || !how)
        return pfl_err_no_memory(err);
    for (i = 0; i < overlay->count && rc == PFL_OK; i++) {
        bool there, made;

        for (; j < extra_count && strcmp(extra[j], overlay->files[i]) < 0; how[n - 1] = '-')
            files[n++] = extra[j++];
        rc = look(overlay, i, place, &there, &made, err);
        if (rc == PFL_OK && !there) {
            how[n] = made ? '+' : '~';
            files[n++] = overlay->files[i];
        }
    }
    for (; j < extra_count; how[n - 1] = '-')
        files[n++] = extra[j++];
    *differing = (struct pfl_overlay_record){.files = files, .how = how, .count = n};
    return rc;
}

/* Removals first: a folder there may be a file here. */
static int change_all(const struct pfl_overlay *overlay, const struct pfl_overlay_place *place,
                      const struct pfl_overlay_record *differing, struct pfl_err *err)
{
    size_t i;
    int rc = PFL_OK;

    for (i = 0; i < differing->count && rc == PFL_OK; i++)
        if (differing->how[i] == '-')
            rc = pfl_tree_remove_below(place->target, differing->files[i], err);
    for (i = 0; i < differing->count && rc == PFL_OK; i++) {
        const char *file = differing->files[i];
        const char *from = pfl_file_join(overlay->root, file, place->arena);

        if (!from)
            rc = pfl_err_no_memory(err);
        else if (differing->how[i] != '-')
            rc = pfl_tree_copy(from, place->target, file, err);
    }
    return rc;
}

int pfl_overlay_apply(const struct pfl_overlay *overlay, const struct pfl_overlay_place *place,
                      struct pfl_overlay_record *record, struct pfl_err *err)
{
    bool same = strcmp(record->hash, overlay->hash) == 0;
    struct pfl_overlay_record next;
    int rc = same ? PFL_OK : take_back(place, record, err);

    if (rc == PFL_OK)
        rc = compare(overlay, place, &next, err);
    if (rc == PFL_OK && !same)
        rc = write_record(place, &next, err);
    if (rc == PFL_OK)
        rc = change_all(overlay, place, &next, err);
    if (rc == PFL_OK && same)
        record->mended = next.count > 0;
    if (rc != PFL_OK || same) /* the same: what somebody changed was mended, the record stays */
        return rc;
    next.differing = next.count;
    memcpy(next.hash, overlay->hash, sizeof next.hash);
    rc = write_record(place, &next, err);
    if (rc == PFL_OK)
        *record = next;
    return rc;
}
