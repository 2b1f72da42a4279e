/* tachometer: versions, browsers, the file of --save, files without samples. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "taken.h"

int test_formats_tachometer(void);

#define CHROME "\"browser\":{\"name\":\"chrome\",\"headless\":true,\"windowSize\":{\"width\":1}}"
#define FILE_OF_TWO                                                                                \
    "{\"benchmarks\":[\n"                                                                          \
    "{\"name\":\"render\",\"bytesSent\":1024,\"version\":\"tip\",\"measurement\":{\"mode\":"       \
    "\"callback\"}," CHROME ",\"mean\":{\"low\":1,\"high\":2},\"differences\":[null,"              \
    "{\"absolute\":{\"low\":1,\"high\":2}}],\"samples\":[2,4]},\n"                                 \
    "{\"name\":\"render\",\"bytesSent\":0,\"version\":\"base\",\"measurement\":{}," CHROME         \
    ",\"samples\":[8]}]}\n"

static const struct taken_case cases[] = {
    {FILE_OF_TWO,
     "run tachometer\n"
     "render[version=base] {browser: chrome-headless, version: base}\n  time s lower 0.008\n"
     "render[version=tip] {browser: chrome-headless, version: tip}\n"
     "  time s lower 0.002 0.004\n  bytes_sent B lower ~1 1024\n",
     NULL, false},
    /* one name in two browsers */
    {"{\"benchmarks\":[{\"name\":\"a [fcp]\",\"browser\":{\"name\":\"chrome\"},\"samples\":[1]},"
     "{\"name\":\"a [fcp]\",\"browser\":{\"name\":\"safari\",\"remoteUrl\":\"http://x\"},"
     "\"samples\":[2]}]}",
     "run tachometer\na [fcp] {browser: chrome}\n  time s lower 0.001\n"
     "a [fcp][browser=safari@http://x] {browser: safari@http://x}\n  time s lower 0.002\n",
     NULL, false},
    /* before samples were written, and a benchmark with nothing */
    {"{\"benchmarks\":[{\"name\":\"m\",\"measurement\":\"fcp\",\"mean\":{\"low\":10,\"high\":20},"
     "\"differences\":[null]},{\"name\":\"e\",\"samples\":[]}]}",
     "1:122 e has neither samples nor a mean\n"
     "1 benchmarks have no samples: the interval of the mean stands, and its middle for the mean\n"
     "run tachometer\ne\n  time s lower -\nm\n  time s lower ~1 0.015 [0.01 0.02] mean 0.015\n",
     NULL, false},
    /* --save */
    {"{\"benchmarks\":[{\"name\":\"s\",\"millis\":[5],\"browser\":\"chrome\",\"version\":\"\"}],"
     "\"datetime\":\"2020-01-02T03:04:05.678Z\",\"system\":{\"cpu\":{\"manufacturer\":\"Intel\","
     "\"model\":\"i7\",\"cores\":4},\"load\":{}}}",
     "run tachometer (Intel i7, 4 CPUs) at 1577934245\ns {browser: chrome}\n"
     "  time s lower 0.005\n",
     NULL, false},
    {"{\"benchmarks\":[{\"samples\":[1],\"browser\":{},\"mean\":{\"low\":1}}]}",
     "1:60 a benchmark without a name is left out\n", NULL, false},
};

static void files_are_read(void **state)
{
    (void)state;
    taken_check("tachometer", cases, PFL_COUNT(cases));
}

static void damage_is_borne(void **state)
{
    (void)state;
    taken_damage("tachometer", FILE_OF_TWO, true);
}

int test_formats_tachometer(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read),
        cmocka_unit_test(damage_is_borne),
    };

    return cmocka_run_group_tests_name("formats/tachometer", tests, NULL, NULL);
}
