/* github-action-benchmark: lists, histories, ranges by tool, Go's repetitions; writing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "written.h"

int test_formats_github_action_benchmark(void);

static const struct taken_case cases[] = {
    /* a list: units that decide, units that do not; ranges as number, text, percent; values as text
     */
    {"[{\"name\":\"t\",\"unit\":\"ns/iter\",\"value\":1847.5,\"range\":10.5},\n"
     "{\"name\":\"r\",\"unit\":\"req/s\",\"value\":\"70\"},\n"
     "{\"name\":\"m\",\"unit\":\"Megabytes\",\"value\":100,\"range\":\"5%\",\"extra\":\"Optional: "
     "25\"},\n"
     "{\"name\":\"b\",\"unit\":\"kB\",\"value\":3,\"range\":\"± 1,000\"},\n"
     "{\"name\":3,\"unit\":\"Percent\",\"value\":50}]",
     "which way of value (Megabytes) is better is not in the file: say it with --better "
     "lower|higher; until then its changes are neither good nor bad\n"
     "which way of value (Percent) is better is not in the file: say it with --better "
     "lower|higher; until then its changes are neither good nor bad\n"
     "run github-action-benchmark\n"
     "3\n"
     "  value Percent neither 50\n"
     "b\n"
     "  value B lower ~1 3000 [-9.97e+05 1.003e+06]\n"
     "m\n"
     "  value Megabytes neither ~1 100 [95 105]\n"
     "r\n"
     "  throughput req/s higher 70\n"
     "t\n"
     "  time s lower ~1 1.8475e-06 [1.837e-06 1.858e-06]\n"
     "values have ranges, no samples: intervals are the values ± these\n",
     NULL, false},
    /* --unit where there is none, duplicate names, no value, wrong kinds */
    {"[{\"name\":\"a\",\"unit\":\"\",\"value\":2},{\"name\":\"a\",\"value\":3},\n"
     "{\"name\":\"c\",\"unit\":\"s\"},{\"name\":\"d\",\"unit\":\"s\",\"value\":\"x\"},{\"name\":["
     "\"e\"],\"unit\":\"s\",\"value\":1},7,\n"
     "{\"name\":\"f\",\"unit\":\"s\",\"value\":1e308,\"range\":\"x\"},null]",
     "2:69 expected a text, found an array: left out\n"
     "2:97 expected an object, found a number: left out\n"
     "1:1 a comes twice: this one is kept as a#2\n"
     "2:1 c has no value that is a number: left out\n"
     "2:25 d has no value that is a number: left out\n"
     "2:61 a result without a name is left out\n"
     "run github-action-benchmark\n"
     "a\n"
     "  time s lower 2e-06\n"
     "a#2\n"
     "  time s lower 3e-06\n"
     "f\n"
     "  time s lower 1e+308\n",
     "us", false},
    /* the history: each entry is a run; a rerun of a commit; a commit that is none; directions by
       tool */
    {"window.BENCHMARK_DATA = "
     "{\"lastUpdate\":1,\"repoUrl\":\"u\",\"entries\":{\"A\":[{\"commit\":{\"id\":"
     "\"0123456789abcdef0123456789abcdef01234567\",\"message\":\"first\\nmore\",\"timestamp\":"
     "\"2019-11-10T00:06:58+09:00\",\"author\":{\"name\":\"x\"}},\"date\":1574927127603,\"tool\":"
     "\"cargo\",\"benches\":[{\"name\":\"f\",\"value\":254,\"range\":\"+/- "
     "2,802\",\"unit\":\"ns/iter\"}]},\n"
     "{\"commit\":{\"id\":\"0123456789abcdef0123456789abcdef01234567\",\"message\":"
     "\"first\\nmore\",\"timestamp\":\"2019-11-10T00:06:58+09:00\",\"author\":{\"name\":\"x\"}},"
     "\"date\":1574927127604,\"tool\":\"cargo\",\"benches\":[{\"name\":\"f\",\"value\":250.5,"
     "\"range\":\"± 35\",\"unit\":\"ns/iter\"}]},\n"
     "{\"commit\":{\"id\":\"prev commit "
     "id\",\"message\":\"first\\nmore\",\"timestamp\":\"dummy\",\"author\":{\"name\":\"x\"}},"
     "\"date\":1574927127603,\"tool\":\"customBiggerIsBetter\",\"benches\":[{\"name\":\"x\","
     "\"value\":5,\"unit\":\"points\"}]}],\n"
     "\"Two "
     "words\":[{\"commit\":{\"id\":\"0123456789abcdef0123456789abcdef01234567\",\"message\":"
     "\"first\\nmore\",\"timestamp\":\"2019-11-10T00:06:58+09:00\",\"author\":{\"name\":\"x\"}},"
     "\"date\":1574927127603,\"tool\":\"customSmallerIsBetter\",\"benches\":[{\"name\":\"f\","
     "\"value\":5,\"unit\":\"points\"}]}]}}",
     "run cargo at 1574927127\n"
     "A/f <A>\n"
     "  time s lower ~1 2.54e-07 [-2.548e-06 3.056e-06]\n"
     "run cargo at 1574927127\n"
     "A/f <A>\n"
     "  time s lower ~1 2.505e-07 [2.155e-07 2.855e-07]\n"
     "run customBiggerIsBetter at 1574927127 {commit: prev commit id}\n"
     "A/x <A>\n"
     "  value points higher 5\n"
     "run customSmallerIsBetter at 1574927127\n"
     "Two words/f <Two words>\n"
     "  value points lower 5\n"
     "values have ranges, no samples: intervals are the values ± these\n",
     NULL, false},
    /* what a range means by tool; samples */
    {"window.BENCHMARK_DATA = "
     "{\"lastUpdate\":1,\"repoUrl\":\"u\",\"entries\":{\"S\":[{\"commit\":{\"id\":"
     "\"0123456789abcdef0123456789abcdef01234567\",\"message\":\"first\\nmore\",\"timestamp\":"
     "\"2019-11-10T00:06:58+09:00\",\"author\":{\"name\":\"x\"}},\"date\":1574927127603,\"tool\":"
     "\"benchmarkjs\",\"benches\":[{\"name\":\"a\",\"value\":100,\"range\":\"±1.5%\",\"unit\":"
     "\"ops/sec\",\"extra\":\"88 samples\"}]},\n"
     "{\"commit\":{\"id\":\"0123456789abcdef0123456789abcdef01234567\",\"message\":"
     "\"first\\nmore\",\"timestamp\":\"2019-11-10T00:06:58+09:00\",\"author\":{\"name\":\"x\"}},"
     "\"date\":1574927127603,\"tool\":\"pytest\",\"benches\":[{\"name\":\"a\",\"value\":1000,"
     "\"range\":\"stddev: 1e-05\",\"unit\":\"iter/sec\",\"extra\":\"mean: 1.0 msec\\nrounds: "
     "100\"}]},\n"
     "{\"commit\":{\"id\":\"0123456789abcdef0123456789abcdef01234567\",\"message\":"
     "\"first\\nmore\",\"timestamp\":\"2019-11-10T00:06:58+09:00\",\"author\":{\"name\":\"x\"}},"
     "\"date\":1574927127603,\"tool\":\"catch2\",\"benches\":[{\"name\":\"a\",\"value\":344,"
     "\"range\":\"± 19\",\"unit\":\"ns\",\"extra\":\"100 samples\\n208 iterations\"}]},\n"
     "{\"commit\":{\"id\":\"0123456789abcdef0123456789abcdef01234567\",\"message\":"
     "\"first\\nmore\",\"timestamp\":\"2019-11-10T00:06:58+09:00\",\"author\":{\"name\":\"x\"}},"
     "\"date\":1574927127603,\"tool\":\"benchmarkdotnet\",\"benches\":[{\"name\":\"a\",\"value\":"
     "344,\"range\":\"± 19\",\"unit\":\"ns\"}]},\n"
     "{\"commit\":{\"id\":\"0123456789abcdef0123456789abcdef01234567\",\"message\":"
     "\"first\\nmore\",\"timestamp\":\"2019-11-10T00:06:58+09:00\",\"author\":{\"name\":\"x\"}},"
     "\"date\":1574927127603,\"tool\":\"googlecpp\",\"benches\":[{\"name\":\"a\",\"value\":344,"
     "\"unit\":\"ns/iter\",\"extra\":\"iterations: 7\"}]}]}};\n",
     "run benchmarkjs at 1574927127\n"
     "S/a <S>\n"
     "  throughput 1/s higher ~88 100 [98.5 101.5]\n"
     "run pytest at 1574927127\n"
     "S/a <S>\n"
     "  throughput 1/s higher ~100 1000 [998.02 1002] mean 1000 sd 10\n"
     "run catch2 at 1574927127\n"
     "S/a <S>\n"
     "  time s lower ~100 3.44e-07 [3.4023e-07 3.4777e-07] mean 3.44e-07 sd 1.9e-08\n"
     "run benchmarkdotnet at 1574927127\n"
     "S/a <S>\n"
     "  time s lower ~1 3.44e-07 mean 3.44e-07 sd 1.9e-08\n"
     "run googlecpp at 1574927127\n"
     "S/a <S>\n"
     "  time s lower 3.44e-07\n"
     "values have ranges, no samples: intervals are the values ± these\n"
     "values have standard deviations, no samples: intervals are those of means of as many samples "
     "as are said, none where it is not said\n",
     NULL, false},
    /* Go: repetitions, more metrics, units that hold more */
    {"window.BENCHMARK_DATA = "
     "{\"lastUpdate\":1,\"repoUrl\":\"u\",\"entries\":{\"G\":[{\"commit\":{\"id\":"
     "\"0123456789abcdef0123456789abcdef01234567\",\"message\":\"first\\nmore\",\"timestamp\":"
     "\"2019-11-10T00:06:58+09:00\",\"author\":{\"name\":\"x\"}},\"date\":1574927127603,\"tool\":"
     "\"go\",\"benches\":[{\"name\":\"BenchmarkA\",\"value\":4,\"unit\":\"ns/op\\t   4.000 "
     "auxMetricUnits\",\"extra\":\"9 times\"},{\"name\":\"BenchmarkA - "
     "B/op\",\"value\":16,\"unit\":\"B/op\"},{\"name\":\"BenchmarkA\",\"value\":5,\"unit\":\"ns/"
     "op\"},{\"name\":\"BenchmarkA - "
     "B/op\",\"value\":16,\"unit\":\"B/"
     "op\"},{\"name\":\"BenchmarkB\",\"value\":1,\"unit\":\"widgets\"},{\"name\":\"BenchmarkA\","
     "\"value\":6,\"unit\":\"MB/s\"}]}]}}",
     "1:1 G/BenchmarkA comes twice: this one is kept as G/BenchmarkA#2\n"
     "which way of widgets is better is not in the file: say it with --better lower|higher; until "
     "then its changes are neither good nor bad\n"
     "run go at 1574927127\n"
     "G/BenchmarkA <G>\n"
     "  time s lower 4e-09 5e-09\n"
     "G/BenchmarkA - B/op <G>\n"
     "  B/op B lower 16 16\n"
     "G/BenchmarkA#2 <G>\n"
     "  throughput B/s higher 6000000\n"
     "G/BenchmarkB <G>\n"
     "  widgets widgets neither 1\n",
     NULL, false},
    /* nothing in it */
    {"[]", "", NULL, true},
    {"{\"entries\":{\"a\":[{\"benches\":[]}]}}", "", NULL, false},
    {"window.BENCHMARK_DATA = "
     "{\"entries\":{\"a\":[{\"benches\":[{\"name\":\"x\",\"unit\":\"s\",\"value\":1}",
     "1:87 error: expected ',' or ']', found the end of the input\n", NULL, false},
    {"5", "1:1 error: expected a list of results, or the history's object\n", NULL, true},
};

static void files_are_read(void **state)
{
    (void)state;
    taken_check("github-action-benchmark", cases, PFL_COUNT(cases));
}

static void damage_is_borne(void **state)
{
    (void)state;
    taken_damage("github-action-benchmark", cases[0].text, true);
    taken_damage("github-action-benchmark", cases[4].text, false);
}

/* Which way a list goes its reader is told; --better says it here. */
static void better_is_told(void **state)
{
    static const char text[] = "[{\"name\":\"m\",\"unit\":\"points\",\"value\":1},"
                               "{\"name\":\"t\",\"unit\":\"s\",\"value\":1}]";
    struct taken_bytes bytes = {text, sizeof text - 1};
    const enum pfl_better higher = PFL_BETTER_HIGHER;
    const struct pfl_format_input input = {
        .path = "f", .read = taken_read, .context = &bytes, .better = &higher};
    struct pfl_buf out;
    const struct pfl_format_sink sink = {.run = taken_run, .warn = taken_warning, .context = &out};

    (void)state;
    pfl_buf_init(&out, 1 << 16);
    assert_int_equal(pfl_format_find("github-action-benchmark")->read(&input, &sink, NULL), PFL_OK);
    assert_string_equal(pfl_buf_cstr(&out),
                        "run github-action-benchmark\nm\n  value points higher 1\n"
                        "t\n  time s lower 1\n");
    pfl_buf_release(&out);
}

static void runs_are_written(void **state)
{
    (void)state;
    written_check("github-action-benchmark",
                  "[\n"
                  "  {\n"
                  "    \"name\": \"a b\\u001b[3m\\\"\",\n"
                  "    \"unit\": \"s\",\n"
                  "    \"value\": 2.0000000000000005e-09,\n"
                  "    \"range\": \"± 1.0000000000000005e-09\",\n"
                  "    \"extra\": \"2 samples\"\n"
                  "  },\n"
                  "  {\n"
                  "    \"name\": \"pipeline[seed=1,size=2]\",\n"
                  "    \"unit\": \"s\",\n"
                  "    \"value\": 2,\n"
                  "    \"extra\": \"1 samples\"\n"
                  "  },\n"
                  "  {\n"
                  "    \"name\": \"pipeline[seed=1,size=2] - peak_rss x\",\n"
                  "    \"unit\": \"B\",\n"
                  "    \"value\": 7,\n"
                  "    \"range\": \"± 2\",\n"
                  "    \"extra\": \"5 samples\"\n"
                  "  }\n"
                  "]\n");
}

int test_formats_github_action_benchmark(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read),
        cmocka_unit_test(damage_is_borne),
        cmocka_unit_test(better_is_told),
        cmocka_unit_test(runs_are_written),
    };

    return cmocka_run_group_tests_name("formats/github_action_benchmark", tests, NULL, NULL);
}
