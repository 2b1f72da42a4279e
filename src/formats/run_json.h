/*
 * perfledger's own run format: the JSON shape of `run --json`, lossless both ways. A baseline file
 * and a spilled run are this too. Doubles are shortest round-trip; absent samples (and infinite
 * ones) are null; times are ISO 8601 with nanoseconds; a seed beyond INT64_MAX is a text of digits.
 *
 *     {"schema":1, "baseline":{"name","saved"}?, "run":{…}, "results":[…], "benchmarks":[…]}
 *
 * "results" has one row per benchmark and metric (and variant); a benchmark without any has one row
 * with metric null. "benchmarks" holds the rest of each benchmark and its launches as columns.
 * run_json_shape.c lists the fields.
 */
#ifndef PFL_FORMATS_RUN_JSON_H
#define PFL_FORMATS_RUN_JSON_H

#include "base/arena.h"
#include "base/json.h"
#include "model/run.h"

struct pfl_run_json_options {
    int indent;      /* 0 compact; baselines use 1 so that reviews show lines */
    bool without_id; /* the canonical form, for hashing: no id, and nothing that follows from the
                        samples */
    const char *baseline_name; /* not NULL: adds "baseline": {"name", "saved"} (reviewed files) */
    int64_t saved_unix;
};
void pfl_run_json_write(const struct pfl_run *run, const struct pfl_run_json_options *options,
                        struct pfl_buf *buf);

/* Reads the one run that the document is. Unknown keys are skipped (newer minor versions); a
 * "schema" above ours is PFL_EVERSION; missing fields and wrong types are PFL_EPARSE at their
 * place. Benchmarks and results come sorted (pfl_run_sort). Summaries that are absent are NaN, n 0:
 * the caller computes them. Without "benchmarks" (another program that writes the same rows) each
 * sample counts as one launch. All memory is the arena's. */
int pfl_run_json_read(struct pfl_json_reader *reader, struct pfl_arena *arena, struct pfl_run *run,
                      struct pfl_err *err);

/* id ← first 16 hex digits of SHA-256 of the canonical form (run->id is ignored): of all that the
 * run says and that does not follow from its samples. run_id.c. */
int pfl_run_json_id(const struct pfl_run *run, struct pfl_arena *arena, const char **id,
                    struct pfl_err *err);

/* hyperfine's own result file, for --export-json:
 * {"results":[{"command","mean",…,"times","memory_usage_byte","exit_codes","parameters"}]} */
void pfl_hyperfine_write(const struct pfl_run *run, struct pfl_buf *buf);

#endif
