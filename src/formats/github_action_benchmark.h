/* github-action-benchmark: what its reader and its writer share with the reading of ranges. */
#ifndef PFL_FORMATS_GITHUB_ACTION_BENCHMARK_H
#define PFL_FORMATS_GITHUB_ACTION_BENCHMARK_H

#include "formats/build.h"

/* What a tool's results hold beside the value, as this action extracts them. */
enum pfl_gab_range {
    PFL_GAB_NONE,
    PFL_GAB_PLUS_MINUS,         /* "± 20": as it stands */
    PFL_GAB_DEVIATION,          /* of n samples, in the value's unit */
    PFL_GAB_DEVIATION_OF_TIMES, /* in seconds, the value being their rate */
};

/* range and extra ("100 samples", "rounds: 12"), both "" when absent, → spread and interval of a
 * value of that tool, in the value's unit. *summary has the value as its median. */
enum pfl_gab_range pfl_gab_range(const char *tool, const char *range, const char *extra,
                                 struct pfl_summary *summary);

int pfl_gab_write(const struct pfl_run *run, struct pfl_buf *out, const char **lost,
                  struct pfl_err *err);

#endif
