/* Given options → a struct pfl_how whose bits say what was given. */
#include "cli/how_options.h"

#include <string.h>

static int read_env(const struct pfl_how_options *given, struct pfl_arena *arena,
                    struct pfl_how *how, struct pfl_err *err)
{
    struct pfl_pair *env = pfl_arena_array(arena, given->env.n, sizeof *env);
    size_t i, len;

    if (!env)
        return pfl_err_no_memory(err);
    for (i = 0; i < given->env.n; i++) {
        len = strcspn(given->env.at[i], "=");
        if (len == 0 || given->env.at[i][len] != '=')
            return pfl_err_set(err, PFL_EUSAGE, "--env: `%s` is not of the form NAME=VALUE",
                               given->env.at[i]);
        env[i].name = pfl_arena_text_n(arena, given->env.at[i], len);
        env[i].value = given->env.at[i] + len + 1;
        if (!env[i].name)
            return pfl_err_no_memory(err);
    }
    how->env = env;
    how->env_count = given->env.n;
    return PFL_OK;
}

static void set_text(const char *given, unsigned bit, const char **field, struct pfl_how *how)
{
    if (given) {
        *field = given;
        how->set |= bit;
    }
}

int pfl_how_options_read(const struct pfl_how_options *given, struct pfl_arena *arena,
                         struct pfl_how *how, struct pfl_err *err)
{
    if (given->no_shell && given->shell_name)
        return pfl_err_set(err, PFL_EUSAGE, "--shell and --no-shell exclude each other");
    if (given->pin && !pfl_cpu_list_is_valid(given->pin))
        return pfl_err_set(err, PFL_EUSAGE, "--pin: `%s` is no list of CPUs: write 2, or 0-3,6",
                           given->pin);
    if (given->warmup >= 0) {
        how->warmup = given->warmup;
        how->set |= PFL_HOW_WARMUP;
    }
    if (given->timeout >= 0) {
        how->timeout_ns = given->timeout;
        how->set |= PFL_HOW_TIMEOUT;
    }
    if (given->no_shell || (given->shell_name && strcmp(given->shell_name, "none") == 0))
        how->set |= PFL_HOW_SHELL; /* shell stays NULL */
    else
        set_text(given->shell_name, PFL_HOW_SHELL, &how->shell, how);
    set_text(given->cwd, PFL_HOW_CWD, &how->cwd, how);
    set_text(given->input, PFL_HOW_INPUT, &how->input, how);
    if (!(how->set & PFL_HOW_OUTPUT))
        set_text(given->output, PFL_HOW_OUTPUT, &how->output, how);
    set_text(given->pin, PFL_HOW_PIN, &how->pin, how);
    how->set |= (given->clean_env ? PFL_HOW_CLEAN_ENV : 0u) |
                (given->ignore_failure ? PFL_HOW_IGNORE : 0u) |
                (given->memory_tree ? PFL_HOW_MEMORY_TREE : 0u);
    how->clean_env = given->clean_env;
    how->ignore_failure = given->ignore_failure;
    how->memory_tree = given->memory_tree;
    how->setup = given->setup;
    how->prepare = given->prepare;
    how->conclude = given->conclude;
    how->cleanup = given->cleanup;
    how->validate = given->validate;
    return read_env(given, arena, how, err);
}
