/* `work: { cells: "{size} * {size}" }`: the small arithmetic of a work value, after substitution.
 */
#ifndef PFL_MEASURE_WORK_H
#define PFL_MEASURE_WORK_H

#include "base/err.h"

/* Numbers, + - * / ^ (right-associative), unary minus and parentheses. PFL_ECONFIG with the column
 * of the mistake; the result must be finite and above 0. */
int pfl_work_evaluate(const char *text, double *value, struct pfl_err *err);

#endif
