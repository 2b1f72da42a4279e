/*
 * Ends a whole session. A build tool may put its jobs into process groups of their own (ninja does,
 * so that they do not get the terminal's Ctrl-C), where a signal to our child's group misses them.
 * They stay in the session, which /proc tells (proc(5), field 6 of stat). What left the session on
 * purpose (a compiler cache's server) was meant to stay.
 *
 * A process can fork while /proc is being read, so it is read again until nothing is found. The
 * session's id cannot mean another session meanwhile, because its leader is not reaped. The hunt
 * has a limit: a process in an uninterruptible sleep does not go.
 */
#include "sys/session.h"

#include "base/macros.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TURNS = 300, TURN_NS = 10000000 };

/* The session of a process that has not ended; 0: it has, or cannot be asked. The name, in
 * parentheses, may hold anything. */
static pid_t session_of(const char *pid)
{
    char path[64], text[512], state = 'Z', *end;
    int fd, session = 0, n;
    ssize_t got;

    n = snprintf(path, sizeof path, "/proc/%s/stat", pid);
    if (n < 0 || (size_t)n >= sizeof path)
        return 0;
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    got = read(fd, text, sizeof text - 1);
    close(fd);
    if (got <= 0)
        return 0;
    text[got] = 0;
    end = strrchr(text, ')');
    if (!end || end[1] != ' ' || !end[2])
        return 0;
    state = end[2]; /* then parent, group, session */
    for (end += 3, n = 0; n < 3; n++)
        session = (int)strtol(end, &end, 10);
    return state == 'Z' || state == 'X' ? 0 : session;
}

int pfl_session_signal(pid_t session, int signal)
{
    DIR *dir = opendir("/proc");
    const struct dirent *entry;
    int found = 0;

    if (!dir)
        return 0;
    while ((entry = readdir(dir)))
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
            session_of(entry->d_name) == session) {
            found++;
            kill((pid_t)strtol(entry->d_name, NULL, 10), signal);
        }
    closedir(dir);
    return found;
}

static void rest(void)
{
    static const struct timespec turn = {0, TURN_NS};

    nanosleep(&turn, NULL);
}

void pfl_session_end(pid_t session, int64_t grace_ns)
{
    int64_t waited;
    int turns, left = 1;

    if (grace_ns > 0) {
        kill(-session, SIGTERM);
        left = pfl_session_signal(session, SIGTERM);
    }
    for (waited = 0; left > 0 && waited < grace_ns; waited += TURN_NS) {
        rest();
        left = pfl_session_signal(session, 0);
    }
    if (left > 0)
        kill(-session, SIGKILL);
    for (turns = 0; left > 0 && turns < TURNS; turns++) {
        left = pfl_session_signal(session, SIGKILL);
        if (left > 0)
            rest();
    }
}
