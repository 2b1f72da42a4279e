/*
 * The pitfalls that ruin numbers before the first launch: measuring a debug build, an instrumented
 * one, or one that is older than the sources it is said to be made of.
 *
 * Enters a plan, leaves warnings on its items (each distinct executable is looked at once, however
 * many benchmarks run it) and the compiler for the run's environment. A program that is not there
 * yet is no problem of this file: `setup` may build it. What cannot be read is not warned about;
 * only what was seen.
 */
#include "measure/measure.h"

#include "base/map.h"
#include "base/text.h"
#include "base/units.h"
#include "base/vec.h"
#include "sys/elf.h"
#include "sys/file.h"

#include <string.h>

enum { COMPILERS_MAX = 3 };

PFL_VEC(warning_vec, const char *);

struct binary {
    const char **warnings;
    size_t warning_count;
};

PFL_VEC(binary_vec, struct binary);

struct inspector {
    struct pfl_arena *arena;
    struct pfl_err *err;
    struct pfl_map known; /* path → place in binaries */
    struct binary_vec binaries;
    struct pfl_map compilers; /* distinct texts */
};

static int add(struct inspector *in, struct warning_vec *warnings, const char *text)
{
    return text && pfl_vec_push(warnings, &text) ? PFL_OK : pfl_err_no_memory(in->err);
}

/* The last -O of the producer's flags is the one that counts. */
static const char *level_of(struct pfl_arena *arena, const char *flags)
{
    const char *at = flags, *found = NULL;

    while ((at = strstr(at, "-O"))) {
        if (at == flags || at[-1] == ' ')
            found = at;
        at += 2;
    }
    return found ? pfl_arena_text_n(arena, found, strcspn(found, " ")) : "";
}

static int note_compiler(struct inspector *in, const struct pfl_elf *elf)
{
    const char *level, *text;

    if (!elf->compiler || !*elf->compiler)
        return PFL_OK;
    level = level_of(in->arena, elf->flags ? elf->flags : "");
    text = level ? pfl_arena_format(in->arena, "%s%s%s", elf->compiler, *level ? " " : "", level)
                 : NULL;
    if (!text || !pfl_map_set(&in->compilers, text, 0))
        return pfl_err_no_memory(in->err);
    return PFL_OK;
}

static int check_optimised(struct inspector *in, const char *shown, const struct pfl_elf *elf,
                           struct warning_vec *warnings)
{
    if (elf->optimised != PFL_ELF_UNOPTIMISED)
        return PFL_OK;
    return add(in, warnings,
               pfl_arena_format(in->arena,
                                "%s was compiled without optimisation%s%s%s: its times say little "
                                "about a release; compile with -O2 (CMake: "
                                "-DCMAKE_BUILD_TYPE=Release)",
                                shown, *elf->compiler ? " (" : "", elf->compiler,
                                *elf->compiler ? ")" : ""));
}

static int check_instrumented(struct inspector *in, const char *shown, const struct pfl_elf *elf,
                              struct warning_vec *warnings)
{
    const struct {
        bool found;
        const char *with, *remedy;
    } kinds[] = {
        {elf->asan, "AddressSanitizer", "without -fsanitize=address"},
        {elf->tsan, "ThreadSanitizer", "without -fsanitize=thread"},
        {elf->msan, "MemorySanitizer", "without -fsanitize=memory"},
        {elf->ubsan, "UndefinedBehaviorSanitizer", "without -fsanitize=undefined"},
        {elf->coverage, "coverage counters", "without --coverage"},
        {elf->profile, "profiling hooks", "without -pg"},
    };
    size_t i;
    int rc = PFL_OK;

    for (i = 0; i < PFL_COUNT(kinds) && rc == PFL_OK; i++)
        if (kinds[i].found)
            rc = add(in, warnings,
                     pfl_arena_format(in->arena,
                                      "%s is built with %s, which costs time and memory of its "
                                      "own; measure a build %s",
                                      shown, kinds[i].with, kinds[i].remedy));
    return rc;
}

static int check_age(struct inspector *in, const char *shown, const char *path,
                     const struct pfl_elf *elf, struct warning_vec *warnings)
{
    int64_t newest = 0;
    const char *source = NULL, *source_shown;
    struct pfl_buf age;
    int rc = pfl_elf_newest_source(path, in->arena, &newest, &source, in->err);

    if (rc == PFL_ENOMEM)
        return rc;
    if (rc != PFL_OK || newest == 0 || !source || newest <= elf->modified_ns)
        return PFL_OK;
    source_shown = pfl_text_shown(in->arena, source);
    if (!source_shown)
        return pfl_err_no_memory(in->err);
    pfl_buf_init(&age, 64);
    pfl_units_write_duration(&age, (double)(newest - elf->modified_ns) / 1e9);
    rc = add(in, warnings,
             age.error ? NULL
                       : pfl_arena_format(in->arena,
                                          "%s is older than its source %s (by %s): build it again, "
                                          "or the numbers are of what it was before",
                                          shown, source_shown, pfl_buf_cstr(&age)));
    pfl_buf_release(&age);
    return rc;
}

static int look_at(struct inspector *in, const char *word, const char *path,
                   struct warning_vec *warnings)
{
    const char *shown = pfl_text_shown(in->arena, word);
    struct pfl_elf elf = {0};
    int rc = shown ? pfl_elf_inspect(path, in->arena, &elf, in->err) : pfl_err_no_memory(in->err);

    if (rc != PFL_OK || !elf.is_elf)
        return rc == PFL_ENOMEM ? rc : PFL_OK;
    if (!elf.compiler)
        elf.compiler = "";
    rc = note_compiler(in, &elf);
    if (rc == PFL_OK)
        rc = check_optimised(in, shown, &elf, warnings);
    if (rc == PFL_OK)
        rc = check_instrumented(in, shown, &elf, warnings);
    if (rc == PFL_OK)
        rc = check_age(in, shown, path, &elf, warnings);
    return rc;
}

/* The word that names the program: the first one, of the shell's command when a shell runs. NULL:
 * none, or no memory. */
static const char *program_word(struct inspector *in, const struct pfl_plan_item *item)
{
    char **words, ignored;
    size_t n, i;

    if (!item->how.shell)
        return item->argv[0];
    if (pfl_text_split_command(in->arena, item->command, &words, &n, &ignored, NULL) != PFL_OK)
        return NULL;
    for (i = 0; i < n && strchr(words[i], '=') && !strchr(words[i], '/'); i++)
        ; /* NAME=VALUE before the program */
    return i < n ? words[i] : NULL;
}

/* The item's binary, inspected when it is a new one; NULL in *found when there is none to look at.
 */
static int binary_of(struct inspector *in, const struct pfl_plan *plan,
                     const struct pfl_plan_item *item, const struct binary **found)
{
    const char *root = plan->root ? plan->root : ".", *word = program_word(in, item), *path;
    const char *cwd = item->how.cwd ? pfl_file_join(root, item->how.cwd, in->arena) : root;
    struct warning_vec warnings = {0};
    struct binary binary;
    const size_t *known;
    int rc;

    *found = NULL;
    path = word && cwd ? pfl_file_which(word, cwd, in->arena) : NULL;
    if (!path)
        return PFL_OK;
    known = pfl_map_get(&in->known, path);
    if (known) {
        *found = &in->binaries.at[*known];
        return PFL_OK;
    }
    rc = look_at(in, word, path, &warnings);
    binary.warning_count = warnings.n;
    binary.warnings =
        pfl_arena_grow(in->arena, warnings.at, warnings.n, warnings.n, sizeof *binary.warnings);
    if (rc == PFL_OK && (!binary.warnings || !pfl_map_set(&in->known, path, in->binaries.n) ||
                         !pfl_vec_push(&in->binaries, &binary)))
        rc = pfl_err_no_memory(in->err);
    if (rc == PFL_OK)
        *found = &in->binaries.at[in->binaries.n - 1];
    pfl_vec_release(&warnings);
    return rc;
}

static int warn_item(struct inspector *in, struct pfl_plan_item *item, const struct binary *binary)
{
    size_t n = item->warning_count + binary->warning_count;
    const char **all;

    if (binary->warning_count == 0)
        return PFL_OK;
    all = pfl_arena_grow(in->arena, item->warnings, item->warning_count, n, sizeof *all);
    if (!all)
        return pfl_err_no_memory(in->err);
    memcpy(all + item->warning_count, binary->warnings, binary->warning_count * sizeof *all);
    item->warnings = all;
    item->warning_count = n;
    return PFL_OK;
}

/* "GNU C17 12.2.0 -O2; clang 14.0.6 -O3" */
static int tell_compilers(struct inspector *in, const char **compiler)
{
    const char *text = "";
    size_t i;

    for (i = 0; i < in->compilers.n && i < COMPILERS_MAX && text; i++)
        text = pfl_arena_format(in->arena, "%s%s%s", text, i ? "; " : "",
                                in->compilers.entries[i].key);
    if (in->compilers.n > COMPILERS_MAX && text)
        text = pfl_arena_format(in->arena, "%s; …", text);
    if (!text)
        return pfl_err_no_memory(in->err);
    *compiler = text;
    return PFL_OK;
}

int pfl_measure_inspect(struct pfl_plan *plan, struct pfl_arena *arena, const char **compiler,
                        struct pfl_err *err)
{
    struct inspector in = {.arena = arena, .err = err};
    int rc = PFL_OK;
    size_t i;

    pfl_map_init(&in.known);
    pfl_map_init(&in.compilers);
    for (i = 0; i < plan->item_count && rc == PFL_OK; i++) {
        const struct binary *binary;

        rc = binary_of(&in, plan, &plan->items[i], &binary);
        if (rc == PFL_OK && binary)
            rc = warn_item(&in, &plan->items[i], binary);
    }
    if (rc == PFL_OK)
        rc = tell_compilers(&in, compiler);
    pfl_map_release(&in.known);
    pfl_map_release(&in.compilers);
    pfl_vec_release(&in.binaries);
    return rc;
}
