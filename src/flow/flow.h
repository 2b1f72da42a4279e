/*
 * The session of one command: the configuration that holds here, the ledger, the repository, the
 * machine. flow/ is the only place that joins the stages; each user story is one file (run.c,
 * compare.c, baseline.c, ledger.c, init.c) that takes this struct.
 *
 * Everything found is borrowed from the arena; pfl_flow_close() closes the ledger. Nothing here
 * prints.
 */
#ifndef PFL_FLOW_FLOW_H
#define PFL_FLOW_FLOW_H

#include "base/arena.h"
#include "base/err.h"
#include "model/suite.h"
#include "store/store.h"
#include "sys/clock.h"

struct pfl_flow_params {
    struct pfl_arena *arena;
    const char *config_file; /* NULL: perfledger.yaml here or above */
    const char *ledger_url;  /* NULL: .perfledger/ledger.db beside perfledger.yaml, else at the git
                                root, else here */
    const struct pfl_clock *clock;
};

struct pfl_flow {
    struct pfl_arena *arena;
    const struct pfl_clock *clock;
    const char *folder;       /* where the command runs */
    struct pfl_config config; /* built-in defaults when no file was found (config.file is NULL) */
    const char *root;         /* folder of perfledger.yaml, else the git root, else `folder` */
    const char *ledger_url;
    bool ledger_given;           /* by the user: it must be there, unless the command records */
    const char *baseline_folder; /* absolute */
    struct pfl_store *store;     /* open once asked for */
    struct pfl_revision revision;
    const char *git_root; /* NULL: no repository */
    bool revision_known;  /* git was asked */
    struct pfl_machine machine;
    bool machine_known;
    struct pfl_log_measured *measured; /* what documents read of runs (log/points.c) */
};

int pfl_flow_open(const struct pfl_flow_params *params, struct pfl_flow *flow, struct pfl_err *err);
void pfl_flow_close(struct pfl_flow *flow);

/* What a story wants of the ledger. READ works where this user may not write; RECORD makes one that
 * is absent (the others: PFL_ENOENT says how one comes to be); IMPORT is RECORD for very much. */
enum pfl_flow_access { PFL_FLOW_READ, PFL_FLOW_REMARK, PFL_FLOW_RECORD, PFL_FLOW_IMPORT };

/* The ledger, opened at the first call; a later one may not want more than the first. */
int pfl_flow_store(struct pfl_flow *flow, enum pfl_flow_access access, struct pfl_store **store,
                   struct pfl_err *err);

/* git's and the machine's answers, asked once. */
int pfl_flow_revision(struct pfl_flow *flow, const struct pfl_revision **revision,
                      struct pfl_err *err);
int pfl_flow_machine(struct pfl_flow *flow, const struct pfl_machine **machine,
                     struct pfl_err *err);

/* The newest tag before HEAD that is a release (`release: { tags: GLOB }`; any without it).
 * PFL_ENOENT. */
int pfl_flow_last_tag(struct pfl_flow *flow, const char **tag, struct pfl_err *err);

/* The commit that a revision names; "last-tag" is the last release's. Errors as pfl_git_resolve. */
int pfl_flow_commit(struct pfl_flow *flow, const char *word, const char **commit,
                    struct pfl_err *err);

/*
 * What a word on the command line names, loaded with summaries: an existing file (perfledger's run
 * format), a baseline
 * ("0003", its name, "baseline" = the one in use), a run ("latest" or the start of its id), a
 * revision (its newest complete run in the ledger; "last-tag"). "run:", "rev:", "baseline:",
 * "file:" in front remove any doubt. *label: how reports call it.
 */
int pfl_flow_resolve(struct pfl_flow *flow, const char *word, struct pfl_run *run,
                     const char **label, struct pfl_err *err);

/* A run of the ledger, which is open, with everything that follows from what is stored. */
int pfl_flow_load(struct pfl_flow *flow, const char *id, struct pfl_run *run, struct pfl_err *err);

/* A run of perfledger's own format from a file, summaries filled. */
int pfl_flow_read_run(const char *path, struct pfl_arena *arena, struct pfl_run *run,
                      struct pfl_err *err);

/* The newest complete configured run of this machine: PFL_ENOTHING when there is none. */
int pfl_flow_latest(struct pfl_flow *flow, struct pfl_run *run, struct pfl_err *err);

/* The stated intervals anew, with what the ledger knows of how sessions differ here. */
int pfl_flow_state(struct pfl_flow *flow, struct pfl_run *run, struct pfl_err *err);

/* A gate's policy from the configuration; session deviations come from the ledger when there is
 * one. */
int pfl_flow_policy(struct pfl_flow *flow, struct pfl_policy *policy, struct pfl_err *err);

#endif
