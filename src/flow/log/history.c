/*
 * The written ledger's past, by the lines that commits added.
 *
 * A block's first line tells its kind and id; that is all the audit needs of the many that are
 * still there, so a version of a file is only asked for when a block is missing. Where the ledger
 * lay is read from the lines of perfledger.yaml's versions, roughly: a value too many makes another
 * file a document of the past, where only blocks of ours are looked for.
 */
#include "flow/log/history.h"

#include "base/map.h"
#include "base/text.h"
#include "base/vec.h"
#include "sys/file.h"
#include "vcs/git.h"

#include <ctype.h>
#include <string.h>

static const char opening[] = "<!-- perfledger:";
enum { ID = PFL_BLOCK_ID_LENGTH, ODD_MAX = 8 };

PFL_VEC(committed_vec, struct pfl_log_committed);

/* The value behind "log:" or "folder:" in a line; NULL: there is none from here on. */
static const char *place_in(const char *line, const char **value, size_t *len)
{
    static const char *const keys[] = {"log:", "folder:"};
    const char *at = NULL, *found;
    size_t i;

    for (i = 0; i < PFL_COUNT(keys); i++) {
        found = strstr(line, keys[i]);
        if (found && (!at || found < at))
            at = found;
    }
    if (!at)
        return NULL;
    at = strchr(at, ':') + 1;
    at += strspn(at, " \t\"'");
    *value = at;
    *len = strcspn(at, ",}#\"'\r\n");
    at += *len;
    while (*len && isspace((unsigned char)(*value)[*len - 1]))
        --*len;
    while (*len && (*value)[*len - 1] == '/')
        --*len;
    return at;
}

static bool is_block(const char *line, size_t len)
{
    return len > sizeof opening && memcmp(line, opening, sizeof opening - 1) == 0;
}

static bool is_wanted(const char *line, size_t len)
{
    size_t i;

    if (is_block(line, len))
        return true;
    for (i = 0; i + 4 <= len; i++)
        if (memcmp(line + i, "log:", 4) == 0 ||
            (i + 7 <= len && memcmp(line + i, "folder:", 7) == 0))
            return true;
    return false;
}

static int add_place(struct pfl_flow *flow, struct pfl_map *places, const char *path, size_t len)
{
    const char *kept = pfl_arena_text_n(flow->arena, path, len);

    return kept && pfl_map_set(places, kept, 1) ? PFL_OK : PFL_ENOMEM;
}

/* The log or the folder may be a link: git knows what it leads to. */
static int add_link(struct pfl_flow *flow, struct pfl_map *places, const char *place)
{
    const char *log = pfl_file_join(flow->root, place, flow->arena);
    const char *real = log ? pfl_file_real(log, flow->arena) : NULL;
    const char *root = pfl_file_real(flow->root, flow->arena);
    size_t len = root ? strlen(root) : 0;

    if (!log)
        return PFL_ENOMEM;
    if (!real || !root || strncmp(real, root, len) != 0 || real[len] != '/')
        return PFL_OK;
    return add_place(flow, places, real + len + 1, strlen(real + len + 1));
}

static int gather_places(struct pfl_flow *flow, const struct pfl_git_lines *lines,
                         struct pfl_map *places, struct pfl_err *err)
{
    const struct pfl_documents *documents = &flow->config.documents;
    static const char *const usual[] = {"PERFORMANCE.md", "perf"};
    const char *at, *value;
    size_t i, len;
    bool fine = pfl_map_set(places, documents->log, 1) && pfl_map_set(places, documents->folder, 1);

    for (i = 0; fine && i < PFL_COUNT(usual); i++)
        fine = pfl_map_set(places, usual[i], 1);
    if (fine)
        fine = add_link(flow, places, documents->log) == PFL_OK &&
               add_link(flow, places, documents->folder) == PFL_OK;
    for (i = 0; fine && i < lines->n; i++) {
        if (strcmp(lines->at[i].path, "perfledger.yaml") != 0)
            continue;
        for (at = lines->at[i].text; fine && (at = place_in(at, &value, &len));)
            fine = len == 0 || add_place(flow, places, value, len) == PFL_OK;
    }
    return fine ? PFL_OK : pfl_err_no_memory(err);
}

/* Is it such a place, or below one? */
static bool is_document(const struct pfl_map *places, const char *path)
{
    size_t i, len;

    for (i = 0; i < places->n; i++) {
        len = strlen(places->entries[i].key);
        if (strncmp(path, places->entries[i].key, len) == 0 && (!path[len] || path[len] == '/'))
            return true;
    }
    return false;
}

/* "<!-- perfledger:row ID …" */
static int take(struct pfl_flow *flow, const struct pfl_git_line *line,
                struct committed_vec *committed, struct pfl_err *err)
{
    struct pfl_log_committed one = {.commit = line->commit, .path = line->path};
    const char *kind = line->text + sizeof opening - 1, *blank = strchr(kind, ' ');

    if (!blank || strspn(blank + 1, "0123456789abcdef") != ID || blank[ID + 1] != ' ' ||
        strncmp(kind, "end ", 4) == 0)
        return PFL_OK;
    one.line = line->number;
    one.kind = pfl_arena_text_n(flow->arena, kind, (size_t)(blank - kind));
    one.id = pfl_arena_text_n(flow->arena, blank + 1, ID);
    return one.kind && one.id && pfl_vec_push(committed, &one) ? PFL_OK : pfl_err_no_memory(err);
}

static int choose(struct pfl_flow *flow, const struct pfl_git_lines *lines,
                  struct pfl_log_history *history, struct pfl_err *err)
{
    struct committed_vec committed = {0};
    struct pfl_map places;
    size_t i;
    int rc;

    pfl_map_init(&places);
    rc = gather_places(flow, lines, &places, err);
    for (i = 0; rc == PFL_OK && i < lines->n; i++)
        if (is_block(lines->at[i].text, lines->at[i].len) &&
            is_document(&places, lines->at[i].path))
            rc = take(flow, &lines->at[i], &committed, err);
    if (rc == PFL_OK) {
        history->n = committed.n;
        history->at = pfl_arena_grow(flow->arena, committed.at, committed.n, committed.n,
                                     sizeof *history->at);
        rc = history->at ? PFL_OK : pfl_err_no_memory(err);
    }
    pfl_vec_release(&committed);
    pfl_map_release(&places);
    return rc;
}

static int search(struct pfl_flow *flow, const char *since, const char *const *paths, size_t n,
                  struct pfl_git_lines *lines, struct pfl_err *err)
{
    const struct pfl_git_search search = {
        .folder = flow->root,
        .since = since,
        .paths = paths,
        .path_count = n,
        .pattern = "(^<!-- perfledger:[a-z]+ [0-9a-f]{16} [{])|(log|folder):",
        .wanted = is_wanted,
    };

    return pfl_git_added_lines(&search, flow->arena, lines, err);
}

/* A log that was once called otherwise, and not .md: its lines were not asked for. */
static int add_odd_logs(struct pfl_flow *flow, const char *since, struct pfl_git_lines *lines,
                        struct pfl_err *err)
{
    const char *paths[ODD_MAX], *at, *value;
    struct pfl_git_lines more = {0};
    size_t i, len, n = 0;
    int rc;

    for (i = 0; i < lines->n && n < ODD_MAX; i++) {
        if (strcmp(lines->at[i].path, "perfledger.yaml") != 0 ||
            !(at = strstr(lines->at[i].text, "log:")) || !place_in(at, &value, &len) || len == 0)
            continue;
        paths[n] = pfl_arena_format(flow->arena, ":(literal)%.*s", (int)len, value);
        if (!paths[n])
            return pfl_err_no_memory(err);
        if (!pfl_text_ends(paths[n], ".md") &&
            strcmp(paths[n] + strlen(":(literal)"), flow->config.documents.log) != 0)
            n++;
    }
    if (n == 0)
        return PFL_OK;
    rc = search(flow, since, paths, n, &more, err);
    return rc == PFL_OK ? pfl_git_lines_append(lines, &more, flow->arena, err) : rc;
}

int pfl_log_history_read(struct pfl_flow *flow, const char *since, struct pfl_log_history *history,
                         struct pfl_err *err)
{
    const char *const paths[] = {
        ":(glob)**/*.md", ":(glob)perfledger.yaml",
        pfl_arena_format(flow->arena, ":(literal)%s", flow->config.documents.log)};
    struct pfl_git_lines lines;
    int rc = paths[2] ? search(flow, since, paths, PFL_COUNT(paths), &lines, err)
                      : pfl_err_no_memory(err);

    if (rc == PFL_OK)
        rc = add_odd_logs(flow, since, &lines, err);
    return rc == PFL_OK ? choose(flow, &lines, history, err) : rc;
}

int pfl_log_history_block(struct pfl_flow *flow, const struct pfl_log_committed *committed,
                          struct pfl_block *block, bool *found, struct pfl_err *err)
{
    const struct pfl_git_place place = {flow->root, committed->commit, committed->path};
    struct pfl_git_text text;
    struct pfl_blocks blocks;
    size_t i;
    int rc = pfl_git_show(&place, flow->arena, &text, err);

    *found = false;
    if (rc == PFL_ENOENT)
        return PFL_OK;
    if (rc == PFL_OK)
        rc = pfl_blocks_read(text.text, text.len, flow->arena, &blocks, err);
    for (i = 0; rc == PFL_OK && !*found && i < blocks.n; i++)
        if (strcmp(blocks.at[i].id, committed->id) == 0) {
            *block = blocks.at[i];
            *found = true;
        }
    return rc;
}
