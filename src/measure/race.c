/*
 * Contenders measured together: one session per contender, one launcher for all solo launches, and
 * rounds of blocks, one for each bout that still wants one.
 *
 * The order within a round is drawn anew from the race's seed, as launches of a plan are: a slow
 * minute of the machine hits all bouts. Everything is done for all contenders before the next thing
 * begins (set-up, warm-up, blocks, cleanup), and each contender's program is looked for before
 * anything is measured against it. What a shell costs is not taken off: both sides pay it, and two
 * calibrations would differ.
 *
 * Time is bounded as a session's is, with one end for all: blocks that by experience would end too
 * late are not begun, by the bout's own blocks for its own time, by the launches so far for the
 * race's; what hangs is ended at the race's end; all cleanup together has a second more. A bout
 * gets its first block whatever its own time says: without one there is no experience.
 */
#include "measure/race.h"

#include "measure/race_session.h"

#include <string.h>

bool pfl_race_over(struct pfl_race_session *race)
{
    bool stopped = false, late = false;
    size_t i;

    for (i = 0; i < race->side_count && !stopped; i++) {
        pfl_session_over(&race->sides[i].session);
        stopped = race->sides[i].session.stopped;
        late = late || race->sides[i].session.out_of_time;
    }
    for (i = 0; i < race->side_count; i++) {
        race->sides[i].session.stopped = stopped;
        race->sides[i].session.out_of_time = late;
    }
    return stopped || late;
}

/* ---- before the first block ---- */

/* Each side in its turn, then the bouts that this ended. */
static int for_all(struct pfl_race_session *race,
                   int (*act)(struct pfl_session *session, struct pfl_err *err),
                   struct pfl_err *err)
{
    int rc = PFL_OK;
    size_t i;

    for (i = 0; i < race->side_count && rc == PFL_OK && !pfl_race_over(race); i++)
        rc = act(&race->sides[i].session, err);
    return rc == PFL_OK ? pfl_race_settle(race, err) : rc;
}

static int lack(struct pfl_race_session *race, struct pfl_session_item *item, struct pfl_err *err)
{
    const char *word = item->plan->argv[0], *reason;

    item->lacking = true;
    if (strchr(word, '/'))
        reason = pfl_arena_format(race->arena, "%s is not there", word);
    else
        reason = pfl_arena_format(race->arena, "there is no program %s along PATH", word);
    return pfl_session_fail(item, PFL_STATUS_SKIPPED, reason, err);
}

/* After set-up, which may have made them. One that must be there fails by its first launch, which
 * knows best what to say. */
static int look_for_programs(struct pfl_race_session *race, struct pfl_err *err)
{
    int rc = PFL_OK;
    size_t side, i;

    for (side = 0; side < race->side_count; side++)
        for (i = 0; i < race->sides[side].session.item_count && rc == PFL_OK; i++) {
            struct pfl_session_item *item = pfl_race_item(race, side, i);

            if (item->over || race->params->contenders[side].must_have ||
                pfl_around_find_program(&race->sides[side].session, item))
                continue;
            rc = lack(race, item, err);
        }
    return rc == PFL_OK ? pfl_race_settle(race, err) : rc;
}

static int open_launcher(struct pfl_race_session *race, struct pfl_err *err)
{
    bool any = false;
    size_t i;
    int rc;

    for (i = 0; i < race->side_count; i++)
        any = any || pfl_session_any_left(&race->sides[i].session);
    if (!any || pfl_race_over(race))
        return PFL_OK;
    rc = pfl_launcher_open(&race->solo, err);
    for (i = 0; i < race->side_count; i++)
        race->sides[i].session.launcher = race->solo;
    return rc;
}

static int compare_outputs(struct pfl_race_session *race, struct pfl_err *err)
{
    int rc = PFL_OK;
    size_t i;

    for (i = 0; i < race->bout_count && rc == PFL_OK && !pfl_race_over(race); i++)
        if (!race->bouts[i].over)
            rc = pfl_race_same_output(race, &race->bouts[i], true, err);
    return rc;
}

static int warm_up(struct pfl_race_session *race, struct pfl_err *err)
{
    bool more = true;
    int turn, rc = PFL_OK;
    size_t i;

    for (turn = 0; more && rc == PFL_OK; turn++) {
        more = false;
        for (i = 0; i < race->side_count && rc == PFL_OK && !pfl_race_over(race); i++)
            rc = pfl_session_warm_up(&race->sides[i].session, turn, &more, err);
        if (rc == PFL_OK)
            rc = pfl_race_settle(race, err);
    }
    return rc;
}

/* ---- rounds ---- */

/* What the next block of this bout will take, by its own blocks, else by the launches so far. */
static int64_t expected_ns(const struct pfl_race_session *race, const struct pfl_race_bout *bout)
{
    const struct pfl_session_item *base = pfl_race_item(race, 0, bout->benchmark);
    const struct pfl_session_item *head = pfl_race_item(race, bout->challenger, bout->benchmark);

    if (bout->blocks)
        return bout->took_ns / bout->blocks;
    return (base->steps ? 2 * base->steps_ns / base->steps : 0) +
           (head->steps ? 2 * head->steps_ns / head->steps : 0);
}

static bool fits(struct pfl_race_session *race, const struct pfl_race_bout *bout)
{
    struct pfl_session *s = &race->sides[0].session;
    int64_t most_ns = pfl_race_item(race, 0, bout->benchmark)->plan->how.max_time_ns;
    int64_t expected = expected_ns(race, bout);

    if (bout->blocks && most_ns > 0 && bout->took_ns + expected > most_ns)
        return false;
    return !s->deadline_ns || pfl_session_now(s) + expected <= s->deadline_ns;
}

static bool wants(void *context, size_t index)
{
    struct pfl_race_session *race = context;

    return !race->bouts[index].over;
}

/* Asks the judge about every open bout; those that want nothing more are concluded. */
static int ask(struct pfl_race_session *race, struct pfl_err *err)
{
    int rc = PFL_OK;
    size_t i;

    for (i = 0; i < race->bout_count && rc == PFL_OK && !pfl_race_over(race); i++) {
        struct pfl_race_bout *bout = &race->bouts[i];

        if (bout->over)
            continue;
        bout->next = race->params->want(race->params->context, i);
        if (bout->next == PFL_RACE_NEXT_NOTHING)
            rc = pfl_race_conclude(race, bout, PFL_BOUT_DECIDED, err);
    }
    return rc;
}

/* Both sides of the bout that comes first after a reading; which one last, and so with warmer
 * caches, is drawn. */
static int warm_again(struct pfl_race_session *race, const struct pfl_race_bout *bout,
                      struct pfl_err *err)
{
    size_t i, first, side;
    int rc = PFL_OK;

    if (bout->next == PFL_RACE_NEXT_INSIDE || !race->cold)
        return PFL_OK;
    first = pfl_random_next(&race->chance) >> 63;
    for (i = 0; i < 2 && rc == PFL_OK && !pfl_race_over(race); i++) {
        side = i == first ? 0 : bout->challenger;
        rc = pfl_session_warm_again(&race->sides[side].session,
                                    pfl_race_item(race, side, bout->benchmark), err);
    }
    race->cold = false;
    return rc == PFL_OK ? pfl_race_settle(race, err) : rc;
}

static int read_yardsticks(struct pfl_race_session *race, struct pfl_err *err)
{
    size_t before = race->readings.all.n;
    int rc = pfl_readings_take_if_due(&race->readings, err);

    race->cold = race->cold || race->readings.all.n > before;
    return rc;
}

static int play_round(struct pfl_race_session *race, struct pfl_err *err)
{
    int rc = PFL_OK;
    size_t i;

    for (i = 0; i < race->order.n && rc == PFL_OK && !pfl_race_over(race); i++) {
        struct pfl_race_bout *bout = &race->bouts[race->order.items[i]];

        if (bout->over)
            continue;
        if (!fits(race, bout)) {
            rc = pfl_race_conclude(race, bout, PFL_BOUT_TIME, err);
            continue;
        }
        rc = warm_again(race, bout, err);
        if (rc == PFL_OK && !bout->over && !pfl_race_over(race))
            rc = pfl_race_play(race, bout, err);
        if (rc == PFL_OK)
            rc = pfl_race_settle(race, err);
        if (rc == PFL_OK && !pfl_race_over(race))
            rc = read_yardsticks(race, err);
    }
    return rc;
}

static int play_all(struct pfl_race_session *race, struct pfl_err *err)
{
    int rc = ask(race, err);

    while (rc == PFL_OK && !pfl_race_over(race) &&
           pfl_order_next_round(&race->order, race->bout_count, wants, race)) {
        if (race->blocks > 0)
            pfl_race_lay(race);
        rc = play_round(race, err);
        if (rc == PFL_OK)
            rc = ask(race, err);
    }
    return rc;
}

/* ---- the whole ---- */

static int clean_up(struct pfl_race_session *race, struct pfl_err *err)
{
    int64_t until_ns = pfl_session_cleanup_end(&race->sides[0].session);
    int rc, first = PFL_OK;
    size_t i, due = 0;

    for (i = 0; i < race->side_count; i++)
        due += pfl_session_cleanups(&race->sides[i].session);
    for (i = 0; i < race->side_count; i++) {
        rc = pfl_session_clean_up(&race->sides[i].session, until_ns, &due,
                                  first == PFL_OK ? err : NULL);
        if (first == PFL_OK)
            first = rc;
    }
    return first;
}

static int measure(struct pfl_race_session *race, struct pfl_err *err)
{
    int rc = for_all(race, pfl_session_probe, err);

    if (rc == PFL_OK)
        rc = for_all(race, pfl_session_set_up, err);
    if (rc == PFL_OK && !pfl_race_over(race))
        rc = look_for_programs(race, err);
    if (rc == PFL_OK)
        rc = pfl_race_find_places(race, err);
    if (rc == PFL_OK)
        rc = open_launcher(race, err);
    if (rc == PFL_OK)
        rc = compare_outputs(race, err);
    if (rc == PFL_OK)
        rc = warm_up(race, err);
    if (rc == PFL_OK)
        rc = play_all(race, err);
    if (rc == PFL_OK)
        rc = pfl_race_end_all(race, err);
    return rc;
}

/* What breaks the race off (a launcher died) does not take with it what was measured until then. */
static int run_race(struct pfl_race_session *race, struct pfl_err *err)
{
    struct pfl_err why = {0};
    int rc = measure(race, &why), cleaned;

    if (rc == PFL_ENOMEM)
        pfl_err_no_memory(err);
    else if (rc != PFL_OK)
        rc = pfl_race_break_off(race, pfl_arena_text(race->arena, why.message), err);
    cleaned = clean_up(race, rc == PFL_OK ? err : NULL);
    return rc != PFL_OK ? rc : cleaned;
}

static int freeze_side(struct pfl_race_session *race, struct pfl_race_side *side,
                       struct pfl_machine_presence *presence, struct pfl_err *err)
{
    struct pfl_run *run = &side->run;
    int64_t unix_ns = race->params->clock->unix_ns(race->params->clock->context);
    int rc = pfl_busy_after(&side->session, &side->load, presence, err);

    if (rc == PFL_OK)
        rc = pfl_session_freeze(&side->session, err);
    if (rc != PFL_OK)
        return rc;
    if (!pfl_readings_freeze(&race->readings, race->arena, &run->yardsticks, &run->yardstick_count))
        return pfl_err_no_memory(err);
    run->partial = run->partial || side->session.stopped;
    run->finished_unix_ns = unix_ns < run->started_unix_ns ? run->started_unix_ns : unix_ns;
    return PFL_OK;
}

int pfl_measure_race(const struct pfl_race_params *params, struct pfl_arena *arena,
                     struct pfl_err *err)
{
    struct pfl_machine_presence *presence = pfl_machine_enter();
    struct pfl_race_session race;
    size_t i;
    int rc = pfl_race_open(&race, params, arena, presence, err);

    if (rc == PFL_OK)
        rc = run_race(&race, err);
    for (i = 0; i < race.side_count && rc == PFL_OK; i++)
        rc = freeze_side(&race, &race.sides[i], presence, err);
    for (i = 0; i < race.side_count && rc == PFL_OK; i++)
        *params->contenders[i].run = race.sides[i].run;
    pfl_race_close(&race);
    pfl_machine_leave(presence);
    return rc;
}
