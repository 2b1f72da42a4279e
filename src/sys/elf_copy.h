/* A program's file copied into memory, to be run from there: other pages each time. */
#ifndef PFL_SYS_ELF_COPY_H
#define PFL_SYS_ELF_COPY_H

#include <stdbool.h>
#include <stdint.h>

/* Zeroed storage is one that is not there. */
struct pfl_elf_copy {
    char path[48];       /* to be executed; as long as this process has it */
    const char *why_not; /* static: "it is a script"; NULL: there is a copy */
    int fd_plus_one;     /* private; 0: not open */
};
/* false: it has to run from its file, why_not says why. */
bool pfl_elf_copy(const char *path, struct pfl_elf_copy *copy);
/* Is that what this process runs, and not something else that it was told to start? */
bool pfl_elf_copy_runs(const struct pfl_elf_copy *copy, int pid);
void pfl_elf_copy_release(struct pfl_elf_copy *copy);

#endif
