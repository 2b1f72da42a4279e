/*
 * The log: what a long command says on the side (progress notes, warnings). Below cli/ nothing
 * prints; this hands each line to the sink that cli/ installed. Not for errors: those are returned.
 */
#ifndef PFL_BASE_LOG_H
#define PFL_BASE_LOG_H

#include "base/macros.h"

enum pfl_log_level { PFL_LOG_WARNING, PFL_LOG_NOTICE, PFL_LOG_DETAIL };

typedef void pfl_log_sink_fn(void *context, enum pfl_log_level level, const char *line);

/* NULL: lines are dropped (the state at start). Lines are whole, without a newline, at most 4 KiB.
 */
void pfl_log_set_sink(pfl_log_sink_fn *sink, void *context, enum pfl_log_level most);
void pfl_log(enum pfl_log_level level, const char *format, ...) PFL_PRINTF(2, 3);

#endif
