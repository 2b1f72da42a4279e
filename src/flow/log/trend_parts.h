/* What `log trend` has gathered before it writes. Internal to log_trend_*.c. */
#ifndef PFL_FLOW_LOG_TREND_PARTS_H
#define PFL_FLOW_LOG_TREND_PARTS_H

#include "base/vec.h"
#include "flow/log/facts.h"
#include "flow/log/page.h"
#include "flow/log/record.h"
#include "flow/log/trend.h"

struct pfl_log_section {
    struct pfl_log_facts facts;
    const struct pfl_block *block; /* NULL: a new one */
    size_t added, left_out;
};
PFL_VEC(pfl_log_section_list, struct pfl_log_section);

struct pfl_log_growth {
    struct pfl_flow *flow;
    const struct pfl_flow_trend_params *params;
    const char **globs;
    size_t glob_count;
    struct pfl_log_records records;
    const struct pfl_run **runs; /* of the records, one by one */
    struct pfl_log_page page;
    struct pfl_log_section_list sections;
    struct pfl_err *err;
};

/* Keeps the runs of new rows, writes the page where rows were added, draws charts that are not what
 * they should be. */
int pfl_log_trend_write(struct pfl_log_growth *g, size_t added);

#endif
