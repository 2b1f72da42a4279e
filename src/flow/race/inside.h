/* A race's programs with benchmarks inside: each of these becomes a bout of its own. */
#ifndef PFL_FLOW_RACE_INSIDE_H
#define PFL_FLOW_RACE_INSIDE_H

#include "flow/race/entrants.h"
#include "measure/inside.h"

/* Replaces every item for a program with benchmarks inside by one for each of these, the same in
 * all plans: what one lacks is skipped there. Asks the programs (`--list`), so after the builds. A
 * program that nobody could list stays one item, is raced as a whole, and a warning says why. */
int pfl_race_expand_inside(const struct pfl_inside_asking *asking, struct pfl_entrants *entrants,
                           struct pfl_err *err);

/* Can what they print be compared (--same-output)? PFL_EUSAGE: a harness prints its times. */
int pfl_race_check_output(const struct pfl_entrants *entrants, struct pfl_err *err);

#endif
