/* The calibrated limits behind changes_table.c; their values are in changes_limits.c, made by a
 * program. */
#ifndef PFL_JUDGE_CHANGES_TABLE_H
#define PFL_JUDGE_CHANGES_TABLE_H

#include <stddef.h>

enum { PFL_CHANGES_LENGTHS = 15, PFL_CHANGES_LEVELS = 4 };
#define PFL_CHANGES_BEND 0.3 /* the limits rise with the estimated coefficient up to here */

extern const size_t pfl_changes_lengths[PFL_CHANGES_LENGTHS];
extern const double pfl_changes_limits[PFL_CHANGES_LENGTHS][PFL_CHANGES_LEVELS][2];

#endif
