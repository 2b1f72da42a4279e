/* The file of decisions: what is written is what is read, and bad lines are named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../helpers/scratch.h"
#include "project/acknowledgements.h"
#include "sys/file.h"

#include <string.h>

static void decisions_come_back(void **state)
{
    static const struct pfl_review written[] = {
        {PFL_REVIEW_ACKNOWLEDGE, "c[a=1, b='x']", "time", "1a2b3c4", "", "agreed: it's safer", 0},
        {PFL_REVIEW_ACKNOWLEDGE, "c", "*", "#12", "#40", "slowly", 0},
        {PFL_REVIEW_EXPECT, "*", "peak_rss", "v2", "", "# no remark", 0},
        {PFL_REVIEW_REBASE, "d", "time", "#3", "", "two words", 0},
    };
    struct pfl_review *read;
    struct scratch scratch;
    struct pfl_arena arena;
    const char *path;
    size_t n, i;

    (void)state;
    scratch_make(&scratch);
    pfl_arena_init(&arena);
    path = pfl_file_join(scratch.path, PFL_REVIEWS_FILE, &arena);
    assert_int_equal(pfl_reviews_read(path, &arena, &read, &n, NULL), PFL_OK);
    assert_int_equal(n, 0);
    for (i = 0; i < PFL_COUNT(written); i++)
        assert_int_equal(pfl_reviews_add(path, &written[i], NULL), PFL_OK);
    assert_int_equal(pfl_reviews_read(path, &arena, &read, &n, NULL), PFL_OK);
    assert_int_equal(n, PFL_COUNT(written));
    for (i = 0; i < n; i++) {
        assert_int_equal(read[i].action, written[i].action);
        assert_string_equal(read[i].benchmark, written[i].benchmark);
        assert_string_equal(read[i].metric, written[i].metric);
        assert_string_equal(read[i].at, written[i].at);
        assert_string_equal(read[i].until, written[i].until);
        assert_string_equal(read[i].note, written[i].note);
    }
    pfl_arena_release(&arena);
    scratch_remove(&scratch);
}

static void bad_lines_are_named(void **state)
{
    static const struct {
        const char *text;
        int line;
        const char *says;
    } cases[] = {
        {"acknowledge a b c\n", 1, "five words, this one has 4"},
        {"\n# x\naknowledge a b c d\n", 3, "did you mean `acknowledge`"},
        {"expect a b '' d\n", 1, "the place is empty"},
        {"expect a b c ''\n", 1, "the note is empty"},
        {"expect a b c d\nexpect a b c 'd\n", 2, "never closed"},
    };
    struct pfl_review *read;
    struct pfl_arena arena;
    struct pfl_err err;
    size_t n, i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        pfl_arena_init(&arena);
        assert_int_equal(
            pfl_reviews_parse("f", cases[i].text, strlen(cases[i].text), &arena, &read, &n, &err),
            PFL_EPARSE);
        assert_int_equal(err.line, cases[i].line);
        assert_string_equal(err.file, "f");
        if (!strstr(err.message, cases[i].says))
            fail_msg("'%s' does not say '%s'", err.message, cases[i].says);
        pfl_arena_release(&arena);
    }
}

int test_project_acknowledgements(void);
int test_project_acknowledgements(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decisions_come_back),
        cmocka_unit_test(bad_lines_are_named),
    };

    return cmocka_run_group_tests_name("project acknowledgements", tests, NULL, NULL);
}
