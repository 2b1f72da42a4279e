/* `init`: what kind of project this is, and a commented perfledger.yaml that fits it. */
#ifndef PFL_PROJECT_INIT_H
#define PFL_PROJECT_INIT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum pfl_init_kind { /* bits: several may be found */
                     PFL_INIT_CMAKE = 1,
                     PFL_INIT_MESON = 2,
                     PFL_INIT_MAKE = 4,
                     PFL_INIT_CARGO = 8,
                     PFL_INIT_GO = 16,
                     PFL_INIT_PYTHON = 32,
                     PFL_INIT_PYTEST_BENCHMARK = 64,
                     PFL_INIT_ASV = 128,
                     PFL_INIT_NODE = 256,
                     PFL_INIT_CRITERION = 512,
                     PFL_INIT_GOOGLE_BENCHMARK = 1024,
                     PFL_INIT_MAVEN = 2048,
};

struct pfl_init_found {
    unsigned kinds;
    const char *name; /* the project's: from its build file, else the folder's */
    /* What can be started, relative to the root; NULL: not there, or not sure. */
    const char *program;        /* of CMake, Meson or make: "build/plate" */
    const char *cargo_program;  /* "target/release/crab" */
    const char *go_program;     /* "build/gopher" */
    const char *module;         /* Python: what can be imported in the root */
    const char *src_module;     /* … in src/ */
    const char *entry;          /* Node: "." when it can be required */
    const char *google_program; /* of Google Benchmark: "build/bench/kernels" */
    const char *pytest;         /* how pytest is started where pytest-benchmark is used */
    const char *default_branch; /* NULL: not known */
    const char *evidence;       /* "CMakeLists.txt, pyproject.toml (pytest-benchmark)" */
};

int pfl_init_detect(const char *root, struct pfl_arena *arena, struct pfl_init_found *found,
                    struct pfl_err *err);
/* The file's text; it must parse with config/ (a test proves it for every kind). */
void pfl_init_write_config(const struct pfl_init_found *found, struct pfl_buf *buf);

#endif
