/* Messages to perfledger: their JSON, and what may happen to the descriptor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "told.h"

#include <errno.h>
#include <fcntl.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>

int test_lib_wire(void);

static char *json_of_text(const char *text)
{
    char *json;
    size_t len;
    FILE *out = open_memstream(&json, &len);

    pfl_lib_json_text(out, text);
    fclose(out);
    return json;
}

static char *json_of_number(double value)
{
    char *json;
    size_t len;
    FILE *out = open_memstream(&json, &len);

    pfl_lib_json_number(out, value);
    fclose(out);
    return json;
}

static void test_texts(void **state)
{
    static const struct {
        const char *text, *json;
    } cases[] = {
        {"", "\"\""},
        {"plain", "\"plain\""},
        {"a\"b\\c", "\"a\\\"b\\\\c\""},
        {"\n\t\r\b\f\x01\x1f\x7f", "\"\\n\\t\\r\\b\\f\\u0001\\u001f\\u007f\""},
        {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\""},
        {"a\xff"
         "b",
         "\"a\\ufffdb\""},
        {"\xc0\xaf", "\"\\ufffd\\ufffd\""},                       /* overlong */
        {"\xe0\x9f\xbf", "\"\\ufffd\\ufffd\\ufffd\""},            /* overlong */
        {"\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\""},            /* a surrogate */
        {"\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\""}, /* beyond Unicode */
        {"\xe2\x82", "\"\\ufffd\\ufffd\""},                       /* cut off */
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *json = json_of_text(cases[i].text);

        assert_string_equal(json, cases[i].json);
        free(json);
    }
}

static void test_numbers(void **state)
{
    static const struct {
        double value;
        const char *json;
    } cases[] = {
        {0, "0"},
        {-0.0, "-0"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {812.1, "812.1"},
        {1.0 / 3, "0.3333333333333333"},
        {1e22, "1e+22"},
        {DBL_MAX, "1.7976931348623157e+308"},
        {5e-324, "5e-324"},
        {1e-310, "1e-310"},
        {NAN, "null"},
        {INFINITY, "null"},
        {-INFINITY, "null"},
    };
    uint64_t bits = 88172645463325252u;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *json = json_of_number(cases[i].value);

        assert_string_equal(json, cases[i].json);
        free(json);
    }
    for (i = 0; i < 20000; i++) {
        double value;
        char *json;

        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        memcpy(&value, &bits, sizeof value);
        json = json_of_number(value);
        if (isfinite(value) ? strtod(json, NULL) != value : strcmp(json, "null") != 0)
            fail_msg("%a became %s", value, json);
        free(json);
    }
}

/* A child that no handler of a fork hears of is another process all the same. */
static void test_process(void **state)
{
    int status = 1;
    pid_t pid;

    (void)state;
    assert_int_equal(pfl_lib_process(), getpid());
    pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (pid == 0)
        _exit(pfl_lib_process() != (int)syscall(SYS_getpid));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void test_decimal_comma(void **state)
{
    static const char *const locales[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE"};
    char *before, *json;
    size_t i;

    (void)state;
    before = strdup(setlocale(LC_NUMERIC, NULL));
    for (i = 0; i < sizeof locales / sizeof locales[0]; i++)
        if (setlocale(LC_NUMERIC, locales[i]))
            break;
    json = json_of_number(0.5);
    setlocale(LC_NUMERIC, before);
    free(before);
    assert_string_equal(json, "0.5");
    free(json);
    if (i == sizeof locales / sizeof locales[0])
        skip();
}

/* ---- outcomes ---- */

static struct pfl_lib_case a_case(void)
{
    return (struct pfl_lib_case){
        .name = "g/sort[kind=random,n=100]",
        .bench = "g/sort",
        .args = {{.name = "kind", .text = "ran\"dom", .number = NAN},
                 {.name = "n", .text = "100", .number = 100, .integer = 100, .is_integer = true},
                 {.name = "share", .text = "0.50", .number = 0.5}},
        .arg_count = 3,
        .threads = 1};
}

static void say_outcomes(void)
{
    struct pfl_lib_case c = a_case();
    double times[] = {812.1, 811.9}, yardsticks[] = {1.5, 1.25};
    struct pfl_lib_metric metrics[] = {
        {.name = "parity_error",
         .variant = "max_abs",
         .value = 3e-9,
         .unit = "1",
         .better = PFL_LOWER_IS_BETTER},
        {.name = "hits", .variant = "", .value = NAN, .unit = "1", .better = PFL_HIGHER_IS_BETTER},
        {.name = "artifact_size", .variant = "x", .value = 3, .unit = "B"},
        {.name = "artifact_hash", .variant = "x", .value = NAN, .unit = "1", .text = "abc"},
        {.name = "cycles", .variant = "", .value = 7, .unit = "1", .better = PFL_NO_DIRECTION},
    };
    struct pfl_lib_outcome good = {.of = &c,
                                   .batches = 2,
                                   .time_ns = times,
                                   .yardstick_ns = yardsticks,
                                   .iterations = 4096,
                                   .first_call_s = 2e-6,
                                   .cpu_s = NAN,
                                   .metrics = metrics,
                                   .metric_count = 5};
    struct pfl_lib_outcome failed = {.of = &c, .status = PFL_LIB_FAILED, .reason = "line\n2"};
    struct pfl_lib_outcome skipped = {.of = &c, .status = PFL_LIB_SKIPPED, .reason = ""};

    pfl_lib_wire_environment("instrumented", "AddressSanitizer");
    pfl_lib_wire_outcome(&good);
    pfl_lib_wire_outcome(&failed);
    pfl_lib_wire_outcome(&skipped);
    pfl_lib_wire_artifact(NULL, "fib.s", "/out/fib.s");
}

#define SUBJECT                                                                                    \
    "\"bench\":\"g/sort\",\"params\":{\"kind\":\"ran\\\"dom\",\"n\":100,\"share\":\"0.50\"}"

static void test_outcomes(void **state)
{
    struct told told = told_by(say_outcomes, true);

    (void)state;
    assert_string_equal(told.err, "");
    assert_string_equal(
        told.wire,
        "{\"environment\":{\"instrumented\":\"AddressSanitizer\"}}\n"
        "{\"iterations\":4096," SUBJECT
        ",\"samples_ns\":[812.1,811.9],\"yardstick_ns\":[1.5,1.25],\"yardstick\":\"core\"}\n"
        "{\"metric\":\"first_call\",\"value\":2e-06,\"unit\":\"s\",\"better\":\"lower\"," SUBJECT
        "}\n"
        "{\"metric\":\"parity_error\",\"variant\":\"max_abs\",\"value\":3e-09,\"unit\":\"1\","
        "\"better\":\"lower\"," SUBJECT "}\n"
        "{\"metric\":\"hits\",\"value\":null,\"unit\":\"1\",\"better\":\"higher\"," SUBJECT "}\n"
        "{\"metric\":\"cycles\",\"value\":7,\"unit\":\"1\",\"better\":\"neither\"," SUBJECT "}\n"
        "{\"fail\":\"line\\n2\"," SUBJECT "}\n"
        "{\"skip\":\"no reason given\"," SUBJECT "}\n"
        "{\"artifact\":\"fib.s\",\"path\":\"/out/fib.s\"}\n");
    told_release(&told);
    told = told_by(say_outcomes, false);
    assert_string_equal(told.err, "");
    assert_string_equal(told.wire, "");
    told_release(&told);
}

enum { MANY = 100000, LONG_REASON = 10000 };

static void say_much(void)
{
    struct pfl_lib_case c = a_case();
    double *times = calloc(MANY, sizeof *times);
    char reason[LONG_REASON];
    struct pfl_lib_outcome outcome = {
        .of = &c, .batches = MANY, .time_ns = times, .first_call_s = NAN, .cpu_s = NAN};
    size_t i;

    for (i = 0; i < MANY; i++)
        times[i] = (double)i;
    pfl_lib_wire_outcome(&outcome);
    memset(reason, 'x', sizeof reason);
    memcpy(reason + 3999, "\xe2\x82\xac", 3); /* the cut would go through it */
    reason[LONG_REASON - 1] = 0;
    outcome = (struct pfl_lib_outcome){.of = &c, .status = PFL_LIB_FAILED, .reason = reason};
    pfl_lib_wire_outcome(&outcome);
    free(times);
}

static void test_limits(void **state)
{
    struct told told = told_by(say_much, true);
    char *line = strtok(told.wire, "\n"), *at;
    size_t commas = 0;

    (void)state;
    assert_non_null(line);
    at = strstr(line, "\"samples_ns\":[");
    assert_memory_equal(at + 14, "0,50,100,", 9); /* every 50th */
    for (; *at && *at != ']'; at++)
        commas += *at == ',';
    assert_int_equal(commas, 1999);
    line = strtok(NULL, "\n");
    assert_non_null(line);
    assert_true(strlen(line) < 4100);
    assert_null(strstr(line, "ufffd"));
    told_release(&told);
}

/* ---- the descriptor ---- */

static void say_a_stage(void)
{
    pfl_lib_wire_stage("one");
    pfl_lib_wire_stage(NULL);
}

static void test_bad_descriptors(void **state)
{
    static const struct {
        const char *value, *says;
    } cases[] = {
        {"no", "PERFLEDGER_FD is \"no\", which is not the number of a descriptor"},
        {"-1", "PERFLEDGER_FD is \"-1\", which is not the number"},
        {"7x", "PERFLEDGER_FD is \"7x\", which is not the number"},
        {"99999999999999999999", "which is not the number of a descriptor"},
        {"999", "PERFLEDGER_FD is 999, but no such descriptor is open"},
        {"", ""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct told told;

        setenv("PERFLEDGER_FD", cases[i].value, 1);
        fflush(NULL);
        {
            int errors = memfd_create("err", MFD_CLOEXEC);
            pid_t pid = fork();

            if (pid == 0) {
                dup2(errors, STDERR_FILENO);
                say_a_stage();
                _exit(0);
            }
            waitpid(pid, &told.status, 0);
            told.err = told_text(errors);
        }
        unsetenv("PERFLEDGER_FD");
        assert_int_equal(told.status, 0);
        if (!strstr(told.err, cases[i].says))
            fail_msg("%s: %s", cases[i].value, told.err);
        /* one line, not one for each message */
        assert_ptr_equal(strchr(told.err, '\n'), *told.err ? strrchr(told.err, '\n') : NULL);
        free(told.err);
    }
}

static void read_only(void)
{
    char number[16];

    snprintf(number, sizeof number, "%d", open("/dev/null", O_RDONLY));
    setenv("PERFLEDGER_FD", number, 1);
    say_a_stage();
}

static void broken_pipe(void)
{
    char number[16];
    int ends[2];

    TOLD_CHECK(pipe(ends) == 0);
    snprintf(number, sizeof number, "%d", ends[1]);
    setenv("PERFLEDGER_FD", number, 1);
    close(ends[0]);
}

static bool sigpipe_waits(void)
{
    sigset_t pending;

    sigpending(&pending);
    return sigismember(&pending, SIGPIPE);
}

static void reader_is_gone(void)
{
    signal(SIGPIPE, SIG_DFL);
    broken_pipe();
    say_a_stage();
    TOLD_CHECK(!pfl_lib_wire_open());
    TOLD_CHECK(!sigpipe_waits());
}

/* A SIGPIPE of the program's own that waits must still be there. */
static void own_sigpipe_stays(void)
{
    sigset_t broken;

    sigemptyset(&broken);
    sigaddset(&broken, SIGPIPE);
    sigprocmask(SIG_BLOCK, &broken, NULL);
    raise(SIGPIPE);
    broken_pipe();
    say_a_stage();
    TOLD_CHECK(sigpipe_waits());
}

/* The program closed everything and opened a file of its own in that place. */
static void another_file(void)
{
    int fd = atoi(getenv("PERFLEDGER_FD")), own = memfd_create("own", 0);

    pfl_lib_wire_stage("before");
    TOLD_CHECK(dup2(own, fd) == fd);
    pfl_lib_wire_stage("after");
    TOLD_CHECK(lseek(own, 0, SEEK_END) == 0);
}

static void *drain_slowly(void *context)
{
    const struct timespec pause = {0, 1000000};
    char bytes[997];
    int fd = *(int *)context;
    ssize_t n, lines = 0;

    /* A signal may be this thread's, too: without a reader the writer would wait for ever. */
    while ((n = read(fd, bytes, sizeof bytes)) > 0 || (n < 0 && errno == EINTR)) {
        ssize_t i;

        for (i = 0; i < n; i++)
            lines += bytes[i] == '\n';
        if (lines % 7 == 0)
            nanosleep(&pause, NULL);
    }
    return (void *)lines;
}

static void ignore(int signal)
{
    (void)signal;
}

/* A small pipe that does not block, a slow reader, signals without SA_RESTART. */
static void short_writes(void)
{
    struct sigaction action = {.sa_handler = ignore};
    struct itimerval often = {{0, 500}, {0, 500}}, never = {{0, 0}, {0, 0}};
    char number[16], *line = malloc(200001);
    pthread_t reader;
    void *lines;
    int ends[2], i;

    TOLD_CHECK(pipe2(ends, O_NONBLOCK) == 0);
    fcntl(ends[0], F_SETFL, 0);
    snprintf(number, sizeof number, "%d", ends[1]);
    setenv("PERFLEDGER_FD", number, 1);
    sigaction(SIGALRM, &action, NULL);
    pthread_create(&reader, NULL, drain_slowly, &ends[0]);
    setitimer(ITIMER_REAL, &often, NULL);
    memset(line, 'x', 200000);
    line[199999] = '\n';
    for (i = 0; i < 10; i++)
        pfl_lib_wire_line(line, 200000);
    setitimer(ITIMER_REAL, &never, NULL);
    TOLD_CHECK(pfl_lib_wire_open());
    close(ends[1]);
    pthread_join(reader, &lines);
    TOLD_CHECK((ssize_t)lines == 10);
    free(line);
}

static void test_descriptors(void **state)
{
    static const struct {
        void (*body)(void);
        bool wire;
        const char *told, *err;
    } cases[] = {
        {read_only, false, "", "is open for reading only"},
        {reader_is_gone, false, "", ""},
        {own_sigpipe_stays, false, "", ""},
        {another_file, true, "{\"stage\":\"before\"}\n", ""},
        {short_writes, false, "", ""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct told told = told_by(cases[i].body, cases[i].wire);

        if (told.status != 0 || !strstr(told.err, cases[i].err) || (!*cases[i].err && *told.err))
            fail_msg("case %zu: status %#x: %s", i, (unsigned)told.status, told.err);
        assert_string_equal(told.wire, cases[i].told);
        told_release(&told);
    }
}

/* ---- forks and threads ---- */

static void say_around_a_fork(void)
{
    pid_t pid;

    pfl_lib_wire_stage("one");
    pid = fork();
    if (pid == 0)
        exit(0);
    waitpid(pid, NULL, 0);
    pfl_lib_wire_stage("two");
}

static void test_fork_says_nothing_twice(void **state)
{
    struct told told = told_by(say_around_a_fork, true);

    (void)state;
    assert_string_equal(told.wire, "{\"stage\":\"one\"}\n{\"stage\":\"two\"}\n");
    told_release(&told);
}

static void *say_long_lines(void *context)
{
    char line[20001];
    int i;

    memset(line, *(char *)context, sizeof line);
    line[20000] = '\n';
    for (i = 0; i < 20; i++)
        pfl_lib_wire_line(line, sizeof line);
    return NULL;
}

/* While others write, a child is forked: the lock they may hold is not the child's. */
static void say_from_threads(void)
{
    char letters[] = "abcd";
    pthread_t threads[4];
    int i;

    pfl_lib_wire_open();
    for (i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, say_long_lines, &letters[i]);
    for (i = 0; i < 20; i++) {
        pid_t pid = fork();

        if (pid == 0) {
            pfl_lib_wire_line("child\n", 6);
            _exit(0);
        }
        waitpid(pid, NULL, 0);
    }
    for (i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
}

static void test_threads(void **state)
{
    struct told told = told_by(say_from_threads, true);
    int children = 0, lines = 0;
    char *line, *rest = told.wire;

    (void)state;
    assert_int_equal(told.status, 0);
    while ((line = strsep(&rest, "\n")) && (*line || rest)) {
        const size_t len = strlen(line);

        lines += len == 20000 && strspn(line, (char[]){line[0], 0}) == 20000;
        children += strcmp(line, "child") == 0;
    }
    assert_int_equal(children + lines, 100);
    told_release(&told);
}

static void *count_whole_lines(void *context)
{
    FILE *lines = fdopen(*(int *)context, "r");
    char line[20002];
    ssize_t whole = 0;

    while (fgets(line, sizeof line, lines))
        whole += strlen(line) == 20001 && strspn(line, (char[]){line[0], 0}) == 20000;
    fclose(lines);
    return (void *)whole;
}

/* A pipe takes long lines in pieces: none of another thread's comes between. */
static void long_lines_into_a_pipe(void)
{
    char letters[] = "abcd", number[16];
    pthread_t threads[4], reader;
    void *whole;
    int ends[2], i;

    TOLD_CHECK(pipe(ends) == 0);
    snprintf(number, sizeof number, "%d", ends[1]);
    setenv("PERFLEDGER_FD", number, 1);
    pthread_create(&reader, NULL, count_whole_lines, &ends[0]);
    for (i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, say_long_lines, &letters[i]);
    for (i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    close(ends[1]);
    pthread_join(reader, &whole);
    TOLD_CHECK((ssize_t)whole == 80);
}

static void test_whole_lines(void **state)
{
    struct told told = told_by(long_lines_into_a_pipe, false);

    (void)state;
    if (told.status != 0)
        fail_msg("%s", told.err);
    told_release(&told);
}

int test_lib_wire(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_process),
        cmocka_unit_test(test_decimal_comma),
        cmocka_unit_test(test_outcomes),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_bad_descriptors),
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_fork_says_nothing_twice),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_whole_lines),
    };

    return cmocka_run_group_tests_name("lib/wire", tests, NULL, NULL);
}
