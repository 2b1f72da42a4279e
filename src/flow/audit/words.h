/* Two ways of saying the same. Internal to the audit. */
#ifndef PFL_FLOW_AUDIT_WORDS_H
#define PFL_FLOW_AUDIT_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Do both texts claim the same? The figures in their order (numbers with their units, dates,
 * revisions, ids of runs), and in each row of a table its names and verdicts. */
bool pfl_audit_claims_same(const char *one, size_t one_len, const char *other, size_t other_len);

#endif
