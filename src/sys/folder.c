/*
 * Where we are: asked once per command, changed only by -C. And folders for a moment: flat ones, so
 * that removing them cannot go astray, or held ones.
 *
 * A process that is killed leaves its folder behind. So a held one has a file in it that is locked;
 * the kernel drops the lock however the process ends, and the next one that makes such a folder
 * removes those whose lock can be had. In /tmp anybody may have put anything: what is no folder, or
 * has no such file, is left alone.
 */
#include "sys/folder.h"

#include "base/alloc.h"
#include "sys/file.h"
#include "sys/lock.h"
#include "sys/tree.h"
#include "sys/tty.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int pfl_folder_change(const char *path, struct pfl_err *err)
{
    if (pfl_fault_io() ? (errno = EIO, 1) : chdir(path) != 0)
        return pfl_err_set_os(err, errno == ENOENT || errno == ENOTDIR ? PFL_EUSAGE : PFL_ESYSTEM,
                              errno, "changing to the folder %s", path);
    return PFL_OK;
}

int pfl_folder_current(struct pfl_arena *arena, const char **path, struct pfl_err *err)
{
    char here[PATH_MAX];
    const char *copy;

    if (pfl_fault_io() ? (errno = EIO, 1) : !getcwd(here, sizeof here))
        return pfl_err_set_os(err, PFL_ESYSTEM, errno, "finding the current folder");
    copy = pfl_arena_text(arena, here);
    if (!copy)
        return pfl_err_no_memory(err);
    *path = copy;
    return PFL_OK;
}

int pfl_folder_temporary(const char *name, struct pfl_arena *arena, const char **path,
                         struct pfl_err *err)
{
    const char *parent = pfl_environment("TMPDIR");
    char *made;

    made = pfl_arena_format(arena, "%s/%s-XXXXXX", parent && *parent ? parent : "/tmp", name);
    if (!made)
        return pfl_err_no_memory(err);
    if (pfl_fault_io() ? (errno = EIO, 1) : !mkdtemp(made))
        return pfl_err_set_os(err, PFL_ESYSTEM, errno,
                              "making a folder %s-XXXXXX for temporary files in %s (TMPDIR says "
                              "where)",
                              name, parent && *parent ? parent : "/tmp");
    *path = made;
    return PFL_OK;
}

enum { HOLD_TRIES = 4 };
static const char lock_name[] = "lock";

static void remove_leftover(const char *folder, struct pfl_arena *arena)
{
    const char *lock = pfl_file_join(folder, lock_name, arena);
    int fd;

    if (!lock || pfl_file_is_link(folder) || pfl_file_is_link(lock) || !pfl_file_exists(lock) ||
        pfl_lock_try(lock, PFL_LOCK_EXCLUSIVE, &fd, NULL) != PFL_OK || fd < 0)
        return;
    pfl_tree_remove(folder, NULL);
    pfl_lock_close(fd);
}

static void remove_leftovers(const char *made, const char *name)
{
    struct pfl_arena arena;
    const char *parent, **names, *folder;
    size_t i, n = 0, len = strlen(name);

    pfl_arena_init(&arena);
    parent = pfl_file_folder_of(made, &arena);
    if (parent && pfl_file_list(parent, &arena, &names, &n, NULL) != PFL_OK)
        n = 0;
    for (i = 0; i < n; i++) {
        if (strncmp(names[i], name, len) != 0 || names[i][len] != '-')
            continue;
        folder = pfl_file_join(parent, names[i], &arena);
        if (folder)
            remove_leftover(folder, &arena);
    }
    pfl_arena_release(&arena);
}

/* Somebody who removes leftovers may take the file for one before it is locked: *fd is -1 then, and
 * the folder is gone. */
static int make_held(const char *name, struct pfl_arena *arena, const char **path, int *fd,
                     struct pfl_err *err)
{
    const char *lock;
    int rc = pfl_folder_temporary(name, arena, path, err);

    *fd = -1;
    if (rc != PFL_OK)
        return rc;
    lock = pfl_file_join(*path, lock_name, arena);
    rc = lock ? pfl_lock_try(lock, PFL_LOCK_EXCLUSIVE, fd, err) : pfl_err_no_memory(err);
    if (rc != PFL_OK || *fd < 0)
        pfl_folder_remove_temporary(*path);
    return rc;
}

int pfl_folder_temporary_held(const char *name, struct pfl_arena *arena, const char **path, int *fd,
                              struct pfl_err *err)
{
    const char *made = NULL;
    int rc = make_held(name, arena, &made, fd, err), tries;

    for (tries = 1; rc == PFL_OK && *fd < 0 && tries < HOLD_TRIES; tries++)
        rc = make_held(name, arena, &made, fd, err);
    if (rc != PFL_OK)
        return rc;
    if (*fd < 0)
        return pfl_err_set(err, PFL_EBUSY, "%s is removed again and again", made);
    remove_leftovers(made, name);
    *path = made;
    return PFL_OK;
}

void pfl_folder_remove_temporary(const char *path)
{
    struct pfl_arena arena;
    const char **names, *file;
    size_t i, n;

    pfl_arena_init(&arena);
    if (pfl_file_list(path, &arena, &names, &n, NULL) == PFL_OK)
        for (i = 0; i < n; i++) {
            file = pfl_file_join(path, names[i], &arena);
            if (file)
                unlink(file);
        }
    rmdir(path);
    pfl_arena_release(&arena);
}
