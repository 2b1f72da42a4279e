/*
 * A measuring session: probe what is required, set everything up, warm up, measure in interleaved
 * rounds, clean up.
 *
 * Enters a plan, leaves the run's benchmarks. Set-up of all benchmarks comes before the first
 * launch and cleanup of all after the last, because the rounds go across benchmarks; cleanup runs
 * for everything whose setup began, also after failures and Ctrl-C. The whole session's time limit
 * is kept in three ways: a launch that by experience would end too late is not begun, a launch that
 * runs on regardless is ended at the limit, and commands around launches are limited likewise.
 * Cleanup may run on for a second after it, all together; a second Ctrl-C ends it, and what was
 * measured is kept all the same.
 */
#include "measure/measure.h"

#include "measure/order.h"
#include "measure/session.h"

#define SECOND INT64_C(1000000000)
#define READING_LATEST (SECOND / 10) /* before the session's end */

static int calibrate_all(struct pfl_session *s, struct pfl_err *err)
{
    size_t i;
    int rc = PFL_OK;

    for (i = 0; i < s->item_count && rc == PFL_OK && !pfl_session_over(s); i++)
        rc = pfl_shell_calibrate(s, &s->items[i], err);
    return rc;
}

static int warm_up_all(struct pfl_session *s, struct pfl_err *err)
{
    bool more = true;
    int turn, rc = PFL_OK;

    for (turn = 0; more && rc == PFL_OK; turn++) {
        more = false;
        rc = pfl_session_warm_up(s, turn, &more, err);
    }
    return rc;
}

/* By the launches so far: would another one end after the session's time? Then this benchmark is
 * done. */
static bool too_late(struct pfl_session *s, struct pfl_session_item *item)
{
    int64_t next = item->steps ? item->steps_ns / item->steps : 0;

    if (!s->deadline_ns || pfl_session_now(s) + next <= s->deadline_ns)
        return false;
    item->cut_short = true;
    item->over = true;
    return true;
}

static bool wants(void *context, size_t index)
{
    struct pfl_session *s = context;

    return pfl_step_wanted(&s->items[index]);
}

/* Between rounds only: which benchmark the next launch is of is a matter of chance. Not when the
 * session's time is nearly up. */
static int read_yardsticks(struct pfl_session *s, struct pfl_err *err)
{
    if (s->deadline_ns && s->deadline_ns - pfl_session_now(s) < READING_LATEST)
        return PFL_OK;
    return pfl_readings_take_if_due(&s->readings, err);
}

/* A run is kept with its yardsticks' references when it has readings; one whose programs ran a
 * yardstick themselves needs those however short it was. */
static int read_at_least_once(struct pfl_session *s, struct pfl_err *err)
{
    size_t i;

    if (s->readings.all.n)
        return PFL_OK;
    for (i = 0; i < s->item_count; i++)
        if (s->items[i].plan->select && s->items[i].insides.n)
            return pfl_readings_take(&s->readings, err);
    return PFL_OK;
}

static int measure_all(struct pfl_session *s, struct pfl_err *err)
{
    uint32_t *places = pfl_arena_array(s->arena, s->item_count, sizeof *places);
    size_t readings;
    struct pfl_order order;
    int rc = PFL_OK;
    size_t i;

    if (!places)
        return pfl_err_no_memory(err);
    pfl_order_init(&order, s->plan->order_seed, places);
    while (rc == PFL_OK && !pfl_session_over(s) &&
           pfl_order_next_round(&order, s->item_count, wants, s)) {
        s->round++;
        pfl_progress_round(s);
        readings = s->readings.all.n;
        rc = read_yardsticks(s, err);
        if (rc == PFL_OK && s->readings.all.n > readings)
            rc = pfl_session_warm_again(s, &s->items[order.items[0]], err);
        for (i = 0; i < order.n && rc == PFL_OK && !pfl_session_over(s); i++) {
            struct pfl_session_item *item = &s->items[order.items[i]];

            if (too_late(s, item))
                continue;
            pfl_progress_tell(s, "measuring", item);
            rc = pfl_step(s, item, true, err);
        }
    }
    for (i = 0; i < s->item_count; i++)
        if (pfl_step_wanted(&s->items[i]))
            s->items[i].cut_short = true;
    if (rc == PFL_OK)
        rc = read_yardsticks(s, err);
    return rc == PFL_OK ? read_at_least_once(s, err) : rc;
}

/* Everything between opening the launcher and closing it. Cleanup is due even when memory ran out
 * half-way. */
static int measure_session(struct pfl_session *s, struct pfl_err *err)
{
    int rc = pfl_session_probe(s, err), cleaned;
    size_t due;

    if (rc == PFL_OK)
        rc = pfl_session_set_up(s, err);
    if (rc == PFL_OK && pfl_session_any_left(s))
        rc = pfl_launcher_open(&s->launcher, err);
    if (rc == PFL_OK)
        rc = calibrate_all(s, err);
    if (rc == PFL_OK)
        rc = warm_up_all(s, err);
    if (rc == PFL_OK)
        rc = measure_all(s, err);
    due = pfl_session_cleanups(s);
    cleaned = pfl_session_clean_up(s, pfl_session_cleanup_end(s), &due, rc == PFL_OK ? err : NULL);
    pfl_launcher_close(s->launcher);
    return rc != PFL_OK ? rc : cleaned;
}

int pfl_measure(const struct pfl_measure_params *params, struct pfl_arena *arena,
                struct pfl_run *run, struct pfl_err *err)
{
    struct pfl_run filled = *run;
    struct pfl_machine_presence *presence = pfl_machine_enter();
    struct pfl_machine_load load;
    struct pfl_session session;
    int rc;

    filled.seed = params->plan->order_seed;
    filled.partial = false;
    filled.started_unix_ns = params->clock->unix_ns(params->clock->context);
    rc = pfl_session_open(&session, params, arena, &filled, err);
    if (rc == PFL_OK)
        rc = pfl_busy_before(&session, &load, presence, err);
    if (rc == PFL_OK)
        rc = measure_session(&session, err);
    if (rc == PFL_OK)
        rc = pfl_busy_after(&session, &load, presence, err);
    if (rc == PFL_OK)
        rc = pfl_session_freeze(&session, err);
    pfl_session_close(&session);
    pfl_machine_leave(presence);
    if (rc != PFL_OK)
        return rc;
    filled.partial = filled.partial || session.stopped;
    filled.finished_unix_ns = params->clock->unix_ns(params->clock->context);
    if (filled.finished_unix_ns < filled.started_unix_ns)
        filled.finished_unix_ns = filled.started_unix_ns;
    *run = filled;
    return PFL_OK;
}
