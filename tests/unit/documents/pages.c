/* Sections and charts of trends, slugs and anchors: with names that mean something to Markdown, XML
 * or a file system, and with values that are odd. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "documents/slug.h"
#include "documents/trend.h"

#include <math.h>
#include <string.h>

enum { TEXT_MAX = 1 << 20, MANY = 120 };

static const struct pfl_revision first = {"1a2b3c4d5e6f", "main", "", "", "", 0, false},
                                 second = {"2b3c4d5e6f70", "main", "", "", "", 0, false};

static struct pfl_document_point point(const struct pfl_revision *revision, double value,
                                       double half, const char *note)
{
    return (struct pfl_document_point){
        revision, INT64_C(1795305599) * 1000000000, value, value - half, value + half, "", "", note,
        ""};
}

static void render(const struct pfl_document_trend *trend, bool chart, struct pfl_buf *out)
{
    struct pfl_arena arena;

    pfl_arena_init(&arena);
    pfl_buf_init(out, TEXT_MAX);
    assert_int_equal(chart ? pfl_document_chart(trend, &arena, out, NULL)
                           : pfl_document_trend(trend, &arena, out, NULL),
                     PFL_OK);
    pfl_arena_release(&arena);
}

static void a_section(void **state)
{
    struct pfl_document_point points[] = {point(&first, 0.00143, 0.00002, ""),
                                          point(&second, 1.5, 0.1, "slow | <b>disk</b> `x`")};
    const struct pfl_document_trend trend = {"a|b`c",          "time:read", "",     "s",
                                             PFL_BETTER_LOWER, "t.svg",     points, 2};
    struct pfl_buf out;

    (void)state;
    points[1].epoch = "machine changed";
    points[1].more = "kernel 6.1 → 6.6";
    points[1].tag = "v1.0";
    render(&trend, false, &out);
    assert_string_equal(out.data,
                        "## `` a|b`c ``\n"
                        "\n"
                        "![time:read of a|b\\`c over revisions](t.svg)\n"
                        "\n"
                        "| date       | revision                 |         time, `read` | note |\n"
                        "| ---------- | ------------------------ | -------------------: | ---- |\n"
                        "| 2026-11-21 | `1a2b3c4d5e`             |       1.43 ± 0.02 ms |  |\n"
                        "| 2026-11-21 | `2b3c4d5e6f` v1.0        |        1.50 ± 0.10 s | "
                        "**machine changed (kernel "
                        "6.1 → 6.6)**; slow \\| \\<b\\>disk\\</b\\> \\`x\\` |\n");
    pfl_buf_release(&out);
}

/* Well-formed whatever the name: no bare <, & or " of ours, no control character. */
static void a_hostile_chart(void **state)
{
    struct pfl_document_point points[] = {point(&first, 1, 0.1, ""), point(&second, 2, 0.1, "")};
    const struct pfl_document_trend trend = {
        "<script>\"&\n\x01\xef\xbf\xbf", "time", "]]>", "s", PFL_BETTER_LOWER, "t.svg", points, 2};
    struct pfl_buf out;
    const char *at;

    (void)state;
    points[1].tag = "v<1>";
    render(&trend, true, &out);
    assert_null(strstr(out.data, "<script"));
    assert_null(strstr(out.data, "v<1"));
    assert_null(strstr(out.data, "]]>"));
    assert_null(strstr(out.data, "\xef\xbf\xbf"));
    assert_non_null(strstr(out.data, "&lt;script&gt;&quot;&amp;\\n\\x01"));
    assert_non_null(strstr(out.data, "v&lt;1&gt;"));
    for (at = out.data; *at; at++)
        assert_true((unsigned char)*at >= ' ' || *at == '\n');
    pfl_buf_release(&out);
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;

    for (; (text = strstr(text, what)); text += strlen(what))
        n++;
    return n;
}

static void odd_values(void **state)
{
    static const double values[][2] = {{0, 0},      {0, 0.1},      {-3, -2},      {1e-12, 1e-12},
                                       {1e15, 1},   {NAN, 2},      {NAN, NAN},    {5, 5},
                                       {-1e9, 1e9}, {INFINITY, 1}, {1e300, 1e300}};
    struct pfl_buf out;
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(values); i++) {
        const struct pfl_document_point points[] = {point(&first, values[i][0], 0, ""),
                                                    point(&second, values[i][1], NAN, "")};
        struct pfl_document_trend trend = {"b",     "m",    "", "1", PFL_BETTER_NEITHER,
                                           "t.svg", points, 2};

        for (trend.point_count = 1; trend.point_count <= 2; trend.point_count++) {
            render(&trend, true, &out);
            assert_null(strstr(out.data, "\"nan"));
            assert_null(strstr(out.data, "–\""));
            assert_null(strstr(out.data, "∞\""));
            assert_true(count(out.data, "class=\"g\"") < 12);
            pfl_buf_release(&out);
        }
    }
}

static void lines_end_at_epochs_and_labels_keep_apart(void **state)
{
    static struct pfl_document_point points[MANY];
    const struct pfl_document_trend trend = {"b",     "time", "",  "s", PFL_BETTER_HIGHER,
                                             "t.svg", points, MANY};
    struct pfl_buf out;
    size_t i;

    (void)state;
    for (i = 0; i < MANY; i++)
        points[i] = point(i % 2 ? &first : &second, 1 + 0.01 * (double)(i % 5), 0.02, "");
    points[40].epoch = "benchmark changed";
    points[41].epoch = "machine changed";
    render(&trend, true, &out);
    assert_int_equal(count(out.data, "<circle"), MANY);
    assert_int_equal(count(out.data, "<polyline"), 3);
    assert_int_equal(count(out.data, "class=\"e\""), 2);
    assert_int_equal(count(out.data, ">benchmark changed<"), 1);
    assert_int_equal(count(out.data, ">machine changed<"), 0); /* no room for its words */
    assert_true(count(out.data, ">2026-11-21<") <= 9);
    assert_non_null(strstr(out.data, "higher is better"));
    pfl_buf_release(&out);
}

static void slugs(void **state)
{
    static const struct {
        const char *name, *slug;
    } cases[] = {
        {"time", "time"},
        {"time:read", "time-read"},
        {"parse[n=10,size=2]", "parse-n-10-size-2"},
        {"kernels/fast.c", "kernels-fast.c"},
        {"../../etc/passwd", "etc-passwd"},
        {".hidden", "hidden"},
        {"-rf", "rf"},
        {"", "e3b0c442"},
        {"日本", ""},
        {"a b  c", "a-b-c"},
    };
    char name[200];
    struct pfl_buf buf;
    size_t i;

    (void)state;
    pfl_buf_init(&buf, TEXT_MAX);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        pfl_buf_clear(&buf);
        pfl_document_slug(&buf, cases[i].name);
        if (strcmp(cases[i].name, "日本") == 0)
            assert_int_equal(buf.len, 8);
        else
            assert_string_equal(pfl_buf_cstr(&buf), cases[i].slug);
    }
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = 0;
    pfl_buf_clear(&buf);
    pfl_document_slug(&buf, name);
    assert_int_equal(buf.len, PFL_SLUG_MAX + 9);
    pfl_buf_clear(&buf);
    pfl_document_anchor(&buf, "2026-11-21 · Table \\[look-up\\] `of_x` × 2");
    assert_string_equal(pfl_buf_cstr(&buf), "2026-11-21--table-look-up-of_x--2");
    pfl_buf_release(&buf);
}

int test_documents_pages(void);
int test_documents_pages(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_section),  cmocka_unit_test(a_hostile_chart),
        cmocka_unit_test(odd_values), cmocka_unit_test(lines_end_at_epochs_and_labels_keep_apart),
        cmocka_unit_test(slugs),
    };

    return cmocka_run_group_tests_name("documents/pages", tests, NULL, NULL);
}
