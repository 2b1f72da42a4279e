/*
 * What a program file says of itself without being run: the pitfalls that ruin numbers (no
 * optimisation, a sanitizer, coverage counters) leave traces in the file.
 *
 * Compiler, flags and optimisation come from DWARF (elf_dwarf.c); without it the .comment section
 * still names the compiler. Instrumentation shows in the symbols that the compiler makes every
 * instrumented object refer to. A weak reference is none: programs ask "is a sanitizer there?" that
 * way. A script names its interpreter and nothing more: whether python3 was built well is not the
 * measured program's business.
 *
 * The file may be anything and may be broken; libelf checks its bounds, and what it cannot make
 * sense of is "unknown".
 */
#include "sys/elf.h"

#include "sys/elf_private.h"
#include "sys/file_private.h"

#include <ctype.h>
#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct trace {
    const char *prefix;
    bool whole; /* the whole name, not only its beginning */
    size_t flag;
};

#define FLAG(name) offsetof(struct pfl_elf, name)
static const struct trace symbol_traces[] = {
    {"__asan_init", false, FLAG(asan)},         {"__hwasan_init", false, FLAG(asan)},
    {"__tsan_init", false, FLAG(tsan)},         {"__msan_init", false, FLAG(msan)},
    {"__ubsan_handle_", false, FLAG(ubsan)},    {"__gcov_", false, FLAG(coverage)},
    {"__llvm_profile_", false, FLAG(coverage)}, {"mcount", true, FLAG(profile)},
    {"_mcount", true, FLAG(profile)},           {"__mcount", true, FLAG(profile)},
    {"__fentry__", true, FLAG(profile)},        {"__cyg_profile_func_enter", true, FLAG(profile)},
};
static const struct trace section_traces[] = {
    {"__llvm_prf_cnts", true, FLAG(coverage)},
    {"__llvm_covmap", true, FLAG(coverage)},
};

static void note_traces(struct pfl_elf *elf, const char *name, const struct trace *traces, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (traces[i].whole ? strcmp(name, traces[i].prefix) == 0
                            : strncmp(name, traces[i].prefix, strlen(traces[i].prefix)) == 0)
            *(bool *)((char *)elf + traces[i].flag) = true;
}

/* Clang links its run-time library into the program, and that of the address sanitizer holds the
 * handlers of the undefined-behaviour one too: handlers defined inside only count when no other
 * sanitizer is there. */
static void read_symbols(Elf *file, Elf_Scn *section, const GElf_Shdr *header, struct pfl_elf *elf,
                         bool *handlers_inside)
{
    Elf_Data *data = elf_getdata(section, NULL);
    size_t n = data && header->sh_entsize > 0 ? data->d_size / header->sh_entsize : 0, i;

    for (i = 0; i < n && i < INT32_MAX; i++) {
        GElf_Sym symbol;
        const char *name;

        if (!gelf_getsym(data, (int)i, &symbol))
            return;
        if (symbol.st_shndx == SHN_UNDEF && GELF_ST_BIND(symbol.st_info) == STB_WEAK)
            continue;
        name = elf_strptr(file, header->sh_link, symbol.st_name);
        if (name && symbol.st_shndx != SHN_UNDEF && strncmp(name, "__ubsan_handle_", 15) == 0)
            *handlers_inside = true;
        else if (name && (name[0] == '_' || name[0] == 'm')) /* all traces begin so */
            note_traces(elf, name, symbol_traces, PFL_COUNT(symbol_traces));
    }
}

/* .comment holds one text for each compiler that took part. The C library's start files are always
 * there, by GCC mostly, and a linker may sign too: whatever else there is, is the program's. */
static const char *choose_comment(const Elf_Data *data, struct pfl_arena *arena)
{
    const char *text = data->d_buf, *chosen = NULL, *gcc = NULL;
    size_t at, len;

    for (at = 0; at < data->d_size; at += len + 1) {
        len = strnlen(text + at, data->d_size - at);
        if (len < 8 || len > 200 || strncmp(text + at, "Linker:", 7) == 0)
            continue;
        if (strncmp(text + at, "GCC:", 4) == 0)
            gcc = text + at;
        else
            chosen = text + at;
    }
    if (!chosen)
        chosen = gcc;
    if (!chosen)
        return pfl_arena_text(arena, "");
    return pfl_arena_text_n(arena, chosen, strnlen(chosen, data->d_size - (size_t)(chosen - text)));
}

static int read_sections(Elf *file, struct pfl_arena *arena, struct pfl_elf *elf,
                         struct pfl_err *err)
{
    bool handlers_inside = false;
    Elf_Scn *section = NULL;
    size_t names;

    if (elf_getshdrstrndx(file, &names) != 0)
        return PFL_OK; /* no sections */
    while ((section = elf_nextscn(file, section))) {
        GElf_Shdr header;
        const char *name;
        Elf_Data *data;

        if (!gelf_getshdr(section, &header) || !(name = elf_strptr(file, names, header.sh_name)))
            continue;
        note_traces(elf, name, section_traces, PFL_COUNT(section_traces));
        if (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_DYNSYM)
            read_symbols(file, section, &header, elf, &handlers_inside);
        else if (strcmp(name, ".comment") == 0 && (data = elf_rawdata(section, NULL)) &&
                 data->d_buf && !(elf->compiler = choose_comment(data, arena)))
            return pfl_err_no_memory(err);
    }
    if (handlers_inside && !elf->asan && !elf->tsan && !elf->msan)
        elf->ubsan = true;
    return PFL_OK;
}

static int read_build_id(Elf *file, struct pfl_arena *arena, struct pfl_elf *elf,
                         struct pfl_err *err)
{
    const void *bytes;
    ssize_t len = dwelf_elf_gnu_build_id(file, &bytes), i;
    char *hex;

    if (len <= 0 || len > 64)
        return PFL_OK;
    hex = pfl_arena_alloc(arena, (size_t)len * 2 + 1);
    if (!hex)
        return pfl_err_no_memory(err);
    for (i = 0; i < len; i++)
        snprintf(hex + 2 * i, 3, "%02x", ((const unsigned char *)bytes)[i]);
    elf->build_id = hex;
    return PFL_OK;
}

/* "#! /usr/bin/env python3" → "/usr/bin/env python3". */
static int read_script(const char *head, size_t len, struct pfl_arena *arena, struct pfl_elf *elf,
                       struct pfl_err *err)
{
    size_t from = 2, to;

    while (from < len && isblank((unsigned char)head[from]))
        from++;
    for (to = from; to < len && head[to] != '\n' && head[to] != 0; to++)
        ;
    while (to > from && isspace((unsigned char)head[to - 1]))
        to--;
    elf->is_script = true;
    elf->interpreter = pfl_arena_text_n(arena, head + from, to - from);
    return elf->interpreter ? PFL_OK : pfl_err_no_memory(err);
}

/* A file that is open for looking at. `file` is NULL when it is no ELF object. */
struct opened {
    int fd;
    Elf *file;
    char head[256];
    size_t head_len;
    struct stat st;
};

static int open_program(const char *path, struct opened *program, struct pfl_err *err)
{
    ssize_t got;

    *program = (struct opened){.fd = -1};
    program->fd = pfl_file_fault() ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (program->fd < 0)
        return pfl_file_os_error(err, errno, "inspect", path);
    if (fstat(program->fd, &program->st) != 0 || !S_ISREG(program->st.st_mode))
        return PFL_OK; /* a folder, a device: no program */
    got = pfl_file_fault() ? -1 : pread(program->fd, program->head, sizeof program->head, 0);
    if (got < 0) {
        int why = errno;

        close(program->fd);
        return pfl_file_os_error(err, why, "read", path);
    }
    program->head_len = (size_t)got;
    if (got < SELFMAG || memcmp(program->head, ELFMAG, SELFMAG) != 0)
        return PFL_OK;
    elf_version(EV_CURRENT);
    program->file = elf_begin(program->fd, ELF_C_READ_MMAP, NULL);
    return PFL_OK;
}

static void close_program(struct opened *program)
{
    elf_end(program->file);
    close(program->fd);
}

int pfl_elf_inspect(const char *path, struct pfl_arena *arena, struct pfl_elf *elf,
                    struct pfl_err *err)
{
    struct pfl_elf found = {.interpreter = "", .compiler = "", .flags = "", .build_id = ""};
    struct opened program;
    int rc;

    rc = open_program(path, &program, err);
    if (rc < 0)
        return rc;
    found.size = program.st.st_size;
    found.modified_ns =
        (int64_t)program.st.st_mtim.tv_sec * 1000000000 + program.st.st_mtim.tv_nsec;
    if (program.file && elf_kind(program.file) == ELF_K_ELF) {
        found.is_elf = true;
        rc = read_sections(program.file, arena, &found, err);
        if (rc == PFL_OK)
            rc = read_build_id(program.file, arena, &found, err);
        if (rc == PFL_OK)
            rc = pfl_elf_from_dwarf(program.file, arena, &found, err);
    } else if (program.head_len > 2 && memcmp(program.head, "#!", 2) == 0) {
        rc = read_script(program.head, program.head_len, arena, &found, err);
    }
    close_program(&program);
    if (rc == PFL_OK)
        *elf = found;
    return rc;
}

int pfl_elf_newest_source(const char *path, struct pfl_arena *arena, int64_t *modified_ns,
                          const char **source, struct pfl_err *err)
{
    struct opened program;
    const char *newest = "";
    int64_t at = 0;
    int rc;

    rc = open_program(path, &program, err);
    if (rc < 0)
        return rc;
    if (program.file && elf_kind(program.file) == ELF_K_ELF)
        rc = pfl_elf_sources(program.file, arena, &at, &newest, err);
    close_program(&program);
    if (rc == PFL_OK) {
        *modified_ns = at;
        *source = newest;
    }
    return rc;
}
