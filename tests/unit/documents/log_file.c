/* Where a row goes in the log: behind the remarks of the last one of its part, and no byte of what
 * was there is another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "documents/log_file.h"

#include <string.h>

#define FACTS "{\"schema\":1,\"kind\":\"baseline\",\"title\":\"t\",\"head\":\"0123456789abcdef\"%s}"
#define EXTERNAL ",\"external\":true"

static void add_row(struct pfl_buf *out, const char *more, const char *text)
{
    char facts[256], id[PFL_BLOCK_ID_LENGTH + 1];
    struct pfl_block_content content = {"row", facts, text, strlen(text)};
    struct pfl_buf made;

    pfl_buf_init(&made, sizeof facts);
    pfl_buf_format(&made, FACTS, more);
    memcpy(facts, pfl_buf_cstr(&made), made.len + 1);
    pfl_buf_release(&made);
    assert_int_equal(pfl_block_write(&content, out, id, NULL), PFL_OK);
}

/* "%" stands for a row of the log, "$" for an external one. */
static void write_log(struct pfl_buf *out, const char *pattern)
{
    for (; *pattern; pattern++)
        if (*pattern == '%')
            add_row(out, "", "### row\n");
        else if (*pattern == '$')
            add_row(out, EXTERNAL, "### far\n");
        else
            pfl_buf_char(out, *pattern);
}

static int line_of(const char *text, const char *at)
{
    int line = 1;

    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

static void rows_go_where_they_belong(void **state)
{
    static const struct {
        const char *before;
        bool external;
        const char *after; /* "@" is the new row */
    } cases[] = {
        {"## Log\n\n%", false, "## Log\n\n%\n@"},
        {"## Log\n\n%\nremark\n", false, "## Log\n\n%\nremark\n\n@"},
        {"## Log\n\n%\nremark", false, "## Log\n\n%\nremark\n\n@"},
        {"## Log\n\n%\nremark\n\n### more\n\nof it\n\n\n## Ours\n", false,
         "## Log\n\n%\nremark\n\n### more\n\nof it\n\n@\n\n## Ours\n"},
        {"## Log\n\n%## Ours\n", false, "## Log\n\n%\n@\n## Ours\n"},
        {"## Log\n\n%\n```\n# no heading\n```\n\n# Ours\n", false,
         "## Log\n\n%\n```\n# no heading\n```\n\n@\n# Ours\n"},
        {"## Log\n\n%\n## External timings\n\n$\nfar\n", false,
         "## Log\n\n%\n@\n## External timings\n\n$\nfar\n"},
        {"## Log\n\n%\n## External timings\n\n$\nfar\n", true,
         "## Log\n\n%\n## External timings\n\n$\nfar\n\n@"},
        {"## Log\n", false, "## Log\n\n@"},
        {"# Mine\n\n## Log ##\n\nwords\n\n## Other\n", false,
         "# Mine\n\n## Log ##\n\nwords\n\n@\n## Other\n"},
        {"# Mine\r\n\r\n## Log\r\n\r\n## Other\r\n", false,
         "# Mine\r\n\r\n## Log\r\n\n@\r\n## Other\r\n"},
        {"# Mine\n\n```\n## Log\n```\n", false, "# Mine\n\n```\n## Log\n```\n\n## Log\n\n@"},
        {"# Mine", false, "# Mine\n\n## Log\n\n@"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_buf before, after, block, out;
        struct pfl_log_file log;
        struct pfl_arena arena;
        char with[512];
        const char *at;
        int line;

        pfl_arena_init(&arena);
        pfl_buf_init(&before, 1 << 16);
        pfl_buf_init(&after, 1 << 16);
        pfl_buf_init(&block, 1 << 16);
        pfl_buf_init(&out, 1 << 16);
        write_log(&before, cases[i].before);
        pfl_buf_text(&block, "<!-- first -->\n### NEW\n<!-- last -->\n");
        at = strchr(cases[i].after, '@');
        memcpy(with, cases[i].after, (size_t)(at - cases[i].after));
        with[at - cases[i].after] = 0;
        write_log(&after, with);
        pfl_buf_add(&after, block.data, block.len);
        write_log(&after, at + 1);
        assert_int_equal(pfl_log_file_read(pfl_buf_cstr(&before), before.len, &arena, &log, NULL),
                         PFL_OK);
        assert_int_equal(pfl_log_file_insert(&log, cases[i].external, &block, &out, &line, NULL),
                         PFL_OK);
        assert_string_equal(pfl_buf_cstr(&out), pfl_buf_cstr(&after));
        assert_int_equal(line, line_of(out.data, strstr(out.data, "### NEW")));
        pfl_buf_release(&before);
        pfl_buf_release(&after);
        pfl_buf_release(&block);
        pfl_buf_release(&out);
        pfl_arena_release(&arena);
    }
}

static void a_new_file_explains_itself(void **state)
{
    struct pfl_buf block, out;
    struct pfl_log_file log;
    struct pfl_arena arena;
    int line;

    (void)state;
    pfl_arena_init(&arena);
    pfl_buf_init(&block, 1 << 16);
    pfl_buf_init(&out, 1 << 16);
    pfl_buf_text(&block, "<!-- first -->\n### NEW\n");
    assert_int_equal(pfl_log_file_read("", 0, &arena, &log, NULL), PFL_OK);
    assert_int_equal(pfl_log_file_insert(&log, true, &block, &out, &line, NULL), PFL_OK);
    assert_memory_equal(out.data, "# Performance\n\n", 15);
    assert_non_null(strstr(out.data, "How to read a row"));
    assert_non_null(strstr(out.data, "\n\n## External timings\n\n"));
    assert_int_equal(line, line_of(out.data, strstr(out.data, "### NEW")));
    pfl_buf_release(&block);
    pfl_buf_release(&out);
    pfl_arena_release(&arena);
}

static void rows_are_found(void **state)
{
    struct pfl_benchmark benchmarks[] = {{.name = "parse"}, {.name = "sort"}};
    const struct pfl_run run = {.benchmarks = benchmarks, .benchmark_count = 2};
    const struct pfl_row_facts same = {.base = "", .head = "0123456789abcdef", .metric = ""};
    const char *parser = "parse*", *sort = "sort";
    struct pfl_row_facts other;
    struct pfl_log_file log;
    struct pfl_arena arena;
    struct pfl_buf text;

    (void)state;
    pfl_arena_init(&arena);
    pfl_buf_init(&text, 1 << 16);
    write_log(&text, "## Log\n\n%\n%\n## External timings\n\n$\n");
    assert_int_equal(pfl_log_file_read(text.data, text.len, &arena, &log, NULL), PFL_OK);
    assert_int_equal(log.row_count, 3);
    assert_ptr_equal(pfl_log_file_last(&log, false), &log.rows[1]);
    assert_ptr_equal(pfl_log_file_last(&log, true), &log.rows[2]);
    assert_ptr_equal(pfl_log_file_find(&log, &same, &run), &log.rows[0]);
    other = same;
    other.metric = "time";
    assert_ptr_equal(pfl_log_file_find(&log, &other, &run), &log.rows[0]);
    other.head = "", other.base = "0123456789abcdef";
    assert_null(pfl_log_file_find(&log, &other, &run));
    log.rows[0].facts.area_benchmarks = &parser, log.rows[0].facts.area_benchmark_count = 1;
    log.rows[1].facts.metric = log.rows[2].facts.metric = "peak_rss";
    other = same;
    other.metric = "time";
    assert_ptr_equal(pfl_log_file_find(&log, &other, &run), &log.rows[0]);
    other.benchmarks = &sort, other.benchmark_count = 1;
    assert_null(pfl_log_file_find(&log, &other, &run)); /* another area, another metric */
    other.metric = "";
    assert_ptr_equal(pfl_log_file_find(&log, &other, &run), &log.rows[1]);
    assert_false(log.crlf);
    pfl_buf_release(&text);
    pfl_arena_release(&arena);
}

int test_documents_log_file(void);
int test_documents_log_file(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_go_where_they_belong),
        cmocka_unit_test(a_new_file_explains_itself),
        cmocka_unit_test(rows_are_found),
    };

    return cmocka_run_group_tests_name("documents/log_file", tests, NULL, NULL);
}
