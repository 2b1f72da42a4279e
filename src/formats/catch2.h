/* The two forms of Catch2's results, and what they share. */
#ifndef PFL_FORMATS_CATCH2_H
#define PFL_FORMATS_CATCH2_H

#include "formats/build.h"

/* Where a benchmark stands: its test case, and the sections within, one inside the other. */
PFL_VEC(pfl_catch2_path, const char *);

/* "TEST CASE/SECTION/NAME" is the next benchmark, its suite the test case. */
void pfl_catch2_benchmark(struct pfl_build *b, const struct pfl_catch2_path *path,
                          const char *name);
/* Said once of a file with results. */
void pfl_catch2_warn(struct pfl_build *b);

int pfl_catch2_read_xml(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                        struct pfl_err *err);
int pfl_catch2_read_text(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                         struct pfl_err *err);

#endif
