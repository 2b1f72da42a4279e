/* Where we are: asked once per command, changed only by -C. */
#include "sys/folder.h"

#include "base/alloc.h"

#include <errno.h>
#include <limits.h>
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
