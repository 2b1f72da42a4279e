/* Catch2: XML of v2 and v3, console text with long names and without analysis, failures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "taken.h"

int test_formats_catch2(void);

#define MEANS "only means are in the file: intervals are Catch2's own of the means\n"
#define RESULT(name, more)                                                                         \
    "<BenchmarkResults name=\"" name "\" samples=\"100\" resamples=\"100000\" iterations=\"208\" " \
    "clockResolution=\"20.5\" estimatedDuration=\"7e+06\">\n<!--All values in nano "               \
    "seconds-->\n" more "</BenchmarkResults>\n"
#define FIGURES                                                                                    \
    "<mean value=\"344\" lowerBound=\"341\" upperBound=\"3.49e+02\" ci=\"0.95\"/>\n"               \
    "<standardDeviation value=\"19\" lowerBound=\"11\" upperBound=\"29\" ci=\"0.95\"/>\n"          \
    "<outliers variance=\"0.4\" lowMild=\"0\" lowSevere=\"0\" highMild=\"2\" highSevere=\"6\"/>\n"

#define V3                                                                                         \
    "printed before <by> a test\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                     \
    "<Catch2TestRun name=\"t\" rng-seed=\"1\" xml-format-version=\"3\" "                           \
    "catch2-version=\"3.4.0\">\n"                                                                  \
    "  <TestCase name=\"Case &lt;1&gt;\" tags=\"[a]\" filename=\"f.cpp\" line=\"5\">\n"            \
    "    <Section name=\"s\" filename=\"f\" line=\"6\">\n" RESULT(                                 \
        "a &#x41;&amp;",                                                                           \
        FIGURES) "    <OverallResults successes=\"0\" "                                            \
                 "failures=\"0\"/></Section>\n" RESULT("b", "<failed message=\"it "                \
                                                            "&quot;broke&quot;\"/>\n")             \
                     RESULT("c", "") "    <OverallResult "                                         \
                                     "success=\"true\"><StdOut><![CDATA[<TestCase>]]></"           \
                                     "StdOut></OverallResult>\n"                                   \
                                     "  </TestCase>\n</Catch2TestRun>\nprinted behind\n"

#define TABLE                                                                                      \
    "benchmark name                       samples       iterations    est run time\n"              \
    "                                     mean          low mean      high mean\n"                 \
    "                                     std dev       low std dev   high std dev\n"              \
    "-----------------------------------------------------------------------------\n"
#define CASE(name)                                                                                 \
    "-----------------------------------------------------------------------------\n" name "\n"    \
    "-----------------------------------------------------------------------------\n"              \
    "/a/b.cpp:5\n"                                                                                 \
    ".............................................................................\n\n"

#define TEXT                                                                                       \
    "x is a Catch v2.13.10 host application.\nRun with -? for options\n\n" CASE("Case\n  Section") \
        TABLE "Fib 10                                    100           208     7.1968 ms \n"       \
              "                                       344 ns        341 ns        349 ns \n"       \
              "                                        19 ns         11 ns         29 ns \n"       \
              "                                                                          \n"       \
              "long name that goes on                    100             2          1 s \n"        \
              "behind it                              41.731 us      41.25 us          1 m \n"     \
              "                                        3 us          2 us          5 us\n\n"       \
              "another long name                                                         \n"       \
              "before it                                 10             2          1 s \n"         \
              "                                       1 ms       1 ms        1 ms\n"               \
              "                                        0 ns          0 ns          0 ns \n\n"      \
              "broken                                   100             2          1 s \n"         \
              "Benchmark failed (why (so))\n\n" CASE("Case 2") TABLE                               \
        "Fib 10                                    100           208     7.1968 ms \n"             \
        "                                       1 ns        1 ns        1 ns \n"                   \
        "                                        0 ns          0 ns          0 ns \n\n"            \
        "=============================================================================\n"          \
        "test cases: 2 | 2 passed\n"

#define BENCH(name)                                                                                \
    "<BenchmarkResults name=\"" name "\" samples=\"1\"><mean value=\"5\"/></BenchmarkResults>"
#define EXPRESSION(type, original, expanded, more)                                                 \
    "<Expression success=\"false\" type=\"" type "\">\n<Original>\n  " original                    \
    "\n</Original>\n<Expanded>\n  " expanded "\n</Expanded>" more "</Expression>"
#define ENDED(failures) "<OverallResults successes=\"1\" failures=\"" failures "\"/>"

/* A wrong section, one wrong before it came to its benchmark, one that may be wrong; a test case
 * that is wrong as a whole, one that threw, one that may fail. */
/* XML reads by its nesting. */
/* clang-format off */
#define WRONG                                                                                      \
    "<Catch name=\"t\"><Group><TestCase name=\"c\">"                                               \
      "<Section name=\"good\">" BENCH("n") ENDED("0") "</Section>"                                 \
      "<Section name=\"bad\">"                                                                     \
        BENCH("n") EXPRESSION("CHECK", "a &lt; b", "2 &lt; 1", "")                                 \
        EXPRESSION("REQUIRE", "never", "told", "") BENCH("m") ENDED("2")                           \
      "</Section>"                                                                                 \
      "<Section name=\"outer\">"                                                                   \
        "<Section name=\"early\">"                                                                 \
          EXPRESSION("CHECK_NOTHROW", "f()", "f()", "<Exception>\n oops\n </Exception>")           \
          ENDED("1")                                                                               \
        "</Section>" BENCH("n") ENDED("1")                                                         \
      "</Section>"                                                                                 \
      "<Section name=\"lax\">"                                                                     \
        BENCH("n") EXPRESSION("CHECK_NOFAIL", "0", "0", "") ENDED("0")                             \
      "</Section><OverallResult success=\"false\"/>"                                               \
    "</TestCase><TestCase name=\"whole\">"                                                         \
      BENCH("n")                                                                                   \
      "<Section name=\"s\">"                                                                       \
        BENCH("n")                                                                                 \
        "<BenchmarkResults name=\"own\"><failed message=\"its own\"/></BenchmarkResults>"          \
        ENDED("0")                                                                                 \
      "</Section><Failure>\n told &amp; so\n</Failure><OverallResult success=\"false\"/>"          \
    "</TestCase><TestCase name=\"threw\">"                                                         \
      "<Exception>out</Exception><OverallResult success=\"false\"/>"                               \
    "</TestCase><TestCase name=\"may\">"                                                           \
      BENCH("n") EXPRESSION("CHECK", "1", "0", "") "<OverallResult success=\"true\"/>"             \
    "</TestCase>" ENDED("4") "</Group></Catch>"
/* clang-format on */

static const struct taken_case cases[] = {
    {V3,
     MEANS "run Catch2 3.4.0\nCase <1>/b <Case <1>> failed: it \"broke\"\nCase <1>/c <Case <1>>\n"
           "Case <1>/s/a A& <Case <1>>\n"
           "  time s lower ~100 3.44e-07 [3.41e-07 3.49e-07] mean 3.44e-07 sd 1.9e-08\n",
     NULL, false},
    /* v2; no analysis, another confidence, figures that are none */
    {"<Catch name='t'><Group name=\"t\"><TestCase name=\"c\">"
     "<BenchmarkResults name=\"n\" samples=\"1\"><mean value=\"5\" lowerBound=\"5\" "
     "upperBound=\"5\" ci=\"0\"/></BenchmarkResults>\n"
     "<BenchmarkResults name=\"n\" samples=\"x\"><mean value=\"5\" lowerBound=\"4\" "
     "upperBound=\"6\" ci=\"0.5\"/></BenchmarkResults></TestCase></Group></Catch>",
     "2:1 expected a number as samples, found `x`: left out\n"
     "c/n comes twice: this one is kept as c/n#2\n"
     "2:96 the interval of this mean holds 50 of 100, not 95\n" MEANS
     "run Catch2\nc/n <c>\n  time s lower ~1 5e-09 mean 5e-09\n"
     "c/n#2 <c>\n  time s lower ~1 5e-09 [4e-09 6e-09] mean 5e-09\n",
     NULL, false},
    {WRONG,
     MEANS "run Catch2\n"
           "c/bad/m <c> failed: CHECK( a < b ) with 2 < 1\n"
           "  time s lower ~1 5e-09 mean 5e-09\n"
           "c/bad/n <c> failed: CHECK( a < b ) with 2 < 1\n"
           "  time s lower ~1 5e-09 mean 5e-09\n"
           "c/good/n <c>\n"
           "  time s lower ~1 5e-09 mean 5e-09\n"
           "c/lax/n <c>\n"
           "  time s lower ~1 5e-09 mean 5e-09\n"
           "c/outer/early <c> failed: CHECK_NOTHROW( f() ) with f(): oops\n"
           "c/outer/n <c>\n"
           "  time s lower ~1 5e-09 mean 5e-09\n"
           "may/n <may>\n"
           "  time s lower ~1 5e-09 mean 5e-09\n"
           "threw <threw> failed: out\n"
           "whole/n <whole> failed: told & so\n"
           "  time s lower ~1 5e-09 mean 5e-09\n"
           "whole/s/n <whole> failed: told & so\n"
           "  time s lower ~1 5e-09 mean 5e-09\n"
           "whole/s/own <whole> failed: its own\n",
     NULL, false},
    {TEXT,
     MEANS "run Catch2 2.13.10\nCase 2/Fib 10 <Case 2>\n"
           "  time s lower ~100 1e-09 [1e-09 1e-09] mean 1e-09 sd 0\n"
           "Case/Section/Fib 10 <Case>\n"
           "  time s lower ~100 3.44e-07 [3.41e-07 3.49e-07] mean 3.44e-07 sd 1.9e-08\n"
           "Case/Section/another long name before it <Case>\n"
           "  time s lower ~10 0.001 [0.001 0.001] mean 0.001 sd 0\n"
           "Case/Section/broken <Case> failed: why (so)\n"
           "Case/Section/long name that goes on behind it <Case>\n"
           "  time s lower ~100 4.1731e-05 [4.125e-05 60] mean 4.1731e-05 sd 3e-06\n",
     NULL, false},
    /* sections within sections; names that go on in the next line */
    {CASE("A test case whose name is so long that it needs two lines of the console's\nwidth\n"
          "  outer\n  inner: with a name that is so long that it does not fit into the line of\n"
          "         its own\n  and: more\n"
          "  a section whose name is so long that the rest of it would not fit behind\n"
          "  themselves") TABLE
     "n                                        100           208     7.1968 ms \n"
     "                                       1 ns        1 ns        1 ns \n"
     "                                        0 ns          0 ns          0 ns \n\n",
     MEANS "run Catch2\nA test case whose name is so long that it needs two lines of the console's "
           "width/outer/inner: with a name that is so long that it does not fit into the line of "
           "its own/and: more/a section whose name is so long that the rest of it would not fit "
           "behind themselves/n <A test case whose name is so long that it needs two lines of the "
           "console's width>\n  time s lower ~100 1e-09 [1e-09 1e-09] mean 1e-09 sd 0\n",
     NULL, false},
    /* --benchmark-no-analysis: the mean ends the row */
    {"benchmark name                    samples      iterations          mean\n"
     "-----------------------------------------------------------------\n"
     "quick                                 100           208     7.5 us\n\n",
     MEANS "run Catch2\nquick\n  time s lower ~100 7.5e-06 mean 7.5e-06\n", NULL, false},
    {TABLE "cut                                    100           208     7.1968 ms \n"
           "                                       1 ns        1 ns        1 furlong \n",
     "6:1 expected a mean with its bounds: the benchmark is left out\n", NULL, false},
    {TABLE "cut                                    100           208     7.1968 ms \n",
     "5:1 expected three lines of figures, found the end of the file: the benchmark is left out\n",
     NULL, false},
    {"<Catch name=\"x\"><TestCase name=\"a\"></Section></TestCase></Catch>",
     "1:36 error: expected </TestCase>, found </Section>\n", NULL, false},
    {"<Catch name=\"x\"><TestCase name=\"a\">",
     "1:36 error: the document ends before its last element does\n", NULL, false},
    {"{\"version\":1,\"metadata\":{\"name\":\"t\",\"rng-seed\":1,\"catch2-version\":\"3.8.0\"},"
     "\"test-cases\":[{\"name\":\"a\",\"sections\":[]}]}",
     "0:0 error: f: Catch2's JSON reporter leaves benchmarks out; write XML instead: `-r xml`\n",
     NULL, false},
};

static void files_are_read(void **state)
{
    (void)state;
    taken_check("catch2", cases, PFL_COUNT(cases));
}

static void damage_is_borne(void **state)
{
    (void)state;
    taken_damage("catch2", cases[1].text, false);
    taken_damage("catch2", cases[5].text, false);
}

int test_formats_catch2(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read),
        cmocka_unit_test(damage_is_borne),
    };

    return cmocka_run_group_tests_name("formats/catch2", tests, NULL, NULL);
}
