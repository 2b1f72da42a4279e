/*
 * The intervals that another version of perfledger stated for a run that is kept as a file.
 *
 * What is stated beside a median follows from the samples by rules that may become better from one
 * version to the next (judge/stated.c), and what was written by the old ones stays true: documents
 * quote it, and nobody can compute it any more. So the file's word is taken where it can be such an
 * interval: about this median, as far below as above it (on the log scale), and by no more than the
 * rules have ever moved one from what today's make it. It is a word and no proof, so the audit says
 * that it took it. Whatever else follows from the samples is computed from them as ever, and so is
 * everything outside the documents: `compare`, `check` and `targets` go by today's rules.
 */
#include "flow/log/evidence.h"

#include "flow/log/facts.h"
#include "formats/run_json.h"
#include "sys/file.h"

#include <math.h>

enum { RUN_MAX = 1 << 30 };
/* Of the width. A share of waiting or of kernel time that came to count made one 25 times as wide.
 */
static const double believable = 30;
static const double same_half = 1e-6;

/* A file's "ci" is read as that of the summary. */
static void take(struct pfl_result *result, const struct pfl_result *there)
{
    double median = result->summary.median, today, below, above;

    if (!result->stated.known || !(there->summary.ci_low > 0) || !isfinite(there->summary.ci_high))
        return;
    today = log(result->stated.high / result->stated.low) / 2;
    below = log(median / there->summary.ci_low);
    above = log(there->summary.ci_high / median);
    if (below >= today / believable && below <= today * believable &&
        fabs(above - below) <= same_half * below) {
        result->stated.low = there->summary.ci_low;
        result->stated.high = there->summary.ci_high;
    }
}

static void take_all(struct pfl_run *run, const struct pfl_run *there)
{
    const struct pfl_benchmark *bench;
    const struct pfl_result *result;
    size_t i, j;

    for (i = 0; i < run->benchmark_count; i++) {
        bench = pfl_run_find(there, run->benchmarks[i].name);
        for (j = 0; bench && j < run->benchmarks[i].result_count; j++) {
            result = pfl_benchmark_find(bench, run->benchmarks[i].results[j].metric,
                                        run->benchmarks[i].results[j].variant);
            if (result)
                take(&run->benchmarks[i].results[j], result);
        }
    }
}

int pfl_flow_evidence_stated(const char *path, struct pfl_run *run, struct pfl_err *err)
{
    struct pfl_json_reader json;
    struct pfl_arena arena;
    struct pfl_run there;
    struct pfl_buf text;
    int rc;

    if (!pfl_log_is_of_another_version(run->tool))
        return PFL_OK;
    pfl_arena_init(&arena);
    pfl_buf_init(&text, RUN_MAX);
    rc = pfl_file_read(path, &text, err);
    if (rc == PFL_OK) {
        pfl_json_reader_init_text(&json, path, pfl_buf_cstr(&text), text.len);
        rc = pfl_run_json_read(&json, &arena, &there, err);
        pfl_json_reader_release(&json);
    }
    if (rc == PFL_OK)
        take_all(run, &there);
    pfl_buf_release(&text);
    pfl_arena_release(&arena);
    return rc;
}
