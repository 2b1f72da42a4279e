/*
 * Ends what a measured command left behind. The launcher is a child subreaper, so whatever the
 * command forked, also through setsid() and a double fork, is a descendant of the launcher, and
 * becomes its direct child when the process between them dies. "wait4 says ECHILD" is therefore the
 * whole truth, and costs one system call in the usual case of nothing left.
 *
 * Otherwise: kill the group, kill the direct children that /proc names, reap, repeat; each turn
 * brings the next generation up. Only what died of our SIGKILL is counted: a process that was
 * ending on its own is not one left behind. The hunt has a limit, because a process in an
 * uninterruptible sleep, or one of another user, does not go.
 */
#include "sys/launcher/leftovers.h"

#include "sys/launcher/system.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

enum { TURNS = 500, TURN_NS = 10000000 };

/* /proc/…/children: decimal pids, each followed by a blank. A pid may be cut by the end of a read.
 */
static int kill_children(void)
{
    char text[1024];
    long fd, n, i;
    int pid = 0, killed = 0;

    fd = SYS(openat, AT_FDCWD, "/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    while ((n = SYS(read, fd, text, sizeof text)) > 0) {
        for (i = 0; i < n; i++) {
            if (text[i] >= '0' && text[i] <= '9') {
                pid = pid * 10 + (text[i] - '0');
                continue;
            }
            killed += pid > 0 && SYS(kill, pid, SIGKILL) == 0;
            pid = 0;
        }
    }
    SYS(close, fd);
    return killed;
}

/* Reaps what has ended; 0: children are left, -ECHILD: none. *killed counts those that died of
 * SIGKILL. */
static long reap(int *killed)
{
    int status;
    long pid;

    while ((pid = SYS(wait4, -1, &status, WNOHANG, NULL)) > 0)
        *killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    return pid;
}

int launcher_end_leftovers(int group)
{
    static const struct timespec turn = {0, TURN_NS};
    const uint64_t child_ended = UINT64_C(1) << (SIGCHLD - 1);
    int ignored = 0, killed = 0, turns;

    if (reap(&ignored) == -ECHILD)
        return 0;
    for (turns = 0; turns < TURNS; turns++) {
        int reached = SYS(kill, -group, SIGKILL) == 0;

        reached += kill_children();
        if (reap(&killed) == -ECHILD || reached == 0)
            break;
        SYS(rt_sigtimedwait, &child_ended, NULL, &turn, sizeof child_ended);
    }
    return killed;
}
