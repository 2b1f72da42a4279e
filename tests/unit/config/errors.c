/* What is refused, with which words, and where: a table of texts. Nothing of a refused file is
 * applied. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int parse(const char *text, size_t len, struct pfl_arena *arena, struct pfl_config *config,
                 struct pfl_err *err)
{
    struct pfl_config_params params = {
        .file = "perfledger.yaml", .root = "/home/u/plate", .text = text, .len = len};

    return pfl_config_parse(&params, arena, config, err);
}

/* The text must be refused at line:column with these words in the message; *wrong counts those that
 * are not. */
static void refused(const char *text, size_t len, int line, int column, const char *words,
                    int *wrong)
{
    struct pfl_config config, before;
    struct pfl_err err = {0};
    struct pfl_arena arena;
    int code;

    memset(&config, 0x5A, sizeof config);
    before = config;
    pfl_arena_init(&arena);
    code = parse(text, len, &arena, &config, &err);
    if (code != PFL_ECONFIG || err.line != line || err.column != column ||
        !strstr(err.message, words) || strcmp(err.file, "perfledger.yaml") != 0) {
        print_error("for:\n%.300s\ncode %d at %d:%d (wanted %d:%d '%s'):\n%s\n", text, code,
                    err.line, err.column, line, column, words, err.message);
        ++*wrong;
    }
    assert_memory_equal(&config, &before, sizeof config);
    pfl_arena_release(&arena);
}

#define SUITE "suites:\n  - name: a\n    command: x\n    "

static void mistakes_are_named_with_their_place(void **state)
{
    int wrong = 0;
    static const struct {
        const char *text;
        int line, column;
        const char *words;
    } cases[] = {
        /* keys */
        {"suits: []\n", 1, 1, "no key 'suits' (did you mean 'suites'?)"},
        {"projekt: x\n", 1, 1, "did you mean 'project'?"},
        {"frobnicate: x\n", 1, 1, "has no key 'frobnicate'; it has project,"},
        {SUITE "comand: y\n", 4, 5, "a suite has no key 'comand' (did you mean 'command'?)"},
        {SUITE "iterations: 5\n", 4, 5, "did you mean 'rounds'?"},
        {SUITE "<<: {rounds: 5}\n", 4, 5, "merge keys"},
        {"defaults: { runs: 5 }\n", 1, 13, "did you mean 'rounds'?"},
        {"tiers: { smok: {} }\n", 1, 10, "did you mean 'smoke'?"},
        {"machine: { nam: x }\n", 1, 12, "did you mean 'name'?"},
        {"baseline: { path: x }\n", 1, 13, "did you mean 'folder'?"},
        {"gates:\n  - { benchmark: a, metric: time, max: 1 }\n", 2, 7, "did you mean 'match'?"},
        {"targets:\n  - { match: a, metric: time, max: 1 }\n", 2, 7, "did you mean 'benchmark'?"},
        {"project: a\nproject: b\n", 2, 1, "'project' is given twice; the first is on line 1"},
        {SUITE "env: {A: 1, A: 2}\n", 4, 17, "'A' is given twice"},
        {"\"pro\\tject\": a\n", 1, 1, "no key 'pro\\tject'"},
        {"? [a]\n: b\n", 1, 3, "a key must be a plain text"},
        {"release: { max_regresion: 5% }\n", 1, 12, "did you mean 'max_regression'?"},
        {"paths:\n  - { files: a, demand: row }\n", 2, 7, "a rule of paths has no key 'files'"},
        {SUITE "rounds: 5\npaths:\n  - { match: x, suites: [a, 'a/*', 'b*', kernel] }\n", 6, 42,
         "there is no suite 'kernel'"},
        {"paths:\n  - { match: x, suites: plat }\nsuites:\n  - { name: plate, command: x }\n", 2,
         25, "there is no suite 'plat' (did you mean 'plate'?)"},
        {"paths:\n  - { match: x, demand: [row, snapshots] }\n", 2, 31,
         "'snapshots' (did you mean 'snapshot'?)"},
        {"paths:\n  - { demand: row }\n", 2, 5, "this rule has no match"},
        {"paths:\n  - { match: x }\n", 2, 5, "this rule asks for nothing"},
        {"paths:\n  - { match: x, demand: row, metric: cpu }\n", 2, 38,
         "belongs to max_regression"},
        {"paths:\n  - { match: [a, /b], demand: row }\n", 2, 18, "'/b' is absolute"},
        {"paths: x\n", 1, 8, "paths must be a list"},
        {"release: 5%\n", 1, 10, "release must be a map"},
        {"gates:\n  - { metric: time, max: 1s, reason: '' }\n", 2, 38, "reason must not be empty"},
        /* kinds of values */
        {"- a\n", 1, 1, "must be a map of keys"},
        {"just words\n", 1, 1, "must be a map of keys"},
        {"project: [a]\n", 1, 10, "project must be a single value; here is a list"},
        {"project: {a: b}\n", 1, 10, "here is a map"},
        {"project:\n", 1, 1, "project must be a single value; here is nothing"},
        {"project: ~\n", 1, 10, "here is nothing"},
        {"project: ''\n", 1, 10, "project must not be empty"},
        {"project: \"a\\nb\"\n", 1, 10, "control characters"},
        {"machine: lab\n", 1, 10, "machine must be a map (key: value); here is a single value"},
        {"suites: {a: b}\n", 1, 9, "suites must be a list; here is a map"},
        {"suites: [a]\n", 1, 10, "a suite must be a map"},
        {"gates: {a: b}\n", 1, 8, "gates must be a list"},
        {"environment: {A: b}\n", 1, 14, "must be a single value"},
        {"environment: [A=b]\n", 1, 15, "names only, no values"},
        {"baseline: { update: always }\n", 1, 21, "'manual' or 'auto'"},
        {"build: ' '\n", 1, 8, "build must not be empty"},
        {"benchmark_files: bench\n", 1, 18, "benchmark_files must be a list; here is a single"},
        {"benchmark_files: {bench: x}\n", 1, 18, "benchmark_files must be a list; here is a map"},
        {"benchmark_files: ~\n", 1, 18, "benchmark_files must be a list; here is nothing"},
        {"benchmark_files: [a, /bench]\n", 1, 22,
         "'/bench' cannot be one of benchmark_files: it is"},
        {"benchmark_files: [../bench]\n", 1, 19, "'..' could lead out"},
        {"benchmark_files: [a/../../b]\n", 1, 19, "'..' could lead out"},
        {"benchmark_files: [a/..]\n", 1, 19, "'..' could lead out"},
        {"benchmark_files: ['']\n", 1, 19, "each of benchmark_files must not be empty"},
        {"benchmark_files: [[a]]\n", 1, 19, "each of benchmark_files must be a single value"},
        {"benchmark_files: [\"a\\nb\"]\n", 1, 19, "control characters"},
        {"benchmark_file: [a]\n", 1, 1, "did you mean 'benchmark_files'?"},
        /* suites */
        {"suites:\n  - command: x\n", 2, 5, "this suite has no name"},
        {"suites:\n  - name: a\n", 2, 5, "suite 'a' has no command"},
        {"suites:\n  - name: a\n    command: ''\n", 3, 14, "command must not be empty"},
        {"suites:\n  - name: a\n    command: []\n", 3, 14, "command must not be empty"},
        {"suites:\n  - name: a\n    command: ['', x]\n", 3, 14, "command must not be empty"},
        {"suites:\n  - name: a\n    command: [x, [y]]\n", 3, 18, "each word of command"},
        {SUITE "harness: pytest\n", 4, 14, "there is no harness 'pytest'"},
        {SUITE "harness: criteron\n", 4, 14, "did you mean 'criterion'?"},
        {SUITE "tier: quick\n", 4, 11, "a tier is smoke, deep or longhaul, not 'quick'"},
        {"suites:\n  - {name: a, command: x}\n  - {name: b, command: x}\n  - {name: a, command: "
         "y}\n",
         4, 12, "a second suite named 'a'; the first is on line 2"},
        {SUITE "params: { n: [] }\n", 4, 18, "parameter 'n' has no values"},
        {SUITE "params: { n: [1, 2, 1] }\n", 4, 25, "the value '1' twice"},
        {SUITE "params: { n: [[1]] }\n", 4, 19, "must be a single value"},
        {SUITE "params: { n: }\n", 4, 15, "'' is an empty text"},
        {SUITE "params: { 'n,m': 1 }\n", 4, 15, "cannot name a parameter"},
        {SUITE "params: { tier: 1 }\n", 4, 15, "exclude uses that word"},
        {SUITE "params: [n]\n", 4, 13, "params must be a map"},
        {SUITE "params: { seed: 1 }\n    seed: 2\n", 4, 21, "keep one"},
        {SUITE "params: { size: [1] }\n    exclude: [ { sise: 1 } ]\n", 5, 18,
         "this suite has no parameter 'sise' (did you mean 'size'?)"},
        {SUITE "params: { n: [1] }\n    exclude: [ { n: 2 } ]\n", 5, 21, "has no value '2'"},
        {SUITE "params: { n: [1] }\n    exclude: [ { tier: deep } ]\n", 5, 16,
         "must name a parameter"},
        {SUITE "params: { n: [1] }\n    exclude: [ { n: 1, tier: x } ]\n", 5, 30,
         "a tier is smoke"},
        {SUITE "work: { rows: '{m}' }\n", 4, 19, "has no parameter 'm'"},
        {SUITE "work: { rows: 0 }\n", 4, 19, "above 0"},
        {SUITE "work: { rows: {n} }\n", 4, 19, "braces need quotes"},
        {SUITE "work: { rows: 1, cols: 2 }\n", 4, 11, "one unit"},
        {SUITE "requires: [ 'cmd: ' ]\n", 4, 17, "no command behind 'cmd:'"},
        {SUITE "requires: [ {a: b} ]\n", 4, 17, "must be a single value"},
        /* how */
        {SUITE "rounds: 0\n", 4, 13, "from 1 to 1000000"},
        {SUITE "rounds: 1000001\n", 4, 13, "from 1 to 1000000"},
        {SUITE "rounds: 2.5\n", 4, 13, "not a whole number"},
        {SUITE "warmup: -1\n", 4, 13, "from 0 to 1000000"},
        {SUITE "min_rounds: 9\n    max_rounds: 8\n", 4, 17,
         "min_rounds (9) is above max_rounds (8)"},
        {SUITE "timeout: 0s\n", 4, 14, "longer than 0"},
        {SUITE "timeout: -3s\n", 4, 14, "timeout"},
        {SUITE "timeout: 99999h\n", 4, 14, "at most a year"},
        {SUITE "max_time: 5 parsecs\n", 4, 15, "not a duration"},
        {SUITE "clean_env: 'yes'\n", 4, 16, "in quotes it is a text"},
        {SUITE "clean_env: 1\n", 4, 16, "true or false, not '1'"},
        {SUITE "memory: both\n", 4, 13, "'process' or 'tree'"},
        {SUITE "pin: 3-1\n", 4, 10, "pin is a list of CPU numbers"},
        {SUITE "pin: 0,,1\n", 4, 10, "pin is a list of CPU numbers"},
        {SUITE "pin: 9999999999\n", 4, 10, "pin is a list of CPU numbers"},
        {SUITE "pin: []\n", 4, 10, "pin is a list of CPU numbers"},
        {SUITE "seed: -1\n", 4, 11, "seed"},
        {SUITE "seed: 99999999999999999999\n", 4, 11, "seed"},
        {SUITE "env: { A: }\n", 4, 12, "'' is an empty one"},
        {SUITE "env: { 'A=B': c }\n", 4, 12, "cannot be the name"},
        {SUITE "env: { PERFLEDGER_FD: 3 }\n", 4, 12, "set by perfledger itself"},
        {SUITE "shell: ''\n", 4, 12, "shell must not be empty"},
        {SUITE "cwd: ''\n", 4, 10, "cwd must not be empty"},
        /* gates and targets */
        {"gates:\n  - { match: a, metric: time }\n", 2, 5, "this gate has no limit"},
        {"gates:\n  - { match: a, metric: time, report_only: false }\n", 2, 5, "has no limit"},
        {"gates:\n  - { match: a, max: 1 }\n", 2, 5, "this gate has no metric"},
        {"gates:\n  - { metric: time, max_regression: -5% }\n", 2, 37, "must not be negative"},
        {"gates:\n  - { metric: time, max_regression: 10 }\n", 2, 37, "write 10%"},
        {"gates:\n  - { metric: time, max_regression: lots }\n", 2, 37, "lots"},
        {"gates:\n  - { metric: time, max: 3 apples }\n", 2, 26, "max of time"},
        {"gates:\n  - { metric: peak_rss, max: 3s }\n", 2, 30, "max of peak_rss"},
        {"gates:\n  - { metric: own, max: 3 apples }\n", 2, 25, "is not a quantity"},
        {"gates:\n  - { metric: artifact_hash, max: 3 }\n", 2, 35, "only be reported"},
        {"gates:\n  - { metric: time, min: 3s, max: 2s }\n", 2, 26, "min is above max"},
        {"gates:\n  - { match: 'a*', metric: time, relative_to: b }\n", 2, 47,
         "needs max_ratio or min_ratio"},
        {"gates:\n  - { match: a, metric: time, max_ratio: 0.5 }\n", 2, 5, "needs relative_to"},
        {"gates:\n  - { match: a, metric: time, max_ratio: 0.5, relative_to: 'b*' }\n", 2, 60,
         "exactly one *"},
        {"gates:\n  - { match: 'a*', metric: time, max_ratio: 1, relative_to: '*b*' }\n", 2, 61,
         "may hold one *, not 2"},
        {"gates:\n  - { match: a, metric: time, max_ratio: 0, relative_to: b }\n", 2, 42,
         "not a factor"},
        {"gates:\n  - { match: a, metric: time, max_ratio: 1, min_ratio: 2, relative_to: b }\n", 2,
         5, "min_ratio is above max_ratio"},
        {"targets:\n  - { metric: time, max: 1s }\n", 2, 5, "this target has no benchmark"},
        {"targets:\n  - { benchmark: a, max: 1s }\n", 2, 5, "this target has no metric"},
        {"targets:\n  - { benchmark: a, metric: time }\n", 2, 5, "this target has no limit"},
        {"targets:\n  - { benchmark: a, metric: time, max: 1s, tolerance: -1% }\n", 2, 55,
         "must not be negative"},
        {"thresholds: t.yaml\n", 1, 13, "cannot be read here"},
        {"thresholds: [{metric: time, max: 1}]\n", 1, 13, "a list stands under 'gates'"},
        /* YAML itself */
        {"a: b: c\n", 1, 5, "not valid YAML: "},
        {"suites:\n\t- name: a\n", 2, 1, "not valid YAML: tab character"},
        {"gates: [ {a: b}\n", 1, 8, "this '[' is never closed"},
        {"project: \"abc\n", 1, 10, "not valid YAML: "},
        {"project: @x\n", 1, 10, "cannot start with '@'"},
        {"project: *x\n", 1, 11, "no anchor"},
        {"gates: &g [ *g ]\n", 1, 14, "contain itself"},
        {"project: !!str x\n", 1, 10, "tags"},
        {"project: a\n---\nproject: b\n", 2, 1, "a second document"},
        {"project: a\n...\nproject: b\n", 3, 1, "a second document"},
        {"project: \"a\\0b\"\n", 1, 10, "a NUL character"},
        {"project: \xFF\n", 1, 10, "not valid UTF-8"},
        {"project: \x01\n", 1, 10, "a control character"},
        {"\xFF\xFEp\n", 1, 1, "not valid UTF-8"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
        refused(cases[i].text, strlen(cases[i].text), cases[i].line, cases[i].column,
                cases[i].words, &wrong);
    refused("a: \0b\n", 6, 1, 4, "a NUL byte", &wrong);
    assert_int_equal(wrong, 0);
}

static void places_count_lines_and_characters(void **state)
{
    int wrong = 0;
    static const struct {
        const char *text;
        int line, column;
    } cases[] = {
        {"\xEF\xBB\xBFsuits: []\n", 1, 1},        /* a byte-order mark is no column */
        {"project: a\r\nsuits: []\r\n", 2, 1},    /* CR LF */
        {"project: a\rsuits: []\r", 2, 1},        /* a lone CR */
        {"{project: ä日本😀, suits: 1}\n", 1, 17}, /* code points, not bytes or columns */
        {"project: a   # é\nsuits: []\n", 2, 1},  {"\n\n\n  suits: []\n", 4, 3},
        {"project: a\nsuits: []", 2, 1}, /* no newline at the end */
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
        refused(cases[i].text, strlen(cases[i].text), cases[i].line, cases[i].column, "'suits'",
                &wrong);
    assert_int_equal(wrong, 0);
}

static void message_is(const char *text, const char *message)
{
    struct pfl_config config;
    struct pfl_err err = {0};
    struct pfl_arena arena;

    pfl_arena_init(&arena);
    assert_int_equal(parse(text, strlen(text), &arena, &config, &err), PFL_ECONFIG);
    assert_string_equal(err.message, message);
    pfl_arena_release(&arena);
}

static void the_caret_stands_under_the_place(void **state)
{
    (void)state;
    message_is("project: plate\nsuits: []\n",
               "perfledger.yaml:2:1: perfledger.yaml has no key 'suits' (did you mean 'suites'?)\n"
               "    2 | suits: []\n"
               "      | ^~~~~");
    /* Two columns a character: 日本 takes four. */
    message_is("{project: 日本, suits: 1}\n",
               "perfledger.yaml:1:15: perfledger.yaml has no key 'suits' (did you mean 'suites'?)\n"
               "    1 | {project: 日本, suits: 1}\n"
               "      |                 ^~~~~");
    /* A combining accent takes none. */
    message_is("{project: e\xCC\x81, suits: 1}\n",
               "perfledger.yaml:1:15: perfledger.yaml has no key 'suits' (did you mean 'suites'?)\n"
               "    1 | {project: e\xCC\x81, suits: 1}\n"
               "      |              ^~~~~");
    /* Tabs go to the next stop of four. */
    message_is("{project: a,\tsuits: 1}\n",
               "perfledger.yaml:1:14: perfledger.yaml has no key 'suits' (did you mean 'suites'?)\n"
               "    1 | {project: a,    suits: 1}\n"
               "      |                 ^~~~~");
    /* What could reorder or hide text is shown escaped. */
    message_is("{project: \xE2\x80\xAE, suits: 1}\n",
               "perfledger.yaml:1:14: perfledger.yaml has no key 'suits' (did you mean 'suites'?)\n"
               "    1 | {project: \\u202e, suits: 1}\n"
               "      |                   ^~~~~");
    /* Of a quoted text the quotes are marked, too. */
    message_is("machine: { name: '' }\n", "perfledger.yaml:1:18: name must not be empty\n"
                                          "    1 | machine: { name: '' }\n"
                                          "      |                  ^~");
    /* The mark ends with the line. */
    message_is("project:\n  - a\n",
               "perfledger.yaml:2:3: project must be a single value; here is a list\n"
               "    2 |   - a\n"
               "      |   ^");
}

static void long_lines_are_cut_around_the_place(void **state)
{
    char text[4096];
    struct pfl_config config;
    struct pfl_err err = {0};
    struct pfl_arena arena;
    const char *line, *caret;

    (void)state;
    snprintf(text, sizeof text, "{project: %0500d, suits: %0500d}\n", 0, 0);
    pfl_arena_init(&arena);
    assert_int_equal(parse(text, strlen(text), &arena, &config, &err), PFL_ECONFIG);
    assert_int_equal(err.column, 513);
    assert_true(strlen(err.message) < 400);
    line = strstr(err.message, "    1 | …");
    assert_non_null(line);
    caret = strchr(line, '^');
    assert_non_null(caret);
    /* The caret's column is that of "suits" in the cut line ("…" is one column of three bytes). */
    assert_int_equal(caret - strchr(line, '\n') - 1, strstr(line, "suits") - line - 2);
    pfl_arena_release(&arena);
}

static void many_problems_come_at_once(void **state)
{
    struct pfl_config config;
    struct pfl_err err = {0};
    struct pfl_arena arena;
    char text[8192] = "";
    const char *at;
    size_t shown = 0, said;
    int i;

    (void)state;
    pfl_arena_init(&arena);
    assert_int_equal(parse("a1: 1\na2: 2\nrounds: 3\n", 22, &arena, &config, &err), PFL_ECONFIG);
    assert_non_null(strstr(err.message, "perfledger.yaml:1:1: "));
    assert_non_null(strstr(err.message, "\nperfledger.yaml:2:1: "));
    assert_non_null(strstr(err.message, "\nperfledger.yaml:3:1: "));
    assert_int_equal(err.line, 1);
    /* A hundred: what fits is shown whole, the rest counted, and the sum is right. */
    for (i = 0; i < 100; i++)
        sprintf(text + strlen(text), "unknown_key_%d: 1\n", i);
    assert_int_equal(parse(text, strlen(text), &arena, &config, &err), PFL_ECONFIG);
    for (at = err.message; (at = strstr(at, "perfledger.yaml has no key")); at++)
        shown++;
    at = strstr(err.message, "\n… and ");
    assert_non_null(at);
    said = strtoul(at + strlen("\n… and "), NULL, 10);
    assert_true(shown >= 5 && shown <= 20);
    assert_int_equal(shown + said, 100);
    assert_string_equal(err.message + strlen(err.message) - 14, " more problems");
    pfl_arena_release(&arena);
}

static char *repeated(const char *text, size_t times, size_t *len)
{
    size_t n = strlen(text), i;
    char *all = malloc(n * times + 1);

    assert_non_null(all);
    for (i = 0; i < times; i++)
        memcpy(all + i * n, text, n);
    all[n * times] = 0;
    *len = n * times;
    return all;
}

static void what_is_too_big_is_refused(void **state)
{
    int wrong = 0;
    size_t len;
    char *text = repeated("[", 100000, &len);

    (void)state;
    refused(text, len, 1, 65, "nested more than 64 deep", &wrong);
    free(text);
    text = repeated("# nothing\n", (16 << 20) / 10 + 1, &len);
    refused(text, len, 1, 1, "larger than 16 MiB", &wrong);
    free(text);
    refused("a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
            "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
            "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n"
            "g: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f,*f]\n",
            38 * 6 + 28, 5, 7, "more than 1,000,000 values", &wrong);
    refused(SUITE "params:\n"
                  "      a: &v [0,1,2,3,4,5,6,7,8,9]\n      b: *v\n      c: *v\n      d: *v\n"
                  "      e: *v\n      f: *v\n      g: *v\n      h: *v\n",
            strlen(SUITE) + 8 + 34 + 7 * 12, 11, 7, "more than 1000000 combinations", &wrong);
    assert_int_equal(wrong, 0);
}

/* libfyaml would like to print its own diagnostics; standard error must stay empty. */
static void nothing_is_printed(void **state)
{
    static const char *const texts[] = {"a: b: c\n",    "a: [1\n",       "%FOO\n---\na: 1\n",
                                        "a: \"\\q\"\n", "a: &a *b\n",    "a: !<x\n",
                                        "\t- a\n",      "{a: 1, a: 2}\n"};
    int saved = dup(STDERR_FILENO);
    FILE *catcher = tmpfile();
    size_t i;

    (void)state;
    assert_true(saved >= 0 && catcher);
    fflush(stderr);
    assert_true(dup2(fileno(catcher), STDERR_FILENO) >= 0);
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct pfl_config config;
        struct pfl_arena arena;

        pfl_arena_init(&arena);
        parse(texts[i], strlen(texts[i]), &arena, &config, NULL);
        pfl_arena_release(&arena);
    }
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    fseek(catcher, 0, SEEK_END);
    assert_int_equal(ftell(catcher), 0);
    fclose(catcher);
}

int test_config_errors(void);
int test_config_errors(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_are_named_with_their_place),
        cmocka_unit_test(places_count_lines_and_characters),
        cmocka_unit_test(the_caret_stands_under_the_place),
        cmocka_unit_test(long_lines_are_cut_around_the_place),
        cmocka_unit_test(many_problems_come_at_once),
        cmocka_unit_test(what_is_too_big_is_refused),
        cmocka_unit_test(nothing_is_printed),
    };

    return cmocka_run_group_tests_name("config/errors", tests, NULL, NULL);
}
