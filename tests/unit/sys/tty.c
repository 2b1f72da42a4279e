/* The terminal's variables and the stop signals. A pseudo-terminal stands for the real one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "sys/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* The slave side of a new pseudo-terminal; -1 where the system has none to give. */
static int open_terminal(int *master)
{
    const char *name;

    *master = posix_openpt(O_RDWR | O_NOCTTY);
    if (*master < 0 || grantpt(*master) != 0 || unlockpt(*master) != 0)
        return -1;
    name = ptsname(*master);
    return name ? open(name, O_RDWR | O_NOCTTY) : -1;
}

static void put(const char *name, const char *value)
{
    if (value)
        setenv(name, value, 1);
    else
        unsetenv(name);
}

static void colour_needs_a_terminal_that_wants_it(void **state)
{
    static const struct {
        const char *term, *no_color;
        bool colour;
    } cases[] = {
        {"xterm", NULL, true}, {"xterm", "", true}, {"xterm", "1", false},
        {"dumb", NULL, false}, {NULL, NULL, false}, {"", NULL, false},
    };
    int master, slave = open_terminal(&master), pipe_ends[2];
    size_t i;

    (void)state;
    if (slave < 0)
        skip();
    assert_int_equal(pipe(pipe_ends), 0);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        put("TERM", cases[i].term);
        put("NO_COLOR", cases[i].no_color);
        assert_int_equal(pfl_tty_colour(slave), cases[i].colour);
        assert_false(pfl_tty_colour(pipe_ends[1]));
    }
    put("NO_COLOR", NULL);
    assert_true(pfl_tty_is(slave));
    assert_false(pfl_tty_is(pipe_ends[0]));
    assert_false(pfl_tty_is(-1));
    close(slave), close(master), close(pipe_ends[0]), close(pipe_ends[1]);
}

static void width_is_the_terminals_or_the_variables(void **state)
{
    static const struct {
        const char *columns;
        size_t width;
    } cases[] = {{"97", 97}, {NULL, 0}, {"", 0},
                 {"12x", 0}, {"-3", 0}, {"99999999999999999999", 0}};
    struct winsize size = {.ws_col = 132, .ws_row = 40};
    int master, slave = open_terminal(&master);
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        put("COLUMNS", cases[i].columns);
        assert_int_equal(pfl_tty_width(-1), cases[i].width);
    }
    if (slave >= 0) {
        put("COLUMNS", "97");
        assert_int_equal(ioctl(master, TIOCSWINSZ, &size), 0);
        assert_int_equal(pfl_tty_width(slave), 132);
        close(slave);
    }
    if (master >= 0)
        close(master);
    put("COLUMNS", NULL);
}

static void utf8_by_the_locales_variables(void **state)
{
    static const struct {
        const char *all, *ctype, *lang;
        bool utf8;
    } cases[] = {
        {NULL, NULL, NULL, true},          {"", "", "", true},
        {NULL, NULL, "en_US.UTF-8", true}, {NULL, NULL, "de_DE.utf8", true},
        {NULL, NULL, "de_DE@euro", false}, {NULL, NULL, "C", false},
        {NULL, NULL, "C.UTF-8", true},     {"C", NULL, "en_US.UTF-8", false},
        {NULL, "en_US.UTF-8", "C", true},  {NULL, "en_US.ISO-8859-1", "en_US.UTF-8", false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        put("LC_ALL", cases[i].all);
        put("LC_CTYPE", cases[i].ctype);
        put("LANG", cases[i].lang);
        assert_int_equal(pfl_tty_utf8(), cases[i].utf8);
    }
}

static void variables_are_found(void **state)
{
    (void)state;
    put("PFL_TEST_VARIABLE", "value");
    assert_string_equal(pfl_environment("PFL_TEST_VARIABLE"), "value");
    put("PFL_TEST_VARIABLE", NULL);
    assert_null(pfl_environment("PFL_TEST_VARIABLE"));
    assert_non_null(pfl_environment_all());
}

/* A background job of sh starts with SIGINT ignored, one under nohup with SIGHUP. */
static void forget_dispositions(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ, SIGQUIT};
    sigset_t none;
    size_t i;

    for (i = 0; i < PFL_COUNT(signals); i++)
        signal(signals[i], SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Runs a body in a child, because signals and their handlers are the whole process's; its exit code
 * or -signal. */
static int in_child(int (*body)(void))
{
    int status;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        forget_dispositions();
        _exit(body());
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static int one_of_each(void)
{
    pfl_signals_install();
    if (pfl_signals_stop_asked() || pfl_signals_which() != 0)
        return 1;
    raise(SIGPIPE);
    raise(SIGXFSZ);
    if (pfl_signals_stop_asked())
        return 2;
    raise(SIGTERM);
    if (!pfl_signals_stop_asked() || pfl_signals_which() != SIGTERM)
        return 3;
    raise(SIGHUP);
    return pfl_signals_which() == SIGHUP ? 42 : 4;
}

static int interrupted_thrice(void)
{
    pfl_signals_install();
    raise(SIGINT);
    if (!pfl_signals_stop_asked() || pfl_signals_hurry_asked())
        return 1;
    raise(SIGINT);
    if (!pfl_signals_hurry_asked())
        return 2;
    raise(SIGINT);
    return 3;
}

static int hung_up_under_nohup(void)
{
    signal(SIGHUP, SIG_IGN);
    pfl_signals_install();
    raise(SIGHUP);
    return pfl_signals_stop_asked() ? 1 : 42;
}

static int written_to_nobody(void)
{
    int ends[2];

    pfl_signals_install();
    if (pipe(ends) != 0 || close(ends[0]) != 0)
        return 1;
    return write(ends[1], "x", 1) == -1 && errno == EPIPE ? 42 : 2;
}

static void signals_are_noted(void **state)
{
    (void)state;
    assert_int_equal(in_child(one_of_each), 42);
    assert_int_equal(in_child(interrupted_thrice), -SIGINT);
    assert_int_equal(in_child(hung_up_under_nohup), 42);
    assert_int_equal(in_child(written_to_nobody), 42);
    assert_false(pfl_signals_stop_asked());
}

int test_sys_tty(void);
int test_sys_tty(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colour_needs_a_terminal_that_wants_it),
        cmocka_unit_test(width_is_the_terminals_or_the_variables),
        cmocka_unit_test(utf8_by_the_locales_variables),
        cmocka_unit_test(variables_are_found),
        cmocka_unit_test(signals_are_noted),
    };

    return cmocka_run_group_tests_name("sys/tty", tests, NULL, NULL);
}
