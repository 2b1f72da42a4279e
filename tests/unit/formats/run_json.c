/* The run format: its golden text, that nothing is lost on the way, and what it says of a file that
 * is not one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/run_json.h"

#include "base/alloc.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

int test_formats_run_json(void);

static const double nan_value = (double)NAN;

/* A run with everything in it, and hostile texts. Static storage; built anew by each caller. */
struct sample {
    struct pfl_run run;
    struct pfl_benchmark benchmarks[3];
    struct pfl_result results[4];
    struct pfl_launch launches[3];
    struct pfl_pair environment[2], params[2], said[1];
    const char *warnings[1], *pitfalls[1];
    double times[3], sizes[3], inner[4];
    uint32_t launch_of[4];
};

static void fill_results(struct sample *s)
{
    memcpy(s->times, (double[]){0.1, nan_value, 0.30000000000000004}, sizeof s->times);
    memcpy(s->sizes, (double[]){1048576, 1e300, 5e-324}, sizeof s->sizes);
    memcpy(s->inner, (double[]){1, 2, 3, 4}, sizeof s->inner);
    memcpy(s->launch_of, (uint32_t[]){0, 0, 2, 2}, sizeof s->launch_of);
    s->results[0] = (struct pfl_result){
        .metric = "time",
        .unit = "s",
        .better = PFL_BETTER_LOWER,
        .variant = "",
        .values = s->times,
        .n = 3,
        .summary = {2, 0.2, 0.1, 0.3, 0.2, 0.1414213562373095, 0.1, 0.3, 0.15, 0.25}};
    s->results[1] =
        (struct pfl_result){.metric = "peak_rss",
                            .unit = "B",
                            .better = PFL_BETTER_LOWER,
                            .variant = "",
                            .values = s->sizes,
                            .n = 3,
                            .summary = {0, nan_value, nan_value, nan_value, nan_value, nan_value,
                                        nan_value, nan_value, nan_value, nan_value}};
    s->results[2] = (struct pfl_result){
        .metric = "x\"per\" fect",
        .unit = "cells/s",
        .better = PFL_BETTER_HIGHER,
        .variant = "t=2",
        .values = s->inner,
        .n = 4,
        .launch_of = s->launch_of,
        .summary = {2, 2.5, nan_value, nan_value, 2.5, nan_value, 1, 4, nan_value, nan_value}};
    s->results[3] =
        (struct pfl_result){.metric = "x_hash",
                            .unit = "1",
                            .better = PFL_BETTER_NEITHER,
                            .variant = "out.bin",
                            .text = "",
                            .summary_only = true,
                            .summary = {0, nan_value, nan_value, nan_value, nan_value, nan_value,
                                        nan_value, nan_value, nan_value, nan_value}};
}

static void fill_benchmarks(struct sample *s)
{
    s->params[0] = (struct pfl_pair){"path", "/a b/\"c\"\n\xC3\xA9"};
    s->params[1] = (struct pfl_pair){"size", "10"};
    s->said[0] = (struct pfl_pair){"dtype", "f64"};
    s->pitfalls[0] = "unoptimised build";
    s->launches[0] = (struct pfl_launch){0, 1, 1000000007, 0, 0, 0, 0};
    s->launches[1] = (struct pfl_launch){
        1, 2, 9007199254740993, -5, -1, 9, PFL_LAUNCH_FAILED | PFL_LAUNCH_TIMED_OUT};
    s->launches[2] = (struct pfl_launch){UINT32_MAX, 0, INT64_MAX, INT64_MIN, INT32_MIN, 0, 32};
    s->benchmarks[0] =
        (struct pfl_benchmark){.name = "a \"b\"/\\c\n\t\x01[path=/a b/\xF0\x9F\x98\x80]",
                               .suite = "a",
                               .command = "./a 'x y'",
                               .definition = "00ff",
                               .tier = "smoke",
                               .params = s->params,
                               .param_count = 2,
                               .work = 1e6,
                               .work_unit = "cells",
                               .seed = UINT64_MAX,
                               .status = PFL_STATUS_OK,
                               .reason = "",
                               .partial = true,
                               .few = true,
                               .launches = s->launches,
                               .launch_count = 3,
                               .results = s->results,
                               .result_count = 4,
                               .environment = s->said,
                               .environment_count = 1,
                               .warnings = s->pitfalls,
                               .warning_count = 1};
    s->benchmarks[1] = (struct pfl_benchmark){.name = "b[n=9]",
                                              .suite = "b",
                                              .command = "false",
                                              .definition = "",
                                              .tier = "deep",
                                              .work_unit = "",
                                              .seed = 42,
                                              .status = PFL_STATUS_FAILED,
                                              .reason = "exit code 1"};
    s->benchmarks[2] = (struct pfl_benchmark){.name = "b[n=10]",
                                              .suite = "b",
                                              .command = "gpu",
                                              .definition = "",
                                              .tier = "deep",
                                              .work_unit = "",
                                              .status = PFL_STATUS_SKIPPED,
                                              .reason = "no GPU"};
}

static void fill(struct sample *s)
{
    memset(s, 0, sizeof *s);
    fill_results(s);
    fill_benchmarks(s);
    s->environment[0] = (struct pfl_pair){"LC_ALL", ""};
    s->environment[1] = (struct pfl_pair){"load before", "0.52"};
    s->warnings[0] = "no git revision: a number without provenance is folklore";
    s->run = (struct pfl_run){.id = "0123456789abcdef",
                              .label = "lab \xE2\x82\xAC",
                              .project = "plate",
                              .kind = PFL_RUN_CONFIGURED,
                              .revision = {.commit = "5b78858eb718649a31fb93d8dc96ca2cee41a4cd",
                                           .branch = "main",
                                           .tag = "v1",
                                           .pull_request = "7",
                                           .subject = "it's \"faster\"",
                                           .commit_time = 1700000000,
                                           .dirty = true},
                              .partial = true,
                              .complete = false,
                              .selection = "a* b",
                              .tier = "deep",
                              .started_unix_ns = 1767225599123456789,
                              .finished_unix_ns = 1767225600000000000,
                              .seed = 7,
                              .tool = "perfledger 0.1.0",
                              .machine = {.name = "auto",
                                          .id = "m1",
                                          .fingerprint = "f1",
                                          .platform = "Linux-x86_64-cpu",
                                          .hostname = "h",
                                          .os = "Debian GNU/Linux 12",
                                          .kernel = "6.1",
                                          .arch = "x86_64",
                                          .cpu_model = "CPU (R) @ 3",
                                          .governor = "",
                                          .turbo = "on",
                                          .virtualisation = "kvm",
                                          .container = "none",
                                          .libc = "glibc 2.36",
                                          .cores = 4,
                                          .cpus = 8,
                                          .memory_bytes = 16LL << 30},
                              .environment = s->environment,
                              .environment_count = 2,
                              .warnings = s->warnings,
                              .warning_count = 1,
                              .benchmarks = s->benchmarks,
                              .benchmark_count = 3};
}

static void write_run(const struct pfl_run *run, int indent, struct pfl_buf *buf)
{
    const struct pfl_run_json_options options = {.indent = indent};

    pfl_buf_init(buf, 1 << 20);
    pfl_run_json_write(run, &options, buf);
    assert_int_equal(buf->error, PFL_OK);
}

static int read_run(const char *text, size_t len, struct pfl_arena *arena, struct pfl_run *run,
                    struct pfl_err *err)
{
    struct pfl_json_reader r;
    int rc;

    pfl_arena_init(arena);
    pfl_json_reader_init_text(&r, "run.json", text, len);
    rc = pfl_run_json_read(&r, arena, run, err);
    pfl_json_reader_release(&r);
    return rc;
}

#define NO_SUMMARY                                                                                 \
    "\"median\":null,\"ci\":[null,null],\"mean\":null,\"stddev\":null,\"min\":null,\"max\":null,"  \
    "\"q1\":null,"                                                                                 \
    "\"q3\":null"
#define NAME "\"a \\\"b\\\"/\\\\c\\n\\t\\u0001[path=/a b/\xF0\x9F\x98\x80]\""
#define PARAMS "\"params\":{\"path\":\"/a b/\\\"c\\\"\\n\xC3\xA9\",\"size\":\"10\"}"
#define NO_LAUNCHES                                                                                \
    "\"launches\":{\"round\":[],\"position\":[],\"started_ns\":[],\"gap_ns\":[],\"exit_code\":[]," \
    "\"signal\":[],"                                                                               \
    "\"flags\":[]}"

static const char golden[] =
    "{\"schema\":1,\"run\":{\"id\":\"0123456789abcdef\",\"label\":\"lab "
    "\xE2\x82\xAC\",\"project\":\"plate\","
    "\"kind\":\"configured\",\"revision\":\"5b78858eb718649a31fb93d8dc96ca2cee41a4cd\",\"dirty\":"
    "true,"
    "\"branch\":\"main\",\"tag\":\"v1\",\"pull_request\":\"7\",\"subject\":\"it's \\\"faster\\\"\","
    "\"commit_time\":1700000000,\"partial\":true,\"complete\":false,\"selection\":\"a* "
    "b\",\"tier\":\"deep\","
    "\"started\":\"2025-12-31T23:59:59.123456789Z\",\"finished\":\"2026-01-01T00:00:00."
    "000000000Z\",\"seed\":7,"
    "\"tool\":\"perfledger "
    "0.1.0\",\"machine\":{\"name\":\"auto\",\"id\":\"m1\",\"fingerprint\":\"f1\","
    "\"platform\":\"Linux-x86_64-cpu\",\"hostname\":\"h\",\"os\":\"Debian GNU/Linux "
    "12\",\"kernel\":\"6.1\","
    "\"arch\":\"x86_64\",\"cpu_model\":\"CPU (R) @ "
    "3\",\"cores\":4,\"cpus\":8,\"memory_bytes\":17179869184,"
    "\"governor\":\"\",\"turbo\":\"on\",\"virtualisation\":\"kvm\",\"container\":\"none\",\"libc\":"
    "\"glibc 2.36\"},"
    "\"environment\":{\"LC_ALL\":\"\",\"load before\":\"0.52\"},"
    "\"warnings\":[\"no git revision: a number without provenance is folklore\"]},\"results\":["
    "{\"benchmark\":" NAME "," PARAMS
    ",\"metric\":\"time\",\"unit\":\"s\",\"better\":\"lower\",\"launches\":2,"
    "\"median\":0.2,\"ci\":[0.1,0.3],\"mean\":0.2,\"stddev\":0.1414213562373095,\"min\":0.1,"
    "\"max\":0.3,\"q1\":0.15,"
    "\"q3\":0.25,\"samples\":[0.1,null,0.30000000000000004],\"status\":\"ok\"},"
    "{\"benchmark\":" NAME "," PARAMS
    ",\"metric\":\"peak_rss\",\"unit\":\"B\",\"better\":\"lower\",\"launches\":3," NO_SUMMARY
    ",\"samples\":[1048576,1e+300,5e-324],\"status\":\"ok\"},"
    "{\"benchmark\":" NAME "," PARAMS
    ",\"metric\":\"x\\\"per\\\" fect\",\"unit\":\"cells/s\",\"better\":\"higher\","
    "\"variant\":\"t=2\",\"launches\":2,\"median\":2.5,\"ci\":[null,null],\"mean\":2.5,\"stddev\":"
    "null,\"min\":1,"
    "\"max\":4,\"q1\":null,\"q3\":null,\"samples\":[1,2,3,4],\"launch_of\":[0,0,2,2],\"status\":"
    "\"ok\"},"
    "{\"benchmark\":" NAME "," PARAMS
    ",\"metric\":\"x_hash\",\"unit\":\"1\",\"better\":\"neither\","
    "\"variant\":\"out.bin\",\"text\":\"\",\"launches\":0," NO_SUMMARY
    ",\"samples\":[],\"summary_only\":true,\"status\":\"ok\"},"
    "{\"benchmark\":\"b[n=9]\",\"params\":{},\"metric\":null,\"unit\":null,\"better\":\"neither\","
    "\"launches\":0," NO_SUMMARY ",\"samples\":[],\"status\":\"failed\"},"
    "{\"benchmark\":\"b[n=10]\",\"params\":{},\"metric\":null,\"unit\":null,\"better\":\"neither\","
    "\"launches\":0," NO_SUMMARY ",\"samples\":[],\"status\":\"skipped\"}],\"benchmarks\":["
    "{\"name\":" NAME
    ",\"suite\":\"a\",\"command\":\"./a 'x y'\",\"definition\":\"00ff\",\"tier\":\"smoke\"," PARAMS
    ",\"work\":1000000,\"work_unit\":\"cells\",\"seed\":\"18446744073709551615\",\"status\":\"ok\","
    "\"reason\":\"\","
    "\"partial\":true,\"few\":true,\"environment\":{\"dtype\":\"f64\"},\"warnings\":[\"unoptimised "
    "build\"],"
    "\"launches\":{\"round\":[0,1,4294967295],\"position\":[1,2,0],"
    "\"started_ns\":[1000000007,9007199254740993,9223372036854775807],\"gap_ns\":[0,-5,-"
    "9223372036854775808],"
    "\"exit_code\":[0,-1,-2147483648],\"signal\":[0,9,0],\"flags\":[0,3,32]}},"
    "{\"name\":\"b[n=9]\",\"suite\":\"b\",\"command\":\"false\",\"definition\":\"\",\"tier\":"
    "\"deep\",\"params\":{},"
    "\"seed\":42,\"status\":\"failed\",\"reason\":\"exit code "
    "1\",\"partial\":false,\"few\":false,\"environment\":{},"
    "\"warnings\":[]," NO_LAUNCHES "},"
    "{\"name\":\"b[n=10]\",\"suite\":\"b\",\"command\":\"gpu\",\"definition\":\"\",\"tier\":"
    "\"deep\",\"params\":{},"
    "\"seed\":0,\"status\":\"skipped\",\"reason\":\"no "
    "GPU\",\"partial\":false,\"few\":false,\"environment\":{},"
    "\"warnings\":[]," NO_LAUNCHES "}]}\n";

static void writes_the_golden_text(void **state)
{
    struct pfl_buf buf;
    struct sample s;

    (void)state;
    fill(&s);
    write_run(&s.run, 0, &buf);
    assert_string_equal(pfl_buf_cstr(&buf), golden);
    pfl_buf_release(&buf);
}

static void round_trip(const struct pfl_run *run, int indent)
{
    struct pfl_buf first, second;
    struct pfl_arena arena;
    struct pfl_run back;
    struct pfl_err err;

    write_run(run, indent, &first);
    if (read_run(first.data, first.len, &arena, &back, &err) != PFL_OK)
        fail_msg("%d:%d: %s\n%s", err.line, err.column, err.message, first.data);
    write_run(&back, indent, &second);
    assert_string_equal(second.data, first.data);
    pfl_buf_release(&first);
    pfl_buf_release(&second);
    pfl_arena_release(&arena);
}

static void loses_nothing(void **state)
{
    struct pfl_arena arena;
    struct pfl_run back, bare;
    struct pfl_err err;
    struct sample s;
    int indent;

    (void)state;
    fill(&s);
    for (indent = 0; indent < 3; indent++)
        round_trip(&s.run, indent);
    memset(&bare, 0, sizeof bare); /* NULL texts are written as "" */
    round_trip(&bare, 1);

    assert_int_equal(read_run(golden, sizeof golden - 1, &arena, &back, &err), PFL_OK);
    assert_int_equal(back.started_unix_ns, s.run.started_unix_ns);
    assert_int_equal(back.machine.memory_bytes, s.run.machine.memory_bytes);
    assert_int_equal(back.benchmark_count, 3);
    assert_string_equal(back.benchmarks[0].name, s.benchmarks[0].name);
    assert_true(back.benchmarks[0].seed == UINT64_MAX);
    assert_memory_equal(back.benchmarks[0].launches, s.launches, sizeof s.launches);
    assert_int_equal(back.benchmarks[0].result_count, 4);
    assert_int_equal(back.benchmarks[0].results[0].summary.n, 2);
    assert_true(isnan(back.benchmarks[0].results[0].values[1]));
    assert_memory_equal(back.benchmarks[0].results[1].values, s.sizes, sizeof s.sizes);
    assert_memory_equal(back.benchmarks[0].results[2].launch_of, s.launch_of, sizeof s.launch_of);
    assert_null(back.benchmarks[0].results[0].text);
    assert_string_equal(back.benchmarks[0].results[3].text, "");
    assert_int_equal(back.benchmarks[1].status, PFL_STATUS_FAILED);
    assert_int_equal(back.benchmarks[1].result_count, 0);
    assert_ptr_equal(pfl_run_find(&back, "b[n=10]"), &back.benchmarks[2]);
    pfl_arena_release(&arena);
}

/* What later versions added is absent where there is nothing, as the golden text shows; the id does
 * not depend on what follows from the samples. */
static void keeps_the_yardsticks(void **state)
{
    static struct pfl_yardstick_reading readings[2] = {
        {500000001, {1.24e-9, 1e-7, 2e-9, 1.5e-7, 5e-5}},
        {4321000000007, {1.25e-9, NAN, 2e-9, 1.5e-7, 5e-5}}};
    const char *before, *with, *same;
    struct pfl_arena arena, other;
    struct pfl_buf buf;
    struct pfl_run back;
    struct pfl_err err;
    struct sample s;

    (void)state;
    pfl_arena_init(&other);
    fill(&s);
    assert_int_equal(pfl_run_json_id(&s.run, &other, &before, &err), PFL_OK);
    s.run.yardsticks = readings;
    s.run.yardstick_count = 2;
    s.run.yardstick_reference[PFL_YARDSTICK_SPAWN] = 6e-5;
    assert_int_equal(pfl_run_json_id(&s.run, &other, &with, &err), PFL_OK);
    assert_string_not_equal(before, with);
    s.results[0].normalised =
        (struct pfl_normalised){.by = "core clock", .raw_median = 0.21, .raw_low = 0.2};
    s.results[0].stated = (struct pfl_stated){true, 0.05, 0.5};
    assert_int_equal(pfl_run_json_id(&s.run, &other, &same, &err), PFL_OK);
    assert_string_equal(same, with);
    write_run(&s.run, 0, &buf);
    assert_non_null(
        strstr(buf.data, "\"yardsticks\":[{\"at\":0.500000001,\"core\":1.24e-09,\"chase\":1e-07,"));
    assert_non_null(strstr(buf.data, "\"chase\":null"));
    assert_non_null(strstr(buf.data, "\"median\":0.2,\"ci\":[0.05,0.5],\"median_ci\":[0.1,0.3],"
                                     "\"raw_median\":0.21,\"normalised_by\":\"core clock\""));
    assert_int_equal(read_run(buf.data, buf.len, &arena, &back, &err), PFL_OK);
    assert_int_equal(back.yardstick_count, 2);
    assert_true(back.yardsticks[1].at_ns == 4321000000007);
    assert_true(isnan(back.yardsticks[1].value[PFL_YARDSTICK_CHASE]));
    assert_true(back.yardsticks[0].value[PFL_YARDSTICK_CORE] == 1.24e-9);
    assert_true(back.yardstick_reference[PFL_YARDSTICK_SPAWN] == 6e-5);
    assert_int_equal(pfl_run_json_id(&back, &other, &same, &err), PFL_OK);
    assert_string_equal(same, with);
    pfl_buf_release(&buf);
    pfl_arena_release(&arena);
    pfl_arena_release(&other);
}

static void writes_baselines_for_review(void **state)
{
    const struct pfl_run_json_options options = {
        .indent = 1, .baseline_name = "v1 \"x\"", .saved_unix = 951782400};
    struct pfl_arena arena;
    struct pfl_run back;
    struct pfl_buf buf;
    struct pfl_err err;
    struct sample s;

    (void)state;
    fill(&s);
    pfl_buf_init(&buf, 1 << 20);
    pfl_run_json_write(&s.run, &options, &buf);
    assert_non_null(strstr(buf.data, " \"baseline\": {\n  \"name\": \"v1 \\\"x\\\"\",\n"
                                     "  \"saved\": \"2000-02-29T00:00:00Z\"\n },\n"));
    assert_non_null(strstr(buf.data, "\n   \"samples\": [0.1, null, 0.30000000000000004],\n"));
    assert_non_null(strstr(buf.data, "\n    \"round\": [0, 1, 4294967295],\n"));
    assert_int_equal(read_run(buf.data, buf.len, &arena, &back, &err), PFL_OK);
    pfl_arena_release(&arena);
    pfl_buf_release(&buf);
}

static void the_id_follows_from_the_content(void **state)
{
    char first[17];
    const char *id = "untouched";
    struct pfl_arena arena;
    struct pfl_err err;
    struct sample s;

    (void)state;
    fill(&s);
    pfl_arena_init(&arena);
    assert_int_equal(pfl_run_json_id(&s.run, &arena, &id, &err), PFL_OK);
    assert_int_equal(strlen(id), 16);
    assert_int_equal(strspn(id, "0123456789abcdef"), 16);
    memcpy(first, id, sizeof first);

    s.run.id = "another";
    s.results[0].summary.median = 7; /* follows from the samples */
    assert_int_equal(pfl_run_json_id(&s.run, &arena, &id, &err), PFL_OK);
    assert_string_equal(id, first);
    s.times[0] = nextafter(s.times[0], 1);
    assert_int_equal(pfl_run_json_id(&s.run, &arena, &id, &err), PFL_OK);
    assert_string_not_equal(id, first);
    fill(&s);
    s.results[3].summary.median = 7; /* here nothing else says it */
    assert_int_equal(pfl_run_json_id(&s.run, &arena, &id, &err), PFL_OK);
    assert_string_not_equal(id, first);
    fill(&s);
    s.run.started_unix_ns++;
    assert_int_equal(pfl_run_json_id(&s.run, &arena, &id, &err), PFL_OK);
    assert_string_not_equal(id, first);
    pfl_arena_release(&arena);
}

/* Renames each required key of the golden text in turn: it is then missing, and the error says so.
 */
static void misses_every_required_field(void **state)
{
    static const char *const keys[] = {
        "schema",     "run",     "results",   "id",          "revision",  "dirty",
        "partial",    "started", "machine",   "environment", "benchmark", "metric",
        "unit",       "samples", "status",    "name",        "round",     "position",
        "started_ns", "gap_ns",  "exit_code", "signal",      "flags"};
    char text[sizeof golden], key[64], want[80];
    struct pfl_arena arena;
    struct pfl_run run;
    struct pfl_err err;
    size_t i;
    char *at;

    (void)state;
    for (i = 0; i < PFL_COUNT(keys); i++) {
        memcpy(text, golden, sizeof golden);
        snprintf(key, sizeof key, "\"%s\":", keys[i]);
        at = strstr(text, strcmp(keys[i], "name") == 0 ? "\"benchmarks\":" : key);
        at = strstr(at, key);
        assert_non_null(at);
        at[1] = '-';
        snprintf(want, sizeof want, " has no \"%s\"", keys[i]);
        assert_int_equal(read_run(text, sizeof golden - 1, &arena, &run, &err), PFL_EPARSE);
        assert_non_null(strstr(err.message, want));
        assert_int_equal(err.line, 1);
        assert_true(err.column > 0);
        pfl_arena_release(&arena);
    }
}

static void a_cut_file_is_an_error(void **state)
{
    struct pfl_arena arena;
    struct pfl_run run;
    struct pfl_err err;
    size_t len;

    (void)state;
    for (len = 0; len < sizeof golden - 2; len++) { /* without the last } and newline */
        assert_int_equal(read_run(golden, len, &arena, &run, &err), PFL_EPARSE);
        assert_int_equal(err.line, 1);
        pfl_arena_release(&arena);
    }
    assert_int_equal(read_run(golden, len, &arena, &run, &err), PFL_OK);
    pfl_arena_release(&arena);
}

static void survives_every_allocation_fault(void **state)
{
    const char *id = "untouched";
    struct pfl_arena arena;
    struct pfl_run run;
    struct pfl_err err;
    struct sample s;
    unsigned long n;
    int rc = PFL_ENOMEM;

    (void)state;
    for (n = 1; rc == PFL_ENOMEM; n++) {
        pfl_fault = (struct pfl_fault){.alloc_at = n};
        rc = read_run(golden, sizeof golden - 1, &arena, &run, &err);
        pfl_fault = (struct pfl_fault){0};
        if (rc < 0)
            assert_int_equal(err.code, PFL_ENOMEM);
        pfl_arena_release(&arena);
    }
    assert_int_equal(rc, PFL_OK);
    assert_true(n > 3);

    fill(&s);
    for (n = 1, rc = PFL_ENOMEM; rc == PFL_ENOMEM; n++) {
        pfl_arena_init(&arena);
        pfl_fault = (struct pfl_fault){.alloc_at = n};
        rc = pfl_run_json_id(&s.run, &arena, &id, &err);
        pfl_fault = (struct pfl_fault){0};
        if (rc < 0)
            assert_string_equal(id, "untouched");
        pfl_arena_release(&arena);
    }
    assert_int_equal(rc, PFL_OK);
    assert_true(n > 3);
}

static void writes_hyperfines_file(void **state)
{
    struct pfl_buf buf;
    struct sample s;
    struct pfl_result more[3];
    double user[] = {0.25, 9, 0.75};

    (void)state;
    fill(&s);
    more[0] = s.results[0];
    more[1] = s.results[1];
    more[2] =
        (struct pfl_result){.metric = "user", .unit = "s", .variant = "", .values = user, .n = 3};
    s.sizes[2] = 4096;
    s.benchmarks[0].results = more;
    s.benchmarks[0].result_count = 3;
    s.launches[2].exit_code = 3;
    pfl_buf_init(&buf, 1 << 20);
    pfl_hyperfine_write(&s.run, &buf);
    assert_string_equal(
        pfl_buf_cstr(&buf),
        "{\n  \"results\": [\n    {\n      \"command\": \"./a 'x y'\",\n      \"mean\": 0.2,\n"
        "      \"stddev\": 0.1414213562373095,\n      \"median\": 0.2,\n      \"user\": 0.5,\n"
        "      \"system\": null,\n      \"min\": 0.1,\n      \"max\": 0.3,\n"
        "      \"times\": [\n        0.1,\n        0.30000000000000004\n      ],\n"
        "      \"memory_usage_byte\": [\n        1048576,\n        4096\n      ],\n"
        "      \"exit_codes\": [\n        0,\n        3\n      ],\n"
        "      \"parameters\": {\n        \"path\": \"/a b/\\\"c\\\"\\n\xC3\xA9\",\n        "
        "\"size\": \"10\"\n      }\n"
        "    }\n  ]\n}\n");
    pfl_buf_clear(&buf);
    more[0].summary.n = 1;
    pfl_hyperfine_write(&s.run, &buf);
    assert_non_null(strstr(pfl_buf_cstr(&buf), "\"stddev\": null,"));
    pfl_buf_release(&buf);
}

int test_formats_run_json(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_the_golden_text),
        cmocka_unit_test(loses_nothing),
        cmocka_unit_test(keeps_the_yardsticks),
        cmocka_unit_test(writes_baselines_for_review),
        cmocka_unit_test(the_id_follows_from_the_content),
        cmocka_unit_test(misses_every_required_field),
        cmocka_unit_test(a_cut_file_is_an_error),
        cmocka_unit_test(survives_every_allocation_fault),
        cmocka_unit_test(writes_hyperfines_file),
    };

    return cmocka_run_group_tests_name("formats/run_json", tests, NULL, NULL);
}
