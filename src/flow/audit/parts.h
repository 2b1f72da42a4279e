/* What the files of the audit share. */
#ifndef PFL_FLOW_AUDIT_PARTS_H
#define PFL_FLOW_AUDIT_PARTS_H

#include "base/map.h"
#include "base/vec.h"
#include "documents/block.h"
#include "documents/prose.h"
#include "flow/audit/audit.h"
#include "vcs/git.h"
#include "vcs/remote.h"

PFL_VEC(pfl_audit_findings, struct pfl_audit_finding);
PFL_VEC(pfl_audit_notes, const char *);

struct pfl_audit_document {
    const char *path; /* relative to the root */
    const char *text;
    size_t len;
    struct pfl_blocks blocks;
    struct pfl_prose_item *prose;
    size_t prose_count;
};
PFL_VEC(pfl_audit_documents, struct pfl_audit_document);

struct pfl_auditor {
    struct pfl_flow *flow;
    struct pfl_arena *arena; /* of what outlives a block */
    struct pfl_err *err;
    const char *since;
    bool git; /* there is a repository to ask */
    bool shallow;
    bool merge_told; /* how documents are merged */
    struct pfl_audit_findings findings;
    struct pfl_audit_notes notes;
    struct pfl_audit_documents documents;
    struct pfl_map runs;      /* ids that were looked at */
    struct pfl_map commits;   /* all that lead to HEAD, newest first, once asked for */
    struct pfl_map retracted; /* ids of blocks that retractions name */
    size_t blocks;
    size_t unproven;             /* deviations of sessions that no ledger here proves */
    size_t pools_unproven;       /* sides of pools, likewise */
    size_t taken_words;          /* runs whose stated intervals are another version's word */
    struct pfl_git_lines config; /* what commits added to perfledger.yaml, once asked for */
    bool config_known;
    struct pfl_git_web origin; /* likewise */
    bool origin_known;
};

/* PFL_ENOMEM, also for a NULL text. */
int pfl_audit_find(struct pfl_auditor *auditor, const char *file, int line, const char *what);
int pfl_audit_note(struct pfl_auditor *auditor, const char *what);

/* What a block's facts say that its runs, git or the ledger know (facts.c). */
int pfl_audit_facts(struct pfl_auditor *auditor, const struct pfl_audit_document *document,
                    const struct pfl_block *block);

/* Does the repository have it? Commits that lead to HEAD cost no process each. */
int pfl_audit_has_commit(struct pfl_auditor *auditor, const char *commit, bool *answer);

/* Each looks at one thing of every document. */
int pfl_audit_blocks(struct pfl_auditor *auditor);  /* seals, runs, texts, charts */
int pfl_audit_order(struct pfl_auditor *auditor);   /* rows below those they follow */
int pfl_audit_history(struct pfl_auditor *auditor); /* against what was committed */
int pfl_audit_prose(struct pfl_auditor *auditor);   /* figures and links of people */

#endif
