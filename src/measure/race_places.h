/*
 * Where the contenders' own files lie in memory: elsewhere in every round, as far as that costs
 * little (race_places.c). Nobody but race*.c includes this.
 */
#ifndef PFL_MEASURE_RACE_PLACES_H
#define PFL_MEASURE_RACE_PLACES_H

#include "sys/page_cache.h"

#include <stddef.h>
#include <stdint.h>

struct pfl_race_file {
    const char *path;            /* real; the arena's */
    size_t side, sides;          /* the last that has it; how many have */
    int64_t size, modified_ns;   /* when it was found: another time, it is left alone */
    struct pfl_file_parts parts; /* what the launches had of it */
};

PFL_VEC(pfl_race_files, struct pfl_race_file);

/* Zeroed storage knows of no files. */
struct pfl_race_places {
    struct pfl_race_files files;
    bool learnt; /* the files are those that launches read, and their parts are known */
    size_t laid; /* so often: each time is another place */
    size_t stay; /* files that are too large for that */
    int64_t begun_ns, spent_ns, last_ns;
};

#endif
