/* What counts as loosened, which files a rule of `paths:` means, and when a page speaks of a
 * suite. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config/config.h"
#include "flow/log/mention.h"
#include "flow/log/owed.h"
#include "flow/release/path_rules.h"

#include <string.h>

static void parse(const char *text, struct pfl_arena *arena, struct pfl_config *config)
{
    struct pfl_config_params params = {
        .file = "perfledger.yaml", .root = "/r", .text = text, .len = strlen(text)};
    struct pfl_err err = {0};

    if (pfl_config_parse(&params, arena, config, &err) != PFL_OK)
        fail_msg("%s", err.message);
}

#define GATE(rest) "gates: [ { match: a, metric: time, " rest " } ]\n"
#define RULE(rest)                                                                                 \
    "suites: [ { name: k, command: x }, { name: l, command: x } ]\npaths: [ { match: [src, "       \
    "lib], " rest " } ]\n"
#define TARGET(rest) "targets: [ { benchmark: a, metric: time, " rest " } ]\n"

static void loosened_gates_are_told(void **state)
{
    static const struct {
        const char *before, *now;
        const char *change; /* of the only one that is loosened; NULL: none is */
        bool reason;
    } cases[] = {
        {GATE("max_regression: 10%"), GATE("max_regression: 10%"), NULL, false},
        {GATE("max_regression: 10%"), GATE("max_regression: 5%"), NULL, false},
        {GATE("max_regression: 10%"), GATE("max_regression: 12%"), "max_regression 10 % → 12 %",
         false},
        {GATE("max_regression: 10%"), GATE("max_regression: 12%, reason: x"),
         "max_regression 10 % → 12 %", true},
        {GATE("max_regression: 10%, reason: x"), GATE("max_regression: 12%, reason: x"),
         "max_regression 10 % → 12 %", false},
        {GATE("max: 1s"), GATE("max: 2s"), "max 1.00 s → 2.00 s", false},
        {GATE("min: 2s"), GATE("min: 1s"), "min 2.00 s → 1.00 s", false},
        {GATE("min: 1s"), GATE("min: 2s"), NULL, false},
        {GATE("max: 1s"), GATE("max: 1s, report_only: true"), "max only reports", false},
        {GATE("max: 1s, report_only: true"), "", NULL, false},
        {GATE("max: 1s"), "", "max 1.00 s removed", false},
        {GATE("max: 1s, max_regression: 5%"), GATE("max_regression: 5%"), "max 1.00 s removed",
         false},
        {GATE("max_ratio: 0.5, relative_to: b"), GATE("max_ratio: 0.7, relative_to: b"),
         "max_ratio 0.500 → 0.700", false},
        /* a wider pattern takes over; a later gate overrides */
        {GATE("max_regression: 10%"), "gates: [ { metric: '*', max_regression: 8% } ]\n", NULL,
         false},
        {"gates: [ { metric: time, max_regression: 10% } ]\n",
         "gates: [ { metric: time, max_regression: 10% }, { match: a, metric: time, "
         "max_regression: 30% } ]\n",
         "max_regression 10 % → 30 %", false},
        {"gates: [ { metric: time, max_regression: 10% } ]\n",
         "gates: [ { metric: time, max_regression: 10% }, { match: a, metric: time, report_only: "
         "true, reason: noisy } ]\n",
         "max_regression only reports", true},
        {"", GATE("max_regression: 90%"), NULL, false},
        /* patterns that cross */
        {"gates: [ { match: 'k/*', metric: time, max_regression: 5% } ]\n",
         "gates: [ { match: 'k/*', metric: time, max_regression: 5% }, { match: '*/p', metric: "
         "time, max_regression: 90% } ]\n",
         "max_regression 5 % → 90 %", false},
        {"gates: [ { match: k, metric: 't*', max_regression: 5% } ]\n",
         "gates: [ { match: k, metric: 't*', max_regression: 5% }, { match: '*p', metric: "
         "'*e', max_regression: 5%, report_only: true, reason: x } ]\n",
         "max_regression only reports", true},
        {"gates: [ { match: 'k/*', metric: time, max_regression: 5% } ]\n",
         "gates: [ { match: '*/p', metric: time, max_regression: 90% }, { match: 'k/*', metric: "
         "time, max_regression: 5% } ]\n",
         NULL, false},
        {"gates: [ { match: 'k/*', metric: time, max_regression: 5% } ]\n",
         "gates: [ { match: 'k/*', metric: time, max_regression: 5% }, { match: 'l*/p', metric: "
         "time, max_regression: 90% } ]\n",
         NULL, false},
        /* targets */
        {TARGET("max: 1s"), TARGET("max: 1s"), NULL, false},
        {TARGET("max: 1s"), TARGET("max: 2s"), "max 1.00 s → 2.00 s", false},
        {TARGET("max: 1s"), TARGET("max: 2s, reason: x"), "max 1.00 s → 2.00 s", true},
        {TARGET("max: 1s"), TARGET("max: 1s, tolerance: 5%"), "tolerance 0 % → 5 %", false},
        {TARGET("max: 1s, tolerance: 5%"), TARGET("max: 1s"), NULL, false},
        {TARGET("min: 2s"), TARGET("min: 1s"), "min 2.00 s → 1.00 s", false},
        {TARGET("max: 1s"), "", "removed", false},
        /* what is gone has its reason in `removed:` */
        {TARGET("max: 1s"), "removed: [ { target: a, reason: x } ]\n", "removed", true},
        {TARGET("max: 1s"), "removed: [ { gate: a, reason: x } ]\n", "removed", false},
        {TARGET("max: 1s"), "removed: [ { target: a, metric: cpu, reason: x } ]\n", "removed",
         false},
        {GATE("max: 1s"), "removed: [ { gate: '*', metric: time, reason: x } ]\n",
         "max 1.00 s removed", true},
        {GATE("max: 1s") "removed: [ { gate: b, reason: x } ]\n",
         "removed: [ { gate: a, reason: x } ]\n", "max 1.00 s removed", false},
        /* the release gate */
        {"", "release: { max_regression: 20% }\n", "max_regression 10 % → 20 %", false},
        {"release: { max_regression: 5% }\n", "", "max_regression 5 % → 10 %", false},
        {"", "release: { max_regression: 20%, reason: x }\n", "max_regression 10 % → 20 %", true},
        {"release: { max_regression: 20% }\n", "release: { max_regression: 5% }\n", NULL, false},
        /* rules */
        {RULE("suites: k, demand: [row, snapshot], max_regression: 1%"),
         RULE("suites: k, demand: [row, snapshot], max_regression: 1%"), NULL, false},
        {RULE("demand: [row, snapshot]"), RULE("demand: row"), "demand snapshot removed", false},
        {RULE("demand: [row, snapshot]"), RULE("demand: snapshot, reason: x"), "demand row removed",
         true},
        {RULE("max_regression: 1%"), RULE("max_regression: 2%"), "max_regression 1 % → 2 %", false},
        {RULE("max_regression: 1%"), RULE("demand: row"), "max_regression 1 % removed", false},
        {RULE("max_regression: 1%"), RULE("max_regression: 1%, metric: cpu"),
         "max_regression 1 % removed", false},
        {RULE("max_regression: 2%"), RULE("max_regression: 1%"), NULL, false},
        {RULE("demand: row"), RULE("demand: row, suites: k"), "suites: all removed", false},
        {RULE("suites: [k, l]"), RULE("suites: k"), "suites: l removed", false},
        {RULE("suites: k"), RULE("demand: row"), NULL, false},
        {RULE("demand: row"), "paths: [ { match: [lib, 's*'], demand: row } ]\n", NULL, false},
        {RULE("demand: row"),
         "paths: [ { match: src, demand: row }, { match: lib, demand: row } ]\n", NULL, false},
        {RULE("demand: row"), "paths: [ { match: src, demand: row } ]\n", "removed", false},
        {RULE("demand: row"),
         "paths: [ { match: src, demand: row } ]\nremoved: [ { path: lib, reason: x } ]\n",
         "removed", true},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pfl_config before, now;
        struct pfl_owed owed = {0};
        struct pfl_arena arena;

        pfl_arena_init(&arena);
        parse(cases[i].before, &arena, &before);
        parse(cases[i].now, &arena, &now);
        assert_int_equal(pfl_flow_loosened(&arena, &before, &now, &owed, NULL), PFL_OK);
        if (owed.loosened_count != (cases[i].change ? 1U : 0U) ||
            (cases[i].change && (strcmp(owed.loosened[0].change, cases[i].change) != 0 ||
                                 (owed.loosened[0].reason != NULL) != cases[i].reason)) ||
            owed.reasons != (cases[i].change && !cases[i].reason ? 1U : 0U))
            fail_msg("case %zu: %zu, <%s>", i, owed.loosened_count,
                     owed.loosened_count ? owed.loosened[0].change : "");
        pfl_arena_release(&arena);
    }
}

static void files_of_a_rule(void **state)
{
    static const struct {
        const char *pattern, *file;
        bool matches;
    } cases[] = {
        {"src/parser*", "src/parser.c", true},
        {"src/parser*", "src/parser/a.c", true},
        {"src/parser*", "lib/src/parser", false},
        {"src", "src/a.c", true},
        {"src", "src", true},
        {"src", "srcs/a.c", false},
        {"src/", "src/a.c", true},
        {"src/", "src", false},
        {"*.c", "deep/in/a.c", true},
        {"../lib/*", "../lib/a.c", true},
        {"?.c", "a.c", true},
        {"?.c", "ab.c", false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *patterns[] = {"no such file", cases[i].pattern};
        struct pfl_path_rule rule = {.matches = patterns, .match_count = 2};

        if (pfl_path_rule_matches(&rule, cases[i].file) != cases[i].matches)
            fail_msg("%s, %s", cases[i].pattern, cases[i].file);
    }
}

static void names_in_pages(void **state)
{
    static const struct {
        const char *text, *name;
        bool benchmark, suite;
    } cases[] = {
        {"| parse |", "parse", true, true},
        {"| parse\\_all |", "parse_all", true, true},
        {"| parse_all |", "parse", false, false},
        {"| fast/parse |", "parse", false, false},
        {"| parse/fast |", "parse", false, true},
        {"| parse\\[n=1\\] |", "parse", false, true},
        {"| parse\\[n=1\\] |", "parse[n=1]", true, true},
        {"reparse", "parse", false, false},
        {"parse", "parse/*", false, true},
        {"other", "p*", false, true},
        {"", "parse", false, false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pfl_block block = {.facts = "{}",
                                  .facts_len = 2,
                                  .text = cases[i].text,
                                  .text_len = strlen(cases[i].text)};
        struct pfl_arena arena;
        const char *text;

        pfl_arena_init(&arena);
        text = pfl_mention_text(&block, &arena);
        assert_non_null(text);
        if (pfl_mentions_benchmark(text, cases[i].name) != cases[i].benchmark ||
            pfl_mentions_suite(text, &cases[i].name, 1) != cases[i].suite)
            fail_msg("'%s' in '%s'", cases[i].name, cases[i].text);
        assert_true(pfl_mentions_suite(text, NULL, 0));
        pfl_arena_release(&arena);
    }
}

int test_flow_owed(void);
int test_flow_owed(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loosened_gates_are_told),
        cmocka_unit_test(files_of_a_rule),
        cmocka_unit_test(names_in_pages),
    };

    return cmocka_run_group_tests_name("flow/owed", tests, NULL, NULL);
}
