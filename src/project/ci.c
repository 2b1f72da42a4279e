/*
 * Which files a CI service wants, and which service a repository shows.
 *
 * GitHub's are several because rights are given by workflow: what runs a stranger's pull request
 * may not comment, and what comments may not run it. GitLab's is a file to include, since a
 * repository has one .gitlab-ci.yml and mostly has it already; so is make's.
 */
#include "project/ci.h"

#include "base/text.h"
#include "sys/file.h"

#include <string.h>

static const struct pfl_ci_file github[] = {
    {".github/actions/perfledger/action.yml", "github-action.yml", NULL},
    {".github/workflows/perfledger-pull-request.yml", "github-pull-request.yml", NULL},
    {".github/workflows/perfledger-comment.yml", "github-comment.yml", NULL},
    {".github/workflows/perfledger.yml", "github-push.yml", NULL},
    {".github/workflows/perfledger-scheduled.yml", "github-scheduled.yml", NULL},
    {".github/workflows/perfledger-manual.yml", "github-manual.yml", NULL},
};

static const struct pfl_ci_file gitlab[] = {
    {".gitlab/perfledger.yml", "gitlab.yml", NULL},
    {".gitlab-ci.yml", "gitlab-ci.yml",
     "add to it: include: [ { local: .gitlab/perfledger.yml } ]"},
};

static const struct pfl_ci_file make[] = {
    {"perfledger.mk", "make.mk", NULL},
};

const struct pfl_ci_file *pfl_ci_files(const char *service, size_t *n)
{
    static const struct {
        const char *service;
        const struct pfl_ci_file *files;
        size_t n;
    } services[] = {
        {"github", github, PFL_COUNT(github)},
        {"gitlab", gitlab, PFL_COUNT(gitlab)},
        {"make", make, PFL_COUNT(make)},
    };
    size_t i;

    for (i = 0; i < PFL_COUNT(services); i++)
        if (strcmp(services[i].service, service) == 0) {
            *n = services[i].n;
            return services[i].files;
        }
    return NULL;
}

static bool has(const char *root, const char *name, struct pfl_arena *arena)
{
    const char *path = pfl_file_join(root, name, arena);

    return path && pfl_file_exists(path);
}

/* An address in .git/config; a work tree's .git is a file, and tells nothing here. */
static bool has_remote(const char *root, const char *host, struct pfl_arena *arena)
{
    const char *path = pfl_file_join(root, ".git/config", arena);
    struct pfl_buf text;
    bool found;

    pfl_buf_init(&text, 1 << 20);
    found = path && pfl_file_read(path, &text, NULL) == PFL_OK &&
            strstr(pfl_buf_cstr(&text), host) != NULL;
    pfl_buf_release(&text);
    return found;
}

const char *pfl_ci_detect(const char *root, struct pfl_arena *arena)
{
    bool is_github = has(root, ".github", arena), is_gitlab = has(root, ".gitlab-ci.yml", arena);

    if (!is_github && !is_gitlab) {
        is_github = has_remote(root, "github.", arena);
        is_gitlab = has_remote(root, "gitlab.", arena);
    }
    return is_github == is_gitlab ? NULL : is_github ? "github" : "gitlab";
}
