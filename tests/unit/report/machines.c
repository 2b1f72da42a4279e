/* The formats that programs read: JSON read back, JUnit checked for well-formedness, annotations
 * that stay one line each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"
#include "fixture.h"

static const struct pfl_report_style style = {.width = 80, .utf8 = true};

/* A strict little checker of the XML that we write: one root, matching tags, quoted attributes,
 * known entities, legal characters. */
struct xml {
    const char *at;
    char stack[16][64];
    int depth, roots, elements;
    const char *wrong;
};

static void text_is_legal(struct xml *x, const char *end)
{
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;"};
    uint32_t point;
    size_t i, step;

    for (; x->at < end && !x->wrong; x->at += step) {
        step = pfl_text_decode(x->at, (size_t)(end - x->at), &point);
        if (step == 0 || (point < 0x20 && point != '\n') || point == 0xFFFE || point == 0xFFFF)
            x->wrong = x->at;
        if (*x->at == '<' || (*x->at == '>' && x->depth == 0))
            x->wrong = x->at;
        if (*x->at != '&')
            continue;
        for (i = 0; i < PFL_COUNT(entities); i++)
            if (pfl_text_starts(x->at, entities[i]))
                break;
        if (i == PFL_COUNT(entities))
            x->wrong = x->at;
    }
}

static void name_of(struct xml *x, char name[64])
{
    size_t len = strspn(x->at, "abcdefghijklmnopqrstuvwxyz-");

    if (len == 0 || len > 63) {
        x->wrong = x->at;
        return;
    }
    memcpy(name, x->at, len);
    name[len] = 0;
    x->at += len;
}

static void start_tag(struct xml *x)
{
    char name[64] = "", attribute[64];

    name_of(x, name);
    while (!x->wrong && *x->at == ' ') {
        x->at++;
        name_of(x, attribute);
        if (x->wrong || x->at[0] != '=' || x->at[1] != '"') {
            x->wrong = x->at;
            return;
        }
        x->at += 2;
        text_is_legal(x, x->at + strcspn(x->at, "\""));
        x->at++;
    }
    x->elements++;
    x->roots += x->depth == 0;
    if (!x->wrong && x->at[0] == '/' && x->at[1] == '>') {
        x->at += 2;
        return;
    }
    if (x->wrong || *x->at != '>' || x->depth == 16) {
        x->wrong = x->wrong ? x->wrong : x->at;
        return;
    }
    x->at++;
    memcpy(x->stack[x->depth++], name, sizeof name);
}

static void end_tag(struct xml *x)
{
    char name[64] = "";

    x->at += 2;
    name_of(x, name);
    if (x->depth == 0 || strcmp(x->stack[--x->depth], name) != 0 || *x->at++ != '>')
        x->wrong = x->at;
}

/* The number of elements of a well-formed document; fails the test otherwise. */
static int elements_of(const char *text)
{
    static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    struct xml x = {.at = text};

    assert_true(pfl_text_starts(text, head));
    x.at += strlen(head);
    while (*x.at && !x.wrong) {
        if (x.at[0] == '<' && x.at[1] == '/')
            end_tag(&x);
        else if (x.at[0] == '<') {
            x.at++;
            start_tag(&x);
        } else
            text_is_legal(&x, x.at + strcspn(x.at, "<"));
    }
    if (x.wrong || x.depth || x.roots != 1)
        fail_msg("not well-formed at: %.60s", x.wrong ? x.wrong : "the end");
    return x.elements;
}

static size_t count_of(const char *text, const char *part)
{
    size_t n = 0;

    for (; (text = strstr(text, part)); text++)
        n++;
    return n;
}

static void junit_is_well_formed_and_counts(void **state)
{
    struct fixture f;
    const char *text;

    (void)state;
    fixture_init(&f);
    f.rows[2].verdict = PFL_VERDICT_SKIPPED;
    f.rows[2].reason = "no GPU";
    text = render(&f, "junit", &style);
    assert_int_equal(elements_of(text), 1 + 4 + 7 * 2);
    assert_non_null(strstr(
        text,
        "<testsuites name=\"perfledger\" tests=\"7\" failures=\"3\" errors=\"0\" skipped=\"1\">"));
    assert_int_equal(count_of(text, "<failure type="), 3);
    assert_non_null(strstr(
        text,
        "  <testsuite name=\"gzip -9\" tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"1\">"));
    assert_non_null(strstr(text, "<skipped message=\"no GPU\"/>"));
    assert_non_null(strstr(
        text,
        "<testcase classname=\"kernels\" name=\"kernels/parity: parity_error, max\">\n"
        "      <failure type=\"failed\" message=\"parity_error, max 7.00e-8, limit ≤ 5.00e-8\">"
        "7.00e-8 is beyond the maximum of 5.00e-8\ngate: perfledger.yaml:31</failure>"));
    f.rows[0].verdict = PFL_VERDICT_FAILED; /* the benchmark itself, not a limit */
    assert_int_equal(count_of(render(&f, "junit", &style), "<error type=\"failed\""), 1);
    fixture_make_hostile(&f);
    elements_of(render(&f, "junit", &style));
    fixture_release(&f);
}

static void junit_groups_rows_by_suite(void **state)
{
    struct pfl_benchmark benchmarks[] = {{.name = "gzip -9", .suite = "pack"},
                                         {.name = "sort", .suite = "text"},
                                         {.name = "zstd", .suite = "pack"}};
    struct fixture f;
    const char *text;

    (void)state;
    fixture_init(&f);
    f.head.benchmarks = benchmarks;
    f.head.benchmark_count = 3;
    text = render(&f, "junit", &style);
    assert_int_equal(elements_of(text), 1 + 3 + 7 * 2);
    assert_non_null(strstr(text, "<testsuite name=\"pack\" tests=\"5\" failures=\"1\""));
    assert_true(strstr(text, "name=\"zstd: time\"") < strstr(text, "<testsuite name=\"kernels\""));
    fixture_release(&f);
}

static void junit_never_passes_by_silence(void **state)
{
    struct fixture f;
    const char *text;

    (void)state;
    fixture_init(&f);
    f.comparison.row_count = 0;
    f.comparison.exit_code = PFL_ENOTHING;
    f.comparison.why_nothing = "every benchmark was <skipped>";
    text = render(&f, "junit", &style);
    assert_int_equal(elements_of(text), 4);
    assert_non_null(strstr(text, "errors=\"1\""));
    assert_non_null(
        strstr(text, "message=\"nothing to judge: every benchmark was &lt;skipped&gt;\""));
    f.comparison.ok = true;
    f.comparison.exit_code = PFL_OK;
    assert_null(strstr(render(&f, "junit", &style), "<error"));
    fixture_release(&f);
}

static void annotations_are_escaped_lines(void **state)
{
    struct fixture f;
    const char *line;

    (void)state;
    fixture_init(&f);
    render(&f, "github", &style);
    assert_non_null(
        strstr(f.out.data,
               "\n::error file=perfledger.yaml,line=31,title=gzip -9 regressed::time +52.0 %25 "
               "[+48.0 %25, +56.0 %25], limit 10 %25%0A52 %25 slower"));
    f.rows[0].gate = PFL_GATE_REPORT_ONLY;
    f.rows[0].deciding = false;
    assert_non_null(strstr(render(&f, "github", &style),
                           "\n::warning file=perfledger.yaml,line=31,title=gzip -9 "));
    fixture_make_hostile(&f);
    f.rows[0].gate = PFL_GATE_HARD;
    f.rows[0].deciding = true;
    f.comparison.machine = (struct pfl_machine_effect){true, 1.1, 1.09, 1.11, "core clock"};
    for (line = render(&f, "github", &style); line && *line; line = strchr(line, '\n') + 1)
        assert_true(pfl_text_starts(line, "::error ") || pfl_text_starts(line, "::warning ") ||
                    pfl_text_starts(line, "::notice "));
    assert_int_equal(count_of(f.out.data, "\n"), 5);
    assert_non_null(strstr(
        f.out.data,
        "::error file=a%2Cb%3Ac%25\\n.yaml,line=31,title=ev|il <b>&\"'`\\n%3A%3Aerror%3A%3Ax"));
    f.comparison.ok = true;
    f.comparison.exit_code = PFL_OK;
    assert_true(
        pfl_text_starts(render(&f, "github", &style), "::notice title=perfledger::check passed: "));
    fixture_release(&f);
}

static void markdown_survives_hostile_names(void **state)
{
    struct fixture f;
    const char *text;

    (void)state;
    fixture_init(&f);
    fixture_make_hostile(&f);
    text = render(&f, "markdown", &style);
    assert_true(pfl_text_starts(
        text, "### perfledger: ❌ failed\n\ncheck failed: 1 failed (ev&#124;il &lt;b&gt;&amp;"));
    assert_null(strstr(text, "<b>"));
    assert_null(strstr(text, "@"));
    assert_null(strstr(text, " #1"));
    assert_int_equal(count_of(text, "<details>"), 2);
    assert_int_equal(count_of(text, "</details>"), 2);
    assert_int_equal(count_of(text, "\n| ev&#124;il"), 6 + 7);
    fixture_release(&f);
}

/* Walks the whole document; the value of the first `key` behind the first `after`, as text. */
static void json_value(const struct fixture *f, const char *after, const char *key, char out[64])
{
    struct pfl_json_reader r;
    struct pfl_err err;
    bool near = !*after, taken = false;
    int rc;

    snprintf(out, 64, "absent");
    pfl_json_reader_init_text(&r, "report", f->out.data, f->out.len);
    while ((rc = pfl_json_next(&r, &err)) > 0) {
        if (r.token == PFL_JSON_KEY && near && !taken && pfl_json_key_is(&r, key)) {
            assert_true(pfl_json_next(&r, &err) > 0);
            taken = true;
            if (r.token == PFL_JSON_STRING)
                snprintf(out, 64, "%.60s", r.text);
            else if (r.token == PFL_JSON_NUMBER)
                snprintf(out, 64, "%g", r.number);
            else if (r.token == PFL_JSON_BOOL)
                snprintf(out, 64, "%s", r.boolean ? "true" : "false");
            else
                snprintf(out, 64, "%s", pfl_json_token_name(r.token));
        } else if (r.token == PFL_JSON_KEY || r.token == PFL_JSON_STRING) {
            near = near || strcmp(r.text, after) == 0;
        }
    }
    pfl_json_reader_release(&r);
    assert_int_equal(rc, PFL_OK);
}

static void json_has_the_contracts_fields(void **state)
{
    static const struct {
        const char *after, *key, *value;
    } cases[] = {
        {"", "schema", "1"},
        {"base", "run", "00000000000000aa"},
        {"head", "run", "00000000000000bb"},
        {"head", "revision", "5555555555666666666677777777778888888888"},
        {"", "label", "main"},
        {"", "machine_effect", "null"},
        {"results", "benchmark", "gzip -9"},
        {"results", "metric", "time"},
        {"results", "unit", "s"},
        {"results", "variant", ""},
        {"results", "median", "0.1"},
        {"results", "ci", "an array"},
        {"results", "launches", "10"},
        {"results", "ratio", "1.52"},
        {"results", "ratio_ci", "an array"},
        {"results", "verdict", "regressed"},
        {"results", "deciding", "true"},
        {"results", "threshold", "0.1"},
        {"results", "margin", "-0.42"},
        {"results", "gate", "hard"},
        {"results", "mde", "0.031"},
        {"page_faults", "deciding", "false"},
        {"page_faults", "gate", "null"},
        {"page_faults", "threshold", "null"},
        {"max", "base", "null"},
        {"max", "ratio", "null"},
        {"max", "ratio_ci", "null"},
        {"sort", "head", "null"},
        {"sort", "verdict", "missing"},
        {"summary", "regressed", "1"},
        {"summary", "improved", "1"},
        {"summary", "unchanged", "2"},
        {"summary", "inconclusive", "0"},
        {"summary", "new", "0"},
        {"summary", "missing", "1"},
        {"summary", "failed", "1"},
        {"summary", "skipped", "0"},
        {"summary", "ok", "false"},
        {"ok", "why_nothing", "null"},
        {"differences", "change", "gcc 12 → gcc 13"},
    };
    struct fixture f;
    char value[64];
    size_t i;

    (void)state;
    fixture_init(&f);
    fixture_context(&f);
    assert_non_null(render(&f, "json", &style));
    for (i = 0; i < PFL_COUNT(cases); i++) {
        json_value(&f, cases[i].after, cases[i].key, value);
        if (strcmp(value, cases[i].value) != 0)
            fail_msg("%s behind '%s': '%s', not '%s'", cases[i].key, cases[i].after, value,
                     cases[i].value);
    }
    fixture_release(&f);
}

static void json_keeps_names_and_texts(void **state)
{
    struct fixture f;
    char value[64];

    (void)state;
    fixture_init(&f);
    f.rows[0].benchmark = "a\n\"b\" 日本";
    f.rows[0].head.text = "e3b0c442";
    f.rows[0].more_launches = 7;
    f.comparison.machine = (struct pfl_machine_effect){true, 1.1, 1.09, 1.11, "core clock"};
    render(&f, "json", &style);
    json_value(&f, "results", "benchmark", value);
    assert_string_equal(value, "a\n\"b\" 日本");
    json_value(&f, "results", "text", value);
    assert_string_equal(value, "e3b0c442");
    json_value(&f, "machine_effect", "ratio", value);
    assert_string_equal(value, "1.1");
    json_value(&f, "results", "more_launches", value);
    assert_string_equal(value, "7");
    fixture_make_hostile(&f);
    render(&f, "json", &style);
    json_value(&f, "results", "verdict", value);
    assert_string_equal(value, "regressed");
    fixture_release(&f);
}

int test_report_machines(void);

int test_report_machines(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(junit_is_well_formed_and_counts),
        cmocka_unit_test(junit_groups_rows_by_suite),
        cmocka_unit_test(junit_never_passes_by_silence),
        cmocka_unit_test(annotations_are_escaped_lines),
        cmocka_unit_test(markdown_survives_hostile_names),
        cmocka_unit_test(json_has_the_contracts_fields),
        cmocka_unit_test(json_keeps_names_and_texts),
    };

    return cmocka_run_group_tests_name("report/machines", tests, NULL, NULL);
}
