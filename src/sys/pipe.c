/*
 * Reading what children write without ever waiting for them and without keeping more than was asked
 * for: a command that prints gigabytes costs time, not memory. Ends are moved above 2 because
 * perfledger may itself have been started with standard descriptors closed, and a pipe end at 1
 * would be overwritten on the way into the child.
 */
#include "sys/pipe.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

int pfl_pipe_move_up(int fd, int least)
{
    int moved, kept_errno;

    if (fd < 0 || fd >= least)
        return fd;
    moved = fcntl(fd, F_DUPFD_CLOEXEC, least);
    kept_errno = errno == EINVAL ? EMFILE : errno; /* `least` is beyond the limit of descriptors */
    close(fd);
    errno = kept_errno;
    return moved;
}

int pfl_pipe_open(struct pfl_pipe *ends, struct pfl_err *err)
{
    struct pfl_pipe opened = PFL_PIPE_NONE;
    int fds[2], os_errno;

    if (pfl_fault_io())
        return pfl_err_set_os(err, PFL_ESYSTEM, EIO, "making a pipe");
    if (pipe2(fds, O_CLOEXEC) != 0)
        return pfl_err_set_os(err, PFL_ESYSTEM, errno, "making a pipe");
    opened.read_fd = pfl_pipe_move_up(fds[0], STDERR_FILENO + 1);
    opened.write_fd = pfl_pipe_move_up(fds[1], STDERR_FILENO + 1);
    if (opened.read_fd < 0 || opened.write_fd < 0 ||
        fcntl(opened.read_fd, F_SETFL, O_NONBLOCK) != 0) {
        os_errno = errno;
        pfl_pipe_close(&opened);
        return pfl_err_set_os(err, PFL_ESYSTEM, os_errno, "making a pipe");
    }
    *ends = opened;
    return PFL_OK;
}

void pfl_pipe_close_write(struct pfl_pipe *ends)
{
    close_fd(&ends->write_fd);
}

void pfl_pipe_close(struct pfl_pipe *ends)
{
    close_fd(&ends->read_fd);
    close_fd(&ends->write_fd);
}

long pfl_pipe_read(const struct pfl_pipe *ends, char *bytes, size_t size)
{
    ssize_t n = read(ends->read_fd, bytes, size);

    if (n > 0)
        return (long)n;
    return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

void pfl_tail_add(struct pfl_tail *tail, const char *bytes, size_t len)
{
    if (len >= PFL_PIPE_TAIL) {
        memcpy(tail->bytes, bytes + len - PFL_PIPE_TAIL, PFL_PIPE_TAIL);
        tail->len = PFL_PIPE_TAIL;
        return;
    }
    if (tail->len + len > sizeof tail->bytes) {
        memmove(tail->bytes, tail->bytes + tail->len - PFL_PIPE_TAIL, PFL_PIPE_TAIL);
        tail->len = PFL_PIPE_TAIL;
    }
    memcpy(tail->bytes + tail->len, bytes, len);
    tail->len += len;
}

void pfl_tail_get(const struct pfl_tail *tail, const char **bytes, size_t *len)
{
    size_t kept = tail->len < PFL_PIPE_TAIL ? tail->len : PFL_PIPE_TAIL;

    *bytes = tail->bytes + tail->len - kept;
    *len = kept;
}

bool pfl_pipe_keep(struct pfl_buf *buf, const char *bytes, size_t len)
{
    size_t room = buf->max - buf->len;
    size_t kept = len < room ? len : room;

    if (kept > 0)
        pfl_buf_add(buf, bytes, kept);
    return kept < len;
}
