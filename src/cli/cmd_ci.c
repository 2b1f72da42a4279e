/*
 * `ci`: the files that a CI service wants, printed. Several are told apart by a line with the
 * file's name, which is a comment in YAML, and by YAML's own mark between documents, so that all of
 * it is one YAML stream.
 */
#include "cli/options.h"
#include "cli/session.h"

#include "base/json.h"
#include "base/log.h"
#include "flow/ci.h"

#include <string.h>

struct options {
    const char *source;
};

static const struct pfl_option options[] = {
    {.name = "--source",
     .kind = PFL_OPTION_TEXT,
     .value = "URL",
     .offset = offsetof(struct options, source),
     .summary = "perfledger's git repository, to build it from in CI (default: to be filled in)"},
    {0},
};

struct printing {
    const struct pfl_flow_ci_text *texts;
    size_t n;
};

static int fill(struct pfl_context *context, const void *data, struct pfl_buf *out,
                struct pfl_err *err)
{
    const struct printing *printing = data;
    struct pfl_json_writer w;
    size_t i;

    (void)err;
    if (context->json) {
        pfl_cli_json_open(&w, out);
        pfl_json_key(&w, "files");
        pfl_json_array(&w);
        for (i = 0; i < printing->n; i++) {
            pfl_json_object(&w);
            pfl_json_put_string(&w, "path", printing->texts[i].path);
            pfl_json_put_string(&w, "text", printing->texts[i].text);
            pfl_json_object_end(&w);
        }
        pfl_json_array_end(&w);
        pfl_cli_json_close(&w, out);
        return PFL_OK;
    }
    for (i = 0; i < printing->n; i++) {
        if (printing->n > 1)
            pfl_buf_format(out, "%s# file: %s\n", i ? "---\n" : "", printing->texts[i].path);
        pfl_buf_text(out, printing->texts[i].text);
    }
    return PFL_OK;
}

/* A file by its path, or by its name alone. */
static int select_file(struct printing *printing, const char *service, const char *word,
                       struct pfl_err *err)
{
    struct pfl_buf names;
    const char *path, *slash;
    size_t i;
    int rc;

    for (i = 0; i < printing->n; i++) {
        path = printing->texts[i].path;
        slash = strrchr(path, '/');
        if (strcmp(path, word) == 0 || (slash && strcmp(slash + 1, word) == 0)) {
            printing->texts += i;
            printing->n = 1;
            return PFL_OK;
        }
    }
    pfl_buf_init(&names, 4096);
    for (i = 0; i < printing->n; i++)
        pfl_buf_format(&names, "\n  %s", printing->texts[i].path);
    rc = pfl_err_set(err, PFL_EUSAGE, "%s has no file `%s`; there are:%s", service, word,
                     pfl_buf_cstr(&names));
    pfl_buf_release(&names);
    return rc;
}

static int run(struct pfl_context *context, struct pfl_err *err)
{
    const struct options *given = context->options;
    struct pfl_flow_ci_text *texts;
    struct printing printing = {0};
    struct pfl_flow flow;
    int rc = pfl_cli_check_args(context, "ci", 1, 2, err);

    if (rc == PFL_OK)
        rc = pfl_cli_open(context, &flow, err);
    if (rc != PFL_OK)
        return rc;
    rc = pfl_flow_ci(&flow, context->args[0], given->source, &texts, &printing.n, err);
    if (rc == PFL_OK) {
        printing.texts = texts;
        if (!flow.config.file)
            pfl_log(PFL_LOG_NOTICE, "there is no perfledger.yaml here, so this is fitted to the "
                                    "defaults; `perfledger init` writes one");
        if (context->arg_count > 1)
            rc = select_file(&printing, context->args[0], context->args[1], err);
    }
    if (rc == PFL_OK)
        rc = pfl_cli_print_filled(context, fill, &printing, err);
    pfl_flow_close(&flow);
    return rc;
}

const struct pfl_command pfl_command_ci = {
    .name = "ci",
    .group = "Set-up",
    .summary = "print the files of a CI service, fitted to this project",
    .usage = "ci github|gitlab|make [FILE] [--source URL]",
    .description =
        "Prints templates that work as they are, fitted to perfledger.yaml: all of a service's, or "
        "one FILE. `init --ci` writes them.\n"
        "github: pull requests race against their merge base and get a comment when something "
        "matters (what runs a stranger's code cannot comment, what comments runs none of it); "
        "pushes to the default branch are recorded and held against the last tag before the job "
        "`deploy` may start; nightly and weekly jobs measure the deeper tiers; any two revisions "
        "are raced by hand.\n"
        "gitlab: the same, with JUnit reports. make: targets benchmark, benchmark-save, "
        "benchmark-compare, benchmark-reset and benchmark-race, to be included.\n"
        "In CI perfledger is taken from the PATH, or else built from --source.",
    .examples = "perfledger ci github\tall files, to read\n"
                "perfledger ci gitlab perfledger.yml > .gitlab/perfledger.yml\tone of them\n"
                "perfledger init --ci github\twrite them",
    .options = options,
    .options_size = sizeof(struct options),
    .verbs = "github gitlab make",
    .run = run,
};
