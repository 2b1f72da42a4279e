/* Hand-made runs for the report tests: ordinary benchmarks, one with stages, a failed and a skipped
 * one, many. */
#ifndef TESTS_REPORT_RUNS_H
#define TESTS_REPORT_RUNS_H

#include "fixture.h"

enum { SAMPLES = 10, RESULTS = 10, BENCHMARKS_MAX = 40 };

struct run_fixture {
    struct fixture f;
    struct pfl_benchmark benchmarks[BENCHMARKS_MAX];
    struct pfl_result results[BENCHMARKS_MAX][RESULTS];
    struct pfl_launch launches[SAMPLES];
    struct pfl_assessment assessments[BENCHMARKS_MAX];
    struct pfl_oddity oddity;
    char names[BENCHMARKS_MAX][64];
    struct pfl_fit fit;
    struct pfl_report_run report;
};

static double spread[SAMPLES] = {1.39e-3, 1.41e-3, 1.42e-3, 1.43e-3, 1.43e-3,
                                 1.44e-3, 1.45e-3, 1.47e-3, 1.5e-3,  1.62e-3};

static inline void add_result(struct run_fixture *r, size_t bench, const char *metric,
                              const char *unit, double median)
{
    struct pfl_result *result = &r->results[bench][r->benchmarks[bench].result_count++];

    *result = (struct pfl_result){
        .metric = metric, .unit = unit, .variant = "", .values = spread, .n = SAMPLES};
    result->summary = (struct pfl_summary){.n = SAMPLES,
                                           .median = median,
                                           .ci_low = median * 0.985,
                                           .ci_high = median * 1.015,
                                           .min = median * 0.97,
                                           .max = median * 1.13};
}

static inline void add_text(struct run_fixture *r, size_t bench, const char *metric,
                            const char *text)
{
    struct pfl_result *result = &r->results[bench][r->benchmarks[bench].result_count++];

    *result = (struct pfl_result){.metric = metric, .unit = "", .variant = "", .text = text};
    result->summary.median = NAN;
}

static inline size_t add_benchmark(struct run_fixture *r, const char *name, double seconds)
{
    size_t i = r->f.head.benchmark_count++;
    struct pfl_benchmark *bench = &r->benchmarks[i];

    *bench =
        (struct pfl_benchmark){.name = name, .suite = "pipeline", .command = name, .reason = ""};
    bench->results = r->results[i];
    r->assessments[i].benchmark = bench;
    if (seconds > 0) {
        bench->launches = r->launches;
        bench->launch_count = SAMPLES;
        add_result(r, i, "time", "s", seconds);
        add_result(r, i, "cpu", "s", seconds * 0.85);
        add_result(r, i, "user", "s", seconds * 0.7);
        add_result(r, i, "sys", "s", seconds * 0.15);
        add_result(r, i, "peak_rss", "B", 19084083);
        add_result(r, i, "page_faults", "1", 123);
    }
    return i;
}

static inline void run_fixture_init(struct run_fixture *r)
{
    memset(r, 0, sizeof *r);
    fixture_init(&r->f);
    r->f.head.benchmarks = r->benchmarks;
    r->report.run = &r->f.head;
    r->report.assessments = r->assessments;
    r->oddity = (struct pfl_oddity){PFL_ODD_OUTLIERS, "2 of 10 launches are outliers (up to 2.1×)"};
}

static inline void run_fixture_ordinary(struct run_fixture *r)
{
    size_t i = add_benchmark(r, "pipeline[size=10]", 1.43e-3);

    add_result(r, i, "throughput", "cells/s", 12.3e6);
    add_result(r, i, "time:assemble", "s", 0.8e-3);
    add_result(r, i, "time:solve", "s", 0.5e-3);
    add_result(r, i, "peak_rss:assemble", "B", 12582912);
    r->assessments[i].oddities = &r->oddity;
    r->assessments[i].oddity_count = 1;
    i = add_benchmark(r, "sort", 0.0121);
    add_text(r, i, "artifact_hash",
             "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    r->benchmarks[i].few = true;
    i = add_benchmark(r, "gzip -9", 0);
    r->benchmarks[i].status = PFL_STATUS_FAILED;
    r->benchmarks[i].reason = "the command ended with exit code 3 in round 2\ngzip: data.bin: No "
                              "such file\ngzip: giving up";
    i = add_benchmark(r, "gpu", 0);
    r->benchmarks[i].status = PFL_STATUS_SKIPPED;
    r->benchmarks[i].reason = "no GPU";
    r->fit = (struct pfl_fit){.suite = "pipeline",
                              .param = "size",
                              .metric = "time",
                              .others = "",
                              .exponent = 1.02,
                              .exponent_low = 1.0,
                              .exponent_high = 1.05,
                              .points = 3};
    r->report.fits = &r->fit;
    r->report.fit_count = 1;
    r->report.recorded = "recorded as run 00000000000000bb in .perfledger/ledger.db";
}

static inline void run_fixture_many(struct run_fixture *r, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        snprintf(r->names[i], sizeof r->names[i], "kernels/forward[batch=%zu]", i + 1);
        add_benchmark(r, r->names[i], 1e-3 * (double)(i + 1));
    }
    r->assessments[2].oddities = &r->oddity;
    r->assessments[2].oddity_count = 1;
}

static inline const char *render_run(struct run_fixture *r, const struct pfl_report_style *style)
{
    pfl_buf_clear(&r->f.out);
    if (pfl_report_run_terminal(&r->report, style, &r->f.arena, &r->f.out, &r->f.err) != PFL_OK)
        return NULL;
    return pfl_buf_cstr(&r->f.out);
}

#endif
