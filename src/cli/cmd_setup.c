/* `version`, `help`, `completion`: what a newcomer types first. */
#include "cli/help.h"
#include "cli/options.h"
#include "cli/session.h"

#include "base/json.h"

#include <string.h>

#ifndef PFL_VERSION
#define PFL_VERSION "unknown"
#endif

struct options {
    bool man;
};

#define AT(field) offsetof(struct options, field)

static const struct pfl_option help_options[] = {
    {.name = "--man",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(man),
     .summary = "as a man page in roff"},
    {0},
};
static const struct pfl_option no_options[] = {{0}};

static int fill_version(struct pfl_context *context, const void *data, struct pfl_buf *out,
                        struct pfl_err *err)
{
    struct pfl_json_writer w;

    (void)data;
    (void)err;
    if (context->json) {
        pfl_cli_json_open(&w, out);
        pfl_json_put_string(&w, "version", PFL_VERSION);
        pfl_cli_json_close(&w, out);
        return PFL_OK;
    }
    pfl_buf_text(out, "perfledger " PFL_VERSION "\n");
    return PFL_OK;
}

static int version(struct pfl_context *context, struct pfl_err *err)
{
    int rc = pfl_cli_check_args(context, "version", 0, 0, err);

    return rc == PFL_OK ? pfl_cli_print_filled(context, fill_version, NULL, err) : rc;
}

static int fill_man(struct pfl_context *context, const void *data, struct pfl_buf *out,
                    struct pfl_err *err)
{
    (void)context;
    (void)err;
    pfl_man_write(data, out);
    return PFL_OK;
}

static bool has_verb(const struct pfl_command *command, const char *word)
{
    size_t len = strlen(word);
    const char *at = command->verbs;

    for (; at; at = (at = strchr(at, ' ')) ? at + 1 : NULL)
        if (strncmp(at, word, len) == 0 && (at[len] == ' ' || !at[len]))
            return true;
    return false;
}

/* A verb has no card of its own: that of its command tells of it. */
static int help(struct pfl_context *context, struct pfl_err *err)
{
    const struct options *given = context->options;
    const struct pfl_command *command =
        context->arg_count ? pfl_command_find(context->args[0]) : NULL;
    bool verb = command && context->arg_count > 1 && has_verb(command, context->args[1]);
    int rc = pfl_cli_check_args(context, "help", 0, verb ? 2 : 1, err);

    if (rc == PFL_OK && context->arg_count && !command)
        rc = pfl_command_unknown(context->args[0], err);
    if (rc != PFL_OK)
        return rc;
    return given->man ? pfl_cli_print_filled(context, fill_man, command, err)
                      : pfl_help_print(context, command, true, err);
}

static int fill_completion(struct pfl_context *context, const void *data, struct pfl_buf *out,
                           struct pfl_err *err)
{
    (void)context;
    if (!pfl_completion_write(data, out))
        return pfl_err_set(err, PFL_EUSAGE,
                           "no completion for `%s`; there is one for bash, zsh and fish",
                           (const char *)data);
    return PFL_OK;
}

static int completion(struct pfl_context *context, struct pfl_err *err)
{
    int rc = pfl_cli_check_args(context, "completion", 1, 1, err);

    return rc == PFL_OK ? pfl_cli_print_filled(context, fill_completion, context->args[0], err)
                        : rc;
}

const struct pfl_command pfl_command_version = {
    .name = "version",
    .group = "Set-up",
    .summary = "the version",
    .usage = "version",
    .description = "Prints the version.",
    .options = no_options,
    .options_size = sizeof(struct options),
    .run = version,
};

const struct pfl_command pfl_command_help = {
    .name = "help",
    .group = "Set-up",
    .summary = "help, on all commands or on one",
    .usage = "help [COMMAND] [--man]",
    .description = "Without COMMAND: what there is. With it: everything about that command; --man "
                   "gives it as a man page.",
    .examples = "perfledger help run\tall about run",
    .options = help_options,
    .options_size = sizeof(struct options),
    .run = help,
};

const struct pfl_command pfl_command_completion = {
    .name = "completion",
    .group = "Set-up",
    .summary = "shell completion for bash, zsh or fish",
    .usage = "completion bash|zsh|fish",
    .description = "Prints a completion script, made from the same cards as this help.",
    .examples = "perfledger completion bash > "
                "~/.local/share/bash-completion/completions/perfledger\tfor bash",
    .options = no_options,
    .options_size = sizeof(struct options),
    .verbs = "bash zsh fish",
    .run = completion,
};
