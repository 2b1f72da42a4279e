/*
 * Numbered baselines in the user's repository: FOLDER/PLATFORM/NNNN_NAME.json, plain reviewed text,
 * and which of them is in use (FOLDER/PLATFORM/current: one line with the number; absent = the
 * newest).
 *
 * Content is written and read through the callbacks that flow/ hands in (the codec of a run belongs
 * to formats/).
 */
#ifndef PFL_PROJECT_BASELINE_H
#define PFL_PROJECT_BASELINE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct pfl_baseline {
    int number;
    const char *name; /* as given, file-name safe; "" = unnamed */
    const char *platform;
    const char *path; /* absolute */
    int64_t modified_unix;
    bool in_use;
};

/* All of a platform (NULL: of every platform), by platform, then number. A folder that is not there
 * is an empty list; files that are not of the form are skipped and named in *strange
 * (blank-separated, "" = none). */
int pfl_baseline_list(const char *folder, const char *platform, struct pfl_arena *arena,
                      struct pfl_baseline **list, size_t *n, const char **strange,
                      struct pfl_err *err);

/* By "0003", "3", "NAME" (the newest of that name), a path, or "" / "current" (the one in use).
 * PFL_ENOENT says what there is. */
int pfl_baseline_find(const char *folder, const char *platform, const char *which,
                      struct pfl_arena *arena, struct pfl_baseline *found, struct pfl_err *err);

/* Writes content under the next number, durably and atomically (two at once get two numbers). name
 * may be "". */
int pfl_baseline_save(const char *folder, const char *platform, const char *name,
                      const struct pfl_buf *content, struct pfl_arena *arena,
                      struct pfl_baseline *saved, struct pfl_err *err);

/* Makes a number the one in use. */
int pfl_baseline_use(const char *folder, const struct pfl_baseline *baseline, struct pfl_err *err);

/* The name as it may stand in a file name: letters, digits, . _ - kept, others become '-'. */
const char *pfl_baseline_safe_name(struct pfl_arena *arena, const char *name);

#endif
