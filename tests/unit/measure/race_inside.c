/*
 * Batches in turns: puppets answer as programs linked with libperfledger do, or do not. What they
 * are told, in which order, and what comes of their answers; no process and no clock.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "measure/race_inside.h"

enum what { HONEST, DEAF, LACKING, FAILING, CRASHING, GARBLED, GREEDY, TALKATIVE };

struct puppet {
    enum what what;
    double ns;           /* of an iteration */
    unsigned iterations; /* that it would choose */
    int batches;         /* run so far */
    bool told_to_quit;
};

/* Both puppets, and what the machine does to every batch: a drift that alternation takes out. */
struct stage {
    struct pfl_inside inside;
    struct puppet puppets[2];
    double weather;
    size_t piece;        /* bytes fed at once */
    char order[256];     /* who ran, "b" or "h" */
    char passed[256];    /* messages that went on */
    char waiting[2][64]; /* one line told and not yet answered */
    bool ended[2];
};

static bool say(void *context, int side, const char *line, size_t len)
{
    struct stage *stage = context;

    assert_true(len < sizeof stage->waiting[side]);
    assert_int_equal(line[len - 1], '\n');
    if (strstr(line, "quit"))
        stage->puppets[side].told_to_quit = true;
    else
        memcpy(stage->waiting[side], line, len + 1);
    return true;
}

static void pass(void *context, int side, const char *bytes, size_t len, int64_t at_ns, int pid)
{
    struct stage *stage = context;

    (void)at_ns;
    assert_int_equal(pid, 77 + side);
    strncat(stage->passed, bytes, len);
}

static void speak(struct stage *stage, int side, const char *text)
{
    size_t len = strlen(text), at, n;

    for (at = 0; at < len; at += n) {
        n = len - at < stage->piece ? len - at : stage->piece;
        pfl_inside_feed(&stage->inside, side, text + at, n, 0, 77 + side);
    }
}

static void run_batch(struct stage *stage, int side, unsigned iterations)
{
    struct puppet *puppet = &stage->puppets[side];
    char text[160];

    stage->weather *= 1.01;
    strcat(stage->order, side == PFL_INSIDE_BASE ? "b" : "h");
    if (puppet->what == GARBLED && puppet->batches == 3)
        snprintf(text, sizeof text, "{\"batch_ns\":oops}\n");
    else if (puppet->what == GREEDY)
        snprintf(text, sizeof text, "{\"batch_ns\":9,\"iterations\":%u}\n", iterations + 1);
    else
        snprintf(text, sizeof text,
                 "%s{\"batch_ns\":%.3f,\"iterations\":%u,\"yardstick_ns\":1.250}\n",
                 puppet->what == TALKATIVE && puppet->batches == 0 ? "{\"metric\":\"m\"}\n" : "",
                 puppet->ns * iterations * stage->weather, iterations);
    puppet->batches++;
    speak(stage, side, text);
}

static void end(struct stage *stage, int side)
{
    stage->ended[side] = true;
    pfl_inside_ended(&stage->inside, side);
}

static void answer(struct stage *stage, int side)
{
    struct puppet *puppet = &stage->puppets[side];
    char line[64], text[96];
    unsigned iterations;

    memcpy(line, stage->waiting[side], sizeof line);
    stage->waiting[side][0] = 0;
    if (strstr(line, "\"run\"")) {
        assert_string_equal(line, "{\"run\":\"sort[kind=\\\"a\\\"]\"}\n");
        if (puppet->what != LACKING) {
            snprintf(text, sizeof text, "{\"ready\":\"sort\",\"iterations\":%u}\n",
                     puppet->iterations);
            speak(stage, side, text);
        } else {
            speak(stage, side, "{\"over\":\"sort\"}\n");
        }
        return;
    }
    assert_int_equal(sscanf(line, "{\"batch\":%u}", &iterations), 1);
    if (puppet->what == FAILING && puppet->batches == 4)
        speak(stage, side, "{\"fail\":\"wrong\",\"bench\":\"sort\"}\n{\"over\":\"sort\"}\n");
    else if (puppet->what == CRASHING && puppet->batches == 4)
        end(stage, side);
    else
        run_batch(stage, side, iterations);
}

/* Until nobody has anything to answer. */
static void play(struct stage *stage, bool head_first, double enough_ns)
{
    const struct pfl_inside_params params = {.benchmark = "sort[kind=\"a\"]",
                                             .head_first = head_first,
                                             .pairs = 6,
                                             .enough_ns = enough_ns,
                                             .say = say,
                                             .pass = pass,
                                             .context = stage};
    int side, steps;

    stage->weather = 1;
    if (stage->piece == 0)
        stage->piece = 1000;
    pfl_inside_begin(&stage->inside, &params);
    for (side = 0; side < 2; side++)
        if (stage->puppets[side].what != DEAF)
            speak(stage, side, "{\"control\":1}\n");
    for (side = 0; side < 2; side++)
        if (stage->puppets[side].what == DEAF)
            end(stage, side);
    for (steps = 0; steps < 1000 && (stage->waiting[0][0] || stage->waiting[1][0]); steps++) {
        assert_false(stage->waiting[0][0] && stage->waiting[1][0]); /* never both at once */
        answer(stage, stage->waiting[0][0] ? 0 : 1);
    }
    assert_true(steps < 1000);
    for (side = 0; side < 2; side++)
        if (!stage->ended[side])
            pfl_inside_ended(&stage->inside, side);
}

static struct stage stage_of(enum what base, enum what head)
{
    return (struct stage){.puppets = {{.what = base, .ns = 100, .iterations = 400},
                                      {.what = head, .ns = 101, .iterations = 100}}};
}

/* ---- what comes of it ---- */

static void turns_alternate_and_drift_cancels(void **state)
{
    struct stage stage = stage_of(HONEST, HONEST);
    double base, head;

    (void)state;
    play(&stage, false, 1e12);
    assert_int_equal(stage.inside.end, PFL_INSIDE_WHOLE);
    assert_string_equal(stage.order, "bhhbbhhbbhhbbh"); /* one pair to warm up, six that count */
    assert_int_equal(stage.inside.iterations, 200);     /* of 400 and 100 */
    assert_int_equal(stage.inside.batches.n, 6);
    assert_true(pfl_inside_result(&stage.inside, &base, &head));
    assert_true(fabs((head / base) - (1.01)) <
                1e-4); /* every batch 1 % slower than the one before */
    assert_true(fabs((base) - (105e-9)) < 10e-9);
    assert_true(stage.puppets[0].told_to_quit && stage.puppets[1].told_to_quit);
    assert_true(fabs((pfl_inside_scatter(&stage.inside)) - (log(1.01))) < 1e-6);
    pfl_inside_release(&stage.inside);
}

static void exchanged_names_give_the_mirror_image(void **state)
{
    struct stage one = stage_of(HONEST, HONEST), other = stage_of(HONEST, HONEST);
    struct puppet kept = other.puppets[0];
    double base[2], head[2];

    (void)state;
    other.puppets[0] = other.puppets[1];
    other.puppets[1] = kept;
    play(&one, false, 1e12);
    play(&other, true, 1e12);
    assert_true(pfl_inside_result(&one.inside, &base[0], &head[0]));
    assert_true(pfl_inside_result(&other.inside, &base[1], &head[1]));
    assert_int_equal(one.inside.iterations, other.inside.iterations);
    assert_true(fabs((base[0]) - (head[1])) < 1e-18);
    assert_true(fabs((head[0]) - (base[1])) < 1e-18);
    pfl_inside_release(&one.inside);
    pfl_inside_release(&other.inside);
}

static void slow_ones_need_fewer(void **state)
{
    struct stage stage = stage_of(HONEST, HONEST);

    (void)state;
    play(&stage, true, 1);
    assert_int_equal(stage.inside.end, PFL_INSIDE_WHOLE);
    assert_string_equal(stage.order, "hbbhhbbhhb");
    pfl_inside_release(&stage.inside);
}

static void any_pieces_and_messages_between(void **state)
{
    size_t piece;

    (void)state;
    for (piece = 1; piece < 40; piece++) {
        struct stage stage = stage_of(TALKATIVE, HONEST);

        stage.piece = piece;
        play(&stage, false, 1e12);
        assert_int_equal(stage.inside.end, PFL_INSIDE_WHOLE);
        assert_string_equal(stage.passed, "{\"metric\":\"m\"}\n");
        pfl_inside_release(&stage.inside);
    }
}

static void what_goes_wrong_has_a_name(void **state)
{
    static const struct {
        enum what base, head;
        enum pfl_inside_end end;
        int who;
        size_t batches; /* asked for in all */
    } cases[] = {
        {HONEST, DEAF, PFL_INSIDE_DEAF, PFL_INSIDE_HEAD, 0},
        {DEAF, HONEST, PFL_INSIDE_DEAF, PFL_INSIDE_BASE, 0},
        {HONEST, LACKING, PFL_INSIDE_LACKING, PFL_INSIDE_HEAD, 0},
        {LACKING, LACKING, PFL_INSIDE_LACKING, PFL_INSIDE_BASE, 0},
        {HONEST, FAILING, PFL_INSIDE_STOPPED, PFL_INSIDE_HEAD, 9},
        {CRASHING, HONEST, PFL_INSIDE_BROKEN, PFL_INSIDE_BASE, 8},
        {GARBLED, HONEST, PFL_INSIDE_GARBLED, PFL_INSIDE_BASE, 8},
        {HONEST, GREEDY, PFL_INSIDE_GARBLED, PFL_INSIDE_HEAD, 2},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct stage stage = stage_of(cases[i].base, cases[i].head);

        print_message("case %zu\n", i);
        play(&stage, false, 1e12);
        assert_int_equal(stage.inside.end, cases[i].end);
        assert_int_equal(stage.inside.who, cases[i].who);
        assert_int_equal(strlen(stage.order), cases[i].batches);
        if (cases[i].end != PFL_INSIDE_BROKEN && cases[i].end != PFL_INSIDE_DEAF)
            assert_true(stage.puppets[0].told_to_quit && stage.puppets[1].told_to_quit);
        assert_true(stage.puppets[!cases[i].who].told_to_quit);
        pfl_inside_release(&stage.inside);
    }
}

/* A benchmark called as a message begins, a number that is none, what is nearly an answer. */
static void only_answers_are_answers(void **state)
{
    static const char *const bad[] = {
        "{\"ready\":3}",
        "{\"ready\":\"x\",\"over\":\"x\"}",
        "{\"batch_ns\":-1,\"iterations\":3}",
        "{\"batch_ns\":\"1\"}",
        "{\"ready\":\"x\",\"iterations\":-4}",
        "{\"ready\":\"x\"",
        "{\"control\":1}",
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(bad); i++) {
        const struct pfl_inside_params params = {.benchmark = "x", .pairs = 6, .say = say};
        struct stage stage = {.piece = 100};
        struct pfl_inside_params own = params;
        char line[100];

        own.pass = pass;
        own.context = &stage;
        pfl_inside_begin(&stage.inside, &own);
        speak(&stage, PFL_INSIDE_HEAD, "{\"control\":1}\n");
        snprintf(line, sizeof line, "%s\n", bad[i]);
        speak(&stage, PFL_INSIDE_HEAD, line);
        assert_int_equal(stage.inside.end, PFL_INSIDE_GARBLED);
        assert_string_equal(stage.passed, "");
        pfl_inside_release(&stage.inside);
    }
}

int test_measure_race_inside(void);
int test_measure_race_inside(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(turns_alternate_and_drift_cancels),
        cmocka_unit_test(exchanged_names_give_the_mirror_image),
        cmocka_unit_test(slow_ones_need_fewer),
        cmocka_unit_test(any_pieces_and_messages_between),
        cmocka_unit_test(what_goes_wrong_has_a_name),
        cmocka_unit_test(only_answers_are_answers),
    };

    return cmocka_run_group_tests_name("measure/race_inside", tests, NULL, NULL);
}
