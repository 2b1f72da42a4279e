/*
 * A launch: each case once, in an order that the seed draws; SIGINT lets the case at hand end; a
 * benchmark that never ends ends the process with words. And the generator's inputs: the same at
 * every launch, others for another case, thread or seed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CASES = 8 };

static char order[CASES + 1];
static uint64_t drawn[CASES];
static size_t began;

static void draw(struct pfl_bench *b)
{
    const size_t me = (size_t)(pfl_lib_bench_case(b)->name[0] - 'a');

    drawn[me] = pfl_rand(b);
    if (pfl_context(b) == drawn)
        raise(SIGINT);
    if (me == 1)
        pfl_fail(b, "on purpose");
    if (me == 2)
        pfl_skip(b, "on purpose");
    PFL_LOOP(b)
    {
    }
}

static void begin(void *context, const struct pfl_lib_case *c, size_t index, size_t of)
{
    assert_ptr_equal(context, order);
    assert_int_equal(index, began++);
    assert_int_equal(of, CASES);
    (void)c;
}

static void end(void *context, const struct pfl_lib_outcome *outcome)
{
    assert_ptr_equal(context, order);
    strcat(order, outcome->of->name);
}

static int run(struct pfl_lib_case *at, uint64_t seed)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    const struct pfl_lib_how how = {.count_only = true, .seed = seed};
    const struct pfl_lib_listener listener = {begin, end, order};
    struct pfl_lib_cases cases = {at, CASES};
    size_t i;

    for (i = 0; i < CASES; i++) {
        at[i].name = at[i].bench = names[i];
        at[i].function = draw;
        at[i].timeout_s = 60;
    }
    order[0] = '\0';
    began = 0;
    return pfl_lib_session_run(&cases, &how, &listener);
}

static void test_order(void **state)
{
    struct pfl_lib_case at[CASES] = {{0}};
    char before[CASES + 1];
    int i, others = 0;

    (void)state;
    assert_int_equal(run(at, 1), 1); /* one failed; a skip is no failure */
    assert_int_equal(strlen(order), CASES);
    strcpy(before, order);
    run(at, 1);
    assert_string_equal(order, before);
    for (i = 2; i < 6; i++) {
        run(at, (uint64_t)i);
        assert_int_equal(strspn(order, "abcdefgh"), CASES);
        others += strcmp(order, before) != 0;
    }
    assert_true(others > 0);
}

static void test_inputs(void **state)
{
    struct pfl_lib_case at[CASES] = {{0}};
    uint64_t before[CASES];
    size_t i;

    (void)state;
    run(at, 1);
    memcpy(before, drawn, sizeof before);
    memset(drawn, 0, sizeof drawn);
    run(at, 1);
    assert_memory_equal(before, drawn, sizeof before);
    run(at, 2);
    for (i = 0; i < CASES; i++) {
        assert_int_not_equal(before[i], drawn[i]);
        assert_int_not_equal(before[i], before[(i + 1) % CASES]);
    }
}

static void test_interrupt(void **state)
{
    struct pfl_lib_case at[CASES] = {{0}};

    (void)state;
    at[3].context = drawn; /* "d" is interrupted */
    run(at, 1);
    assert_int_equal(order[strlen(order) - 1], 'd');
    assert_int_equal(strlen(order), began);
    at[3].context = NULL;
    run(at, 1);
    assert_int_equal(strlen(order), CASES);
}

static void never_ends(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        for (;;)
            pause();
    }
}

static void test_timeout(void **state)
{
    const struct pfl_lib_how how = {.count_only = true};
    struct pfl_lib_case c = {.name = "group/slow[n=1]",
                             .bench = "group/slow",
                             .file = "here.c",
                             .line = 7,
                             .function = never_ends,
                             .timeout_s = 0.02};
    const struct pfl_lib_cases cases = {&c, 1};
    char said[200] = "";
    int ends[2], status;
    pid_t child;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        pfl_lib_session_run(&cases, &how, NULL);
        _exit(0);
    }
    close(ends[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(read(ends[0], said, sizeof said - 1) > 0);
    close(ends[0]);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    assert_string_equal(said,
                        "group/slow[n=1] did not end within 0.02 s: PFL_TIMEOUT(seconds) gives "
                        "it more (here.c:7)\n");
}

/* The timeout takes no signal that somebody uses. */
static void test_timeout_signal(void **state)
{
    const struct pfl_lib_case c = {.name = "it", .bench = "it", .timeout_s = 60};
    struct sigaction action = {.sa_handler = SIG_IGN}, before, now;
    struct pfl_lib_timeout *timeout;
    const int used = SIGRTMAX - 2;

    (void)state;
    assert_int_equal(sigaction(used, &action, &before), 0);
    timeout = pfl_lib_timeout_begin(&c);
    assert_int_equal(sigaction(used, NULL, &now), 0);
    assert_ptr_equal(now.sa_handler, SIG_IGN);
    assert_false(pfl_lib_signal_is_free(used - 1, true));
    pfl_lib_timeout_end(timeout);
    assert_true(pfl_lib_signal_is_free(used - 1, true));
    assert_int_equal(sigaction(used, &before, NULL), 0);
}

/* ---- the generator ---- */

static void shuffle(struct pfl_bench *b)
{
    unsigned char bytes[21], again[21] = {0};
    int items[100], seen[100] = {0}, i, moved = 0;

    for (i = 0; i < 100; i++)
        items[i] = i;
    pfl_rand_shuffle(b, items, 100, sizeof items[0]);
    for (i = 0; i < 100; i++) {
        seen[items[i]]++;
        moved += items[i] != i;
    }
    for (i = 0; i < 100; i++)
        assert_int_equal(seen[i], 1);
    assert_true(moved > 80);
    pfl_rand_fill(b, bytes, sizeof bytes);
    assert_memory_not_equal(bytes, again, sizeof bytes);
    for (i = 0; i < 1000; i++) {
        assert_true(pfl_rand_below(b, 7) < 7);
        assert_true(pfl_rand_unit(b) >= 0 && pfl_rand_unit(b) < 1);
    }
    assert_int_equal(pfl_rand_below(b, 0), 0);
    PFL_LOOP(b)
    {
    }
}

static void test_generator(void **state)
{
    const struct pfl_lib_how how = {.count_only = true, .seed = 1};
    struct pfl_lib_case c = {.name = "it", .bench = "it", .function = shuffle};
    struct pfl_lib_outcome outcome;

    (void)state;
    pfl_lib_engine_run(&c, &how, &outcome);
    assert_int_equal(outcome.status, PFL_LIB_OK);
    pfl_lib_outcome_release(&outcome);
}

int test_lib_session(void);
int test_lib_session(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),     cmocka_unit_test(test_inputs),
        cmocka_unit_test(test_interrupt), cmocka_unit_test(test_timeout),
        cmocka_unit_test(test_generator), cmocka_unit_test(test_timeout_signal),
    };

    /* In a process of its own: a session looks for perfledger in the environment, once for all. */
    pid_t child;
    int status = 0;

    fflush(stdout);
    child = fork();
    if (child == 0)
        exit(cmocka_run_group_tests_name("lib/session", tests, NULL, NULL) != 0);
    return waitpid(child, &status, 0) != child || status != 0;
}
