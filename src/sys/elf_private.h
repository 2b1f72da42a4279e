/* What elf.c needs of the DWARF side. */
#ifndef PFL_SYS_ELF_PRIVATE_H
#define PFL_SYS_ELF_PRIVATE_H

#include "sys/elf.h"

#include <elfutils/libdw.h>

/* Sets compiler, flags and optimised when the file has units of its own that say so; PFL_OK or
 * PFL_ENOMEM. */
int pfl_elf_from_dwarf(Elf *file, struct pfl_arena *arena, struct pfl_elf *elf,
                       struct pfl_err *err);

/* Newest existing source file; *modified_ns 0 when there is none. */
int pfl_elf_sources(Elf *file, struct pfl_arena *arena, int64_t *modified_ns, const char **newest,
                    struct pfl_err *err);

#endif
