/* Reading what a launch of a harness left: what foreign_record.c and foreign_end.c share. */
#ifndef PFL_MEASURE_FOREIGN_READ_H
#define PFL_MEASURE_FOREIGN_READ_H

#include "measure/foreign.h"

struct pfl_foreign_read {
    struct pfl_session *session;
    struct pfl_session_item *item;
    struct pfl_launch *launch;
    const struct pfl_launch_result *result;
    struct pfl_buf output; /* its standard output, as far as it was caught */
    struct pfl_run run;
    size_t taken; /* benchmarks that are wanted */
    bool told;    /* of one that failed, wanted or not */
    struct pfl_err *err;
};

/* The harness's sign that what it said holds; NULL: none does. */
const struct pfl_harness_sign *pfl_foreign_sign(const struct pfl_foreign_read *r);
/* It said that nothing inside is what was selected. */
bool pfl_foreign_says_nothing(const struct pfl_foreign_read *r);
bool pfl_foreign_ended_well(const struct pfl_foreign_read *r);

/* What became of the item, where the results alone do not tell: */
int pfl_foreign_fail(struct pfl_foreign_read *r, enum pfl_status status, const char *reason);
/* sign NULL: there is no such program */
int pfl_foreign_explain(struct pfl_foreign_read *r, const struct pfl_harness_sign *sign);
/* nothing can be read, of which the reader said why (and rc); */
int pfl_foreign_no_results(struct pfl_foreign_read *r, int rc, const struct pfl_err *why);
/* results were read; but how did the process end, */
int pfl_foreign_note_ending(struct pfl_foreign_read *r, const struct pfl_harness_sign *sign);
/* and was anything of it wanted? */
int pfl_foreign_note_nothing(struct pfl_foreign_read *r);

extern const char pfl_foreign_nothing_selected[];

#endif
