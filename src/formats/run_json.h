/*
 * perfledger's own run format: the JSON shape of `run --json`, lossless both ways. A baseline file and a spilled run
 * are this too. Integers in ns stay integers; doubles are shortest round-trip; absent samples are null.
 */
#ifndef PFL_FORMATS_RUN_JSON_H
#define PFL_FORMATS_RUN_JSON_H

#include "base/arena.h"
#include "base/json.h"
#include "model/run.h"

struct pfl_run_json_options {
    int indent;         /* 0 compact; baselines use 1 so that reviews show lines */
    bool without_id;    /* canonical form for hashing */
    const char *baseline_name; /* not NULL: adds "baseline": {"name", "saved"} (reviewed files) */
    int64_t saved_unix;
};
void pfl_run_json_write(const struct pfl_run *run, const struct pfl_run_json_options *options,
                        struct pfl_buf *buf);

/* Reads one run. Unknown keys are skipped (newer minor versions); a "schema" above ours is PFL_EVERSION; missing fields and
 * wrong types are PFL_EPARSE at their place. Summaries that are absent are computed by the caller. */
int pfl_run_json_read(struct pfl_json_reader *reader, struct pfl_arena *arena, struct pfl_run *run,
                      struct pfl_err *err);

/* id ← first 16 hex digits of SHA-256 of the canonical JSON (run->id is ignored). */
int pfl_run_json_id(const struct pfl_run *run, struct pfl_arena *arena, const char **id, struct pfl_err *err);

/* hyperfine's own result file, for --export-json: {"results":[{"command","mean",…,"times","memory_usage_byte","exit_codes","parameters"}]} */
void pfl_hyperfine_write(const struct pfl_run *run, struct pfl_buf *buf);

#endif
