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

#include <string.h>

#define SECOND INT64_C(1000000000)

#define CLEANUP_LATE                                                                               \
    (1 * SECOND) /* all cleanup together may run on so long after the session's time */
#define WORTH_WARMING (SECOND / 20)  /* shorter launches start cold after a reading */
#define READING_LATEST (SECOND / 10) /* before the session's end */
#define CLEANUP_LEAST (SECOND / 5)   /* that one which begins in time gets in any case */

int64_t pfl_session_now(struct pfl_session *s)
{
    int64_t now = s->params->clock->monotonic_ns(s->params->clock->context);

    if (now > s->latest_ns)
        s->latest_ns = now;
    return s->latest_ns;
}

bool pfl_session_interrupted(void *session)
{
    struct pfl_session *s = session;

    if (!s->stopped && s->params->stop_asked && s->params->stop_asked(s->params->context))
        s->stopped = true;
    return s->stopped;
}

bool pfl_session_hurried(void *session)
{
    struct pfl_session *s = session;

    return s->params->hurry_asked && s->params->hurry_asked(s->params->context);
}

bool pfl_session_over(struct pfl_session *s)
{
    pfl_session_interrupted(s);
    if (!s->out_of_time && s->deadline_ns && pfl_session_now(s) >= s->deadline_ns)
        s->out_of_time = true;
    return s->stopped || s->out_of_time;
}

int64_t pfl_session_timeout(struct pfl_session *s, int64_t timeout_ns, bool *cut)
{
    int64_t left = s->deadline_ns ? s->deadline_ns - pfl_session_now(s) : 0;

    *cut = s->deadline_ns && (timeout_ns <= 0 || left < timeout_ns);
    if (!*cut)
        return timeout_ns;
    return left > SECOND / 1000 ? left : SECOND / 1000;
}

int pfl_session_fail(struct pfl_session_item *item, enum pfl_status status, const char *reason,
                     struct pfl_err *err)
{
    item->over = true;
    if (!reason)
        return pfl_err_no_memory(err);
    pfl_collect_fail(&item->own, status, reason);
    return PFL_OK;
}

static int init(struct pfl_session *s, const struct pfl_measure_params *params,
                struct pfl_arena *arena, struct pfl_run *run, struct pfl_err *err)
{
    const struct pfl_plan *plan = params->plan;
    size_t i;
    int rc = PFL_OK;

    *s = (struct pfl_session){.params = params, .plan = plan, .arena = arena, .run = run};
    pfl_arena_init(&s->scratch);
    pfl_wire_init(&s->wire);
    pfl_map_init(&s->probes);
    s->latest_ns = INT64_MIN;
    s->begun_ns = pfl_session_now(s);
    pfl_readings_init(&s->readings, params->clock, s->begun_ns, 0);
    s->deadline_ns = plan->max_time_ns > 0 ? s->begun_ns + plan->max_time_ns : 0;
    s->items = pfl_arena_array(arena, plan->item_count, sizeof *s->items);
    if (!s->items)
        return pfl_err_no_memory(err);
    s->item_count = plan->item_count;
    for (i = 0; i < s->item_count; i++) {
        struct pfl_session_item *item = &s->items[i];

        item->plan = &plan->items[i];
        pfl_collect_init(&item->own, arena, item->plan->name, item->plan->params,
                         item->plan->param_count);
        pfl_map_init(&item->inside_index);
    }
    for (i = 0; i < s->item_count && rc == PFL_OK; i++)
        rc = pfl_around_prepare_item(s, &s->items[i], err);
    return rc;
}

static void release_item(struct pfl_session_item *item)
{
    size_t i;

    for (i = 0; i < item->insides.n; i++)
        pfl_collect_release(item->insides.at[i]);
    pfl_vec_release(&item->insides);
    pfl_map_release(&item->inside_index);
    pfl_vec_release(&item->launches);
    pfl_collect_release(&item->own);
}

static void release(struct pfl_session *s)
{
    size_t i;

    for (i = 0; i < s->item_count; i++)
        release_item(&s->items[i]);
    pfl_launcher_close(s->launcher);
    pfl_readings_release(&s->readings);
    pfl_wire_release(&s->wire);
    pfl_arena_release(&s->scratch);
    pfl_map_release(&s->probes);
    pfl_vec_release(&s->shells);
    pfl_vec_release(&s->probe_problems);
    pfl_vec_release(&s->warnings);
    pfl_vec_release(&s->environment);
    pfl_vec_release(&s->sorted);
}

static int probe_all(struct pfl_session *s, struct pfl_err *err)
{
    size_t i;
    int rc = PFL_OK;

    for (i = 0; i < s->item_count && rc == PFL_OK && !pfl_session_over(s); i++)
        rc = pfl_around_probe(s, &s->items[i], err);
    return rc;
}

static int set_up_all(struct pfl_session *s, struct pfl_err *err)
{
    size_t i;
    int rc = PFL_OK;

    for (i = 0; i < s->item_count && rc == PFL_OK && !pfl_session_over(s); i++) {
        struct pfl_session_item *item = &s->items[i];
        struct pfl_around setup = {"setup", item->plan->how.setup, 3600 * SECOND, false};
        const char *problem;

        if (item->over)
            continue;
        if (setup.command)
            pfl_progress_tell(s, "setup", item);
        item->set_up = true;
        rc = pfl_around_run(s, item, &setup, &problem, err);
        if (rc == PFL_OK && problem && !pfl_session_over(s))
            rc = pfl_session_fail(item, PFL_STATUS_FAILED, problem, err);
    }
    return rc;
}

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
    size_t i;

    for (turn = 0; more && rc == PFL_OK; turn++)
        for (i = 0, more = false; i < s->item_count && rc == PFL_OK && !pfl_session_over(s); i++) {
            struct pfl_session_item *item = &s->items[i];

            if (item->over || turn >= item->plan->how.warmup)
                continue;
            more = true;
            pfl_progress_tell(s, "warm-up", item);
            rc = pfl_step(s, item, false, err);
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

/* A reading leaves its own data in the caches: the launch after it would start cold, which costs
 * `true` a seventh. So a short command is launched once more, unrecorded; to a longer one this is
 * nothing. Where the user wants no warm-up at all, there is none here either. */
static int warm_again(struct pfl_session *s, struct pfl_session_item *item, struct pfl_err *err)
{
    bool brief = item->steps && item->steps_ns / item->steps < WORTH_WARMING;

    return brief && item->plan->how.warmup > 0 ? pfl_step(s, item, false, err) : PFL_OK;
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
            rc = warm_again(s, &s->items[order.items[0]], err);
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
    return rc == PFL_OK ? read_yardsticks(s, err) : rc;
}

static bool has_cleanup(const struct pfl_session_item *item)
{
    return item->set_up && item->plan->how.cleanup;
}

/* *timeout_ns: how long the next of `due` cleanups may take, all of which end at until_ns (0: no
 * limit but its own). NULL, or why it cannot be run any more. */
static const char *cleanup_time(struct pfl_session *s, int64_t until_ns, size_t due,
                                int64_t *timeout_ns)
{
    int64_t left = until_ns ? until_ns - pfl_session_now(s) : 0, share = left / (int64_t)due;

    *timeout_ns = 60 * SECOND;
    if (pfl_session_hurried(s))
        return "cleanup was not run: interrupted twice";
    if (left < 0)
        return "cleanup was not run: the session's time was up";
    if (share < CLEANUP_LEAST)
        share = CLEANUP_LEAST;
    if (until_ns && share < *timeout_ns)
        *timeout_ns = share;
    return NULL;
}

static int clean_up(struct pfl_session *s, struct pfl_session_item *item, int64_t until_ns,
                    size_t due, struct pfl_err *err)
{
    struct pfl_around cleanup = {"cleanup", item->plan->how.cleanup, 0, true};
    const char *problem = cleanup_time(s, until_ns, due, &cleanup.timeout_ns);
    int rc = PFL_OK;

    if (!problem) {
        pfl_progress_tell(s, "cleanup", item);
        rc = pfl_around_run(s, item, &cleanup, &problem, err);
    }
    if (rc == PFL_OK && problem && !pfl_collect_warn(&item->own, problem))
        rc = pfl_err_no_memory(err);
    return rc;
}

/* One that cannot be run does not keep the others from running; the first error is the answer. The
 * session's time is shared fairly: one that hangs does not take it from the others. */
static int clean_up_all(struct pfl_session *s, struct pfl_err *err)
{
    int64_t now = pfl_session_now(s), until_ns = 0;
    int rc = PFL_OK, first = PFL_OK;
    size_t i, due = 0;

    if (s->deadline_ns)
        until_ns = (now > s->deadline_ns ? now : s->deadline_ns) + CLEANUP_LATE;
    for (i = 0; i < s->item_count; i++)
        due += has_cleanup(&s->items[i]);
    for (i = 0; i < s->item_count; i++) {
        if (!has_cleanup(&s->items[i]))
            continue;
        rc = clean_up(s, &s->items[i], until_ns, due--, first == PFL_OK ? err : NULL);
        if (first == PFL_OK)
            first = rc;
    }
    return first;
}

static bool any_left(const struct pfl_session *s)
{
    size_t i;

    for (i = 0; i < s->item_count && s->items[i].over; i++)
        ;
    return i < s->item_count;
}

/* Everything between opening the launcher and closing it. Cleanup is due even when memory ran out
 * half-way. */
static int measure_session(struct pfl_session *s, struct pfl_err *err)
{
    int rc = probe_all(s, err), cleaned;

    if (rc == PFL_OK)
        rc = set_up_all(s, err);
    if (rc == PFL_OK && any_left(s))
        rc = pfl_launcher_open(&s->launcher, err);
    if (rc == PFL_OK)
        rc = calibrate_all(s, err);
    if (rc == PFL_OK)
        rc = warm_up_all(s, err);
    if (rc == PFL_OK)
        rc = measure_all(s, err);
    cleaned = clean_up_all(s, rc == PFL_OK ? err : NULL);
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
    rc = init(&session, params, arena, &filled, err);
    if (rc == PFL_OK)
        rc = pfl_busy_before(&session, &load, presence, err);
    if (rc == PFL_OK)
        rc = measure_session(&session, err);
    if (rc == PFL_OK)
        rc = pfl_busy_after(&session, &load, presence, err);
    if (rc == PFL_OK)
        rc = pfl_session_freeze(&session, err);
    release(&session);
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
