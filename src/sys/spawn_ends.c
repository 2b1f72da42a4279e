/*
 * The descriptors of a launch. All are opened by perfledger, because it has the words for what goes
 * wrong; the launcher gets them ready to use. Paths are taken from the launch's working folder, as
 * a shell does with `cd FOLDER && COMMAND < FILE`.
 */
#include "sys/spawn_parts.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static int open_file(struct pfl_spawn_ends *ends, enum pfl_launcher_fd which, const char *path,
                     int flags, struct pfl_err *err)
{
    static const char *const doing[] = {
        [PFL_LAUNCHER_FD_INPUT] = "opening the input file",
        [PFL_LAUNCHER_FD_OUTPUT] = "opening the output file",
        [PFL_LAUNCHER_FD_FOLDER] = "going to the working folder",
    };
    int folder = ends->fds[PFL_LAUNCHER_FD_FOLDER];
    int fd = -1;

    if (pfl_fault_io())
        errno = EIO;
    else
        fd = openat(folder >= 0 ? folder : AT_FDCWD, path, flags | O_CLOEXEC, 0666);
    if (fd < 0)
        return pfl_err_set_os(err, errno == ENOENT ? PFL_ENOENT : PFL_EIO, errno, "%s '%s'",
                              doing[which], path);
    ends->fds[which] = fd;
    return PFL_OK;
}

static int open_pipe(struct pfl_spawn_ends *ends, enum pfl_launcher_fd which, struct pfl_pipe *made,
                     struct pfl_err *err)
{
    int status = pfl_pipe_open(made, err);

    ends->fds[which] = made->write_fd;
    return status;
}

static int open_output(struct pfl_spawn_ends *ends, const struct pfl_launch_request *request,
                       struct pfl_err *err)
{
    const char *path = "/dev/null";

    switch (request->output_mode) {
    case PFL_OUTPUT_INHERIT: ends->fds[PFL_LAUNCHER_FD_OUTPUT] = STDOUT_FILENO; return PFL_OK;
    case PFL_OUTPUT_CAPTURE: return open_pipe(ends, PFL_LAUNCHER_FD_OUTPUT, &ends->output, err);
    case PFL_OUTPUT_FILE: path = request->output ? request->output : path; break;
    case PFL_OUTPUT_NULL: break;
    }
    return open_file(ends, PFL_LAUNCHER_FD_OUTPUT, path, O_WRONLY | O_CREAT | O_TRUNC, err);
}

/* A socket rather than a pipe: writing to one whose reader is gone raises no signal here. */
static int open_control(struct pfl_spawn_ends *ends, struct pfl_control *control,
                        struct pfl_err *err)
{
    int pair[2], ours;

    if (pfl_fault_io())
        return pfl_err_set_os(err, PFL_ESYSTEM, EIO, "making a socket to a measured program");
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return pfl_err_set_os(err, PFL_ESYSTEM, errno, "making a socket to a measured program");
    ours = pfl_pipe_move_up(pair[0], STDERR_FILENO + 1);
    ends->fds[PFL_LAUNCHER_FD_CONTROL] = pfl_pipe_move_up(pair[1], STDERR_FILENO + 1);
    if (ours >= 0)
        control->fd_plus_one = ours + 1;
    if (ours < 0 || ends->fds[PFL_LAUNCHER_FD_CONTROL] < 0)
        return pfl_err_set_os(err, PFL_ESYSTEM, errno, "making a socket to a measured program");
    return PFL_OK;
}

int pfl_spawn_ends_open(struct pfl_spawn_ends *ends, const struct pfl_launch_request *request,
                        struct pfl_err *err)
{
    int status = open_file(ends, PFL_LAUNCHER_FD_FOLDER, request->cwd ? request->cwd : ".",
                           O_PATH | O_DIRECTORY, err);

    if (status == PFL_OK)
        status = open_file(ends, PFL_LAUNCHER_FD_INPUT,
                           request->input ? request->input : "/dev/null", O_RDONLY, err);
    if (status == PFL_OK)
        status = open_output(ends, request, err);
    if (status == PFL_OK && request->inherit_stderr)
        ends->fds[PFL_LAUNCHER_FD_ERRORS] = STDERR_FILENO;
    else if (status == PFL_OK)
        status = open_pipe(ends, PFL_LAUNCHER_FD_ERRORS, &ends->errors, err);
    if (status == PFL_OK && request->wire)
        status = open_pipe(ends, PFL_LAUNCHER_FD_WIRE, &ends->wire, err);
    if (status == PFL_OK && request->wire && request->control)
        status = open_control(ends, request->control, err);
    if (status != PFL_OK)
        pfl_spawn_ends_close(ends, request);
    return status;
}

static void close_file(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void pfl_spawn_ends_sent(struct pfl_spawn_ends *ends, const struct pfl_launch_request *request)
{
    close_file(&ends->fds[PFL_LAUNCHER_FD_FOLDER]);
    close_file(&ends->fds[PFL_LAUNCHER_FD_INPUT]);
    close_file(&ends->fds[PFL_LAUNCHER_FD_CONTROL]);
    if (request->output_mode == PFL_OUTPUT_FILE || request->output_mode == PFL_OUTPUT_NULL)
        close_file(&ends->fds[PFL_LAUNCHER_FD_OUTPUT]);
    pfl_pipe_close_write(&ends->output);
    pfl_pipe_close_write(&ends->errors);
    pfl_pipe_close_write(&ends->wire);
}

void pfl_spawn_ends_close(struct pfl_spawn_ends *ends, const struct pfl_launch_request *request)
{
    pfl_spawn_ends_sent(ends, request);
    pfl_pipe_close(&ends->output);
    pfl_pipe_close(&ends->errors);
    pfl_pipe_close(&ends->wire);
    if (request->control)
        pfl_control_close(request->control);
}

void pfl_control_close(struct pfl_control *control)
{
    if (control->fd_plus_one > 0)
        close(control->fd_plus_one - 1);
    control->fd_plus_one = 0;
}

bool pfl_control_say(struct pfl_control *control, const char *bytes, size_t len)
{
    ssize_t n = -1;

    if (control->fd_plus_one <= 0)
        return false;
    do
        n = send(control->fd_plus_one - 1, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)len;
}
