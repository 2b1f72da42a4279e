/*
 * `init`: a configuration that fits, and, when asked, the files of a CI service.
 *
 * With --ci a perfledger.yaml that is there already is no error: the files are then fitted to it.
 * Nothing that is there is replaced, and each such file is named.
 */
#include "cli/options.h"
#include "cli/session.h"

#include "base/json.h"
#include "flow/ci.h"
#include "flow/init.h"
#include "sys/file.h"

#include <string.h>

struct options {
    bool force;
    const char *ci, *source;
};

#define AT(field) offsetof(struct options, field)

static const struct pfl_option options[] = {
    {.name = "--force",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(force),
     .summary = "replace a perfledger.yaml that is there"},
    {.name = "--ci",
     .kind = PFL_OPTION_CHOICE,
     .value = "[SERVICE]",
     .offset = AT(ci),
     .choices = "auto github gitlab make",
     .summary = "also write the files of a CI service: github, gitlab, make (default: what the "
                "repository shows); none is replaced"},
    {.name = "--source",
     .kind = PFL_OPTION_TEXT,
     .value = "URL",
     .offset = AT(source),
     .summary = "with --ci: perfledger's git repository, to build it from in CI"},
    {0},
};

struct done {
    const struct pfl_flow_inited *inited; /* NULL: the configuration was there */
    const char *config;
    const struct pfl_flow_ci_written *ci; /* NULL: not asked for */
};

static const char *const states[] = {"written", "same", "kept"};

static void put_json(const struct done *done, struct pfl_buf *out)
{
    struct pfl_json_writer w;
    size_t i;

    pfl_cli_json_open(&w, out);
    pfl_json_put_string(&w, "path", done->config);
    pfl_json_put_string(&w, "found", done->inited ? done->inited->evidence : "");
    if (done->ci) {
        pfl_json_put_string(&w, "service", done->ci->service);
        pfl_json_key(&w, "files");
        pfl_json_array(&w);
        for (i = 0; i < done->ci->file_count; i++) {
            pfl_json_object(&w);
            pfl_json_put_string(&w, "path", done->ci->files[i].path);
            pfl_json_put_string(&w, "state", states[done->ci->files[i].state]);
            pfl_json_object_end(&w);
        }
        pfl_json_array_end(&w);
    }
    pfl_cli_json_close(&w, out);
}

static void put_ci(const struct pfl_flow_ci_written *ci, struct pfl_buf *out)
{
    const struct pfl_flow_ci_file *file;
    size_t i;

    for (i = 0; i < ci->file_count; i++) {
        file = &ci->files[i];
        if (file->state == PFL_FLOW_CI_WRITTEN)
            pfl_buf_format(out, "wrote %s\n", file->path);
        else if (file->state == PFL_FLOW_CI_SAME)
            pfl_buf_format(out, "%s is there already, and up to date\n", file->path);
        else if (*file->advice)
            pfl_buf_format(out, "%s is there already and was left as it is; %s\n", file->path,
                           file->advice);
        else
            pfl_buf_format(out,
                           "%s is there already and was left as it is; `perfledger ci %s %s` "
                           "prints what would stand there\n",
                           file->path, ci->service, file->name);
    }
    pfl_buf_text(out,
                 strcmp(ci->service, "make") == 0
                     ? "Next: `include perfledger.mk` in the Makefile, then `make benchmark`.\n"
                     : "Next: read them (docs/ci.md explains each), say in PERFLEDGER_SOURCE where "
                       "CI gets perfledger from (`--source URL` writes it) unless it is installed "
                       "there, put what releases your program into the job `deploy`, and commit "
                       "them.\n");
}

static int fill(struct pfl_context *context, const void *data, struct pfl_buf *out,
                struct pfl_err *err)
{
    const struct done *done = data;

    (void)err;
    if (context->json) {
        put_json(done, out);
        return PFL_OK;
    }
    if (done->inited) {
        pfl_buf_format(out, "wrote %s", done->inited->path);
        if (*done->inited->evidence)
            pfl_buf_format(out, " (found %s)", done->inited->evidence);
        pfl_buf_format(out,
                       "\n%sNext: look at its suites, then `perfledger run`, `perfledger baseline "
                       "save`, and after a change "
                       "`perfledger run && perfledger check`.\n",
                       done->inited->ignored ? "added .perfledger/ to .gitignore\n" : "");
    } else {
        pfl_buf_format(out, "%s is there already: what follows is fitted to it\n", done->config);
    }
    if (done->ci)
        put_ci(done->ci, out);
    return PFL_OK;
}

static int write_ci(struct pfl_context *context, struct pfl_flow *flow, const struct done *done,
                    struct pfl_err *err)
{
    const struct options *given = context->options;
    struct pfl_flow_ci_written written;
    struct done whole = *done;
    int rc = pfl_flow_ci_put(flow, strcmp(given->ci, "auto") == 0 ? NULL : given->ci, given->source,
                             &written, err);

    if (rc != PFL_OK)
        return rc;
    whole.ci = &written;
    return pfl_cli_print_filled(context, fill, &whole, err);
}

/* With --ci: a configuration that governs this folder, if there is one. */
static bool has_config(struct pfl_context *context)
{
    return context->config_file || pfl_file_find_up(".", "perfledger.yaml", context->arena);
}

static int run(struct pfl_context *context, struct pfl_err *err)
{
    const struct options *given = context->options;
    struct pfl_flow_inited inited;
    struct done done = {0};
    struct pfl_flow flow;
    int rc = pfl_cli_check_args(context, "init", 0, 0, err);

    if (rc == PFL_OK && given->source && !given->ci)
        rc = pfl_err_set(err, PFL_EUSAGE, "--source belongs to --ci, which is not given");
    if (rc == PFL_OK && (given->force || !given->ci || !has_config(context))) {
        rc = pfl_flow_init(context->arena, given->force, &inited, err);
        if (rc == PFL_OK) {
            done.inited = &inited;
            done.config = inited.path;
        }
    }
    if (rc != PFL_OK || !given->ci)
        return rc == PFL_OK ? pfl_cli_print_filled(context, fill, &done, err) : rc;
    rc = pfl_cli_open(context, &flow, err);
    if (rc != PFL_OK)
        return rc;
    done.config = flow.config.file;
    rc = write_ci(context, &flow, &done, err);
    pfl_flow_close(&flow);
    return rc;
}

const struct pfl_command pfl_command_init = {
    .name = "init",
    .group = "Set-up",
    .summary = "write a commented perfledger.yaml that fits this folder",
    .usage = "init [--force] [--ci [SERVICE]] [--source URL]",
    .description = "Looks at the folder (CMake, Meson, Make, Cargo, Go, Python, asv, …), writes a "
                   "commented perfledger.yaml that "
                   "fits, and adds the ledger's folder to .gitignore. An existing file is kept "
                   "unless --force.\n"
                   "--ci also writes what `perfledger ci` prints, fitted to perfledger.yaml: one "
                   "that is there already is used then. A file of that name is never replaced; "
                   "it is named.",
    .examples = "cd myproject && perfledger init\tset up a project\n"
                "perfledger init --ci github\tand its workflows",
    .options = options,
    .options_size = sizeof(struct options),
    .run = run,
};
