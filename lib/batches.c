/*
 * How many iterations the next batch has. Decides nothing else and reads no clock: the engine tells
 * what the last batch took, and what time it is.
 *
 * First: one iteration, recorded apart (caches, lazy set-up).
 * Sizing: 1, 2, 4 … iterations until a batch takes half of what one shall take; then the size is
 * scaled once. One that was interrupted is repeated; if the first timed batch is much too short all
 * the same, sizing goes on. This warms up, too: about twice a batch.
 * Timed: batches of that size until the time is spent, at least three; one if the body takes more
 * than a second. Set-up of batches, yardsticks and waiting at the barrier of threads spend nothing:
 * after ten times the time by the wall clock it ends with the batches there are.
 *
 * A body that takes longer than a batch has one iteration per batch, and the sizing batch counts as
 * the first timed one, for nothing distinguishes them. A timed batch in which the thread was taken
 * off its processor is dropped (the one that waited for its turn again has cold caches and a hole),
 * but no more of them than there are others; where the body itself is longer than a batch, all
 * stay, and in a race, where they come in pairs. Wall time decides, not the body's own: pauses must
 * not stretch a batch, for the yardsticks beside it would be far away.
 */
#include "engine.h"

enum { BATCHES_LEAST = 3, BATCHES_AGAIN = 16, BATCHES_PATIENCE = 10 };

#define BATCHES_SIZE_MAX (UINT64_C(1) << 48)

void pfl_lib_plan_init(struct pfl_lib_plan *plan, const struct pfl_lib_how *how)
{
    *plan = (struct pfl_lib_plan){
        .phase = PFL_LIB_FIRST,
        .size = 1,
        .batch_ns = (how->batch_s > 0 ? how->batch_s : 0.0005) * 1e9,
        .seconds_ns = how->seconds * 1e9,
        .least = BATCHES_LEAST,
        .count_only = how->count_only,
        .keep_all = how->steering != NULL,
    };
}

static bool batches_after_timed(struct pfl_lib_plan *plan, double wall_ns, bool interrupted)
{
    if (plan->timed == 0 && plan->size > 1 && plan->size < BATCHES_SIZE_MAX &&
        wall_ns < plan->batch_ns / 2 && !plan->keep_all && plan->again++ < BATCHES_AGAIN) {
        plan->size *= 2; /* what it was sized by had been disturbed, or the body is warm now */
        plan->phase = PFL_LIB_SIZING;
        return false;
    }
    plan->spent_ns += wall_ns;
    if (interrupted && plan->size > 1 && !plan->keep_all && plan->dropped <= plan->timed) {
        plan->dropped++;
        return false;
    }
    plan->timed++;
    if (wall_ns / (double)plan->size > 1e9)
        plan->least = 1;
    if (plan->timed >= plan->least && plan->spent_ns >= plan->seconds_ns)
        plan->phase = PFL_LIB_OVER;
    return true;
}

static bool batches_after_sizing(struct pfl_lib_plan *plan, double wall_ns, bool interrupted)
{
    double scaled;

    if (interrupted && plan->size > 1 && plan->again++ < BATCHES_AGAIN)
        return false; /* too long for another reason */
    if (plan->size == 1 && wall_ns >= plan->batch_ns) {
        plan->phase = PFL_LIB_TIMED;
        return batches_after_timed(plan, wall_ns, interrupted);
    }
    if (wall_ns < plan->batch_ns / 2 && plan->size < BATCHES_SIZE_MAX) {
        plan->size *= 2;
        return false;
    }
    scaled = (double)plan->size * plan->batch_ns / (wall_ns > 1 ? wall_ns : 1) + 0.5;
    plan->size = scaled < 1                          ? 1
                 : scaled < (double)BATCHES_SIZE_MAX ? (uint64_t)scaled
                                                     : BATCHES_SIZE_MAX;
    plan->phase = PFL_LIB_TIMED;
    return false;
}

bool pfl_lib_plan_advance(struct pfl_lib_plan *plan, double wall_ns, bool interrupted)
{
    switch (plan->phase) {
    case PFL_LIB_FIRST:
        plan->phase = plan->count_only ? PFL_LIB_OVER : PFL_LIB_SIZING;
        return false;
    case PFL_LIB_SIZING: return batches_after_sizing(plan, wall_ns, interrupted);
    case PFL_LIB_TIMED: return batches_after_timed(plan, wall_ns, interrupted);
    case PFL_LIB_OVER: break;
    }
    return false;
}

void pfl_lib_plan_watch(struct pfl_lib_plan *plan, int64_t now_ns)
{
    if (plan->phase != PFL_LIB_TIMED || plan->keep_all)
        return;
    if (plan->since_ns == 0)
        plan->since_ns = now_ns;
    else if (plan->timed >= plan->least &&
             (double)(now_ns - plan->since_ns) >= BATCHES_PATIENCE * plan->seconds_ns)
        plan->phase = PFL_LIB_OVER;
}
