/*
 * The rules of `paths:` held against changed files.
 *
 * A pattern is a glob whose * crosses /, as everywhere; one without wildcards also means all below
 * a folder of that name, as in a .gitignore. A rule's gate speaks of its suites; it is marked as
 * implied, so the judge lets it tighten and never loosen what the gates say.
 */
#include "flow/release/path_rules.h"

#include "base/log.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

static bool matches(const char *pattern, const char *file)
{
    size_t len = strlen(pattern);

    if (len > 0 && pattern[len - 1] == '/')
        return strncmp(pattern, file, len) == 0;
    if (pfl_text_glob(pattern, file))
        return true;
    return !strpbrk(pattern, "*?\\") && strncmp(pattern, file, len) == 0 && file[len] == '/';
}

bool pfl_path_rule_matches(const struct pfl_path_rule *rule, const char *file)
{
    size_t i;

    for (i = 0; i < rule->match_count; i++)
        if (matches(rule->matches[i], file))
            return true;
    return false;
}

bool pfl_path_is_document(const struct pfl_documents *documents, const char *file)
{
    static const char *const endings[] = {".md", ".svg", ".json"};
    size_t len = strlen(documents->folder), i;

    if (strcmp(file, documents->log) == 0)
        return true;
    if (strncmp(file, documents->folder, len) != 0 || file[len] != '/')
        return false;
    for (i = 0; i < PFL_COUNT(endings); i++)
        if (pfl_text_ends(file, endings[i]))
            return true;
    return false;
}

bool pfl_path_same_files(struct pfl_flow *flow, const char *base, const char *head)
{
    struct pfl_git_range range = {flow->root, base, head};
    struct pfl_git_files files;
    size_t i;

    if (pfl_git_changed_files(&range, flow->arena, &files, NULL) != PFL_OK)
        return false;
    for (i = 0; i < files.n; i++)
        if (!pfl_path_is_document(&flow->config.documents, files.at[i]))
            return false;
    return true;
}

static bool touched(const struct pfl_path_rule *rule, const struct pfl_git_files *files)
{
    size_t i;

    for (i = 0; i < files->n; i++)
        if (pfl_path_rule_matches(rule, files->at[i]))
            return true;
    return false;
}

static size_t add_gates(const struct pfl_path_rule *rule, const char *file, struct pfl_gate *gates)
{
    static const char *const everything[] = {"*"};
    const char *const *suites = rule->suite_count ? rule->suites : everything;
    size_t n = rule->suite_count ? rule->suite_count : 1, i;

    for (i = 0; i < n; i++)
        gates[i] = (struct pfl_gate){
            .match = suites[i],
            .metric = rule->metric,
            .max_regression = rule->max_regression,
            .max = NAN,
            .min = NAN,
            .max_ratio = NAN,
            .min_ratio = NAN,
            .implied = true,
            .file = file,
            .line = rule->line,
        };
    return n;
}

const char *pfl_path_rules_place(struct pfl_flow *flow)
{
    const char *prefix, *file = flow->config.file ? strrchr(flow->config.file, '/') : NULL;

    if (!file || pfl_git_prefix(flow->root, flow->arena, &prefix, NULL) != PFL_OK)
        return "perfledger.yaml";
    file = pfl_arena_format(flow->arena, "%s%s", prefix, file + 1);
    return file ? file : "perfledger.yaml";
}

int pfl_flow_path_gates(struct pfl_flow *flow, const char *base, const char *head,
                        struct pfl_path_gates *gates, struct pfl_err *err)
{
    const struct pfl_documents *documents = &flow->config.documents;
    struct pfl_git_range range = {flow->root, base, head};
    struct pfl_git_files files = {0};
    struct pfl_gate *made;
    struct pfl_err why;
    size_t i, room = 0, n = 0;
    bool all = false;
    int rc = PFL_OK;

    for (i = 0; i < documents->path_count; i++)
        if (!isnan(documents->paths[i].max_regression))
            room += documents->paths[i].suite_count + 1;
    *gates = (struct pfl_path_gates){0};
    if (room == 0)
        return PFL_OK;
    rc = pfl_git_changed_files(&range, flow->arena, &files, &why);
    all = rc == PFL_ENOENT;
    if (all)
        pfl_log(PFL_LOG_NOTICE, "every rule of paths holds, for what changed is not known: %s",
                why.message);
    else if (rc != PFL_OK && err)
        *err = why;
    if (rc != PFL_OK && !all)
        return rc;
    made = pfl_arena_array(flow->arena, room, sizeof *made);
    if (!made)
        return pfl_err_no_memory(err);
    for (i = 0; i < documents->path_count; i++)
        if (!isnan(documents->paths[i].max_regression) &&
            (all || touched(&documents->paths[i], &files)))
            n += add_gates(&documents->paths[i], pfl_path_rules_place(flow), made + n);
    *gates = (struct pfl_path_gates){made, n};
    return PFL_OK;
}
