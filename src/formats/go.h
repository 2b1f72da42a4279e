/* Parts of the Go benchmark format that its reader and its writer share. */
#ifndef PFL_FORMATS_GO_H
#define PFL_FORMATS_GO_H

#include "formats/build.h"

/* A unit of a benchmark line ("ns/op", "p99-ns", "MB/s", "auxMetricUnits"). */
struct pfl_go_unit {
    const char *written;
    const char *metric; /* "time", "throughput", else the unit as written */
    const char *stored; /* "s", "B", "B/s", … */
    double factor;      /* stored = value * factor */
    const char *tidy;   /* "sec/op": as benchfmt's readers name it */
    enum pfl_better better;
    bool has_better; /* the format defines it */
};
/* Texts are the arena's, or unit itself; false: no memory. */
bool pfl_go_unit(struct pfl_arena *arena, const char *unit, struct pfl_go_unit *out);

int pfl_go_write(const struct pfl_run *run, struct pfl_buf *out, const char **lost,
                 struct pfl_err *err);

#endif
