/*
 * A function's machine code as a text that changes when the code does, and only then.
 *
 * objdump disassembles; what depends on where the linker put things is replaced:
 *     addresses of instructions                  gone; a label +0x1c: where something jumps to
 *     jmp 11f0 <kernel+0x50>                     jmp +0x50
 *     call 1030 <puts@plt>                       call puts
 *     mulsd 0xea0(%rip),%xmm1  # 2068 <tab+0x28> mulsd {0x3ff4000000000000}(%rip),%xmm1
 *     mov $0x402004,%edi  (not PIE)              mov $"too much",%edi
 *     nop, in all its spellings                  gone
 * Names come from the program's own symbol table (elf_names.c), because objdump's "nearest symbol"
 * is chance. Offsets within the function stay: they are the compiler's. This is exact for x86-64;
 * on machines that compose an address of page and offset (adrp), offsets of data remain in the
 * text.
 *
 * A program is disassembled once, not in each of ten launches: the text is kept in a folder of the
 * user's own, under a key of file (device, inode, size, time), function and this file's version.
 */
#include "internal.h"

#include "elf_names.h"
#include "sha256.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DISASSEMBLY_VERSION 1
#define DISASSEMBLY_EXE "/proc/self/exe"

struct disassembly {
    struct pfl_lib_elf elf;
    uint64_t begin, end; /* the function */
    bool *targets;       /* offset: something jumps there */
    FILE *out;
};

/* ---- operands ---- */

static bool disassembly_is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static bool disassembly_ends(const char *text, const char *with)
{
    size_t len = strlen(text), tail = strlen(with);

    return len >= tail && strcmp(text + len - tail, with) == 0;
}

/* How many bytes an instruction reads at a place that it names; 0: it takes its address. */
static size_t disassembly_width(const char *mnemonic, const char *operands)
{
    if (strncmp(mnemonic, "lea", 3) == 0)
        return 0;
    if (disassembly_ends(mnemonic, "ss") || disassembly_ends(mnemonic, "broadcastd") ||
        strcmp(mnemonic, "movd") == 0 || strcmp(mnemonic, "flds") == 0)
        return 4;
    if (disassembly_ends(mnemonic, "sd") || disassembly_ends(mnemonic, "broadcastq") ||
        strcmp(mnemonic, "movq") == 0 || strcmp(mnemonic, "fldl") == 0 ||
        disassembly_ends(mnemonic, "movddup"))
        return 8;
    if (strstr(operands, "%zmm"))
        return 64;
    if (strstr(operands, "%ymm"))
        return 32;
    if (strstr(operands, "%xmm"))
        return 16;
    return strstr(operands, "%e") ? 4 : strstr(operands, "%r") ? 8 : 1;
}

static void disassembly_name(struct disassembly *d, uint64_t address, size_t width, char *out,
                             size_t room)
{
    if (address >= d->begin && address < d->end) {
        d->targets[address - d->begin] = true;
        snprintf(out, room, "+0x%llx", (unsigned long long)(address - d->begin));
    } else if (!pfl_lib_elf_name(&d->elf, address, width, out, room)) {
        snprintf(out, room, "<?>");
    }
}

/* `1030 <puts@plt>`, at the end of the operands of a jump or a call → puts. false: it is none. */
static bool disassembly_target(struct disassembly *d, char *operands, char *out, size_t room)
{
    char *angle = strstr(operands, " <"), *end, *first = angle, *at;
    uint64_t address;

    if (!angle)
        return false;
    while (first > operands && isxdigit((unsigned char)first[-1]))
        first--;
    address = strtoull(first, &end, 16);
    if (first == angle || end != angle || (first > operands && disassembly_is_word(first[-1])))
        return false;
    *first = 0;
    at = strstr(angle + 2, "@plt");
    if (at && strncmp(angle + 2, "*ABS*", 5) != 0) {
        *at = 0;
        snprintf(out, room, "%s%s", operands, angle + 2);
    } else {
        char name[512];

        disassembly_name(d, address, 1, name, sizeof name);
        snprintf(out, room, "%s%s", operands, name);
    }
    return true;
}

/* `0xea0(%rip),%xmm1   # 2068 <…>` → NAME(%rip),%xmm1. */
static bool disassembly_relative(struct disassembly *d, const char *mnemonic, char *operands,
                                 char *out, size_t room)
{
    char *comment = strstr(operands, "# "), *base = strstr(operands, "(%rip)"), *first = base;
    char name[512];
    uint64_t address;

    if (!comment || !base)
        return false;
    address = strtoull(comment + 2, NULL, 16);
    while (comment > operands && isspace((unsigned char)comment[-1]))
        comment--;
    *comment = 0;
    while (first > operands && (disassembly_is_word(first[-1]) || first[-1] == '-'))
        first--;
    disassembly_name(d, address, disassembly_width(mnemonic, operands), name, sizeof name);
    *first = 0;
    snprintf(out, room, "%s%s%s", operands, name, base);
    return true;
}

/* In a program with fixed addresses any number may be one. */
static void disassembly_fixed(struct disassembly *d, const char *mnemonic, const char *operands,
                              char *out, size_t room)
{
    const char *from = operands, *at;
    size_t used = 0;
    char name[512], *end;

    out[0] = 0;
    for (at = operands; d->elf.fixed && (at = strstr(at, "0x")) != NULL; at = end) {
        const bool immediate = at > operands && at[-1] == '$';
        uint64_t value = strtoull(at + 2, &end, 16);

        if (end == at + 2 || (at > operands && (at[-1] == '-' || disassembly_is_word(at[-1])))) {
            end = (char *)at + 2;
            continue;
        }
        if (value >= d->begin && value < d->end)
            disassembly_name(d, value, 0, name, sizeof name);
        else if (!pfl_lib_elf_name(&d->elf, value,
                                   immediate ? 0 : disassembly_width(mnemonic, operands), name,
                                   sizeof name))
            continue;
        used += (size_t)snprintf(out + used, room - used, "%.*s%s", (int)(at - from), from, name);
        if (used >= room)
            return;
        from = end;
    }
    snprintf(out + used, room - used, "%s", from);
}

/* ---- lines ---- */

static bool disassembly_is_nop(const char *text)
{
    static const char *const whole[] = {"xchg   %ax,%ax", "xchg %ax,%ax", "int3"};
    size_t i;

    while (strncmp(text, "data16 ", 7) == 0 || strncmp(text, "cs ", 3) == 0)
        text += *text == 'd' ? 7 : 3;
    for (i = 0; i < sizeof whole / sizeof whole[0]; i++)
        if (strcmp(text, whole[i]) == 0)
            return true;
    return strncmp(text, "nop", 3) == 0;
}

static char *disassembly_trim(char *text)
{
    size_t len;

    while (isspace((unsigned char)*text))
        text++;
    for (len = strlen(text); len > 0 && isspace((unsigned char)text[len - 1]);)
        text[--len] = 0;
    return text;
}

/* One instruction, normalised. */
static void disassembly_rewrite(struct disassembly *d, char *text, char *out, size_t room)
{
    char mnemonic[64], rest[1024], *operands;
    size_t len = strcspn(text, " \t");

    snprintf(mnemonic, sizeof mnemonic, "%.*s", (int)(len < 60 ? len : 60), text);
    operands = disassembly_trim(text + len);
    if (*operands == 0)
        snprintf(out, room, "%s", mnemonic);
    else if (disassembly_relative(d, mnemonic, operands, rest, sizeof rest) ||
             disassembly_target(d, operands, rest, sizeof rest))
        snprintf(out, room, "%s %s", mnemonic, rest);
    else {
        disassembly_fixed(d, mnemonic, operands, rest, sizeof rest);
        snprintf(out, room, "%s %s", mnemonic, rest);
    }
}

/* `    11a0:	push   %rbp` → its offset and text. */
static bool disassembly_split(const struct disassembly *d, char *line, uint64_t *offset,
                              char **text)
{
    char *end;
    uint64_t address;

    if (*line != ' ')
        return false;
    address = strtoull(line, &end, 16);
    if (*end != ':' || address < d->begin || address >= d->end)
        return false;
    *offset = address - d->begin;
    *text = disassembly_trim(end + 1);
    return **text != 0;
}

/* Twice over the lines: the labels are known only after the first time. */
static size_t disassembly_pass(struct disassembly *d, const char *listing, bool write)
{
    char line[2048], rewritten[2048], *text;
    size_t n = 0;
    uint64_t offset;

    for (; *listing; listing += strcspn(listing, "\n"), listing += *listing == '\n') {
        snprintf(line, sizeof line, "%.*s", (int)strcspn(listing, "\n"), listing);
        if (!disassembly_split(d, line, &offset, &text))
            continue;
        n++;
        if (write && d->targets[offset])
            fprintf(d->out, "+0x%llx:\n", (unsigned long long)offset);
        if (disassembly_is_nop(text))
            continue;
        disassembly_rewrite(d, text, rewritten, sizeof rewritten);
        if (write)
            fprintf(d->out, "\t%s\n", rewritten);
    }
    return n;
}

/* ---- the program ---- */

static char *disassembly_list(const char *symbol)
{
    char *exe = pfl_lib_text("/proc/%ld/exe", (long)getpid());
    char *which = pfl_lib_text("--disassemble=%s", symbol);
    char program[] = "objdump", all[] = "-d", plain[] = "--no-show-raw-insn";
    char *argv[] = {program, all, plain, which, exe, NULL};
    struct pfl_lib_child child = {.argv = argv};
    bool started = pfl_lib_child_run(&child);

    if (!started)
        pfl_lib_warn("the machine code of %s is not recorded: objdump (of binutils) cannot be "
                     "started: %s",
                     symbol, strerror(errno));
    else if (child.status != 0)
        pfl_lib_warn("the machine code of %s is not recorded: objdump failed (%s %s)", symbol,
                     plain, which);
    if (!started || child.status != 0) {
        free(child.output);
        child.output = NULL;
    }
    free(exe);
    free(which);
    return child.output;
}

/* NULL: said why. */
static char *disassembly_of(struct disassembly *d, const char *symbol, size_t *len)
{
    char *listing, *text = NULL;
    int count = pfl_lib_elf_function(&d->elf, symbol, &d->begin, &d->end);

    if (count == 0) {
        pfl_lib_warn(
            "the machine code of %s is not recorded: this program has no function of that "
            "name (is it stripped, or was it inlined everywhere? "
            "__attribute__((noinline)) keeps it; C++ names are the mangled ones, such as _Z3hoti)",
            symbol);
        return NULL;
    }
    if (count > 1)
        pfl_lib_warn("this program has %d functions called %s: the first one is recorded", count,
                     symbol);
    listing = disassembly_list(symbol);
    if (!listing)
        return NULL;
    d->targets = pfl_lib_alloc(d->end - d->begin);
    memset(d->targets, 0, d->end - d->begin);
    d->out = open_memstream(&text, len);
    if (!d->out)
        pfl_lib_no_memory();
    fprintf(d->out, "%s:\n", symbol);
    if (disassembly_pass(d, listing, false) == 0)
        pfl_lib_warn("the machine code of %s is not recorded: objdump shows none", symbol);
    else
        disassembly_pass(d, listing, true);
    if (fclose(d->out) != 0)
        pfl_lib_no_memory();
    if (text[*len - 2] == ':') { /* nothing but the name */
        free(text);
        text = NULL;
    }
    free(d->targets);
    free(listing);
    return text;
}

/* Where the text is kept for this program and function. NULL: nowhere. */
static char *disassembly_kept(const char *symbol)
{
    struct stat about;
    char hex[65], *key, *name, *file;

    if (stat(DISASSEMBLY_EXE, &about) != 0)
        return NULL;
    key = pfl_lib_text("%d %llu %llu %lld %lld.%09ld %s", DISASSEMBLY_VERSION,
                       (unsigned long long)about.st_dev, (unsigned long long)about.st_ino,
                       (long long)about.st_size, (long long)about.st_mtim.tv_sec,
                       about.st_mtim.tv_nsec, symbol);
    pfl_lib_sha256_text(key, strlen(key), hex);
    name = pfl_lib_text("code-%.32s", hex);
    file = pfl_lib_artifact_file(name, true);
    free(key);
    free(name);
    return file;
}

static char *disassembly_make(const char *symbol, size_t *len)
{
    struct disassembly d = {0};
    char *text;

    if (!pfl_lib_elf_open(&d.elf, DISASSEMBLY_EXE)) {
        pfl_lib_warn("the machine code of %s is not recorded: this program's file cannot be read",
                     symbol);
        return NULL;
    }
    text = disassembly_of(&d, symbol, len);
    pfl_lib_elf_close(&d.elf);
    return text;
}

void pfl_artifact_function(struct pfl_bench *b, const char *symbol)
{
    char *file, *text = NULL, *name;
    size_t len;

    if (b && pfl_lib_in_loop()) {
        pfl_fail(b, "pfl_artifact_function() inside PFL_LOOP: it would be timed; call it before or "
                    "after");
        return;
    }
    if (!symbol || !*symbol) {
        pfl_lib_warn("pfl_artifact_function() needs the name of a function");
        return;
    }
    file = disassembly_kept(symbol);
    if (file)
        text = pfl_lib_file_read(file, &len);
    if (!text) {
        text = disassembly_make(symbol, &len);
        if (text && file)
            pfl_lib_file_write(file, text, len);
    }
    if (text) {
        name = pfl_lib_text("%s.s", symbol);
        pfl_artifact_bytes(b, name, text, len);
        free(name);
    }
    free(text);
    free(file);
}
