/*
 * A session's life, whoever drives it (measure.c one plan in rounds, race.c several in blocks):
 * made from a plan, asked whether it may go on, probed, set up, warmed up, cleaned up, given back.
 *
 * Time and Ctrl-C are asked of the session everywhere, so that both mean the same wherever they
 * come. Cleanup runs for everything whose setup began. It may run on for a second after the
 * session's time, all together: who drives several sessions gives them one common end.
 */
#include "measure/session.h"

#include "measure/foreign.h"

#define SECOND INT64_C(1000000000)

#define WORTH_WARMING (SECOND / 20) /* shorter launches start cold after a reading */
#define CLEANUP_LATE                                                                               \
    (1 * SECOND) /* all cleanup together may run on so long after the session's time */
#define CLEANUP_LEAST (SECOND / 5) /* that one which begins in time gets in any case */

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

int pfl_session_open(struct pfl_session *s, const struct pfl_measure_params *params,
                     struct pfl_arena *arena, struct pfl_run *run, struct pfl_err *err)
{
    const struct pfl_plan *plan = params->plan;
    size_t i;
    int rc = PFL_OK;

    *s = (struct pfl_session){.params = params, .plan = plan, .arena = arena, .run = run};
    pfl_arena_init(&s->scratch);
    pfl_wire_init(&s->wire);
    pfl_map_init(&s->probes);
    s->position = &s->own_position;
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

void pfl_session_close(struct pfl_session *s)
{
    size_t i;

    pfl_foreign_close(s);
    for (i = 0; i < s->item_count; i++)
        release_item(&s->items[i]);
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

int pfl_session_probe(struct pfl_session *s, struct pfl_err *err)
{
    size_t i;
    int rc = PFL_OK;

    for (i = 0; i < s->item_count && rc == PFL_OK && !pfl_session_over(s); i++)
        rc = pfl_around_probe(s, &s->items[i], err);
    return rc;
}

int pfl_session_set_up(struct pfl_session *s, struct pfl_err *err)
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

int pfl_session_warm_up(struct pfl_session *s, int turn, bool *more, struct pfl_err *err)
{
    int rc = PFL_OK;
    size_t i;

    for (i = 0; i < s->item_count && rc == PFL_OK && !pfl_session_over(s); i++) {
        struct pfl_session_item *item = &s->items[i];

        if (item->over || turn >= item->plan->how.warmup)
            continue;
        *more = true;
        pfl_progress_tell(s, "warm-up", item);
        rc = pfl_step(s, item, false, err);
    }
    return rc;
}

/* A reading leaves its own data in the caches: the launch after it would start cold, which costs
 * `true` a seventh. So a short command is launched once more, unrecorded; to a longer one this is
 * nothing. Where the user wants no warm-up at all, there is none here either. */
int pfl_session_warm_again(struct pfl_session *s, struct pfl_session_item *item,
                           struct pfl_err *err)
{
    bool brief = item->steps && item->steps_ns / item->steps < WORTH_WARMING;

    return brief && item->plan->how.warmup > 0 ? pfl_step(s, item, false, err) : PFL_OK;
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

int64_t pfl_session_cleanup_end(struct pfl_session *s)
{
    int64_t now = pfl_session_now(s);

    return s->deadline_ns ? (now > s->deadline_ns ? now : s->deadline_ns) + CLEANUP_LATE : 0;
}

size_t pfl_session_cleanups(const struct pfl_session *s)
{
    size_t i, due = 0;

    for (i = 0; i < s->item_count; i++)
        due += has_cleanup(&s->items[i]);
    return due;
}

int pfl_session_clean_up(struct pfl_session *s, int64_t until_ns, size_t *due, struct pfl_err *err)
{
    int rc, first = PFL_OK;
    size_t i;

    for (i = 0; i < s->item_count; i++) {
        if (!has_cleanup(&s->items[i]))
            continue;
        rc = clean_up(s, &s->items[i], until_ns, *due, first == PFL_OK ? err : NULL);
        --*due;
        if (first == PFL_OK)
            first = rc;
    }
    return first;
}

bool pfl_session_any_left(const struct pfl_session *s)
{
    size_t i;

    for (i = 0; i < s->item_count && s->items[i].over; i++)
        ;
    return i < s->item_count;
}
