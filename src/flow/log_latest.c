/* later */
#include "flow/documents.h"
int pfl_flow_latest_remake(struct pfl_flow *flow, const char *facts, size_t len,
                           struct pfl_buf *text, struct pfl_err *err)
{
    (void)flow;
    (void)facts;
    (void)len;
    (void)text;
    return pfl_err_no_memory(err);
}
