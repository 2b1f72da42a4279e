/* The process's own working folder. */
#ifndef PFL_SYS_FOLDER_H
#define PFL_SYS_FOLDER_H

#include "base/arena.h"
#include "base/err.h"

int pfl_folder_change(const char *path, struct pfl_err *err); /* -C DIR */
int pfl_folder_current(struct pfl_arena *arena, const char **path, struct pfl_err *err);

#endif
