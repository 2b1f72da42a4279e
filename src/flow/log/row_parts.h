/* What the files log_row*.c share. Nothing else includes this.
 *
 *     row.c          the story: find the runs, put facts together, write
 *       row_facts.c    the user's words and git's
 *       row_make.c     facts + runs → comparison and text, also for the audit
 *       row_pool.c     the other runs of both revisions, and what they contradict
 *       row_refuse.c   what may not be claimed, and why
 */
#ifndef PFL_FLOW_LOG_ROW_PARTS_H
#define PFL_FLOW_LOG_ROW_PARTS_H

#include "flow/log/row.h"

struct pfl_log_row_story {
    struct pfl_flow *flow;
    const struct pfl_flow_log_row_params *params;
    struct pfl_row_facts facts;
    struct pfl_run *base, *head;
    struct pfl_comparison comparison;
    const char *why_snapshot, *warning;
    struct pfl_err *err;
};

/* Facts from the options; PFL_EUSAGE. Then what git and the folders say, for the runs are known;
 * the cause alone (PFL_ENOENT) before that. */
int pfl_log_row_ask(struct pfl_log_row_story *s);
int pfl_log_row_gather(struct pfl_log_row_story *s);
int pfl_log_row_cause(struct pfl_log_row_story *s);

/* The comparison that the facts ask for; without a base only base (NULL) and head are set. */
int pfl_log_row_compare(struct pfl_flow *flow, const struct pfl_row_facts *facts,
                        const struct pfl_run *base, const struct pfl_run *head,
                        struct pfl_comparison *comparison, struct pfl_err *err);

/* Fills what the facts keep of gates and of the ledger's history: tolerances and deviations of the
 * rows that the text is about. */
int pfl_log_row_learn(struct pfl_flow *flow, struct pfl_row_facts *facts,
                      const struct pfl_run *base, const struct pfl_run *head, struct pfl_err *err);

/* What the run holds: a clean revision, whole figures of a release's build. */
int pfl_log_row_refuse_content(const struct pfl_row_facts *facts, const struct pfl_run *run,
                               const char *side, struct pfl_err *err);
/* A warning that the benchmark's program was built as no release is; NULL: there is none. */
const char *pfl_log_row_warned(const struct pfl_benchmark *bench);
/* The run by itself: may it be cited as one side of such a row? side: "base", "head". */
int pfl_log_row_refuse_run(struct pfl_flow *flow, const struct pfl_row_facts *facts,
                           const struct pfl_run *run, const char *side, struct pfl_err *err);
/* The two together, and where their commits stand. base NULL for a baseline. */
int pfl_log_row_refuse_pair(struct pfl_flow *flow, const struct pfl_row_facts *facts,
                            const struct pfl_run *base, const struct pfl_run *head,
                            struct pfl_err *err);
/* One machine, the base's commit before the head's, the cause within the base. base may be NULL. */
int pfl_log_row_refuse_sides(struct pfl_flow *flow, const struct pfl_row_facts *facts,
                             const struct pfl_run *base, const struct pfl_run *head,
                             struct pfl_err *err);
/* What they show. */
int pfl_log_row_refuse_claim(const struct pfl_row_facts *facts,
                             const struct pfl_comparison *comparison, struct pfl_arena *arena,
                             struct pfl_err *err);

/* Fills the facts' pools; then, by the facts alone: what is claimed must hold of them, too. */
int pfl_log_row_pool(struct pfl_flow *flow, struct pfl_row_facts *facts,
                     const struct pfl_comparison *comparison, struct pfl_err *err);
int pfl_log_row_refuse_pools(const struct pfl_row_facts *facts,
                             const struct pfl_comparison *comparison, struct pfl_err *err);

#endif
