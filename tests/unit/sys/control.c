/* The way to a running child: what it is told reaches it while it runs, turn by turn; it sees the
 * end of it; and who is gone cannot be told anything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "sys/spawn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct talk;

/* One of two children, and what it is told next. */
struct talker {
    struct talk *talk;
    int side;
    struct pfl_control control;
    char heard[256];
    int ended;
};

struct talk {
    struct talker talkers[2];
    char order[64];
    int left; /* turns */
    struct pfl_launch_request requests[2];
    struct pfl_launch_together parts[2];
};

static struct pfl_launcher *launchers[2];

static int begin(void **state)
{
    int i;

    (void)state;
    for (i = 0; i < 2; i++)
        if (pfl_launcher_open(&launchers[i], NULL) != PFL_OK)
            return -1;
    return 0;
}

static int end(void **state)
{
    (void)state;
    pfl_launcher_close(launchers[0]);
    pfl_launcher_close(launchers[1]);
    return 0;
}

static void make(struct talk *talk, char *const words[2][4],
                 void (*on_wire)(void *, const char *, size_t, int64_t, int),
                 void (*on_ended)(void *))
{
    int i;

    memset(talk, 0, sizeof *talk);
    for (i = 0; i < 2; i++) {
        talk->talkers[i] = (struct talker){.talk = talk, .side = i};
        talk->requests[i] = (struct pfl_launch_request){
            .argv = words[i],
            .program = "/bin/sh",
            .wire = true,
            .control = &talk->talkers[i].control,
            .on_wire = on_wire,
            .on_ended = on_ended,
            .context = &talk->talkers[i],
        };
        talk->parts[i] =
            (struct pfl_launch_together){.launcher = launchers[i], .request = &talk->requests[i]};
    }
}

static void run(struct talk *talk, size_t count)
{
    size_t failed, i;

    assert_int_equal(pfl_launcher_run_together(talk->parts, count, &failed, NULL), PFL_OK);
    for (i = 0; i < count; i++) {
        assert_int_equal(talk->parts[i].result.exit_code, 0);
        pfl_launch_result_release(&talk->parts[i].result);
    }
}

static void note_end(void *context)
{
    struct talker *talker = context;

    talker->ended++;
}

/* The children say "here", then a line for each one they are told; they take turns. */
static void next_turn(void *context, const char *bytes, size_t len, int64_t at_ns, int pid)
{
    struct talker *talker = context;
    struct talk *talk = talker->talk;
    int i;

    (void)at_ns;
    (void)pid;
    strncat(talker->heard, bytes, len);
    if (!talk->talkers[0].heard[0] || !talk->talkers[1].heard[0])
        return; /* the other one is not here yet */
    if (talk->left-- > 0) {
        i = !(talk->left & 1);
        strcat(talk->order, i ? "1" : "0");
        assert_true(pfl_control_say(&talk->talkers[i].control, "go\n", 3));
    } else {
        pfl_control_close(&talk->talkers[0].control);
        pfl_control_close(&talk->talkers[1].control);
        pfl_control_close(&talk->talkers[1].control);
    }
}

#define SCRIPT(text)                                                                               \
    {                                                                                              \
        (char *)"sh", (char *)"-c", (char *)(text), NULL                                           \
    }

static void two_take_turns_until_the_end(void **state)
{
    static char *const words[2][4] = {
        SCRIPT("echo here >&3; while read -r x <&$PERFLEDGER_CONTROL_FD; do echo $x >&3; done; "
               "echo end >&3"),
        SCRIPT("echo here >&3; while read -r x <&7; do echo $x >&3; done; echo end >&3")};
    struct talk talk;

    (void)state;
    make(&talk, words, next_turn, note_end);
    talk.left = 6;
    run(&talk, 2);
    assert_string_equal(talk.order, "010101");
    assert_string_equal(talk.talkers[0].heard, "here\ngo\ngo\ngo\nend\n");
    assert_string_equal(talk.talkers[1].heard, "here\ngo\ngo\ngo\nend\n");
    assert_int_equal(talk.talkers[0].ended, 1);
    assert_int_equal(talk.talkers[1].ended, 1);
    assert_false(pfl_control_say(&talk.talkers[0].control, "x\n", 2));
}

/* The first one ends at once; from then on the second one is told to. */
static void tell_the_other(void *context)
{
    struct talker *talker = context;

    talker->ended++;
    if (talker->side == 0) {
        assert_true(pfl_control_say(&talker->talk->talkers[1].control, "quit\n", 5));
    }
}

static void keep(void *context, const char *bytes, size_t len, int64_t at_ns, int pid)
{
    (void)at_ns;
    (void)pid;
    strncat(((struct talker *)context)->heard, bytes, len);
}

static void one_learns_that_the_other_is_gone(void **state)
{
    static char *const words[2][4] = {SCRIPT("exit 0"), SCRIPT("read -r x <&7; echo told $x >&3")};
    struct talk talk;

    (void)state;
    make(&talk, words, keep, tell_the_other);
    run(&talk, 2);
    assert_string_equal(talk.talkers[1].heard, "told quit\n");
    assert_int_equal(talk.talkers[1].ended, 1);
}

/* One that closed it, and one that never reads: saying something does no harm. */
static void say_a_lot(void *context, const char *bytes, size_t len, int64_t at_ns, int pid)
{
    struct talker *talker = context;
    int i;

    keep(context, bytes, len, at_ns, pid);
    for (i = 0; i < 100000 && pfl_control_say(&talker->control, "go\n", 3); i++)
        ;
    assert_true(i < 100000);
}

static void who_does_not_listen_does_no_harm(void **state)
{
    static char *const words[2][4] = {SCRIPT("exec 7<&-; echo closed >&3; exit 0"),
                                      SCRIPT("echo busy >&3; exit 0")};
    struct talk talk;

    (void)state;
    make(&talk, words, say_a_lot, NULL);
    run(&talk, 2);
    assert_string_equal(talk.talkers[0].heard, "closed\n");
}

static void without_one_there_is_none(void **state)
{
    static char *const words[2][4] = {
        SCRIPT("echo \"${PERFLEDGER_CONTROL_FD-unset}\" >&3; [ ! -e /dev/fd/7 ] || echo open >&3"),
        SCRIPT("")};
    struct talk talk;

    (void)state;
    setenv("PERFLEDGER_CONTROL_FD", "77", 1); /* an outer perfledger's */
    make(&talk, words, keep, NULL);
    talk.requests[0].control = NULL;
    run(&talk, 1);
    unsetenv("PERFLEDGER_CONTROL_FD");
    assert_string_equal(talk.talkers[0].heard, "unset\n");
}

int test_sys_control(void);
int test_sys_control(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_take_turns_until_the_end),
        cmocka_unit_test(one_learns_that_the_other_is_gone),
        cmocka_unit_test(who_does_not_listen_does_no_harm),
        cmocka_unit_test(without_one_there_is_none),
    };

    return cmocka_run_group_tests_name("sys/control", tests, begin, end);
}
