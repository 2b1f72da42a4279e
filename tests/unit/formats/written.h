/* What a format's writer makes of a run: of one that was read, and of one with everything in it. */
#ifndef PFL_TESTS_WRITTEN_H
#define PFL_TESTS_WRITTEN_H

#include "judge/judge.h"
#include "taken.h"

struct written {
    const struct pfl_format *format;
    struct pfl_buf dump, out;
};

static inline int written_run(void *context, struct pfl_run *run, struct pfl_arena *arena,
                              struct pfl_err *err)
{
    struct written *written = context;
    const char *lost;

    taken_run(&written->dump, run, arena, err);
    assert_int_equal(pfl_judge_summarise(run, err), PFL_OK);
    assert_int_equal(written->format->write(run, &written->out, &lost, err), PFL_OK);
    return PFL_OK;
}

static inline int written_nothing(void *context, const struct pfl_format_place *place,
                                  const char *what)
{
    (void)context;
    (void)place;
    (void)what;
    return PFL_OK;
}

static inline void written_read(struct written *written, const char *text)
{
    struct taken_bytes bytes = {text, strlen(text)};
    const struct pfl_format_input input = {.path = "f", .read = taken_read, .context = &bytes};
    const struct pfl_format_sink sink = {written_run, written_nothing, written};
    struct pfl_err err;

    pfl_buf_init(&written->dump, 1 << 20);
    pfl_buf_init(&written->out, 1 << 20);
    if (written->format->read(&input, &sink, &err) != PFL_OK)
        fail_msg("%d:%d: %s\n%s", err.line, err.column, err.message, text);
}

static inline void written_release(struct written *written)
{
    pfl_buf_release(&written->dump);
    pfl_buf_release(&written->out);
}

/* Read, written, read: the same run; written once more: the same text. */
static inline void written_again(const char *name, const char *text)
{
    struct written first = {.format = pfl_format_find(name)}, second = first;

    written_read(&first, text);
    written_read(&second, pfl_buf_cstr(&first.out));
    assert_string_equal(pfl_buf_cstr(&second.dump), pfl_buf_cstr(&first.dump));
    assert_string_equal(pfl_buf_cstr(&second.out), pfl_buf_cstr(&first.out));
    written_release(&first);
    written_release(&second);
}

/* Two benchmarks: a hostile name without parameters, and one with them, a variant, a summary, a
 * text, a value that is missing. */
static inline void written_check(const char *name, const char *expected)
{
    static double times[] = {1e-9, (double)NAN, 3.0000000000000007e-09}, seconds[] = {2},
                  rates[] = {1e6, 2e6};
    static uint32_t launch_of[] = {0, 0};
    static struct pfl_pair params[] = {{"seed", "1"}, {"size", "2"}};
    const struct pfl_format *format = pfl_format_find(name);
    struct pfl_result odd[] = {
        {.metric = "time", .unit = "s", .variant = "", .values = times, .n = 3},
        {.metric = "artifact_hash",
         .unit = "",
         .variant = "",
         .text = "ab",
         .better = PFL_BETTER_NEITHER},
    };
    struct pfl_result plain[] = {
        {.metric = "time", .unit = "s", .variant = "", .values = seconds, .n = 1},
        {.metric = "throughput",
         .unit = "B/s",
         .variant = "",
         .better = PFL_BETTER_HIGHER,
         .values = rates,
         .n = 2,
         .launch_of = launch_of},
        {.metric = "peak_rss",
         .unit = "B",
         .variant = "x",
         .summary_only = true,
         .summary = {5, 7, 6, 9, 7.5, 1, 6, 9, NAN, NAN}},
    };
    struct pfl_launch launches[1] = {{.round = 0}};
    struct pfl_benchmark benchmarks[] = {
        {.name = "a b\x1b[3m\"", .suite = "", .command = "", .results = odd, .result_count = 2},
        {.name = "pipeline[seed=1,size=2]",
         .suite = "pipeline",
         .command = "",
         .params = params,
         .param_count = 2,
         .launches = launches,
         .launch_count = 1,
         .results = plain,
         .result_count = 3},
    };
    struct pfl_run run = {
        .id = "0011223344556677",
        .label = "",
        .project = "",
        .revision = {"0123456789", "", "", "", "", 0, false},
        .selection = "",
        .tier = "",
        .tool = "perfledger",
        .started_unix_ns = INT64_C(1700000000500000000),
        .machine = {.name = "box", .id = "box", .os = "Linux", .arch = "", .cpu_model = "A CPU"},
        .benchmarks = benchmarks,
        .benchmark_count = 2,
    };
    struct pfl_buf out;
    const char *lost;

    assert_non_null(format);
    assert_int_equal(pfl_judge_summarise(&run, NULL), PFL_OK);
    pfl_buf_init(&out, 1 << 20);
    assert_int_equal(format->write(&run, &out, &lost, NULL), PFL_OK);
    assert_non_null(lost);
    assert_string_equal(pfl_buf_cstr(&out), expected);
    pfl_buf_release(&out);
}

#endif
