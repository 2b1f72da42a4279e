/*
 * What the templates are fitted to: the configuration, the kind of project that init would find,
 * and where the configuration stands in the repository (services read their files at its top, and
 * run there).
 *
 * A file that is there is somebody's work, or was fitted and changed since: it is compared, named,
 * and left. Without --force, too, since there is nothing that says which of its lines were ours.
 */
#include "flow/ci.h"

#include "base/log.h"
#include "project/ci.h"
#include "project/init.h"
#include "sys/file.h"
#include "vcs/git.h"

#include <string.h>

enum { TEXT_MAX = 1 << 20 };

static bool has_deep(const struct pfl_config *config)
{
    size_t i;

    for (i = 0; i < config->suite_count; i++)
        if (config->suites[i].tier > PFL_TIER_SMOKE)
            return true;
    return false;
}

/* An absolute folder of baselines lies outside the repository: nothing there to carry. */
static bool carries_baselines(const struct pfl_config *config)
{
    return config->baseline_auto && config->baseline_folder[0] != '/';
}

static int fit_to(struct pfl_flow *flow, const char *source, struct pfl_ci_fit *fit,
                  struct pfl_err *err)
{
    const struct pfl_config *config = &flow->config;
    struct pfl_init_found found;
    int rc = pfl_init_detect(flow->root, flow->arena, &found, err);

    if (rc != PFL_OK)
        return rc;
    *fit = (struct pfl_ci_fit){
        .default_branch = config->default_branch,
        .build = config->build,
        .reference = config->reference_machine,
        .baselines = config->baseline_folder,
        .log = config->documents.log ? config->documents.log : "PERFORMANCE.md",
        .source = source ? source : "",
        .baseline_auto = carries_baselines(config),
        .targets = config->target_count > 0,
        .deep = has_deep(config),
        .kinds = found.kinds,
    };
    rc = pfl_git_prefix(flow->root, flow->arena, &fit->prefix, NULL);
    if (rc != PFL_OK)
        fit->prefix = ""; /* no repository yet */
    return PFL_OK;
}

static int no_service(const char *service, struct pfl_err *err)
{
    return pfl_err_set(err, PFL_EUSAGE,
                       "there are no templates for `%s`; there are for github, gitlab and make",
                       service);
}

static int write_text(const struct pfl_ci_file *file, const struct pfl_ci_fit *fit,
                      struct pfl_arena *arena, struct pfl_flow_ci_text *text, struct pfl_err *err)
{
    struct pfl_buf buf;
    int rc;

    pfl_buf_init(&buf, TEXT_MAX);
    rc = pfl_ci_write(file, fit, &buf, err);
    if (rc == PFL_OK) {
        text->path = file->path;
        text->text = pfl_arena_text(arena, pfl_buf_cstr(&buf));
        if (!text->text)
            rc = pfl_err_no_memory(err);
    }
    pfl_buf_release(&buf);
    return rc;
}

int pfl_flow_ci(struct pfl_flow *flow, const char *service, const char *source,
                struct pfl_flow_ci_text **texts, size_t *n, struct pfl_err *err)
{
    size_t i, count;
    const struct pfl_ci_file *files = pfl_ci_files(service, &count);
    struct pfl_flow_ci_text *made;
    struct pfl_ci_fit fit;
    int rc;

    if (!files)
        return no_service(service, err);
    rc = fit_to(flow, source, &fit, err);
    if (rc != PFL_OK)
        return rc;
    made = pfl_arena_array(flow->arena, count, sizeof *made);
    if (!made)
        return pfl_err_no_memory(err);
    for (i = 0; rc == PFL_OK && i < count; i++)
        rc = write_text(&files[i], &fit, flow->arena, &made[i], err);
    if (rc == PFL_OK) {
        *texts = made;
        *n = count;
    }
    return rc;
}

/* The repository's top, where services look. */
static const char *top_of(struct pfl_flow *flow)
{
    const struct pfl_revision *revision;

    if (pfl_flow_revision(flow, &revision, NULL) != PFL_OK || !flow->git_root)
        return flow->root;
    return flow->git_root;
}

static int says_the_same(const char *path, const char *text, bool *same, struct pfl_err *err)
{
    struct pfl_buf there;
    int rc;

    pfl_buf_init(&there, TEXT_MAX);
    rc = pfl_file_read(path, &there, err);
    *same = rc == PFL_OK && strcmp(pfl_buf_cstr(&there), text) == 0;
    pfl_buf_release(&there);
    return rc == PFL_ELIMIT ? PFL_OK : rc;
}

static int put(struct pfl_flow *flow, const struct pfl_ci_file *file, const char *text,
               struct pfl_flow_ci_file *made, struct pfl_err *err)
{
    const char *folder;
    bool same = false;
    int rc;

    made->name = file->path;
    made->path = pfl_file_join(top_of(flow), file->path, flow->arena);
    folder = made->path ? pfl_file_folder_of(made->path, flow->arena) : NULL;
    made->advice = "";
    if (!folder)
        return pfl_err_no_memory(err);
    rc = pfl_file_make_folders(folder, err);
    if (rc == PFL_OK)
        rc = pfl_file_write(made->path, text, strlen(text), true, err);
    if (rc != PFL_EBUSY) {
        made->state = PFL_FLOW_CI_WRITTEN;
        return rc;
    }
    rc = says_the_same(made->path, text, &same, err);
    made->state = same ? PFL_FLOW_CI_SAME : PFL_FLOW_CI_KEPT;
    if (!same && file->in_place)
        made->advice = file->in_place;
    return rc;
}

static int find_service(struct pfl_flow *flow, const char **service, struct pfl_err *err)
{
    if (!*service)
        *service = pfl_ci_detect(top_of(flow), flow->arena);
    if (*service)
        return PFL_OK;
    return pfl_err_set(err, PFL_EUSAGE,
                       "neither the files here nor the addresses in git's configuration say which "
                       "service to write for; say it: `init --ci github`, `--ci gitlab` or `--ci "
                       "make`");
}

int pfl_flow_ci_put(struct pfl_flow *flow, const char *service, const char *source,
                    struct pfl_flow_ci_written *written, struct pfl_err *err)
{
    struct pfl_flow_ci_written made = {0};
    const struct pfl_ci_file *files;
    struct pfl_flow_ci_text *texts;
    size_t i;
    int rc = find_service(flow, &service, err);

    if (rc == PFL_OK)
        rc = pfl_flow_ci(flow, service, source, &texts, &made.file_count, err);
    if (rc != PFL_OK)
        return rc;
    made.service = service;
    files = pfl_ci_files(service, &made.file_count);
    made.files = pfl_arena_array(flow->arena, made.file_count, sizeof *made.files);
    if (!made.files)
        return pfl_err_no_memory(err);
    for (i = 0; rc == PFL_OK && i < made.file_count; i++)
        rc = put(flow, &files[i], texts[i].text, &made.files[i], err);
    if (rc == PFL_OK)
        *written = made;
    return rc;
}
