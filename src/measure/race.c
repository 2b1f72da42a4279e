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

#include <stdio.h>
#include <string.h>

bool pfl_race_duets_possible(void)
{
    int cpus[2];

    return pfl_machine_two_cpus("", cpus);
}

bool pfl_race_duets_possible_for(const struct pfl_plan_item *item)
{
    return item->how.pin == NULL;
}

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

/* ---- opening and closing ---- */

static bool stop_asked(void *context)
{
    const struct pfl_race_params *params = ((struct pfl_race_side *)context)->race->params;

    return params->stop_asked && params->stop_asked(params->context);
}

static bool hurry_asked(void *context)
{
    const struct pfl_race_params *params = ((struct pfl_race_side *)context)->race->params;

    return params->hurry_asked && params->hurry_asked(params->context);
}

static const char *label_of(struct pfl_race_session *race, size_t side)
{
    const char *given = race->params->contenders[side].label;

    if (given)
        return given;
    return side == 0 ? "the base" : pfl_arena_format(race->arena, "challenger %zu", side);
}

static int open_side(struct pfl_race_session *race, size_t index,
                     struct pfl_machine_presence *presence, struct pfl_err *err)
{
    const struct pfl_race_contender *contender = &race->params->contenders[index];
    struct pfl_race_side *side = &race->sides[index];
    struct pfl_session *s = &side->session;
    int rc;

    side->race = race;
    side->label = label_of(race, index);
    side->run = *contender->run;
    side->run.seed = race->params->seed;
    side->run.partial = false;
    side->params = (struct pfl_measure_params){
        .plan = contender->plan,
        .clock = race->params->clock,
        .progress = pfl_race_tell_progress,
        .stop_asked = stop_asked,
        .hurry_asked = hurry_asked,
        .context = side,
    };
    race->opened++;
    rc = pfl_session_open(s, &side->params, race->arena, &side->run, err);
    if (rc == PFL_OK && !side->label)
        rc = pfl_err_no_memory(err);
    s->race = true;
    s->position = &race->position;
    return rc == PFL_OK ? pfl_busy_before(s, &side->load, presence, err) : rc;
}

static void make_bouts(struct pfl_race_session *race)
{
    size_t challengers = race->side_count - 1, i;

    for (i = 0; i < race->bout_count; i++)
        race->bouts[i] = (struct pfl_race_bout){
            .index = i, .benchmark = i / challengers, .challenger = i % challengers + 1};
}

/* All sides count their time from the same moment and end at the same one. */
static void share_time(struct pfl_race_session *race, int64_t begun_ns)
{
    const struct pfl_race_params *params = race->params;
    int64_t left_ns = params->max_time_ns - params->setup_spent_ns;
    size_t i;

    for (i = 0; i < race->side_count; i++) {
        struct pfl_session *s = &race->sides[i].session;

        s->begun_ns = begun_ns;
        s->deadline_ns = params->max_time_ns > 0 ? begun_ns + (left_ns > 1 ? left_ns : 1) : 0;
    }
}

static int open_race(struct pfl_race_session *race, const struct pfl_race_params *params,
                     struct pfl_arena *arena, struct pfl_machine_presence *presence,
                     struct pfl_err *err)
{
    size_t benchmarks = params->contenders[0].plan->item_count, i;
    int64_t unix_ns = params->clock->unix_ns(params->clock->context);
    uint32_t *places;
    int rc = PFL_OK, cpus[2];

    *race = (struct pfl_race_session){
        .params = params, .arena = arena, .side_count = params->contender_count};
    race->bout_count = benchmarks * (race->side_count - 1);
    race->sides = pfl_arena_array(arena, race->side_count, sizeof *race->sides);
    race->bouts = pfl_arena_array(arena, race->bout_count, sizeof *race->bouts);
    race->base_shown = pfl_arena_array(arena, benchmarks, sizeof *race->base_shown);
    places = pfl_arena_array(arena, race->bout_count, sizeof *places);
    if (!race->sides || !race->bouts || !race->base_shown || !places)
        return pfl_err_no_memory(err);
    pfl_order_init(&race->order, params->seed, places);
    make_bouts(race);
    race->two_cpus = pfl_machine_two_cpus("", cpus);
    for (i = 0; i < 2 && race->two_cpus; i++)
        snprintf(race->cpus[i], sizeof race->cpus[i], "%d", cpus[i]);
    for (i = 0; i < race->side_count && rc == PFL_OK; i++) {
        rc = open_side(race, i, presence, err);
        race->sides[i].run.started_unix_ns = unix_ns;
    }
    if (rc == PFL_OK)
        share_time(race, race->sides[0].session.begun_ns);
    pfl_readings_init(&race->readings, params->clock, race->sides[0].session.begun_ns, 0);
    return rc;
}

static void close_race(struct pfl_race_session *race)
{
    size_t i;

    for (i = 0; i < race->opened; i++)
        pfl_session_close(&race->sides[i].session);
    pfl_launcher_close(race->solo);
    pfl_launcher_close(race->duet[0]);
    pfl_launcher_close(race->duet[1]);
    pfl_readings_release(&race->readings);
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
        rc = pfl_race_play(race, bout, err);
        if (rc == PFL_OK)
            rc = pfl_race_settle(race, err);
        if (rc == PFL_OK && !pfl_race_over(race))
            rc = pfl_readings_take_if_due(&race->readings, err);
    }
    return rc;
}

static int play_all(struct pfl_race_session *race, struct pfl_err *err)
{
    int rc = ask(race, err);

    while (rc == PFL_OK && !pfl_race_over(race) &&
           pfl_order_next_round(&race->order, race->bout_count, wants, race)) {
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

static int run_race(struct pfl_race_session *race, struct pfl_err *err)
{
    int rc = for_all(race, pfl_session_probe, err), cleaned;

    if (rc == PFL_OK)
        rc = for_all(race, pfl_session_set_up, err);
    if (rc == PFL_OK && !pfl_race_over(race))
        rc = look_for_programs(race, err);
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
    int rc = open_race(&race, params, arena, presence, err);

    if (rc == PFL_OK)
        rc = run_race(&race, err);
    for (i = 0; i < race.side_count && rc == PFL_OK; i++)
        rc = freeze_side(&race, &race.sides[i], presence, err);
    for (i = 0; i < race.side_count && rc == PFL_OK; i++)
        *params->contenders[i].run = race.sides[i].run;
    close_race(&race);
    pfl_machine_leave(presence);
    return rc;
}
