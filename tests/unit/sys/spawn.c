/*
 * The launcher and its client, with a child that does what it is told (tests/helpers/child.c).
 * Nothing here asserts how long anything took; a command that never ends shows a hang as a hang.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "sys/spawn.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WORDS = 12, SHORT_NS = 200 * 1000 * 1000, CAPTURE = 64 * 1024 };

static struct pfl_launcher *launcher;

static int open_launcher(void **state)
{
    struct pfl_err err = {0};

    (void)state;
    if (pfl_launcher_open(&launcher, &err) != PFL_OK) {
        print_error("%s\n", err.message);
        return -1;
    }
    return 0;
}

static int close_launcher(void **state)
{
    (void)state;
    pfl_launcher_close(launcher);
    launcher = NULL;
    return 0;
}

/* A request for the test child with its output captured; argv[0] is filled in. */
static struct pfl_launch_request request_for(const char *words[WORDS])
{
    struct pfl_launch_request request = {0};

    words[0] = PFL_TEST_CHILD;
    request.argv = (char *const *)(uintptr_t)words;
    request.program = PFL_TEST_CHILD;
    request.output_mode = PFL_OUTPUT_CAPTURE;
    request.capture_max = CAPTURE;
    return request;
}

static struct pfl_launch_result run(const struct pfl_launch_request *request)
{
    struct pfl_launch_result result;
    struct pfl_err err = {0};

    if (pfl_launcher_run(launcher, request, &result, &err) != PFL_OK)
        fail_msg("%s: %s", request->argv[1] ? request->argv[1] : "", err.message);
    return result;
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

static void assert_no_children_of_launcher(void)
{
    char path[64], text[64] = "";
    int pid = pfl_launcher_pid(launcher), fd;

    snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    assert_int_equal(read(fd, text, sizeof text), 0);
    close(fd);
}

/* ---- what becomes of a command ---- */

static const struct {
    const char *words[WORDS];
    int exit_code, signal, left_behind;
    const char *output, *errors;
} fates[] = {
    {{"", "exit", "0"}, 0, 0, 0, "", ""},
    {{"", "exit", "3"}, 3, 0, 0, "", ""},
    {{"", "exit", "255"}, 255, 0, 0, "", ""},
    {{"", "signal", "11"}, -1, 11, 0, "", ""},
    {{"", "signal", "9"}, -1, 9, 0, "", ""},
    {{"", "out-text", "to out", "err-text", "to err", "exit", "1"}, 1, 0, 0, "to out", "to err"},
    {{"", "out-text", "", "out-text", "a\nb c"}, 0, 0, 0, "a\nb c", ""},
    {{"", "close", "exit", "5"}, 5, 0, 0, "", ""},
    {{"", "group"}, 0, 0, 0, "own\n", ""},
    {{"", "fds"}, 0, 0, 0, "0 1 2\n", ""},
    {{"", "signals"}, 0, 0, 0, "", ""},
    {{"", "input"}, 0, 0, 0, "", ""},
    {{"", "linger", "2", "exit", "4"}, 4, 0, 2, "", ""},
    {{"", "orphan", "3"}, 0, 0, 3, "", ""},
    {{"", "linger", "1", "orphan", "1", "signal", "6"}, -1, 6, 2, "", ""},
    {{"", "ignore", "15", "ignore", "1", "linger", "1"}, 0, 0, 1, "", ""},
    {{"", "no-such-action"}, 99, 0, 0, "", ""},
};

static void a_command_ends_as_it_did(void **state)
{
    struct pfl_launch_result result;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(fates); i++) {
        const char *words[WORDS];
        struct pfl_launch_request request;

        memcpy(words, fates[i].words, sizeof words);
        request = request_for(words);
        result = run(&request);
        assert_int_equal(result.exit_code, fates[i].exit_code);
        assert_int_equal(result.signal, fates[i].signal);
        assert_int_equal(result.left_behind, fates[i].left_behind);
        assert_string_equal(pfl_buf_cstr(&result.output), fates[i].output);
        assert_string_equal(pfl_buf_cstr(&result.stderr_tail), fates[i].errors);
        assert_int_equal(result.exec_errno, 0);
        assert_false(result.timed_out || result.interrupted || result.output_cut);
        assert_true(result.wall_ns > 0 && result.started_ns > 0);
        assert_true(result.peak_rss_bytes > 0 && result.minor_faults > 0);
        assert_no_children_of_launcher();
        pfl_launch_result_release(&result);
    }
}

/* Whatever perfledger was started with: a command sees a clean table of descriptors and signals. */
static void nothing_of_ours_leaks_into_a_command(void **state)
{
    const char *fds[WORDS] = {"", "fds", "signals"}, *wire[WORDS] = {"", "fds"};
    struct pfl_launch_request request = request_for(fds);
    struct pfl_launch_result result;
    sigset_t blocked, before;
    int leaky = dup(STDIN_FILENO); /* not close-on-exec */

    (void)state;
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    sigprocmask(SIG_BLOCK, &blocked, &before);
    close_launcher(NULL);
    assert_int_equal(open_launcher(NULL), 0);
    result = run(&request);
    assert_string_equal(pfl_buf_cstr(&result.output), "0 1 2\n");
    pfl_launch_result_release(&result);

    request = request_for(wire);
    request.wire = true;
    result = run(&request);
    assert_string_equal(pfl_buf_cstr(&result.output), "0 1 2 3\n");
    pfl_launch_result_release(&result);
    sigprocmask(SIG_SETMASK, &before, NULL);
    signal(SIGPIPE, SIG_DFL);
    close(leaky);
}

static const struct {
    const char *words[WORDS];
} endless[] = {
    {{"", "forever"}},           {{"", "ignore", "15", "ignore", "2", "ignore", "1", "forever"}},
    {{"", "stop", "exit", "0"}}, {{"", "linger", "2", "orphan", "1", "forever"}},
    {{"", "close", "forever"}},  {{"", "out", "1000000", "forever"}},
};

static void a_command_that_never_ends_is_ended(void **state)
{
    struct pfl_launch_result result;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(endless); i++) {
        const char *words[WORDS];
        struct pfl_launch_request request;

        memcpy(words, endless[i].words, sizeof words);
        request = request_for(words);
        request.timeout_ns = SHORT_NS;
        result = run(&request);
        assert_true(result.timed_out);
        assert_false(result.interrupted);
        assert_int_equal(result.signal, SIGKILL);
        assert_int_equal(result.exit_code, -1);
        assert_no_children_of_launcher();
        pfl_launch_result_release(&result);
    }
}

static bool always(void *context)
{
    ++*(int *)context;
    return true;
}

static void an_interrupt_ends_the_launch(void **state)
{
    const char *words[WORDS] = {"", "linger", "1", "forever"}, *after[WORDS] = {"", "exit", "7"};
    struct pfl_launch_request request = request_for(words);
    struct pfl_launch_result result;
    int asked = 0;

    (void)state;
    request.interrupted = always;
    request.context = &asked;
    result = run(&request);
    assert_true(result.interrupted && !result.timed_out);
    assert_int_equal(result.signal, SIGKILL);
    assert_int_equal(asked, 1);
    assert_no_children_of_launcher();
    pfl_launch_result_release(&result);

    request = request_for(after); /* the word to stop does not reach the next launch */
    result = run(&request);
    assert_int_equal(result.exit_code, 7);
    pfl_launch_result_release(&result);
}

static volatile sig_atomic_t signalled;

static void note_signal(int which)
{
    signalled = which;
}

/* The signal comes while it is blocked, between the look at `interrupted` and the sleep. */
static bool look_away(void *context)
{
    if (++*(int *)context == 1)
        kill(getpid(), SIGINT);
    return signalled != 0;
}

static void a_signal_before_the_sleep_is_not_lost(void **state)
{
    const char *words[WORDS] = {"", "forever"};
    struct pfl_launch_request request = request_for(words);
    struct pfl_launch_result result;
    struct sigaction action = {.sa_handler = note_signal}, before;
    int looks = 0;

    (void)state;
    signalled = 0;
    sigaction(SIGINT, &action, &before);
    request.interrupted = look_away;
    request.context = &looks;
    result = run(&request);
    assert_true(result.interrupted);
    assert_int_equal(looks, 2);
    pfl_launch_result_release(&result);
    sigaction(SIGINT, &before, NULL);
}

/* ---- output and wire ---- */

static void output_is_bounded(void **state)
{
    const char *words[WORDS] = {"",         "out",      "5000000", "err", "300000",
                                "err-text", "the end.", "exit",    "2"};
    struct pfl_launch_request request = request_for(words);
    struct pfl_launch_result result;

    (void)state;
    request.capture_max = 1000;
    result = run(&request);
    assert_int_equal(result.exit_code, 2);
    assert_int_equal(result.output.len, 1000);
    assert_memory_equal(result.output.data, "abcdefghij", 10);
    assert_true(result.output_cut);
    assert_int_equal(result.stderr_tail.len, 4096);
    assert_string_equal(result.stderr_tail.data + 4096 - 8, "the end.");
    pfl_launch_result_release(&result);

    request.output_mode = PFL_OUTPUT_NULL;
    result = run(&request);
    assert_int_equal(result.output.len, 0);
    assert_false(result.output_cut);
    pfl_launch_result_release(&result);
}

struct heard {
    char text[256];
    size_t len;
    int64_t first_ns;
    int pid, polls;
};

static void hear(void *context, const char *bytes, size_t len, int64_t at_ns, int pid)
{
    struct heard *heard = context;

    if (heard->len + len >= sizeof heard->text)
        return;
    if (heard->len == 0)
        heard->first_ns = at_ns;
    memcpy(heard->text + heard->len, bytes, len);
    heard->len += len;
    if (pid > 0) /* what is read after the end comes without */
        heard->pid = pid;
}

static void note_poll(void *context, int pid)
{
    struct heard *heard = context;

    heard->polls += pid > 0;
}

static void the_wire_is_heard_as_it_speaks(void **state)
{
    const char *words[WORDS] = {"", "wire", "one", "sleep", "200", "wire", "two", "orphan", "1"};
    struct pfl_launch_request request = request_for(words);
    struct pfl_launch_result result;
    struct heard heard = {0};

    (void)state;
    request.wire = true;
    request.on_wire = hear;
    request.context = &heard;
    result = run(&request);
    assert_string_equal(heard.text, "one\ntwo\n");
    assert_true(heard.pid > 0);
    assert_true(heard.first_ns >= result.started_ns);
    assert_int_equal(result.left_behind, 1);
    pfl_launch_result_release(&result);
}

static void polls_come_while_it_runs(void **state)
{
    const char *words[WORDS] = {"", "forever"};
    struct pfl_launch_request request = request_for(words);
    struct pfl_launch_result result;
    struct heard heard = {0};

    (void)state;
    request.timeout_ns = SHORT_NS;
    request.on_poll = note_poll;
    request.poll_ns = SHORT_NS / 20;
    request.context = &heard;
    result = run(&request);
    assert_true(result.timed_out);
    assert_true(heard.polls > 0);
    pfl_launch_result_release(&result);
}

/* ---- what a command is given ---- */

static void the_environment_is_the_one_asked_for(void **state)
{
    const char *words[WORDS] = {"", "env", "PERFLEDGER_FD", "env", "A", "env", "HOME"};
    char *const envp[] = {(char *)(uintptr_t) "PERFLEDGER_FD=77", (char *)(uintptr_t) "A=b=c",
                          NULL};
    struct pfl_launch_request request = request_for(words);
    struct pfl_launch_result result;

    (void)state;
    request.envp = envp;
    result = run(&request);
    assert_string_equal(pfl_buf_cstr(&result.output), "PERFLEDGER_FD unset\nA=b=c\nHOME unset\n");
    pfl_launch_result_release(&result);
    request.wire = true;
    result = run(&request);
    assert_string_equal(pfl_buf_cstr(&result.output), "PERFLEDGER_FD=3\nA=b=c\nHOME unset\n");
    pfl_launch_result_release(&result);
}

/* More than a socket's buffer holds, twice, so that the launcher's memory grows and shrinks. */
static void a_large_environment_arrives_whole(void **state)
{
    enum { COUNT = 12, EACH = 100000 };
    const char *words[WORDS] = {"", "env", "LAST"};
    struct pfl_launch_request request = request_for(words);
    char *large = malloc(EACH), *envp[COUNT + 2];
    struct pfl_launch_result result;
    int i;

    (void)state;
    assert_non_null(large);
    memset(large, 'x', EACH);
    large[1] = '=';
    large[EACH - 1] = 0;
    for (i = 0; i < COUNT; i++)
        envp[i] = large;
    envp[COUNT] = (char *)(uintptr_t) "LAST=here";
    envp[COUNT + 1] = NULL;
    request.envp = envp;
    for (i = 0; i < 2; i++) {
        result = run(&request);
        assert_string_equal(pfl_buf_cstr(&result.output), "LAST=here\n");
        pfl_launch_result_release(&result);
    }
    free(large);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void read_file(const char *path, char *text, int size)
{
    FILE *file = fopen(path, "re");

    assert_non_null(file);
    text[fread(text, 1, (size_t)size - 1, file)] = 0;
    fclose(file);
}

static void files_are_taken_from_the_working_folder(void **state)
{
    const char *words[WORDS] = {"", "input", "cwd"};
    struct pfl_launch_request request = request_for(words);
    char folder[] = "/tmp/pfl-test-spawn-XXXXXX", path[128], text[256], expected[256];
    struct pfl_launch_result result;
    int i;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/in", folder);
    write_file(path, "given\n");
    snprintf(expected, sizeof expected, "given\n%s\n", folder);
    snprintf(path, sizeof path, "%s/out", folder);
    request.cwd = folder;
    request.input = "in";
    request.output = "out";
    request.output_mode = PFL_OUTPUT_FILE;
    for (i = 0; i < 2; i++) { /* truncated, not appended */
        result = run(&request);
        read_file(path, text, sizeof text);
        assert_string_equal(text, expected);
        pfl_launch_result_release(&result);
    }
    unlink(path);
    snprintf(path, sizeof path, "%s/in", folder);
    unlink(path);
    rmdir(folder);
}

static void a_program_that_cannot_start_says_why(void **state)
{
    static const struct {
        const char *program;
        int exec_errno;
    } rows[] = {{"/no/such/program", ENOENT}, {"/", EACCES}, {"/etc/passwd", EACCES}};
    const char *words[WORDS] = {"", "exit", "0"};
    struct pfl_launch_request request = request_for(words);
    struct pfl_launch_result result;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(rows); i++) {
        request.program = rows[i].program;
        result = run(&request);
        assert_int_equal(result.exec_errno, rows[i].exec_errno);
        assert_int_equal(result.exit_code, -1);
        assert_int_equal(result.wall_ns, 0);
        assert_int_equal(result.peak_rss_bytes, 0);
        assert_int_equal(result.instructions, -1);
        pfl_launch_result_release(&result);
    }
}

static void a_bad_request_leaves_the_launcher_usable(void **state)
{
    static const struct {
        const char *cwd, *input, *output, *cpus;
        int code;
        const char *says;
    } rows[] = {
        {"/no/such/folder", NULL, NULL, NULL, PFL_ENOENT, "/no/such/folder"},
        {"/etc/passwd", NULL, NULL, NULL, PFL_EIO, "Not a directory"},
        {NULL, "/no/input", NULL, NULL, PFL_ENOENT, "input file '/no/input'"},
        {NULL, NULL, "/no/such/output", NULL, PFL_ENOENT, "output file"},
        {NULL, NULL, NULL, "x", PFL_EINVAL, "'x' is not a list of CPUs"},
        {NULL, NULL, NULL, "", PFL_EINVAL, "'' is not"},
        {NULL, NULL, NULL, "3-1", PFL_EINVAL, "0-3,8"},
        {NULL, NULL, NULL, "0,", PFL_EINVAL, "'0,'"},
        {NULL, NULL, NULL, "0-", PFL_EINVAL, "'0-'"},
        {NULL, NULL, NULL, "99999999999999999999", PFL_EINVAL, "9999"},
        {NULL, NULL, NULL, "8191", PFL_ESYSTEM, "to the CPUs 8191"},
    };
    const char *words[WORDS] = {"", "exit", "6"};
    struct pfl_launch_request request = request_for(words);
    struct pfl_launch_result result = {.exit_code = 42};
    int before = open_descriptors();
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(rows); i++) {
        struct pfl_launch_request bad = request;
        struct pfl_err err = {0};

        bad.cwd = rows[i].cwd;
        bad.input = rows[i].input;
        bad.output = rows[i].output;
        bad.cpus = rows[i].cpus;
        if (bad.output)
            bad.output_mode = PFL_OUTPUT_FILE;
        assert_int_equal(pfl_launcher_run(launcher, &bad, &result, &err), rows[i].code);
        assert_non_null(strstr(err.message, rows[i].says));
        assert_int_equal(result.exit_code, 42); /* untouched */
    }
    assert_int_equal(open_descriptors(), before);
    request.cpus = "0";
    result = run(&request);
    assert_int_equal(result.exit_code, 6);
    pfl_launch_result_release(&result);
}

/* ---- memory: the child's own, whatever we hold ---- */

static void peak_memory_is_the_childs_own(void **state)
{
    enum { HELD = 200 << 20 };
    const char *words[WORDS] = {"", "hold", "20"}, *small[] = {"/bin/true", NULL};
    struct pfl_launch_request request = request_for(words);
    struct pfl_launch_result result;
    volatile char *held = malloc(HELD);
    double own;
    size_t i;

    (void)state;
    assert_non_null(held);
    for (i = 0; i < HELD; i += 4096)
        held[i] = 1;
    result = run(&request);
    own = strtod(pfl_buf_cstr(&result.output), NULL) * 1024;
    assert_true(own > 20 << 20);
    assert_true((double)result.peak_rss_bytes > 0.95 * own);
    assert_true((double)result.peak_rss_bytes < 1.05 * own);
    pfl_launch_result_release(&result);

    request.argv = (char *const *)(uintptr_t)small;
    request.program = small[0];
    result = run(&request);
    assert_true(result.peak_rss_bytes < 4 << 20);
    pfl_launch_result_release(&result);
    free((void *)(uintptr_t)held);
}

/* ---- deaths ---- */

static bool is_gone(int pid)
{
    static const struct timespec tick = {0, 10000000};
    int turns;

    for (turns = 0; turns < 2000; turns++) {
        if (kill(pid, 0) != 0 && errno == ESRCH)
            return true;
        nanosleep(&tick, NULL);
    }
    return false;
}

static void tell_pid(void *context, const char *bytes, size_t len, int64_t at_ns, int pid)
{
    (void)bytes;
    (void)len;
    (void)at_ns;
    if (write(*(int *)context, &pid, sizeof pid) != (ssize_t)sizeof pid)
        _exit(1);
}

/* A perfledger that measures a command without end and tells us the command's pid. */
static void measure_for_ever(int tell_fd)
{
    const char *words[WORDS] = {"", "ignore", "15", "ignore", "1", "wire", "here", "forever"};
    struct pfl_launch_request request = request_for(words);
    struct pfl_launch_result result;

    if (open_launcher(NULL) != 0)
        _exit(1);
    request.wire = true;
    request.on_wire = tell_pid;
    request.context = &tell_fd;
    pfl_launcher_run(launcher, &request, &result, NULL);
    _exit(2);
}

static void a_killed_perfledger_takes_its_command_along(void **state)
{
    int ends[2], status, command = 0;
    pid_t victim;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    victim = fork();
    if (victim == 0)
        measure_for_ever(ends[1]);
    close(ends[1]);
    assert_int_equal(read(ends[0], &command, sizeof command), sizeof command);
    close(ends[0]);
    assert_true(command > 0);
    assert_int_equal(kill(command, 0), 0);
    kill(victim, SIGKILL);
    assert_int_equal(waitpid(victim, &status, 0), victim);
    assert_true(WIFSIGNALED(status));
    assert_true(is_gone(command));
}

static void kill_launcher(void *context, const char *bytes, size_t len, int64_t at_ns, int pid)
{
    (void)bytes;
    (void)len;
    (void)at_ns;
    *(int *)context = pid;
    kill(pfl_launcher_pid(launcher), SIGKILL);
}

static void a_killed_launcher_is_an_error_and_not_a_hang(void **state)
{
    const char *words[WORDS] = {"", "wire", "here", "forever"};
    struct pfl_launch_request request = request_for(words);
    struct pfl_launch_result result;
    struct pfl_err err = {0};
    int command = 0;

    (void)state;
    request.wire = true;
    request.on_wire = kill_launcher;
    request.context = &command;
    assert_int_equal(pfl_launcher_run(launcher, &request, &result, &err), PFL_ESYSTEM);
    assert_non_null(strstr(err.message, "unexpectedly"));
    assert_true(is_gone(command));
    assert_int_equal(pfl_launcher_run(launcher, &request, &result, &err), PFL_ESYSTEM);
    assert_non_null(strstr(err.message, "gone"));
    close_launcher(NULL);
    assert_int_equal(open_launcher(NULL), 0);
}

/* ---- faults ---- */

/* One whole session; true: it went well. */
static bool session(void)
{
    const char *words[WORDS] = {"", "wire", "w", "out-text", "o", "err-text", "e"};
    struct pfl_launch_request request = request_for(words);
    struct pfl_launch_result result;
    struct pfl_launcher *opened = NULL;
    struct pfl_err err = {0};
    int status;

    request.wire = true;
    status = pfl_launcher_open(&opened, &err);
    if (status == PFL_OK) {
        status = pfl_launcher_run(opened, &request, &result, &err);
        if (status == PFL_OK) {
            assert_string_equal(pfl_buf_cstr(&result.output), "o");
            assert_string_equal(pfl_buf_cstr(&result.stderr_tail), "e");
            pfl_launch_result_release(&result);
        }
        pfl_launcher_close(opened);
    } else {
        assert_null(opened);
    }
    if (status != PFL_OK)
        assert_true(err.code == status && err.message[0] != 0);
    return status == PFL_OK;
}

static void fail_each(unsigned long *at, const unsigned long *seen)
{
    int before = open_descriptors(), failures = 0;
    unsigned long n;

    for (n = 1;; n++) {
        memset(&pfl_fault, 0, sizeof pfl_fault);
        *at = n;
        failures += !session();
        *at = 0;
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
    close_launcher(NULL);
    fail_each(&pfl_fault.io_at, &pfl_fault.io_seen);
    fail_each(&pfl_fault.alloc_at, &pfl_fault.alloc_seen);
    assert_int_equal(open_launcher(NULL), 0);
}

static void nothing_to_release_is_fine(void **state)
{
    struct pfl_launch_result zeroed = {0};

    (void)state;
    pfl_launcher_close(NULL);
    pfl_launch_result_release(NULL);
    pfl_launch_result_release(&zeroed);
}

int test_sys_spawn(void);
int test_sys_spawn(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_ends_as_it_did),
        cmocka_unit_test(nothing_of_ours_leaks_into_a_command),
        cmocka_unit_test(a_command_that_never_ends_is_ended),
        cmocka_unit_test(an_interrupt_ends_the_launch),
        cmocka_unit_test(a_signal_before_the_sleep_is_not_lost),
        cmocka_unit_test(output_is_bounded),
        cmocka_unit_test(the_wire_is_heard_as_it_speaks),
        cmocka_unit_test(polls_come_while_it_runs),
        cmocka_unit_test(the_environment_is_the_one_asked_for),
        cmocka_unit_test(a_large_environment_arrives_whole),
        cmocka_unit_test(files_are_taken_from_the_working_folder),
        cmocka_unit_test(a_program_that_cannot_start_says_why),
        cmocka_unit_test(a_bad_request_leaves_the_launcher_usable),
        cmocka_unit_test(peak_memory_is_the_childs_own),
        cmocka_unit_test(a_killed_perfledger_takes_its_command_along),
        cmocka_unit_test(a_killed_launcher_is_an_error_and_not_a_hang),
        cmocka_unit_test(every_fault_is_an_error_without_leaks),
        cmocka_unit_test(nothing_to_release_is_fine),
    };

    return cmocka_run_group_tests_name("sys: spawn", tests, open_launcher, close_launcher);
}
