/* `export --history`: the ledger's series, summed up per run or period, one record after the other.
 */
#ifndef PFL_FLOW_HISTORY_H
#define PFL_FLOW_HISTORY_H

#include "flow/flow.h"
#include "model/history.h"

struct pfl_flow_history_params {
    const char *const *select; /* globs over benchmarks, or bare suite names; none: all */
    size_t select_count;
    const char *metric; /* glob; NULL: all */
    enum pfl_history_every every;
    size_t *undated; /* counts points of runs without a date: they are in no period; NULL */
    /* What is called as it goes: a series, then its records, oldest first; texts are borrowed until
     * the return. Not PFL_OK stops and is handed on. */
    int (*series)(void *context, const struct pfl_history_series *series, struct pfl_err *err);
    int (*record)(void *context, const struct pfl_history_record *record, struct pfl_err *err);
    void *context;
};

/* Series sorted by benchmark, metric, variant, machine. Points of void runs and of races are left
 * out, aliases followed, all in one state of the ledger. No ledger yet, or nothing selected, is
 * PFL_ENOTHING, told before anything is called. */
int pfl_flow_history(struct pfl_flow *flow, const struct pfl_flow_history_params *params,
                     struct pfl_err *err);

#endif
