/*
 * Names of files: what exists, what a folder holds, how paths are joined and found.
 *
 * Paths are normalised as text: "a/../b" becomes "b" without asking whether a is a symbolic link.
 * That is what a person who types such a path expects (the shell's `cd` does the same), needs no
 * file to exist, and gives the same name for the same words on every machine. Where the kernel's
 * view matters, the path is handed to it as it was given.
 */
#include "sys/file.h"

#include "base/vec.h"
#include "sys/file_private.h"
#include "sys/tty.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

bool pfl_file_exists(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0;
}

bool pfl_file_same_device(const char *path, const char *other)
{
    struct stat st[2];

    return stat(path, &st[0]) == 0 && stat(other, &st[1]) == 0 && st[0].st_dev == st[1].st_dev;
}

bool pfl_file_is_link(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

bool pfl_file_is_regular(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

const char *pfl_file_real(const char *path, struct pfl_arena *arena)
{
    char real[PATH_MAX];

    return realpath(path, real) ? pfl_arena_text(arena, real) : NULL;
}

bool pfl_file_is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

const char *pfl_file_special(const char *path)
{
    struct stat st;

    if (stat(path, &st) != 0 || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))
        return NULL;
    return S_ISFIFO(st.st_mode) ? "a pipe" : S_ISSOCK(st.st_mode) ? "a socket" : "a device";
}

bool pfl_file_writable(const char *path)
{
    return faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0;
}

int pfl_file_stat(const char *path, int64_t *size, int64_t *modified_ns, struct pfl_err *err)
{
    struct stat st;

    if (pfl_file_fault() || stat(path, &st) != 0)
        return pfl_file_os_error(err, errno, "look at", path);
    if (size)
        *size = st.st_size;
    if (modified_ns)
        *modified_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
    return PFL_OK;
}

int pfl_file_room(const char *path, int64_t *bytes, struct pfl_err *err)
{
    struct statvfs fs;

    if (pfl_file_fault() || statvfs(path, &fs) != 0)
        return pfl_file_os_error(err, errno, "look for room beside", path);
    *bytes = fs.f_bavail < (fsblkcnt_t)INT64_MAX / fs.f_frsize
                 ? (int64_t)(fs.f_bavail * fs.f_frsize)
                 : INT64_MAX;
    return PFL_OK;
}

/* One folder of the chain; one that is there already (or was made by somebody else meanwhile) is
 * fine. */
static int make_one(const char *path, struct pfl_err *err)
{
    int why;

    if (!pfl_file_fault() && mkdir(path, 0777) == 0)
        return PFL_OK;
    why = errno;
    if (why == EEXIST && pfl_file_is_folder(path))
        return PFL_OK;
    if (why == EEXIST)
        return pfl_err_set(err, PFL_EINVAL, "cannot make the folder '%s': a file has this name",
                           path);
    return pfl_file_os_error(err, why, "make the folder", path);
}

int pfl_file_make_folders(const char *path, struct pfl_err *err)
{
    char *copy, *slash;
    int rc = PFL_OK;

    if (pfl_file_is_folder(path))
        return PFL_OK;
    copy = pfl_alloc_text(path);
    if (!copy)
        return pfl_err_no_memory(err);
    for (slash = strchr(copy + (copy[0] == '/'), '/'); slash && rc == PFL_OK;
         slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (!pfl_file_is_folder(copy)) /* mkdir of "/proc" may say EROFS or EACCES, not EEXIST */
            rc = make_one(copy, err);
        *slash = '/';
    }
    if (rc == PFL_OK)
        rc = make_one(copy, err);
    pfl_free(copy);
    return rc;
}

PFL_VEC(name_vec, const char *);

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int collect(DIR *dir, const char *folder, struct pfl_arena *arena, struct name_vec *found,
                   struct pfl_err *err)
{
    struct dirent *entry;

    for (;;) {
        errno = 0;
        entry = pfl_file_fault() ? NULL : readdir(dir);
        if (!entry)
            return errno ? pfl_file_os_error(err, errno, "list the folder", folder) : PFL_OK;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        const char *name = pfl_arena_text(arena, entry->d_name);
        if (!name || !pfl_vec_push(found, &name))
            return pfl_err_no_memory(err);
    }
}

int pfl_file_list(const char *folder, struct pfl_arena *arena, const char ***names, size_t *n,
                  struct pfl_err *err)
{
    struct name_vec found = {0};
    const char **copy;
    DIR *dir;
    int rc;

    dir = pfl_file_fault() ? NULL : opendir(folder);
    if (!dir)
        return pfl_file_os_error(err, errno, "list the folder", folder);
    rc = collect(dir, folder, arena, &found, err);
    closedir(dir);
    if (rc == PFL_OK) {
        if (found.n > 1)
            qsort(found.at, found.n, sizeof *found.at, compare_names);
        copy = pfl_arena_array(arena, found.n + 1, sizeof *copy);
        if (copy) {
            if (found.n > 0)
                memcpy(copy, found.at, found.n * sizeof *copy);
            *names = copy;
            *n = found.n;
        } else {
            rc = pfl_err_no_memory(err);
        }
    }
    pfl_vec_release(&found);
    return rc;
}

/* Takes "." , ".." and doubled slashes out of an absolute path, in place. */
static void normalise(char *path)
{
    char *from = path, *to = path;

    while (*from) {
        size_t len;

        from += strspn(from, "/");
        len = strcspn(from, "/");
        if (len == 2 && from[0] == '.' && from[1] == '.') {
            while (to > path && *--to != '/')
                ;
        } else if (len > 0 && !(len == 1 && from[0] == '.')) {
            *to++ = '/';
            memmove(to, from, len);
            to += len;
        }
        from += len;
    }
    if (to == path)
        *to++ = '/';
    *to = 0;
}

const char *pfl_file_join(const char *folder, const char *name, struct pfl_arena *arena)
{
    size_t len = strlen(folder);

    if (name[0] == '/' || len == 0)
        return pfl_arena_text(arena, name);
    if (name[0] == 0)
        return pfl_arena_text(arena, folder);
    return pfl_arena_format(arena, "%s%s%s", folder, folder[len - 1] == '/' ? "" : "/", name);
}

const char *pfl_file_absolute(const char *base, const char *path, struct pfl_arena *arena)
{
    char room[PATH_MAX], *cwd = NULL, *whole;

    if (path[0] != '/' && (!base || base[0] != '/')) {
        cwd = pfl_file_fault() ? NULL : getcwd(room, sizeof room);
        if (!cwd)
            return NULL;
    }
    if (path[0] == '/')
        whole = pfl_arena_text(arena, path);
    else if (cwd && base)
        whole = pfl_arena_format(arena, "%s/%s/%s", cwd, base, path);
    else
        whole = pfl_arena_format(arena, "%s/%s", cwd ? cwd : base, path);
    if (whole)
        normalise(whole);
    return whole;
}

const char *pfl_file_folder_of(const char *path, struct pfl_arena *arena)
{
    size_t len = strlen(path);

    while (len > 1 && path[len - 1] == '/') /* "a/b/" is in "a" */
        len--;
    while (len > 0 && path[len - 1] != '/')
        len--;
    if (len == 0)
        return pfl_arena_text(arena, ".");
    while (len > 1 && path[len - 1] == '/')
        len--;
    return pfl_arena_text_n(arena, path, len);
}

const char *pfl_file_find_up(const char *from, const char *name, struct pfl_arena *arena)
{
    const char *folder = pfl_file_absolute(NULL, from, arena);

    while (folder) {
        const char *path = pfl_file_join(folder, name, arena);

        if (!path)
            return NULL;
        if (pfl_file_exists(path))
            return folder;
        if (strcmp(folder, "/") == 0)
            return NULL;
        folder = pfl_file_folder_of(folder, arena);
    }
    return NULL;
}

static bool is_program(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* execvp(3)'s rules: an empty element of PATH is the working folder. */
const char *pfl_file_which(const char *word, const char *cwd, struct pfl_arena *arena)
{
    const char *path = pfl_environment("PATH"), *end;

    if (strchr(word, '/')) {
        const char *found = cwd ? pfl_file_join(cwd, word, arena) : pfl_arena_text(arena, word);

        return found && is_program(found) ? found : NULL;
    }
    if (word[0] == 0)
        return NULL;
    for (path = path ? path : "/bin:/usr/bin"; path; path = *end ? end + 1 : NULL) {
        const char *folder, *found;

        end = path + strcspn(path, ":");
        folder = end == path ? pfl_arena_text(arena, ".")
                             : pfl_arena_text_n(arena, path, (size_t)(end - path));
        if (folder && cwd)
            folder = pfl_file_join(cwd, folder, arena);
        found = folder ? pfl_file_join(folder, word, arena) : NULL;
        if (!found || is_program(found))
            return found;
    }
    return NULL;
}
