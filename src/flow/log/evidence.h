/*
 * The runs that documents cite. They must be found by whoever has only the repository, so each is
 * also kept as a file: FOLDER/runs/ID.json (folder: documents.folder, "perf"), perfledger's own
 * format, whole. The id is a hash of the content, so such a file cannot be changed unseen.
 */
#ifndef PFL_FLOW_LOG_EVIDENCE_H
#define PFL_FLOW_LOG_EVIDENCE_H

#include "flow/flow.h"

/* Writes the run's file; one that is there stays. *path: relative to the root. */
int pfl_flow_evidence_keep(struct pfl_flow *flow, const struct pfl_run *run, const char **path,
                           struct pfl_err *err);

/* The run a document names, whole id, with summaries: from its file, else from the ledger if there
 * is one. PFL_ENOENT: neither has it. PFL_ECORRUPT: the file's content is not what its id says (the
 * message names it). */
int pfl_flow_evidence_load(struct pfl_flow *flow, const char *id, struct pfl_run *run,
                           struct pfl_err *err);

/* Can the run of the head be proved: is it whole in the ledger, or kept as a file? */
bool pfl_flow_evidence_whole(struct pfl_flow *flow, const struct pfl_run_head *head);

/* The file of a run that was loaded: *line is the first that says anything but what follows from
 * the run (its id proves the samples, not the medians beside them), 0 when all is right or there is
 * no file. *place: relative to the root. */
int pfl_flow_evidence_form(struct pfl_flow *flow, const struct pfl_run *run, const char **place,
                           int *line, struct pfl_err *err);

/* The stated intervals of a run that another version of perfledger measured become those of its
 * file at `path`, where they can be believed. */
int pfl_flow_evidence_stated(const char *path, struct pfl_run *run, struct pfl_err *err);

/* Ids of all runs that the documents here (log, folder/ and below) cite, sorted, each once; with
 * those of baselines. What `prune` must not touch. */
int pfl_flow_evidence_cited(struct pfl_flow *flow, const char ***ids, size_t *n,
                            struct pfl_err *err);

#endif
