/* The id of an imported run: whatever is said counts, however it lies in memory, and what follows
 * from the samples does not. Of measured runs it is tested beside the format (run_json.c). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/run_json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

int test_formats_run_id(void);

enum { BENCHMARKS = 3 };

struct sample {
    struct pfl_run run;
    struct pfl_benchmark benchmarks[BENCHMARKS];
    struct pfl_result results[BENCHMARKS];
    struct pfl_pair params[BENCHMARKS][2], environment[1], said[1];
    struct pfl_launch launches[1];
    const char *warnings[1], *pitfalls[1];
    uint32_t launch_of[2];
    double values[2];
    char names[BENCHMARKS][32];
};

/* a[n=1] with a summary, a[n=2] with two values, b failed. */
static void fill(struct sample *s)
{
    static const double none = (double)NAN;
    const struct pfl_benchmark empty = {.name = "",
                                        .suite = "",
                                        .command = "",
                                        .definition = "",
                                        .tier = "",
                                        .work_unit = "",
                                        .reason = ""};
    size_t i;

    memset(s, 0, sizeof *s);
    for (i = 0; i < BENCHMARKS; i++) {
        snprintf(s->names[i], sizeof s->names[i], i < 2 ? "a[n=%zu]" : "b%zu", i);
        s->params[i][0] = (struct pfl_pair){"n", i ? "2" : "1"};
        s->params[i][1] = (struct pfl_pair){"o", "x"};
        s->benchmarks[i] = empty;
        s->benchmarks[i].name = s->names[i];
        s->benchmarks[i].params = s->params[i];
        s->benchmarks[i].param_count = 2;
        s->results[i] =
            (struct pfl_result){.metric = "time",
                                .unit = "s",
                                .variant = "",
                                .summary = {10, 0.2, 0.1, 0.3, none, none, none, none, 0.15, 0.25},
                                .summary_only = true};
        if (i < 2) {
            s->benchmarks[i].results = &s->results[i];
            s->benchmarks[i].result_count = 1;
        }
    }
    s->benchmarks[2].status = PFL_STATUS_FAILED;
    s->benchmarks[2].reason = "why";
    s->values[0] = 1.5;
    s->values[1] = none;
    s->results[1].values = s->values;
    s->results[1].n = 2;
    s->results[1].summary_only = false;
    s->environment[0] = (struct pfl_pair){"python", "3"};
    s->run = (struct pfl_run){.kind = PFL_RUN_IMPORTED,
                              .id = "",
                              .benchmarks = s->benchmarks,
                              .benchmark_count = BENCHMARKS,
                              .environment = s->environment,
                              .environment_count = 1,
                              .revision = {.commit = "c0ffee", .commit_time = 5},
                              .started_unix_ns = 7};
    s->run.machine.id = "m";
}

static const char *id_of(const struct pfl_run *run)
{
    static char ids[4][17];
    static unsigned turn;
    char *kept = ids[turn++ % 4];
    struct pfl_arena arena;
    const char *id;

    pfl_arena_init(&arena);
    assert_int_equal(pfl_run_json_id(run, &arena, &id, NULL), PFL_OK);
    snprintf(kept, 17, "%s", id);
    pfl_arena_release(&arena);
    return kept;
}

/* Each step changes one thing of what `fill` made; false: there are no more. */
static bool change(struct sample *s, int step)
{
    struct pfl_benchmark *b = s->benchmarks;
    struct pfl_summary *summary = &s->results[0].summary;

    switch (step) {
    case 0: s->run.label = "x"; break;
    case 1: s->run.revision.commit = "c0ffef"; break;
    case 2: s->run.revision.dirty = true; break;
    case 3: s->run.revision.commit_time++; break;
    case 4: s->run.started_unix_ns++; break;
    case 5: s->run.machine.id = "n"; break;
    case 6: s->run.machine.cpus = 1; break;
    case 7: s->environment[0].value = "4"; break;
    case 8: s->run.environment_count = 0; break;
    case 9: s->run.warnings = s->warnings, s->warnings[0] = "", s->run.warning_count = 1; break;
    case 10: s->run.tool = "t"; break;
    case 11: s->run.benchmark_count--; break;
    case 12: b[1].name = "a[n=2]x"; break;
    case 13: b[1].definition = "d"; break;
    case 14: b[0].suite = "d"; break;
    case 15: s->params[1][0].value = "1"; break;
    case 16: s->params[0][1].name = "p"; break;
    case 17: b[1].param_count = 1; break;
    case 18: b[2].status = PFL_STATUS_SKIPPED; break;
    case 19: b[2].reason = "wh"; break;
    case 20: b[1].result_count = 0; break;
    case 21: b[0].seed = 1; break;
    case 22: b[0].partial = true; break;
    case 23: b[0].work = 2; break;
    case 24: b[0].launches = s->launches, b[0].launch_count = 1; break;
    case 25: b[0].warnings = s->pitfalls, s->pitfalls[0] = "p", b[0].warning_count = 1; break;
    case 26: b[0].environment = s->said, b[0].environment_count = 1, s->said[0].name = "x"; break;
    case 27: s->results[0].metric = "cpu"; break;
    case 28: s->results[0].unit = "B"; break;
    case 29: s->results[0].variant = "v"; break;
    case 30: s->results[0].better = PFL_BETTER_HIGHER; break;
    case 31: s->results[0].text = ""; break;
    case 32: summary->n = 11; break;
    case 33: summary->median = nextafter(0.2, 1); break;
    case 34: summary->ci_low = nextafter(0.1, 1); break;
    case 35: summary->ci_high = NAN; break;
    case 36: summary->mean = 0.2; break;
    case 37: summary->q1 = NAN; break;
    case 38: s->values[0] = -1.5; break;
    case 39: s->values[1] = 0; break;
    case 40: s->results[1].n = 1; break;
    case 41: s->results[1].launch_of = s->launch_of; break;
    default: return false;
    }
    return true;
}

static void all_that_is_said_counts(void **state)
{
    static char ids[64][17];
    struct sample s;
    int step, k;

    (void)state;
    fill(&s);
    snprintf(ids[0], sizeof ids[0], "%s", id_of(&s.run));
    assert_int_equal(strspn(ids[0], "0123456789abcdef"), 16);
    for (step = 0; fill(&s), change(&s, step); step++) {
        snprintf(ids[step + 1], sizeof ids[0], "%s", id_of(&s.run));
        for (k = 0; k <= step; k++) {
            if (strcmp(ids[k], ids[step + 1]) == 0)
                print_message("steps %d and %d\n", k - 1, step);
            assert_string_not_equal(ids[k], ids[step + 1]);
        }
    }
    assert_int_equal(step, 42);
}

static void what_follows_does_not(void **state)
{
    struct sample s, other;
    const char *before;

    (void)state;
    fill(&s);
    before = id_of(&s.run);
    fill(&other); /* elsewhere in memory */
    assert_string_equal(id_of(&other.run), before);
    s.run.id = "another";
    s.results[1].summary.median = 7;
    s.results[0].stated = (struct pfl_stated){true, 0, 1};
    s.results[1].normalised.raw_median = 3;
    s.run.label = "";
    s.values[1] = INFINITY; /* no value, as NaN */
    assert_string_equal(id_of(&s.run), before);
}

/* Written as JSON and read again, it is the same run. */
static void it_survives_a_file(void **state)
{
    const struct pfl_run_json_options options = {.indent = 0};
    struct pfl_json_reader reader;
    struct pfl_arena arena;
    struct pfl_buf buf;
    struct pfl_run back;
    struct sample s;
    int step;

    (void)state;
    for (step = -1; fill(&s), step < 0 || change(&s, step); step++) {
        if (step == 24)
            continue; /* a launch table for a summary alone */
        pfl_buf_init(&buf, 1 << 20);
        pfl_arena_init(&arena);
        pfl_run_json_write(&s.run, &options, &buf);
        pfl_json_reader_init_text(&reader, "f", pfl_buf_cstr(&buf), buf.len);
        assert_int_equal(pfl_run_json_read(&reader, &arena, &back, NULL), PFL_OK);
        assert_string_equal(id_of(&back), id_of(&s.run));
        pfl_json_reader_release(&reader);
        pfl_arena_release(&arena);
        pfl_buf_release(&buf);
    }
}

int test_formats_run_id(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_is_said_counts),
        cmocka_unit_test(what_follows_does_not),
        cmocka_unit_test(it_survives_a_file),
    };

    return cmocka_run_group_tests_name("formats/run_id", tests, NULL, NULL);
}
