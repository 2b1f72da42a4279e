/* Stages: what perfledger is told, the table of a program that is alone, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "told.h"

#include <pthread.h>
#include <regex.h>
#include <time.h>

int test_lib_stage(void);

static void assert_matches(const char *text, const char *pattern)
{
    regex_t compiled;

    assert_int_equal(regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB), 0);
    if (regexec(&compiled, text, 0, NULL, 0) != 0)
        fail_msg("%s\ndoes not match\n%s", text, pattern);
    regfree(&compiled);
}

#define CPU(name)                                                                                  \
    "\\{\"metric\":\"cpu:" name "\",\"value\":[0-9.e-]+,\"unit\":\"s\",\"better\":\"lower\"\\}\n"

static void three_stages(void)
{
    pfl_stage("read");
    pfl_stage("assemble");
    pfl_stage("read");
    pfl_stage(NULL);
    pfl_stage(NULL);
    TOLD_CHECK(pfl_stage_begin("solve") == 0);
    TOLD_CHECK(pfl_stage_end("solve") == 0);
    pfl_stage("at the end");
}

static void test_told(void **state)
{
    struct told told = told_by(three_stages, true);

    (void)state;
    assert_int_equal(told.status, 0);
    assert_string_equal(told.err, "");
    assert_matches(
        told.wire,
        "^\\{\"stage\":\"read\"\\}\n"
        "\\{\"stage\":\"assemble\"\\}\n" CPU("read") "\\{\"stage\":\"read\"\\}\n" CPU(
            "assemble") "\\{\"stage\":null\\}\n" CPU("read") "\\{\"stage\":null\\}\n\\{"
                                                             "\"stage\":\"solve\"\\}"
                                                             "\n\\{\"stage\":null\\}"
                                                             "\n" CPU(
                                                                 "solve") "\\{"
                                                                          "\"stage"
                                                                          "\":\"at "
                                                                          "the "
                                                                          "end\"\\}"
                                                                          "\n" CPU(
                                                                              "at the end") "$");
    told_release(&told);
}

static double cpu_now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void long_then_short(void)
{
    double begin = cpu_now();

    pfl_stage("a");
    while (cpu_now() - begin < 0.01)
        ;
    pfl_stage("b");
    pfl_stage("a");
}

static void test_adds_up(void **state)
{
    struct told told = told_by(long_then_short, true);
    const char *cpu = "{\"metric\":\"cpu:a\",\"value\":", *first, *second;

    (void)state;
    first = strstr(told.wire, cpu);
    assert_non_null(first);
    second = strstr(first + 1, cpu);
    assert_non_null(second);
    assert_true(strtod(second + strlen(cpu), NULL) >= strtod(first + strlen(cpu), NULL));
    told_release(&told);
}

static void with_table(void)
{
    setenv("PERFLEDGER_STAGES", "1", 1);
    three_stages();
}

static void without_table(void)
{
    setenv("PERFLEDGER_STAGES", "0", 1);
    three_stages();
}

#define TIME " +[0-9.]+ (us|ms|s )"
#define PEAK " +([0-9.]+ MiB|-)"

static void test_table(void **state)
{
    struct told told = told_by(with_table, false);

    (void)state;
    assert_matches(told.err, "^stage +wall +CPU +peak RSS\n"
                             "read      " TIME TIME PEAK "  \\(entered 2 times\\)\n"
                             "assemble  " TIME TIME PEAK "\n"
                             "solve     " TIME TIME PEAK "\n"
                             "at the end" TIME TIME PEAK "\n$");
    told_release(&told);
    told = told_by(without_table, false);
    assert_string_equal(told.err, "");
    told_release(&told);
    told = told_by(with_table, true); /* perfledger makes its own */
    assert_string_equal(told.err, "");
    told_release(&told);
}

/* A stage that touches much memory has the larger peak, and the next one has not. */
static void unequal_stages(void)
{
    const size_t size = 64 << 20;
    char *bytes;

    setenv("PERFLEDGER_STAGES", "1", 1);
    pfl_stage("small");
    pfl_stage("large");
    bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(bytes, 1, size);
    munmap(bytes, size);
    pfl_stage("after");
}

static void test_peaks(void **state)
{
    struct told told = told_by(unequal_stages, false);
    double small, large, after;

    (void)state;
    if (strstr(told.err, " -\n")) {
        told_release(&told);
        skip(); /* /proc/self/clear_refs may not be written */
    }
    assert_int_equal(sscanf(told.err,
                            "stage wall CPU peak RSS small %*f %*s %*f %*s %lf MiB large %*f %*s "
                            "%*f %*s %lf MiB after %*f %*s %*f %*s %lf MiB",
                            &small, &large, &after),
                     3);
    assert_true(large > small + 60 && large > after + 60);
    told_release(&told);
}

/* ---- refused ---- */

static void nested(void)
{
    TOLD_CHECK(pfl_stage_begin("outer") == 0);
    TOLD_CHECK(pfl_stage_begin("inner") == -1);
    TOLD_CHECK(pfl_stage_end("inner") == -1);
    pfl_stage("plain");
    pfl_stage(NULL);
    TOLD_CHECK(pfl_stage_end("outer") == 0);
    TOLD_CHECK(pfl_stage_end("outer") == -1);
    pfl_stage("plain");
    TOLD_CHECK(pfl_stage_begin("inner") == -1);
    TOLD_CHECK(pfl_stage_end("plain") == 0);
}

static void test_nested(void **state)
{
    static const char *const says[] = {
        "warning: the stage \"inner\" is refused inside \"outer\", which goes on",
        "warning: the end of the stage \"inner\" is refused: \"outer\" is open",
        "warning: the stage \"plain\" is refused inside \"outer\"",
        "warning: the stage \"(end)\" is refused inside \"outer\"",
        "warning: the end of the stage \"outer\" is refused: no stage is open",
        "warning: the stage \"inner\" is refused inside \"plain\"",
    };
    struct told told = told_by(nested, true);
    char *line, *rest = told.warnings;
    size_t i;

    (void)state;
    assert_int_equal(told.status, 0);
    for (i = 0; i < sizeof says / sizeof says[0]; i++) {
        line = strsep(&rest, "\n");
        if (!line || !strstr(line, says[i]))
            fail_msg("%s\nis not\n%s", line, says[i]);
    }
    assert_string_equal(rest, "");
    assert_matches(
        told.wire,
        "^\\{\"stage\":\"outer\"\\}\n\\{\"stage\":null\\}\n" CPU(
            "outer") "\\{\"stage\":\"plain\"\\}\n\\{\"stage\":null\\}\n" CPU("plain") "$");
    told_release(&told);
}

static void bad_names(void)
{
    char long_name[102];

    memset(long_name, 'x', sizeof long_name);
    long_name[101] = 0;
    pfl_stage("good");
    pfl_stage("");
    pfl_stage(long_name);
    pfl_stage("two\nlines");
    TOLD_CHECK(pfl_stage_begin(NULL) == -1);
    long_name[100] = 0;
    pfl_stage(long_name);
}

static void test_bad_names(void **state)
{
    struct told told = told_by(bad_names, true);

    (void)state;
    assert_int_equal(told.status, 0);
    assert_matches(told.warnings,
                   "^[^\n]*warning: a stage's name must have 1 to 100 bytes[^\n]*\n$");
    assert_matches(told.wire,
                   "^\\{\"stage\":\"good\"\\}\n\\{\"stage\":\"x{100}\"\\}\n" CPU("good"));
    told_release(&told);
}

static void inside_loop(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        pfl_stage("in the loop");
        TOLD_CHECK(pfl_stage_begin("in the loop") == -1);
    }
}

static void run_inside_loop(void)
{
    struct pfl_lib_outcome outcome;
    struct pfl_lib_case c;

    told_bench(inside_loop, &c, &outcome);
    pfl_lib_outcome_release(&outcome);
}

static void test_inside_loop(void **state)
{
    struct told told = told_by(run_inside_loop, true);

    (void)state;
    assert_string_equal(told.wire, "");
    assert_matches(told.warnings,
                   "^[^\n]*the stage \"in the loop\" inside a PFL_LOOP is left out[^\n]*\n$");
    told_release(&told);
}

static void endless_names(void)
{
    char name[24];
    int i;

    for (i = 0; i < 600; i++) {
        snprintf(name, sizeof name, "stage %d", i);
        pfl_stage(name);
    }
}

static void test_too_many(void **state)
{
    struct told told = told_by(endless_names, true);

    (void)state;
    assert_non_null(strstr(told.wire, "{\"stage\":\"stage 499\"}\n"));
    assert_null(strstr(told.wire, "stage 500"));
    assert_non_null(strstr(told.warnings, "the stage \"stage 500\" is not recorded"));
    told_release(&told);
}

/* ---- processes and threads ---- */

static void fork_in_a_stage(void)
{
    pid_t pid;

    setenv("PERFLEDGER_STAGES", "1", 1);
    pfl_stage("parent");
    pid = fork();
    if (pid == 0) {
        pfl_stage("child");
        TOLD_CHECK(pfl_stage_begin("child") == 0);
        TOLD_CHECK(pfl_stage_end("child") == 0);
        exit(0);
    }
    waitpid(pid, NULL, 0);
}

static void test_fork(void **state)
{
    struct told told = told_by(fork_in_a_stage, true);

    (void)state;
    assert_matches(told.wire, "^\\{\"stage\":\"parent\"\\}\n" CPU("parent") "$");
    told_release(&told);
    told = told_by(fork_in_a_stage, false);
    assert_matches(told.err, "^stage [^\n]*\nparent [^\n]*\n$");
    told_release(&told);
}

static void *many_stages(void *context)
{
    int i;

    (void)context;
    for (i = 0; i < 2000; i++) {
        pfl_stage(i % 3 ? "a" : "b");
        if (pfl_stage_begin("c") == 0)
            pfl_stage_end("c");
    }
    return NULL;
}

static void stages_of_threads(void)
{
    pthread_t threads[4];
    int i;

    dup2(dup(STDERR_FILENO), STDERR_FILENO);
    for (i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, many_stages, NULL);
    for (i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    pfl_stage(NULL);
}

static void test_threads(void **state)
{
    struct told told = told_by(stages_of_threads, true);
    char *line, *rest = told.wire;

    (void)state;
    assert_int_equal(told.status, 0);
    while ((line = strsep(&rest, "\n")) && rest)
        if (strncmp(line, "{\"stage\":", 9) != 0 && strncmp(line, "{\"metric\":\"cpu:", 15) != 0)
            fail_msg("%s", line);
    told_release(&told);
}

int test_lib_stage(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_told),        cmocka_unit_test(test_adds_up),
        cmocka_unit_test(test_table),       cmocka_unit_test(test_peaks),
        cmocka_unit_test(test_nested),      cmocka_unit_test(test_bad_names),
        cmocka_unit_test(test_inside_loop), cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_fork),        cmocka_unit_test(test_threads),
    };

    return cmocka_run_group_tests_name("lib/stage", tests, NULL, NULL);
}
