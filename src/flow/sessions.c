/*
 * A series' history → how much its sessions differ.
 *
 * Only the sessions since the machine last changed are one population, so points of another
 * fingerprint do not count. Whose history is asked is the caller's to say: that of the machine at
 * hand when a check is made here, that of a run's when a document speaks of the run. An audit asks
 * for the oldest sessions only, as many as there were when the document was written.
 */
#include "flow/sessions.h"

#include "base/vec.h"
#include "judge/judge.h"

#include <math.h>
#include <string.h>

PFL_VEC(medians, double);

struct history {
    struct medians medians;
    const char *fingerprint;
    size_t skip, first;
};

static int add_point(void *context, const struct pfl_store_point *point)
{
    struct history *history = context;

    if (strcmp(point->fingerprint, history->fingerprint) != 0)
        return 0;
    if (history->skip > 0) {
        history->skip--;
        return 0;
    }
    return pfl_vec_push(&history->medians, &point->summary.median) &&
                   history->medians.n != history->first
               ? 0
               : 1;
}

double pfl_flow_session_sd(void *context, const char *benchmark, const char *metric,
                           const char *variant, size_t *sessions)
{
    const struct pfl_flow_sessions *of = context;
    struct pfl_store_series_key key = {benchmark, metric, variant, of->machine_id};
    struct history history = {.fingerprint = of->fingerprint, .skip = of->skip, .first = of->first};
    double sd = NAN;

    if (pfl_store_series(of->store, &key, add_point, &history, NULL) == PFL_OK) {
        sd = pfl_judge_session_sd(history.medians.at, history.medians.n);
        *sessions = history.medians.n;
    }
    pfl_vec_release(&history.medians);
    return sd;
}

struct pfl_flow_sessions pfl_flow_sessions_of(struct pfl_store *store,
                                              const struct pfl_machine *machine)
{
    return (struct pfl_flow_sessions){store, machine->id, machine->fingerprint, 0, 0};
}
