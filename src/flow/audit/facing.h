/* What the files share that hold a block's facts against what knows better.
 *
 *     facts.c   of a row, and what every block states
 *       pages.c   of a snapshot, a trend, a run of record
 *       pools.c   the other runs of a row's revisions
 *       config.c  what the configuration said once
 */
#ifndef PFL_FLOW_AUDIT_FACING_H
#define PFL_FLOW_AUDIT_FACING_H

#include "documents/row.h"
#include "flow/audit/parts.h"
#include "flow/log/facts.h"
#include "model/verdict.h"

struct pfl_audit_facing {
    struct pfl_auditor *auditor;
    const struct pfl_audit_document *document;
    const struct pfl_block *block;
    struct pfl_row_facts row;
    const struct pfl_run *base, *head; /* base NULL: there is none */
};

#define PFL_AUDIT_FIND(f, ...)                                                                     \
    pfl_audit_find((f)->auditor, (f)->document->path, (f)->block->line,                            \
                   pfl_arena_format((f)->auditor->arena, __VA_ARGS__))

/* Safe to print, never NULL. */
const char *pfl_audit_shown(const struct pfl_audit_facing *f, const char *text);
/* There is a repository that has all of its history. */
bool pfl_audit_asks_git(const struct pfl_audit_facing *f);

int pfl_audit_tag(const struct pfl_audit_facing *f, const char *tag, const struct pfl_run *run);
int pfl_audit_deviation(const struct pfl_audit_facing *f, const struct pfl_log_deviation *stated);

int pfl_audit_page(struct pfl_audit_facing *f);
int pfl_audit_pools(const struct pfl_audit_facing *f, const struct pfl_comparison *comparison);

/* Was the machine, by name or id, ever the reference machine in a committed configuration? *was:
 * also where nobody can know. */
int pfl_audit_was_reference(const struct pfl_audit_facing *f, const struct pfl_machine *machine,
                            const char *named, bool *was);
/* Did the configuration of that commit name one? */
int pfl_audit_named_reference(const struct pfl_audit_facing *f, const char *commit, bool *named);
/* Does today's configuration, or a line of one that was committed, hold this value? unit: as of
 * pfl_units_read_value(), "%": a fraction. *was: also where nobody can know. */
int pfl_audit_was_written(const struct pfl_audit_facing *f, double value, const char *unit,
                          bool *was);

#endif
