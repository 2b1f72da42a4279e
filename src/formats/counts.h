/* Counts of Valgrind's tools, as iai, iai-callgrind and gungraun report them: by their labels in
 * text ("L1 Hits") or their keys in JSON ("L1hits"). */
#ifndef PFL_FORMATS_COUNTS_H
#define PFL_FORMATS_COUNTS_H

#include "formats/rows.h"

struct pfl_count {
    const char *metric; /* "instructions", else the label as written */
    const char *unit;   /* as pfl_build_unit() takes it */
    enum pfl_better better;
    bool unit_unknown; /* SysTime: ms, µs or ns, as an option of Callgrind's was */
};
struct pfl_count pfl_count_of(const char *label);

struct pfl_counts {
    struct pfl_build *build;
    struct pfl_rows rows;
    struct pfl_buf variant; /* the tool at hand; "" for Callgrind */
    size_t bench;           /* + 1; 0: none */
    bool warned;
};

void pfl_counts_init(struct pfl_counts *counts, struct pfl_build *build);
void pfl_counts_release(struct pfl_counts *counts);

/* A benchmark begins. A name that was there: "name#2" and a warning. */
void pfl_counts_begin(struct pfl_counts *counts, const char *name, int line);
void pfl_counts_tool(struct pfl_counts *counts, const char *tool, size_t len);
void pfl_counts_add(struct pfl_counts *counts, const char *label, double value, int line);
/* What the tool at hand reported so far was of parts: their total follows. */
void pfl_counts_forget(struct pfl_counts *counts);

#endif
