/*
 * Looking into build files and manifests, one pair of questions per kind. Internal to project/.
 *
 * A name is returned as a place in the text and a length, 0 when there is none.
 */
#ifndef PFL_PROJECT_INIT_SCAN_H
#define PFL_PROJECT_INIT_SCAN_H

#include <stdbool.h>
#include <stddef.h>

size_t pfl_init_cmake_name(const char *text, const char **start); /* project(NAME … */
size_t pfl_init_meson_name(const char *text, const char **start); /* project('NAME' … */
size_t pfl_init_cargo_name(const char *text, const char **start); /* [package] name = "…" */
size_t pfl_init_go_name(const char *text, const char **start);    /* module host/path/NAME[/v2] */
size_t pfl_init_pyproject_name(const char *text,
                               const char **start);               /* [project] or [tool.poetry] */
size_t pfl_init_setup_name(const char *text, const char **start); /* setup(name="…" */
size_t pfl_init_asv_name(const char *text, const char **start);   /* "project": "…" */
size_t pfl_init_node_name(const char *text,
                          const char **start); /* "name": "…" of the outermost object */
size_t pfl_init_maven_name(const char *text,
                           const char **start); /* <artifactId>, not the parent's */

/* Programs: what the build file names outright. */
enum { PFL_INIT_PROGRAM_MAX = 80 };
size_t pfl_init_cmake_program(const char *text, const char **start); /* add_executable(NAME … */
size_t pfl_init_meson_program(const char *text, const char **start); /* executable('NAME' … */
size_t pfl_init_cargo_bin(const char *text, const char **start);     /* [[bin]] name = "…" */
bool pfl_init_make_program(const char *text, char name[PFL_INIT_PROGRAM_MAX + 1]);
/* May it stand bare in YAML and in a command, and is it not called a test? */
bool pfl_init_is_program(const char *name, size_t len);

bool pfl_init_cmake_uses_google_benchmark(const char *text);
/* The first program that is linked with benchmark::benchmark by its name. */
size_t pfl_init_cmake_google_program(const char *text, const char **start);
bool pfl_init_meson_uses_google_benchmark(const char *text);
bool pfl_init_cargo_uses_criterion(const char *text);
bool pfl_init_python_uses_pytest_benchmark(const char *text);

#endif
