/* Tables: whole pictures at several widths, and every allocation failing once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/table.h"
#include "base/text.h"

#include <string.h>

static const struct pfl_table_column columns[] = {
    {"benchmark", PFL_TABLE_LEFT, 6, 0},
    {"time", PFL_TABLE_RIGHT, 0, 0},
    {"note", PFL_TABLE_LEFT, 4, 1},
};
static const struct pfl_table_cell rows[][3] = {
    {{"pipeline[size=10]", 0}, {"1.43 ms", 2}, {"two outliers", 0}},
    {{"日本", 0}, {"12 s", 0}, {NULL, 0}},
    {{"x", 0}, {"–", 0}, {"", 0}},
};

static void fill(struct pfl_table *table, struct pfl_arena *arena)
{
    size_t i;

    pfl_table_init(table, arena, columns, 3);
    for (i = 0; i < PFL_COUNT(rows); i++)
        pfl_table_add(table, rows[i]);
}

static void paint(struct pfl_buf *buf, int style, bool begin)
{
    pfl_buf_format(buf, begin ? "<%d:" : ">", style);
}

static void columns_give_way_to_the_width(void **state)
{
    static const struct {
        size_t width;
        const char *picture;
    } cases[] = {
        {0, "benchmark             time  note\n"
            "pipeline[size=10]  1.43 ms  two outliers\n"
            "日本                  12 s\n"
            "x                        –\n"},
        {30, "benchmark     time  note\n"
             "pipeline…  1.43 ms  two outli…\n"
             "日本          12 s\n"
             "x                –\n"},
        {21, "bench…     time  note\n"
             "pipel…  1.43 ms  two…\n"
             "日本       12 s\n"
             "x             –\n"},
        {19, "benchmark      time\n"
             "pipeline[…  1.43 ms\n"
             "日本           12 s\n"
             "x                 –\n"},
        {11, NULL},
        {6, NULL},
    };
    struct pfl_arena arena;
    struct pfl_table table;
    struct pfl_err err;
    struct pfl_buf buf;
    char *line;
    size_t i;

    (void)state;
    pfl_arena_init(&arena);
    pfl_buf_init(&buf, 10000);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        fill(&table, &arena);
        pfl_buf_clear(&buf);
        assert_int_equal(pfl_table_render(&table, cases[i].width, NULL, &buf, &err), PFL_OK);
        if (cases[i].picture)
            assert_string_equal(pfl_buf_cstr(&buf), cases[i].picture);
        for (line = strtok(buf.data, "\n"); line; line = strtok(NULL, "\n")) {
            assert_true(cases[i].width == 0 || pfl_text_width(line) <= cases[i].width);
            assert_int_not_equal(line[strlen(line) - 1], ' ');
        }
    }
    pfl_buf_release(&buf);
    pfl_arena_release(&arena);
}

static void styles_wrap_the_text_only(void **state)
{
    struct pfl_arena arena;
    struct pfl_table table;
    struct pfl_buf buf;

    (void)state;
    pfl_arena_init(&arena);
    pfl_buf_init(&buf, 10000);
    fill(&table, &arena);
    assert_int_equal(pfl_table_render(&table, 0, paint, &buf, NULL), PFL_OK);
    assert_non_null(strstr(buf.data, "<-1:benchmark>             <-1:time>  <-1:note>\n"));
    assert_non_null(strstr(buf.data, "pipeline[size=10]  <2:1.43 ms>  two outliers\n"));
    pfl_buf_release(&buf);
    pfl_arena_release(&arena);
}

static void markdown_keeps_all_columns(void **state)
{
    static const struct pfl_table_cell piped[] = {{"a|b", 0}, {"1", 0}, {NULL, 0}};
    struct pfl_arena arena;
    struct pfl_table table;
    struct pfl_buf buf;

    (void)state;
    pfl_arena_init(&arena);
    pfl_buf_init(&buf, 10000);
    pfl_table_init(&table, &arena, columns, 3);
    pfl_table_add(&table, piped);
    assert_int_equal(pfl_table_render_markdown(&table, &buf, NULL), PFL_OK);
    assert_string_equal(pfl_buf_cstr(&buf), "| benchmark | time | note |\n"
                                            "| --- | ---: | --- |\n"
                                            "| a\\|b | 1 |  |\n");
    pfl_buf_release(&buf);
    pfl_arena_release(&arena);
}

static void every_allocation_may_fail(void **state)
{
    struct pfl_arena arena;
    struct pfl_table table;
    struct pfl_err err;
    struct pfl_buf buf;
    unsigned long at;
    int rc, i;

    (void)state;
    for (at = 1;; at++) {
        pfl_arena_init(&arena);
        pfl_buf_init(&buf, 1 << 20);
        pfl_fault.alloc_seen = 0;
        pfl_fault.alloc_at = at;
        fill(&table, &arena);
        for (i = 0; i < 100; i++)
            pfl_table_add(&table, rows[0]);
        rc = pfl_table_render(&table, 40, NULL, &buf, &err);
        pfl_fault.alloc_at = 0;
        pfl_buf_release(&buf);
        pfl_arena_release(&arena);
        if (pfl_fault.alloc_seen < at)
            break;
        assert_int_equal(rc, PFL_ENOMEM);
    }
    assert_int_equal(rc, PFL_OK);
    assert_true(at > 3);
}

int test_base_table(void);

int test_base_table(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_give_way_to_the_width),
        cmocka_unit_test(styles_wrap_the_text_only),
        cmocka_unit_test(markdown_keeps_all_columns),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("base/table", tests, NULL, NULL);
}
