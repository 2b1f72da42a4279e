/* Where we are: asked once per command, changed only by -C. And folders for a moment: flat ones, so
 * that removing them cannot go astray. */
#include "sys/folder.h"

#include "base/alloc.h"
#include "sys/file.h"
#include "sys/tty.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
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
