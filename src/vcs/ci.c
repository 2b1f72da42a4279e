/*
 * Continuous integration checks out a commit, not a branch, and knows the pull request's number;
 * git knows neither. Each service documents a few variables; the first that makes sense is taken. A
 * number that is none ("false" where there is no request) is passed over, so is a name of a tag
 * where a branch is wanted.
 *
 * GitHub's variables are also set by Gitea and Forgejo; BRANCH_NAME and CHANGE_ID are Jenkins',
 * BUILD_* and SYSTEM_* are Azure's.
 */
#include "vcs/ci.h"

#include "base/text.h"
#include "sys/tty.h"

#include <string.h>

/* The variable's value behind `prefix`; NULL when it is unset, empty or begins otherwise. */
static const char *value_behind(const char *name, const char *prefix)
{
    const char *value = pfl_environment(name);

    if (!value || !pfl_text_starts(value, prefix) || !value[strlen(prefix)])
        return NULL;
    return value + strlen(prefix);
}

const char *pfl_vcs_ci_pull_request(struct pfl_arena *arena)
{
    static const struct {
        const char *name, *prefix;
    } variables[] = {
        {"GITHUB_REF", "refs/pull/"}, /* refs/pull/12/merge */
        {"CI_MERGE_REQUEST_IID", ""}, /* GitLab */
        {"CHANGE_ID", ""},
        {"BUILDKITE_PULL_REQUEST", ""},
        {"CIRCLE_PULL_REQUEST", ""}, /* https://github.com/o/p/pull/12 */
        {"BITBUCKET_PR_ID", ""},
        {"SYSTEM_PULLREQUEST_PULLREQUESTNUMBER", ""},
    };
    size_t i, digits;

    for (i = 0; i < PFL_COUNT(variables); i++) {
        const char *value = value_behind(variables[i].name, variables[i].prefix);

        if (value && pfl_text_starts(value, "http") && strrchr(value, '/'))
            value = strrchr(value, '/') + 1;
        digits = value ? strspn(value, "0123456789") : 0;
        if (digits > 0 && digits < 20 && (value[digits] == 0 || value[digits] == '/'))
            return pfl_arena_text_n(arena, value, digits);
    }
    return pfl_arena_text(arena, "");
}

const char *pfl_vcs_ci_branch(struct pfl_arena *arena)
{
    static const struct {
        const char *name, *prefix;
    } variables[] = {
        {"GITHUB_HEAD_REF", ""}, /* of a pull request: its own branch */
        {"CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", ""},
        {"CI_COMMIT_BRANCH", ""},
        {"CI_COMMIT_REF_NAME", ""},
        {"CHANGE_BRANCH", ""},
        {"BRANCH_NAME", ""},
        {"BUILDKITE_BRANCH", ""},
        {"CIRCLE_BRANCH", ""},
        {"BITBUCKET_BRANCH", ""},
        {"SYSTEM_PULLREQUEST_SOURCEBRANCH", "refs/heads/"},
        {"BUILD_SOURCEBRANCH", "refs/heads/"},
        {"GITHUB_REF", "refs/heads/"},
        {"GITHUB_REF_NAME", ""},
    };
    /* Variables that say that the name is a tag's, or no branch's at all. */
    bool gitlab_tag = value_behind("CI_COMMIT_TAG", "");
    bool github_other =
        value_behind("GITHUB_REF", "refs/") && !value_behind("GITHUB_REF", "refs/heads/");
    size_t i;

    for (i = 0; i < PFL_COUNT(variables); i++) {
        const char *name = variables[i].name;
        const char *value = value_behind(name, variables[i].prefix);

        if (!value || (gitlab_tag && strcmp(name, "CI_COMMIT_REF_NAME") == 0) ||
            (github_other && strcmp(name, "GITHUB_REF_NAME") == 0))
            continue;
        return pfl_arena_text(arena, value);
    }
    return pfl_arena_text(arena, "");
}
