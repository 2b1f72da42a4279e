/* The story of `log trend`: a metric over the revisions of the default branch, as a page that only
 * grows and a chart per benchmark. */
#ifndef PFL_FLOW_LOG_TREND_H
#define PFL_FLOW_LOG_TREND_H

#include "flow/flow.h"

struct pfl_flow_trend_params {
    const char *metric;
    const char *benchmark, *area; /* NULL: all */
    const char *note;             /* for the newest row of each section that grows; NULL: none */
};

struct pfl_flow_trend_section {
    const char *benchmark, *variant;
    const char *chart;       /* the file, from the root */
    size_t row_count, added; /* all rows; new ones */
    size_t left_out;         /* revisions before the last row that were measured after it */
};

struct pfl_flow_trend_made {
    const char *place;
    struct pfl_flow_trend_section *sections; /* those that were asked for, in the page's order */
    size_t section_count;
    size_t added;
    size_t thinned;      /* runs that are in no row because their samples were thinned */
    const char *refused; /* why the newest run of the ledger is in no row; NULL: it may be */
};

/* PFL_ENOTHING: there is no such number in any run that may stand there. */
int pfl_flow_trend(struct pfl_flow *flow, const struct pfl_flow_trend_params *params,
                   struct pfl_flow_trend_made *made, struct pfl_err *err);

/* The file of a metric's trend: "perf/trend/time.md". NULL: no memory. */
const char *pfl_flow_trend_place(struct pfl_flow *flow, const char *metric);

#endif
