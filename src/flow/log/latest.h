/* The story of `log latest`: the run of record of an area. */
#ifndef PFL_FLOW_LOG_LATEST_H
#define PFL_FLOW_LOG_LATEST_H

#include "flow/flow.h"

struct pfl_flow_latest_params {
    const char *area;
    const char *run; /* a word; NULL: the newest revision's newest run that may be it */
};

struct pfl_flow_latest_made {
    const char *place; /* perf/latest_AREA.md */
    bool written;      /* false: it said so already */
    const char *run, *commit;
    size_t benchmark_count;
    const char *refused; /* why a newer run is not it; NULL: there is none */
};

/* PFL_EGATE: the run that was named may not be it. PFL_ENOTHING: none may. */
int pfl_flow_latest_page(struct pfl_flow *flow, const struct pfl_flow_latest_params *params,
                         struct pfl_flow_latest_made *made, struct pfl_err *err);

#endif
