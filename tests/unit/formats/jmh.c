/* JMH: modes, forks as launches, units, secondary metrics, sampling mode, damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "taken.h"

int test_formats_jmh(void);

#define WHOLE                                                                                      \
    "[{\"jmhVersion\":\"1.36\",\"benchmark\":\"org.x.B.run\",\"mode\":\"thrpt\",\"threads\":1,"    \
    "\"forks\":2,\"jdkVersion\":\"17\",\"vmName\":\"VM\",\"params\":{\"size\":\"10\",\"kind\":"    \
    "\"a\"},\n\"primaryMetric\":{\"score\":2.5,\"scoreError\":\"NaN\",\"scoreConfidence\":["       \
    "\"NaN\",\"NaN\"],\"scorePercentiles\":{\"0.0\":2.25},\"scoreUnit\":\"ops/ns\",\"rawData\":"   \
    "[[2.25,2.5],[2.75]]},\"secondaryMetrics\":{}}]\n"

/* clang-format off */
#define SCORE(unit, raw) "\"primaryMetric\":{\"score\":7,\"scoreUnit\":\"" unit "\",\"rawData\":" raw "}"

static const struct taken_case cases[] = {
    {WHOLE,
     "run JMH {jdk: 17, jmh: 1.36, vm: VM}\norg.x.B.run[size=10,kind=a] {kind: a, size: 10}\n"
     "  throughput 1/s higher 2250000000 2500000000 2750000000 @0 0 1\n",
     NULL, false},
    /* the modes of one benchmark stand together, one that comes again does not; one fork's
     * iterations count one by one */
    {"[{\"benchmark\":\"b\",\"mode\":\"avgt\"," SCORE("us/op", "[[1,2]]") "},"
     "{\"benchmark\":\"b\",\"mode\":\"thrpt\"," SCORE("ops/s", "[[3]]") "},"
     "{\"benchmark\":\"b\",\"mode\":\"ss\"," SCORE("ms/op", "[[4]]") "},"
     "{\"benchmark\":\"b\",\"mode\":\"avgt\"," SCORE("s/op", "[[5]]") "},"
     "{\"benchmark\":\"b\",\"mode\":\"thrpt\"," SCORE("ops/s", "[[6]]") "}]",
     "b comes twice: this one is kept as b#2\n"
     "run JMH\nb\n  time s lower 1e-06 2e-06\n  time:ss s lower 0.004\n"
     "  throughput 1/s higher 3\nb#2\n  time s lower 5\n  throughput 1/s higher 6\n",
     NULL, false},
    /* sampling has no raw data: the score and its interval; an interval of NaN; no score */
    {"[{\"benchmark\":\"s\",\"mode\":\"sample\",\"primaryMetric\":{\"score\":2,\"scoreConfidence\":"
     "[1,3],\"scorePercentiles\":{\"0.0\":0.5,\"50.0\":2,\"100.0\":9},\"scoreUnit\":\"ms/op\","
     "\"rawDataHistogram\":[[[[1,2]]]]}},{\"benchmark\":\"n\",\"mode\":\"avgt\",\"primaryMetric\":{"
     "\"score\":\"NaN\",\"scoreUnit\":\"s/op\"}}]",
     "1:270 n has no score\n"
     "1 scores have no raw data (sampling mode has none): they stand with JMH's own intervals, "
     "which are of 99.9 %\n"
     "run JMH\nn\ns\n  time:sample s lower ~1 0.002 [0.001 0.003] mean 0.002 min 0.0005 max 0.009\n",
     NULL, false},
    /* profilers: with a dot in older versions; of a rate of bytes more is not better */
    {"[{\"benchmark\":\"p\",\"mode\":\"avgt\"," SCORE("ns/op", "[[1]]") ",\"secondaryMetrics\":{"
     "\"\xc2\xb7gc.alloc.rate\":{\"score\":3,\"scoreUnit\":\"MB/sec\",\"rawData\":[[3]]},"
     "\"gc.alloc.rate.norm\":{\"scoreUnit\":\"B/op\",\"rawData\":[[16]]},"
     "\"gc.count\":{\"score\":2,\"scoreUnit\":\"counts\",\"rawData\":[[2]]},"
     "\"time\":{\"scoreUnit\":\"ms\",\"rawData\":[[5]]}}}]",
     "which way of gc.count (counts) is better is not in the file: say it with --better "
     "lower|higher; until then its changes are neither good nor bad\n"
     "run JMH\np\n  time s lower 1e-09\n  gc.alloc.rate B/s neither 3000000\n"
     "  gc.alloc.rate.norm B lower 16\n  gc.count counts neither 2\n"
     "  secondary:time s lower 0.005\n",
     NULL, false},
    /* oddities cost themselves */
    {"[7,{\"mode\":\"avgt\"},{\"benchmark\":\"w\",\"mode\":[1],\"params\":3,\"primaryMetric\":{"
     "\"score\":{},\"scoreUnit\":\"\",\"rawData\":[[1,\"x\",null],4]}}]",
     "1:2 expected an object, found a number: left out\n"
     "1:18 a benchmark without a name is left out\n"
     "1:44 expected a text, found an array: left out\n"
     "1:57 expected an object, found a number: left out\n"
     "1:84 expected a number, found an object: left out\n"
     "1:116 expected a number, found a string: left out\n"
     "1:126 expected a list of numbers, found a number: left out\n"
     "run JMH\nw\n  score 1 neither 1 - - @0 0 0\n",
     NULL, false},
    {"[]", "", NULL, true},
    {"{\"benchmark\":1}", "1:1 expected a list, found an object: left out\n", NULL, true},
    {"[{\"benchmark\":\"a\",\"primaryMetric\":{",
     "1:36 error: expected a key or '}', found the end of the input\n", NULL, false},
    {"", "1:1 error: expected a value, found the end of the input\n", NULL, true},
};
/* clang-format on */

static void files_are_read(void **state)
{
    (void)state;
    taken_check("jmh", cases, PFL_COUNT(cases));
}

static void damage_is_borne(void **state)
{
    (void)state;
    taken_damage("jmh", WHOLE, true);
}

int test_formats_jmh(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read),
        cmocka_unit_test(damage_is_borne),
    };

    return cmocka_run_group_tests_name("formats_jmh", tests, NULL, NULL);
}
