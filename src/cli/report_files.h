/*
 * `--report FORMAT=FILE`, given once or several times: what was judged once, written in several
 * forms. Measuring anew for each form would give each another answer.
 */
#ifndef PFL_CLI_REPORT_FILES_H
#define PFL_CLI_REPORT_FILES_H

#include "cli/session.h"

#define PFL_CLI_REPORT_OPTION(at)                                                                  \
    {                                                                                              \
        .name = "--report", .kind = PFL_OPTION_LIST, .value = "FORMAT=FILE", .offset = (at),       \
        .summary =                                                                                 \
            "also write the report into FILE, in another format (markdown=comment.md); may "       \
            "be given several times"                                                               \
    }

/* Before anything is measured: is each a format of `formats` (blank-separated) and a file?
 * PFL_EUSAGE. */
int pfl_cli_reports_check(const struct pfl_option_list *reports, const char *formats,
                          struct pfl_err *err);

/* Writes them. `write` is given the format's name. */
typedef int pfl_cli_report_fn(struct pfl_context *context, const char *format, const void *data,
                              struct pfl_buf *out, struct pfl_err *err);
int pfl_cli_reports_write(struct pfl_context *context, const struct pfl_option_list *reports,
                          pfl_cli_report_fn *write, const void *data, struct pfl_err *err);

#endif
