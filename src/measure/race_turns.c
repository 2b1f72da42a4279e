/*
 * One pair of launches whose batches alternate: joins the state machine (race_inside.c) with two
 * steps that run at the same time.
 *
 * Both processes are on one CPU. Left free, one side is now and then moved to another, and the
 * scatter doubles; on a CPU each, one side would lie beside other noise than the other. Which CPU:
 * the one whose last block scattered less and was sooner done, and every eighth block the other
 * one; neither scatter nor time knows who is base, so that choosing by them takes nothing from the
 * test.
 *
 * What went wrong is put down to the side that did it. The other one was waiting for its turn, or
 * was told to stop: its launch is no launch. A program that ends without ever having greeted does
 * not know the control channel, and ran its benchmark as in any launch: the bout can go on with
 * whole launches, if the judge still can.
 */
#include "measure/race_session.h"

#include "measure/race_inside.h"

#include <math.h>
#include <string.h>

static const size_t batch_pairs = 48;
static const double enough_ns = 15e6; /* both sides of a pair of launches together */

enum { OTHER_CPU_EVERY = 8 };

/* One pair of launches. */
struct turns {
    struct pfl_session *session[PFL_INSIDE_SIDES];
    struct pfl_session_item *item[PFL_INSIDE_SIDES];
    bool head_first;
    const char *cpus;           /* of both; NULL: as the plan says */
    struct pfl_race_pair *pair; /* out, when whole */
    double scatter;             /* out: pfl_inside_scatter() */
};

struct ear {
    struct hall *hall;
    int side;
};

struct hall {
    struct pfl_inside inside;
    struct pfl_step steps[PFL_INSIDE_SIDES]; /* base, head: in the order of starting they may stand
                                                otherwise */
    struct pfl_step_steering steering[PFL_INSIDE_SIDES];
    struct pfl_session *session[PFL_INSIDE_SIDES];
    struct ear ears[PFL_INSIDE_SIDES];
    int awaited;    /* when a side went away */
    bool timed_out; /* that is why it did */
};

static bool say(void *context, int side, const char *line, size_t len)
{
    struct hall *hall = context;

    return pfl_control_say(&hall->steering[side].control, line, len);
}

static void pass(void *context, int side, const char *bytes, size_t len, int64_t at_ns, int pid)
{
    struct hall *hall = context;

    pfl_wire_feed(&hall->session[side]->wire, bytes, len, at_ns, pid);
}

static void hear(void *context, const char *bytes, size_t len, int64_t at_ns, int pid)
{
    const struct ear *ear = context;

    pfl_inside_feed(&ear->hall->inside, ear->side, bytes, len, at_ns, pid);
}

static void ended(void *context)
{
    const struct ear *ear = context;

    if (!ear->hall->inside.dismissed)
        ear->hall->awaited = pfl_inside_awaited(&ear->hall->inside);
    pfl_inside_ended(&ear->hall->inside, ear->side);
}

static bool finish(void *context, const struct pfl_launch_result *result)
{
    const struct ear *ear = context;
    const struct pfl_inside *inside = &ear->hall->inside;

    pfl_inside_finish(&ear->hall->inside, ear->side, result->started_ns + result->wall_ns);
    ear->hall->steering[ear->side].answered = inside->sides[ear->side].greeted;
    ear->hall->timed_out |= result->timed_out;
    if (inside->end == PFL_INSIDE_WHOLE || inside->end == PFL_INSIDE_OPEN)
        return false;
    if (inside->end == PFL_INSIDE_BROKEN && result->timed_out)
        return ear->hall->awaited != ear->side;
    return inside->who != ear->side;
}

static void open_hall(struct hall *hall, struct pfl_race_session *race, const struct turns *turns)
{
    const struct pfl_inside_params params = {
        .benchmark = turns->item[0]->plan->inside,
        .head_first = turns->head_first,
        .pairs = batch_pairs,
        .enough_ns = enough_ns,
        .say = say,
        .pass = pass,
        .context = hall,
    };
    int i;

    pfl_inside_begin(&hall->inside, &params);
    for (i = 0; i < PFL_INSIDE_SIDES; i++) {
        int side = (i == 0) == turns->head_first ? PFL_INSIDE_HEAD : PFL_INSIDE_BASE;

        hall->session[side] = turns->session[side];
        hall->ears[side] = (struct ear){hall, side};
        hall->steering[side] = (struct pfl_step_steering){
            .hear = hear, .ended = ended, .finish = finish, .context = &hall->ears[side]};
        hall->steps[i] = (struct pfl_step){
            .session = turns->session[side],
            .item = turns->item[side],
            .recorded = true,
            .launcher = race->duet[i],
            .cpus = turns->cpus,
            .steering = &hall->steering[side],
        };
    }
}

/* ---- what came of it ---- */

static const struct pfl_step *step_of(const struct hall *hall, const struct turns *turns, int side)
{
    return hall->steps[0].item == turns->item[side] ? &hall->steps[0] : &hall->steps[1];
}

static int see(const struct hall *hall, const struct turns *turns, struct pfl_err *err)
{
    struct pfl_race_launch *seen[2] = {&turns->pair->base, &turns->pair->head};
    double seconds[2];
    int i;

    if (!pfl_inside_result(&hall->inside, &seconds[0], &seconds[1]))
        return pfl_err_no_memory(err);
    for (i = 0; i < 2; i++) {
        const struct pfl_step *step = step_of(hall, turns, i);

        *seen[i] = (struct pfl_race_launch){
            .value = {NAN, NAN, NAN},
            .wall_ns = step->result.wall_ns,
            .gap_ns = step->books.gap_ns,
            .waits = step->result.voluntary_switches,
            .preemptions = step->result.involuntary_switches,
        };
        seen[i]->value[PFL_RACE_TIME] = seconds[i];
    }
    return PFL_OK;
}

/* The program knows nothing of turns; what it did was a launch like any other. */
static int go_without(struct pfl_race_session *race, struct pfl_race_bout *bout,
                      struct pfl_session_item *item, int side, struct pfl_err *err)
{
    const char *why =
        pfl_arena_format(race->arena,
                         "the program of %s does not answer on PERFLEDGER_CONTROL_FD (an older "
                         "libperfledger?)",
                         race->sides[side == PFL_INSIDE_BASE ? 0 : bout->challenger].label);

    if (!why)
        return pfl_err_no_memory(err);
    if (race->params->no_inside && race->params->no_inside(race->params->context, bout->index, why))
        return PFL_OK;
    return pfl_session_fail(item, PFL_STATUS_FAILED,
                            "its process ended before it answered on PERFLEDGER_CONTROL_FD", err);
}

static int blame(struct pfl_race_session *race, struct pfl_race_bout *bout, const struct hall *hall,
                 struct pfl_session_item *const items[2], struct pfl_err *err)
{
    bool late = hall->inside.end == PFL_INSIDE_BROKEN && hall->timed_out;
    int who = late ? hall->awaited : hall->inside.who;
    struct pfl_session_item *item = items[who];

    if (item->over || items[!who]->over || pfl_race_over(race))
        return PFL_OK;
    switch (hall->inside.end) {
    case PFL_INSIDE_DEAF: return go_without(race, bout, item, who, err);
    case PFL_INSIDE_LACKING:
        return pfl_session_fail(
            item, PFL_STATUS_SKIPPED,
            pfl_arena_format(race->arena, "its program has no benchmark %s", item->plan->inside),
            err);
    case PFL_INSIDE_STOPPED:
        return pfl_session_fail(item, PFL_STATUS_FAILED,
                                "its benchmark ended before it was told to, and did not say why: "
                                "is there a PFL_LOOP in it?",
                                err);
    case PFL_INSIDE_BROKEN:
        if (late) /* the other one waited, and its time ran out first */
            return pfl_session_fail(item, PFL_STATUS_TIMED_OUT,
                                    "it did not answer on PERFLEDGER_FD within the timeout; it and "
                                    "all its children were ended",
                                    err);
        return pfl_session_fail(item, PFL_STATUS_FAILED,
                                "its process ended in the middle of the benchmark", err);
    case PFL_INSIDE_GARBLED:
        return pfl_session_fail(item, PFL_STATUS_FAILED,
                                "it answered on PERFLEDGER_FD what it was not asked on "
                                "PERFLEDGER_CONTROL_FD: does anything else write there?",
                                err);
    case PFL_INSIDE_OPEN:
    case PFL_INSIDE_WHOLE: break;
    }
    return PFL_OK;
}

static int take_turns(struct pfl_race_session *race, struct pfl_race_bout *bout,
                      struct turns *turns, bool *whole, struct pfl_err *err)
{
    struct hall hall = {0};
    int rc;

    *whole = false;
    turns->scatter = 0;
    open_hall(&hall, race, turns);
    rc = pfl_step_run(hall.steps, 2, err);
    if (rc == PFL_OK && hall.inside.no_memory)
        rc = pfl_err_no_memory(err);
    if (rc == PFL_OK && hall.inside.end == PFL_INSIDE_WHOLE && hall.steps[0].launched &&
        hall.steps[1].launched && !turns->item[0]->over && !turns->item[1]->over &&
        !pfl_race_over(race)) {
        rc = see(&hall, turns, err);
        turns->scatter = pfl_inside_scatter(&hall.inside);
        *whole = rc == PFL_OK;
    } else if (rc == PFL_OK) {
        rc = blame(race, bout, &hall, turns->item, err);
    }
    pfl_inside_release(&hall.inside);
    return rc;
}

/* ---- the block ---- */

bool pfl_race_can_turn(const struct pfl_race_session *race, const struct pfl_race_bout *bout)
{
    return race->params->contenders[0].plan->items[bout->benchmark].inside &&
           race->params->contenders[bout->challenger].plan->items[bout->benchmark].inside;
}

/* Which of the two; -1: wherever the kernel puts them, or the plan says. Threads of one benchmark
 * need more than one. */
static int choose_cpu(const struct pfl_race_session *race, const struct pfl_race_bout *bout,
                      const struct turns *turns, bool drawn)
{
    const double *unrest = bout->unrest;
    int quiet;

    if (!race->two_cpus || turns->item[0]->plan->how.pin || turns->item[1]->plan->how.pin ||
        strstr(turns->item[0]->plan->inside, "threads="))
        return -1;
    if (unrest[0] == 0 && unrest[1] == 0)
        return drawn;
    if (unrest[0] == 0 || unrest[1] == 0)
        return unrest[0] > 0;
    quiet = unrest[1] < unrest[0];
    return bout->inside % OTHER_CPU_EVERY == OTHER_CPU_EVERY - 1 ? !quiet : quiet;
}

int pfl_race_play_turns(struct pfl_race_session *race, struct pfl_race_bout *bout,
                        struct pfl_race_block *block, bool *whole, struct pfl_err *err)
{
    struct turns turns = {
        .session = {&race->sides[0].session, &race->sides[bout->challenger].session},
        .item = {pfl_race_item(race, 0, bout->benchmark),
                 pfl_race_item(race, bout->challenger, bout->benchmark)},
    };
    int64_t begin_ns = pfl_session_now(turns.session[0]);
    int cpu = choose_cpu(race, bout, &turns, block->late), i, rc = PFL_OK;
    double scatter = 0;

    turns.cpus = cpu < 0 ? NULL : race->cpus[cpu];
    for (i = 0; i < 2 && rc == PFL_OK && *whole; i++) {
        turns.head_first = block->turned != (i == 1);
        turns.pair = &block->pairs[i];
        rc = take_turns(race, bout, &turns, whole, err);
        scatter += turns.scatter;
    }
    if (rc == PFL_OK && *whole && cpu >= 0)
        bout->unrest[cpu] =
            (scatter > 0 ? scatter : 1e-9) * (double)(pfl_session_now(turns.session[0]) - begin_ns);
    bout->inside++;
    return rc;
}
