/* criterion.rs: the folder in both spellings, what lies beside the results, what is damaged; the
 * JSON lines; the text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../helpers/scratch.h"
#include "flow/exchange/exchange.h"
#include "taken.h"

int test_formats_criterion(void);

/* ---- the folder ---- */

#define OLD_ESTIMATE(ns)                                                                           \
    "{\"confidence_interval\":{\"confidence_level\":0.95,\"lower_bound\":1,\"upper_bound\":9},"    \
    "\"point_estimate\":" ns ",\"standard_error\":1}"

struct file {
    const char *name, *text;
};

static const struct file old_style[] = {
    {"fib/new/benchmark.json",
     "{\"group_id\":\"fib\",\"function_id\":null,\"value_str\":\"20\",\"throughput\":null,"
     "\"full_id\":\"fib/20\",\"directory_name\":\"fib/20\",\"title\":\"fib/20\"}"},
    {"fib/new/sample.json", "[[2.0,4.0],[20.0,60.0]]"},
    {"fib/new/estimates.json", "{\"Mean\":" OLD_ESTIMATE("10") "}"},
    {"fib/base/sample.json", "[[1],[1]]"},
    {"fib/base/estimates.json", "{}"},
    {"fib/change/estimates.json", "{}"},
    {"fib/report/index.html", "<html>"},
    {"report/index.html", "<html>"},
    {NULL, NULL},
};

static const struct file new_style[] = {
    {"g/f/new/benchmark.json", "{\"group_id\":\"g\",\"function_id\":\"f\",\"value_str\":null,"
                               "\"throughput\":{\"Bytes\":1024},\"full_id\":\"g/f\"}"},
    {"g/f/new/sample.json", "{\"sampling_mode\":\"Flat\",\"iters\":[4,0],\"times\":[8,8]}"},
    {"g/f/new/estimates.json", "{\"slope\":null}"},
    {"g/f/main/sample.json", "{}"}, /* a baseline */
    {"g/f/v/new/sample.json",       /* a benchmark below a benchmark, without benchmark.json */
     "{\"iters\":[1],\"times\":[3]}"},
    {"g/h/new/benchmark.json", "{\"group_id\":\"g\",\"function_id\":\"h\",\"throughput\":"
                               "{\"ElementsAndBytes\":{\"elements\":2,\"bytes\":8}}}"},
    {"g/h/new/sample.json", "{\"iters\":[1],\"times\":[4]}"},
    {NULL, NULL},
};

static const struct file damaged[] = {
    {"a/new/sample.json", "{\"iters\":[1,2],\"times\":[1,2"},
    {"a/new/estimates.json", "{\"median\":" OLD_ESTIMATE("5") ",\"std_dev\":" OLD_ESTIMATE(
                                 "2") ",\"mean\":" OLD_ESTIMATE("6") "}"},
    {"b/new/sample.json", "{\"iters\":[1],\"times\":[1,2]}"},
    {"c/new/benchmark.json", "[1]"},
    {"c/new/sample.json", "{\"iters\":[1],\"times\":[\"x\"]}"},
    {"d/new/benchmark.json", ""},
    {"d/new/sample.json", "{\"iters\":[2],\"times\":[2]}"},
    {"e/new/benchmark.json", "{\"full_id\":\"e\\u001b\",\"throughput\":{\"Odd\":1}}"},
    {"e/new/sample.json", "{\"iters\":[1],\"times\":[1e308]}"},
    {NULL, NULL},
};

static const struct file mixed[] = {
    {"crit/x/new/sample.json", "[[1],[1]]"},
    {"results.txt", "1"},
    {NULL, NULL},
};

static const struct {
    const struct file *files;
    const char *path; /* below the scratch folder */
    const char *expected;
} folders[] = {
    {old_style, "",
     "run criterion.rs\nfib/20 <fib> {parameter: 20}\n  time s lower 1e-08 "
     "1.5000000000000002e-08\n"},
    {old_style, "fib",
     "run criterion.rs\nfib/20 <fib> {parameter: 20}\n  time s lower 1e-08 "
     "1.5000000000000002e-08\n"},
    {old_style, "fib/new",
     "run criterion.rs\nfib/20 <fib> {parameter: 20}\n  time s lower 1e-08 "
     "1.5000000000000002e-08\n"},
    {old_style, "fib/base", "run criterion.rs\nfib\n  time s lower 1e-09\n"},
    {old_style, "fib/report", NULL},
    {new_style, "",
     "run criterion.rs\ng/f <g>\n  time s lower 2e-09 -\n  throughput B/s higher "
     "511999999999.99994 -\n"
     "g/f/v\n  time s lower 3.0000000000000004e-09\n"
     "g/h <g>\n  time s lower 4e-09\n  throughput B/s higher 1999999999.9999998\n"
     "  throughput:elements elem/s higher 499999999.99999994\n"},
    {new_style, "g/f/v", "run criterion.rs\nv\n  time s lower 3.0000000000000004e-09\n"},
    {damaged, "",
     "a/new/sample.json:1:28 expected ',' or ']', found the end of the input\n"
     "b/new: b has 1 iteration counts and 2 times: its samples are left out\n"
     "b/new: b has neither samples nor estimates: left out\n"
     "c/new/benchmark.json:1:1 expected an object, found an array: left out\n"
     "c/new/sample.json:1:23 expected a number, found a string: left out\n"
     "d/new/benchmark.json:1:1 expected a value, found the end of the input\n"
     "e/new/benchmark.json:1:36 a throughput in \"Odd\" is not known: left out\n"
     "1 benchmarks have no samples: criterion's own estimates and intervals stand for them\n"
     "run criterion.rs\na\n  time s lower ~1 5e-09 [1e-09 9e-09] mean 6e-09 sd 2e-09\n"
     "c\n  time s lower -\nd\n  time s lower 1e-09\ne\x1b\n  time s lower 1e+299\n"},
    {mixed, "", NULL},
    {mixed, "crit", "run criterion.rs\nx\n  time s lower 1e-09\n"},
};

struct folder_taken {
    struct pfl_buf text;
    const char *root;
};

static int take_folder_run(void *context, struct pfl_run *run, struct pfl_arena *arena,
                           struct pfl_err *err)
{
    return taken_run(&((struct folder_taken *)context)->text, run, arena, err);
}

/* The path below the scratch folder in front, where it is of a file. */
static int take_folder_warning(void *context, const struct pfl_format_place *place,
                               const char *what)
{
    struct folder_taken *taken = context;
    size_t root = strlen(taken->root);

    if (strlen(place->path) > root + 1)
        pfl_buf_format(&taken->text, "%s:", place->path + root + 1);
    if (place->line)
        pfl_buf_format(&taken->text, "%d:%d", place->line, place->column);
    if (strlen(place->path) > root + 1)
        pfl_buf_char(&taken->text, ' ');
    return pfl_buf_format(&taken->text, "%s\n", what), PFL_OK;
}

static void folders_are_read(void **state)
{
    const struct pfl_format *format = pfl_format_find("criterion");
    size_t i, k;

    (void)state;
    for (i = 0; i < PFL_COUNT(folders); i++) {
        struct pfl_format_probe probe = {.folder = true};
        struct pfl_format_input input = {.folder = true};
        struct folder_taken taken;
        const struct pfl_format_sink sink = {
            .run = take_folder_run, .warn = take_folder_warning, .context = &taken};
        struct scratch scratch;

        scratch_make(&scratch);
        for (k = 0; folders[i].files[k].name; k++)
            scratch_write(&scratch, folders[i].files[k].name, folders[i].files[k].text);
        probe.path = input.path =
            *folders[i].path ? scratch_path(&scratch, folders[i].path) : scratch.path;
        assert_ptr_equal(pfl_format_recognise(&probe), folders[i].expected ? format : NULL);
        if (folders[i].expected) {
            pfl_buf_init(&taken.text, 1 << 20);
            taken.root = scratch.path;
            assert_int_equal(format->read(&input, &sink, NULL), PFL_OK);
            assert_string_equal(pfl_buf_cstr(&taken.text), folders[i].expected);
            pfl_buf_release(&taken.text);
        }
        scratch_remove(&scratch);
    }
}

/* A link back up, and a link to a folder elsewhere, are not followed. */
static void links_are_not_followed(void **state)
{
    const struct pfl_format *format = pfl_format_find("criterion");
    struct pfl_format_input input = {.folder = true};
    struct pfl_buf text;
    const struct pfl_format_sink sink = {.run = taken_run, .warn = taken_warning, .context = &text};
    struct scratch scratch;

    (void)state;
    scratch_make(&scratch);
    scratch_write(&scratch, "a/new/sample.json", "[[1],[1]]");
    assert_int_equal(symlink("..", scratch_path(&scratch, "a/up")), 0);
    assert_int_equal(symlink("a", scratch_path(&scratch, "b")), 0);
    input.path = scratch.path;
    pfl_buf_init(&text, 1 << 20);
    assert_int_equal(format->read(&input, &sink, NULL), PFL_OK);
    assert_string_equal(pfl_buf_cstr(&text), "run criterion.rs\na\n  time s lower 1e-09\n");
    pfl_buf_release(&text);
    scratch_remove(&scratch);
}

/* --format of a kind that is files, on a folder: the files in it are meant. */
static void a_folder_is_no_file(void **state)
{
    static const struct pfl_exchange exchange = {.format = "cargo-criterion"};
    struct pfl_buf text;
    const struct pfl_format_sink sink = {.run = taken_run, .warn = taken_warning, .context = &text};
    const struct pfl_format *format;
    struct scratch scratch;

    (void)state;
    scratch_make(&scratch);
    assert_int_equal(pfl_exchange_read(&exchange, scratch.path, &sink, &format, NULL),
                     PFL_ENOTHING);
    assert_null(format);
    scratch_remove(&scratch);
}

/* ---- JSON lines ---- */

#define LINES                                                                                      \
    "   Compiling x v0.1.0\n"                                                                      \
    "{\"reason\":\"benchmark-complete\",\"id\":\"a/b\",\"report_directory\":\"r\","                \
    "\"iteration_count\":[2,4],\"measured_values\":[4.0,16.0],\"unit\":\"us\",\"throughput\":["    \
    "{\"per_iteration\":1000,\"unit\":\"bytes\"}],\"typical\":{\"estimate\":2,\"unit\":\"us\"},"   \
    "\"slope\":null,\"change\":{\"mean\":{\"estimate\":0.5,\"unit\":\"%\"},\"change\":"            \
    "\"NoChange\"}}\r\n"                                                                           \
    "{\"reason\":\"group-complete\",\"group_name\":\"a\",\"benchmarks\":[\"a/b\"]}\n"

static const struct taken_case lines[] = {
    {LINES,
     "run cargo-criterion\na/b\n  time s lower 2e-06 4e-06\n"
     "  throughput B/s higher 500000000 250000000\n",
     NULL, false},
    /* a custom measurement; estimates only; nothing; the last line cut off */
    {"{\"reason\":\"benchmark-complete\",\"id\":\"c\",\"iteration_count\":[2],\"measured_values\":["
     "6],\"unit\":\"cycles\",\"throughput\":[{\"per_iteration\":1,\"unit\":\"pies\"}]}\n"
     "{\"reason\":\"benchmark-complete\",\"id\":\"e\",\"iteration_count\":[1],\"measured_values\":"
     "[],\"typical\":{\"estimate\":3,\"lower_bound\":2,\"upper_bound\":4,\"unit\":\"ns\"}}\n"
     "{\"reason\":\"benchmark-complete\",\"id\":\"n\",\"unit\":\"ns\"}\n"
     "{\"reason\":\"benchmark-complete\",\"id\":\"u\"}\n"
     "{\"reason\":\"benchmark-compl",
     "1:147 a throughput in \"pies\" is not known: left out\n"
     "4:1 a benchmark without a unit (--unit says one) is left out\n"
     "5:27 expected a closing '\"', found the end of the input: the line is left out\n"
     "1 benchmarks have no samples: criterion's own estimates and intervals stand for them\n"
     "run cargo-criterion\nc\n  cycles cycles lower 3\ne\n  time s lower ~1 3e-09 [2e-09 4e-09]\n"
     "n failed: the file has neither samples nor estimates of it\n",
     NULL, false},
    {"\n{\"reason\":\"benchmark-complete\",\"id\":[\n",
     "2:37 expected a text, found an array: left out\n"
     "2:38 expected a value or ']', found the end of the input: the line is left out\n"
     "2:38 error: expected a value or ']', found the end of the input\n",
     NULL, false},
    {"{}\n", "", NULL, true},
};

static void lines_are_read(void **state)
{
    (void)state;
    taken_check("cargo-criterion", lines, PFL_COUNT(lines));
}

/* ---- text ---- */

#define TEXT                                                                                       \
    "running 1 test\ntest t ... ignored\n\n"                                                       \
    "Benchmarking a/b\nBenchmarking a/b: Warming up for 3.0000 s\n"                                \
    "Benchmarking a/b: Collecting 100 samples in estimated 5.0000 s (3.3B iterations)\n"           \
    "a/b                     time:   [999.00 ns 1.0000 \xC2\xB5s 1.2500 \xC2\xB5s]\n"              \
    "                        thrpt:  [1.0000 Melem/s 2.0000 Melem/s 4.0000 Melem/s]\n"             \
    "                 change:\n"                                                                   \
    "                        time:   [-2.0565% -0.2521% +1.6377%] (p = 0.79 > 0.05)\n"             \
    "                        thrpt:  [-1.0000% +0.2521% +2.0000%]\n"                               \
    "                        No change in performance detected.\n"                                 \
    "Found 8 outliers among 100 measurements (8.00%)\n"

#define NO_SAMPLES                                                                                 \
    "criterion's text has no samples: its estimates, rounded to five digits, and their intervals " \
    "stand; the folder target/criterion has the samples\nrun criterion.rs\n"

static const struct taken_case texts[] = {
    {TEXT,
     NO_SAMPLES "a/b\n  time s lower ~100 1e-06 [9.99e-07 1.25e-06] mean 1e-06\n"
                "  throughput elem/s higher ~100 2e+06 [1e+06 4e+06] mean 2e+06\n",
     NULL, false},
    /* a long name; colours and a line begun anew; other units; a name lost among others' output */
    {"a name of more than 23 bytes: x\n"
     "                        time:   [1.0000 s 2.0000 s 3.0000 s]\n"
     "Benchmarking c: Analyzing\r\x1b[2K\x1b[32mc\x1b[0m          time:   [\x1b[2m1.0000 ps\x1b[0m "
     "\x1b[1m2.0000 ps\x1b[0m 3.0000 ps]\n"
     "                        thrpt:  [1.0000   B/s 2.0000 KiB/s 1.0000 GiB/s]\n"
     "d                       time:   [1.0000 cycles 2.0000 cycles 3.0000 cycles]\n"
     "Benchmarking e: Analyzing\n"
     "                        time:   [1.0000 ms 2.0000 ms 3.0000 ms]\n"
     "                        thrpt:  [1.0000 Kb/s 2.0000 Mb/s 1.0000 Gb/s]\n",
     NO_SAMPLES "a name of more than 23 bytes: x\n  time s lower ~1 2 [1 3] mean 2\n"
                "c\n  time s lower ~1 2e-12 [1e-12 3e-12] mean 2e-12\n"
                "  throughput B/s higher ~1 2048 [1 1.0737e+09] mean 2048\n"
                "d\n  cycles cycles lower ~1 2 [1 3] mean 2\n"
                "e\n  time s lower ~1 0.002 [0.001 0.003] mean 0.002\n"
                "  throughput bit/s higher ~1 2e+06 [1000 1e+09] mean 2e+06\n",
     NULL, false},
    {"\n                        time:   [1.0000 s 2.0000 s 3.0000 s]\n"
     "x  time:   [1.0000 s 2.0000 s\ny  time: [a s b s c s]\nz time: [1 s 2 s 1e999 s]\n"
     "                        thrpt:  [1.0000 B/s 2.0000 B/s 3.0000 B/s]\n",
     "2:25 a time without a name in front of it is left out\n", NULL, false},
};

static void texts_are_read(void **state)
{
    (void)state;
    taken_check("criterion-text", texts, PFL_COUNT(texts));
}

static void damage_is_borne(void **state)
{
    (void)state;
    taken_damage("cargo-criterion", LINES, false);
    taken_damage("criterion-text", TEXT, false);
}

int test_formats_criterion(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folders_are_read),    cmocka_unit_test(links_are_not_followed),
        cmocka_unit_test(a_folder_is_no_file), cmocka_unit_test(lines_are_read),
        cmocka_unit_test(texts_are_read),      cmocka_unit_test(damage_is_borne),
    };

    return cmocka_run_group_tests_name("formats/criterion", tests, NULL, NULL);
}
