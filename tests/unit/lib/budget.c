/* Time budgets: how they are left, nested, in threads and forks; what is put back afterwards. Times
 * are only waited for, never asserted: a budget of a millisecond is over at some time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "told.h"

#include <math.h>
#include <pthread.h>
#include <regex.h>
#include <signal.h>
#include <sys/time.h>

int test_lib_budget(void);

#define SHORT 0.001
#define LONG 1000.0

static void assert_matches(const char *text, const char *pattern)
{
    regex_t compiled;

    assert_int_equal(regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB), 0);
    if (regexec(&compiled, text, 0, NULL, 0) != 0)
        fail_msg("%s\ndoes not match\n%s", text, pattern);
    regfree(&compiled);
}

/* A minute is the end of patience. */
static int wait_until_exceeded(void)
{
    const int64_t begin = pfl_lib_now_ns();

    while (pfl_lib_now_ns() - begin < INT64_C(60000000000))
        if (pfl_budget_exceeded())
            return 1;
    return 0;
}

/* ---- how it is left ---- */

static void by_its_end(void)
{
    PFL_BUDGET("solve", SHORT)
    {
        TOLD_CHECK(wait_until_exceeded());
    }
    TOLD_CHECK(pfl_budget_overrun());
    TOLD_CHECK(!pfl_budget_exceeded());
}

static void by_break(void)
{
    PFL_BUDGET("solve", SHORT)
    {
        if (wait_until_exceeded())
            break;
        TOLD_CHECK(false);
    }
    TOLD_CHECK(pfl_budget_overrun());
}

static int returning(void)
{
    PFL_BUDGET("solve", SHORT)
    {
        return wait_until_exceeded();
    }
    return -1;
}

static void by_return(void)
{
    TOLD_CHECK(returning() == 1);
    TOLD_CHECK(pfl_budget_overrun());
}

static void by_goto(void)
{
    PFL_BUDGET("solve", SHORT)
    {
        TOLD_CHECK(wait_until_exceeded());
        goto out;
    }
    TOLD_CHECK(false);
out:
    TOLD_CHECK(pfl_budget_overrun());
}

/* Inside a loop: continue leaves the block, and the loop goes on behind it. */
static void by_continue(void)
{
    int i, behind = 0;

    for (i = 0; i < 3; i++) {
        PFL_BUDGET("solve", i == 1 ? SHORT : LONG)
        {
            if (i == 1 && wait_until_exceeded())
                continue;
        }
        behind++;
        TOLD_CHECK(pfl_budget_overrun() == (i == 1));
    }
    TOLD_CHECK(behind == 3);
}

static void by_hand(void)
{
    struct pfl_budget budget;

    pfl_budget_begin(&budget, "solve", SHORT, 0);
    TOLD_CHECK(wait_until_exceeded());
    pfl_budget_end(&budget);
    TOLD_CHECK(pfl_budget_overrun());
    pfl_budget_end(&budget);
    TOLD_CHECK(pfl_budget_overrun());
}

#define REPORT "budget exceeded: solve after [0-9]+\\.[0-9]{3} s\n"

static void test_ways_out(void **state)
{
    static void (*const ways[])(void) = {by_its_end, by_break,    by_return,
                                         by_goto,    by_continue, by_hand};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct told told = told_by(ways[i], true);

        if (told.status != 0)
            fail_msg("way %zu: status %#x: %s", i, (unsigned)told.status, told.err);
        assert_matches(told.err, "^" REPORT "$");
        assert_string_equal(told.wire, "{\"budget_exceeded\":\"solve\",\"seconds\":0.001}\n");
        told_release(&told);
    }
}

static void in_time(void)
{
    PFL_BUDGET("solve", LONG)
    {
        TOLD_CHECK(!pfl_budget_exceeded());
        TOLD_CHECK(pfl_budget_left() > 0 && pfl_budget_left() <= LONG);
    }
    TOLD_CHECK(!pfl_budget_overrun());
    TOLD_CHECK(isinf(pfl_budget_left()));
}

static void test_in_time(void **state)
{
    struct told told = told_by(in_time, true);

    (void)state;
    assert_int_equal(told.status, 0);
    assert_string_equal(told.err, "");
    assert_string_equal(told.wire, "");
    told_release(&told);
}

static void odd_names(void)
{
    struct pfl_budget budget;
    const char *names[] = {NULL, "", "a\nb\x1b[1m"};
    size_t i;

    for (i = 0; i < 3; i++) {
        pfl_budget_begin(&budget, names[i], 1e-9, 0);
        TOLD_CHECK(wait_until_exceeded());
        pfl_budget_end(&budget);
    }
}

static void test_odd_names(void **state)
{
    struct told told = told_by(odd_names, true);

    (void)state;
    assert_matches(told.err, "^budget exceeded: \\? after [0-9.]+ s\nbudget exceeded: \\? after "
                             "[0-9.]+ s\nbudget exceeded: a\\?b\\?\\[1m after [0-9.]+ s\n$");
    told_release(&told);
}

/* ---- how long ---- */

static void all_seconds(void)
{
    static const struct {
        const char *variable;
        double asked, taken; /* 0: disabled */
    } cases[] = {
        {NULL, PFL_BUDGET_DEFAULT, 30},
        {"", PFL_BUDGET_DEFAULT, 30},
        {"12.5", PFL_BUDGET_DEFAULT, 12.5},
        {" 7 ", PFL_BUDGET_DEFAULT, 7},
        {"+.5", PFL_BUDGET_DEFAULT, 0.5},
        {"2e3", -7, 2000},
        {"0", PFL_BUDGET_DEFAULT, 0},
        {"-3", PFL_BUDGET_DEFAULT, 0},
        {"-0.0", PFL_BUDGET_DEFAULT, 0},
        {"7", 5, 5},
        {"7", 0, 0},
        {"7", -0.0, 0},
    };
    size_t i;

    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pfl_budget budget;

        if (cases[i].variable)
            setenv("PERFLEDGER_TIME_BUDGET", cases[i].variable, 1);
        else
            unsetenv("PERFLEDGER_TIME_BUDGET");
        pfl_budget_begin(&budget, "x", cases[i].asked, 0);
        if (!(fabs(budget.seconds - cases[i].taken) <= 1e-12 * cases[i].taken))
            fprintf(stderr, "case %zu: %g\n", i, budget.seconds);
        TOLD_CHECK((isinf(pfl_budget_left()) != 0) == (cases[i].taken == 0));
        pfl_budget_end(&budget);
        TOLD_CHECK(!pfl_budget_overrun());
    }
    unsetenv("PERFLEDGER_TIME_BUDGET");
}

static void test_seconds(void **state)
{
    struct told told = told_by(all_seconds, false);

    (void)state;
    assert_string_equal(told.err, "");
    assert_int_equal(told.status, 0);
    told_release(&told);
}

static void unreadable(void)
{
    static const char *const values[] = {"soon", "5s",   "1e",  ".",  "nan",
                                         "inf",  "0x10", "1 2", "5,0"};
    struct pfl_budget budget;
    size_t i;

    for (i = 0; i < sizeof values / sizeof values[0]; i++) {
        setenv("PERFLEDGER_TIME_BUDGET", values[i], 1);
        pfl_budget_begin(&budget, "x", PFL_BUDGET_DEFAULT, 0);
        TOLD_CHECK(budget.seconds == 30);
        pfl_budget_end(&budget);
    }
    pfl_budget_begin(&budget, "x", NAN, 0);
    TOLD_CHECK(budget.seconds == 30);
    pfl_budget_end(&budget);
    pfl_budget_begin(&budget, "x", INFINITY, 0);
    TOLD_CHECK(isinf(pfl_budget_left()));
    pfl_budget_end(&budget);
}

static void test_unreadable(void **state)
{
    struct told told = told_by(unreadable, false);

    (void)state;
    if (told.status != 0)
        fail_msg("%s", told.err);
    assert_matches(told.err,
                   "^[^\n]*warning: PERFLEDGER_TIME_BUDGET is \"soon\", which is not a number of "
                   "seconds: 30 s are taken\n[^\n]*warning: a budget of NaN seconds[^\n]*\n$");
    told_release(&told);
}

/* ---- nested ---- */

static void inner_is_over(void)
{
    PFL_BUDGET("outer", LONG)
    {
        PFL_BUDGET("solve", SHORT)
        {
            TOLD_CHECK(wait_until_exceeded());
            TOLD_CHECK(pfl_budget_left() <= 0);
        }
        TOLD_CHECK(pfl_budget_overrun());
        TOLD_CHECK(!pfl_budget_exceeded());
        TOLD_CHECK(pfl_budget_left() > 0);
    }
    TOLD_CHECK(!pfl_budget_overrun());
}

static void outer_is_over(void)
{
    PFL_BUDGET("solve", SHORT)
    {
        PFL_BUDGET("inner", LONG)
        {
            TOLD_CHECK(wait_until_exceeded());
        }
        TOLD_CHECK(!pfl_budget_overrun());
        TOLD_CHECK(pfl_budget_exceeded());
        PFL_BUDGET("disabled", 0)
        {
            TOLD_CHECK(pfl_budget_exceeded());
        }
        TOLD_CHECK(!pfl_budget_overrun());
        PFL_BUDGET("another", LONG)
        {
            TOLD_CHECK(pfl_budget_exceeded());
        }
        TOLD_CHECK(pfl_budget_exceeded());
    }
    TOLD_CHECK(pfl_budget_overrun());
    TOLD_CHECK(!pfl_budget_exceeded());
}

/* Ended in the order in which they began. */
static void crosswise(void)
{
    struct pfl_budget first, second;

    pfl_budget_begin(&first, "first", LONG, 0);
    pfl_budget_begin(&second, "solve", SHORT, 0);
    pfl_budget_end(&first);
    TOLD_CHECK(wait_until_exceeded());
    pfl_budget_end(&second);
    TOLD_CHECK(!pfl_budget_exceeded());
}

static void test_nested(void **state)
{
    static void (*const bodies[])(void) = {inner_is_over, outer_is_over, crosswise};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        struct told told = told_by(bodies[i], true);

        if (told.status != 0)
            fail_msg("body %zu: %s", i, told.err);
        assert_matches(told.err, "^" REPORT "$");
        told_release(&told);
    }
}

/* ---- what was there before ---- */

static volatile sig_atomic_t rung;

static void ring(int signal)
{
    (void)signal;
    rung = 1;
}

static void dispositions(struct sigaction all[65])
{
    int i;

    for (i = 1; i < 65; i++)
        sigaction(i, NULL, &all[i]);
}

static void all_is_put_back(void)
{
    struct itimerval soon = {{0, 0}, {0, 2000}};
    struct sigaction alarm_action = {.sa_handler = ring}, before[65] = {0}, after[65] = {0};
    sigset_t all, mask_before, mask_after;
    int i, round;

    sigaction(SIGALRM, &alarm_action, NULL);
    signal(SIGRTMIN + 1, ring); /* somebody uses the first one */
    sigfillset(&all);
    sigdelset(&all, SIGALRM);
    for (round = 0; round < 3; round++) {
        pthread_sigmask(round == 1 ? SIG_SETMASK : SIG_UNBLOCK, &all, NULL);
        dispositions(before);
        pthread_sigmask(SIG_BLOCK, NULL, &mask_before);
        rung = 0;
        setitimer(ITIMER_REAL, &soon, NULL);
        by_its_end();
        in_time();
        while (!rung) /* the program's own timer comes as well */
            ;
        dispositions(after);
        pthread_sigmask(SIG_BLOCK, NULL, &mask_after);
        for (i = 1; i < 65; i++) {
            TOLD_CHECK(before[i].sa_handler == after[i].sa_handler);
            TOLD_CHECK(sigismember(&mask_before, i) == sigismember(&mask_after, i));
        }
    }
    TOLD_CHECK(rung == 1);
}

static void test_put_back(void **state)
{
    struct told told = told_by(all_is_put_back, false);

    (void)state;
    if (told.status != 0)
        fail_msg("%s", told.err);
    told_release(&told);
}

/* A timer that goes off at the very end must not kill the process with its signal. */
static void at_the_edge(void)
{
    struct pfl_budget budget;
    int i, null = memfd_create("null", 0);

    dup2(null, STDERR_FILENO);
    for (i = 0; i < 20000; i++) {
        pfl_budget_begin(&budget, "x", 1e-9 * (i % 5000 + 1), 0);
        pfl_budget_end(&budget);
    }
}

static void test_edge(void **state)
{
    struct told told = told_by(at_the_edge, false);

    (void)state;
    assert_int_equal(told.status, 0);
    told_release(&told);
}

static void no_signal_is_free(void)
{
    int i;

    for (i = SIGRTMIN; i <= SIGRTMAX; i++)
        signal(i, ring);
    by_its_end();
    inner_is_over();
    TOLD_CHECK(rung == 0);
}

static void test_without_timer(void **state)
{
    struct told told = told_by(no_signal_is_free, false);

    (void)state;
    if (told.status != 0)
        fail_msg("%s", told.err);
    assert_matches(
        told.err,
        "^[^\n]*warning: the budget solve has no timer \\(no signal is free\\)[^\n]*\n" REPORT
            REPORT "$");
    told_release(&told);
}

/* ---- threads and forks ---- */

static pthread_barrier_t barrier;

static void *other_thread(void *context)
{
    (void)context;
    PFL_BUDGET("other", LONG)
    {
        pthread_barrier_wait(&barrier);
        pthread_barrier_wait(&barrier); /* the first thread's is over */
        TOLD_CHECK(!pfl_budget_exceeded());
    }
    TOLD_CHECK(!pfl_budget_overrun());
    return NULL;
}

static void two_threads(void)
{
    pthread_t thread;

    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&thread, NULL, other_thread, NULL);
    pthread_barrier_wait(&barrier);
    by_its_end();
    pthread_barrier_wait(&barrier);
    pthread_join(thread, NULL);
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&thread, NULL, other_thread, NULL);
    pthread_barrier_wait(&barrier);
    in_time(); /* it must not take the handler from the other thread */
    pthread_barrier_wait(&barrier);
    pthread_join(thread, NULL);
}

static void *many_budgets(void *context)
{
    int i;

    (void)context;
    for (i = 0; i < 300; i++)
        PFL_BUDGET("many", 1e-6 * i)
        {
            PFL_BUDGET("inner", LONG)
            {
                TOLD_CHECK(i == 0 || wait_until_exceeded());
            }
        }
    return NULL;
}

static void many_threads(void)
{
    pthread_t threads[8];
    int i;

    for (i = 0; i < 8; i++)
        pthread_create(&threads[i], NULL, many_budgets, NULL);
    for (i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
}

static void test_threads(void **state)
{
    struct told told = told_by(two_threads, false);

    (void)state;
    if (told.status != 0)
        fail_msg("%#x %s", (unsigned)told.status, told.err);
    assert_matches(told.err, "^" REPORT "$");
    told_release(&told);
    told = told_by(many_threads, false);
    assert_int_equal(told.status, 0);
    told_release(&told);
}

/* The child's clock is the same; its parent's timer is not its own. */
static void in_a_child(void)
{
    int status = 0;
    pid_t pid = -1;

    PFL_BUDGET("parent", LONG)
    {
        PFL_BUDGET("solve", 0.02)
        {
            pid = fork();
            if (pid == 0) {
                TOLD_CHECK(pfl_budget_left() <= 0.02);
                TOLD_CHECK(wait_until_exceeded());
                break;
            }
            waitpid(pid, &status, 0);
        }
        TOLD_CHECK(pfl_budget_overrun());
        if (pid == 0) {
            TOLD_CHECK(!pfl_budget_exceeded());
            TOLD_CHECK(pfl_budget_left() > 0);
            by_its_end(); /* one of its own has a timer of its own */
            _exit(0);
        }
    }
    TOLD_CHECK(status == 0);
}

static void test_fork(void **state)
{
    struct told told = told_by(in_a_child, false);

    (void)state;
    if (told.status != 0)
        fail_msg("%s", told.err);
    assert_matches(told.err, "^" REPORT REPORT REPORT "$");
    told_release(&told);
}

/* The numbers of timers begin anew in a child: its own is not to be mistaken for its parent's. */
static void a_child_ends_the_parents(void)
{
    struct pfl_budget parents, own;
    int status = 0;
    pid_t pid;

    pfl_budget_begin(&parents, "parent", LONG, 0);
    pid = fork();
    if (pid == 0) {
        pfl_budget_begin(&own, "solve", 0.05, 0);
        pfl_budget_end(&parents);
        TOLD_CHECK(wait_until_exceeded());
        pfl_budget_end(&own);
        _exit(0);
    }
    waitpid(pid, &status, 0);
    pfl_budget_end(&parents);
    TOLD_CHECK(status == 0);
}

static void test_timers_of_a_child(void **state)
{
    struct told told = told_by(a_child_ends_the_parents, false);

    (void)state;
    if (told.status != 0)
        fail_msg("%s", told.err);
    told_release(&told);
}

/* ---- hard ---- */

static void never_asks(void)
{
    volatile int forever = 1;

    PFL_BUDGET_HARD("solve", SHORT)
    {
        while (forever)
            ;
    }
}

static void never_asks_inside(void)
{
    PFL_BUDGET("outer", LONG)
    {
        never_asks();
    }
}

static void hard_and_blocked(void)
{
    const int64_t begin = pfl_lib_now_ns();
    sigset_t all;

    sigfillset(&all);
    PFL_BUDGET_HARD("solve", SHORT)
    {
        pthread_sigmask(SIG_BLOCK, &all, NULL);
        while (pfl_lib_now_ns() - begin < 5000000)
            ;
    }
}

static void test_hard(void **state)
{
    static void (*const bodies[])(void) = {never_asks, never_asks_inside, hard_and_blocked};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        struct told told = told_by(bodies[i], true);

        assert_true(WIFEXITED(told.status));
        assert_int_equal(WEXITSTATUS(told.status), 124);
        assert_matches(told.err, "^" REPORT "$");
        assert_string_equal(told.wire, "{\"budget_exceeded\":\"solve\",\"seconds\":0.001}\n");
        told_release(&told);
    }
}

/* ---- in a benchmark ---- */

static void slow_bench(struct pfl_bench *b)
{
    by_its_end();
    PFL_LOOP(b)
    {
    }
}

static void run_slow_bench(void)
{
    struct pfl_lib_outcome outcome;
    struct pfl_lib_case c;

    told_bench(slow_bench, &c, &outcome);
    TOLD_CHECK(outcome.status == PFL_LIB_FAILED);
    TOLD_CHECK(strcmp(outcome.reason, "the budget of solve was exceeded: 0.001 s") == 0);
    pfl_lib_wire_outcome(&outcome);
    pfl_lib_outcome_release(&outcome);
}

static void test_bench(void **state)
{
    struct told told = told_by(run_slow_bench, true);

    (void)state;
    if (told.status != 0)
        fail_msg("%s", told.err);
    assert_string_equal(told.wire, "{\"budget_exceeded\":\"solve\",\"seconds\":0.001,\"bench\":"
                                   "\"group/it\",\"params\":{\"n\":3}}\n"
                                   "{\"fail\":\"the budget of solve was exceeded: 0.001 s\","
                                   "\"bench\":\"group/it\",\"params\":{\"n\":3}}\n");
    told_release(&told);
}

int test_lib_budget(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ways_out),      cmocka_unit_test(test_in_time),
        cmocka_unit_test(test_odd_names),     cmocka_unit_test(test_seconds),
        cmocka_unit_test(test_unreadable),    cmocka_unit_test(test_nested),
        cmocka_unit_test(test_put_back),      cmocka_unit_test(test_edge),
        cmocka_unit_test(test_without_timer), cmocka_unit_test(test_threads),
        cmocka_unit_test(test_fork),          cmocka_unit_test(test_timers_of_a_child),
        cmocka_unit_test(test_hard),          cmocka_unit_test(test_bench),
    };

    return cmocka_run_group_tests_name("lib/budget", tests, NULL, NULL);
}
