/* Help, man pages and completion, all made from the command cards. */
#ifndef PFL_CLI_HELP_H
#define PFL_CLI_HELP_H

#include "cli/command.h"

/* command NULL: the overview (asked: to stdout and fine; not asked: to stderr and PFL_EUSAGE). */
int pfl_help_print(struct pfl_context *context, const struct pfl_command *command, bool asked,
                   struct pfl_err *err);

void pfl_help_write(const struct pfl_command *command, const struct pfl_report_style *style,
                    struct pfl_buf *out);
void pfl_help_overview(const struct pfl_report_style *style, struct pfl_buf *out);

/* A man page in roff: of the program (command NULL) or of one command. */
void pfl_man_write(const struct pfl_command *command, struct pfl_buf *out);

/* "bash", "zsh", "fish"; false: another. */
bool pfl_completion_write(const char *shell, struct pfl_buf *out);

/* "-r, --rounds N": how an option is shown. */
void pfl_help_option_name(const struct pfl_option *option, struct pfl_buf *out);

#endif
