/* Which programs a project builds. Internal to project/. */
#ifndef PFL_PROJECT_INIT_PROGRAM_H
#define PFL_PROJECT_INIT_PROGRAM_H

#include "project/init.h"

/* Fills program, cargo_program, go_program, module, src_module and entry by kinds and name. */
int pfl_init_find_programs(const char *root, struct pfl_arena *arena, struct pfl_init_found *found,
                           struct pfl_err *err);

/* init.c: the text of a file in the root, NULL when it is not there; "" when it cannot be read. */
int pfl_init_read_text(const char *root, const char *name, struct pfl_arena *arena,
                       const char **text, struct pfl_err *err);

#endif
