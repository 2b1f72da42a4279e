/* One suite (or ad-hoc command) and its parameter matrix → combinations, one after the other. */
#ifndef PFL_MEASURE_EXPAND_H
#define PFL_MEASURE_EXPAND_H

#include "base/arena.h"
#include "base/err.h"
#include "model/plan.h"

/* Where combinations come from. */
struct pfl_source {
    const struct pfl_suite *suite; /* an ad-hoc command is dressed up as one */
    const char *file;              /* perfledger.yaml for messages; "" = the command line */
    const char *base;              /* the identity without parameters */
    const char *group;             /* what stands as the item's suite */
    bool literal;                  /* ad-hoc without parameters: braces mean nothing */
    bool lenient;                  /* ad-hoc: an unknown {name} stays as it stands */
};

struct pfl_combination {
    const char *name;
    struct pfl_pair *params; /* sorted */
    size_t param_count;
    enum pfl_tier tier; /* the lowest tier that includes it */
};

/* An iterator. Lives in the arena; no release. */
struct pfl_expander {
    struct pfl_arena *arena;
    const struct pfl_source *source;
    size_t *at; /* per axis, the value's index: an odometer, last axis fastest */
    bool done;
};

/* PFL_ECONFIG: an axis without values, an axis twice, an exclude that names no value, more than a
 * million combinations. */
int pfl_expand_begin(struct pfl_expander *expander, const struct pfl_source *source,
                     struct pfl_arena *arena, struct pfl_err *err);
/* 1 with the next combination that some tier includes, 0 at the end, or a negative code. */
int pfl_expand_next(struct pfl_expander *expander, struct pfl_combination *out,
                    struct pfl_err *err);

/* Fills an error at the source's place: `suite "x": …`. Returns code. */
int pfl_source_fail(const struct pfl_source *source, struct pfl_err *err, int code,
                    const char *format, ...) PFL_PRINTF(4, 5);

/* Fills item from a combination: everything substituted, words split, work computed, definition
 * hashed. how: complete but not yet substituted. */
int pfl_expand_complete(const struct pfl_source *source, const struct pfl_combination *combination,
                        const struct pfl_how *how, struct pfl_arena *arena,
                        struct pfl_plan_item *item, struct pfl_err *err);

/* Hex hash over what is measured, not how often or how long. */
const char *pfl_definition_hash(const struct pfl_plan_item *item, struct pfl_arena *arena);

#endif
