/* The wire: gathering in pieces of any size, limits, messages of every kind, and lines that are
 * none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "measure/wire.h"

static int64_t peaks_taken;

static int64_t count_peak(void *context, int pid)
{
    (void)context;
    assert_int_equal(pid, 77);
    return ++peaks_taken;
}

static const char *line_text(const struct pfl_wire *wire, size_t i)
{
    static char text[256];

    memcpy(text, wire->bytes.data + wire->lines.at[i].at, wire->lines.at[i].len);
    text[wire->lines.at[i].len] = 0;
    return text;
}

static void lines_in_pieces(void **state)
{
    static const char all[] =
        "{\"stage\":\"a\"}\n\n  \r\n{\"metric\":\"m\",\"value\":1}\n{\"skip\":\"x\"}";
    size_t piece, i;

    (void)state;
    for (piece = 1; piece < sizeof all; piece++) {
        struct pfl_wire wire;

        pfl_wire_init(&wire);
        wire.take_peak = count_peak;
        peaks_taken = 0;
        for (i = 0; i < sizeof all - 1; i += piece)
            pfl_wire_feed(&wire, all + i, sizeof all - 1 - i < piece ? sizeof all - 1 - i : piece,
                          (int64_t)i, 77);
        assert_int_equal(wire.lines.n, 2);
        pfl_wire_finish(&wire, 1000);
        assert_int_equal(wire.lines.n, 3);
        assert_string_equal(line_text(&wire, 0), "{\"stage\":\"a\"}");
        assert_string_equal(line_text(&wire, 1), "{\"metric\":\"m\",\"value\":1}");
        assert_string_equal(line_text(&wire, 2), "{\"skip\":\"x\"}");
        assert_int_equal(wire.lines.at[0].peak_bytes, 1);
        assert_int_equal(wire.lines.at[1].peak_bytes, -1);
        assert_int_equal(peaks_taken, 1);
        assert_int_equal(wire.lines.at[2].at_ns, 1000);
        assert_true(wire.lines.at[0].at_ns <= wire.lines.at[1].at_ns);
        assert_null(wire.overflow);
        pfl_wire_clear(&wire);
        assert_int_equal(wire.lines.n, 0);
        pfl_wire_release(&wire);
    }
}

static void too_much_is_dropped(void **state)
{
    char *big = malloc(PFL_WIRE_LINE_MAX + 2);
    struct pfl_wire wire;
    int i;

    (void)state;
    assert_non_null(big);
    memset(big, 'x', PFL_WIRE_LINE_MAX + 2);
    pfl_wire_init(&wire);
    pfl_wire_feed(&wire, "{}\n", 3, 1, 1);
    pfl_wire_feed(&wire, big, PFL_WIRE_LINE_MAX + 2, 1, 1);
    assert_non_null(strstr(wire.overflow, "line of more than 1 MiB"));
    pfl_wire_feed(&wire, "{}\n", 3, 1, 1);
    pfl_wire_finish(&wire, 1);
    assert_int_equal(wire.lines.n, 1);
    pfl_wire_clear(&wire);
    for (i = 0; i <= PFL_WIRE_LINES_MAX; i++)
        pfl_wire_feed(&wire, "{}\n", 3, 1, 1);
    assert_non_null(strstr(wire.overflow, "100000 lines"));
    assert_int_equal(wire.lines.n, PFL_WIRE_LINES_MAX);
    pfl_wire_clear(&wire);
    big[PFL_WIRE_LINE_MAX] = '\n';
    for (i = 0; i < 40; i++)
        pfl_wire_feed(&wire, big, PFL_WIRE_LINE_MAX + 1, 1, 1);
    assert_non_null(strstr(wire.overflow, "32 MiB"));
    pfl_wire_release(&wire);
    free(big);
}

static struct pfl_arena arena;

static struct pfl_wire_message parse(const char *line)
{
    struct pfl_wire_message message;
    struct pfl_err err = {0};

    if (pfl_wire_parse(line, strlen(line), &arena, &message, &err) != PFL_OK)
        fail_msg("%s: %s", line, err.message);
    return message;
}

static void messages(void **state)
{
    struct pfl_wire_message m;

    (void)state;
    pfl_arena_init(&arena);
    m = parse("{\"stage\":\"assemble\"}");
    assert_int_equal(m.kind, PFL_WIRE_STAGE);
    assert_string_equal(m.text, "assemble");
    m = parse("{\"stage\":null}");
    assert_int_equal(m.kind, PFL_WIRE_STAGE);
    assert_null(m.text);
    m = parse("{\"metric\":\"residual\",\"value\":3e-9,\"unit\":\"1\",\"better\":\"lower\","
              "\"bench\":\"solve\",\"later\":[1,{}]}");
    assert_int_equal(m.kind, PFL_WIRE_METRIC);
    assert_string_equal(m.text, "residual");
    assert_string_equal(m.bench, "solve");
    assert_true(m.value == 3e-9 && m.better_given && m.better == PFL_BETTER_LOWER);
    m = parse("{\"bench\":\"fib\",\"params\":{\"n\":20,\"fast\":true},\"iterations\":4096,"
              "\"samples_ns\":[812.5,null,NaN,811,810],\"yardstick_ns\":[402.2,1,2,403,null]}");
    assert_int_equal(m.kind, PFL_WIRE_SAMPLES);
    assert_int_equal(m.sample_count, 2);
    assert_true(fabs(m.samples[0] - 812.5e-9) < 1e-18);
    assert_true(fabs(m.samples[1] - 811e-9) < 1e-18);
    assert_true(fabs(m.yardsticks[1] - 403e-9) < 1e-18); /* still beside its sample */
    assert_string_equal(m.yardstick, "");
    m = parse(
        "{\"bench\":\"fib\",\"samples_ns\":[812.5],\"yardstick_ns\":[2],\"yardstick\":\"core\"}");
    assert_string_equal(m.yardstick, "core");
    m = parse("{\"bench\":\"fib\",\"samples_ns\":[812.5]}");
    assert_null(m.yardsticks);
    m = parse("{\"metric\":\"hits\",\"variant\":\"L2\",\"value\":5,\"bench\":\"fib\"}");
    assert_string_equal(m.variant, "L2");
    m = parse("{\"bench\":\"fib\",\"params\":{\"n\":20,\"fast\":true},\"samples_ns\":[1]}");
    assert_int_equal(m.param_count, 2);
    assert_string_equal(m.params[0].value, "20");
    assert_string_equal(m.params[1].value, "true");
    m = parse("{\"environment\":{\"device\":\"cpu\",\"threads\":4,\"x\":0.5,\"y\":null}}");
    assert_int_equal(m.pair_count, 4);
    assert_string_equal(m.pairs[0].value, "cpu");
    assert_string_equal(m.pairs[1].value, "4");
    assert_string_equal(m.pairs[2].value, "0.5");
    assert_string_equal(m.pairs[3].value, "");
    m = parse("{\"artifact\":\"fib.s\",\"path\":\"out/fib.s\"}");
    assert_int_equal(m.kind, PFL_WIRE_ARTIFACT);
    assert_string_equal(m.path, "out/fib.s");
    m = parse(" {\"skip\":\"no GPU\"} \r");
    assert_int_equal(m.kind, PFL_WIRE_SKIP);
    m = parse("{\"fail\":\"answers differ\"}");
    assert_int_equal(m.kind, PFL_WIRE_FAIL);
    m = parse("{\"budget_exceeded\":\"assemble\",\"seconds\":0.5}");
    assert_int_equal(m.kind, PFL_WIRE_BUDGET);
    assert_true(m.value == 0.5);
    m = parse("{\"warning\":\"odd\",\"bench\":\"fib\"}");
    assert_int_equal(m.kind, PFL_WIRE_WARNING);
    assert_string_equal(m.text, "odd");
    assert_string_equal(m.bench, "fib");
    pfl_arena_release(&arena);
}

static void units_are_stored_ones(void **state)
{
    static const struct {
        const char *line, *unit;
        double value;
    } cases[] = {
        {"{\"metric\":\"m\",\"value\":12,\"unit\":\"ms\"}", "s", 0.012},
        {"{\"metric\":\"m\",\"value\":2,\"unit\":\"µs\"}", "s", 2e-6},
        {"{\"metric\":\"m\",\"unit\":\"KiB\",\"value\":3}", "B", 3072},
        {"{\"metric\":\"m\",\"value\":50,\"unit\":\"%\"}", "1", 0.5},
        {"{\"metric\":\"m\",\"value\":5,\"unit\":\"cells/s\"}", "cells/s", 5},
        {"{\"metric\":\"m\",\"value\":5}", NULL, 5},
    };
    size_t i;

    (void)state;
    pfl_arena_init(&arena);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_wire_message m = parse(cases[i].line);

        assert_true(fabs(m.value - cases[i].value) <= 1e-15);
        if (cases[i].unit)
            assert_string_equal(m.unit, cases[i].unit);
        else
            assert_null(m.unit);
    }
    assert_true(isnan(parse("{\"metric\":\"m\",\"value\":null}").value));
    assert_true(isnan(parse("{\"metric\":\"m\",\"value\":Infinity}").value));
    pfl_arena_release(&arena);
}

static void malformed(void **state)
{
    static const struct {
        const char *line, *says;
    } cases[] = {
        {"hello", "expected"},
        {"[]", "expected an object"},
        {"{}", "expected a message"},
        {"{\"bench\":\"x\"}", "expected a message"},
        {"{\"stage\":3}", "name of a stage"},
        {"{\"stage\":\"\"}", "name of a stage"},
        {"{\"stage\":\"a\"", "expected"},
        {"{\"stage\":\"a\"} x", "expected"},
        {"{\"stage\":\"a\",\"metric\":\"b\",\"value\":1}", "both \"stage\" and \"metric\""},
        {"{\"metric\":\"m\"}", "\"value\" for the metric"},
        {"{\"metric\":7,\"value\":1}", "expected a string"},
        {"{\"metric\":\"m\",\"value\":\"1\"}", "expected a number"},
        {"{\"metric\":\"m\",\"value\":1,\"better\":\"more\"}", "\"higher\""},
        {"{\"samples_ns\":[1]}", "\"bench\""},
        {"{\"bench\":\"b\",\"samples_ns\":[-1]}", "negative"},
        {"{\"bench\":\"b\",\"samples_ns\":[\"1\"]}", "number of ns"},
        {"{\"bench\":\"b\",\"samples_ns\":[1,2],\"yardstick_ns\":[1]}", "found 1 beside 2"},
        {"{\"bench\":\"b\",\"yardstick_ns\":[],\"samples_ns\":[1]}", "found 0 beside 1"},
        {"{\"bench\":\"b\",\"samples_ns\":[1],\"yardstick_ns\":[0]}", "0 ns"},
        {"{\"bench\":\"b\",\"samples_ns\":[1],\"yardstick_ns\":[-1]}", "negative"},
        {"{\"bench\":\"b\",\"samples_ns\":[1],\"yardstick\":3}", "string"},
        {"{\"bench\":\"b\",\"samples_ns\":[1],\"iterations\":0}", "iterations"},
        {"{\"environment\":{\"a\":[1]}}", "expected a text"},
        {"{\"environment\":\"a\"}", "expected an object"},
        {"{\"artifact\":\"a\"}", "\"path\""},
        {"{\"metric\":\"a\\u0000b\",\"value\":1}", "zero byte"},
        {"{\"skip\":\"\xff\"}", ""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_wire_message message = {.value = 42};
        struct pfl_err err = {0};

        pfl_arena_init(&arena);
        if (pfl_wire_parse(cases[i].line, strlen(cases[i].line), &arena, &message, &err) !=
            PFL_EPARSE)
            fail_msg("accepted: %s", cases[i].line);
        if (!strstr(err.message, cases[i].says))
            fail_msg("%s: %s", cases[i].line, err.message);
        assert_true(message.value == 42);
        pfl_arena_release(&arena);
    }
}

static void quoting(void **state)
{
    char text[400];
    struct pfl_buf buf;

    (void)state;
    pfl_buf_init(&buf, 4096);
    pfl_wire_quote(&buf, "a\x1b[31m\tb", 8);
    assert_string_equal(pfl_buf_cstr(&buf), "a\\x1b[31m\\tb");
    pfl_buf_clear(&buf);
    memset(text, 'x', sizeof text);
    pfl_wire_quote(&buf, text, sizeof text);
    assert_int_equal(buf.len, 119 + 3); /* 119 columns and "…" */
    pfl_buf_release(&buf);
}

int test_measure_wire(void);
int test_measure_wire(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_in_pieces), cmocka_unit_test(too_much_is_dropped),
        cmocka_unit_test(messages),        cmocka_unit_test(units_are_stored_ones),
        cmocka_unit_test(malformed),       cmocka_unit_test(quoting),
    };

    return cmocka_run_group_tests_name("measure/wire", tests, NULL, NULL);
}
