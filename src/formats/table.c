/* All formats. The order matters only between those that are merely possible (probe.c). */
#include "formats/format.h"

extern const struct pfl_format pfl_format_asv;
extern const struct pfl_format pfl_format_google_benchmark;
extern const struct pfl_format pfl_format_hyperfine;
extern const struct pfl_format pfl_format_jmh;
extern const struct pfl_format pfl_format_perfledger;
extern const struct pfl_format pfl_format_pytest_benchmark;

const struct pfl_format *const pfl_formats[] = {
    &pfl_format_asv,
    &pfl_format_google_benchmark,
    &pfl_format_hyperfine,
    &pfl_format_jmh,
    &pfl_format_perfledger,
    &pfl_format_pytest_benchmark,
    NULL,
};
