/* clang-format off */
/*
 * pfl_test_child ACTION [ARGUMENT] …: a program for tests to run, that does what it is told, in
 * that order, and then ends with exit code 0. For instance `pfl_test_child err 100000 orphan 2 exit
 * 3`. Unknown words end it with 99.
 *
 *   exit N         ends with exit code N            env NAME     prints NAME=value, or "NAME unset"
 *   signal N       sends itself signal N            cwd          prints the working folder
 *   stop           stops itself (SIGSTOP)           fds          prints its open descriptors, "0 1 2"
 *   ignore N       ignores signal N                 group        prints "own" when it leads its process group
 *   sleep MS       sleeps                           signals      prints "N ignored", "N blocked" if unusual
 *   spin MS        keeps a CPU busy                 input        prints what it reads from standard input
 *   forever        sleeps until killed; 120 s       hold MB      touches MB of memory, prints its VmHWM in KiB
 *   out N, err N   writes N bytes                   wire TEXT    writes TEXT and a newline to PERFLEDGER_FD
 *   out-text TEXT, err-text TEXT                    close        closes every descriptor
 *   linger N       leaves N children in its group   orphan N     leaves N, each a session of its own
 */
/* clang-format on */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long number(const char *text)
{
    return strtol(text, NULL, 10);
}

static void write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);

        if (n < 0)
            return;
        bytes += n;
        len -= (size_t)n;
    }
}

static void write_text(int fd, const char *text)
{
    write_all(fd, text, strlen(text));
}

/* Lines of 64 bytes, so that a cut shows where it was made. */
static void spam(int fd, long count)
{
    char block[64 * 1024];
    size_t i;

    for (i = 0; i < sizeof block; i++)
        block[i] = (char)(i % 64 == 63 ? '\n' : 'a' + (char)(i % 26));
    for (; count > 0; count -= (long)sizeof block)
        write_all(fd, block, (size_t)count < sizeof block ? (size_t)count : sizeof block);
}

static void do_exit(const char *arg)
{
    _exit((int)number(arg));
}

static void do_signal(const char *arg)
{
    kill(getpid(), (int)number(arg));
}

static void do_stop(const char *arg)
{
    (void)arg;
    kill(getpid(), SIGSTOP);
}

static void do_ignore(const char *arg)
{
    signal((int)number(arg), SIG_IGN);
}

static void do_sleep(const char *arg)
{
    long ms = number(arg);
    struct timespec rest = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&rest, NULL);
}

static void do_spin(const char *arg)
{
    clock_t end = clock() + number(arg) * (CLOCKS_PER_SEC / 1000);

    while (clock() < end)
        ;
}

/* "Forever" is longer than any test waits, and no longer: when a test fails half-way, nobody is
 * left to end its children. */
static void do_forever(const char *arg)
{
    struct timespec rest = {120, 0};

    (void)arg;
    while (nanosleep(&rest, &rest) != 0)
        ;
    _exit(98);
}

static void do_out(const char *arg)
{
    spam(STDOUT_FILENO, number(arg));
}

static void do_err(const char *arg)
{
    spam(STDERR_FILENO, number(arg));
}

static void do_out_text(const char *arg)
{
    write_text(STDOUT_FILENO, arg);
}

static void do_err_text(const char *arg)
{
    write_text(STDERR_FILENO, arg);
}

static void do_linger(const char *arg)
{
    long i;

    for (i = 0; i < number(arg); i++)
        if (fork() == 0)
            do_forever(NULL);
}

static void do_orphan(const char *arg)
{
    pid_t between;
    long i;

    for (i = 0; i < number(arg); i++) {
        between = fork();
        if (between == 0) {
            if (setsid() >= 0 && fork() == 0)
                do_forever(NULL);
            _exit(0);
        }
        waitpid(between, NULL, 0);
    }
}

static void do_env(const char *arg)
{
    const char *value = getenv(arg);

    dprintf(STDOUT_FILENO, value ? "%s=%s\n" : "%s unset\n", arg, value);
}

static void do_cwd(const char *arg)
{
    char folder[4096];

    (void)arg;
    if (getcwd(folder, sizeof folder))
        dprintf(STDOUT_FILENO, "%s\n", folder);
}

static void do_fds(const char *arg)
{
    const char *before = "";
    int fd;

    (void)arg;
    for (fd = 0; fd < 1024; fd++)
        if (fcntl(fd, F_GETFD) >= 0) {
            dprintf(STDOUT_FILENO, "%s%d", before, fd);
            before = " ";
        }
    write_text(STDOUT_FILENO, "\n");
}

static void do_group(const char *arg)
{
    (void)arg;
    write_text(STDOUT_FILENO, getpgrp() == getpid() ? "own\n" : "another's\n");
}

static void do_signals(const char *arg)
{
    struct sigaction action;
    sigset_t blocked;
    int i;

    (void)arg;
    sigprocmask(SIG_SETMASK, NULL, &blocked);
    for (i = 1; i < SIGRTMIN; i++) {
        if (sigaction(i, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
            dprintf(STDOUT_FILENO, "%d ignored\n", i);
        if (sigismember(&blocked, i) == 1)
            dprintf(STDOUT_FILENO, "%d blocked\n", i);
    }
}

static void do_input(const char *arg)
{
    char bytes[4096];
    ssize_t n;

    (void)arg;
    while ((n = read(STDIN_FILENO, bytes, sizeof bytes)) > 0)
        write_all(STDOUT_FILENO, bytes, (size_t)n);
}

static void do_hold(const char *arg)
{
    size_t size = (size_t)number(arg) << 20;
    char *memory = malloc(size), line[256];
    FILE *status;
    size_t at;

    for (at = 0; memory && at < size; at += 4096)
        *(volatile char *)(memory + at) = 1;
    status = fopen("/proc/self/status", "re");
    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, "VmHWM:", 6) == 0)
            dprintf(STDOUT_FILENO, "%ld\n", number(line + 6));
    if (status)
        fclose(status);
    free(memory);
}

static void do_wire(const char *arg)
{
    const char *fd = getenv("PERFLEDGER_FD");

    if (fd)
        dprintf((int)number(fd), "%s\n", arg);
}

static void do_close(const char *arg)
{
    int fd;

    (void)arg;
    for (fd = 0; fd < 1024; fd++)
        close(fd);
}

static const struct {
    const char *name;
    int takes_argument;
    void (*act)(const char *arg);
} actions[] = {
    {"exit", 1, do_exit},         {"signal", 1, do_signal},     {"stop", 0, do_stop},
    {"ignore", 1, do_ignore},     {"sleep", 1, do_sleep},       {"spin", 1, do_spin},
    {"forever", 0, do_forever},   {"out", 1, do_out},           {"err", 1, do_err},
    {"out-text", 1, do_out_text}, {"err-text", 1, do_err_text}, {"linger", 1, do_linger},
    {"orphan", 1, do_orphan},     {"env", 1, do_env},           {"cwd", 0, do_cwd},
    {"fds", 0, do_fds},           {"group", 0, do_group},       {"signals", 0, do_signals},
    {"input", 0, do_input},       {"hold", 1, do_hold},         {"wire", 1, do_wire},
    {"close", 0, do_close},
};

int main(int argc, char **argv)
{
    size_t i;
    int at;

    for (at = 1; at < argc; at++) {
        for (i = 0; i < sizeof actions / sizeof actions[0]; i++)
            if (strcmp(argv[at], actions[i].name) == 0)
                break;
        if (i == sizeof actions / sizeof actions[0] ||
            (actions[i].takes_argument && at + 1 >= argc))
            return 99;
        at += actions[i].takes_argument;
        actions[i].act(actions[i].takes_argument ? argv[at] : NULL);
    }
    return 0;
}
