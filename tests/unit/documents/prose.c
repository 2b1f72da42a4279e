/* Figures and links outside of blocks: what is one, what only looks like one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "documents/prose.h"

#include <string.h>

int test_documents_prose(void);

/* Every item as "LINE:TEXT", a link in <>, those in blocks with a * before. */
static const struct {
    const char *text, *expect;
} cases[] = {
    {"", ""},
    {"no figures in 2024, section 3, 5 launches, v1.2.3\n", ""},
    {"from 12.3 ms to 9 ms\n", "1:12.3 ms 1:9 ms "},
    {"a\n\n4.5MiB, 3 s. 0.87\303\227 2x 3 x 17 %, 1%\n",
     "3:4.5 MiB 3:3 s 3:0.87 \303\227 3:2 \303\227 3:17 % 3:1 % "},
    {"5 \302\265s 6 \316\274s 7us 8\302\240ns\n",
     "1:5 \302\265s 1:6 \302\265s 1:7 \302\265s 1:8 ns "},
    {"4.5 \302\261 0.2 ms, 4\302\2613 %, 5 \302\261 s, 6 \302\261 7\n",
     "1:4.5 ms 1:0.2 ms 1:4 % 1:3 % 1:5 s "},
    {"12,345 ns\n", "1:12,345 ns "},
    {"3 sheep 4 Bytes 5 mswx x2s A4B 1.2.3 s\n", "1:1.2.3 s "},
    {"`12 ms` and ``3 ` s`` and `open 4 s\n", "1:4 s "},
    {"```\n3 s\n```\n4 s\n~~~~ c\n~~~\n5 s\n~~~~\n6 s", "4:4 s 9:6 s "},
    {"<!-- 3 s\n4 s --> 5 s <!-- 6 s -->\n", "2:5 s "},
    {"[a](b/c.md) [d](https://x.org/1%20s) ![e](f%20g.svg#h \"3 s\") [i](#j) [k](mailto:l)\n",
     "1:<b/c.md> 1:<f g.svg> "},
    {"[3 ms](x.md)(4 s\n", "1:3 ms 1:<x.md> 1:4 s "},
    {"[a](b", ""},
    /* what hid figures */
    {"    ```\n3 s\n", "2:3 s "},
    {"``` a`b\n3 s\n", "2:3 s "},
    {"~~~\n3 s\n~~~ x\n4 s\n~~~\n5 s\n", "6:5 s "},
    {"\\<!-- 3 s\n", "1:3 s "},
    {"a <!-- b\n\n3 s --> 4 s\n", "3:3 s 3:4 s "},
    {"a <!-- b\n3 s --> 4 s\n", "2:4 s "},
    {"\\`3 s\\`\n", "1:3 s "},
    {"3.21 milliseconds, 4 seconds, 5 percent\n", "1:3.21 ms 1:4 s 1:5 % "},
    {"31 times faster, 2 times as fast, 5 times in a row\n", "1:31 \303\227 1:2 \303\227 "},
    {"3.21&nbsp;ms **3.22** ms _3.23_ ms <b>3.24</b>  ms 3.25\nms\n",
     "1:3.21 ms 1:3.22 ms 1:3.23 ms 1:3.24 ms 1:3.25 ms "},
    {"**3.2 \302\261 0.1** ms\n", "1:3.2 ms 1:0.1 ms "},
    {"[a]: x.md\n [b]: <y z.md> \"3 s\"\n", "1:<x.md> 2:<y z.md> "},
    {"<a href=\"b.md\">c</a> <img src='d.svg' width=\"100%\">\n", "1:<b.md> 1:<d.svg> "},
    {"a <b 3 ms> c\n", "1:3 ms "},
    /* what is none */
    {"64 GB RAM, 16 GiB of RAM, in 30 min, the 90s\n", ""},
    {"64 GB, 1.5 min, the 91s\n", "1:64 GB 1:1.5 min 1:91 s "},
    {"see \\[x\\](nowhere.md) and [x\\](nowhere.md)\n", ""},
    {"[a](a.yaml?raw=1) [b](c_(d).md) [e](<f g.md>) [h](//i) [j](kl:m)\n",
     "1:<a.yaml> 1:<c_(d).md> 1:<f g.md> "},
};

static char *items_of(const char *text, struct pfl_arena *arena)
{
    struct pfl_prose_item *items;
    struct pfl_blocks blocks;
    struct pfl_err err = {0};
    struct pfl_buf out;
    char *found;
    size_t i, n;

    assert_int_equal(pfl_blocks_read(text, strlen(text), arena, &blocks, &err), PFL_OK);
    assert_int_equal(pfl_prose_read(text, strlen(text), &blocks, arena, &items, &n, &err), PFL_OK);
    pfl_buf_init(&out, 1 << 20);
    for (i = 0; i < n; i++) {
        const bool link = items[i].kind == PFL_PROSE_LINK;

        pfl_buf_format(&out, "%s%d:%s%s%s ", items[i].in_block ? "*" : "", items[i].line,
                       link ? "<" : "", items[i].text, link ? ">" : "");
    }
    found = pfl_arena_text(arena, pfl_buf_cstr(&out));
    pfl_buf_release(&out);
    return found;
}

static void test_items(void **state)
{
    struct pfl_arena arena;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        pfl_arena_init(&arena);
        assert_string_equal(items_of(cases[i].text, &arena), cases[i].expect);
        pfl_arena_release(&arena);
    }
}

static void test_in_blocks(void **state)
{
    static const char inside[] = "## 31x in 4 s 0.87\n"
                                 "[x](y.md) 4 s 2026\n"
                                 "| a | ratio | 99 % interval |\n"
                                 "| 10 | 0.86 | 0.8 \342\200\246 0.9 |\n";
    static const char facts[] =
        "{\"runs\":[],\"title\":\"31x in 4 s\",\"points\":[{\"note\":\"0.9\"}]}";
    const struct pfl_block_content content = {"row", facts, inside, sizeof inside - 1};
    const char *figure;
    char id[PFL_BLOCK_ID_LENGTH + 1];
    struct pfl_arena arena;
    struct pfl_err err = {0};
    struct pfl_buf text;

    (void)state;
    pfl_arena_init(&arena);
    pfl_buf_init(&text, 1 << 20);
    pfl_buf_text(&text, "3 s\n");
    assert_int_equal(pfl_block_write(&content, &text, id, &err), PFL_OK);
    pfl_buf_text(&text, "5 s 0.5\n");
    assert_string_equal(items_of(pfl_buf_cstr(&text), &arena),
                        "1:3 s 3:31 \303\227 3:4 s *4:<y.md> *4:4 s *6:0.86 \303\227 "
                        "*6:0.8 \303\227 6:0.9 \303\227 8:5 s ");
    assert_int_equal(pfl_prose_unsupported(&text, id, &arena, &figure, &err), PFL_OK);
    assert_string_equal(figure, "31 \303\227");
    pfl_buf_release(&text);
    pfl_arena_release(&arena);
}

int test_documents_prose(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_items),
        cmocka_unit_test(test_in_blocks),
    };

    return cmocka_run_group_tests_name("documents/prose", tests, NULL, NULL);
}
