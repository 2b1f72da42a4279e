/*
 * Open file description locks (fcntl F_OFD_SETLK) on files that exist for nothing else. Not the
 * record locks of POSIX, because those belong to the process: closing any other descriptor of the
 * file would end them, and two users in one process would not exclude each other. Unlike flock(2),
 * an exclusive lock becomes a shared one in one step.
 *
 * A lock file may be removed by its exclusive holder. Somebody who opened it before and gets the
 * lock after that holds a lock of a file without a name, which excludes nobody; so after locking
 * the name is looked at again, and the step repeated when it names another file (or none).
 */
#include "sys/lock.h"

#include "sys/file_private.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TRIES = 100 };

static bool is_current(const char *path, int fd)
{
    struct stat named, held;

    return fstat(fd, &held) == 0 && stat(path, &named) == 0 && named.st_dev == held.st_dev &&
           named.st_ino == held.st_ino;
}

static bool lock(int fd, enum pfl_lock_kind kind)
{
    struct flock whole = {.l_type = kind == PFL_LOCK_SHARED ? F_RDLCK : F_WRLCK,
                          .l_whence = SEEK_SET};

    return fcntl(fd, F_OFD_SETLK, &whole) == 0;
}

int pfl_lock_try(const char *path, enum pfl_lock_kind kind, int *fd, struct pfl_err *err)
{
    int made, tries;

    for (tries = 0; tries < TRIES; tries++) {
        made = pfl_file_fault() ? -1 : open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
        if (made < 0)
            return pfl_file_os_error(err, errno, "open the lock file", path);
        if (!lock(made, kind)) {
            int why = errno;

            close(made);
            if (why == EINTR)
                continue;
            if (why != EAGAIN && why != EACCES)
                return pfl_file_os_error(err, why, "lock", path);
            *fd = -1;
            return PFL_OK;
        }
        if (is_current(path, made)) {
            *fd = made;
            return PFL_OK;
        }
        close(made);
    }
    return pfl_err_set(err, PFL_EBUSY, "cannot lock '%s': it is removed again and again", path);
}

int pfl_lock_share(int fd, struct pfl_err *err)
{
    if (pfl_file_fault() || !lock(fd, PFL_LOCK_SHARED))
        return pfl_err_set_os(err, PFL_ESYSTEM, errno, "sharing a lock");
    return PFL_OK;
}

void pfl_lock_touch(int fd)
{
    (void)!futimens(fd, NULL);
}

void pfl_lock_remove(const char *path, int fd)
{
    unlink(path);
    pfl_lock_close(fd);
}

void pfl_lock_close(int fd)
{
    if (fd >= 0)
        close(fd);
}

void pfl_lock_pause(int64_t ns)
{
    struct timespec rest = {(time_t)(ns / 1000000000), (long)(ns % 1000000000)};

    nanosleep(&rest, NULL);
}
