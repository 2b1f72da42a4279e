/*
 * What the files of the asv reader share. An archive: benchmarks.json, and a folder per machine
 * with machine.json and one result file per commit and environment. asv.c says what is where,
 * asv_folder.c goes through a machine's folder, asv_environments.c finds out which environments
 * follow one another, asv_file.c and asv_rows.c read a result file, asv_give.c makes a run of it,
 * asv_benchmarks.c knows what benchmarks measure and asv_names.c how their combinations are called.
 */
#ifndef PFL_FORMATS_ASV_H
#define PFL_FORMATS_ASV_H

#include "base/map.h"
#include "formats/fields.h"

/* ---- what is known of benchmarks ---- */

/* What a benchmark's values are. */
struct pfl_asv_kind {
    const char *metric, *unit; /* the stored unit */
    double factor;
    enum pfl_better better;
};

/* The combinations of one set of parameters, in the natural order of their names. */
struct pfl_asv_shape {
    struct pfl_asv_shape *next; /* another set, of another version of the benchmark */
    size_t axes, n;
    const char *const *raw; /* of all axes, as the file has them: to know the set again */
    const uint32_t *sizes;  /* values per axis */
    char *texts;            /* all texts below, each ends with a 0 */
    size_t texts_len;
    const uint32_t *names; /* [n] where in texts */
    const uint32_t *from;  /* [n] place in the file's order (cartesian, last axis fastest) */
    const uint32_t *pairs; /* [n * axes * 2] names and values of parameters, sorted by name */
};

struct pfl_asv_bench {
    const char *name;
    struct pfl_asv_kind kind;
    const char *const *param_names; /* NULL: not known */
    size_t param_count;
    bool listed;                  /* in benchmarks.json */
    struct pfl_asv_shape *shapes; /* seen so far */
    size_t rank;                  /* its place among those seen, by natural order */
    /* The last one made, for most files have the same; NULL: none. */
    const char *version, *environment, *definition;
};

struct pfl_asv_listed { /* a line of benchmarks.json */
    const char *type, *unit;
    const char **param_names;
    size_t param_count;
};
PFL_VEC(pfl_asv_listeds, struct pfl_asv_listed);
PFL_VEC(pfl_asv_benches, struct pfl_asv_bench *);
PFL_VEC(pfl_asv_texts, const char *);

/* Counted over the whole archive and told once, at its end. */
struct pfl_asv_counts {
    size_t files; /* that became runs */
    size_t without_samples, infinite, odd, mismatched, too_many, orphans, no_unit, no_direction;
    const char *mismatched_name, *orphan_name, *no_unit_name, *no_direction_name;
    const char *odd_path; /* of the first odd one */
    int odd_line, odd_column;
};

enum { PFL_ASV_RATIOS = 512 };

struct pfl_asv {
    const struct pfl_format_input *input;
    const struct pfl_format_sink *sink;
    struct pfl_build build;        /* of the run at hand */
    struct pfl_format_input place; /* of the file at hand, for the build's warnings */
    struct pfl_arena arena;        /* the archive's own */
    bool has_list;
    struct pfl_map listed_at; /* name → place in listed */
    struct pfl_asv_listeds listed;
    /* What was seen of benchmarks; begun anew when an odd archive makes it large. */
    struct pfl_arena seen_arena;
    struct pfl_map seen; /* name → place in benches */
    struct pfl_asv_benches benches;
    size_t ranked;                 /* so many have their rank */
    struct pfl_map told;           /* names that a warning counts already; the archive's */
    double ratios[PFL_ASV_RATIOS]; /* of 95 % to 99 % intervals by n; 0: not yet known */
    struct pfl_asv_counts counts;
};

/* Reads benchmarks.json. What is wrong with it is warned of, and the archive goes without. */
int pfl_asv_read_list(struct pfl_asv *asv, const char *path, struct pfl_err *err);
/* NULL: no memory. Valid until the next file. */
struct pfl_asv_bench *pfl_asv_bench(struct pfl_asv *asv, const char *name);
bool pfl_asv_rank(struct pfl_asv *asv);   /* gives all their ranks; false: no memory */
void pfl_asv_forget(struct pfl_asv *asv); /* what was seen, when it has become large */
/* axes: how many; sizes[axis]; raw: all values, axis after axis; the first `most` combinations.
 * NULL: no memory. */
struct pfl_asv_shape *pfl_asv_shape(struct pfl_asv *asv, struct pfl_asv_bench *bench, size_t axes,
                                    const uint32_t *sizes, const char *const *raw);
enum { PFL_ASV_AXES_MAX = 64, PFL_ASV_COMBINATIONS_MAX = 1 << 20 };
/* How many combinations there are, up to COMBINATIONS_MAX + 1. */
size_t pfl_asv_combinations(const uint32_t *sizes, size_t axes);

/* ---- one result file ---- */

enum pfl_asv_column {
    PFL_ASV_RESULT,
    PFL_ASV_LOW, /* 99 % */
    PFL_ASV_HIGH,
    PFL_ASV_Q1,
    PFL_ASV_Q3,
    PFL_ASV_REPEAT,
    PFL_ASV_NUMBERS, /* how many columns of numbers there are */
    PFL_ASV_PARAMS = PFL_ASV_NUMBERS,
    PFL_ASV_VERSION,
    PFL_ASV_STARTED,
    PFL_ASV_SAMPLES,
    PFL_ASV_OTHER,
};
enum { PFL_ASV_COLUMNS_MAX = 64 };

enum pfl_asv_state { PFL_ASV_VALUE, PFL_ASV_FAILED, PFL_ASV_SKIPPED, PFL_ASV_NONE };
PFL_VEC(pfl_asv_states, unsigned char);
PFL_VEC(pfl_asv_sizes, uint32_t);

struct pfl_asv_row { /* one benchmark with all its combinations */
    struct pfl_asv_bench *bench;
    struct pfl_asv_shape *shape;
    const char *version; /* NULL: not said */
    size_t first, n;     /* in the columns */
    size_t sample_list;  /* of its first combination, in sample_lists; SIZE_MAX: no samples */
    bool all_failed;     /* null for all: n is 0 */
};
struct pfl_asv_samples {
    size_t first, n;
};
PFL_VEC(pfl_asv_rows, struct pfl_asv_row);
PFL_VEC(pfl_asv_sample_lists, struct pfl_asv_samples);

struct pfl_asv_file {
    struct pfl_asv *asv;
    const char *path;
    const char *file_env; /* the environment by the file's name; "" */
    const char *variant;  /* "" mostly */
    const char *machine;  /* machine.json's name; NULL: there is none, the file says */
    const struct pfl_build_pairs *machine_says; /* what else is in machine.json; NULL */
    /* the file's own */
    const char *commit, *env_name, *python, *own_machine;
    double date, version, started; /* ms; NaN */
    bool has_results;
    struct pfl_build_pairs requirements, variables, parameters;
    struct pfl_build_pairs versions; /* v1: of benchmarks */
    struct pfl_map version_at;       /* name → place in versions */
    enum pfl_asv_column columns[PFL_ASV_COLUMNS_MAX];
    size_t column_count;
    struct pfl_asv_rows rows;
    struct pfl_build_values numbers[PFL_ASV_NUMBERS];
    struct pfl_asv_states states;
    struct pfl_build_values samples;
    struct pfl_asv_sample_lists sample_lists;
    struct pfl_asv_sizes sizes; /* of the row at hand */
    struct pfl_asv_texts raw;
    size_t nulls; /* combinations of benchmarks that failed altogether */
};

/* Reads the file from `read`; only its first block is the caller's to fill, the rest is begun anew
 * (zeroed the first time, its memory is used again). Texts are in the archive's build, which the
 * caller has begun. */
int pfl_asv_read_file(struct pfl_asv_file *file, pfl_json_read_fn *read, void *context,
                      struct pfl_err *err);
void pfl_asv_file_release(struct pfl_asv_file *file);
void pfl_asv_started(struct pfl_asv_file *file, double ms); /* the earliest counts */
pfl_field_fn pfl_asv_read_row; /* of "results": its key is current, the record is the file */
/* The build's run, filled and handed over. */
int pfl_asv_give(struct pfl_asv_file *file, struct pfl_err *err);

/* ---- a machine's folder ---- */

struct pfl_asv_head { /* one result file, before it is read */
    const char *name, *path;
    const char *env; /* by its content, else by its name; never NULL */
    double date;     /* NaN: not said */
    const char *variant;
    const char *source, *location; /* NULL: not asked for */
    bool known;                    /* was imported before */
};
PFL_VEC(pfl_asv_heads, struct pfl_asv_head);

/* Fills the heads' variants. Which of two that overlap has none does not change when the archive
 * grows at its end. false: no memory. */
bool pfl_asv_environments(struct pfl_asv_head *heads, size_t n);
/* "0123abcd-py3.8-numpy.json" → "py3.8-numpy"; NULL: not so called. */
const char *pfl_asv_env_of_name(struct pfl_arena *arena, const char *name);
int pfl_asv_read_machine(struct pfl_asv *asv, const char *folder, struct pfl_err *err);
/* The archive's input, one file. folder: that it lies in; NULL: in none. */
int pfl_asv_read_stream(struct pfl_asv *asv, const char *folder, struct pfl_err *err);

int pfl_asv_warn(struct pfl_asv *asv, const char *path, int line, int column, const char *format,
                 ...) PFL_PRINTF(5, 6);

#endif
