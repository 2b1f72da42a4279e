/* The examples as they stand in examples/: configuration, program and wire together, in a copy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "config/config.h"
#include "sys/file.h"

#include "../../helpers/session.h"

static void copy(struct session *s, const char *example, const char *name)
{
    char path[PATH_MAX];
    struct pfl_buf bytes;

    snprintf(path, sizeof path, "%s/examples/%s/%s", PFL_SOURCE_DIR, example, name);
    pfl_buf_init(&bytes, 1 << 20);
    assert_int_equal(pfl_file_read(path, &bytes, &s->err), PFL_OK);
    scratch_write(&s->scratch, name, pfl_buf_cstr(&bytes));
    pfl_buf_release(&bytes);
}

/* Five rounds without warm-up of the example's suites. */
static void run_example(struct session *s, const char *example, const char *program)
{
    const struct pfl_how quick = {.set = PFL_HOW_ROUNDS | PFL_HOW_WARMUP, .rounds = 5};
    struct pfl_config_params params = {.file = "perfledger.yaml", .root = s->scratch.path};

    copy(s, example, program);
    copy(s, example, "perfledger.yaml");
    params.text = session_file(s, "perfledger.yaml");
    params.len = strlen(params.text);
    if (pfl_config_parse(&params, &s->arena, &s->config, &s->err) != PFL_OK)
        fail_msg("%s", s->err.message);
    s->request.over = &quick;
    session_run(s);
}

static void wire_c(void **state)
{
    struct session *s = *state;
    const struct pfl_benchmark *bench;

    run_example(s, "wire-c", "wordcount.c");
    assert_int_equal(s->run.benchmark_count, 2);
    bench = session_find(s, "wordcount[words=20000]");
    if (bench->status == PFL_STATUS_SKIPPED)
        skip(); /* no compiler called cc */
    assert_string_equal(bench->reason, "");
    assert_int_equal(bench->launch_count, 5);
    assert_true(session_result(s, bench->name, "time:count", "")->values[4] >= 0);
    assert_true(session_result(s, bench->name, "time:sort", "")->values[0] >= 0);
    assert_true(session_result(s, bench->name, "distinct_words", "")->values[0] > 500);
    assert_true(session_result(s, bench->name, "throughput", "")->values[0] > 0);
    assert_non_null(session_result(s, bench->name, "artifact_hash", "counts")->text);
    assert_string_equal(pfl_pair_find(bench->environment, bench->environment_count, "hash"),
                        "fnv-1a");
    assert_string_equal(session_file(s, "counts-20000.txt"), ""); /* cleaned up */
}

static void wire_python(void **state)
{
    struct session *s = *state;
    const struct pfl_benchmark *bench;

    run_example(s, "wire-python", "wordcount.py");
    bench = session_find(s, "wordcount");
    if (bench->status == PFL_STATUS_SKIPPED)
        skip(); /* no python3 */
    assert_string_equal(bench->reason, "");
    assert_int_equal(s->run.benchmark_count, 3);
    bench = session_find(s, "wordcount/counter[sample=10000]");
    assert_int_equal(bench->launch_count, 5);
    assert_true(session_result(s, bench->name, "time", "")->values[4] > 0);
    assert_true(session_result(s, "wordcount/dict[sample=10000]", "time", "")->values[0] > 0);
    session_result(s, "wordcount", "time:read", "");
}

int test_measure_examples(void);
int test_measure_examples(void)
{
    const struct CMUnitTest tests[] = {
        SESSION_TEST(wire_c),
        SESSION_TEST(wire_python),
    };

    return cmocka_run_group_tests_name("measure/examples", tests, NULL, NULL);
}
