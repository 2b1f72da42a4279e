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

/* The lines "key: value", which hold for what is below them. */
struct pfl_go_config {
    struct pfl_arena arena; /* outlives runs */
    struct pfl_build_pairs pairs;
    struct pfl_build_pairs of_run; /* as they were at its last result */
    const char *package;           /* pkg; "" none */
    uint64_t hash;                 /* of all others: another one is another run */
    bool changed;                  /* since the last result */
    bool no_memory;
};
void pfl_go_config_init(struct pfl_go_config *config);
void pfl_go_config_release(struct pfl_go_config *config);
/* Another line changes nothing. */
void pfl_go_config_read(struct pfl_go_config *config, const struct pfl_buf *line);
void pfl_go_config_result(struct pfl_go_config *config); /* a result of the run stands here */
/* To the run, at its end. */
void pfl_go_config_give(const struct pfl_go_config *config, struct pfl_build *b);

int pfl_go_recognise(const struct pfl_format_probe *probe); /* as of struct pfl_format */
int pfl_go_write(const struct pfl_run *run, struct pfl_buf *out, const char **lost,
                 struct pfl_err *err);

#endif
