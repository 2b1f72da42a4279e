/*
 * Artefacts: what a benchmark, or the compiler, produced. Size and SHA-256 are recorded
 * (artifact_size, artifact_hash; variant: the name) and are report-only by default, for compilers
 * change their output without changing what is right. perfledger keeps the bytes, so that two runs'
 * artefacts can be compared.
 */
#ifndef PERFLEDGER_ARTIFACT_H
#define PERFLEDGER_ARTIFACT_H

#include <perfledger/bench.h>

PFL_EXTERN_C_BEGIN

/* A file (relative to the working folder), or bytes. b NULL: of the whole program. A file that
 * cannot be read fails the benchmark. */
PFL_API void pfl_artifact(struct pfl_bench *b, const char *name, const char *path);
PFL_API void pfl_artifact_bytes(struct pfl_bench *b, const char *name, const void *bytes,
                                size_t size);

/* The machine code of a function of this program, normalised: no addresses, jumps as offsets within
 * it, calls and data by name where they have one. Named `symbol.s`. Needs objdump (binutils) on the
 * PATH and an unstripped program; without, nothing is recorded and a warning says why. Disassembled
 * once per machine code, not at every launch. */
PFL_API void pfl_artifact_function(struct pfl_bench *b, const char *symbol);

/* Runs a command (sh -c), untimed for the benchmark, and records how long it took as the metric
 * compile_time (wall seconds); a variant for more than one. One that fails fails the benchmark,
 * with what it printed. Answers the seconds; NaN when it failed. */
PFL_API double pfl_compile_time(struct pfl_bench *b, const char *variant, const char *command);

PFL_EXTERN_C_END

#endif
