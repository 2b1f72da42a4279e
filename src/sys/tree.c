/*
 * Trees of files that belong to somebody else's build: they may hold symbolic links to anywhere,
 * folders without write permission (caches of Go modules), files where folders are expected. What
 * is done here is done to the tree itself: no link in it is followed.
 *
 * Removing goes through descriptors (openat, unlinkat), the way rm(1) does, so that a folder which
 * is exchanged for a link meanwhile is not followed either. Descriptors held at a time: one per
 * level, so the depth has a limit.
 */
#include "sys/tree.h"

#include "base/hash.h"
#include "sys/file.h"
#include "sys/file_private.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024, MAX_DEPTH = 200 };

enum pfl_tree_kind pfl_tree_kind(const char *path)
{
    struct stat st;

    if (lstat(path, &st) != 0)
        return PFL_TREE_NOTHING;
    switch (st.st_mode & S_IFMT) {
    case S_IFREG: return st.st_mode & S_IXUSR ? PFL_TREE_PROGRAM : PFL_TREE_FILE;
    case S_IFLNK: return PFL_TREE_LINK;
    case S_IFDIR: return PFL_TREE_FOLDER;
    default: return PFL_TREE_OTHER;
    }
}

static int read_link(const char *path, char *target, size_t size, struct pfl_err *err)
{
    ssize_t len = pfl_file_fault() ? -1 : readlink(path, target, size - 1);

    if (len < 0)
        return pfl_file_os_error(err, errno, "read the link", path);
    target[len] = 0;
    return PFL_OK;
}

int pfl_tree_hash(const char *path, char hex[65], struct pfl_err *err)
{
    char target[PATH_MAX];
    int rc;

    if (pfl_tree_kind(path) != PFL_TREE_LINK)
        return pfl_file_hash(path, hex, NULL, err);
    rc = read_link(path, target, sizeof target, err);
    if (rc == PFL_OK)
        pfl_hash_text(target, strlen(target), hex);
    return rc;
}

bool pfl_tree_same(const char *a, const char *b)
{
    struct stat first, second;

    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

/* Removing */

static int remove_at(int folder, const char *name, int depth);

/* Everything in an open folder, which is closed; 0 or errno. */
static int empty(int fd, int depth)
{
    DIR *dir = fdopendir(fd);
    struct dirent *entry;
    int why = 0;

    if (!dir) {
        why = errno;
        close(fd);
        return why;
    }
    while (!why && (errno = 0, entry = readdir(dir)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            why = remove_at(dirfd(dir), entry->d_name, depth + 1);
    if (!why)
        why = errno;
    closedir(dir);
    return why;
}

/* Gives us a folder's rights. It is held by a descriptor meanwhile (which needs no right of its own
 * with O_PATH), so that what takes its name in between is not changed in its stead. */
static void permit(int folder, const char *name)
{
    char path[sizeof "/proc/self/fd/" + 3 * sizeof(int)];
    struct stat st;
    int fd = openat(folder, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0)
        return;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (fstat(fd, &st) == 0 && (st.st_mode & S_IRWXU) != S_IRWXU)
        (void)!chmod(path, (st.st_mode & 07777) | S_IRWXU);
    close(fd);
}

/* Opens a folder that shall be emptied; one that we may not read or change gets the permission. */
static int open_to_empty(int folder, const char *name)
{
    permit(folder, name);
    return openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* 0 or errno. */
static int remove_at(int folder, const char *name, int depth)
{
    int fd, why;

    if (pfl_file_fault())
        return errno;
    if (depth > MAX_DEPTH)
        return ELOOP;
    if (unlinkat(folder, name, 0) == 0 || errno == ENOENT || errno == ENOTDIR)
        return 0;
    if (errno != EISDIR && errno != EPERM)
        return errno;
    fd = open_to_empty(folder, name);
    if (fd < 0)
        return errno == ENOENT ? 0 : errno;
    why = empty(fd, depth);
    if (!why && unlinkat(folder, name, AT_REMOVEDIR) != 0 && errno != ENOENT)
        why = errno;
    return why;
}

int pfl_tree_remove(const char *path, struct pfl_err *err)
{
    int why = remove_at(AT_FDCWD, path, 0);

    return why ? pfl_file_os_error(err, why, "remove", path) : PFL_OK;
}

int pfl_tree_remove_below(const char *top, const char *name, struct pfl_err *err)
{
    size_t start = strlen(top) + 1, size = start + strlen(name) + 1;
    char *path = pfl_alloc(size), *slash;
    bool below = true;
    int rc = PFL_OK;

    if (!path)
        return pfl_err_no_memory(err);
    snprintf(path, size, "%s/%s", top, name);
    for (slash = strchr(path + start, '/'); slash && below; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        below = pfl_tree_kind(path) == PFL_TREE_FOLDER;
        *slash = '/';
    }
    if (below)
        rc = pfl_tree_remove(path, err);
    pfl_free(path);
    return rc;
}

/* Copying */

static int copy_link(const char *from, const char *to, struct pfl_err *err)
{
    char target[PATH_MAX];
    int rc = read_link(from, target, sizeof target, err);

    if (rc == PFL_OK && (pfl_file_fault() || symlink(target, to) != 0))
        rc = pfl_file_os_error(err, errno, "make the link", to);
    return rc;
}

static int pour(struct pfl_file *source, int fd, struct pfl_err *err)
{
    char *chunk = pfl_alloc(CHUNK);
    long got = chunk ? 1 : pfl_err_no_memory(err);

    while (got > 0) {
        got = pfl_file_read_some(source, chunk, CHUNK, err);
        if (got > 0) {
            int rc = pfl_file_write_fd(fd, chunk, (size_t)got, err);

            got = rc == PFL_OK ? got : rc;
        }
    }
    pfl_free(chunk);
    return (int)got;
}

static int copy_file(const char *from, const char *to, struct pfl_err *err)
{
    struct pfl_file source;
    struct stat st;
    int fd, rc = pfl_file_open(from, &source, err);

    if (rc != PFL_OK)
        return rc;
    fd = pfl_file_fault() ? -1
                          : open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        rc = pfl_file_os_error(err, errno, "make", to);
    else
        rc = pour(&source, fd, err);
    if (rc == PFL_OK && (fstat(source.fd, &st) != 0 || fchmod(fd, st.st_mode & 0777) != 0))
        rc = pfl_file_os_error(err, errno, "give its permissions to", to);
    if (fd >= 0 && close(fd) != 0 && rc == PFL_OK)
        rc = pfl_file_os_error(err, errno, "write", to);
    pfl_file_close(&source);
    return rc;
}

/* The folders of `path` behind its first `start` bytes, made; what is there and no folder goes. */
static int make_way(char *path, size_t start, struct pfl_err *err)
{
    char *slash;
    int rc = PFL_OK;

    for (slash = strchr(path + start, '/'); slash && rc == PFL_OK; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (pfl_tree_kind(path) != PFL_TREE_FOLDER) {
            rc = pfl_tree_remove(path, err);
            if (rc == PFL_OK)
                rc = pfl_file_make_folders(path, err);
        }
        *slash = '/';
    }
    return rc;
}

int pfl_tree_copy(const char *from, const char *top, const char *name, struct pfl_err *err)
{
    size_t start = strlen(top) + 1, size = start + strlen(name) + 1;
    char *to = pfl_alloc(size);
    int rc;

    if (!to)
        return pfl_err_no_memory(err);
    snprintf(to, size, "%s/%s", top, name);
    rc = make_way(to, start, err);
    if (rc == PFL_OK)
        rc = pfl_tree_remove(to, err);
    if (rc == PFL_OK)
        rc = pfl_tree_kind(from) == PFL_TREE_LINK ? copy_link(from, to, err)
                                                  : copy_file(from, to, err);
    pfl_free(to);
    return rc;
}
