/* gungraun, iai-callgrind, iai: text and JSON, alone and mixed; tools, totals, names over several
 * lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "taken.h"

int test_formats_gungraun(void);

#define TEXT                                                                                       \
    "running 0 tests\n\ntest result: ok. 0 passed\n\n"                                             \
    "\x1b[32mmy::bench\x1b[0m short:10\n"                                                          \
    "  Baselines:                      1|2\n  Command: target/x|y\n"                               \
    "  ======= CALLGRIND ====================\n"                                                   \
    "  Instructions:     \x1b[1m    1734\x1b[0m|1650      (+5.09090%) [+1.04844x]\n"               \
    "  L1 Hits:                     2359|N/A              (*********)\n"                           \
    "  L1 Miss Rate:             10.5000|0                (+++inf+++)\n"                           \
    "  L1 Hit Rate:                   50|N/A              (*********)\n"                           \
    "  RAM Hits:                     N/A|3                (*********)\n"                           \
    "  SysCpuTime:                     7|N/A\n"                                                    \
    "  ======= DHAT =========================\n"                                                   \
    "  Total bytes:                29499|N/A             (*********)\n"                            \
    "my::bench id:two\nlines\n"                                                                    \
    "  ## pid: 1 thread: 1 part: 1      |N/A\n  Instructions:  1|N/A\n"                            \
    "  ## pid: 2 thread: 1 part: 2      |N/A\n  Instructions:  2|N/A\n  Ge: 9|N/A\n"               \
    "  ## Total\n  Instructions:  3|N/A\n"                                                         \
    "my::bench short:10\n  Instructions:  4|N/A\n\n"                                               \
    "Regressions:\n\n  my::bench short:\n    Callgrind: Instructions (1650 -> 1734): +5%\n"        \
    "Gungraun result: Regressed. 2 finished in 1.002s\n"

#define DOCUMENT(id, details, metrics)                                                             \
    "{\"details\":" details ",\"function_name\":\"f\",\"id\":" id                                  \
    ",\"module_path\":\"m::f\",\"profiles\":[" metrics "],\"version\":\"6\"}\n"
#define PROFILE(tool, summary)                                                                     \
    "{\"summaries\":{\"parts\":[{\"x\":1}],\"total\":{\"summary\":" summary "}},\"tool\":\"" tool  \
    "\"}"
#define PRETTY                                                                                     \
    "{\n  \"function_name\": \"f\",\n  \"module_path\": \"m::g\",\n  \"profiles\": [\n   "         \
    " " PROFILE(                                                                                   \
        "Callgrind",                                                                               \
        "{\"Callgrind\": {\"Ir\": {\"metrics\": {\"Left\": {\"Int\": 6}}}}}") "\n  ],\n  "         \
                                                                              "\"version\": "      \
                                                                              "\"5\"\n}\n"

static const struct taken_case cases[] = {
    {TEXT,
     "26:1 my::bench short:10 comes twice: this one is kept as my::bench "
     "short:10#2\n"
     "run valgrind\nmy::bench id:two\nlines\n  instructions 1 lower 3\n"
     "my::bench short:10\n  instructions 1 lower 1734\n  L1 Hit Rate 1 higher 0.5\n"
     "  L1 Hits 1 lower 2359\n  L1 Miss Rate 1 lower 0.105\n  SysCpuTime s lower "
     "7.000000000000001e-09\n"
     "  Total bytes:dhat B lower 29499\n"
     "my::bench short:10#2\n  instructions 1 lower 4\n",
     NULL, false},
    /* now and before, only before, all tools, no metrics, a foreign document, text
       between */
    {"running 0 tests\n{\"reason\":\"compiler-artifact\"}\n" DOCUMENT(
         "\"a\"", "\"d\"",
         PROFILE("Callgrind",
                 "{\"Callgrind\":{\"Ir\":{\"metrics\":{\"Both\":[{"
                 "\"Int\":8},{\"Int\":7}]}},"
                 "\"L1MissRate\":{\"metrics\":{\"Left\":{\"Float\":"
                 "50.0}}},"
                 "\"Dr\":{\"metrics\":{\"Right\":{\"Int\":7}}},"
                 "\"Dw\":{\"metrics\":{\"Left\":{\"Float\":null}}}}"
                 "}") "," PROFILE("Memcheck",
                                  "{\"ErrorTool\":{\"Errors\":{"
                                  "\"metrics\":{\"Left\":{\"Int\":"
                                  "0}}}}}") "," PROFILE("Massif",
                                                        "\"None\"")) "text between\n" PRETTY,
     "5:1 a summary of version 5 is read as if it were version 6\n"
     "run gungraun\nm::f a:d\n  instructions 1 lower 8\n  Errors:memcheck 1 "
     "lower 0\n"
     "  L1MissRate 1 lower 0.5\nm::g\n  instructions 1 lower 6\n",
     NULL, false},
    /* cut short, then whole; an option whose unit nobody tells */
    {"{\n  \"baselines\": [\n" DOCUMENT(
         "null", "null",
         PROFILE("Callgrind", "{\"Callgrind\":{\"SysTime\":{\"metrics\":{\"Left\":{"
                              "\"Int\":8}}}}}")) "{\n \"module_path\": \"x\",\n",
     "1:1 the JSON document that begins here is cut short: left out\n"
     "3:1 whether SysTime is in ms, µs or ns is not in the file: taken as a plain number; --unit "
     "says it\n"
     "4:1 the JSON document that begins here is cut short: left out\n"
     "run gungraun\nm::f\n  SysTime 1 lower 8\n",
     NULL, false},
    {"{\"module_path\":\"m\",\"function_name\":1,\"profiles\":[{\"tool\":{},"
     "\"summaries\":[]},,]}\n"
     "{\"module_path\":\"m\",\"profiles\":[3]}\n",
     "1:58 expected a text, found an object: left out\n1:73 expected an object, "
     "found an array: left out\n"
     "1:77 expected a value, found ',': the document is left out\n"
     "2:32 expected an object, found a number: left out\n"
     "run gungraun\nm\n",
     NULL, false},
    {"m\n  Ge:  5|N/A\n  SysTime: 5|N/A\n",
     "run valgrind\nm\n  Ge 1 lower 5\n  SysTime s lower 0.005\n", "ms", false},
};

static const struct taken_case iai[] = {
    {"Running target/x\n\nbench_short\n  Instructions:                1243 (+1.139138%)\n"
     "  L1 Accesses:                 1580 (No change)\n  L2 Accesses:                    1\n"
     "  RAM Accesses:                   2\n  Estimated Cycles:            1655\n\nbench_long\n"
     "  Instructions:   18446744073709551615\n  Odd: 5 apples\n",
     "run valgrind\nbench_long\n  instructions 1 lower 1.8446744073709552e+19\nbench_short\n"
     "  instructions 1 lower 1243\n  Estimated Cycles 1 lower 1655\n  L1 Accesses 1 lower 1580\n"
     "  L2 Accesses 1 lower 1\n  RAM Accesses 1 lower 2\n",
     NULL, false},
};

static void files_are_read(void **state)
{
    (void)state;
    taken_check("gungraun", cases, PFL_COUNT(cases));
    taken_check("iai", iai, PFL_COUNT(iai));
}

static void damage_is_borne(void **state)
{
    (void)state;
    taken_damage("gungraun", cases[2].text, false);
    taken_damage("gungraun", PRETTY, false);
    taken_damage("iai", iai[0].text, false);
}

int test_formats_gungraun(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read),
        cmocka_unit_test(damage_is_borne),
    };

    return cmocka_run_group_tests_name("formats/gungraun", tests, NULL, NULL);
}
