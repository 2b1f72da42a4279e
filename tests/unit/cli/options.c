/* Command-line words against the cards: forms of options, globals on both sides, what is refused
 * and how. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "cli/options.h"
#include "cli/run_options.h"

#include <math.h>
#include <string.h>

int test_cli_options(void);

struct parsed_case {
    const char *words[12];
    int code;
    const char *says; /* part of the message */
};

static size_t count_words(const char *const *words)
{
    size_t n = 0;

    while (words[n])
        n++;
    return n;
}

static int parse(const char *const *words, struct pfl_arena *arena, struct pfl_parsed *parsed,
                 struct pfl_err *err)
{
    return pfl_options_parse((char **)(uintptr_t)words, count_words(words), arena, parsed, err);
}

static void refused_words(void **state)
{
    static const struct parsed_case cases[] = {
        {{"p", "cehck"}, PFL_EUSAGE, "did you mean `check`"},
        {{"p", "frobnicate"}, PFL_EUSAGE, "no command `frobnicate`"},
        {{"p", "run", "--ronds", "3"}, PFL_EUSAGE, "did you mean --rounds"},
        {{"p", "run", "--rounds"}, PFL_EUSAGE, "--rounds needs N"},
        {{"p", "run", "--rounds", "ten"}, PFL_EUSAGE, "--rounds: "},
        {{"p", "run", "--rounds", "0"}, PFL_EUSAGE, "--rounds: "},
        {{"p", "run", "-r"}, PFL_EUSAGE, "--rounds needs N"},
        {{"p", "run", "-Z"}, PFL_EUSAGE, "no option -Z"},
        {{"p", "run", "--allow-few=yes"}, PFL_EUSAGE, "takes no value"},
        {{"p", "run", "-L", "x"}, PFL_EUSAGE, "--parameter-list needs"},
        {{"p", "run", "--seed", "-4"}, PFL_EUSAGE, "no seed"},
        {{"p", "run", "--tier", "smo"}, PFL_EUSAGE, "smoke deep longhaul"},
        {{"p", "--color", "purple", "list"}, PFL_EUSAGE, "auto always never"},
        {{"p", "run", "--max-time", "soon"}, PFL_EUSAGE, "--max-time: "},
        {{"p", "check", "--tolerance", "much"}, PFL_EUSAGE, "--tolerance: "},
        {{"p", "check", "--tolerance", "5"}, PFL_EUSAGE, "write 5%"},
        {{"p", "compare", "--tolerance=1.5"}, PFL_EUSAGE, "write 1.5%"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_arena arena;
        struct pfl_parsed parsed;
        struct pfl_err err;

        pfl_arena_init(&arena);
        assert_int_equal(parse(cases[i].words, &arena, &parsed, &err), cases[i].code);
        if (!strstr(err.message, cases[i].says))
            fail_msg("<%s> does not say <%s>", err.message, cases[i].says);
        pfl_arena_release(&arena);
    }
}

static void globals_stand_on_both_sides(void **state)
{
    static const char *const words[] = {
        "p", "-C", "/tmp", "--json", "list", "-q", "--ledger=x.db", "--last", "3", NULL};
    struct pfl_arena arena;
    struct pfl_parsed parsed;

    (void)state;
    pfl_arena_init(&arena);
    assert_int_equal(parse(words, &arena, &parsed, NULL), PFL_OK);
    assert_string_equal(parsed.command->name, "list");
    assert_string_equal(parsed.globals.folder, "/tmp");
    assert_string_equal(parsed.globals.ledger, "x.db");
    assert_true(parsed.globals.json && parsed.globals.quiet);
    assert_false(parsed.globals.verbose);
    assert_int_equal(*(int *)parsed.options, 3); /* --last is the first field */
    assert_int_equal(parsed.arg_count, 0);
    pfl_arena_release(&arena);
}

static void shares_are_read(void **state)
{
    static const struct {
        const char *text;
        double share;
    } cases[] = {{"5%", 0.05}, {"150%", 1.5}, {"0.5", 0.5}, {"1", 1}, {"0", 0}};
    const struct pfl_option *option;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        const char *words[] = {"p", "check", "--tolerance", cases[i].text, NULL};
        struct pfl_arena arena;
        struct pfl_parsed parsed;
        double share;

        pfl_arena_init(&arena);
        assert_int_equal(parse(words, &arena, &parsed, NULL), PFL_OK);
        for (option = parsed.command->options; strcmp(option->name, "--tolerance") != 0; option++)
            ;
        share = *(const double *)(const void *)((const char *)parsed.options + option->offset);
        assert_true(fabs(share - cases[i].share) < 1e-12);
        pfl_arena_release(&arena);
    }
}

static void dashes_end_options(void **state)
{
    static const char *const words[] = {"p",   "run",      "a", "-r10", "--",
                                        "cmd", "--rounds", "5", "--",   NULL};
    struct pfl_arena arena;
    struct pfl_parsed parsed;

    (void)state;
    pfl_arena_init(&arena);
    assert_int_equal(parse(words, &arena, &parsed, NULL), PFL_OK);
    assert_true(parsed.dashes);
    assert_int_equal(parsed.args_before_dashes, 1);
    assert_int_equal(parsed.arg_count, 5);
    assert_string_equal(parsed.args[1], "cmd");
    assert_string_equal(parsed.args[4], "--");
    assert_int_equal(((const struct pfl_run_options *)parsed.options)->rounds, 10);
    pfl_arena_release(&arena);
}

static void a_card_wins_over_a_global(void **state)
{
    /* every letter of a command that is also a global one must have been meant: there is none today
     */
    const struct pfl_option *option, *global;
    size_t i;

    (void)state;
    for (i = 0; pfl_commands[i]; i++)
        for (option = pfl_commands[i]->options; option && option->name; option++)
            for (global = pfl_global_options; global->name; global++) {
                assert_string_not_equal(option->name, global->name);
                if (option->letter && option->letter == global->letter)
                    fail_msg("%s: -%c is a global option", pfl_commands[i]->name, option->letter);
            }
}

static void cards_are_complete(void **state)
{
    const struct pfl_option *option, *other;
    size_t i;

    (void)state;
    for (i = 0; pfl_commands[i]; i++) {
        assert_non_null(pfl_commands[i]->summary);
        assert_non_null(pfl_commands[i]->usage);
        assert_non_null(pfl_commands[i]->description);
        assert_non_null(pfl_commands[i]->group);
        assert_non_null(pfl_commands[i]->run);
        for (option = pfl_commands[i]->options; option && option->name; option++) {
            assert_non_null(option->summary);
            assert_true(option->name[0] == '-' && option->name[1] == '-');
            assert_true(option->kind == PFL_OPTION_FLAG || option->value);
            assert_true(option->kind != PFL_OPTION_CHOICE || option->choices);
            assert_true(option->offset < pfl_commands[i]->options_size);
            for (other = option + 1; other->name; other++)
                assert_string_not_equal(option->name, other->name);
        }
    }
}

static void absent_values_are_told_apart(void **state)
{
    static const char *const words[] = {"p", "check", NULL};
    const struct pfl_option *option;
    struct pfl_arena arena;
    struct pfl_parsed parsed;

    (void)state;
    pfl_arena_init(&arena);
    assert_int_equal(parse(words, &arena, &parsed, NULL), PFL_OK);
    for (option = parsed.command->options; option->name; option++) {
        const char *field = (const char *)parsed.options + option->offset;

        if (option->kind == PFL_OPTION_FRACTION)
            assert_true(isnan(*(const double *)(const void *)field));
        if (option->kind == PFL_OPTION_TEXT || option->kind == PFL_OPTION_CHOICE)
            assert_null(*(const char *const *)(const void *)field);
    }
    pfl_arena_release(&arena);
}

static void verdicts_to_fail_on(void **state)
{
    unsigned bits = 99;

    (void)state;
    assert_int_equal(pfl_options_fail_on("regressed,missing", &bits, NULL), PFL_OK);
    assert_int_equal(bits, PFL_FAIL_ON_REGRESSED | PFL_FAIL_ON_MISSING);
    assert_int_equal(pfl_options_fail_on("none", &bits, NULL), PFL_OK);
    assert_int_equal(bits, 0);
    bits = 7;
    assert_int_equal(pfl_options_fail_on("regressed,nothing", &bits, NULL), PFL_EUSAGE);
    assert_int_equal(bits, 7);
}

static void no_memory_is_an_error(void **state)
{
    static const char *const words[] = {"p", "run", "a",  "-n",  "x", "-L",
                                        "v", "1,2", "--", "cmd", NULL};
    unsigned long n;
    bool fired = true;

    (void)state;
    for (n = 1; fired; n++) {
        struct pfl_arena arena;
        struct pfl_parsed parsed;
        struct pfl_err err = {0};
        int rc;

        memset(&pfl_fault, 0, sizeof pfl_fault);
        pfl_fault.alloc_at = n;
        pfl_arena_init(&arena);
        rc = parse(words, &arena, &parsed, &err);
        fired = pfl_fault.alloc_seen >= n;
        pfl_fault.alloc_at = 0;
        assert_int_equal(rc, fired ? PFL_ENOMEM : PFL_OK);
        assert_true(rc == PFL_OK || *err.message);
        pfl_arena_release(&arena);
    }
    assert_true(n > 3);
}

int test_cli_options(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused_words),
        cmocka_unit_test(globals_stand_on_both_sides),
        cmocka_unit_test(shares_are_read),
        cmocka_unit_test(dashes_end_options),
        cmocka_unit_test(a_card_wins_over_a_global),
        cmocka_unit_test(cards_are_complete),
        cmocka_unit_test(absent_values_are_told_apart),
        cmocka_unit_test(verdicts_to_fail_on),
        cmocka_unit_test(no_memory_is_an_error),
    };

    return cmocka_run_group_tests_name("cli options", tests, NULL, NULL);
}
