/*
 * What makes two builds of one commit differ: the command, the benchmark files, the environment,
 * the compiler. The environment is what the usual build tools read (make, CMake, cargo, go); all of
 * it would be too much, because a terminal's size is in it. A compiler is known by its path, its
 * size and its time, as make knows a file: an upgrade changes them. What else a build reads
 * (headers and libraries of the system) is not looked at; `--rebuild` is for that.
 */
#include "flow/build/stamp.h"

#include "base/hash.h"
#include "base/text.h"
#include "sys/file.h"
#include "sys/tty.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
    "PATH",     "CC",      "CXX",       "CFLAGS",  "CXXFLAGS",
    "CPPFLAGS", "LDFLAGS", "RUSTFLAGS", "GOFLAGS", "MAKEFLAGS",
};

static void add(struct pfl_hash *hash, const char *text)
{
    pfl_hash_add(hash, text, strlen(text) + 1);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* CMAKE_…=…, in an order of their own. */
static bool add_cmake(struct pfl_hash *hash, struct pfl_arena *arena)
{
    char **all = pfl_environment_all();
    const char **found;
    size_t n = 0, i;

    while (all && all[n])
        n++;
    found = pfl_arena_array(arena, n + 1, sizeof *found);
    if (!found)
        return false;
    for (i = n, n = 0; i > 0; i--)
        if (pfl_text_starts(all[i - 1], "CMAKE_"))
            found[n++] = all[i - 1];
    if (n > 1)
        qsort(found, n, sizeof *found, compare_texts);
    for (i = 0; i < n; i++)
        add(hash, found[i]);
    return true;
}

/* The program that a variable names (each word of it, as in CC="ccache gcc"), else the
 * usual one. */
static bool add_compilers(struct pfl_hash *hash, const char *variable, const char *usual,
                          struct pfl_flow *flow)
{
    const char *words = pfl_environment(variable), *path, *name, *file;
    int64_t size, modified_ns;
    size_t len;

    for (words = words && *words ? words : usual; *words; words += len) {
        words += strspn(words, " \t");
        len = strcspn(words, " \t");
        name = pfl_arena_text_n(flow->arena, words, len);
        if (!name)
            return false;
        path = pfl_file_which(name, flow->root, flow->arena);
        if (!path || pfl_file_stat(path, &size, &modified_ns, NULL) != PFL_OK)
            continue;
        file = pfl_arena_format(flow->arena, "%s %lld %lld", path, (long long)size,
                                (long long)modified_ns);
        if (!file)
            return false;
        add(hash, file);
    }
    return true;
}

const char *pfl_build_stamp(struct pfl_flow *flow, const char *commit, const char *benchmark_files)
{
    const char *command = flow->config.build, *value;
    char command_hash[PFL_HASH_HEX], around[PFL_HASH_HEX];
    struct pfl_hash hash;
    bool good = true;
    size_t i;

    pfl_hash_init(&hash);
    for (i = 0; i < PFL_COUNT(names); i++) {
        value = pfl_environment(names[i]);
        add(&hash, value ? value : "");
    }
    good = add_cmake(&hash, flow->arena) && add_compilers(&hash, "CC", "cc", flow) &&
           add_compilers(&hash, "CXX", "c++", flow);
    pfl_hash_end(&hash, around);
    pfl_hash_text(command, strlen(command), command_hash);
    return good ? pfl_arena_format(flow->arena, "built 2\n%s\n%s\n%s\n%s\n", commit, command_hash,
                                   benchmark_files, around)
                : NULL;
}
