/* What the measured binary says of itself: compiler, optimisation, instrumentation. */
#ifndef PFL_SYS_ELF_H
#define PFL_SYS_ELF_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum pfl_elf_optimised { PFL_ELF_UNKNOWN, PFL_ELF_OPTIMISED, PFL_ELF_UNOPTIMISED };

struct pfl_elf {
    bool is_elf;
    bool is_script; /* #! : `interpreter` is set and was followed for nothing else */
    const char *interpreter;
    const char *compiler; /* "GNU C17 12.2.0" from DW_AT_producer, else .comment; "" unknown */
    const char *flags;    /* "-O2 -march=x86-64" from the producer; "" */
    enum pfl_elf_optimised
        optimised; /* by the producers of the program's own units (most of its code) */
    bool asan, tsan, ubsan, msan, coverage, profile; /* instrumentation found (symbols, sections) */
    int64_t modified_ns, size;
    const char *build_id; /* hex; "" */
};
/* PFL_ENOENT when the file is not there; a file that is no ELF is fine (is_elf false). */
int pfl_elf_inspect(const char *path, struct pfl_arena *arena, struct pfl_elf *elf,
                    struct pfl_err *err);

/* Newest modification among the source files DWARF names that exist; 0 = unknown. *path: that file.
 */
int pfl_elf_newest_source(const char *path, struct pfl_arena *arena, int64_t *modified_ns,
                          const char **source, struct pfl_err *err);

#endif
