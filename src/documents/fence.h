/*
 * Fenced code in Markdown: which lines are an example, so that nothing in them is meant.
 *
 * One scanner for all who read documents: what one takes for code and another does not would hide a
 * row from the audit, or a figure.
 */
#ifndef PFL_DOCUMENTS_FENCE_H
#define PFL_DOCUMENTS_FENCE_H

#include <stdbool.h>
#include <stddef.h>

struct pfl_fence {
    size_t length; /* of the fence that is open; 0: none */
    char sign;
};

/* The next line (without its newline): is it within fenced code, or one of its fences? */
bool pfl_fence_line(struct pfl_fence *fence, const char *line, size_t len);

#endif
