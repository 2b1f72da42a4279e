/*
 * Continuous integration: the files that GitHub, GitLab and make want, fitted to a project.
 *
 * The texts are src/project/ci/, with a small language of their own:
 *   %if NAME, %ifnot NAME … %end   lines that stand only where NAME holds; they may be nested
 *   @NAME@                         a value; alone on its line, all lines of the value, indented
 * alike
 */
#ifndef PFL_PROJECT_CI_H
#define PFL_PROJECT_CI_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct pfl_ci_fit {
    const char *default_branch;
    const char *build;     /* NULL: none */
    const char *reference; /* the reference machine's name; NULL: none */
    const char *baselines; /* folder, relative to the configuration's */
    const char *log;       /* the written ledger, relative to the configuration's folder */
    const char *prefix;    /* of the configuration's folder below the repository: "" or "sub/" */
    const char *source;    /* address of perfledger's git repository; "": not known */
    bool baseline_auto, targets;
    bool deep;      /* some suite is of a tier above smoke */
    unsigned kinds; /* enum pfl_init_kind bits */
};

struct pfl_ci_file {
    const char *path;     /* from the repository's top */
    const char *name;     /* of its template */
    const char *in_place; /* what to do where the file is somebody's own already; NULL: nothing */
};

#define PFL_CI_SERVICES "github gitlab make"

/* The files of "github", "gitlab" or "make"; NULL: no such service. */
const struct pfl_ci_file *pfl_ci_files(const char *service, size_t *n);

/* The service that a repository shows, by its files and the addresses in its git configuration;
 * NULL: none, or more than one. */
const char *pfl_ci_detect(const char *root, struct pfl_arena *arena);

/* Appends the file's text. */
int pfl_ci_write(const struct pfl_ci_file *file, const struct pfl_ci_fit *fit, struct pfl_buf *out,
                 struct pfl_err *err);

#endif
