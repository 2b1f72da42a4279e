/* `log`: what its verbs share. Each verb is one file, log_VERB.c. */
#ifndef PFL_CLI_LOG_H
#define PFL_CLI_LOG_H

#include "cli/session.h"

/* The card's options; which verb takes which stands in their summaries. */
struct pfl_log_options {
    const char *base, *head;        /* words for pfl_flow_resolve */
    const char *title, *kind;       /* kind: "optimisation" … */
    const char *area;               /* of the config */
    const char *pull_request;       /* "42", "#42" */
    const char *cause;              /* diagnosis: the revision that made it slow */
    const char *note;               /* a sentence of the user's */
    const char *why;                /* retract */
    const char *since;              /* owed, audit: a revision */
    const char *benchmark, *metric; /* globs */
    bool external, suites;
};

/* args[0] is the verb. */
typedef int pfl_cli_log_fn(struct pfl_context *context, struct pfl_flow *flow, struct pfl_err *err);
pfl_cli_log_fn pfl_cli_log_add, pfl_cli_log_snapshot, pfl_cli_log_trend, pfl_cli_log_latest,
    pfl_cli_log_audit, pfl_cli_log_owed, pfl_cli_log_retract, pfl_cli_log_merge;

#endif
