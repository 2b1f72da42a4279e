/*
 * perfledger.yaml, parsed: what the user wants measured and enforced. Filled by config/, expanded
 * into a plan by measure/. Everything lives in one arena. Durations are ns; 0 = not given where so
 * stated.
 */
#ifndef PFL_MODEL_SUITE_H
#define PFL_MODEL_SUITE_H

#include "model/documents.h"
#include "model/policy.h"
#include "model/run.h"

enum pfl_tier { PFL_TIER_SMOKE, PFL_TIER_DEEP, PFL_TIER_LONGHAUL };
enum { PFL_TIER_COUNT = 3 };
const char *pfl_tier_text(enum pfl_tier tier);
bool pfl_tier_read(const char *text, enum pfl_tier *tier);

/* How a command is measured. A field that was not set is inherited: suite ← defaults ← built-in.
 * The `set` bits say which were given. */
enum pfl_how_set {
    PFL_HOW_ROUNDS = 1 << 0,
    PFL_HOW_WARMUP = 1 << 1,
    PFL_HOW_TIMEOUT = 1 << 2,
    PFL_HOW_MAX_TIME = 1 << 3,
    PFL_HOW_MIN_ROUNDS = 1 << 4,
    PFL_HOW_MAX_ROUNDS = 1 << 5,
    PFL_HOW_SHELL = 1 << 6,
    PFL_HOW_CWD = 1 << 7,
    PFL_HOW_CLEAN_ENV = 1 << 8,
    PFL_HOW_INPUT = 1 << 9,
    PFL_HOW_OUTPUT = 1 << 10,
    PFL_HOW_IGNORE = 1 << 11,
    PFL_HOW_PIN = 1 << 12,
    PFL_HOW_MEMORY_TREE = 1 << 13,
    PFL_HOW_SEED = 1 << 14,
};

struct pfl_how {
    unsigned set;
    int rounds; /* launches recorded; 0 with max_time: as many as fit between min and max_rounds */
    int min_rounds, max_rounds;
    int warmup;          /* launches before, not recorded */
    int64_t timeout_ns;  /* one launch */
    int64_t max_time_ns; /* this benchmark, all its launches */
    const char *shell;   /* NULL: none; else the shell's command ("sh") */
    const char *cwd;     /* relative to perfledger.yaml's folder; NULL = that folder */
    bool clean_env;      /* only PATH, HOME, LANG=C.UTF-8, TMPDIR, the wire and `env` */
    const char *input;   /* file for stdin; NULL = /dev/null */
    const char *output;  /* "null" (default), "inherit", "pipe", or a file */
    bool ignore_failure;
    const char *pin;  /* CPU list "0-3,6"; NULL = not pinned */
    bool memory_tree; /* sample the process tree's memory too */
    uint64_t seed;    /* {seed} and PERFLEDGER_SEED */
    struct pfl_pair *env;
    size_t env_count;
    /* Commands around the measured one; NULL = none. setup/cleanup once per benchmark,
     * prepare/conclude around each launch. */
    const char *setup, *prepare, *conclude, *cleanup, *validate;
};

/* Built-in: 10 rounds (5–1000 when chosen by time), 1 warm-up, 120 s a launch, 30 s a benchmark. */
void pfl_how_defaults(struct pfl_how *how);
/* What is set in `over` replaces what stands in `how`; its env pairs come behind (arena NULL only
 * when one side has none). */
struct pfl_arena;
bool pfl_how_inherit(struct pfl_how *how, const struct pfl_how *over, struct pfl_arena *arena);

/* Is it of the form "2" or "0-3,6", as `pin` wants it? */
bool pfl_cpu_list_is_valid(const char *text);

struct pfl_param_axis {
    const char *name;
    const char **values;
    size_t value_count;
};

/* One map of `exclude:`: a combination in which all named parameters have these values is left out,
 * in `tier` only when has_tier (that tier and the ones it includes). */
struct pfl_exclude {
    struct pfl_pair *params;
    size_t param_count;
    bool has_tier;
    enum pfl_tier tier;
};

struct pfl_suite {
    const char *name;
    const char *harness; /* "command" by default */
    const char *command;
    char **argv; /* given as a list instead: words are taken as they stand; else NULL */
    size_t argc;
    struct pfl_param_axis *axes;
    size_t axis_count;
    struct pfl_exclude *excludes;
    size_t exclude_count;
    const char *work_unit;  /* "cells"; NULL = no work: */
    const char *work_value; /* with {param} in it */
    enum pfl_tier tier;
    const char **requires; /* files, or "cmd: …" probes */
    size_t require_count;
    struct pfl_how how;
    int line; /* in perfledger.yaml */
};

struct pfl_config {
    const char *file; /* absolute path of perfledger.yaml; NULL = none was found */
    const char *root; /* its folder */
    const char *project, *default_branch, *build;
    const char *machine_name;      /* "auto" by default */
    const char *reference_machine; /* NULL = every machine */
    const char **environment;      /* names of variables to record */
    size_t environment_count;
    const char **benchmark_files; /* globs and folders below root that serve every revision */
    size_t benchmark_file_count;
    bool benchmark_files_given; /* false: the usual folders */
    struct pfl_how defaults;
    struct pfl_how tiers[PFL_TIER_COUNT];
    struct pfl_suite *suites;
    size_t suite_count;
    struct pfl_gate *gates; /* with those of the `thresholds:` file behind */
    size_t gate_count;
    struct pfl_target *targets;
    size_t target_count;
    bool baseline_auto;          /* baseline: { update: auto } */
    const char *baseline_folder; /* ".benchmarks" by default */
    struct pfl_documents documents;
};

#endif
