/*
 * Reading a tree of nodes into model structs by tables: one row per key, one function per type.
 * Internal to config/.
 *
 * Nothing here returns an error code: what is wrong becomes a problem of the reader, reading goes
 * on, and pfl_config_parse() asks at the end. Functions answer whether the value was usable.
 */
#ifndef PFL_CONFIG_READER_H
#define PFL_CONFIG_READER_H

#include "base/buf.h"
#include "config/config.h"
#include "config/node.h"

enum { PFL_CONFIG_MAX_PROBLEMS = 20 };

struct pfl_config_reader {
    const struct pfl_config_params *params;
    struct pfl_arena *arena;
    struct pfl_buf message; /* the problems that will be shown */
    size_t problems, shown;
    const char *file; /* the first one's place */
    int line, column;
    bool no_memory; /* sticks; nothing else counts then */
};

/* --- problems
 * ------------------------------------------------------------------------------------------------------
 */

void pfl_config_problem(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                        const char *format, ...) PFL_PRINTF(3, 4);
void pfl_config_problem_at(struct pfl_config_reader *reader, const struct pfl_config_source *source,
                           size_t at, size_t len, const char *message);
/* A text of the user's as it may stand in a message: escaped, cut to a handy length. Never NULL. */
const char *pfl_config_shown(struct pfl_config_reader *reader, const char *text);
/* Fills err from what was gathered; PFL_OK when there was nothing. */
int pfl_config_verdict(const struct pfl_config_reader *reader, struct pfl_err *err);

/* --- schema
 * --------------------------------------------------------------------------------------------------------
 */

struct pfl_config_key;
typedef bool pfl_config_read_fn(struct pfl_config_reader *reader,
                                const struct pfl_config_node *node,
                                const struct pfl_config_key *key, void *field);

struct pfl_config_key {
    const char *name;
    pfl_config_read_fn *read;
    size_t offset; /* of the field in the struct that is filled */
    unsigned set;  /* bit for the schema's set field; 0 = none */
    int low, high; /* of a count */
};

struct pfl_config_schema {
    const char *what; /* "a suite": who does not know a key */
    const struct pfl_config_key *keys;
    size_t count;
    size_t set_offset;                    /* of the unsigned that gathers the set bits */
    const struct pfl_config_schema *also; /* keys of a struct inside: NULL = none */
    size_t also_offset;
};

/* Fills *target from a map; false when the node is no map or any key had a problem. */
bool pfl_config_read_map(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                         const struct pfl_config_schema *schema, void *target);

/* The value of a key, or NULL. */
const struct pfl_config_node *pfl_config_get(const struct pfl_config_node *map, const char *key);

/* " (did you mean 'x'?)" or "". */
const char *pfl_config_guess(struct pfl_config_reader *reader, const char *word,
                             const char *const *candidates, size_t n);

/* True when the node is of that kind; else a problem that says what was expected and what is there.
 */
bool pfl_config_expect(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                       enum pfl_config_kind kind, const char *what);

/* Arena memory that notes when there is none. */
void *pfl_config_array(struct pfl_config_reader *reader, size_t count, size_t size);

/* --- types
 * ---------------------------------------------------------------------------------------------------------
 */

pfl_config_read_fn pfl_config_read_text;     /* const char *: not empty */
pfl_config_read_fn pfl_config_read_name;     /* const char *: not empty, no control characters */
pfl_config_read_fn pfl_config_read_command;  /* const char *: not blank; final newlines go */
pfl_config_read_fn pfl_config_read_bool;     /* bool */
pfl_config_read_fn pfl_config_read_count;    /* int, from key->low to key->high */
pfl_config_read_fn pfl_config_read_duration; /* int64_t ns, > 0 */
pfl_config_read_fn pfl_config_read_age;      /* int64_t ns, > 0: 180d */
pfl_config_read_fn pfl_config_read_fraction; /* double: 10% or 0.1, ≥ 0 */
pfl_config_read_fn pfl_config_read_factor;   /* double: 0.5, 3x, > 0 */

/* Is it an unquoted null or nothing at all? */
bool pfl_config_is_null(const struct pfl_config_node *node);
/* Is it a plain boolean word? *value is set then. */
bool pfl_config_is_bool(const struct pfl_config_node *node, bool *value);
bool pfl_config_has_control(const char *text);

/* A text, or a list of texts, as an array. `what` names one of them ("a variable's name"). */
bool pfl_config_read_texts(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                           const char *what, const char ***texts, size_t *count);

/* --- parts
 * ---------------------------------------------------------------------------------------------------------
 */

extern const struct pfl_config_schema pfl_config_how_schema;
extern const struct pfl_config_schema pfl_config_suite_schema; /* with how's */
bool pfl_config_read_how(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                         struct pfl_how *how);
void pfl_config_check_how(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                          const struct pfl_how *how);

/* struct pfl_documents */
pfl_config_read_fn pfl_config_read_documents, pfl_config_read_areas, pfl_config_read_release,
    pfl_config_read_retention, pfl_config_read_removed;
/* After the suites, which its rules name. */
void pfl_config_read_paths(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                           struct pfl_config *config);
/* Why a path does not stay below the folder of perfledger.yaml, here and in another checkout; NULL:
 * it does. */
const char *pfl_config_not_below(const char *path);

pfl_config_read_fn pfl_config_read_env;      /* struct pfl_how: env, env_count */
pfl_config_read_fn pfl_config_read_params;   /* struct pfl_suite: axes */
pfl_config_read_fn pfl_config_read_work;     /* struct pfl_suite: work_unit, work_value */
pfl_config_read_fn pfl_config_read_requires; /* struct pfl_suite: requires */
/* After the suite's map was read: they speak of its parameters, which may stand behind them. */
void pfl_config_read_exclude(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                             struct pfl_suite *suite);
void pfl_config_check_work(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                           const struct pfl_suite *suite);

void pfl_config_read_suites(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                            struct pfl_config *config);

/* Appends to what the config has. */
void pfl_config_read_gates(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                           struct pfl_config *config);
void pfl_config_read_targets(struct pfl_config_reader *reader, const struct pfl_config_node *node,
                             struct pfl_config *config);
/* `thresholds: FILE` */
void pfl_config_read_thresholds(struct pfl_config_reader *reader,
                                const struct pfl_config_node *node, struct pfl_config *config);

#endif
