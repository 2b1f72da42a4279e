/* Each allocation of a reader and of a writer fails once: it is said, or what comes out is whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/map.h"
#include "taken.h"

int test_formats_no_memory(void);

static const struct {
    const char *format, *text;
} files[] = {
    {"go", "goos: linux\npkg: a\nUnit x better=lower\nBenchmarkA/n=1-8 1 1 ns/op 2 x\n"
           "--- SKIP: BenchmarkB\n    why\npkg: b\nBenchmarkA/n=1-8 1 1 ns/op\ncommit: 0123456\n"
           "BenchmarkA/n=1-8 1 1 ns/op 1 peak_rss-B\n"},
    {"libtest", "test a\xff ... bench: 1,000 ns/iter (+/- 5) = 3 MB/s\ntest b ... FAILED\n"},
    {"catch2", "<Catch name=\"x\"><TestCase name=\"a\"><Section name=\"s\"><BenchmarkResults "
               "name=\"b\" samples=\"3\"><mean value=\"1\" lowerBound=\"1\" upperBound=\"2\" "
               "ci=\"0.95\"/></BenchmarkResults></Section></TestCase></Catch>"},
    {"catch2", "benchmark name       samples       iterations    estimated\n--------------------\n"
               "a name     100    208   7.1968 ms\n  1 ns  1 ns  1 ns\n  1 ns  1 ns  1 ns\n"},
    {"gungraun", "m::f a\n  ======= DHAT ====\n  Total bytes:  5|N/A\nm::f a\n  Ge: 5|N/A\n"
                 "{\"module_path\":\"m\",\"id\":\"x\",\"profiles\":[{\"summaries\":{\"total\":{"
                 "\"summary\":{\"Dhat\":{\"TotalBytes\":{\"metrics\":{\"Left\":{\"Int\":6}}}}}}},"
                 "\"tool\":\"DHAT\"}]}\n"},
    {"bmf",
     "{\"a\":{\"latency\":{\"value\":1,\"lower_value\":0,\"upper_value\":2},\"x\":{\"value\":"
     "1}},\"b\":[{\"parameters\":{\"n\":1},\"measures\":{\"cpu-seconds\":{\"value\":1}}}]}"},
    {"github-action-benchmark",
     "x = {\"entries\":{\"S\":[{\"commit\":{\"id\":\"0123456789\",\"message\":\"m\"},\"date\":1e12,"
     "\"tool\":\"go\",\"benches\":[{\"name\":\"a\",\"unit\":\"ns/op\",\"value\":1,\"range\":\"1\"},"
     "{\"name\":\"a\",\"unit\":\"ns/op\",\"value\":1},{\"name\":\"b\",\"unit\":\"s\",\"value\":1},"
     "{\"name\":\"a\",\"unit\":\"x\",\"value\":1}]}]}}"},
    {"csv", "name,value,unit,launch\n\"a\nb\",1,s,0\nc,2,x,\n"},
};

struct whole {
    const struct pfl_format *writer;
    uint64_t hash; /* of all that was handed over and written */
};

static void note(struct whole *whole, const void *bytes, size_t len)
{
    whole->hash = whole->hash * 31 + pfl_map_hash(bytes, len);
}

static int write_run(void *context, struct pfl_run *run, struct pfl_arena *arena,
                     struct pfl_err *err)
{
    struct whole *whole = context;
    struct pfl_buf out;
    const char *lost;
    size_t i, k;
    int rc = PFL_OK;

    (void)arena;
    for (i = 0; i < run->benchmark_count; i++) {
        const struct pfl_benchmark *bench = &run->benchmarks[i];

        note(whole, bench->name, strlen(bench->name));
        for (k = 0; k < bench->result_count; k++) {
            note(whole, bench->results[k].unit, strlen(bench->results[k].unit));
            note(whole, bench->results[k].values, bench->results[k].n * sizeof(double));
        }
    }
    pfl_buf_init(&out, 1 << 20);
    if (whole->writer->write)
        rc = whole->writer->write(run, &out, &lost, err);
    note(whole, pfl_buf_cstr(&out), out.len);
    pfl_buf_release(&out);
    return rc;
}

static int say_nothing(void *context, const struct pfl_format_place *place, const char *what)
{
    (void)context;
    (void)place;
    (void)what;
    return PFL_OK;
}

static int read_once(const struct pfl_format *format, const char *text, struct whole *whole,
                     struct pfl_err *err)
{
    struct taken_bytes bytes = {text, strlen(text)};
    const struct pfl_format_input input = {.path = "f", .read = taken_read, .context = &bytes};
    const struct pfl_format_sink sink = {write_run, say_nothing, whole};

    return format->read(&input, &sink, err);
}

static void starve(const struct pfl_format *format, const char *text,
                   const struct pfl_format *writer)
{
    struct whole unharmed = {writer, 0}, whole;
    struct pfl_err err;
    unsigned long n;
    int rc = read_once(format, text, &unharmed, &err);

    assert_int_equal(rc, PFL_OK);
    for (n = 1; n < 100000; n++) {
        whole = (struct whole){writer, 0};
        pfl_fault = (struct pfl_fault){.alloc_at = n};
        rc = read_once(format, text, &whole, &err);
        if (pfl_fault.alloc_seen < n)
            break;
        if (rc != PFL_ENOMEM && !(rc == PFL_OK && whole.hash == unharmed.hash))
            fail_msg("%s to %s: allocation %lu failed, the answer was %d", format->name,
                     writer->name, n, rc);
    }
    pfl_fault = (struct pfl_fault){.alloc_at = 0};
    assert_true(n > 3 && whole.hash == unharmed.hash);
}

static void every_allocation_fails_once(void **state)
{
    static const char *const writers[] = {"jmh", "go",         "bmf", "github-action-benchmark",
                                          "csv", "openmetrics"};
    size_t i, k;

    (void)state;
    for (i = 0; i < PFL_COUNT(files); i++)
        for (k = 0; k < PFL_COUNT(writers); k++)
            starve(pfl_format_find(files[i].format), files[i].text, pfl_format_find(writers[k]));
}

int test_formats_no_memory(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_fails_once),
    };

    return cmocka_run_group_tests_name("formats/no_memory", tests, NULL, NULL);
}
