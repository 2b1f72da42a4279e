/*
 * The process of a launch: this program once more (/proc/self/exe, so that it is the same file even
 * when a new one lies at its path by now), with a socket on which the two speak and a pipe for what
 * it prints. Standard output and standard error of a launch are one, and end up on our standard
 * error, after the live line was erased; the last line of it tells why a process ended (a failed
 * assertion, an exception). It is killed when we are (PR_SET_PDEATHSIG).
 *
 * SIGINT and SIGTERM are handed on; the launch stops between two benchmarks (session.c). The second
 * one kills it. One launch at a time: handlers have no argument.
 */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* What a program may do after its benchmarks (leak checks). */
static const double process_end_s = 120;

static volatile sig_atomic_t process_signal, process_id;
static struct sigaction process_before[2];

/* ---- signals ---- */

/* A terminal's Ctrl-C goes to all processes before it, so the launch has it already: twice would
 * kill it. */
static void process_on_signal(int number, siginfo_t *info, void *context)
{
    int saved = errno;

    (void)context;
    if (process_id > 0 && (process_signal || info->si_code != SI_KERNEL))
        kill((pid_t)process_id, process_signal ? SIGKILL : number);
    process_signal = number;
    errno = saved;
}

void pfl_lib_launch_catch(bool on)
{
    struct sigaction action;

    if (!on) {
        sigaction(SIGINT, &process_before[0], NULL);
        sigaction(SIGTERM, &process_before[1], NULL);
        return;
    }
    memset(&action, 0, sizeof action);
    action.sa_sigaction = process_on_signal;
    action.sa_flags = SA_SIGINFO;
    sigemptyset(&action.sa_mask);
    process_signal = 0;
    sigaction(SIGINT, &action, &process_before[0]);
    sigaction(SIGTERM, &action, &process_before[1]);
}

int pfl_lib_launch_signal(void)
{
    return process_signal;
}

void pfl_lib_launch_kill(void)
{
    if (process_id > 0)
        kill((pid_t)process_id, SIGKILL);
}

/* ---- its beginning ---- */

/* The environment with our variable in it; the array is to be freed, `variable` is the caller's. */
static char **process_environment(char *variable)
{
    size_t n = 0, i, out = 0;
    char **made;

    while (environ && environ[n])
        n++;
    made = pfl_lib_alloc((n + 2) * sizeof *made);
    for (i = 0; i < n; i++)
        if (strncmp(environ[i], PFL_LIB_LAUNCH_VARIABLE "=", strlen(PFL_LIB_LAUNCH_VARIABLE) + 1))
            made[out++] = environ[i];
    made[out++] = variable;
    made[out] = NULL;
    return made;
}

struct process_ends {
    int socket[2], output[2]; /* ours, the child's */
};

/* Also where it is in its place already: then it must only stay open. */
static void process_put(int from, int to)
{
    if (from == to)
        fcntl(to, F_SETFD, 0);
    else
        dup2(from, to);
}

/* Between fork and exec: calls that are safe there only. */
_Noreturn static void process_exec(const struct process_ends *ends, char **argv, char **envp,
                                   const sigset_t *mask)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    sigprocmask(SIG_SETMASK, mask, NULL);
    process_put(ends->output[1], STDOUT_FILENO);
    process_put(ends->output[1], STDERR_FILENO);
    fcntl(ends->socket[1], F_SETFD, 0);
    execve("/proc/self/exe", argv, envp);
    _exit(PFL_LIB_LAUNCH_LOST);
}

static bool process_open(struct process_ends *ends)
{
    int output[2];

    if (pipe2(output, O_CLOEXEC) != 0)
        return false;
    ends->output[0] = output[0];
    ends->output[1] = output[1];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends->socket) == 0) {
        fcntl(output[0], F_SETFL, O_NONBLOCK);
        return true;
    }
    close(output[0]);
    close(output[1]);
    return false;
}

bool pfl_lib_launch_start(struct pfl_lib_launch *launch, char **argv)
{
    struct process_ends ends;
    char variable[64];
    sigset_t all, mask;
    char **envp;
    pid_t pid;

    if (!process_open(&ends))
        return false;
    snprintf(variable, sizeof variable, PFL_LIB_LAUNCH_VARIABLE "=%d", ends.socket[1]);
    envp = process_environment(variable);
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &mask); /* so that the handler knows whom to tell */
    pid = fork();
    if (pid == 0)
        process_exec(&ends, argv, envp, &mask);
    process_id = pid;
    sigprocmask(SIG_SETMASK, &mask, NULL);
    free(envp);
    close(ends.socket[1]);
    close(ends.output[1]);
    memset(launch, 0, sizeof *launch);
    launch->fd = ends.socket[0];
    launch->output = ends.output[0];
    launch->handle = -1;
#ifdef SYS_pidfd_open
    if (pid > 0)
        launch->handle = (int)syscall(SYS_pidfd_open, pid, 0);
#endif
    if (pid > 0)
        return true;
    close(launch->fd);
    close(launch->output);
    return false;
}

/* ---- what it prints ---- */

/* The last line that is not empty. */
static void process_remember(struct pfl_lib_launch *launch, const char *text, size_t len)
{
    for (; len > 0; text++, len--) {
        size_t used = strlen(launch->tail);

        if (launch->line_is_over && *text != '\n') {
            launch->line_is_over = false;
            used = 0;
        }
        if (*text == '\n') {
            launch->line_is_over = true;
        } else if (used + 1 < sizeof launch->tail) {
            launch->tail[used] = *text;
            launch->tail[used + 1] = 0;
        }
    }
}

bool pfl_lib_launch_print(struct pfl_lib_launch *launch)
{
    char text[4096];
    ssize_t got = read(launch->output, text, sizeof text);

    if (got < 0)
        return errno == EINTR || errno == EAGAIN;
    if (got == 0)
        return false;
    pfl_lib_progress_erase();
    fwrite(text, 1, (size_t)got, stderr);
    fflush(stderr);
    process_remember(launch, text, (size_t)got);
    return true;
}

static bool process_has_printed(const struct pfl_lib_launch *launch, int wait_ms)
{
    struct pollfd polled = {.fd = launch->output, .events = POLLIN};

    return poll(&polled, 1, wait_ms) > 0 && polled.revents & POLLIN;
}

/* ---- its end ---- */

bool pfl_lib_launch_is_over(void)
{
    siginfo_t info = {0};

    return waitid(P_PID, (id_t)process_id, &info, WEXITED | WNOWAIT | WNOHANG) != 0 ||
           info.si_pid == (pid_t)process_id;
}

int pfl_lib_launch_end(struct pfl_lib_launch *launch)
{
    int64_t begin_ns = pfl_lib_now_ns();
    pid_t pid = (pid_t)process_id, got;
    int status = 0, wait_ms = 0;

    while ((got = waitpid(pid, &status, WNOHANG)) == 0 || (got < 0 && errno == EINTR)) {
        if ((double)(pfl_lib_now_ns() - begin_ns) / 1e9 > process_end_s)
            pfl_lib_launch_kill();
        if (process_has_printed(launch, 0)) {
            pfl_lib_launch_print(launch);
        } else {
            const struct timespec pause = {.tv_nsec = 200000L << wait_ms};

            nanosleep(&pause, NULL);
            if (wait_ms < 6)
                wait_ms++;
        }
    }
    process_id = 0;
    while (process_has_printed(launch, 0) && pfl_lib_launch_print(launch))
        ;
    close(launch->fd);
    close(launch->output);
    if (launch->handle >= 0)
        close(launch->handle);
    return status;
}
