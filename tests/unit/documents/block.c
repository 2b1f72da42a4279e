/* Sealed blocks: what is written is what is read, whatever stands around it; and what is broken is
 * named with its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "documents/block.h"

#include <stdlib.h>
#include <string.h>

static struct pfl_arena arena;

static int set_up(void **state)
{
    (void)state;
    pfl_arena_init(&arena);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pfl_arena_release(&arena);
    return 0;
}

static struct pfl_blocks blocks_of(const struct pfl_buf *text)
{
    struct pfl_blocks blocks;

    assert_int_equal(pfl_blocks_read(pfl_buf_cstr(text), text->len, &arena, &blocks, NULL), PFL_OK);
    return blocks;
}

static void write_one(struct pfl_buf *out, const char *kind, const char *facts, const char *text)
{
    const struct pfl_block_content content = {kind, facts, text, strlen(text)};
    char id[PFL_BLOCK_ID_LENGTH + 1];

    assert_int_equal(pfl_block_write(&content, out, id, NULL), PFL_OK);
    assert_int_equal(strlen(id), PFL_BLOCK_ID_LENGTH);
}

static void what_is_written_is_read(void **state)
{
    struct pfl_blocks blocks;
    struct pfl_buf out;

    (void)state;
    pfl_buf_init(&out, 1 << 16);
    pfl_buf_text(&out, "# Title\n\nmine\n\n");
    write_one(&out, "row", "{\"schema\":1,\"runs\":[\"a\",\"b\"],\"x\":{\"runs\":[\"no\"]}}",
              "## one\n\ntext");
    pfl_buf_text(&out, "between\n");
    write_one(&out, "snapshot", "{\"schema\":1}", "two\n");
    blocks = blocks_of(&out);
    assert_int_equal(blocks.n, 2);
    assert_int_equal(blocks.problem_count, 0);
    assert_string_equal(blocks.at[0].kind, "row");
    assert_true(blocks.at[0].sealed && blocks.at[1].sealed);
    assert_int_equal(blocks.at[0].line, 5);
    assert_int_equal(blocks.at[0].text_line, 6);
    assert_int_equal(blocks.at[0].end_line, 9);
    assert_int_equal(blocks.at[0].text_len, strlen("## one\n\ntext\n"));
    assert_memory_equal(blocks.at[0].text, "## one\n\ntext\n", blocks.at[0].text_len);
    assert_int_equal(blocks.at[0].run_count, 2);
    assert_string_equal(blocks.at[0].runs[1], "b");
    assert_memory_equal(out.data + blocks.at[0].end, "between\n", strlen("between\n"));
    assert_int_equal(blocks.at[1].end, out.len);
    assert_int_equal(blocks.at[1].run_count, 0);
    pfl_buf_release(&out);
}

/* One byte anywhere between the first line's kind and the last line makes it another block. */
static void every_changed_byte_is_seen(void **state)
{
    struct pfl_buf out;
    size_t i, begin, end;

    (void)state;
    pfl_buf_init(&out, 1 << 16);
    write_one(&out, "row", "{\"schema\":1,\"title\":\"fast\"}", "12.0 ms\n");
    begin = (size_t)(strstr(out.data, "{\"schema") - out.data);
    end = (size_t)(strstr(out.data, "<!-- perfledger:end") - out.data);
    for (i = begin; i < end; i++) {
        struct pfl_blocks blocks;
        char was = out.data[i];

        out.data[i] = was == 'Z' ? 'Y' : 'Z';
        blocks = blocks_of(&out);
        assert_true(blocks.n == 0 || !blocks.at[0].sealed || blocks.problem_count > 0);
        out.data[i] = was;
    }
    assert_true(blocks_of(&out).at[0].sealed);
    pfl_buf_release(&out);
}

static void dashes_do_not_end_the_comment(void **state)
{
    struct pfl_blocks blocks;
    struct pfl_buf out;
    const char *first_end;

    (void)state;
    pfl_buf_init(&out, 1 << 16);
    write_one(&out, "row", "{\"title\":\"--x-- --> ---\",\"n\":-1,\"runs\":[\"a--b\"]}", "t\n");
    first_end = strstr(out.data, "--");
    first_end = strstr(first_end + 2, "--"); /* the comment's own end is the next one */
    assert_memory_equal(first_end, "-->\nt\n", 6);
    blocks = blocks_of(&out);
    assert_true(blocks.n == 1 && blocks.at[0].sealed);
    assert_string_equal(blocks.at[0].runs[0], "a--b");
    pfl_buf_release(&out);
}

static void what_is_in_fences_is_not_ours(void **state)
{
    static const char *const fences[][2] = {{"```\n", "```\n"},
                                            {"```` text\n", "```\n````\n"},
                                            {"~~~\n", "```\n~~~~  \n"},
                                            {"   ```\n", "```\n"}};
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(fences); i++) {
        struct pfl_blocks blocks;
        struct pfl_buf out;

        pfl_buf_init(&out, 1 << 16);
        pfl_buf_text(&out, fences[i][0]);
        write_one(&out, "row", "{}", "shown\n");
        pfl_buf_text(&out, "<!-- perfledger:row broken\n");
        pfl_buf_text(&out, fences[i][1]);
        write_one(&out, "row", "{}", "meant\n");
        blocks = blocks_of(&out);
        assert_int_equal(blocks.problem_count, 0);
        assert_int_equal(blocks.n, 1);
        assert_memory_equal(blocks.at[0].text, "meant\n", 6);
        pfl_buf_release(&out);
    }
}

/* A block whose lines got CR LF is found, but is not what was written. */
static void line_ends_count(void **state)
{
    struct pfl_buf out, crlf;
    struct pfl_blocks blocks;
    size_t i;

    (void)state;
    pfl_buf_init(&out, 1 << 16);
    pfl_buf_init(&crlf, 1 << 16);
    write_one(&out, "row", "{\"runs\":[\"a\"]}", "one\ntwo\n");
    for (i = 0; i < out.len; i++) {
        if (out.data[i] == '\n')
            pfl_buf_char(&crlf, '\r');
        pfl_buf_char(&crlf, out.data[i]);
    }
    blocks = blocks_of(&crlf);
    assert_int_equal(blocks.n, 1);
    assert_int_equal(blocks.problem_count, 0);
    assert_false(blocks.at[0].sealed);
    assert_string_equal(blocks.at[0].runs[0], "a");
    pfl_buf_release(&out);
    pfl_buf_release(&crlf);
}

static void what_is_broken_is_named(void **state)
{
#define ID "0123456789abcdef"
    static const struct {
        const char *text;
        int line;
        const char *says;
        size_t blocks;
    } cases[] = {
        {"<!-- perfledger:row " ID " {} -->\nx\n", 1, "is missing", 0},
        {"\n<!-- perfledger:end " ID " -->\n", 2, "none began", 0},
        {"<!-- perfledger:row " ID " {} -->\n<!-- perfledger:end 0000000000000000 -->\n", 2,
         "another block", 0},
        {"<!-- perfledger:row " ID " {} -->\n<!-- perfledger:row " ID
         " {} -->\n<!-- perfledger:end " ID " -->\n",
         1, "another one begins", 1},
        {"<!-- perfledger:row -->\n", 1, "form is broken", 0},
        {"<!-- perfledger:row " ID " -->\n", 1, "form is broken", 0},
        {"<!-- perfledger:row 0123 {} -->\n", 1, "form is broken", 0},
        {"<!-- perfledger:row " ID " {}\n", 1, "form is broken", 0},
        {"<!-- perfledger:", 1, "form is broken", 0},
        {"<!-- perfledger:row " ID " {x} -->\n<!-- perfledger:end " ID " -->\n", 1,
         "cannot be read", 1},
        {"<!-- perfledger:row " ID " [] -->\n<!-- perfledger:end " ID " -->\n", 1, "cannot be read",
         1},
        {"<!-- perfledger:row " ID " {\"runs\":[1]} -->\n<!-- perfledger:end " ID " -->\n", 1,
         "the id of a run", 1},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_blocks blocks;

        assert_int_equal(
            pfl_blocks_read(cases[i].text, strlen(cases[i].text), &arena, &blocks, NULL), PFL_OK);
        assert_int_equal(blocks.problem_count, 1);
        assert_int_equal(blocks.problems[0].line, cases[i].line);
        assert_non_null(strstr(blocks.problems[0].what, cases[i].says));
        assert_int_equal(blocks.n, cases[i].blocks);
    }
#undef ID
}

static void what_cannot_be_a_block_is_refused(void **state)
{
    static const struct pfl_block_content contents[] = {
        {"row", "{}", "a\n<!-- perfledger:end x -->\n", 27},
        {"row", "{}", "<!-- perfledger:", 16},
        {"row", "{\n}", "a\n", 2},
        {"row", "[]", "a\n", 2},
    };
    char id[PFL_BLOCK_ID_LENGTH + 1];
    struct pfl_buf out;
    size_t i;

    (void)state;
    pfl_buf_init(&out, 1 << 16);
    for (i = 0; i < PFL_COUNT(contents); i++) {
        assert_int_equal(pfl_block_write(&contents[i], &out, id, NULL), PFL_EINVAL);
        assert_int_equal(out.len, 0);
    }
    pfl_buf_release(&out);
}

int test_documents_block(void);
int test_documents_block(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_changed_byte_is_seen, set_up, tear_down),
        cmocka_unit_test_setup_teardown(dashes_do_not_end_the_comment, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_in_fences_is_not_ours, set_up, tear_down),
        cmocka_unit_test_setup_teardown(line_ends_count, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_broken_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_a_block_is_refused, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("documents/block", tests, NULL, NULL);
}
