/*
 * Names for addresses, from the program's own file: symbols, the relocations of the global offset
 * table, and for constants without a symbol (string literals, numbers the compiler put into memory)
 * their content. objdump names such a place by the nearest symbol before it, which changes with
 * whatever else is linked; and code whose constant changed has changed.
 *
 * Everything read from the file is checked to lie within it. Numbers that compilers hang onto local
 * names (counter.3, kernel.part.0) count the names of the source before them: they are taken off.
 */
#include "elf_names.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ELF_TEXT_SHOWN = 60 };

typedef ElfW(Ehdr) elf_header;
typedef ElfW(Shdr) elf_section;
typedef ElfW(Sym) elf_symbol;
typedef ElfW(Rela) elf_rela;

#if __SIZEOF_POINTER__ == 8
#define ELF_CLASS ELFCLASS64
#define ELF_RELA_SYMBOL(info) ELF64_R_SYM(info)
#else
#define ELF_CLASS ELFCLASS32
#define ELF_RELA_SYMBOL(info) ELF32_R_SYM(info)
#endif

static const void *elf_at(const struct pfl_lib_elf *elf, uint64_t offset, uint64_t size)
{
    return offset <= elf->size && size <= elf->size - offset ? elf->bytes + offset : NULL;
}

bool pfl_lib_elf_open(struct pfl_lib_elf *elf, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    const elf_header *header;
    struct stat about;
    void *bytes = MAP_FAILED;

    if (fd >= 0 && fstat(fd, &about) == 0 && about.st_size > 0)
        bytes = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (fd >= 0)
        close(fd);
    if (bytes == MAP_FAILED)
        return false;
    *elf = (struct pfl_lib_elf){.bytes = bytes, .size = (size_t)about.st_size};
    header = elf_at(elf, 0, sizeof *header);
    if (header && memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
        header->e_ident[EI_CLASS] == ELF_CLASS && header->e_shentsize == sizeof(elf_section)) {
        elf->fixed = header->e_type == ET_EXEC;
        return true;
    }
    pfl_lib_elf_close(elf);
    return false;
}

void pfl_lib_elf_close(struct pfl_lib_elf *elf)
{
    if (elf->bytes)
        munmap((void *)elf->bytes, elf->size);
    elf->bytes = NULL;
}

static const elf_section *elf_section_at(const struct pfl_lib_elf *elf, size_t index)
{
    const elf_header *header = (const void *)elf->bytes;

    if (index >= header->e_shnum)
        return NULL;
    return elf_at(elf, header->e_shoff + index * sizeof(elf_section), sizeof(elf_section));
}

static const elf_section *elf_section_of(const struct pfl_lib_elf *elf, unsigned type)
{
    const elf_section *section;
    size_t i;

    for (i = 0; (section = elf_section_at(elf, i)) != NULL; i++)
        if (section->sh_type == type)
            return section;
    return NULL;
}

/* A text of the string table with that section number. */
static const char *elf_text(const struct pfl_lib_elf *elf, size_t table, uint64_t offset)
{
    const elf_section *section = elf_section_at(elf, table);
    const char *text;

    if (!section || offset >= section->sh_size)
        return "";
    text = elf_at(elf, section->sh_offset + offset, section->sh_size - offset);
    return text && memchr(text, 0, section->sh_size - offset) ? text : "";
}

static const elf_symbol *elf_symbols(const struct pfl_lib_elf *elf, const elf_section *section,
                                     size_t *n)
{
    *n = section ? section->sh_size / sizeof(elf_symbol) : 0;
    return *n ? elf_at(elf, section->sh_offset, *n * sizeof(elf_symbol)) : NULL;
}

int pfl_lib_elf_function(const struct pfl_lib_elf *elf, const char *name, uint64_t *begin,
                         uint64_t *end)
{
    const elf_section *table = elf_section_of(elf, SHT_SYMTAB);
    const elf_symbol *symbols;
    uint64_t found = 0;
    size_t n, i;
    int count = 0;

    symbols = elf_symbols(elf, table, &n);
    for (i = 0; symbols && i < n; i++) {
        const unsigned type = symbols[i].st_info & 15;

        if ((type != STT_FUNC && type != STT_GNU_IFUNC) || symbols[i].st_size == 0 ||
            strcmp(elf_text(elf, table->sh_link, symbols[i].st_name), name) != 0)
            continue;
        if (count++ == 0 || symbols[i].st_value < found) {
            found = *begin = symbols[i].st_value;
            *end = found + symbols[i].st_size;
        }
    }
    return count;
}

/* The name without a version (@GLIBC_2.2.5) and without the compiler's numbers (.3). */
static int elf_name_length(const char *name)
{
    size_t len = strcspn(name, "@"), digits;

    for (;;) {
        for (digits = 0;
             digits < len && name[len - digits - 1] >= '0' && name[len - digits - 1] <= '9';)
            digits++;
        if (digits == 0 || digits + 1 >= len || name[len - digits - 1] != '.')
            return (int)len;
        len -= digits + 1;
    }
}

/* Of several names of one place: exported before local ones, then by the alphabet. */
static bool elf_is_better(const struct pfl_lib_elf *elf, const elf_section *table,
                          const elf_symbol *a, const elf_symbol *b)
{
    const bool local_a = a->st_info >> 4 == STB_LOCAL, local_b = b->st_info >> 4 == STB_LOCAL;

    if (a->st_value != b->st_value)
        return a->st_value > b->st_value;
    if (local_a != local_b)
        return local_b;
    return strcmp(elf_text(elf, table->sh_link, a->st_name),
                  elf_text(elf, table->sh_link, b->st_name)) < 0;
}

static bool elf_name_symbol(const struct pfl_lib_elf *elf, uint64_t address, char *out, size_t room)
{
    const elf_section *table = elf_section_of(elf, SHT_SYMTAB);
    const elf_symbol *symbols, *best = NULL;
    const char *name;
    size_t n, i;

    symbols = elf_symbols(elf, table, &n);
    for (i = 0; symbols && i < n; i++) {
        const elf_symbol *s = &symbols[i];
        const unsigned type = s->st_info & 15;

        if (type > STT_FUNC && type != STT_COMMON && type != STT_GNU_IFUNC)
            continue;
        if (s->st_shndx == SHN_UNDEF || s->st_shndx >= SHN_LORESERVE || address < s->st_value ||
            address - s->st_value >= s->st_size)
            continue;
        if (!best || elf_is_better(elf, table, s, best))
            best = s;
    }
    if (!best)
        return false;
    name = elf_text(elf, table->sh_link, best->st_name);
    if (address == best->st_value)
        snprintf(out, room, "%.*s", elf_name_length(name), name);
    else
        snprintf(out, room, "%.*s+0x%llx", elf_name_length(name), name,
                 (unsigned long long)(address - best->st_value));
    return true;
}

/* A place that the dynamic linker fills in. */
static bool elf_name_got(const struct pfl_lib_elf *elf, uint64_t address, char *out, size_t room)
{
    const elf_section *section, *names;
    const elf_rela *rela;
    const elf_symbol *symbols;
    size_t at, n, i, count;
    char target[256];

    for (at = 0; (section = elf_section_at(elf, at)) != NULL; at++) {
        if (section->sh_type != SHT_RELA)
            continue;
        n = section->sh_size / sizeof *rela;
        rela = elf_at(elf, section->sh_offset, n * sizeof *rela);
        names = elf_section_at(elf, section->sh_link);
        symbols = elf_symbols(elf, names, &count);
        for (i = 0; rela && i < n; i++) {
            const size_t symbol = ELF_RELA_SYMBOL(rela[i].r_info);

            if (rela[i].r_offset != address)
                continue;
            if (symbol == 0 && elf_name_symbol(elf, (uint64_t)rela[i].r_addend, target, 256)) {
                snprintf(out, room, "%s@got", target);
                return true;
            }
            if (symbol == 0 || !symbols || symbol >= count)
                return false;
            snprintf(out, room, "%s@got", elf_text(elf, names->sh_link, symbols[symbol].st_name));
            return true;
        }
    }
    return false;
}

static bool elf_quote(const unsigned char *bytes, size_t size, char *out, size_t room)
{
    size_t i, at = 0;

    if (room < 2 * ELF_TEXT_SHOWN + 3)
        return false;
    out[at++] = '"';
    for (i = 0; i < size && i < ELF_TEXT_SHOWN && bytes[i]; i++) {
        if (bytes[i] == '\n') {
            out[at++] = '\\';
            out[at++] = 'n';
        } else if (bytes[i] < ' ' || bytes[i] > '~') {
            return false;
        } else {
            out[at++] = (char)bytes[i];
        }
    }
    out[at++] = '"';
    out[at] = 0;
    return i > 0 && i < size;
}

/* A constant: its text or its value, lowest byte last. */
static bool elf_name_constant(const unsigned char *bytes, size_t size, size_t width, char *out,
                              size_t room)
{
    size_t i, at;

    if (width == 0)
        return elf_quote(bytes, size, out, room);
    if (width > size || room < 2 * width + 5)
        return false;
    at = (size_t)snprintf(out, room, "{0x");
    for (i = width; i-- > 0; at += 2)
        snprintf(out + at, room - at, "%02x", bytes[i]);
    snprintf(out + at, room - at, "}");
    return true;
}

static const elf_section *elf_section_around(const struct pfl_lib_elf *elf, uint64_t address)
{
    const elf_section *section;
    size_t i;

    for (i = 0; (section = elf_section_at(elf, i)) != NULL; i++)
        if ((section->sh_flags & SHF_ALLOC) && !(section->sh_flags & SHF_TLS) &&
            address >= section->sh_addr && address - section->sh_addr < section->sh_size)
            break;
    return section;
}

/* Of a table of jumps, where addresses are fixed: the value is the linker's. */
static bool elf_is_pointer(const struct pfl_lib_elf *elf, const unsigned char *bytes, size_t left,
                           size_t width)
{
    uintptr_t value;

    if (!elf->fixed || width != sizeof value || left < sizeof value)
        return false;
    memcpy(&value, bytes, sizeof value);
    return elf_section_around(elf, value) != NULL;
}

bool pfl_lib_elf_name(const struct pfl_lib_elf *elf, uint64_t address, size_t width, char *out,
                      size_t room)
{
    const elf_header *header = (const void *)elf->bytes;
    const elf_section *section = elf_section_around(elf, address);
    const unsigned char *bytes;
    size_t left;

    if (!section)
        return false;
    if (elf_name_symbol(elf, address, out, room) || elf_name_got(elf, address, out, room))
        return true;
    left = section->sh_size - (address - section->sh_addr);
    bytes = section->sh_type == SHT_PROGBITS && !(section->sh_flags & (SHF_WRITE | SHF_EXECINSTR))
                ? elf_at(elf, section->sh_offset + (address - section->sh_addr), left)
                : NULL;
    if (!bytes || elf_is_pointer(elf, bytes, left, width) ||
        !elf_name_constant(bytes, left, width, out, room))
        snprintf(out, room, "<%s>", elf_text(elf, header->e_shstrndx, section->sh_name));
    return true;
}
