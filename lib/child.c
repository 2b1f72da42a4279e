/*
 * A command that runs to its end, its output taken.
 *
 * vfork and exec (posix_spawn cannot ask for a signal when the parent dies), no shell of ours,
 * standard input from /dev/null, nothing of what perfledger and we have to say to each other. A
 * compiler's server (a cache's daemon, for instance) may keep the pipe open for hours: it is over
 * when the process is, so both the pipe and the process are waited for (pidfd; where the kernel has
 * none, by looking every 20 ms).
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILD_CHUNK = 1 << 16, CHILD_OUTPUT_MAX = 256 << 20, CHILD_LOOK_MS = 20 };

extern char **environ;

/* Ours to perfledger: a command that is a program of the library too would speak in our name. */
static bool child_is_ours(const char *variable)
{
    return strncmp(variable, "PERFLEDGER_", strlen("PERFLEDGER_")) == 0;
}

/* The environment without them; the array is to be freed. */
static char **child_environment(void)
{
    size_t n = 0, i, out = 0;
    char **made;

    while (environ && environ[n])
        n++;
    made = pfl_lib_alloc((n + 1) * sizeof *made);
    for (i = 0; i < n; i++)
        if (!child_is_ours(environ[i]))
            made[out++] = environ[i];
    made[out] = NULL;
    return made;
}

/* The descriptor that a variable names; −1: none that is not standard. */
static int child_descriptor(const char *variable)
{
    int fd = pfl_lib_descriptor(getenv(variable));

    return fd > STDERR_FILENO ? fd : -1;
}

struct child_plan {
    char **envp;
    int out, closed[2]; /* its end of the pipe; what it does not get, or −1 */
    sigset_t mask;
    volatile int problem; /* its errno: the memory is one until it is another program */
};

/* Lets go of close-on-exec where it is in its place already. */
static void child_put(int from, int to)
{
    if (from == to)
        fcntl(to, F_SETFD, 0);
    else
        dup2(from, to);
}

/* After vfork: system calls, and nothing that this process would miss. It ends with the thread that
 * waits for it, so that a timeout leaves no compiler behind. */
_Noreturn static void child_become(const struct pfl_lib_child *child, struct child_plan *plan)
{
    int null, i;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (i = 0; i < 2; i++)
        if (plan->closed[i] >= 0 && plan->closed[i] != plan->out)
            close(plan->closed[i]);
    child_put(plan->out, STDOUT_FILENO);
    if (child->errors)
        child_put(plan->out, STDERR_FILENO);
    null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0)
        child_put(null, STDIN_FILENO);
    if (null >= 0 && !child->errors)
        dup2(null, STDERR_FILENO);
    sigprocmask(SIG_SETMASK, &plan->mask, NULL);
    execvpe(child->argv[0], child->argv, plan->envp);
    plan->problem = errno;
    _exit(127);
}

static bool child_start(const struct pfl_lib_child *child, const int pipe_ends[2], pid_t *pid)
{
    struct child_plan plan = {
        .envp = child_environment(),
        .out = pipe_ends[1],
        .closed = {child_descriptor("PERFLEDGER_FD"), child_descriptor("PERFLEDGER_CONTROL_FD")}};
    sigset_t all;
    int problem;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &plan.mask); /* no handler of ours runs in the child */
    *pid = vfork();
    if (*pid == 0)
        child_become(child, &plan);
    problem = *pid < 0 ? errno : plan.problem;
    pthread_sigmask(SIG_SETMASK, &plan.mask, NULL);
    free(plan.envp);
    if (*pid > 0 && problem)
        waitpid(*pid, NULL, 0);
    errno = problem;
    return problem == 0;
}

/* Appends; what is beyond `keep` is dropped at the front, now and then. */
static void child_keep(struct pfl_lib_child *child, const char *bytes, size_t n, size_t *room)
{
    if (child->keep && child->len + n > 2 * child->keep + CHILD_CHUNK) {
        memmove(child->output, child->output + child->len - child->keep, child->keep);
        child->len = child->keep;
    }
    if (child->len + n > CHILD_OUTPUT_MAX)
        return;
    if (child->len + n + 1 > *room) {
        *room = 2 * (child->len + n + 1);
        child->output = pfl_lib_realloc(child->output, *room);
    }
    memcpy(child->output + child->len, bytes, n);
    child->len += n;
    child->output[child->len] = 0;
}

/* One read; false: the end, or nothing there now. */
static bool child_read(struct pfl_lib_child *child, int fd, size_t *room, bool *open)
{
    char chunk[4096];
    ssize_t n;

    do
        n = read(fd, chunk, sizeof chunk);
    while (n < 0 && errno == EINTR);
    if (n > 0)
        child_keep(child, chunk, (size_t)n, room);
    else if (n == 0 || errno != EAGAIN)
        *open = false;
    return n > 0;
}

static bool child_is_over(pid_t pid)
{
    siginfo_t info = {0};

    return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT | WNOHANG) != 0 || info.si_pid == pid;
}

/* Reads until the process is over, and then what is still in the pipe. */
static void child_attend(struct pfl_lib_child *child, int fd, pid_t pid)
{
    int handle = -1;
    size_t room = 0;
    bool open = true, over = false;

#ifdef SYS_pidfd_open
    handle = (int)syscall(SYS_pidfd_open, pid, 0);
#endif
    fcntl(fd, F_SETFL, O_NONBLOCK);
    while (open && !over) {
        struct pollfd waiting[2] = {{.fd = fd, .events = POLLIN}, {.fd = handle, .events = POLLIN}};

        poll(waiting, 2, handle < 0 ? CHILD_LOOK_MS : -1);
        over = child_is_over(pid);
        while (open && child_read(child, fd, &room, &open))
            ;
    }
    if (handle >= 0)
        close(handle);
    if (child->keep && child->len > child->keep) {
        memmove(child->output, child->output + child->len - child->keep, child->keep + 1);
        child->len = child->keep;
    }
}

bool pfl_lib_child_run(struct pfl_lib_child *child)
{
    const int64_t begin = pfl_lib_now_ns();
    int ends[2];
    pid_t pid;
    bool started;

    child->output = pfl_lib_text("%s", "");
    child->len = 0;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    started = child_start(child, ends, &pid);
    close(ends[1]);
    if (started) {
        child_attend(child, ends[0], pid);
        while (waitpid(pid, &child->status, 0) < 0)
            if (errno != EINTR) { /* somebody ignores SIGCHLD */
                child->status = -1;
                break;
            }
        child->seconds = (double)(pfl_lib_now_ns() - begin) / 1e9;
    }
    close(ends[0]);
    return started;
}
