/* Do two files say the same? For `race --same-output`: who is faster does not matter when the
 * answers differ. */
#ifndef PFL_FLOW_RACE_SAME_OUTPUT_H
#define PFL_FLOW_RACE_SAME_OUTPUT_H

#include "base/arena.h"
#include "base/err.h"

/*
 * tolerance 0: byte by byte. Above 0: token by token, tokens being what blanks separate; two that
 * read as numbers are equal when they differ by at most tolerance × the larger magnitude (NaN
 * equals NaN, an infinity itself), others when their bytes are. Blanks do not count then, line
 * breaks do. A file with a 0 byte in its beginning is binary and compared by bytes whatever the
 * tolerance.
 *
 * *problem: NULL when they are the same, else one sentence in the arena: where they first differ,
 * both texts quoted short, and the sizes when those differ.
 */
int pfl_same_output(const char *base_path, const char *head_path, double tolerance,
                    struct pfl_arena *arena, const char **problem, struct pfl_err *err);

#endif
