/*
 * One pair of launches whose batches alternate: joins the state machine (race_inside.c) with two
 * steps that run at the same time.
 *
 * Where a file's pages lie in physical memory makes one of two identical programs some tenths of a
 * per cent faster, and stays as it is for a whole race. So each side runs a new copy of its program
 * in each pair of launches: placement is drawn anew with each unit, and the interval knows of it.
 *
 * Both processes are on one CPU. Left free, one side is now and then moved to another, and the
 * scatter doubles; on a CPU each, one side would lie beside other noise than the other. Which CPU:
 * the one whose last block scattered less and was sooner done, and every eighth block the other
 * one; neither scatter nor time knows who is base, so that choosing by them takes nothing from the
 * test. Programs with threads of their own would suffer from that: before the first block one pair
 * is left free and its batches' CPU time is compared with their wall-clock time: an eighth of them
 * will do, for on a busy machine threads take turns, too, and one thread never has more.
 *
 * What went wrong is put down to the side that did it. The other one was waiting for its turn, or
 * was told to stop: its launch is no launch. A program that ends without ever having greeted does
 * not know the control channel, and ran its benchmark as in any launch: the bout can go on with
 * whole launches, if the judge still can.
 */
#include "measure/race_session.h"

#include "measure/race_inside.h"
#include "sys/clock.h"
#include "sys/elf_copy.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const size_t batch_pairs = 48;
static const double enough_ns = 15e6; /* both sides of a pair of launches together */

static const double one_cpu = 1.05; /* CPU per wall-clock time: more is more than one */

enum { OTHER_CPU_EVERY = 8 };

/* One pair of launches. */
struct turns {
    struct pfl_session *session[PFL_INSIDE_SIDES];
    struct pfl_session_item *item[PFL_INSIDE_SIDES];
    bool head_first;
    const char *cpus;           /* of both; NULL: as the plan says */
    struct pfl_race_pair *pair; /* out, when whole */
    double scatter;             /* out: pfl_inside_scatter() */
    bool watched;               /* look how many CPUs a batch uses */
    bool wide;                  /* out, when watched: more than one, on either side */
    const char *placed;         /* out: why a side ran from its file; NULL: both from copies */
};

struct ear {
    struct hall *hall;
    int side;
    struct pfl_elf_copy copy;
    int pid; /* 0: not known yet */
    bool looked, copy_runs;
    int64_t told_cpu_ns, told_ns; /* when it was told to run what it runs now; -1: not */
    int batches, wide;            /* of them, those that used more than one CPU */
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
    bool watched;
    int64_t heard_ns; /* last */
};

static bool say(void *context, int side, const char *line, size_t len)
{
    struct hall *hall = context;
    struct ear *ear = &hall->ears[side];

    if (hall->watched && hall->inside.iterations && !hall->inside.dismissed) {
        ear->told_cpu_ns = pfl_clock_of_process(ear->pid);
        ear->told_ns = hall->heard_ns;
    }
    return pfl_control_say(&hall->steering[side].control, line, len);
}

static void pass(void *context, int side, const char *bytes, size_t len, int64_t at_ns, int pid)
{
    struct hall *hall = context;

    pfl_wire_feed(&hall->session[side]->wire, bytes, len, at_ns, pid);
}

static void hear(void *context, const char *bytes, size_t len, int64_t at_ns, int pid)
{
    struct ear *ear = context;

    ear->pid = pid ? pid : ear->pid;
    ear->hall->heard_ns = at_ns;
    if (!ear->looked && pid) {
        ear->looked = true;
        ear->copy_runs = pfl_elf_copy_runs(&ear->copy, pid);
    }
    if (ear->told_cpu_ns >= 0 && pid) {
        int64_t cpu_ns = pfl_clock_of_process(pid) - ear->told_cpu_ns;

        ear->batches++;
        ear->wide += (double)cpu_ns > one_cpu * (double)(at_ns - ear->told_ns);
        ear->told_cpu_ns = -1;
    }
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

/* Its program once more, elsewhere in memory. Where that cannot be, it runs from its file. */
static const char *copy_program(struct ear *ear, struct pfl_session *s,
                                struct pfl_session_item *item)
{
    char path[4096];
    const char *cwd = item->cwd ? item->cwd : ".";

    if (!item->program && !pfl_around_find_program(s, item))
        return NULL; /* the step says so */
    if (*item->program == '/')
        cwd = "";
    if (snprintf(path, sizeof path, "%s%s%s", cwd, *cwd ? "/" : "", item->program) >=
        (int)sizeof path)
        return NULL;
    return pfl_elf_copy(path, &ear->copy) ? ear->copy.path : NULL;
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
    hall->watched = turns->watched;
    for (i = 0; i < PFL_INSIDE_SIDES; i++) {
        int side = (i == 0) == turns->head_first ? PFL_INSIDE_HEAD : PFL_INSIDE_BASE;

        hall->session[side] = turns->session[side];
        hall->ears[side] = (struct ear){.hall = hall, .side = side, .told_cpu_ns = -1};
        hall->steering[side] = (struct pfl_step_steering){
            .hear = hear, .ended = ended, .finish = finish, .context = &hall->ears[side]};
        hall->steps[i] = (struct pfl_step){
            .session = turns->session[side],
            .item = turns->item[side],
            .recorded = true,
            .launcher = race->duet[i],
            .program = copy_program(&hall->ears[side], turns->session[side], turns->item[side]),
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

static void close_hall(struct hall *hall, struct turns *turns)
{
    int i;

    turns->placed = NULL;
    turns->wide = false;
    for (i = 0; i < PFL_INSIDE_SIDES; i++) {
        struct ear *ear = &hall->ears[i];

        if (ear->copy.why_not)
            turns->placed = ear->copy.why_not;
        else if (!ear->copy_runs)
            turns->placed = "the program is started by another one";
        turns->wide |= ear->batches > 0 && ear->wide >= (ear->batches + 7) / 8;
        pfl_elf_copy_release(&ear->copy);
    }
    pfl_inside_release(&hall->inside);
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
    close_hall(&hall, turns);
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

    if (!race->two_cpus || bout->own_threads || turns->item[0]->plan->how.pin ||
        turns->item[1]->plan->how.pin || strstr(turns->item[0]->plan->inside, "threads="))
        return -1;
    if (unrest[0] == 0 && unrest[1] == 0)
        return drawn;
    if (unrest[0] == 0 || unrest[1] == 0)
        return unrest[0] > 0;
    quiet = unrest[1] < unrest[0];
    return bout->inside % OTHER_CPU_EVERY == OTHER_CPU_EVERY - 1 ? !quiet : quiet;
}

static void note(const struct pfl_race_session *race, struct pfl_race_bout *bout,
                 const struct turns *turns)
{
    const char *pinned = turns->cpus         ? "both on one CPU"
                         : bout->own_threads ? "not pinned: a side has threads of its own"
                         : turns->item[0]->plan->how.pin || turns->item[1]->plan->how.pin
                             ? "pinned as it was asked for"
                             : "not pinned";
    char text[200];

    bout->noted = true;
    snprintf(text, sizeof text, "%s; %s%s", pinned,
             turns->placed ? "each program from its file, for "
                           : "each pair from new copies of both programs",
             turns->placed ? turns->placed : "");
    if (race->params->note_inside)
        race->params->note_inside(race->params->context, bout->index, text);
}

/* Before the first block: does a side need more than one CPU? What this pair gave is not used. */
static int watch(struct pfl_race_session *race, struct pfl_race_bout *bout, struct turns *turns,
                 bool *whole, struct pfl_err *err)
{
    struct pfl_race_pair unused;
    int rc;

    turns->watched = true;
    turns->pair = &unused;
    rc = take_turns(race, bout, turns, whole, err);
    turns->pair = NULL;
    turns->watched = false;
    bout->own_threads = turns->wide;
    return rc;
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

    if (cpu >= 0 && bout->inside == 0) {
        rc = watch(race, bout, &turns, whole, err);
        cpu = bout->own_threads ? -1 : cpu;
        begin_ns = pfl_session_now(turns.session[0]);
    }
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
    if (rc == PFL_OK && *whole && !bout->noted)
        note(race, bout, &turns);
    bout->inside++;
    return rc;
}
