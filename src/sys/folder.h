/* The process's own working folder, and folders for what is needed for a moment. */
#ifndef PFL_SYS_FOLDER_H
#define PFL_SYS_FOLDER_H

#include "base/arena.h"
#include "base/err.h"

int pfl_folder_change(const char *path, struct pfl_err *err); /* -C DIR */
int pfl_folder_current(struct pfl_arena *arena, const char **path, struct pfl_err *err);

/* A new folder NAME-XXXXXX in $TMPDIR, else /tmp, for this user only. */
int pfl_folder_temporary(const char *name, struct pfl_arena *arena, const char **path,
                         struct pfl_err *err);
/* The same, and held: by *fd, which is open as long as the folder is needed (pfl_lock_close), in
 * whatever way the process ends. Folders of that name which nobody holds any more are removed. */
int pfl_folder_temporary_held(const char *name, struct pfl_arena *arena, const char **path, int *fd,
                              struct pfl_err *err);
/* The files in it, and it; what cannot be removed stays. */
void pfl_folder_remove_temporary(const char *path);

#endif
