/*
 * The terminal, the environment and the signals that ask this program to stop.
 *
 * Colour follows no-color.org and TERM; whether characters beyond ASCII may be drawn follows the
 * locale's variables as setlocale(3) reads them (LC_ALL, then LC_CTYPE, then LANG), but without
 * calling setlocale: perfledger stays in the "C" locale so that numbers are always written with a
 * point. Nothing set at all means a bare system (a container), whose terminal is UTF-8 nowadays.
 *
 * Signals are only noted; whoever loops asks. The third SIGINT finds the default action again, so
 * that Ctrl-C three times always ends the program. SIGPIPE and SIGXFSZ get a handler that does
 * nothing: the write then fails with EPIPE or EFBIG, which is reported like any other error. A
 * handler, not SIG_IGN: ignoring would be inherited by measured commands, and `yes | head` would
 * behave differently under measurement.
 */
#include "sys/tty.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

extern char **environ;

char **pfl_environment_all(void)
{
    return environ;
}

const char *pfl_environment(const char *name)
{
    return getenv(name);
}

bool pfl_environment_binds_git(const char *entry)
{
    static const char *const names[] = {
        "GIT_DIR=",
        "GIT_WORK_TREE=",
        "GIT_INDEX_FILE=",
        "GIT_COMMON_DIR=",
        "GIT_PREFIX=",
        "GIT_NAMESPACE=",
        "GIT_OBJECT_DIRECTORY=",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES=",
    };
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strncmp(entry, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

static bool is_set(const char *name)
{
    const char *value = pfl_environment(name);

    return value && value[0];
}

bool pfl_tty_is(int fd)
{
    return isatty(fd) == 1;
}

size_t pfl_tty_width(int fd)
{
    const char *columns = pfl_environment("COLUMNS");
    struct winsize size;
    char *end;
    unsigned long value;

    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    if (!columns || columns[0] < '0' || columns[0] > '9')
        return 0;
    errno = 0;
    value = strtoul(columns, &end, 10);
    return *end == 0 && errno == 0 && value <= 100000 ? value : 0;
}

bool pfl_tty_colour(int fd)
{
    const char *term = pfl_environment("TERM");

    return pfl_tty_is(fd) && term && term[0] && strcmp(term, "dumb") != 0 && !is_set("NO_COLOR");
}

bool pfl_tty_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (is_set(names[i])) {
            const char *charset = strchr(pfl_environment(names[i]), '.');

            return charset && (strncasecmp(charset, ".utf-8", 6) == 0 ||
                               strncasecmp(charset, ".utf8", 5) == 0);
        }
    return true;
}

enum { PATIENCE = 3 }; /* the SIGINT that ends the program whatever it is at */

static volatile sig_atomic_t stop_signal, stop_count;

static void note(int signal_number)
{
    stop_signal = signal_number;
    if (stop_count < PATIENCE)
        stop_count++;
    if (signal_number == SIGINT && stop_count >= PATIENCE - 1) {
        struct sigaction again = {.sa_handler = SIG_DFL};

        sigaction(SIGINT, &again, NULL);
    }
}

static void do_nothing(int signal_number)
{
    (void)signal_number;
}

/* What our parent chose to ignore stays ignored: nohup(1) does so with SIGHUP, a shell's `&` with
 * SIGINT. */
static void install(int signal_number, void (*handler)(int), int flags)
{
    struct sigaction now, wanted = {.sa_handler = handler, .sa_flags = flags};

    if (sigaction(signal_number, NULL, &now) == 0 && now.sa_handler != SIG_IGN)
        sigaction(signal_number, &wanted, NULL);
}

void pfl_signals_install(void)
{
    install(SIGINT, note, 0); /* no SA_RESTART: whoever waits shall wake up */
    install(SIGTERM, note, 0);
    install(SIGHUP, note, 0);
    install(SIGPIPE, do_nothing, SA_RESTART);
    install(SIGXFSZ, do_nothing, SA_RESTART);
}

bool pfl_signals_stop_asked(void)
{
    return stop_signal != 0;
}

bool pfl_signals_hurry_asked(void)
{
    return stop_count > 1;
}

int pfl_signals_which(void)
{
    return stop_signal;
}
