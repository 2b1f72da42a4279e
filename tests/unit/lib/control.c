/* What a steered program takes for a request, and a whole conversation: the requests lie ready in a
 * pipe, the answers are read afterwards. No time is asserted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "control.h"
#include "told.h"

int test_lib_control(void);

static void the_four_requests_are_read(void **state)
{
    struct pfl_lib_asked asked;

    (void)state;
    assert_true(pfl_lib_control_parse("{\"run\":\"sort[kind=\\\"a\\u0041\\u00e9\\u20ac\\n\\\"]\"}",
                                      &asked));
    assert_int_equal(asked.what, PFL_LIB_ASKED_RUN);
    assert_string_equal(asked.name, "sort[kind=\"aAé€\n\"]");
    assert_true(pfl_lib_control_parse(" { \"batch\" : 123456789012345678 } \r", &asked));
    assert_int_equal(asked.what, PFL_LIB_ASKED_BATCH);
    assert_int_equal(asked.iterations, 123456789012345678);
    assert_true(pfl_lib_control_parse("{\"end\":true}", &asked));
    assert_int_equal(asked.what, PFL_LIB_ASKED_END);
    assert_true(pfl_lib_control_parse("{\"quit\":true}", &asked));
    assert_int_equal(asked.what, PFL_LIB_ASKED_QUIT);
}

static void nothing_else_is(void **state)
{
    static const char *const bad[] = {
        "",
        "{}",
        "null",
        "batch",
        "{\"batch\":0}",
        "{\"batch\":01}",
        "{\"batch\":-1}",
        "{\"batch\":1.5}",
        "{\"batch\":1e3}",
        "{\"batch\":\"1\"}",
        "{\"batch\":1234567890123456789}",
        "{\"batch\":1",
        "{\"batch\":1}}",
        "{\"batch\":1} x",
        "{\"batch\":1,\"end\":true}",
        "{\"end\":false}",
        "{\"end\":1}",
        "{\"quit\":\"true\"}",
        "{\"run\":\"\"}",
        "{\"run\":\"x}",
        "{\"run\":x}",
        "{\"run\":\"\\q\"}",
        "{\"run\":\"\\u00\"}",
        "{\"run\":\"\\u0000\"}",
        "{\"run\":\"\\ud800\"}",
        "{\"run\":\"x\\\"}",
        "{\"walk\":\"x\"}",
        "{batch:1}",
    };
    char longest[4 * PFL_LIB_NAME_MAX];
    struct pfl_lib_asked asked;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof *bad; i++)
        if (pfl_lib_control_parse(bad[i], &asked))
            fail_msg("taken for a request: %s", bad[i]);
    memset(longest, 'x', sizeof longest);
    memcpy(longest, "{\"run\":\"", 8);
    memcpy(longest + sizeof longest - 3, "\"}", 3);
    assert_false(pfl_lib_control_parse(longest, &asked));
}

/* ---- conversations ---- */

static const char *requests;
static double timeout_s = 60;
static int runs;

static void never_ends(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        for (;;)
            pause();
    }
}

static void empty(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        pfl_keep(runs);
    }
}

static void failing(struct pfl_bench *b)
{
    pfl_fail(b, "no good");
}

static void converse(void)
{
    struct pfl_lib_case at[3] = {
        {.name = "empty", .bench = "empty", .tags = "", .file = "x.c", .function = empty},
        {.name = "failing", .bench = "failing", .tags = "", .file = "x.c", .function = failing},
        {.name = "slow", .bench = "slow", .tags = "", .file = "x.c", .function = never_ends},
    };
    const struct pfl_lib_cases cases = {at, 3};
    const struct pfl_lib_how how = {.seconds = 0.06, .batch_s = 0.0005, .seed = 1};
    char number[16];
    int ends[2], i;

    for (i = 0; i < 3; i++) {
        at[i].threads = 1;
        at[i].timeout_s = timeout_s;
    }
    if (pipe(ends) != 0 || write(ends[1], requests, strlen(requests)) != (ssize_t)strlen(requests))
        abort();
    close(ends[1]);
    snprintf(number, sizeof number, "%d", ends[0]);
    setenv("PERFLEDGER_CONTROL_FD", number, 1);
    if (!pfl_lib_control_open())
        abort();
    exit(pfl_lib_control_serve(&cases, &how));
}

/* Only the keys, for numbers vary: "control ready batch_ns". */
static char *keys_of(const char *lines)
{
    char *keys = calloc(1, strlen(lines) + 2);
    const char *at, *end;

    for (at = lines; (at = strstr(at, "{\"")) != NULL; at = end) {
        end = strchr(at + 2, '"');
        if (at > lines && at[-1] != '\n')
            continue;
        strncat(keys, at + 2, (size_t)(end - at - 2));
        strcat(keys, " ");
    }
    return keys;
}

static struct told talk(const char *asked, const char *keys)
{
    struct told told;
    char *found;

    requests = asked;
    told = told_by(converse, true);
    found = keys_of(told.wire);
    if (!strstr(found, keys) || strncmp(found, keys, strlen(keys)) != 0)
        fail_msg("asked %s\nit said %s", asked, told.wire);
    free(found);
    return told;
}

static void a_race_is_served(void **state)
{
    struct told told = talk("{\"run\":\"empty\"}\n{\"batch\":500}\n{\"batch\":7}\n{\"end\":true}\n"
                            "{\"run\":\"other\"}\n{\"run\":\"failing\"}\n{\"quit\":true}\n",
                            "control ready batch_ns batch_ns iterations ");

    (void)state;
    assert_non_null(strstr(told.wire, "{\"ready\":\"empty\",\"iterations\":"));
    assert_non_null(strstr(told.wire, "\"iterations\":500,\"yardstick_ns\":"));
    assert_non_null(strstr(told.wire, "\"iterations\":7,\"yardstick_ns\":"));
    assert_non_null(strstr(told.wire, "{\"over\":\"empty\"}\n{\"over\":\"other\"}\n"));
    assert_non_null(strstr(told.wire, "no good"));
    assert_non_null(strstr(told.wire, "{\"over\":\"failing\"}\n"));
    assert_int_equal(told.status, 0);
    told_release(&told);
}

static void the_end_of_it_is_the_end(void **state)
{
    struct told told = talk("{\"run\":\"empty\"}\n{\"batch\":500}\n", "control ready batch_ns ");

    (void)state;
    assert_int_equal(told.status, 0);
    told_release(&told);
}

static void what_is_no_request_is_refused(void **state)
{
    struct told told =
        talk("{\"run\":\"empty\"}\n{\"batch\":none}\n{\"batch\":3}\n", "control ready fail ");

    (void)state;
    assert_null(strstr(told.wire, "batch_ns"));
    assert_non_null(strstr(told.err, "{\"batch\":none}"));
    assert_non_null(strstr(told.err, "was expected"));
    assert_int_equal(WEXITSTATUS(told.status), 2);
    told_release(&told);
    told = talk("{\"batch\":3}\n", "control fail ");
    assert_int_equal(WEXITSTATUS(told.status), 2);
    told_release(&told);
}

static void one_that_never_ends_is_ended(void **state)
{
    struct told told;

    (void)state;
    timeout_s = 0.02;
    told = talk("{\"run\":\"slow\"}\n{\"quit\":true}\n", "control fail ");
    timeout_s = 60;
    assert_non_null(strstr(told.wire, "did not end within 0.02 s"));
    assert_int_equal(WEXITSTATUS(told.status), 1);
    told_release(&told);
}

/* A side whose turn it is not waits for as long as it takes. */
static void waits_long(void)
{
    const struct pfl_lib_case c = {.name = "it", .bench = "it", .timeout_s = 0.02};
    struct pfl_lib_timeout *timeout = pfl_lib_timeout_begin(&c);

    pfl_lib_timeout_set(timeout, false);
    usleep(60000);
    pfl_lib_timeout_set(timeout, true);
    pfl_lib_timeout_end(timeout);
}

static void waiting_is_not_running(void **state)
{
    struct told told = told_by(waits_long, true);

    (void)state;
    assert_int_equal(told.status, 0);
    assert_string_equal(told.wire, "");
    told_release(&told);
}

int test_lib_control(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_four_requests_are_read),
        cmocka_unit_test(nothing_else_is),
        cmocka_unit_test(a_race_is_served),
        cmocka_unit_test(the_end_of_it_is_the_end),
        cmocka_unit_test(what_is_no_request_is_refused),
        cmocka_unit_test(one_that_never_ends_is_ended),
        cmocka_unit_test(waiting_is_not_running),
    };

    return cmocka_run_group_tests_name("lib/control", tests, NULL, NULL);
}
