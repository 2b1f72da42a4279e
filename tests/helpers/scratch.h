/* A scratch folder for one test: made below TMPDIR, removed with all it holds. */
#ifndef PFL_TESTS_SCRATCH_H
#define PFL_TESTS_SCRATCH_H

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct scratch {
    char path[PATH_MAX];
};

static inline void scratch_make(struct scratch *scratch)
{
    const char *base = getenv("TMPDIR");

    snprintf(scratch->path, sizeof scratch->path, "%s/pfl-test-XXXXXX", base ? base : "/tmp");
    assert_non_null(mkdtemp(scratch->path));
}

static inline int scratch_drop(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static inline void scratch_remove(struct scratch *scratch)
{
    nftw(scratch->path, scratch_drop, 16, FTW_DEPTH | FTW_PHYS);
}

/* "FOLDER/name" in a buffer that the next eight calls leave alone. */
static inline const char *scratch_path(const struct scratch *scratch, const char *name)
{
    static char paths[8][PATH_MAX + 256];
    static unsigned turn;
    char *path = paths[turn++ % 8];

    snprintf(path, sizeof paths[0], "%s/%s", scratch->path, name);
    return path;
}

/* Writes a file and the folders above it. */
static inline void scratch_write(const struct scratch *scratch, const char *name, const char *text)
{
    char path[PATH_MAX + 256], *slash;
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", scratch->path, name);
    for (slash = strchr(path + strlen(scratch->path) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(path, 0777);
        *slash = '/';
    }
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

#endif
