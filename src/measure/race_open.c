/*
 * A race is made of its contenders' plans, and given back.
 *
 * Each contender is a session with books of its own; what they have in common is the clock's zero
 * and the end of the time, the count of launches, the launchers, Ctrl-C. The two CPUs for duets are
 * chosen once: exchanging them within a block cancels what distinguishes them only as long as they
 * stay the same two.
 */
#include "measure/race_session.h"

#include <stdio.h>
#include <string.h>

bool pfl_race_duets_possible(void)
{
    int cpus[2];

    return pfl_machine_two_cpus("", cpus);
}

static const char *text_or(const char *text, const char *otherwise)
{
    return text && *text ? text : otherwise;
}

bool pfl_race_same_folder(const struct pfl_plan *base, const struct pfl_plan *head,
                          size_t benchmark)
{
    return strcmp(text_or(base->root, "."), text_or(head->root, ".")) == 0 &&
           strcmp(text_or(base->items[benchmark].how.cwd, "."),
                  text_or(head->items[benchmark].how.cwd, ".")) == 0;
}

static bool writes_file(const struct pfl_how *how)
{
    return how->output && strcmp(how->output, "null") != 0 && strcmp(how->output, "pipe") != 0 &&
           strcmp(how->output, "inherit") != 0;
}

static const char *uses_its_folder(const struct pfl_how *how)
{
    if (how->prepare)
        return "both have the same working folder, and a `prepare`";
    if (how->conclude)
        return "both have the same working folder, and a `conclude`";
    if (how->validate)
        return "both have the same working folder, and a `validate`";
    return writes_file(how) ? "both have the same working folder, and an output file" : NULL;
}

const char *pfl_race_no_duets(const struct pfl_plan *base, const struct pfl_plan *head,
                              size_t benchmark)
{
    const struct pfl_how *hows[2] = {&base->items[benchmark].how, &head->items[benchmark].how};
    const char *why;

    if (base->items[benchmark].harness)
        return "a harness measures it";
    if (hows[0]->pin || hows[1]->pin)
        return "it is pinned to CPUs";
    if (!pfl_race_same_folder(base, head, benchmark))
        return NULL;
    why = uses_its_folder(hows[0]);
    return why ? why : uses_its_folder(hows[1]);
}

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
        .other_checkout = !contender->must_have,
        .context = side,
        .read_results = race->params->read_results,
        .read_context = race->params->read_context,
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

int pfl_race_open(struct pfl_race_session *race, const struct pfl_race_params *params,
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

void pfl_race_close(struct pfl_race_session *race)
{
    size_t i;

    for (i = 0; i < race->opened; i++)
        pfl_session_close(&race->sides[i].session);
    pfl_launcher_close(race->solo);
    pfl_launcher_close(race->duet[0]);
    pfl_launcher_close(race->duet[1]);
    pfl_readings_release(&race->readings);
    pfl_race_places_release(&race->places);
}
