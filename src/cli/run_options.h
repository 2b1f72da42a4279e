/* `run`'s options: its struct, its table, and how they become parameters of the story. */
#ifndef PFL_CLI_RUN_OPTIONS_H
#define PFL_CLI_RUN_OPTIONS_H

#include "cli/how_options.h"
#include "flow/run.h"

struct pfl_run_options {
    int rounds, min_rounds, max_rounds;
    struct pfl_how_options how;
    int64_t max_time;
    struct pfl_option_seed seed;
    bool allow_few, no_record, list, show_output, owed;
    const char *since;
    const char *tier, *label, *export_json, *export_markdown, *reference, *step;
    struct pfl_option_list names, lists, scans;
};

extern const struct pfl_option pfl_run_option_table[];

/* Given options and words → what to measure and how. Fails with PFL_EUSAGE when options exclude
 * each other or mean nothing. */
int pfl_run_options_read(struct pfl_context *context, struct pfl_flow_run_params *params,
                         struct pfl_err *err);

#endif
