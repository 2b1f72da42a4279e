/* What an address of this program's file is called. */
#ifndef PFL_LIB_ELF_NAMES_H
#define PFL_LIB_ELF_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pfl_lib_elf {
    const unsigned char *bytes; /* mapped */
    size_t size;
    bool fixed; /* linked to fixed addresses: they stand in the code as they are */
};

/* false: it is no ELF file of this machine's kind. */
bool pfl_lib_elf_open(struct pfl_lib_elf *elf, const char *path);
void pfl_lib_elf_close(struct pfl_lib_elf *elf);

/* The function of that name; how many there are (of several, the first one). */
int pfl_lib_elf_function(const struct pfl_lib_elf *elf, const char *name, uint64_t *begin,
                         uint64_t *end);

/* The address as something that stays the same wherever the linker puts it:
 *     counter  table+0x8   a symbol and the place in it
 *     stdout@got           the linker's pointer to it
 *     "text"               of constants without a name: text (width 0, where it looks like one),
 *     {0x3ff4000000000000}   or so many bytes of it
 *     <.rodata>            else
 * false: it is no address of this program. */
bool pfl_lib_elf_name(const struct pfl_lib_elf *elf, uint64_t address, size_t width, char *out,
                      size_t room);

#endif
