/* The story of `ci` and of `init --ci`: files for a CI service, fitted to this project. */
#ifndef PFL_FLOW_CI_H
#define PFL_FLOW_CI_H

#include "flow/flow.h"

struct pfl_flow_ci_text {
    const char *path; /* from the repository's top */
    const char *text;
};

/* source: address of perfledger's git repository; NULL: not known. PFL_EUSAGE: no such service. */
int pfl_flow_ci(struct pfl_flow *flow, const char *service, const char *source,
                struct pfl_flow_ci_text **texts, size_t *n, struct pfl_err *err);

/* What became of a file. */
enum pfl_flow_ci_state {
    PFL_FLOW_CI_WRITTEN,
    PFL_FLOW_CI_SAME, /* it was there, and says just this */
    PFL_FLOW_CI_KEPT, /* it was there, says something else, and was left as it is */
};
struct pfl_flow_ci_file {
    const char *path; /* absolute */
    const char *name; /* from the repository's top */
    enum pfl_flow_ci_state state;
    const char *advice; /* what is left to do about it; "": nothing */
};
struct pfl_flow_ci_written {
    const char *service;
    struct pfl_flow_ci_file *files;
    size_t file_count;
};

/* Writes them into the repository; what is there is never replaced. service NULL: the one the
 * repository shows (PFL_EUSAGE when it shows none). */
int pfl_flow_ci_put(struct pfl_flow *flow, const char *service, const char *source,
                    struct pfl_flow_ci_written *written, struct pfl_err *err);

#endif
