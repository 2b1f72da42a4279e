/*
 * Was this program optimised, by what, from which files? DWARF knows, unit by unit; the program is
 * what most of its own units are. Units of the run-time (assembler, the C library's start files,
 * Rust's standard library) do not vote.
 *
 * A producer with flags decides by its last -O: GCC writes its flags unless told not to, so a list
 * without any -O means -O0; -Og is built for the debugger and counts as unoptimised. Clang, rustc
 * and others write no flags. Then the shape of the debug information decides, as optimisers cannot
 * help leaving marks:
 *   - LLVM flags functions as having all their calls described (DW_AT_call_all_calls, before DWARF
 * 5 the GNU attribute) only in optimised code; GCC does it also for leaves at -O0, so there it says
 * nothing;
 *   - a variable whose place changes (a location list), or that lives in a register, was optimised;
 *   - variables that all live in fixed stack slots, function after function, were not.
 * Without variables (-g1) nothing is claimed. Go names "-N" when its optimiser is off.
 *
 * Bounds: units, functions looked at in a unit and source files are limited, so that a browser's
 * binary takes as long as a compiler's, not a minute.
 */
#include "sys/elf_private.h"

#include "base/map.h"
#include "sys/file_private.h"

#include <dwarf.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_UNITS = 20000, MOST_FUNCTIONS = 100, MOST_PRODUCERS = 64, MOST_NESTING = 6 };
enum { MOST_SOURCES = 50000 };

/* Shape */

struct shape {
    int functions, in_stack;
    bool calls_tell, optimised;
};

static void look_at_variable(Dwarf_Die *die, struct shape *shape)
{
    Dwarf_Attribute location;
    Dwarf_Op *ops;
    size_t n;

    if (!dwarf_attr(die, DW_AT_location, &location))
        return;
    switch (dwarf_whatform(&location)) {
    case DW_FORM_sec_offset:
    case DW_FORM_loclistx:
    case DW_FORM_data4:
    case DW_FORM_data8: shape->optimised = true; return;
    default: break;
    }
    if (dwarf_getlocation(&location, &ops, &n) != 0 || n == 0)
        return;
    if (ops[0].atom == DW_OP_fbreg)
        shape->in_stack++;
    else if ((ops[0].atom >= DW_OP_reg0 && ops[0].atom <= DW_OP_reg31) || ops[0].atom == DW_OP_regx)
        shape->optimised = true;
}

static void look_at_function(Dwarf_Die *function, struct shape *shape)
{
    Dwarf_Die child;

    if (!dwarf_hasattr(function, DW_AT_low_pc) && !dwarf_hasattr(function, DW_AT_ranges))
        return; /* a declaration */
    shape->functions++;
    if (shape->calls_tell && (dwarf_hasattr(function, DW_AT_call_all_calls) ||
                              dwarf_hasattr(function, DW_AT_GNU_all_call_sites)))
        shape->optimised = true;
    if (shape->optimised || dwarf_child(function, &child) != 0)
        return;
    do {
        int tag = dwarf_tag(&child);

        if (tag == DW_TAG_formal_parameter || tag == DW_TAG_variable)
            look_at_variable(&child, shape);
    } while (!shape->optimised && dwarf_siblingof(&child, &child) == 0);
}

/* Functions of C++ and Rust lie in namespaces. Recursion is limited by MOST_NESTING. */
static void look_below(Dwarf_Die *die, int depth, struct shape *shape)
{
    Dwarf_Die child;

    if (depth > MOST_NESTING || dwarf_child(die, &child) != 0)
        return;
    do {
        switch (dwarf_tag(&child)) {
        case DW_TAG_subprogram: look_at_function(&child, shape); break;
        case DW_TAG_namespace:
        case DW_TAG_module:
        case DW_TAG_class_type:
        case DW_TAG_structure_type: look_below(&child, depth + 1, shape); break;
        default: break;
        }
    } while (!shape->optimised && shape->functions < MOST_FUNCTIONS &&
             dwarf_siblingof(&child, &child) == 0);
}

static enum pfl_elf_optimised by_shape(const char *producer, Dwarf_Die *unit)
{
    struct shape shape = {.calls_tell = strncmp(producer, "GNU ", 4) != 0};

    look_below(unit, 0, &shape);
    if (shape.optimised)
        return PFL_ELF_OPTIMISED;
    return shape.in_stack > 0 ? PFL_ELF_UNOPTIMISED : PFL_ELF_UNKNOWN;
}

/* Producers */

/* Where the flags begin in "GNU C17 12.2.0 -mtune=generic -O2"; the end when there are none. */
static const char *flags_in(const char *producer)
{
    const char *at;

    for (at = producer; *at; at++)
        if ((at[0] == ' ' && at[1] == '-') || (at[0] == ' ' && at[1] == '/') || at[0] == ';')
            break;
    return at;
}

/* The last -O of the flags: -O0 and -Og do not count as optimised. */
static enum pfl_elf_optimised by_flags(const char *flags)
{
    const char *last = NULL, *at;

    for (at = strstr(flags, "-O"); at; at = strstr(at + 1, "-O"))
        if (at == flags || at[-1] == ' ')
            last = at + 2;
    return !last || *last == '0' || *last == 'g' ? PFL_ELF_UNOPTIMISED : PFL_ELF_OPTIMISED;
}

static enum pfl_elf_optimised judge(const char *producer, Dwarf_Die *unit)
{
    const char *flags = flags_in(producer);

    if (strncmp(producer, "Go cmd/", 7) == 0)
        return strstr(flags, "-N") ? PFL_ELF_UNOPTIMISED : PFL_ELF_OPTIMISED;
    return strstr(flags, " -") ? by_flags(flags) : by_shape(producer, unit);
}

/* Units that were not written by the program's author. */
static bool is_runtime(const char *producer, const char *name, const char *folder)
{
    static const char *const starts[] = {"../sysdeps/", "../csu/", "csu/", "crt/"};
    static const char *const parts[] = {"/libsanitizer/", "/compiler-rt/", "/libgcc/", "/glibc-"};
    size_t i;

    if (strncmp(producer, "GNU AS", 6) == 0 || strncmp(folder, "/rustc/", 7) == 0)
        return true;
    for (i = 0; i < PFL_COUNT(starts); i++)
        if (strncmp(name, starts[i], strlen(starts[i])) == 0)
            return true;
    for (i = 0; i < PFL_COUNT(parts); i++)
        if (strstr(name, parts[i]) || strstr(folder, parts[i]))
            return true;
    return false;
}

static const char *text_of(Dwarf_Die *die, unsigned attribute)
{
    Dwarf_Attribute attr;
    const char *text = dwarf_formstring(dwarf_attr(die, attribute, &attr));

    return text ? text : "";
}

/* Goes to the next unit that was compiled: *die is its top. False at the end. */
static bool next_unit(Dwarf *dwarf, Dwarf_CU **at, Dwarf_Die *die, int *count)
{
    Dwarf_Half version;
    Dwarf_Die inner;
    uint8_t type;

    while ((*count)++ < MOST_UNITS &&
           dwarf_get_units(dwarf, *at, at, &version, &type, die, &inner) == 0) {
        if (type == DW_UT_skeleton && inner.addr) /* split DWARF: the rest is in a .dwo file */
            *die = inner;
        if (dwarf_tag(die) == DW_TAG_compile_unit)
            return true;
    }
    return false;
}

struct tally {
    struct {
        const char *producer; /* the library's memory */
        int units;
    } at[MOST_PRODUCERS];
    size_t n;
    int votes[3]; /* by enum pfl_elf_optimised */
};

static void count_producer(struct tally *tally, const char *producer)
{
    size_t i;

    for (i = 0; i < tally->n; i++)
        if (strcmp(tally->at[i].producer, producer) == 0) {
            tally->at[i].units++;
            return;
        }
    if (tally->n < MOST_PRODUCERS) {
        tally->at[tally->n].producer = producer;
        tally->at[tally->n++].units = 1;
    }
}

static void take_votes(Dwarf *dwarf, struct tally *tally)
{
    Dwarf_CU *at = NULL;
    Dwarf_Die unit;
    int count = 0;

    while (next_unit(dwarf, &at, &unit, &count)) {
        const char *producer = text_of(&unit, DW_AT_producer);
        Dwarf_Word language = 0;
        Dwarf_Attribute attr;

        dwarf_formudata(dwarf_attr(&unit, DW_AT_language, &attr), &language);
        if (!producer[0] || language == DW_LANG_Mips_Assembler ||
            is_runtime(producer, text_of(&unit, DW_AT_name), text_of(&unit, DW_AT_comp_dir)))
            continue;
        count_producer(tally, producer);
        tally->votes[judge(producer, &unit)]++;
    }
}

int pfl_elf_from_dwarf(Elf *file, struct pfl_arena *arena, struct pfl_elf *elf, struct pfl_err *err)
{
    Dwarf *dwarf = dwarf_begin_elf(file, DWARF_C_READ, NULL);
    struct tally tally = {0};
    const char *most, *flags = NULL, *compiler = NULL;
    size_t i, best = 0;

    if (!dwarf)
        return PFL_OK; /* built without -g */
    take_votes(dwarf, &tally);
    if (tally.n > 0) {
        for (i = 1; i < tally.n; i++)
            if (tally.at[i].units > tally.at[best].units)
                best = i;
        most = tally.at[best].producer;
        flags = flags_in(most);
        compiler = pfl_arena_text_n(arena, most, (size_t)(flags - most));
        flags = pfl_arena_text(arena, flags + strspn(flags, " ;"));
        if (compiler && flags) {
            elf->compiler = compiler;
            elf->flags = flags;
            if (tally.votes[PFL_ELF_OPTIMISED] + tally.votes[PFL_ELF_UNOPTIMISED] > 0)
                elf->optimised = tally.votes[PFL_ELF_OPTIMISED] > tally.votes[PFL_ELF_UNOPTIMISED]
                                     ? PFL_ELF_OPTIMISED
                                     : PFL_ELF_UNOPTIMISED;
        }
    }
    dwarf_end(dwarf);
    return tally.n > 0 && (!compiler || !flags) ? pfl_err_no_memory(err) : PFL_OK;
}

/* Sources */

struct newest {
    struct pfl_map seen;
    struct pfl_arena *arena;
    const char *path;
    int64_t modified_ns;
};

/* Headers of the system and of run-times change with updates, not with the program. */
static bool is_system_file(const char *path)
{
    static const char *const folders[] = {"/usr/include/",   "/usr/lib/", "/usr/local/include/",
                                          "/usr/local/lib/", "/rustc/",   "/nix/store/"};
    size_t i;

    for (i = 0; i < PFL_COUNT(folders); i++)
        if (strncmp(path, folders[i], strlen(folders[i])) == 0)
            return true;
    return path[0] == '<' || !path[0]; /* "<built-in>" */
}

static bool consider(struct newest *newest, const char *path)
{
    int64_t modified;
    struct stat st;
    char *copy;

    if (is_system_file(path) || pfl_map_get(&newest->seen, path))
        return true;
    copy = pfl_arena_text(newest->arena, path);
    if (!copy || !pfl_map_set(&newest->seen, copy, 1))
        return false;
    if (pfl_file_fault() || stat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return true;
    modified = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
    if (!newest->path || modified > newest->modified_ns) {
        newest->path = copy;
        newest->modified_ns = modified;
    }
    return true;
}

static bool consider_unit(struct newest *newest, Dwarf_Die *unit)
{
    Dwarf_Files *files;
    size_t n, i;

    if (dwarf_getsrcfiles(unit, &files, &n) != 0)
        return true;
    for (i = 0; i < n && newest->seen.n < MOST_SOURCES; i++) {
        const char *path = dwarf_filesrc(files, i, NULL, NULL);

        if (path && !consider(newest, path))
            return false;
    }
    return true;
}

int pfl_elf_sources(Elf *file, struct pfl_arena *arena, int64_t *modified_ns, const char **source,
                    struct pfl_err *err)
{
    Dwarf *dwarf = dwarf_begin_elf(file, DWARF_C_READ, NULL);
    struct newest newest = {.arena = arena};
    Dwarf_CU *at = NULL;
    Dwarf_Die unit;
    bool enough = true;
    int count = 0;

    if (!dwarf)
        return PFL_OK;
    pfl_map_init(&newest.seen);
    while (enough && next_unit(dwarf, &at, &unit, &count)) {
        const char *folder = text_of(&unit, DW_AT_comp_dir);

        if (!is_runtime(text_of(&unit, DW_AT_producer), text_of(&unit, DW_AT_name), folder))
            enough = consider_unit(&newest, &unit);
    }
    pfl_map_release(&newest.seen);
    dwarf_end(dwarf);
    if (!enough)
        return pfl_err_no_memory(err);
    if (newest.path) {
        *modified_ns = newest.modified_ns;
        *source = newest.path;
    }
    return PFL_OK;
}
