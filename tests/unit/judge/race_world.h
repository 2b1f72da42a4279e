/* Races of made-up commands: a world says what a launch takes, and a race is held in it. */
#ifndef PFL_TESTS_JUDGE_RACE_WORLD_H
#define PFL_TESTS_JUDGE_RACE_WORLD_H

#include "build.h"
#include "judge/race.h"

struct race_world {
    double wall, cpu;   /* seconds of a launch of the base; cpu 0: as wall */
    double effect;      /* head / base, both times */
    double head_waits;  /* seconds that the head sleeps besides */
    double noise;       /* scatter of a launch's log time */
    double spikes;      /* share of launches that take up to three times as long */
    double bursts;      /* share of launches at which something begins that slows two of them */
    double wander;      /* AR(1) coefficient of the level from launch to launch; 0: none */
    double drift;       /* the level's growth over the race, relative */
    double order;       /* the second of two takes so much longer */
    double placement;   /* a launch in five is so much slower: where it lies in memory */
    double lies;        /* scatter of where the files lie: the head's luck … */
    int stays;          /* … which is the same in so many blocks */
    double duet_noise;  /* scatter in duets; 0: as noise */
    double slowing;     /* of duets, relative */
    double duet_effect; /* head / base in duets; 0: as effect */
    double jump_after, jump; /* head's share of the race after which it is `jump` times as slow */
    bool both_jump;
    double asked, asked_effect; /* value of the asked metric; 0: NaN */
    double pressure;
    int64_t waits;
    bool gap_once;
};

struct race_state {
    const struct race_world *world;
    struct pfl_random random;
    int burst_left, blocks;
    uint32_t place;
    double luck;
    double level, share; /* share of the race that is over */
    bool gap_done;
};

static inline double race_gaussian(struct pfl_random *random)
{
    double radius = sqrt(-2 * log(1 - pfl_random_unit(random)));

    return radius * cos(6.28318530717958647693 * pfl_random_unit(random));
}

static inline struct pfl_race_launch race_launch(struct race_state *s, bool head, bool duet,
                                                 bool second)
{
    const struct race_world *w = s->world;
    double noise = duet && w->duet_noise > 0 ? w->duet_noise : w->noise, factor, extra;
    struct pfl_race_launch launch = {.waits = w->waits};

    s->level = w->wander * s->level + (w->wander > 0 ? w->noise : 0) * race_gaussian(&s->random);
    factor = exp(s->level + noise * race_gaussian(&s->random)) * (1 + w->drift * s->share);
    if (pfl_random_unit(&s->random) < w->spikes)
        factor *= 1 + 2 * pfl_random_unit(&s->random);
    if (s->burst_left == 0 && pfl_random_unit(&s->random) < w->bursts)
        s->burst_left = 2;
    if (s->burst_left > 0) {
        s->burst_left--;
        factor *= 1.3;
    }
    if (w->placement > 0 && pfl_random_unit(&s->random) < 0.2)
        factor *= 1 + w->placement;
    if (head)
        factor *= exp(s->luck);
    if (head)
        factor *= duet && w->duet_effect > 0 ? w->duet_effect : w->effect;
    if (second)
        factor *= 1 + w->order;
    if (duet)
        factor *= 1 + w->slowing;
    if (w->jump > 0 && s->share >= w->jump_after && (head || w->both_jump))
        factor *= w->jump;
    extra = head ? w->head_waits : 0;
    launch.value[PFL_RACE_TIME] = w->wall * factor + extra;
    launch.value[PFL_RACE_CPU] = (w->cpu > 0 ? w->cpu : w->wall * 0.995) * factor;
    launch.value[PFL_RACE_ASKED] = w->asked > 0 ? w->asked * (head ? w->asked_effect : 1) : NAN;
    launch.wall_ns = (int64_t)(launch.value[PFL_RACE_TIME] * 1e9);
    return launch;
}

static inline struct pfl_race_block race_block(struct race_state *s, enum pfl_race_mode mode)
{
    bool duet = mode == PFL_RACE_DUET, turned = pfl_random_next(&s->random) >> 63, head_first;
    struct pfl_race_block block = {.mode = mode, .turned = turned, .pressure = s->world->pressure};
    struct pfl_race_pair *pair;
    int i;

    if (s->world->stays > 0 && s->blocks++ % s->world->stays == 0) {
        s->place++;
        s->luck = s->world->lies * race_gaussian(&s->random);
    }
    block.place = s->place;
    for (i = 0; i < 2; i++) {
        pair = &block.pairs[i];
        head_first = turned != (i == 1);
        if (head_first) {
            pair->head = race_launch(s, true, duet, false);
            pair->base = race_launch(s, false, duet, true);
        } else {
            pair->base = race_launch(s, false, duet, false);
            pair->head = race_launch(s, true, duet, true);
        }
        block.took_ns += duet ? (pair->base.wall_ns > pair->head.wall_ns ? pair->base.wall_ns
                                                                         : pair->head.wall_ns)
                              : pair->base.wall_ns + pair->head.wall_ns;
    }
    block.took_ns += 1000000;
    for (i = 0; i < 2 && mode == PFL_RACE_INSIDE; i++) /* batches have a time and nothing else */
        block.pairs[i].base.value[PFL_RACE_CPU] = block.pairs[i].head.value[PFL_RACE_CPU] =
            block.pairs[i].base.value[PFL_RACE_ASKED] = block.pairs[i].head.value[PFL_RACE_ASKED] =
                NAN;
    if (s->world->gap_once && !s->gap_done && s->share > 0.3) {
        s->gap_done = true;
        block.pairs[0].head.gap_ns = 5000000000;
        block.pairs[0].head.value[PFL_RACE_TIME] += 5;
    }
    return block;
}

static inline struct pfl_race_rules race_rules(double seconds)
{
    return (struct pfl_race_rules){.confidence = 0.99,
                                   .false_discovery_rate = 0.01,
                                   .bouts = 1,
                                   .unit = "s",
                                   .duets = true,
                                   .planned_ns = (int64_t)(seconds * 1e9),
                                   .bar = NAN,
                                   .benchmark = "b",
                                   .challenger = 1};
}

/* The race in full; the result lives in the arena. */
static inline void race_hold(const struct race_world *world, const struct pfl_race_rules *rules,
                             uint64_t seed, struct pfl_arena *arena, struct pfl_bout_result *result)
{
    struct race_state s = {.world = world};
    struct pfl_race_block block;
    enum pfl_race_next next;
    struct pfl_err err = {0};
    struct pfl_bout *bout;
    int64_t spent = 0;

    pfl_random_seed(&s.random, seed);
    if (pfl_judge_bout_new(rules, &bout, &err) != PFL_OK)
        fail_msg("%s", err.message);
    while ((next = pfl_judge_bout_next(bout)) != PFL_RACE_NEXT_NOTHING) {
        s.share = (double)spent / (double)rules->planned_ns;
        block = race_block(&s, next == PFL_RACE_NEXT_DUET     ? PFL_RACE_DUET
                               : next == PFL_RACE_NEXT_INSIDE ? PFL_RACE_INSIDE
                                                              : PFL_RACE_SOLO);
        spent += block.took_ns;
        if (spent > rules->planned_ns)
            break;
        if (pfl_judge_bout_add(bout, &block, &err) != PFL_OK)
            fail_msg("%s", err.message);
    }
    if (pfl_judge_bout_finish(bout, PFL_BOUT_TIME, "", arena, result, &err) != PFL_OK)
        fail_msg("%s", err.message);
    pfl_judge_bout_free(bout);
}

#endif
