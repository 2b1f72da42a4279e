/*
 * Putting together a run from a foreign file, value by value. Errors stick (no memory): the calls
 * answer nothing and pfl_build_end() says it.
 *
 *     pfl_build_init(&b, input, sink);
 *     pfl_build_begin(&b);                       // a run; fill b.run->machine, revision, …
 *     pfl_build_benchmark(&b, "test_x[4]");
 *     pfl_build_param(&b, "n", "4");
 *     pfl_build_result(&b, "time", "", "ns");    // the unit as the file has it
 *     pfl_build_value(&b, 812.5);                // one per launch (or round)
 *     rc = pfl_build_end(&b, err);               // to the sink; its memory is free again
 *     pfl_build_release(&b);
 */
#ifndef PFL_FORMATS_BUILD_H
#define PFL_FORMATS_BUILD_H

#include "base/map.h"
#include "base/vec.h"
#include "formats/format.h"

PFL_VEC(pfl_build_benchmarks, struct pfl_benchmark);
PFL_VEC(pfl_build_results, struct pfl_result);
PFL_VEC(pfl_build_pairs, struct pfl_pair);
PFL_VEC(pfl_build_values, double);
PFL_VEC(pfl_build_launches, uint32_t);

struct pfl_build {
    const struct pfl_format_input *input;
    const struct pfl_format_sink *sink;
    struct pfl_arena arena; /* the run's; for the reader's own texts too */
    struct pfl_run *run;    /* between begin and end */
    /* private from here */
    struct pfl_build_benchmarks benchmarks;
    struct pfl_build_results results; /* of the benchmark at hand */
    struct pfl_build_pairs params, environment;
    struct pfl_build_values values; /* of the result at hand */
    struct pfl_build_launches launch_of;
    struct pfl_map names;    /* benchmark → place */
    struct pfl_map repeated; /* benchmark → how often it came */
    uint32_t launch;
    double factor;
    bool in_benchmark, in_result, grouped, no_memory;
};

void pfl_build_init(struct pfl_build *b, const struct pfl_format_input *input,
                    const struct pfl_format_sink *sink);
void pfl_build_release(struct pfl_build *b); /* a run that was begun is dropped */

void pfl_build_begin(struct pfl_build *b);
/* Names the machine, which is also what its series hang on; left out: "unknown". Its other fields
 * are the reader's to fill, with pfl_build_keep(). */
void pfl_build_machine(struct pfl_build *b, const char *name);
const char *pfl_build_keep(struct pfl_build *b, const char *text); /* NULL: ""; never NULL */
/* "YYYY-MM-DDTHH:MM:SS[.fff][Z|±HH:MM]" and its kin → run->started_unix_ns; false: not understood.
 */
bool pfl_build_started(struct pfl_build *b, const char *text);
bool pfl_build_date(const char *text, int64_t *unix_ns); /* the same, for anybody */
int64_t pfl_build_seconds(const char *text); /* the same as Unix seconds; 0: not understood */
void pfl_build_environment(struct pfl_build *b, const char *name,
                           const char *value); /* of the run */

/* The next benchmark. name is copied; an empty one is "(no name)", with a warning. A name that the
 * run has already: "name#2" and a warning, for two benchmarks of one name cannot be told apart in
 * the history. */
void pfl_build_benchmark(struct pfl_build *b, const char *name);
/* "NAME[a=1,b=2]": for tools whose names are without the parameters. Without any: the name. */
const char *pfl_build_name_with(struct pfl_build *b, const char *name,
                                const struct pfl_build_pairs *params);
/* More results for a benchmark that the run has already: it is at hand again. false: there is none.
 */
bool pfl_build_again(struct pfl_build *b, const char *name);
/* What the benchmark at hand is called in the run; "": there is none. */
const char *pfl_build_name(const struct pfl_build *b);
void pfl_build_group(struct pfl_build *b, const char *suite); /* of the benchmark at hand */
/* Of several of one name the last stands. */
void pfl_build_param(struct pfl_build *b, const char *name, const char *value);
void pfl_build_status(struct pfl_build *b, enum pfl_status status, const char *reason);
void pfl_build_definition(struct pfl_build *b,
                          const char *text); /* hashed: another one, an epoch */

/* All of the run's benchmarks at once, put together elsewhere in the build's arena: for archives,
 * where there are very many of a simple kind. They are not to be mixed with the calls here. Names
 * that come twice are told apart at the end, as above. */
void pfl_build_take(struct pfl_build *b, struct pfl_benchmark *benchmarks, size_t n);

/* The next result. A metric and variant that the benchmark has already: "METRIC#2" and a warning.
 * unit: as the file has it ("ns", "MB/s", "ns/op", "ops/ms", "%"): values are
 * turned into what is stored. The direction is the metric's own where it is built in, else the
 * unit's (times, bytes: lower; rates: higher), else neither; pfl_build_better() says otherwise. */
void pfl_build_result(struct pfl_build *b, const char *metric, const char *variant,
                      const char *unit);
void pfl_build_better(struct pfl_build *b, enum pfl_better better);
void pfl_build_text(struct pfl_build *b, const char *text); /* a text metric */
/* A value, in the unit told. NaN: this launch (round) has none. */
void pfl_build_value(struct pfl_build *b, double value);
/* The values that follow were measured in launch k (from 0) of this result: several values of one
 * process. Without it each value is one launch. */
void pfl_build_launch(struct pfl_build *b, uint32_t k);
/* No samples: what the file has of them, NaN where it has nothing, in the unit told. ci is that of
 * the median where known, else as the reader found to be right for the tool (and warned). */
void pfl_build_summary(struct pfl_build *b, const struct pfl_summary *summary);
/* The interval of a median of n values with these quartiles: ± 1.57 (q3 − q1) / √n (McGill, Tukey,
 * Larsen 1978). NaN without them. */
void pfl_build_interval_of_quartiles(const struct pfl_summary *summary, double *low, double *high);
/* The interval that a mean and its standard deviation of n rounds imply for the location: mean ±
 * t · s / √n (95 %). NaN when n < 2. */
void pfl_build_interval_of_mean(const struct pfl_summary *summary, double *low, double *high);

/* At the reader's place, or at line, column of the input. */
void pfl_build_warn(struct pfl_build *b, const struct pfl_json_reader *at, const char *format, ...)
    PFL_PRINTF(3, 4);
void pfl_build_warn_at(struct pfl_build *b, int line, int column, const char *format, ...)
    PFL_PRINTF(4, 5);

/* Hands the run to the sink, sorted, and forgets it. A run without benchmarks is not handed over.
 */
int pfl_build_end(struct pfl_build *b, struct pfl_err *err);

/* A unit as files write it → what is stored and by how much to multiply. Not known: itself, 1.
 * false: empty. stored points into a literal or into unit. */
bool pfl_build_unit(const char *unit, const char **stored, double *factor);

#endif
