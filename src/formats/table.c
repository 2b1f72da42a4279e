/* All formats. The order matters only between those that are merely possible (probe.c). */
#include "formats/format.h"

extern const struct pfl_format pfl_format_asv;
extern const struct pfl_format pfl_format_benchmark_dotnet;
extern const struct pfl_format pfl_format_bmf;
extern const struct pfl_format pfl_format_cargo_criterion;
extern const struct pfl_format pfl_format_catch2;
extern const struct pfl_format pfl_format_criterion;
extern const struct pfl_format pfl_format_criterion_text;
extern const struct pfl_format pfl_format_csv;
extern const struct pfl_format pfl_format_github_action_benchmark;
extern const struct pfl_format pfl_format_go;
extern const struct pfl_format pfl_format_google_benchmark;
extern const struct pfl_format pfl_format_gungraun;
extern const struct pfl_format pfl_format_hyperfine;
extern const struct pfl_format pfl_format_iai;
extern const struct pfl_format pfl_format_jmh;
extern const struct pfl_format pfl_format_libtest;
extern const struct pfl_format pfl_format_nanobench;
extern const struct pfl_format pfl_format_openmetrics;
extern const struct pfl_format pfl_format_perfledger;
extern const struct pfl_format pfl_format_pyperf;
extern const struct pfl_format pfl_format_pytest_benchmark;
extern const struct pfl_format pfl_format_tachometer;

/* clang-format off */
const struct pfl_format *const pfl_formats[] = {
    &pfl_format_asv,
    &pfl_format_benchmark_dotnet,
    &pfl_format_bmf,
    &pfl_format_cargo_criterion,
    &pfl_format_catch2,
    &pfl_format_criterion,
    &pfl_format_criterion_text,
    &pfl_format_csv,
    &pfl_format_github_action_benchmark,
    &pfl_format_go,
    &pfl_format_google_benchmark,
    &pfl_format_gungraun,
    &pfl_format_hyperfine,
    &pfl_format_iai,
    &pfl_format_jmh,
    &pfl_format_libtest,
    &pfl_format_nanobench,
    &pfl_format_openmetrics,
    &pfl_format_perfledger,
    &pfl_format_pyperf,
    &pfl_format_pytest_benchmark,
    &pfl_format_tachometer,
    NULL,
};
/* clang-format on */
