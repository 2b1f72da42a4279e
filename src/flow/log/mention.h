/* Does a generated page speak of a benchmark or a suite? */
#ifndef PFL_FLOW_LOG_MENTION_H
#define PFL_FLOW_LOG_MENTION_H

#include "base/arena.h"
#include "documents/block.h"

/* A block's facts and text without Markdown's and JSON's backslashes. NULL: no memory. */
const char *pfl_mention_text(const struct pfl_block *block, struct pfl_arena *arena);

/* Is the benchmark in it, not merely as a part of a longer name? */
bool pfl_mentions_benchmark(const char *text, const char *benchmark);
/* Is a benchmark of these suites (SELECT words) in it? Of none: always. */
bool pfl_mentions_suite(const char *text, const char *const *suites, size_t n);

#endif
