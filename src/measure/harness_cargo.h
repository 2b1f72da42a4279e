/* What Cargo.toml and Cargo.lock say of a Rust package, as far as it matters for benchmarks. */
#ifndef PFL_MEASURE_HARNESS_CARGO_H
#define PFL_MEASURE_HARNESS_CARGO_H

#include "base/arena.h"

#include <stdbool.h>

/* The bench targets with a harness of their own that the nearest Cargo.toml at or above `folder`
 * names; none where it names none, or only some that need features. false: no memory. */
bool pfl_cargo_benches(const char *folder, struct pfl_arena *arena, const char *const **names,
                       size_t *n);

/* Is the package in Cargo.lock, of version 0.MINOR at least? Where there are several of it, the
 * oldest counts. */
bool pfl_cargo_at_least(const char *folder, const char *package, int minor,
                        struct pfl_arena *arena);

#endif
