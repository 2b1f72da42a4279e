/*
 * One trial: blocks of eight launches of one identical command, in the order A B B A A B B A or
 * turned about, and after each block one batch of every yardstick. Yardsticks never stand between
 * two launches of a pair: they leave their own data in the caches. Conditions are read before the
 * trial, for it makes the load that it would see; what is a share of the trial's time (pressure,
 * stolen time) is the difference of two readings around it.
 *
 * Time: the trial goes on until another block would not fit into --max-time; the first two blocks,
 * 16 launches, are done in any case, because fewer show nothing.
 */
#include "flow/doctor.h"

#include "base/vec.h"
#include "judge/doctor.h"
#include "sys/conditions.h"
#include "sys/machine.h"
#include "sys/spinner.h"
#include "sys/yardstick.h"

#include <math.h>

#define COMMAND_NS INT64_C(20000000)

enum { LAUNCHES_A_BLOCK = 8, BLOCKS_LEAST = 2, BLOCKS_MOST = 4096, WARM_LAUNCHES = 2 };

PFL_VEC(seconds, double);

struct trial {
    const struct pfl_flow_doctor_params *params;
    const struct pfl_clock *clock;
    struct pfl_spinner *spinner;
    struct pfl_yardsticks *yardsticks;
    struct seconds wall, cpu, batches[PFL_YARDSTICK_COUNT];
    double overhead_s; /* summed */
    int64_t begun_ns, trial_ns, slowest_block_ns;
};

static int64_t now_ns(const struct trial *trial)
{
    return trial->clock->monotonic_ns(trial->clock->context);
}

static void tell(const struct trial *trial, size_t blocks)
{
    int64_t spent = now_ns(trial) - trial->begun_ns, left = trial->params->max_time_ns - spent;
    size_t expected =
        trial->slowest_block_ns > 0 && left > 0 ? (size_t)(left / trial->slowest_block_ns) : 0;
    struct pfl_progress progress = {
        .benchmark = "identical commands",
        .phase = "measuring",
        .round = blocks,
        .rounds = blocks + expected,
        .estimate = NAN,
        .ci_low = NAN,
        .ci_high = NAN,
        .seconds_left = blocks && left > 0 ? (double)left / 1e9 : NAN,
    };

    if (trial->params->progress)
        trial->params->progress(trial->params->context, &progress);
}

static int launch(struct trial *trial, bool recorded, struct pfl_err *err)
{
    struct pfl_spin spin;
    int rc = pfl_spinner_run(trial->spinner, trial->params->stop_asked, trial->params->context,
                             &spin, err);

    if (rc != PFL_OK || !recorded)
        return rc;
    trial->overhead_s += spin.took_s - spin.wall_s;
    return pfl_vec_push(&trial->wall, &spin.wall_s) && pfl_vec_push(&trial->cpu, &spin.cpu_s)
               ? PFL_OK
               : pfl_err_no_memory(err);
}

/* A and B are the same command, so the order A B B A is only a way of reading the launches. */
static int run_block(struct trial *trial, struct pfl_err *err)
{
    int rc = PFL_OK, i;
    double value;

    for (i = 0; i < LAUNCHES_A_BLOCK && rc == PFL_OK; i++)
        rc = launch(trial, true, err);
    for (i = 0; i < PFL_YARDSTICK_COUNT && rc == PFL_OK; i++) {
        value = pfl_yardsticks_run(trial->yardsticks, (enum pfl_yardstick)i);
        if (!pfl_vec_push(&trial->batches[i], &value))
            rc = pfl_err_no_memory(err);
    }
    return rc;
}

static int run_blocks(struct trial *trial, struct pfl_err *err)
{
    const struct pfl_flow_doctor_params *params = trial->params;
    int64_t begun, took;
    size_t blocks = 0;
    int rc = PFL_OK, i;

    for (i = 0; i < WARM_LAUNCHES && rc == PFL_OK; i++)
        rc = launch(trial, false, err);
    while (rc == PFL_OK && blocks < BLOCKS_MOST) {
        begun = now_ns(trial);
        if (blocks >= BLOCKS_LEAST &&
            begun - trial->begun_ns + trial->slowest_block_ns > params->max_time_ns)
            break;
        if (params->stop_asked && params->stop_asked(params->context))
            return pfl_err_set(err, PFL_EINTERRUPTED, "stopped while the noise floor was measured");
        tell(trial, blocks++);
        rc = run_block(trial, err);
        took = now_ns(trial) - begun;
        trial->slowest_block_ns = took > trial->slowest_block_ns ? took : trial->slowest_block_ns;
    }
    return rc;
}

static double share(int64_t part, int64_t whole)
{
    return part >= 0 && whole > 0 ? (double)part / (double)whole : NAN;
}

/* The trial between two readings of what is a share of its time. */
static int run_trial(struct trial *trial, struct pfl_evidence *evidence, struct pfl_err *err)
{
    struct pfl_machine_load load_before, load_after;
    struct pfl_cpu_ticks ticks_before, ticks_after;
    int64_t begun = now_ns(trial);
    int rc;

    pfl_conditions_ticks("", &ticks_before);
    pfl_machine_load("", &load_before);
    rc = run_blocks(trial, err);
    pfl_machine_load("", &load_after);
    pfl_conditions_ticks("", &ticks_after);
    trial->trial_ns = now_ns(trial) - begun;
    evidence->stalled = evidence->stolen = NAN;
    if (load_before.cpu_stall_us >= 0 && load_after.cpu_stall_us >= 0)
        evidence->stalled =
            share((load_after.cpu_stall_us - load_before.cpu_stall_us) * 1000, trial->trial_ns);
    if (ticks_before.wanted >= 0 && ticks_after.wanted >= 0)
        evidence->stolen = share(ticks_after.stolen - ticks_before.stolen,
                                 ticks_after.wanted - ticks_before.wanted);
    return rc;
}

static const double *keep(struct pfl_arena *arena, const struct seconds *values)
{
    return pfl_arena_grow(arena, values->at, values->n, values->n, sizeof *values->at);
}

/* From the trial's columns into the arena. */
static int keep_columns(struct pfl_arena *arena, const struct trial *trial,
                        struct pfl_evidence *evidence, struct pfl_err *err)
{
    size_t i;

    evidence->launch_count = trial->wall.n;
    evidence->yardstick_count = trial->batches[0].n;
    evidence->overhead_s = trial->overhead_s / (double)trial->wall.n;
    evidence->wall_s = keep(arena, &trial->wall);
    evidence->cpu_s = keep(arena, &trial->cpu);
    if (!evidence->wall_s || !evidence->cpu_s)
        return pfl_err_no_memory(err);
    for (i = 0; i < PFL_YARDSTICK_COUNT; i++) {
        evidence->yardsticks[i] = keep(arena, &trial->batches[i]);
        if (!evidence->yardsticks[i])
            return pfl_err_no_memory(err);
    }
    return PFL_OK;
}

static void release(struct trial *trial)
{
    size_t i;

    pfl_spinner_close(trial->spinner);
    pfl_yardsticks_close(trial->yardsticks);
    pfl_vec_release(&trial->wall);
    pfl_vec_release(&trial->cpu);
    for (i = 0; i < PFL_YARDSTICK_COUNT; i++)
        pfl_vec_release(&trial->batches[i]);
}

static int probe(struct pfl_flow *flow, struct pfl_evidence *evidence, struct pfl_err *err)
{
    const struct pfl_machine *machine;
    struct pfl_timer *timers;
    int rc = pfl_flow_machine(flow, &machine, err);

    if (rc == PFL_OK)
        rc = pfl_conditions_probe("", machine, flow->arena, &evidence->conditions, err);
    if (rc != PFL_OK)
        return rc;
    timers = pfl_arena_array(flow->arena, PFL_TIMER_COUNT, sizeof *timers);
    if (!timers)
        return pfl_err_no_memory(err);
    pfl_conditions_timers(timers);
    evidence->timers = timers;
    evidence->timer_count = PFL_TIMER_COUNT;
    return PFL_OK;
}

int pfl_flow_doctor(struct pfl_flow *flow, const struct pfl_flow_doctor_params *params,
                    struct pfl_flow_doctor_result *result, struct pfl_err *err)
{
    struct trial trial = {.params = params, .clock = flow->clock};
    struct pfl_machine_presence *presence;
    struct pfl_flow_doctor_result made = {0};
    int rc;

    trial.begun_ns = now_ns(&trial);
    rc = probe(flow, &made.evidence, err);
    presence = pfl_machine_enter();
    if (rc == PFL_OK)
        rc = pfl_yardsticks_open(flow->clock, &trial.yardsticks, err);
    if (rc == PFL_OK)
        rc = pfl_spinner_open(COMMAND_NS, &trial.spinner, err);
    if (rc == PFL_OK)
        rc = run_trial(&trial, &made.evidence, err);
    if (rc == PFL_OK)
        rc = keep_columns(flow->arena, &trial, &made.evidence, err);
    pfl_machine_leave(presence);
    made.evidence.took_s = (double)(now_ns(&trial) - trial.begun_ns) / 1e9;
    release(&trial);
    if (rc == PFL_OK)
        rc = pfl_judge_doctor(&made.evidence, flow->arena, &made.diagnosis, err);
    if (rc == PFL_OK)
        *result = made;
    return rc;
}
