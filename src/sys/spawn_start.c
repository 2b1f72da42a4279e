/*
 * Bringing the launcher to life: its image is in our own binary, so there is no second file to
 * install, to lose or to be of another version. It is executed from memory (memfd_create, fexecve);
 * where that is forbidden (vm.memfd_noexec, hardened kernels, some sandboxes) from a file of our
 * own in TMPDIR that is gone again before the launcher's first instruction.
 *
 * vfork, because perfledger may be large. All signals are blocked meanwhile: a handler of ours must
 * not run in the child, which borrows our memory.
 */
#include "sys/spawn_parts.h"

#include "base/alloc.h"
#include "sys/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern const unsigned char pfl_launcher_image[];
extern const unsigned long pfl_launcher_image_size;

enum { OUT_OF_THE_WAY = 10 }; /* above the descriptors that the launcher is given */

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U /* Linux 6.3 */
#endif

static void close_keeping_errno(int *fd)
{
    int kept_errno = errno;

    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    errno = kept_errno;
}

static int write_image(int fd)
{
    size_t done = 0;
    ssize_t n;

    while (done < pfl_launcher_image_size) {
        n = write(fd, pfl_launcher_image + done, pfl_launcher_image_size - done);
        if (n < 0 && errno != EINTR)
            return -1;
        done += n > 0 ? (size_t)n : 0;
    }
    return 0;
}

/* The image as a descriptor that can be executed, or -1 with errno. */
static int image_in_memory(void)
{
    int fd;

    if (pfl_fault_io()) {
        errno = EIO;
        return -1;
    }
    fd = memfd_create("perfledger-launcher", MFD_CLOEXEC | MFD_EXEC);
    if (fd < 0 && errno == EINVAL)
        fd = memfd_create("perfledger-launcher", MFD_CLOEXEC);
    fd = pfl_pipe_move_up(fd, OUT_OF_THE_WAY);
    if (fd >= 0 && write_image(fd) != 0)
        close_keeping_errno(&fd);
    return fd;
}

static int image_in_file(void)
{
    const char *folder = getenv("TMPDIR");
    char path[4096];
    int writer, fd = -1, kept_errno;

    if (pfl_fault_io()) {
        errno = EIO;
        return -1;
    }
    if (snprintf(path, sizeof path, "%s/perfledger-launcher-XXXXXX",
                 folder && *folder ? folder : "/tmp") >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    writer = mkostemp(path, O_CLOEXEC);
    if (writer < 0)
        return -1;
    if (write_image(writer) == 0 && fchmod(writer, 0700) == 0)
        fd = pfl_pipe_move_up(open(path, O_RDONLY | O_CLOEXEC), OUT_OF_THE_WAY);
    close_keeping_errno(&writer); /* a file that is open for writing cannot be executed */
    kept_errno = errno;
    unlink(path);
    errno = kept_errno;
    return fd;
}

/* 0, or the errno of what failed on the way into the image. */
static int execute(int image, int socket, int shared_fd, int *pid)
{
    static char *const argv[] = {(char *)"perfledger-launcher", NULL};
    static char *const envp[] = {NULL};
    volatile int failed = 0;
    sigset_t all, before;
    pid_t child;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    child = vfork();
    if (child == 0) {
        if (dup2(socket, PFL_LAUNCHER_SOCKET) >= 0 && dup2(shared_fd, PFL_LAUNCHER_SHARED) >= 0 &&
            dup2(image, PFL_LAUNCHER_IMAGE) >= 0)
            fexecve(image, argv, envp);
        failed = errno;
        _exit(127);
    }
    if (child < 0)
        failed = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (child > 0 && failed)
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
            ;
    else if (child > 0)
        *pid = (int)child;
    return failed;
}

static int start_image(int socket, int shared_fd, int *pid, struct pfl_err *err)
{
    int (*const sources[])(void) = {image_in_memory, image_in_file};
    int failed = 0, image;
    size_t i;

    for (i = 0; i < PFL_COUNT(sources); i++) {
        image = sources[i]();
        failed = image < 0 ? errno : execute(image, socket, shared_fd, pid);
        if (image >= 0)
            close(image);
        if (!failed)
            return PFL_OK;
    }
    return pfl_err_set_os(
        err, PFL_ESYSTEM, failed,
        "starting the launcher that runs measured commands, from memory and from "
        "a file in TMPDIR (set it to a folder in which programs may be executed)");
}

/* The page that both processes see; the result is the launcher's way to it, or -1 with errno. */
static int share_page(struct pfl_launcher_shared **shared)
{
    void *page = MAP_FAILED;
    int fd = -1;

    if (pfl_fault_io())
        errno = EIO;
    else
        fd = pfl_pipe_move_up(memfd_create("perfledger-shared", MFD_CLOEXEC), OUT_OF_THE_WAY);
    if (fd >= 0 && ftruncate(fd, sizeof **shared) == 0)
        page = mmap(NULL, sizeof **shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (page != MAP_FAILED)
        *shared = page;
    else
        close_keeping_errno(&fd);
    return fd;
}

/* Two joined sockets; false with errno. */
static bool join(int *ours, int *theirs)
{
    int ends[2];

    if (pfl_fault_io()) {
        errno = EIO;
        return false;
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    *ours = pfl_pipe_move_up(ends[0], OUT_OF_THE_WAY);
    *theirs = pfl_pipe_move_up(ends[1], OUT_OF_THE_WAY);
    return *ours >= 0 && *theirs >= 0;
}

int pfl_spawn_start(struct pfl_spawn_line *line, struct pfl_err *err)
{
    int theirs = -1, shared_fd = share_page(&line->shared);
    int status;

    if (shared_fd < 0)
        return pfl_err_set_os(err, PFL_ESYSTEM, errno, "making memory to share with the launcher");
    if (join(&line->socket, &theirs))
        status = start_image(theirs, shared_fd, &line->pid, err);
    else
        status = pfl_err_set_os(err, PFL_ESYSTEM, errno, "making a socket to the launcher");
    close_keeping_errno(&theirs);
    close(shared_fd);
    return status;
}
