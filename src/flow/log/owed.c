/*
 * What the changes since a revision owe.
 *
 * Since when: on a branch, since it left the default branch (that is what a pull request is about);
 * on the default branch, since the last tag (that is what a release is about). A detached HEAD that
 * the default branch holds counts as being on it, for that is how CI checks out a push.
 *
 * A demand is met by a document that was not there then: a file below snapshots/ with a block that
 * is new, a row of the log whose id is new; where the rule names suites, one that speaks of them.
 * Loosened gates are found by reading perfledger.yaml as it was, with the thresholds file that it
 * named then. Whether a reason is good is for the reviewer; that there is one is checked.
 */
#include "flow/log/owed.h"

#include "base/log.h"
#include "base/text.h"
#include "config/config.h"
#include "flow/log/mention.h"
#include "flow/release/path_rules.h"
#include "sys/file.h"
#include "vcs/git.h"

#include <string.h>

enum { FILE_MAX_BYTES = 64 << 20 };

/* ---- since when ---- */

/* The default branch as this clone has it: its own, else the remote's. NULL: neither. */
static const char *default_branch(struct pfl_flow *flow)
{
    const char *own = flow->config.default_branch, *remote, *commit;

    if (pfl_git_resolve(flow->root, own, flow->arena, &commit, NULL) == PFL_OK)
        return own;
    remote = pfl_arena_format(flow->arena, "origin/%s", own);
    return remote && pfl_git_resolve(flow->root, remote, flow->arena, &commit, NULL) == PFL_OK
               ? remote
               : NULL;
}

static int since_tag(struct pfl_flow *flow, struct pfl_owed *owed, struct pfl_err *err)
{
    int rc = pfl_flow_last_tag(flow, &owed->name, err);

    if (rc == PFL_ENOENT)
        pfl_err_prefix(err, "since when? --since REV says it; on the default branch it is the last "
                            "tag, and");
    return rc == PFL_OK ? pfl_flow_commit(flow, "last-tag", &owed->commit, err) : rc;
}

static int find_since(struct pfl_flow *flow, const char *since, struct pfl_owed *owed,
                      struct pfl_err *err)
{
    const struct pfl_revision *now;
    struct pfl_git_range range = {flow->root, NULL, "HEAD"};
    const char *commit;
    int rc = pfl_flow_revision(flow, &now, err);

    if (rc == PFL_OK && !flow->git_root)
        rc = pfl_err_set(err, PFL_ENOENT,
                         "there is no git repository at '%s', so nothing says what changed",
                         flow->root);
    if (rc != PFL_OK)
        return rc;
    owed->name = since;
    if (since && strcmp(since, "last-tag") == 0)
        return since_tag(flow, owed, err);
    if (since)
        return pfl_git_resolve(flow->root, since, flow->arena, &owed->commit, err);
    range.base = default_branch(flow);
    if (!range.base || strcmp(now->branch, flow->config.default_branch) == 0)
        return since_tag(flow, owed, err);
    rc = pfl_git_merge_base(&range, flow->arena, &commit, err);
    if (rc == PFL_OK && !*now->branch && strcmp(commit, now->commit) == 0)
        return since_tag(flow, owed, err);
    owed->name = range.base;
    owed->commit = commit;
    return rc;
}

/* ---- rules and suites ---- */

static int touch(struct pfl_flow *flow, const struct pfl_path_rule *rule, struct pfl_owed *owed,
                 struct pfl_err *err)
{
    struct pfl_owed_rule touched = {.rule = rule, .file = pfl_path_rules_place(flow)};
    size_t i;

    touched.files = pfl_arena_array(flow->arena, owed->file_count + 1, sizeof *touched.files);
    if (!touched.files)
        return pfl_err_no_memory(err);
    for (i = 0; i < owed->file_count; i++)
        if (!pfl_path_is_document(&flow->config.documents, owed->files[i]) &&
            pfl_path_rule_matches(rule, owed->files[i]))
            touched.files[touched.file_count++] = owed->files[i];
    if (touched.file_count)
        owed->rules[owed->rule_count++] = touched;
    return PFL_OK;
}

static void add_suite(struct pfl_owed *owed, const char *suite)
{
    size_t i;

    for (i = 0; i < owed->suite_count; i++)
        if (strcmp(owed->suites[i], suite) == 0)
            return;
    owed->suites[owed->suite_count++] = suite;
}

static int find_suites(struct pfl_flow *flow, struct pfl_owed *owed, struct pfl_err *err)
{
    size_t i, j, room = flow->config.suite_count + 1;

    for (i = 0; i < owed->rule_count; i++)
        room += owed->rules[i].rule->suite_count;
    owed->suites = pfl_arena_array(flow->arena, room, sizeof *owed->suites);
    if (!owed->suites)
        return pfl_err_no_memory(err);
    for (i = 0; i < owed->rule_count; i++) {
        const struct pfl_path_rule *rule = owed->rules[i].rule;

        for (j = 0; j < rule->suite_count; j++)
            add_suite(owed, rule->suites[j]);
        for (j = 0; rule->suite_count == 0 && j < flow->config.suite_count; j++)
            add_suite(owed, flow->config.suites[j].name);
    }
    return PFL_OK;
}

static int find_rules(struct pfl_flow *flow, struct pfl_owed *owed, struct pfl_err *err)
{
    const struct pfl_documents *documents = &flow->config.documents;
    struct pfl_git_range range = {flow->root, owed->commit, NULL};
    struct pfl_git_files files;
    size_t i;
    int rc = pfl_git_changed_files(&range, flow->arena, &files, err);

    if (rc != PFL_OK)
        return rc;
    owed->files = files.at;
    owed->file_count = files.n;
    owed->rules = pfl_arena_array(flow->arena, documents->path_count + 1, sizeof *owed->rules);
    if (!owed->rules)
        return pfl_err_no_memory(err);
    for (i = 0; rc == PFL_OK && i < documents->path_count; i++)
        rc = touch(flow, &documents->paths[i], owed, err);
    return rc == PFL_OK ? find_suites(flow, owed, err) : rc;
}

/* ---- documents ---- */

static int read_now(struct pfl_flow *flow, const char *path, struct pfl_blocks *blocks,
                    struct pfl_err *err)
{
    const char *whole = pfl_file_join(flow->root, path, flow->arena), *text = NULL;
    struct pfl_buf buf;
    size_t len = 0;
    int rc;

    if (!whole)
        return pfl_err_no_memory(err);
    *blocks = (struct pfl_blocks){0};
    if (!pfl_file_exists(whole))
        return PFL_OK;
    pfl_buf_init(&buf, FILE_MAX_BYTES);
    rc = pfl_file_read(whole, &buf, err);
    if (rc == PFL_OK) {
        len = buf.len;
        text = pfl_arena_text_n(flow->arena, pfl_buf_cstr(&buf), len);
        rc = text ? PFL_OK : pfl_err_no_memory(err);
    }
    pfl_buf_release(&buf);
    return rc == PFL_OK ? pfl_blocks_read(text, len, flow->arena, blocks, err) : rc;
}

static int read_then(struct pfl_flow *flow, const char *commit, const char *path,
                     struct pfl_blocks *blocks, struct pfl_err *err)
{
    struct pfl_git_place place = {flow->root, commit, path};
    struct pfl_git_text text;
    struct pfl_err why;
    int rc = pfl_git_show(&place, flow->arena, &text, &why);

    *blocks = (struct pfl_blocks){0};
    if (rc == PFL_ENOENT)
        return PFL_OK;
    if (rc != PFL_OK && err)
        *err = why;
    return rc == PFL_OK ? pfl_blocks_read(text.text, text.len, flow->arena, blocks, err) : rc;
}

static bool has_block(const struct pfl_blocks *blocks, const char *id)
{
    size_t i;

    for (i = 0; i < blocks->n; i++)
        if (strcmp(blocks->at[i].id, id) == 0)
            return true;
    return false;
}

/* One new block of a file against every rule that wants its kind. */
static int credit(struct pfl_flow *flow, struct pfl_owed *owed, const struct pfl_block *block,
                  const char *path, struct pfl_err *err)
{
    bool snapshot = strcmp(block->kind, "snapshot") == 0, row = strcmp(block->kind, "row") == 0;
    const char *text = pfl_mention_text(block, flow->arena);
    const char *place = snapshot ? pfl_arena_text(flow->arena, path)
                                 : pfl_arena_format(flow->arena, "%s:%d", path, block->line);
    size_t i;

    if (!text || !place)
        return pfl_err_no_memory(err);
    for (i = 0; i < owed->rule_count; i++) {
        struct pfl_owed_rule *rule = &owed->rules[i];

        if (!pfl_mentions_suite(text, rule->rule->suites, rule->rule->suite_count))
            continue;
        if (snapshot)
            rule->snapshot = place;
        else if (row)
            rule->row = place;
    }
    return PFL_OK;
}

static int credit_file(struct pfl_flow *flow, struct pfl_owed *owed, const char *path,
                       struct pfl_err *err)
{
    struct pfl_blocks now, then = {0};
    size_t i;
    int rc = read_now(flow, path, &now, err);

    if (rc == PFL_OK && now.n)
        rc = read_then(flow, owed->commit, path, &then, err);
    for (i = 0; rc == PFL_OK && i < now.n; i++)
        if (!has_block(&then, now.at[i].id))
            rc = credit(flow, owed, &now.at[i], path, err);
    return rc;
}

static int credit_documents(struct pfl_flow *flow, struct pfl_owed *owed, struct pfl_err *err)
{
    const struct pfl_documents *documents = &flow->config.documents;
    const char *below = pfl_arena_format(flow->arena, "%s/snapshots", documents->folder);
    const char *folder = below ? pfl_file_join(flow->root, below, flow->arena) : NULL;
    const char **names, *path;
    struct pfl_err why;
    size_t i, n = 0;
    int rc = folder ? credit_file(flow, owed, documents->log, err) : pfl_err_no_memory(err);

    if (rc != PFL_OK)
        return rc;
    rc = pfl_file_list(folder, flow->arena, &names, &n, &why);
    if (rc == PFL_ENOENT)
        return PFL_OK;
    if (rc != PFL_OK && err)
        *err = why;
    for (i = 0; rc == PFL_OK && i < n; i++) {
        path = pfl_arena_format(flow->arena, "%s/%s", below, names[i]);
        if (!path)
            rc = pfl_err_no_memory(err);
        else if (strlen(path) > 3 && strcmp(path + strlen(path) - 3, ".md") == 0)
            rc = credit_file(flow, owed, path, err);
    }
    return rc;
}

static void count_demands(struct pfl_owed *owed)
{
    size_t i;

    for (i = 0; i < owed->rule_count; i++) {
        const struct pfl_owed_rule *rule = &owed->rules[i];

        owed->snapshots += (rule->rule->demand & PFL_DEMAND_SNAPSHOT) && !rule->snapshot;
        if ((rule->rule->demand & PFL_DEMAND_ROW) && !rule->row)
            *(owed->unmerged ? &owed->later : &owed->rows) += 1;
    }
}

/* `log add` takes no row of what is not merged, so a branch cannot owe one: it would never pass. */
static int see_merged(struct pfl_flow *flow, struct pfl_owed *owed, struct pfl_err *err)
{
    const struct pfl_revision *now = &flow->revision;
    const char *branch = default_branch(flow);
    bool merged = true,
         elsewhere = *now->branch && strcmp(now->branch, flow->config.default_branch) != 0;
    int rc = branch ? pfl_git_is_ancestor(flow->root, now->commit, branch, &merged, err) : PFL_OK;

    owed->unmerged = !merged || (branch && elsewhere && now->dirty); /* to be committed there */
    return rc;
}

/* ---- gates ---- */

struct then {
    struct pfl_flow *flow;
    const char *commit;
};

/* What `thresholds:` named then, as it was then. */
static int load_then(void *context, const char *path, struct pfl_arena *arena, const char **text,
                     size_t *len, struct pfl_err *err)
{
    const struct then *then = context;
    struct pfl_git_place place = {then->flow->root, then->commit, path};
    struct pfl_git_text found;
    int rc = pfl_git_show(&place, arena, &found, err);

    if (rc == PFL_OK) {
        *text = found.text;
        *len = found.len;
    }
    return rc;
}

static int compare_gates(struct pfl_flow *flow, struct pfl_owed *owed, struct pfl_err *err)
{
    const char *slash = flow->config.file ? strrchr(flow->config.file, '/') : NULL;
    struct pfl_git_place place = {flow->root, owed->commit, slash ? slash + 1 : ""};
    struct then then = {flow, owed->commit};
    struct pfl_config_params parse = {.file = pfl_path_rules_place(flow),
                                      .root = flow->config.root,
                                      .load = load_then,
                                      .context = &then};
    struct pfl_config before;
    struct pfl_git_text text;
    struct pfl_err why;
    int rc;

    if (!slash)
        return PFL_OK;
    rc = pfl_git_show(&place, flow->arena, &text, &why);
    if (rc == PFL_ENOENT) /* there were no gates */
        return PFL_OK;
    parse.text = text.text;
    parse.len = text.len;
    if (rc == PFL_OK)
        rc = pfl_config_parse(&parse, flow->arena, &before, &why);
    if (rc == PFL_ECONFIG) {
        pfl_log(PFL_LOG_WARNING,
                "whether gates were loosened is not known: %s as it was at %s cannot be read: %s",
                place.path, owed->name, why.message);
        return PFL_OK;
    }
    if (rc != PFL_OK) {
        if (err)
            *err = why;
        return rc;
    }
    owed->place = parse.file;
    return pfl_flow_loosened(flow->arena, &before, &flow->config, owed, err);
}

int pfl_flow_owed(struct pfl_flow *flow, const char *since, struct pfl_owed *owed,
                  struct pfl_err *err)
{
    struct pfl_owed made = {.asked = since};
    int rc = find_since(flow, since, &made, err);

    if (rc == PFL_OK)
        rc = find_rules(flow, &made, err);
    if (rc == PFL_OK && made.rule_count)
        rc = credit_documents(flow, &made, err);
    if (rc == PFL_OK)
        rc = compare_gates(flow, &made, err);
    if (rc == PFL_OK)
        rc = see_merged(flow, &made, err);
    if (rc != PFL_OK)
        return rc;
    count_demands(&made);
    *owed = made;
    return PFL_OK;
}
