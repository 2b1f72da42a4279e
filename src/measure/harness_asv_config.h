/* A copy of asv.conf.json for one launch: the same project, another folder for the results. */
#ifndef PFL_MEASURE_HARNESS_ASV_CONFIG_H
#define PFL_MEASURE_HARNESS_ASV_CONFIG_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>

struct pfl_asv_config {
    const char *from;    /* the project's, absolute */
    const char *to;      /* the copy */
    const char *results; /* absolute: "results_dir" of the copy */
    bool here;           /* the branch that asv measures is the one that is checked out */
    bool installed; /* what is installed is measured, so that the repository is only asked for the
                       name of a commit: the one around the project will do for one far away */
};

/* PFL_ENOENT: there is none; PFL_EPARSE with its place. */
int pfl_asv_config_copy(const struct pfl_asv_config *config, struct pfl_arena *arena,
                        struct pfl_err *err);

/* Comments and trailing commas of JSON as asv takes it become blanks, so that every other byte
 * stays where it is. */
void pfl_asv_config_plain(char *text, size_t len);

#endif
