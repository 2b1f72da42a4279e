/* The Go benchmark format: configuration, units, repetitions, packages, runs; damage; writing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/go.h"
#include "taken.h"
#include "written.h"

int test_formats_go(void);

#define HEAD "goos: linux\ngoarch: amd64\ncpu: Some CPU @ 3GHz\n"
#define ASK                                                                                        \
    " is better is not in the file: say it with --better lower|higher; until then its changes "    \
    "are neither good nor bad\n"

static const struct taken_case cases[] = {
    /* repetitions are samples, in the file's order; text before and after; parameters */
    {"some output\n" HEAD "pkg: example.org/x\n"
     "BenchmarkFib/n=10/fast-8  \t 1000\t 325 ns/op\t 2.5 MB/s\t 16 B/op\t 1 allocs/op\n"
     "BenchmarkFib/n=10/fast-8\n"
     "BenchmarkFib/n=10/fast-8 1000 326.5 ns/op 2 MB/s 16 B/op 1 allocs/op\nPASS\nok  x 1.2s\n",
     "run go test (Some CPU @ 3GHz, 0 CPUs)\n"
     "BenchmarkFib/n=10/fast-8 <example.org/x> {gomaxprocs: 8, n: 10}\n"
     "  time s lower 3.25e-07 3.265e-07\n  throughput B/s higher 2500000 2000000\n"
     "  B/op B lower 16 16\n  allocs/op allocs/op lower 1 1\n",
     NULL, false},
    /* several packages: one name stands for one benchmark */
    {"pkg: a\nBenchmarkX 1 1 ns/op\npkg: b\nBenchmarkX 1 2 ns/op\nBenchmarkY 1 3 ns/op\n",
     "run go test\na/BenchmarkX <a>\n  time s lower 1e-09\n"
     "b/BenchmarkX <b>\n  time s lower 2e-09\n"
     "b/BenchmarkY <b>\n  time s lower 3.0000000000000004e-09\n",
     NULL, false},
    /* units: tidied, told by Unit lines before or behind, built-in ones, unknown ones */
    {"Unit p99-ns better=lower assume=nothing\nBenchmarkU 1 2 sec/op 3 p99-ns 4 MB/GC 5 req/sec "
     "6 widgets 7 things 8 peak_rss-B 9 instructions 1.5 %\nUnit widgets better=higher\n",
     "which way of things" ASK "which way of % (1)" ASK "run go test\nBenchmarkU\n"
     "  time s lower 2\n  peak_rss B lower 8\n  instructions 1 lower 9\n  % 1 neither 0.015\n"
     "  MB/GC B lower 4000000\n  p99-ns s lower 3.0000000000000004e-09\n"
     "  req/sec req/s higher 5\n  things things neither 7\n  widgets widgets higher 6\n",
     NULL, false},
    {"Unit x better=lower\nUnit x better=higher\nUnit \nUnit y better\nBenchmarkA 1 1 x\n",
     "2:1 unit x was said to be better otherwise before: left out\n"
     "3:5 expected a unit behind `Unit`\n"
     "4:8 expected key=value in a Unit line, found `better`\n"
     "run go test\nBenchmarkA\n  x x lower 1\n",
     NULL, false},
    /* another configuration of the same benchmark is another run; said again it is not */
    {"commit: 0123456789abcdef\nnote: old\nBenchmarkA 1 1 ns/op\nnote: old\nBenchmarkA 1 2 ns/op\n"
     "commit: fedcba9876543210\nnote:\nBenchmarkA 1 3 ns/op\n",
     "run go test {note: old}\nBenchmarkA\n  time s lower 1e-09 2e-09\n"
     "run go test\nBenchmarkA\n  time s lower 3.0000000000000004e-09\n",
     NULL, false},
    /* failed and skipped ones */
    /* it crashed, in the line or behind; a crash before any benchmark is nobody's */
    {"panic: early\npkg: m\nBenchmarkA-2 \t 1 \t 1 ns/op\npanic: nobody's\nBenchmarkP/x-2 \tpanic: "
     "boom\n\ngoroutine 8 [running]:\nFAIL\tm\npkg: n\nBenchmarkQ\nBenchmarkQ-2 \ntold\n"
     "fatal error: asleep\npkg: o\npanic: late\n\ngoroutine "
     "7\nexample.com/o.BenchmarkR.func1(0x1)\n"
     "o.BenchmarkS(0x1)\nFAIL\n",
     "run go test\nm/BenchmarkA-2 <m> {gomaxprocs: 2}\n  time s lower 1e-09\n"
     "m/BenchmarkP/x-2 <m> {gomaxprocs: 2} failed: panic: boom\n"
     "n/BenchmarkQ-2 <n> {gomaxprocs: 2} failed: fatal error: asleep\n"
     "o/BenchmarkR-2 <o> {gomaxprocs: 2} failed: panic: late\n",
     NULL, false},
    /* it crashed in another configuration */
    {"toolchain: a\nBenchmarkX-8 1 1 ns/op\ntoolchain: b\nBenchmarkX-8 \tpanic: boom\n",
     "run go test {toolchain: a}\nBenchmarkX-8 {gomaxprocs: 8}\n  time s lower 1e-09\n"
     "run go test {toolchain: b}\nBenchmarkX-8 {gomaxprocs: 8} failed: panic: boom\n",
     NULL, false},
    {"BenchmarkA-4 1 1 ns/op\n--- FAIL: BenchmarkB-4\n    b_test.go:7: it broke\n"
     "--- SKIP: BenchmarkC\n--- FAIL: TestD\nFAIL\n",
     "run go test\nBenchmarkA-4 {gomaxprocs: 4}\n  time s lower 1e-09\n"
     "BenchmarkB-4 {gomaxprocs: 4} failed: b_test.go:7: it broke\n"
     "BenchmarkC-4 {gomaxprocs: 4} skipped: the benchmark was skipped\n",
     NULL, false},
    /* oddities of lines: colours, CRLF, a mark, blanks, huge and missing numbers, control bytes */
    {"\xef\xbb\xbf"
     "BenchmarkA\t1\t\x1b[1m1e308 s/op\x1b[0m\r\nBenchmarkB 1 1e999 ns/op\n"
     "BenchmarkC 1 NaN ns/op 2 B/op\nBenchmarkD 1 -3 ns/op\nBenchmark\x01\xff 1 4 ns/op\n",
     "run go test\nBenchmark\x01\xef\xbf\xbd\n  time s lower 4e-09\nBenchmarkA\n"
     "  s/op s lower 1e+308\nBenchmarkB\n  time s lower -\n"
     "BenchmarkC\n  time s lower -\n  B/op B lower 2\nBenchmarkD\n"
     "  time s lower -3.0000000000000004e-09\n",
     NULL, false},
    {"BenchmarkA 1 1 ns/op 2\nBenchmarkB one 1 ns/op\nBenchmarkC 1 x ns/op\nBenchmarkD 1 1,5 "
     "ns/op\n"
     "BenchmarkE 1 1 ns/op junk\n",
     "1:22 a value without a unit is left out\n"
     "2:12 expected a number of iterations behind the benchmark's name, found `one`: the line is "
     "left out\n"
     "3:14 expected a value, found something else: the rest of the line is left out\n"
     "4:14 expected a value, found something else: the rest of the line is left out\n"
     "5:22 expected a value, found something else: the rest of the line is left out\n"
     "run go test\nBenchmarkA\n  time s lower 1e-09\nBenchmarkE\n  time s lower 1e-09\n",
     NULL, false},
    {"", "", NULL, true},
    {"goos: linux\nPASS\n", "", NULL, true},
    /* go test -json: a result in two events, two packages side by side, what -v says before */
    {"{\"Action\":\"start\",\"Package\":\"a\"}\n# a compiler's line\n"
     "{\"Action\":\"output\",\"Package\":\"a\",\"Output\":\"pkg: a\\n\"}\n"
     "{\"Action\":\"output\",\"Package\":\"a\",\"Output\":\"BenchmarkX-2 \\t\"}\n"
     "{\"Action\":\"output\",\"Package\":\"b\",\"Output\":\"pkg: b\\nBenchmarkX-2 1 3 B/op\\n\"}\n"
     "{\"Action\":\"output\",\"Package\":\"a\",\"Output\":\" 1 \\t 1 B/op\\n\"}\n"
     "{\"Action\":\"output\",\"Package\":\"c\",\"Output\":\"pkg: c\\n\"}\n"
     "{\"Action\":\"output\",\"Package\":\"a\",\"Test\":\"Other\",\"Output\":\"BenchmarkX-2 1 2 "
     "B/op\\n\"}\n"
     "{\"Action\":\"output\",\"Package\":\"a\",\"Output\":\"cut\n"
     "{\"Action\":\"output\",\"Package\":\"a\",\"Output\":\"BenchmarkS\\n    x_test.go:5: no "
     "disk\\n\"}\n"
     "{\"Action\":\"output\",\"Package\":\"a\",\"Output\":\"--- SKIP: BenchmarkS\\n\"}\n"
     "{\"Action\":\"skip\",\"Package\":\"a\",\"Test\":\"BenchmarkS\"}\n"
     "{\"Action\":\"output\",\"Package\":\"a\",\"Output\":\"BenchmarkEnd 1 4 B/op\"}\n",
     "9:47 expected a closing '\"', found the end of the input: the event is left out\n"
     "run go test\na/BenchmarkEnd <a>\n  B/op B lower 4\n"
     "a/BenchmarkS <a> skipped: x_test.go:5: no disk\n"
     "a/BenchmarkX-2 <a> {gomaxprocs: 2}\n  B/op B lower 1 2\n"
     "b/BenchmarkX-2 <b> {gomaxprocs: 2}\n  B/op B lower 3\n",
     NULL, false},
};

static void files_are_read(void **state)
{
    (void)state;
    taken_check("go", cases, PFL_COUNT(cases));
}

static void damage_is_borne(void **state)
{
    (void)state;
    taken_damage("go", cases[0].text, false);
    taken_damage("go", cases[PFL_COUNT(cases) - 1].text, false);
    taken_damage("go", cases[5].text, false);
}

static void units_are_tidied(void **state)
{
    static const struct {
        const char *unit, *metric, *stored, *tidy;
        double factor;
    } units[] = {
        {"ns/op", "time", "s", "sec/op", 1e-9},
        {"sec/op", "time", "s", "sec/op", 1},
        {"MB/s", "throughput", "B/s", "B/s", 1e6},
        {"B/op", "B/op", "B", "B/op", 1},
        {"total-bytes", "total-bytes", "B", "total-bytes", 1},
        {"build-real-ns/op", "build-real-ns/op", "s", "build-real-sec/op", 1e-9},
        {"ns-MB", "ns-MB", "sec-B", "sec-B", 1e-9 * 1e6},
        {"bins", "bins", "bins", "bins", 1},
        {"x/ns", "x/ns", "x/ns", "x/ns", 1},
        {"a/b*ns", "a/b*ns", "s", "a/b*sec", 1e-9},
        {"cpu-sec", "cpu", "s", "cpu-sec", 1},
        {"throughput-1/s", "throughput", "1/s", "throughput-1/s", 1},
        {"//", "//", "//", "//", 1},
    };
    struct pfl_go_unit unit;
    struct pfl_arena arena;
    size_t i;

    (void)state;
    pfl_arena_init(&arena);
    for (i = 0; i < PFL_COUNT(units); i++) {
        assert_true(pfl_go_unit(&arena, units[i].unit, &unit));
        assert_string_equal(unit.metric, units[i].metric);
        assert_string_equal(unit.stored, units[i].stored);
        assert_string_equal(unit.tidy, units[i].tidy);
        assert_memory_equal(&unit.factor, &units[i].factor, sizeof unit.factor);
    }
    pfl_arena_release(&arena);
}

/* What was read is written and read again: nothing changes. */
static void what_was_read_is_written(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < 6; i++)
        if (i != 4 && i != 5) /* two runs; states are not written */
            written_again("go", cases[i].text);
}

static void other_runs_are_written(void **state)
{
    (void)state;
    written_check("go",
                  "goos: Linux\ncpu: A CPU\nhost: box\ncommit: 0123456789\n"
                  "Unit peak_rss-B@x better=lower\n"
                  "BenchmarkA_b\\x1b[3m\"\t1\t1 ns/op\n"
                  "BenchmarkA_b\\x1b[3m\"\t1\t3.0000000000000004 ns/op\n"
                  "BenchmarkPipeline/seed=1/size=2\t1\t2000000000 ns/op\t1 MB/s\t7 peak_rss-B@x\n"
                  "BenchmarkPipeline/seed=1/size=2\t1\t2 MB/s\n");
}

int test_formats_go(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read),         cmocka_unit_test(damage_is_borne),
        cmocka_unit_test(units_are_tidied),       cmocka_unit_test(what_was_read_is_written),
        cmocka_unit_test(other_runs_are_written),
    };

    return cmocka_run_group_tests_name("formats/go", tests, NULL, NULL);
}
