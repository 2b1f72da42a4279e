/* What the commands share: opening the session, printing one document, progress on a terminal. */
#ifndef PFL_CLI_SESSION_H
#define PFL_CLI_SESSION_H

#include "base/json.h"
#include "cli/command.h"
#include "flow/flow.h"
#include "measure/measure.h"
#include "model/race.h"

enum { PFL_CLI_DOCUMENT_MAX = 1 << 30 };

/* The session of this command; close with pfl_flow_close(). */
int pfl_cli_open(struct pfl_context *context, struct pfl_flow *flow, struct pfl_err *err);

/* Refuses arguments that a command does not take: "`list` takes no arguments". most: how many it
 * takes. Of a command with a verb ("log add") the verb counts as the first. */
int pfl_cli_check_args(const struct pfl_context *context, const char *command, size_t least,
                       size_t most, struct pfl_err *err);

/* Fills writes the document into the buffer it is given; the helper prints it and releases it. A
 * code of the filler's own comes back when printing went well. */
typedef int pfl_cli_fill_fn(struct pfl_context *context, const void *data, struct pfl_buf *out,
                            struct pfl_err *err);
int pfl_cli_print_filled(struct pfl_context *context, pfl_cli_fill_fn *fill, const void *data,
                         struct pfl_err *err);

/* The envelope of a JSON document: { "schema": 1, … } and its newline. */
void pfl_cli_json_open(struct pfl_json_writer *w, struct pfl_buf *out);
void pfl_cli_json_close(struct pfl_json_writer *w, struct pfl_buf *out);

/* Progress on stderr, only on a terminal and not with -q; `live` remembers what must be wiped. */
struct pfl_cli_progress {
    struct pfl_report_style style;
    bool terminal;
    bool shown;
};
void pfl_cli_progress_init(struct pfl_cli_progress *live, const struct pfl_context *context);
void pfl_cli_progress_show(void *live, const struct pfl_progress *progress);
/* Any line of the caller's making takes its place; nothing without a terminal. */
void pfl_cli_progress_draw(struct pfl_cli_progress *live, const struct pfl_buf *line);
/* The same for a race. */
void pfl_cli_race_show(void *live, const struct pfl_race_standing *standing);
void pfl_cli_progress_wipe(struct pfl_cli_progress *live);

#endif
