/*
 * The intervals that another version of perfledger stated for a run that is kept as a file.
 *
 * What is stated beside a median follows from the samples by rules that may become better from one
 * version to the next (judge/stated.c), and what was written by the old ones stays true: documents
 * quote it, and nobody can compute it any more. So the file's word is taken, where it can be
 * believed: the interval is about this median, and not four times wider or narrower than today's
 * rules make it. Whatever else follows from the samples is computed from them as ever.
 */
#include "flow/log/evidence.h"

#include "formats/run_json.h"
#include "sys/file.h"

#include <math.h>
#include <string.h>

enum { RUN_MAX = 1 << 30 };
static const double believable = 4;

static bool is_of_another_version(const struct pfl_run *run)
{
    static const char own[] = "perfledger ";

    return run->tool && strncmp(run->tool, own, strlen(own)) == 0 &&
           strcmp(run->tool, "perfledger " PFL_VERSION) != 0;
}

/* A file's "ci" is read as that of the summary. */
static void take(struct pfl_result *result, const struct pfl_result *there)
{
    double low = there->summary.ci_low, high = there->summary.ci_high, here, width;

    if (!result->stated.known || !(low > 0) || !(low <= result->summary.median) ||
        !(high >= result->summary.median) || !isfinite(high))
        return;
    here = log(result->stated.high / result->stated.low);
    width = log(high / low);
    if (width <= here * believable && width >= here / believable) {
        result->stated.low = low;
        result->stated.high = high;
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

    if (!is_of_another_version(run))
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
