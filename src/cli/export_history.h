/* `export --history`. */
#ifndef PFL_CLI_EXPORT_HISTORY_H
#define PFL_CLI_EXPORT_HISTORY_H

#include "cli/command.h"

struct pfl_cli_history_options {
    const char *every, *metric; /* NULL: each run; all metrics */
    const char *format;         /* NULL: CSV, unless --json */
    const char *output;         /* NULL: standard output */
};

/* SELECTs are the context's arguments. */
int pfl_cli_export_history(struct pfl_context *context,
                           const struct pfl_cli_history_options *options, struct pfl_err *err);

#endif
