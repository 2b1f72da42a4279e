/*
 * Stages of a pipeline: wall time, CPU time and peak memory of each.
 *
 *     pfl_stage("read");      // from now on we are in "read"
 *     pfl_stage("assemble");  // "read" is over
 *     pfl_stage(NULL);        // no stage
 *
 * Any program may call this, with or without benchmarks. Under perfledger the stages become the
 * metrics time:STAGE, cpu:STAGE, peak_rss:STAGE; alone a table is printed to standard error at exit
 * when PERFLEDGER_STAGES=1. The same name again adds up. Inside a benchmark's loop it is refused.
 *
 * One process has one stage at a time: threads that call this share it (it is safe to).
 */
#ifndef PERFLEDGER_STAGE_H
#define PERFLEDGER_STAGE_H

#include <perfledger/api.h>

PFL_EXTERN_C_BEGIN

/* name: at most 100 bytes, not empty, copied. Too long, empty or with control characters: a warning
 * on standard error (once), and the stage goes on as it was. */
PFL_API void pfl_stage(const char *name);

/* A stage with a beginning and an end. One inside another is refused: a message names both, and the
 * outer one goes on. 0: begun; −1: refused. */
PFL_API int pfl_stage_begin(const char *name);
PFL_API int pfl_stage_end(const char *name); /* −1, with a message, for another one than is open */

PFL_EXTERN_C_END

#endif
