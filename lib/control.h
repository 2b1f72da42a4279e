/* What perfledger may ask a steered program for, as control.c reads it; for its tests, too. Nobody
 * outside lib/ includes this. */
#ifndef PFL_LIB_CONTROL_H
#define PFL_LIB_CONTROL_H

#include "internal.h"

enum pfl_lib_asking {
    PFL_LIB_ASKED_RUN,
    PFL_LIB_ASKED_BATCH,
    PFL_LIB_ASKED_END,
    PFL_LIB_ASKED_QUIT,
};

struct pfl_lib_asked {
    enum pfl_lib_asking what;
    char name[PFL_LIB_NAME_MAX]; /* RUN */
    uint64_t iterations;         /* BATCH; at least 1 */
};

/* One line without its newline. false: it is none of the four. */
bool pfl_lib_control_parse(const char *line, struct pfl_lib_asked *asked);

#endif
