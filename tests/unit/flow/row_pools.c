/* The other runs of a row's revisions: they are facts, they stand in the text, they refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "documents/row_pool.h"
#include "flow/log/row_parts.h"

#include <string.h>

static struct pfl_row_facts facts_with(struct pfl_row_pool *pools, size_t n)
{
    struct pfl_row_facts f = {.kind = PFL_ROW_OPTIMISATION,
                              .confidence = 0.99,
                              .false_discovery_rate = 0.01,
                              .pools = pools,
                              .pool_count = n};

    f.tool = f.after = f.note = f.tag = f.commit_url = f.pull_request = f.pull_request_url = "";
    f.cause = f.cause_subject = f.area = f.machine = f.reference_machine = f.runs_folder = "";
    f.snapshot = f.metric = "";
    f.base = "b";
    f.head = "h";
    f.title = "T";
    return f;
}

static void facts_keep_them(void **state)
{
    static double before[] = {0.1, 0.30000000000000004}, after[] = {0.05};
    static struct pfl_row_pool pools[] = {
        {"parse", "time", "", {2, 1}, {before, after}, {2, 1}},
        {"sort", "time", "", {2, 1}, {before, after}, {2, 1}},
        {"sort", "peak_rss", "", {1, 1}, {before, after}, {2, 1}}};
    struct pfl_row_facts facts = facts_with(pools, 3), again;
    struct pfl_arena arena;
    struct pfl_buf json, text;
    char *at;

    (void)state;
    pfl_arena_init(&arena);
    pfl_buf_init(&json, 1 << 16);
    pfl_buf_init(&text, 1 << 16);
    assert_int_equal(pfl_row_facts_write(&facts, &json, NULL), PFL_OK);
    assert_int_equal(pfl_row_facts_read(json.data, json.len, &arena, &again, NULL), PFL_OK);
    assert_int_equal(again.pool_count, 3);
    assert_int_equal(again.pools[0].place[0], 2);
    assert_true(again.pools[0].medians[0][1] == before[1]);
    pfl_row_pool_write(&again, &text);
    assert_string_equal(
        pfl_buf_cstr(&text),
        "- All runs of both revisions: 2 before (this is run 2), 1 after (this is run 1); ratio of "
        "their medians: `parse` time 0.250, `sort` time 0.250\n"
        "- All runs of both revisions: 2 before (this is run 1), 1 after (this is run 1); ratio of "
        "their medians: `sort` peak RSS 0.250\n");
    at = strstr(pfl_buf_cstr(&json), "\"\",2,1,") + 3;
    *at = '3'; /* there is no third run */
    assert_int_equal(pfl_row_facts_read(json.data, json.len, &arena, &again, NULL), PFL_EINVAL);
    pfl_buf_release(&json);
    pfl_buf_release(&text);
    pfl_arena_release(&arena);
}

static void they_contradict(void **state)
{
    static const struct {
        double before[4], after[4];
        size_t n[2];
        enum pfl_better better;
        enum pfl_verdict verdict;
        const char *why; /* NULL: nothing is refused */
    } cases[] = {
        {{100, 101}, {61}, {2, 1}, PFL_BETTER_LOWER, PFL_VERDICT_IMPROVED, NULL},
        {{100, 150, 100}, {98, 90}, {3, 2}, PFL_BETTER_LOWER, PFL_VERDICT_IMPROVED, "outside"},
        {{100, 150, 100}, {98, 90}, {3, 2}, PFL_BETTER_LOWER, PFL_VERDICT_UNCHANGED, NULL},
        {{100}, {100, 60, 100}, {1, 3}, PFL_BETTER_LOWER, PFL_VERDICT_IMPROVED, "no gain"},
        {{100}, {60, 62}, {1, 2}, PFL_BETTER_HIGHER, PFL_VERDICT_IMPROVED, "no gain"},
        /* 0.65 lies within the pair's interval, but of such sessions it says nothing */
        {{100, 40, 160, 100},
         {65, 20, 150, 65},
         {4, 4},
         PFL_BETTER_LOWER,
         PFL_VERDICT_IMPROVED,
         "no change"},
        {{100, 99, 101, 100},
         {65, 64, 66, 65},
         {4, 4},
         PFL_BETTER_LOWER,
         PFL_VERDICT_IMPROVED,
         NULL},
        /* the same with fewer sessions than tell how they scatter */
        {{100, 40, 160}, {65, 20}, {3, 2}, PFL_BETTER_LOWER, PFL_VERDICT_IMPROVED, "outside"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        double before[4], after[4];
        struct pfl_row_pool pool = {"p",    "time",          "",
                                    {1, 1}, {before, after}, {cases[i].n[0], cases[i].n[1]}};
        struct pfl_row_facts facts = facts_with(&pool, 1);
        struct pfl_row row = {.benchmark = "p",
                              .metric = "time",
                              .variant = "",
                              .better = cases[i].better,
                              .verdict = cases[i].verdict,
                              .ratio = 0.6,
                              .ratio_low = 0.5,
                              .ratio_high = 0.7};
        struct pfl_comparison comparison = {.rows = &row, .row_count = 1};
        struct pfl_err err = {0};
        int rc;

        memcpy(before, cases[i].before, sizeof before);
        memcpy(after, cases[i].after, sizeof after);
        rc = pfl_log_row_refuse_pools(&facts, &comparison, &err);
        if (rc != (cases[i].why ? PFL_EGATE : PFL_OK) ||
            (cases[i].why && !strstr(err.message, cases[i].why)))
            fail_msg("case %zu: %d %s", i, rc, err.message);
    }
}

int test_flow_row_pools(void);
int test_flow_row_pools(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_keep_them),
        cmocka_unit_test(they_contradict),
    };

    return cmocka_run_group_tests_name("flow/row_pools", tests, NULL, NULL);
}
