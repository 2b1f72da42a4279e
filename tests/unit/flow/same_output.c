/* Do two outputs say the same: by bytes, by numbers within a tolerance; and what is said of the
 * first difference. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flow/race/same_output.h"
#include "sys/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/pfl-same-XXXXXX";
static char paths[2][64];

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(paths[0], sizeof paths[0], "%s/base", folder);
    snprintf(paths[1], sizeof paths[1], "%s/head", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(paths[0]);
    unlink(paths[1]);
    return rmdir(folder);
}

static const char *compared(struct pfl_arena *arena, const char *base, size_t base_len,
                            const char *head, size_t head_len, double tolerance)
{
    const char *problem = "untouched";
    struct pfl_err err;

    assert_int_equal(pfl_file_write(paths[0], base, base_len, false, NULL), PFL_OK);
    assert_int_equal(pfl_file_write(paths[1], head, head_len, false, NULL), PFL_OK);
    assert_int_equal(pfl_same_output(paths[0], paths[1], tolerance, arena, &problem, &err), PFL_OK);
    return problem;
}

static void texts(void **state)
{
    static const struct {
        const char *base, *head;
        double tolerance;
        const char *problem; /* NULL: the same */
    } cases[] = {
        {"", "", 0, NULL},
        {"", "", 0.1, NULL},
        {"a b\nc\n", "a b\nc\n", 0, NULL},
        {"a b\nc\n", "a b\nd\n", 0,
         "the outputs differ in line 2: \"c\\n\" in the base's, \"d\\n\" in the challenger's"},
        {"a\n", "a\nb\n", 0,
         "the outputs differ in line 2: the end in the base's, \"b\\n\" in the challenger's "
         "(2 and 4 bytes)"},
        {"sum 1.5\n", "sum 1.6\n", 0,
         "the outputs differ in line 1: \"sum 1.5\\n\" in the base's, \"sum 1.6\\n\" in the "
         "challenger's"},
        {"a  b\n", "a b\n", 0.01, NULL}, /* blanks do not count between tokens */
        {"a\nb\n", "a b\n", 0.01,
         "the outputs differ in line 1: \"\\n\" in the base's, \"b\" in the challenger's"},
        {"a\n", "a", 0.01, NULL},
        {"sum 1.0000000001\n", "sum 1\n", 1e-9, NULL},
        {"sum 1.00000001\n", "sum 1\n", 1e-9,
         "the outputs differ in line 1: \"1.00000001\" in the base's, \"1\" in the challenger's "
         "(15 and 6 bytes)"},
        {"1.0000000015", "1", 1e-9,
         "the outputs differ in line 1: \"1.0000000015\" in the base's, \"1\" in the "
         "challenger's (12 and 1 bytes)"},
        {"-1e300", "1e300", 0.5,
         "the outputs differ in line 1: \"-1e300\" in the base's, \"1e300\" in the challenger's "
         "(6 and 5 bytes)"},
        {"0", "1e-30", 1e-9,
         "the outputs differ in line 1: \"0\" in the base's, \"1e-30\" in the challenger's "
         "(1 and 5 bytes)"},
        {"nan", "NaN", 1e-9, NULL},
        {"nan", "1", 1e-9,
         "the outputs differ in line 1: \"nan\" in the base's, \"1\" in the challenger's "
         "(3 and 1 bytes)"},
        {"inf -inf", "Inf -INF", 1e-9, NULL},
        {"inf", "-inf", 1e-9,
         "the outputs differ in line 1: \"inf\" in the base's, \"-inf\" in the challenger's "
         "(3 and 4 bytes)"},
        {"x=1.0000000001, [2]", "x=1, [2]", 1e-9, NULL},
        {"x=1", "y=1", 1,
         "the outputs differ in line 1: \"x=1\" in the base's, \"y=1\" in the challenger's"},
        {"v1.5a", "v1.6a", 1,
         "the outputs differ in line 1: \"v1.5a\" in the base's, \"v1.6a\" in the challenger's"},
    };
    struct pfl_arena arena;
    const char *problem;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        pfl_arena_init(&arena);
        problem = compared(&arena, cases[i].base, strlen(cases[i].base), cases[i].head,
                           strlen(cases[i].head), cases[i].tolerance);
        if (!cases[i].problem && problem)
            fail_msg("case %zu: %s", i, problem);
        if (cases[i].problem)
            assert_string_equal(problem ? problem : "the same", cases[i].problem);
        pfl_arena_release(&arena);
    }
}

static void binary_files_by_bytes_only(void **state)
{
    struct pfl_arena arena;

    (void)state;
    pfl_arena_init(&arena);
    assert_null(compared(&arena, "a\0b", 3, "a\0b", 3, 0.5));
    assert_string_equal(compared(&arena, "\0 1.0", 5, "\0 1.1", 5, 0.5),
                        "the outputs differ from byte 5 on");
    pfl_arena_release(&arena);
}

static void longer_than_any_window(void **state)
{
    enum { LEN = 300000 };
    char *base = malloc(LEN), *head = malloc(LEN);
    struct pfl_arena arena;

    (void)state;
    pfl_arena_init(&arena);
    memset(base, 'x', LEN);
    memset(head, 'x', LEN);
    base[LEN - 3] = head[LEN - 3] = '\n';
    assert_null(compared(&arena, base, LEN, head, LEN, 0));
    assert_null(compared(&arena, base, LEN, head, LEN, 0.1));
    head[LEN - 1] = 'y';
    assert_string_equal(compared(&arena, base, LEN, head, LEN, 0),
                        "the outputs differ in line 2: \"xx\" in the base's, \"xy\" in the "
                        "challenger's");
    head[LEN - 1] = 'x';
    head[LEN - 9] = 'y'; /* in a word far longer than what is kept of it */
    assert_non_null(compared(&arena, base, LEN, head, LEN, 0.1));
    pfl_arena_release(&arena);
    free(base);
    free(head);
}

static void a_file_that_is_not_there(void **state)
{
    const char *problem = "untouched";
    struct pfl_arena arena;
    struct pfl_err err;

    (void)state;
    pfl_arena_init(&arena);
    assert_int_equal(pfl_same_output(paths[0], "/nowhere/at/all", 0, &arena, &problem, &err),
                     PFL_ENOENT);
    assert_string_equal(problem, "untouched");
    pfl_arena_release(&arena);
}

int test_flow_same_output(void);
int test_flow_same_output(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),
        cmocka_unit_test(binary_files_by_bytes_only),
        cmocka_unit_test(longer_than_any_window),
        cmocka_unit_test(a_file_that_is_not_there),
    };

    return cmocka_run_group_tests_name("flow/same_output", tests, set_up, tear_down);
}
