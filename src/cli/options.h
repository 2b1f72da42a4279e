/* Command-line words → a command's options struct, by its card. */
#ifndef PFL_CLI_OPTIONS_H
#define PFL_CLI_OPTIONS_H

#include "cli/command.h"

/* The options that every command takes; its struct is filled like a command's. */
struct pfl_global_options {
    const char *folder, *config, *ledger, *color;
    bool json, quiet, verbose, help, version;
};
extern const struct pfl_option pfl_global_options[];

struct pfl_parsed {
    const struct pfl_command *command; /* NULL: no command word was there */
    struct pfl_global_options globals;
    void *options;
    char **args;
    size_t arg_count, args_before_dashes;
    bool dashes;
};

/* words[0] is the program. Failures are PFL_EUSAGE with a suggestion; *parsed then holds what was
 * read until there (globals such as --color and --json among it), so that the error can be shown as
 * asked. */
int pfl_options_parse(char **words, size_t count, struct pfl_arena *arena,
                      struct pfl_parsed *parsed, struct pfl_err *err);

const struct pfl_command *pfl_command_find(const char *name);

/* PFL_EUSAGE: what may have been meant, or where they are listed. */
int pfl_command_unknown(const char *word, struct pfl_err *err);

/* "regressed,failed,missing" → enum pfl_fail_on bits; "none" → 0. */
int pfl_options_fail_on(const char *text, unsigned *bits, struct pfl_err *err);

#endif
