/* A race for tests: contenders made of shell lines, a judge that wants what it is told to want and
 * remembers what it was given, a clock that tells what it is told. */
#ifndef PFL_TESTS_RACE_H
#define PFL_TESTS_RACE_H

#include "measure/race.h"

#include "scratch.h"

enum { RACE_SIDES = 3, RACE_BENCHMARKS = 3, RACE_BOUTS = 6, RACE_BLOCKS = 400 };

struct race_block {
    size_t bout;
    struct pfl_race_block block;
};

struct race {
    struct scratch scratch;
    struct pfl_arena arena;
    struct pfl_plan plans[RACE_SIDES];
    struct pfl_plan_item items[RACE_SIDES][RACE_BENCHMARKS];
    char *words[RACE_SIDES][RACE_BENCHMARKS][4];
    struct pfl_run runs[RACE_SIDES];
    struct pfl_race_contender contenders[RACE_SIDES];
    struct pfl_race_params params;
    struct pfl_err err;
    /* the judge: */
    int wanted[RACE_BOUTS]; /* blocks */
    enum pfl_race_next mode;
    bool alternates; /* after the first block duets, until there are none */
    struct race_block blocks[RACE_BLOCKS];
    size_t block_count, per_bout[RACE_BOUTS];
    bool ended[RACE_BOUTS];
    enum pfl_bout_end ends[RACE_BOUTS];
    char reasons[RACE_BOUTS][512];
    int add_fails; /* add() says so; 0: never */
    int breaks;    /* its so manieth block is answered by an error; 0: never */
    bool forgives; /* goes on without duets */
    char why_no_duets[256];
    /* outputs: */
    const char *problem; /* what the comparison says, the `problem_at`th time */
    int compared, problem_at;
    bool outputs_differ;
    /* progress: */
    char phases[4096];
    /* the clock: each look is step_ns later than the one before */
    struct pfl_clock clock;
    int64_t now_ns, step_ns, boot_lead_ns, boot_ns;
    /* Ctrl-C after so many questions, or blocks; 0: never */
    int stop_after, stop_after_blocks, asked;
    bool hurried;
};

static inline int64_t race_monotonic(void *context)
{
    struct race *r = context;

    return r->now_ns += r->step_ns;
}

static inline int64_t race_boot(void *context)
{
    struct race *r = context;

    return r->now_ns + (r->boot_ns += r->boot_lead_ns);
}

static inline int64_t race_real(void *context)
{
    struct race *r = context;

    return INT64_C(1700000000000000000) + r->now_ns;
}

static inline enum pfl_race_next race_want(void *context, size_t bout)
{
    struct race *r = context;

    if (r->alternates && !*r->why_no_duets)
        r->mode = r->per_bout[bout] ? PFL_RACE_NEXT_DUET : PFL_RACE_NEXT_SOLO;
    return (int)r->per_bout[bout] < r->wanted[bout] ? r->mode : PFL_RACE_NEXT_NOTHING;
}

static inline int race_add(void *context, size_t bout, const struct pfl_race_block *block,
                           struct pfl_err *err)
{
    struct race *r = context;

    assert_true(r->block_count < RACE_BLOCKS);
    assert_false(r->ended[bout]);
    r->blocks[r->block_count++] = (struct race_block){bout, *block};
    r->per_bout[bout]++;
    if (r->breaks && (int)r->per_bout[bout] == r->breaks)
        return pfl_err_set(err, PFL_ESYSTEM, "the launcher is gone");
    return r->add_fails ? pfl_err_no_memory(err) : PFL_OK;
}

static inline int race_end(void *context, size_t bout, enum pfl_bout_end end, const char *reason,
                           struct pfl_err *err)
{
    struct race *r = context;

    (void)err;
    assert_false(r->ended[bout]); /* once */
    r->ended[bout] = true;
    r->ends[bout] = end;
    snprintf(r->reasons[bout], sizeof r->reasons[bout], "%s", reason);
    return PFL_OK;
}

static inline bool race_no_duets(void *context, size_t bout, const char *why)
{
    struct race *r = context;

    assert_false(r->ended[bout]);
    if (r->forgives) {
        r->mode = PFL_RACE_NEXT_SOLO;
        snprintf(r->why_no_duets, sizeof r->why_no_duets, "%s", why);
    }
    return r->forgives;
}

/* The contender works in a folder of its own. */
static inline void race_apart(struct race *r, size_t side)
{
    static char folders[RACE_SIDES][256];
    char name[32];

    snprintf(name, sizeof name, "apart%zu/x", side);
    scratch_write(&r->scratch, name, "");
    snprintf(name, sizeof name, "apart%zu", side);
    snprintf(folders[side], sizeof folders[side], "%s", scratch_path(&r->scratch, name));
    r->plans[side].root = folders[side];
}

static inline bool race_stop(void *context)
{
    struct race *r = context;

    r->asked++;
    return (r->stop_after && r->asked >= r->stop_after) ||
           (r->stop_after_blocks && (int)r->block_count >= r->stop_after_blocks);
}

static inline bool race_hurry(void *context)
{
    return ((struct race *)context)->hurried;
}

static inline void race_progress(void *context, const struct pfl_race_standing *standing)
{
    struct race *r = context;
    size_t len = strlen(r->phases);

    assert_true(standing->bout < standing->bouts);
    snprintf(r->phases + len, sizeof r->phases - len, "%s %s; ", standing->phase,
             standing->benchmark);
}

static inline void race_begin_with(struct race *r, size_t sides, size_t benchmarks)
{
    static const char *const names[RACE_BENCHMARKS] = {"a", "b", "c"};
    size_t i, k;

    r->params.contender_count = sides;
    for (i = 0; i < sides; i++) {
        r->plans[i] = (struct pfl_plan){
            .items = r->items[i], .item_count = benchmarks, .root = r->scratch.path};
        r->contenders[i] = (struct pfl_race_contender){.plan = &r->plans[i], .run = &r->runs[i]};
        r->runs[i] = (struct pfl_run){.machine.cpus = 1};
        for (k = 0; k < benchmarks; k++) {
            struct pfl_plan_item *item = &r->items[i][k];

            *item = (struct pfl_plan_item){.name = names[k],
                                           .suite = names[k],
                                           .command = "x",
                                           .argv = r->words[i][k],
                                           .argc = 3,
                                           .work_unit = "",
                                           .definition = "d"};
            pfl_how_defaults(&item->how);
            item->how.warmup = 0;
            r->words[i][k][0] = (char *)"sh";
            r->words[i][k][1] = (char *)"-c";
            r->words[i][k][2] = (char *)"exit 0";
        }
    }
}

/* Contender `side` runs this for benchmark `k`. */
static inline struct pfl_how *race_set(struct race *r, size_t side, size_t k, const char *script)
{
    r->words[side][k][2] = (char *)script;
    return &r->items[side][k].how;
}

/* Two contenders, one benchmark, three blocks. */
static inline int race_begin(void **state)
{
    static struct race race;
    struct race *r = &race;
    size_t i;

    memset(r, 0, sizeof *r);
    scratch_make(&r->scratch);
    pfl_arena_init(&r->arena);
    r->mode = PFL_RACE_NEXT_SOLO;
    for (i = 0; i < RACE_BOUTS; i++)
        r->wanted[i] = 3;
    r->step_ns = 1000;
    r->clock = (struct pfl_clock){race_monotonic, race_boot, race_real, r};
    r->params = (struct pfl_race_params){
        .contenders = r->contenders,
        .clock = &r->clock,
        .seed = 5,
        .want = race_want,
        .add = race_add,
        .end = race_end,
        .no_duets = race_no_duets,
        .progress = race_progress,
        .stop_asked = race_stop,
        .hurry_asked = race_hurry,
        .context = r,
        .scratch_folder = r->scratch.path,
    };
    race_begin_with(r, 2, 1);
    *state = r;
    return 0;
}

static inline int race_finish(void **state)
{
    struct race *r = *state;

    pfl_arena_release(&r->arena);
    scratch_remove(&r->scratch);
    return 0;
}

static inline void race_forget(struct race *r)
{
    r->block_count = 0;
    r->compared = r->asked = 0;
    memset(r->per_bout, 0, sizeof r->per_bout);
    memset(r->ended, 0, sizeof r->ended);
    memset(r->reasons, 0, sizeof r->reasons);
    r->why_no_duets[0] = 0;
    r->phases[0] = 0;
}

static inline void race_run(struct race *r)
{
    race_forget(r);
    if (pfl_measure_race(&r->params, &r->arena, &r->err) != PFL_OK)
        fail_msg("%s", r->err.message);
}

static inline const struct pfl_benchmark *race_found(struct race *r, size_t side, const char *name)
{
    const struct pfl_benchmark *bench = pfl_run_find(&r->runs[side], name);

    if (!bench)
        fail_msg("no benchmark %s", name);
    return bench;
}

/* What a file in the scratch folder holds. */
static inline const char *race_file(struct race *r, const char *name)
{
    static char text[16384];
    FILE *file = fopen(scratch_path(&r->scratch, name), "r");
    size_t n = 0;

    if (file) {
        n = fread(text, 1, sizeof text - 1, file);
        fclose(file);
    }
    text[n] = 0;
    return text;
}

#define RACE_TEST(name) cmocka_unit_test_setup_teardown(name, race_begin, race_finish)

#endif
