/*
 * A command that runs to its end, its output taken.
 *
 * posix_spawn, no shell of ours, standard input from /dev/null. A compiler's server (a cache's
 * daemon, for instance) may keep the pipe open for hours: it is over when the process is, so both
 * the pipe and the process are waited for (pidfd; where the kernel has none, by looking every 20
 * ms).
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILD_CHUNK = 1 << 16, CHILD_OUTPUT_MAX = 256 << 20, CHILD_LOOK_MS = 20 };

extern char **environ;

static bool child_start(const struct pfl_lib_child *child, const int pipe_ends[2], pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    int rc = posix_spawn_file_actions_init(&actions);

    if (rc == 0) {
        rc = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        if (rc == 0)
            rc = posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], 1);
        if (rc == 0)
            rc = child->errors
                     ? posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], 2)
                     : posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
        if (rc == 0)
            rc = posix_spawnp(pid, child->argv[0], &actions, NULL, child->argv, environ);
        posix_spawn_file_actions_destroy(&actions);
    }
    errno = rc;
    return rc == 0;
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
