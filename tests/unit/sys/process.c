/* Programs that are run but not measured (src/sys/process.c). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "sys/counters.h"
#include "sys/spawn.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS = 8, SHORT_NS = 200 * 1000 * 1000 };

static int run(const char *const *words, struct pfl_process_params *params, int *status,
               struct pfl_err *err)
{
    params->argv = (char *const *)(uintptr_t)words;
    return pfl_process_run(params, status, err);
}

static const struct {
    const char *words[WORDS];
    int status;
    const char *output, *errors;
} fates[] = {
    {{PFL_TEST_CHILD, "exit", "3"}, 3, "", ""},
    {{PFL_TEST_CHILD, "signal", "11"}, -11, "", ""},
    {{PFL_TEST_CHILD, "out-text", "o", "err-text", "e"}, 0, "o", "e"},
    {{PFL_TEST_CHILD, "signals"}, 0, "", ""},
    {{PFL_TEST_CHILD, "input"}, 0, "", ""},
    {{PFL_TEST_CHILD, "close", "exit", "4"}, 4, "", ""},
    {{"sh", "-c", "echo $PFL_NOT_SET-along-path"}, 0, "-along-path\n", ""},
};

static void a_program_ends_as_it_did(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(fates); i++) {
        struct pfl_process_params params = {0};
        struct pfl_buf output, errors;
        struct pfl_err err = {0};
        int status = 77;

        pfl_buf_init(&output, 1000);
        pfl_buf_init(&errors, 1000);
        params.output = &output;
        params.errors = &errors;
        assert_int_equal(run(fates[i].words, &params, &status, &err), PFL_OK);
        assert_int_equal(status, fates[i].status);
        assert_string_equal(pfl_buf_cstr(&output), fates[i].output);
        assert_string_equal(pfl_buf_cstr(&errors), fates[i].errors);
        pfl_buf_release(&output);
        pfl_buf_release(&errors);
    }
}

static void folder_and_environment_are_the_ones_asked_for(void **state)
{
    const char *words[WORDS] = {PFL_TEST_CHILD, "cwd", "env", "A", "env", "PATH"};
    char *const envp[] = {(char *)(uintptr_t) "A=1", NULL};
    struct pfl_process_params params = {.cwd = "/", .envp = envp};
    struct pfl_buf output;
    int status = -1;

    (void)state;
    pfl_buf_init(&output, 1000);
    params.output = &output;
    assert_int_equal(run(words, &params, &status, NULL), PFL_OK);
    assert_string_equal(pfl_buf_cstr(&output), "/\nA=1\nPATH unset\n");
    pfl_buf_release(&output);
}

static void output_is_bounded(void **state)
{
    const char *words[WORDS] = {PFL_TEST_CHILD, "out", "500000", "err", "500000"};
    struct pfl_process_params params = {0};
    struct pfl_buf output, errors;
    struct pfl_err err = {0};
    int status = 77;

    (void)state;
    pfl_buf_init(&output, 100);
    pfl_buf_init(&errors, 100);
    params.output = &output;
    params.errors = &errors;
    assert_int_equal(run(words, &params, &status, &err), PFL_ELIMIT);
    assert_non_null(strstr(err.message, "more than 100 bytes"));
    assert_int_equal(status, 77);
    params.output = NULL; /* dropped: nothing to be too much of */
    pfl_buf_clear(&errors);
    assert_int_equal(run(words, &params, &status, &err), PFL_OK);
    assert_int_equal(errors.len, 100);
    assert_int_equal(status, 0);
    pfl_buf_release(&output);
    pfl_buf_release(&errors);
}

static void what_cannot_start_says_so(void **state)
{
    static const struct {
        const char *word, *cwd;
        int code;
    } rows[] = {
        {"pfl-no-such-program", NULL, PFL_ENOENT},
        {"/no/such/program", NULL, PFL_ENOENT},
        {"/etc/passwd", NULL, PFL_EPERM},
        {"true", "/no/such/folder", PFL_ENOENT},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(rows); i++) {
        const char *words[WORDS] = {rows[i].word};
        struct pfl_process_params params = {.cwd = rows[i].cwd};
        struct pfl_err err = {0};
        int status = 77;

        assert_int_equal(run(words, &params, &status, &err), rows[i].code);
        assert_non_null(strstr(err.message, rows[i].cwd ? rows[i].cwd : rows[i].word));
        assert_int_equal(status, 77);
    }
}

/* The end of the program is what is waited for, not the end of its output. */
static void a_grandchild_with_the_pipe_is_not_waited_for(void **state)
{
    const char *words[WORDS] = {"/bin/sh", "-c", "sleep 1000 & echo $!"};
    struct pfl_process_params params = {0};
    struct pfl_buf output;
    int status = 77;

    (void)state;
    pfl_buf_init(&output, 100);
    params.output = &output;
    assert_int_equal(run(words, &params, &status, NULL), PFL_OK);
    assert_int_equal(status, 0);
    assert_int_equal(kill((pid_t)strtol(pfl_buf_cstr(&output), NULL, 10), SIGKILL), 0);
    pfl_buf_release(&output);
}

static bool always(void *context)
{
    (void)context;
    return true;
}

static void what_never_ends_is_ended(void **state)
{
    const char *words[WORDS] = {PFL_TEST_CHILD, "ignore", "15", "linger", "1", "forever"};
    struct pfl_process_params params = {.timeout_ns = SHORT_NS};
    struct pfl_err err = {0};
    int status = 77;

    (void)state;
    assert_int_equal(run(words, &params, &status, &err), PFL_ESYSTEM);
    assert_non_null(strstr(err.message, "did not end within 200 ms"));
    params.timeout_ns = 0;
    params.interrupted = always;
    assert_int_equal(run(words, &params, &status, &err), PFL_EINTERRUPTED);
    assert_int_equal(status, 77);
}

static int open_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int count = 0;

    assert_non_null(folder);
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

/* Has the process whose id this file holds ended? (Nobody may be there to reap it.) */
static bool has_ended(const char *file)
{
    char path[64], state = 'Z';
    int pid = 0;
    FILE *from = fopen(file, "r");

    assert_non_null(from);
    assert_int_equal(fscanf(from, "%d", &pid), 1);
    fclose(from);
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    from = fopen(path, "r");
    if (from && fscanf(from, "%*d (%*[^)]) %c", &state) != 1)
        state = 'Z';
    if (from)
        fclose(from);
    return state == 'Z' || state == 'X';
}

/* timeout(1) is in a process group of its own, as the jobs of some build tools are. */
static void the_whole_session_ends(void **state)
{
    static const struct {
        const char *script;
        int64_t timeout_ns;
        int code;
    } cases[] = {
        {"timeout 1000 sleep 1000 & echo $! >left; exit 3", 0, PFL_OK},
        {"timeout 1000 sleep 1000 & echo $! >left; wait", 200000000, PFL_ESYSTEM},
        {"trap '' TERM; timeout 1000 sh -c 'trap \"\" TERM; echo $$ >left; sleep 1000; sleep 1000' "
         "&"
         "wait; sleep 1000",
         200000000, PFL_ESYSTEM},
        {"trap 'echo told >told; exit' TERM; echo $$ >left; sleep 1000 & wait", 200000000,
         PFL_ESYSTEM},
    };
    char folder[] = "/tmp/perfledger-session-XXXXXX", left[128], told[128];
    struct pfl_err err;
    size_t i;
    int status;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(left, sizeof left, "%s/left", folder);
    snprintf(told, sizeof told, "%s/told", folder);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        char *argv[] = {(char *)"sh", (char *)"-c", (char *)cases[i].script, NULL};
        struct pfl_process_params params = {
            .argv = argv, .cwd = folder, .timeout_ns = cases[i].timeout_ns, .whole_session = true};

        status = -1;
        assert_int_equal(pfl_process_run(&params, &status, &err), cases[i].code);
        assert_int_equal(status, cases[i].code == PFL_OK ? 3 : -1);
        assert_true(has_ended(left));
        assert_int_equal(access(told, F_OK), i == 3 ? 0 : -1);
    }
    unlink(left);
    unlink(told);
    rmdir(folder);
}

static void fail_each(unsigned long *at, const unsigned long *seen)
{
    const char *words[WORDS] = {PFL_TEST_CHILD, "out-text", "o", "err-text", "e", "exit", "1"};
    int before = open_descriptors(), failures = 0, status, code;
    unsigned long n;

    for (n = 1;; n++) {
        struct pfl_process_params params = {0};
        struct pfl_buf output, errors;

        pfl_buf_init(&output, 100);
        pfl_buf_init(&errors, 100);
        params.output = &output;
        params.errors = &errors;
        status = 77;
        memset(&pfl_fault, 0, sizeof pfl_fault);
        *at = n;
        code = run(words, &params, &status, NULL);
        *at = 0;
        assert_int_equal(status, code == PFL_OK ? 1 : 77);
        failures += code != PFL_OK;
        pfl_buf_release(&output);
        pfl_buf_release(&errors);
        assert_int_equal(open_descriptors(), before);
        assert_true(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
        if (*seen < n)
            break;
    }
    memset(&pfl_fault, 0, sizeof pfl_fault);
    assert_true(failures > 0);
}

static void every_fault_is_an_error_without_leaks(void **state)
{
    (void)state;
    fail_each(&pfl_fault.io_at, &pfl_fault.io_seen);
    fail_each(&pfl_fault.alloc_at, &pfl_fault.alloc_seen);
}

/* The machine of a test may count or not; either way the readings make sense. */
static void counters_count_or_say_that_they_cannot(void **state)
{
    struct pfl_counters counters = PFL_COUNTERS_NONE;
    struct pfl_counts counts = {7, 7};

    (void)state;
    pfl_counters_read(&counters, &counts);
    assert_int_equal(counts.instructions, -1);
    assert_int_equal(counts.cycles, -1);
    pfl_counters_open(&counters, getpid());
    pfl_counters_read(&counters, &counts);
    assert_true(counts.instructions == (counters.instructions_fd < 0 ? -1 : 0));
    pfl_counters_close(&counters);
    assert_int_equal(counters.instructions_fd, -1);
    assert_int_equal(pfl_counters_difference(5, 12), 7);
    assert_int_equal(pfl_counters_difference(0, 12), 12);
    assert_int_equal(pfl_counters_difference(-1, 12), -1);
    assert_int_equal(pfl_counters_difference(5, -1), -1);
    assert_int_equal(pfl_counters_difference(5, 5), -1);
}

int test_sys_process(void);
int test_sys_process(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_ends_as_it_did),
        cmocka_unit_test(folder_and_environment_are_the_ones_asked_for),
        cmocka_unit_test(output_is_bounded),
        cmocka_unit_test(what_cannot_start_says_so),
        cmocka_unit_test(a_grandchild_with_the_pipe_is_not_waited_for),
        cmocka_unit_test(what_never_ends_is_ended),
        cmocka_unit_test(the_whole_session_ends),
        cmocka_unit_test(every_fault_is_an_error_without_leaks),
        cmocka_unit_test(counters_count_or_say_that_they_cannot),
    };

    return cmocka_run_group_tests_name("sys: process", tests, NULL, NULL);
}
