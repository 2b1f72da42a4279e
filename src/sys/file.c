/*
 * Whole reads, streaming reads and durable writes.
 *
 * A write never shows half a file, whatever happens: the bytes go to a temporary file beside the
 * target, are fsync'ed, take the target's name by rename(2), and the folder is fsync'ed so that the
 * new name survives a power cut too. Every failure up to the rename (a full disk mostly) removes
 * the temporary file and leaves the old one as it was. The folder is opened before the rename, so
 * that after it only one fsync is left to fail.
 *
 * Things that follow from renaming: a symbolic link is followed first (else the link would be
 * replaced by a file), the old file's permission bits are carried over, and what is no regular file
 * (/dev/stdout, a FIFO) is written in place. "Must not exist yet" is asked of the kernel in the
 * same step (RENAME_NOREPLACE, or link(2) on file systems without it): two writers cannot both win.
 *
 * Reading refuses folders by name; the bare EISDIR of read(2) would come too late for a good
 * message.
 */
#include "sys/file.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "sys/file_private.h"
#include "sys/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024, NAME_TRIES = 100 };

int pfl_file_os_error(struct pfl_err *err, int os_errno, const char *doing, const char *path)
{
    int code = os_errno == ENOENT || os_errno == ENOTDIR ? PFL_ENOENT : PFL_EIO;

    return pfl_err_set_os(err, code, os_errno, "cannot %s '%s'", doing, path);
}

/* Reading */

static int open_to_read(const char *path, int flags, struct pfl_file *file, struct pfl_err *err)
{
    struct stat st;
    int fd = pfl_file_fault() ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | flags);

    if (fd < 0)
        return pfl_file_os_error(err, errno, "open", path);
    if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode) && (flags || S_ISDIR(st.st_mode))) {
        close(fd);
        return pfl_err_set(err, PFL_EINVAL, "cannot read '%s': it is a %s, not a file", path,
                           S_ISDIR(st.st_mode) ? "folder" : "pipe, socket or device");
    }
    *file = (struct pfl_file){fd, path};
    return PFL_OK;
}

int pfl_file_open(const char *path, struct pfl_file *file, struct pfl_err *err)
{
    if (strcmp(path, "-") != 0)
        return open_to_read(path, 0, file, err);
    *file = (struct pfl_file){STDIN_FILENO, "standard input"};
    return PFL_OK;
}

/* Of a regular file reads are the same with O_NONBLOCK as without. */
int pfl_file_open_regular(const char *path, struct pfl_file *file, struct pfl_err *err)
{
    return open_to_read(path, O_NONBLOCK, file, err);
}

void pfl_file_close(struct pfl_file *file)
{
    if (!file || !file->path)
        return;
    if (file->fd > STDIN_FILENO)
        close(file->fd);
    *file = (struct pfl_file){-1, NULL};
}

long pfl_file_read_some(void *context, char *bytes, size_t size, struct pfl_err *err)
{
    struct pfl_file *file = context;
    ssize_t got;

    do {
        got = pfl_file_fault() ? -1 : read(file->fd, bytes, size < LONG_MAX ? size : LONG_MAX);
        if (got < 0 && errno == EINTR && pfl_signals_stop_asked())
            return pfl_err_set(err, PFL_EINTERRUPTED, "interrupted while reading %s", file->path);
    } while (got < 0 && errno == EINTR);
    return got < 0 ? pfl_file_os_error(err, errno, "read", file->path) : (long)got;
}

/* One chunk into buf: how many bytes, 0 at the end, or a negative code. */
static long read_chunk(struct pfl_file *file, struct pfl_buf *buf, struct pfl_err *err)
{
    size_t left = buf->max - buf->len, want = left < CHUNK ? left : CHUNK;
    char *room, one_more;
    long got;

    if (want == 0) {
        got = pfl_file_read_some(file, &one_more, 1, err);
        if (got > 0)
            return pfl_err_set(err, PFL_ELIMIT,
                               "'%s' is larger than the %zu bytes that are read of such a file",
                               file->path, buf->max);
        return got;
    }
    room = pfl_buf_room(buf, want);
    if (!room)
        return pfl_err_no_memory(err);
    got = pfl_file_read_some(file, room, want, err);
    pfl_buf_grew(buf, got > 0 ? (size_t)got : 0); /* even 0: it ends the text in the new room */
    return got;
}

int pfl_file_read(const char *path, struct pfl_buf *buf, struct pfl_err *err)
{
    struct pfl_file file = {-1, NULL};
    size_t before = buf->len;
    long got;
    int rc;

    if (buf->error)
        return pfl_buf_check(buf, err, "reading a file");
    rc = pfl_file_open(path, &file, err);
    if (rc != PFL_OK)
        return rc;
    do
        got = read_chunk(&file, buf, err);
    while (got > 0);
    pfl_file_close(&file);
    if (got < 0) {
        pfl_buf_truncate(buf, before);
        return (int)got;
    }
    return PFL_OK;
}

int pfl_file_hash(const char *path, char hex[65], int64_t *size, struct pfl_err *err)
{
    struct pfl_hash hash;
    struct pfl_file file = {-1, NULL};
    int64_t total = 0;
    char *chunk;
    long got;
    int rc;

    rc = pfl_file_open(path, &file, err);
    if (rc != PFL_OK)
        return rc;
    chunk = pfl_alloc(CHUNK);
    pfl_hash_init(&hash);
    while ((got = chunk ? pfl_file_read_some(&file, chunk, CHUNK, err) : pfl_err_no_memory(err)) >
           0) {
        pfl_hash_add(&hash, chunk, (size_t)got);
        total += got;
    }
    pfl_free(chunk);
    pfl_file_close(&file);
    if (got < 0)
        return (int)got;
    pfl_hash_end(&hash, hex);
    if (size)
        *size = total;
    return PFL_OK;
}

/* Writing */

/* 0 or errno. */
static int write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t wrote = pfl_file_fault() ? -1 : write(fd, bytes, len);

        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return errno;
        bytes += wrote;
        len -= (size_t)wrote;
    }
    return 0;
}

int pfl_file_write_fd(int fd, const void *bytes, size_t len, struct pfl_err *err)
{
    int why = write_all(fd, bytes, len);

    if (why == 0)
        return PFL_OK;
    if (fd == STDOUT_FILENO || fd == STDERR_FILENO)
        return pfl_err_set_os(err, PFL_EIO, why, "cannot write to standard %s",
                              fd == STDOUT_FILENO ? "output" : "error");
    return pfl_err_set_os(err, PFL_EIO, why, "cannot write to file descriptor %d", fd);
}

int pfl_file_append(const char *path, const void *bytes, size_t len, struct pfl_err *err)
{
    int fd = pfl_file_fault() ? -1 : open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    int why;

    if (fd < 0)
        return pfl_file_os_error(err, errno, "open", path);
    why = write_all(fd, bytes, len);
    if (close(fd) != 0 && why == 0)
        why = errno;
    return why ? pfl_file_os_error(err, why, "write", path) : PFL_OK;
}

/* A write under way. `final` is the path with symbolic links followed. */
struct replacement {
    const char *final;
    char *temporary, *folder;
    int fd, folder_fd;
    mode_t mode; /* of the old file; 0: there is none */
    pfl_file_fill_fn *fill;
    void *context;
    struct pfl_err *err;
    int rc; /* of fill; when it is not PFL_OK, err is its */
};

/* Bytes that are there already, as a filler. */
struct bytes {
    const void *at;
    size_t len;
};

static int fill_bytes(void *context, struct pfl_file_output *output, struct pfl_err *err)
{
    const struct bytes *bytes = context;

    return pfl_file_put(output, bytes->at, bytes->len, err);
}

static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder;

    if (!slash)
        return pfl_alloc_text(".");
    folder = pfl_alloc_text(path);
    if (folder)
        folder[slash == path ? 1 : slash - path] = 0;
    return folder;
}

/* Makes and opens the temporary file under a free name; 0 or errno. open(2) instead of mkstemp(3)
 * because it lets the umask decide the permissions of a new file. */
static int create_temporary(struct replacement *to)
{
    static atomic_uint counter;
    const char *slash = strrchr(to->final, '/');
    const char *name = slash ? slash + 1 : to->final;
    size_t size = strlen(to->folder) + 64;
    int tries, why = EEXIST;

    to->temporary = pfl_alloc(size);
    if (!to->temporary)
        return ENOMEM;
    for (tries = 0; tries < NAME_TRIES; tries++) {
        /* Cut, because a name has 255 bytes at most; no '/' is inserted where the folder is "/". */
        snprintf(to->temporary, size, "%s%s.%.24s.%x-%x~", to->folder,
                 strcmp(to->folder, "/") == 0 ? "" : "/", name, (unsigned)getpid(),
                 atomic_fetch_add(&counter, 1));
        to->fd = pfl_file_fault()
                     ? -1
                     : open(to->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                            to->mode ? 0600 : 0666);
        if (to->fd >= 0)
            return 0;
        why = errno;
        if (why != EEXIST)
            break;
    }
    pfl_free(to->temporary);
    to->temporary = NULL;
    return why;
}

/* Gives the temporary file the final name; 0 or errno. */
static int take_name(const struct replacement *to, bool exclusive)
{
    if (pfl_file_fault())
        return errno;
    if (!exclusive)
        return rename(to->temporary, to->final) == 0 ? 0 : errno;
    if (renameat2(AT_FDCWD, to->temporary, AT_FDCWD, to->final, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    if (link(to->temporary, to->final) != 0)
        return errno;
    unlink(to->temporary);
    return 0;
}

/* Some file systems do not sync folders (EINVAL): then there is nothing to be had. */
static int sync_folder(int folder_fd)
{
    if (folder_fd < 0)
        return 0;
    if (pfl_file_fault())
        return errno;
    return fsync(folder_fd) == 0 || errno == EINVAL || errno == ENOTSUP ? 0 : errno;
}

/* All steps up to the rename, in order; 0 or errno. The folder may be one that can be entered but
 * not read: then it cannot be synced, and that is no reason to refuse. */
static int fill_temporary(struct replacement *to)
{
    struct pfl_file_output output = {.path = to->final};
    int why = create_temporary(to);

    if (why)
        return why;
    to->folder_fd = open(to->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (to->mode && fchmod(to->fd, to->mode & 07777) != 0 && errno != EPERM)
        return errno;
    output.fd = to->fd;
    to->rc = to->fill(to->context, &output, to->err);
    if (to->rc != PFL_OK)
        return output.os_errno ? output.os_errno : ECANCELED;
    if (pfl_file_fault() || fsync(to->fd) != 0)
        return errno;
    why = close(to->fd) == 0 ? 0 : errno; /* network file systems report a full disk only here */
    to->fd = -1;
    return why;
}

static int replace(struct replacement *to, bool exclusive)
{
    int why;

    to->folder = folder_of(to->final);
    why = to->folder ? fill_temporary(to) : ENOMEM;
    if (!why && to->temporary)
        why = take_name(to, exclusive);
    if (why && to->temporary)
        unlink(to->temporary);
    if (!why)
        why = sync_folder(to->folder_fd);
    if (to->fd >= 0)
        close(to->fd);
    if (to->folder_fd >= 0)
        close(to->folder_fd);
    pfl_free(to->temporary);
    pfl_free(to->folder);
    return why;
}

/* A device, a FIFO: nothing to replace. */
static int write_in_place(const char *path, pfl_file_fill_fn *fill, void *context,
                          struct pfl_err *err)
{
    struct pfl_file_output output = {.path = path};
    int rc = PFL_OK;

    output.fd = pfl_file_fault() ? -1 : open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (output.fd < 0)
        output.os_errno = errno;
    else
        rc = fill(context, &output, err);
    if (output.fd >= 0 && close(output.fd) != 0 && rc == PFL_OK)
        output.os_errno = errno;
    return output.os_errno ? pfl_file_os_error(err, output.os_errno, "write", path) : rc;
}

static int write_refused(const char *path, int why, struct pfl_err *err)
{
    if (why == EEXIST)
        return pfl_err_set(err, PFL_EBUSY,
                           "cannot write '%s': it exists already and is not overwritten", path);
    if (why == ENOENT)
        return pfl_err_set(err, PFL_ENOENT, "cannot write '%s': its folder does not exist", path);
    return pfl_err_set_os(err, PFL_EIO, why,
                          "cannot write '%s' (what was there before is untouched)", path);
}

int pfl_file_put(struct pfl_file_output *output, const void *bytes, size_t len, struct pfl_err *err)
{
    int why = write_all(output->fd, bytes, len);

    if (why == 0)
        return PFL_OK;
    output->os_errno = why;
    return pfl_file_os_error(err, why, "write", output->path);
}

static int write_file(const char *path, struct replacement *to, bool exclusive, struct pfl_err *err)
{
    char followed[PATH_MAX];
    struct stat st;
    int why;

    to->final = path;
    to->err = err;
    if (stat(path, &st) == 0) {
        if (S_ISDIR(st.st_mode))
            return pfl_err_set(err, PFL_EINVAL, "cannot write '%s': it is a folder", path);
        if (!S_ISREG(st.st_mode))
            return write_in_place(path, to->fill, to->context, err);
        if (exclusive)
            return write_refused(path, EEXIST, err);
        to->mode = st.st_mode;
        to->final = realpath(path, followed);
        if (!to->final)
            return pfl_file_os_error(err, errno, "write", path);
    }
    why = replace(to, exclusive);
    if (why == ECANCELED && to->rc != PFL_OK)
        return to->rc;
    return why ? write_refused(path, why, err) : PFL_OK;
}

int pfl_file_write(const char *path, const void *bytes, size_t len, bool exclusive,
                   struct pfl_err *err)
{
    struct bytes all = {bytes, len};
    struct replacement to = {.fd = -1, .folder_fd = -1, .fill = fill_bytes, .context = &all};

    return write_file(path, &to, exclusive, err);
}

int pfl_file_write_filled(const char *path, pfl_file_fill_fn *fill, void *context,
                          struct pfl_err *err)
{
    struct replacement to = {.fd = -1, .folder_fd = -1, .fill = fill, .context = context};

    return write_file(path, &to, false, err);
}
