/* Fields that several forms of record share; each function serves both ways (see pack.h). */
#ifndef PFL_STORE_FIELDS_H
#define PFL_STORE_FIELDS_H

#include "model/run.h"
#include "store/pack.h"

/* All that stands before the benchmarks: label to warnings. */
void pfl_store_put_head(struct pfl_store_pack *p, struct pfl_run *run);
void pfl_store_put_yardsticks(struct pfl_store_pack *p, struct pfl_run *run);
void pfl_store_put_pairs(struct pfl_store_pack *p, struct pfl_pair **pairs, size_t *n);
void pfl_store_put_texts(struct pfl_store_pack *p, const char ***texts, size_t *n);
void pfl_store_put_status(struct pfl_store_pack *p, enum pfl_status *status);
void pfl_store_put_better(struct pfl_store_pack *p, enum pfl_better *better);

/* What normalised a result; false: nothing did. */
void pfl_store_put_normalised(struct pfl_store_pack *p, struct pfl_normalised *normalised);

/* A summary's doubles by number, in the order in which they are stored: median, interval, mean … */
enum { PFL_STORE_SUMMARY_FIELDS = 9 };
double *pfl_store_summary_field(struct pfl_summary *summary, size_t field);

#endif
