/* What file.c and path.c share. */
#ifndef PFL_SYS_FILE_PRIVATE_H
#define PFL_SYS_FILE_PRIVATE_H

#include "base/alloc.h"
#include "base/err.h"

#include <errno.h>
#include <stdbool.h>

/* Asked before each system call that can be refused: true when a fault test wants it refused, errno
 * is then EIO. */
static inline bool pfl_file_fault(void)
{
    if (PFL_LIKELY(!pfl_fault_io()))
        return false;
    errno = EIO;
    return true;
}

/* "cannot DOING 'PATH': why"; PFL_ENOENT for a missing file, PFL_EFULL, PFL_EPERM, else PFL_EIO. */
int pfl_file_os_error(struct pfl_err *err, int os_errno, const char *doing, const char *path);

#endif
