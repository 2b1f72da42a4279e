/*
 * Who is measuring on this machine right now.
 *
 * Each measuring process keeps a file named by its pid in a folder that all users share, and holds
 * a lock on it (fcntl(2), F_OFD_SETLK) for as long as it lives. The kernel drops the lock however
 * the process ends, so a file whose lock can be had is a leftover and is removed; pids are never
 * trusted alone (they are reused, and mean something else in another container).
 *
 * The folder lies in /tmp, where anybody may have put anything: it and its files are opened with
 * O_NOFOLLOW, files are made with O_EXCL, nothing is ever read from or written to one, only what is
 * a regular file counts, and at most MOST_ENTRIES are looked at. The worst that a hostile user can
 * do is to pretend to be measuring or to hide others from us: a warning more or less. The test for
 * a lock is a shared one, so that two that look do not see each other.
 */
#include "sys/machine.h"

#include "base/alloc.h"
#include "sys/file_private.h"
#include "sys/tty.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_ENTRIES = 4096, NAME_TRIES = 16 };

struct pfl_machine_presence {
    int folder_fd, fd;
    char name[32];
};

static int open_folder(void)
{
    const char *path = pfl_environment("PERFLEDGER_PRESENCE_DIR");
    bool made;
    int fd;

    if (!path || !path[0])
        path = "/tmp/perfledger-measuring";
    if (pfl_file_fault())
        return -1;
    made = mkdir(path, 0700) == 0;
    if (!made && errno != EEXIST)
        return -1;
    fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    /* Open to all and sticky, against the umask; a folder that was there is somebody's, and stays
     * as it is. */
    if (fd >= 0 && made)
        (void)!fchmod(fd, 01777);
    return fd;
}

/* The whole file, without waiting. */
static bool lock(int fd, short type)
{
    struct flock whole = {.l_type = type, .l_whence = SEEK_SET};

    return fcntl(fd, F_OFD_SETLK, &whole) == 0;
}

/* The pid in a name such as take_file() makes, NUMBER-NUMBER; 0: it is another's file. */
static int pid_in(const char *name)
{
    size_t pid_len = strspn(name, "0123456789"), turn_len;
    long pid;

    if (pid_len == 0 || pid_len > 10 || name[pid_len] != '-')
        return 0;
    turn_len = strspn(name + pid_len + 1, "0123456789");
    if (turn_len == 0 || name[pid_len + 1 + turn_len] != 0)
        return 0;
    pid = strtol(name, NULL, 10);
    return pid <= INT_MAX ? (int)pid : 0;
}

/* Opens an entry if it is an empty regular file, as ours are; -1. */
static int open_entry(int folder_fd, const char *name)
{
    int fd = openat(folder_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    struct stat st;

    if (fd >= 0 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > 0)) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* Is the entry's lock held? A leftover is removed (the sticky folder lets only its owner do so;
 * that is fine). */
static bool is_held(int folder_fd, const char *name)
{
    int fd = open_entry(folder_fd, name);
    bool held;

    if (fd < 0)
        return false;
    held = !lock(fd, F_RDLCK) && (errno == EAGAIN || errno == EACCES);
    if (!held)
        unlinkat(folder_fd, name, 0);
    close(fd);
    return held;
}

/* Makes and locks our file. Somebody who looks between the two steps takes it for a leftover: then
 * it has no name any more (or cannot be locked for a moment), and the next try makes another. */
static bool take_file(struct pfl_machine_presence *presence)
{
    struct stat st;
    int turn;

    for (turn = 0; turn < NAME_TRIES; turn++) {
        snprintf(presence->name, sizeof presence->name, "%ld-%d", (long)getpid(), turn);
        presence->fd = pfl_file_fault()
                           ? -1
                           : openat(presence->folder_fd, presence->name,
                                    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
        if (presence->fd < 0 && errno == EEXIST) {
            is_held(presence->folder_fd,
                    presence->name); /* tidies up after a dead process of our pid */
            continue;
        }
        if (presence->fd < 0)
            return false;
        if (lock(presence->fd, F_WRLCK) && fstat(presence->fd, &st) == 0 && st.st_nlink > 0)
            return fchmod(presence->fd, 0644) == 0; /* others must be able to open it */
        close(presence->fd);
        presence->fd = -1;
    }
    return false;
}

struct pfl_machine_presence *pfl_machine_enter(void)
{
    struct pfl_machine_presence *presence = pfl_alloc_zeroed(1, sizeof *presence);

    if (!presence)
        return NULL;
    presence->fd = -1;
    presence->folder_fd = open_folder();
    if (presence->folder_fd >= 0 && take_file(presence))
        return presence;
    pfl_machine_leave(presence);
    return NULL;
}

size_t pfl_machine_others(struct pfl_machine_presence *presence, int *pids, size_t max)
{
    struct dirent *entry;
    size_t n = 0, seen = 0;
    DIR *dir;
    int fd;

    if (!presence)
        return 0;
    fd = openat(presence->folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (!dir) {
        if (fd >= 0)
            close(fd);
        return 0;
    }
    while (n < max && seen++ < MOST_ENTRIES && (entry = readdir(dir))) {
        int pid = pid_in(entry->d_name);

        if (pid <= 0 || strcmp(entry->d_name, presence->name) == 0)
            continue;
        if (is_held(presence->folder_fd, entry->d_name))
            pids[n++] = pid;
    }
    closedir(dir);
    return n;
}

void pfl_machine_leave(struct pfl_machine_presence *presence)
{
    if (!presence)
        return;
    if (presence->fd >= 0) {
        unlinkat(presence->folder_fd, presence->name, 0);
        close(presence->fd);
    }
    if (presence->folder_fd >= 0)
        close(presence->folder_fd);
    pfl_free(presence);
}
