/* Another version's words for the same are fine; another figure, verdict, name or order is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "flow/audit/words.h"
#include "flow/log/facts.h"

#include <string.h>

#ifndef PFL_VERSION
#define PFL_VERSION "unknown"
#endif

static bool same(const char *one, const char *other)
{
    bool is = pfl_audit_claims_same(one, strlen(one), other, strlen(other));

    assert_int_equal(pfl_audit_claims_same(other, strlen(other), one, strlen(one)), is);
    return is;
}

static void versions(void **state)
{
    (void)state;
    assert_false(pfl_log_is_of_another_version(NULL));
    assert_false(pfl_log_is_of_another_version(""));
    assert_false(pfl_log_is_of_another_version("perfledger " PFL_VERSION));
    assert_true(pfl_log_is_of_another_version("perfledger 0.0.9-made-up"));
    assert_false(pfl_log_is_of_another_version("pytest-benchmark"));
}

static void claims(void **state)
{
    static const struct {
        const char *one, *other;
        bool same;
    } cases[] = {
        {"", "", true},
        {"One launch only.", "There was but one launch.", true},
        {"- Runs: before `00aa` (10 launches)", "- Compared: `00aa`, launched 10 times", true},
        {"- Runs: before `00aa` (10 launches)", "- Compared: `00ab`, launched 10 times", false},
        {"- Runs: before `00aa` (10 launches)", "- Compared: `00aa`, launched 11 times", false},
        {"### 2026-11-21 · T", "## T (2026-11-21)", true},
        {"### 2026-11-21 · T", "### 2026-11-20 · T", false},
        {"took 3.21 ms.", "needed 3.21\xc2\xa0ms", true},
        {"took 3.21 ms.", "took 3.21 s.", false},
        {"took **3.21** ms.", "took 3.21 ms", true},
        {"1 ± 2 ms", "1 … 2 ms", false},
        {"1 ± 2 ms", "2 ± 1 ms", false},
        {"1", "1 2", false},
        {"| `a` | 1 ms | improved |\n", "|  `a`  |  1 ms  |  improved  |\n", true},
        {"| `a` | 1 ms | improved (38 % less) |\n", "| `a` | 1 ms | regressed (38 % less) |\n",
         false},
        {"| `a` | 1 ms | improved |\n", "| `a` | 1 ms | unchanged |\n", false},
        {"| `a` | 1 ms | improved |\n", "| `a` | 1 ms | |\n", false},
        {"| `a` | 1 ms |\n", "| `b` | 1 ms |\n", false},
        {"| `a` | peak RSS | 1 MiB |\n", "| `a` | memory | 1 MiB |\n", true},
        {"| `a` | peak RSS | 1 MiB |\n", "| `a` | artefact size | 1 MiB |\n", false},
        {"| `a` | time | 1 ms |\n", "| `a` | CPU time | 1 ms |\n", false},
        {"| `a` | 1 |\n| `b` | 2 |\n", "| `a` | 1 |\n\n| `b` | 2 |\n", true},
        {"| `a` | 1 | 2 |\n| `b` |\n", "| `a` | 1 |\n| `b` | 2 |\n", false},
        {"| `a` | 1 |\n|:---|---:|\n", "| `a` | 1 |\n|----|---|\n", true},
        {"it improved by 3 %\n", "it got better by 3 %\n", true},
        {"[r](https://a/1)", "[run](https://a/1)", true},
        {"[r](https://a/1)", "[r](https://b/1)", false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++)
        if (same(cases[i].one, cases[i].other) != cases[i].same)
            fail_msg("'%s' and '%s'", cases[i].one, cases[i].other);
}

int test_flow_audit_words(void);
int test_flow_audit_words(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions),
        cmocka_unit_test(claims),
    };

    return cmocka_run_group_tests_name("flow/audit_words", tests, NULL, NULL);
}
