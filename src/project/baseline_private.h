/* What listing, finding and saving baselines share. Internal to project/. */
#ifndef PFL_PROJECT_BASELINE_PRIVATE_H
#define PFL_PROJECT_BASELINE_PRIVATE_H

#include "project/baseline.h"

enum { PFL_BASELINE_MAX_NUMBER = 99999999 };
extern const char pfl_baseline_suffix[6]; /* ".json" */

/* "0012", "12": the number; *rest behind the digits. -1: none, or too large. */
int pfl_baseline_read_number(const char *text, const char **rest);

/* NNNN.json or NNNN_NAME.json. False: not of the form, or no memory (*name NULL then). */
bool pfl_baseline_read_file_name(const char *file, struct pfl_arena *arena, int *number,
                                 const char **name);

/* NNNN or NNNN_NAME, as `current` and messages name it. NULL: no memory. */
const char *pfl_baseline_stem(const struct pfl_baseline *baseline, struct pfl_arena *arena);

/* The content of FOLDER/PLATFORM/current without blanks around it, "" when there is none. */
int pfl_baseline_read_current(const char *inside, struct pfl_arena *arena, const char **current,
                              struct pfl_err *err);

int pfl_baseline_modified(const char *path, int64_t *modified_unix, struct pfl_err *err);

#endif
