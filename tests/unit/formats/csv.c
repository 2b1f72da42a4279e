/* CSV: columns, quotes, dividers, units that are asked for, decimal commas; writing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "written.h"

int test_formats_csv(void);

static const struct taken_case cases[] = {
    /* rows of one name are samples; columns in any order; quotes with all that may be in them */
    {"# a remark\n"
     "\n"
     "value,name, unit ,better\n"
     "1.5,\"a, \"\"b\"\"\n"
     "c\",ms,lower\n"
     "2,plain,req/s,\n"
     "1.75,\"a, \"\"b\"\"\n"
     "c\",ms,\n",
     "run CSV\n"
     "a, \"b\"\n"
     "c\n"
     "  time s lower 0.0015 0.00175\n"
     "plain\n"
     "  throughput req/s higher 2\n",
     NULL, false},
    /* what export writes: metrics, variants, launches, summaries */
    {"benchmark,metric,variant,unit,better,launch,value,n,low,high\n"
     "x,time,,s,lower,0,1,,,\n"
     "x,time,,s,lower,0,2,,,\n"
     "x,time,,s,lower,1,3,,,\n"
     "x,peak_rss,big,B,lower,,7,20,6,9\n"
     "x,widgets,,1,neither,,,,,\n"
     "x,ratio,,1,,,3,,,\n"
     "y,ratio,,1,higher,,-1e308,,4,5\n",
     "which way of ratio (1) is better is not in the file: say it with --better lower|higher; "
     "until then its changes are neither good nor bad\n"
     "run CSV\n"
     "x\n"
     "  time s lower 1 2 3 @0 0 1\n"
     "  peak_rss:big B lower ~20 7 [6 9]\n"
     "  ratio 1 neither 3 @0\n"
     "  widgets 1 neither - @0\n"
     "y\n"
     "  ratio 1 higher -1e+308\n",
     NULL, false},
    /* semicolons, a mark, CRLF, a count that needs no unit */
    {"\xef\xbb\xbfName;Metric;Value\r\n"
     "a;instructions;7\r\n"
     "a;instructions;\r\n"
     "b;page_faults;NaN\r\n",
     "run CSV\n"
     "a\n"
     "  instructions 1 lower 7 -\n"
     "b\n"
     "  page_faults 1 lower -\n",
     NULL, true},
    /* tabs, --unit, a column nobody knows, a unit that changes */
    {"name\tvalue\tunit\tweather\n"
     "a\t1\t\tsun\n"
     "a\t2\tB\t\n"
     "b\t3\tns\t\n",
     "1:17 column 4, `weather`, is none that is known: left out\n"
     "run CSV\n"
     "a\n"
     "  time s lower 0.001\n"
     "  value B lower 2\n"
     "b\n"
     "  time s lower 3.0000000000000004e-09\n",
     "ms", false},
    /* wrong kinds cost themselves */
    {"name,value,unit,better,low,n\n"
     "a,x,s,up,y,z\n"
     "b,1,s,lower,,\n"
     "c\n",
     "2:3 expected a number, found `x`: left out\n"
     "2:7 expected lower, higher or neither, found `up`: left out\n"
     "2:10 expected a number, found `y`: left out\n"
     "2:12 expected a number, found `z`: left out\n"
     "4:1 error: 1 column, the header has 6\n",
     NULL, false},
    /* a unit is asked for */
    {"name,value\n"
     "a,1\n",
     "2:1 error: the value of `a` has no unit: add a column `unit`, or say it with --unit (ns, us, "
     "ms, s, B, MB/s, 1 …)\n",
     NULL, false},
    /* a decimal comma is refused */
    {"name,value,unit\n"
     "a,1,5,ms\n",
     "2:7 error: 4 columns, the header has 3 (numbers have a decimal point, no comma)\n", NULL,
     false},
    {"name;value;unit\n"
     "a;\"1,5\";ms\n",
     "2:3 error: expected a number with a decimal point, found `1,5`\n", NULL, false},
    {"name,value,name\n", "1:1 error: the column `name` stands here a second time\n", NULL, false},
    /* no header */
    {"a,1\n"
     "b,2\n",
     "1:1 column 1, `a`, is none that is known: left out\n"
     "1:3 column 2, `1`, is none that is known: left out\n"
     "1:1 error: expected a header with the columns `name` (or `benchmark`) and `value`, found `a "
     "…`\n",
     NULL, true},
    {"name,value\n"
     "\"a,1\n",
     "2:0 error: a quote \" is never closed\n", NULL, false},
    {"name,value,unit\n"
     "a\x01\xff,1,s\n",
     "run CSV\n"
     "a\x01\xef\xbf\xbd\n"
     "  time s lower 1\n",
     NULL, false},
    {"", "", NULL, true},
};

static void files_are_read(void **state)
{
    (void)state;
    taken_check("csv", cases, PFL_COUNT(cases));
}

static void no_text_is_said_so(void **state)
{
    static const char utf16[] = "n\0a\0m\0e\0,\0v\0a\0l\0u\0e\0\n";
    struct pfl_buf out;

    (void)state;
    pfl_buf_init(&out, 1 << 16);
    assert_int_equal(taken_text(pfl_format_find("csv"), utf16, sizeof utf16 - 1, NULL, &out),
                     PFL_EPARSE);
    assert_non_null(strstr(pfl_buf_cstr(&out), "a zero byte: this is no text, or UTF-16"));
    pfl_buf_release(&out);
}

static void damage_is_borne(void **state)
{
    (void)state;
    taken_damage("csv", cases[0].text, false);
    taken_damage("csv", cases[1].text, false);
}

static void runs_are_written(void **state)
{
    (void)state;
    written_again("csv", cases[1].text);
    written_again("csv", cases[2].text);
    written_check("csv", "benchmark,metric,variant,unit,better,launch,value,n,low,high\n"
                         "\"a b\\x1b[3m\"\"\",time,,s,lower,,1e-09,,,\n"
                         "\"a b\\x1b[3m\"\"\",time,,s,lower,,,,,\n"
                         "\"a b\\x1b[3m\"\"\",time,,s,lower,,3.000000000000001e-09,,,\n"
                         "\"pipeline[seed=1,size=2]\",time,,s,lower,,2,,,\n"
                         "\"pipeline[seed=1,size=2]\",throughput,,B/s,higher,0,1000000,,,\n"
                         "\"pipeline[seed=1,size=2]\",throughput,,B/s,higher,0,2000000,,,\n"
                         "\"pipeline[seed=1,size=2]\",peak_rss,x,B,lower,,7,5,6,9\n");
}

int test_formats_csv(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read),
        cmocka_unit_test(no_text_is_said_so),
        cmocka_unit_test(damage_is_borne),
        cmocka_unit_test(runs_are_written),
    };

    return cmocka_run_group_tests_name("formats/csv", tests, NULL, NULL);
}
