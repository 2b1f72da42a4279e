/* The command lines of go, hyperfine, criterion, asv and JMH, and the files of projects that they
 * depend on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "measure/harness.h"
#include "measure/harness_asv_config.h"
#include "measure/harness_cargo.h"
#include "sys/file.h"

#include "../../helpers/session.h"

static const struct command {
    const char *harness, *command, *select, *inside, *becomes;
    double seconds;
    bool list;
    const char *instrumented;
} commands[] = {
    {"go", "go test ./...", "", NULL,
     "go test '-run=^$' -bench=. -benchmem=true -count=1 -benchtime=0.1s ./...", 0.1, false, NULL},
    {"go", "env A=1 go1.21.3 test -C sub -bench=X --benchtime 5x -count 3 . -args -run=a", "", NULL,
     "env A=1 go1.21.3 test -C sub '-run=^$' -benchmem=true -bench=X --benchtime 5x -count 3 . "
     "-args -run=a",
     0.1, false, NULL},
    {"go", "./sums.test -test.run=A", "", NULL,
     "./sums.test -test.bench=. -test.benchmem=true -test.count=1 -test.benchtime=0.1s "
     "-test.run=A",
     0.1, false, NULL},
    {"go", "go test", "s/BenchmarkSum/n=10-2", NULL,
     "go test '-run=^$' '-bench=^BenchmarkSum$/^n=10(-2)?$' -benchmem=true -count=1", 0, false,
     NULL},
    {"go", "go test", "s/example.com/p/BenchmarkSum/n=1*", NULL,
     "go test '-run=^$' '-bench=^BenchmarkSum$/^n=1' -benchmem=true -count=1", 0, false, NULL},
    {"go", "go test", "s/BenchmarkSum/n=10\ns/BenchmarkMa*", NULL,
     "go test '-run=^$' '-bench=^BenchmarkSum$|^BenchmarkMa' -benchmem=true -count=1", 0, false,
     NULL},
    {"go", "go test", "s/*Sum*", NULL, "go test '-run=^$' -bench=. -benchmem=true -count=1", 0,
     false, NULL},
    {"go", "go test", "", "BenchmarkA/x.y*-8",
     "go test '-run=^$' '-bench=^BenchmarkA$/^x\\.y\\*(-8)?$' -benchmem=true -count=1", 0, false,
     NULL},
    {"go", "go test -race", "", NULL, "go test '-run=^$' -bench=. -benchmem=true -count=1 -race", 0,
     false, "the race detector"},
    {"go", "go test -race=false -coverprofile=x", "", NULL,
     "go test '-run=^$' -bench=. -benchmem=true -count=1 -race=false -coverprofile=x", 0, false,
     "coverage"},
    {"go", "go test '-gcflags=-N -l'", "", NULL,
     "go test '-run=^$' -bench=. -benchmem=true -count=1 '-gcflags=-N -l'", 0, false,
     "compiled without optimisation"},
    {"hyperfine", "hyperfine 'a b' c", "", NULL,
     "hyperfine 'a b' c --export-json /r/f --style basic --warmup=1 --min-runs=2 --max-runs=10",
     0.1, false, NULL},
    {"hyperfine", "hyperfine -w3 --runs 5 --export-json x --style=basic c", "", NULL,
     "hyperfine -w3 --runs 5 --style=basic c --export-json /r/f", 0.1, false, NULL},
    {"hyperfine", "hyperfine --export-json=x -m 3 -- c --export-json y", "", NULL,
     "hyperfine -m 3 --export-json /r/f --style basic --warmup=1 -- c --export-json y", 0.1, false,
     NULL},
    {"criterion", "cargo +nightly bench --bench sums", "", NULL,
     "cargo +nightly bench --bench sums -- --noplot --measurement-time 1 --warm-up-time 1 "
     "--sample-size 10 --nresamples 1001",
     0.1, false, NULL},
    {"criterion", "cargo bench --workspace", "s/a", NULL, "cargo bench --workspace", 0.1, false,
     NULL},
    {"criterion", "cargo bench -- --sample-size 50 mine", "s/a", NULL,
     "cargo bench -- --sample-size 50 mine --noplot --measurement-time 3 --warm-up-time 1 "
     "--nresamples 1001",
     3, false, NULL},
    {"criterion", "./target/release/deps/sums-0123 --noplot", "s/sum/fold/*", NULL,
     "./target/release/deps/sums-0123 --noplot --bench --measurement-time 1 --warm-up-time 1 "
     "--sample-size 10 --nresamples 1001 '^(sum/fold/.*)$'",
     0.1, false, NULL},
    {"criterion", "cargo bench --profile dev", "", NULL, "cargo bench --profile dev -- --list", 0,
     true, "compiled without optimisation"},
    {"jmh", "java -jar b.jar", "s/org.x.Sort.run[size=10]\ns/org.x.Parse*", NULL,
     "java -jar b.jar -rf json -rff /r/f -f 1 -wi 5 -i 5 -w 100000us -r 200000us "
     "'^org\\.x\\.Sort\\.run$|^org\\.x\\.Parse'",
     1, false, NULL},
    {"jmh", "java -Xmx1g -jar b.jar -f2 -wi 1 -p size=10 mine", "s/a", NULL,
     "java -Xmx1g -jar b.jar -f2 -wi 1 -p size=10 mine -rf json -rff /r/f -i 5 -w 100000us -r "
     "200000us",
     1, false, NULL},
    {"jmh", "java -cp x org.openjdk.jmh.Main -prof gc", "", "a.B.c[n=1]",
     "java -cp x org.openjdk.jmh.Main -prof gc -rf json -rff /r/f -f 1 '^a\\.B\\.c$'", 0, false,
     NULL},
    {"jmh", "java -jar b.jar -w1s mine -r200ms -f 3", "s/a", NULL,
     "java -jar b.jar -w1s mine -r200ms -f 3 -rf json -rff /r/f -wi 5 -i 5", 1, false, NULL},
    {"jmh", "java -jar b.jar", "s/a.B*size=10]", NULL,
     "java -jar b.jar -rf json -rff /r/f -f 1 '^a\\.B'", 0, false, NULL},
    {"jmh", "java -jar b.jar", "s/a.B\ns/*size=10]", NULL,
     "java -jar b.jar -rf json -rff /r/f -f 1", 0, false, NULL},
    {"jmh", "java -jar b.jar -prof stack", "", NULL,
     "java -jar b.jar -prof stack -rf json -rff /r/f -f 1", 0, false, "a profiler"},
};

static const char *line_of(struct pfl_arena *arena, char *const *argv)
{
    struct pfl_buf buf;
    const char *text;

    pfl_buf_init(&buf, 4096);
    for (; *argv; argv++) {
        pfl_buf_text(&buf, buf.len ? " " : "");
        pfl_text_quote(&buf, *argv);
    }
    text = pfl_arena_text(arena, pfl_buf_cstr(&buf));
    pfl_buf_release(&buf);
    return text;
}

static int make(struct session *s, const struct command *c, const char *results,
                struct pfl_harness_command *made)
{
    char ignored;
    struct pfl_plan_item item = {.name = "s", .suite = "s", .select = c->select};
    struct pfl_harness_launch launch = {.item = &item,
                                        .results = results,
                                        .folder = s->scratch.path,
                                        .seconds = c->seconds,
                                        .list = c->list};

    item.inside = c->inside;
    item.command = c->command;
    assert_int_equal(
        pfl_text_split_command(&s->arena, c->command, &item.argv, &item.argc, &ignored, NULL),
        PFL_OK);
    launch.argv = item.argv;
    launch.argc = item.argc;
    return pfl_harness_find(c->harness)->command(&launch, &s->arena, made, &s->err);
}

static void becomes(struct session *s, const struct command *c, const char *expected)
{
    struct pfl_harness_command made;
    const char *line;

    assert_int_equal(make(s, c, "/r/f", &made), PFL_OK);
    line = line_of(&s->arena, made.argv);
    if (strcmp(line, expected) != 0)
        fail_msg("%s: %s\nexpected %s", c->harness, line, expected);
    if (!c->instrumented != !made.instrumented ||
        (c->instrumented && strcmp(c->instrumented, made.instrumented) != 0))
        fail_msg("%s: built with %s", line, made.instrumented ? made.instrumented : "nothing");
}

static void command_lines(void **state)
{
    size_t i;

    for (i = 0; i < PFL_COUNT(commands); i++)
        becomes(*state, &commands[i], commands[i].becomes);
}

/* What is exported counts as what the suite says, where the command will have it. */
static void instrumented_by_environment(void **state)
{
    static const struct {
        const char *harness, *command, *name, *value, *is;
    } cases[] = {
        {"go", "go test", "GOFLAGS", "-mod=mod -race", "the race detector"},
        {"go", "env GOFLAGS=-mod=mod go test", "GOFLAGS", "-race", NULL},
        {"criterion", "cargo bench", "RUSTFLAGS", "-C instrument-coverage", "coverage"},
        {"jmh", "java -jar b.jar", "JAVA_TOOL_OPTIONS", "-javaagent:x.jar", "a Java agent"},
    };
    struct pfl_pair own = {"", ""};
    struct session *s = *state;
    char ignored;
    size_t i, k;

    for (i = 0; i < PFL_COUNT(cases); i++) {
        for (k = 0; k < 3; k++) { /* exported; with a clean environment; the suite says otherwise */
            struct pfl_plan_item item = {
                .name = "s", .suite = "s", .select = "", .command = cases[i].command};
            struct pfl_harness_launch launch = {
                .item = &item, .results = "/r/f", .folder = s->scratch.path};
            struct pfl_harness_command made;
            char **argv;

            assert_int_equal(pfl_text_split_command(&s->arena, cases[i].command, &argv,
                                                    &launch.argc, &ignored, NULL),
                             PFL_OK);
            launch.argv = argv;
            item.how.clean_env = k == 1;
            own.name = cases[i].name;
            item.how.env = &own;
            item.how.env_count = k == 2;
            setenv(cases[i].name, cases[i].value, 1);
            assert_int_equal(
                pfl_harness_find(cases[i].harness)->command(&launch, &s->arena, &made, &s->err),
                PFL_OK);
            unsetenv(cases[i].name);
            assert_string_equal(made.instrumented ? made.instrumented : "",
                                k == 0 && cases[i].is ? cases[i].is : "");
        }
    }
}

static void refused(void **state)
{
    static const struct command wrong[] = {
        {.harness = "go", .command = "make bench", .select = "", .becomes = "drives `go test`"},
        {.harness = "criterion",
         .command = "cargo criterion",
         .select = "",
         .becomes = "drives `cargo bench`"},
        {.harness = "jmh",
         .command = "java -jar b.jar -rf csv",
         .select = "",
         .becomes = "leave -rf and -rff out"},
        {.harness = "asv",
         .command = "asv continuous a b",
         .select = "",
         .becomes = "drives `asv run`"},
        {.harness = "asv", .command = "asv run -q", .select = "", .becomes = "leave --quick out"},
        {.harness = "asv",
         .command = "asv run main..work",
         .select = "",
         .becomes = "`main..work` may be many commits"},
        {.harness = "asv",
         .command = "asv run",
         .select = "",
         .becomes = "there is no asv.conf.json in"},
    };
    struct session *s = *state;
    struct pfl_harness_command made;
    size_t i;

    for (i = 0; i < PFL_COUNT(wrong); i++) {
        assert_true(make(s, &wrong[i], "/r/f", &made) < 0);
        if (!strstr(s->err.message, wrong[i].becomes))
            fail_msg("%s: %s", wrong[i].command, s->err.message);
    }
}

/* Names of several packages do not depend on what of them is selected. */
static void go_packages(void **state)
{
    static const struct {
        const char *command;
        bool several;
    } cases[] = {{"go test", false},
                 {"go test ./...", true},
                 {"go test -bench . ./a", false},
                 {"go test ./a ./b", true},
                 {"go test .", false},
                 {"go test -v -short bytes strings", true},
                 {"go test ./a -args ./b", false}};
    struct pfl_harness_command made;
    size_t i;

    for (i = 0; i < PFL_COUNT(cases); i++) {
        const struct command c = {.harness = "go", .command = cases[i].command, .select = ""};

        assert_int_equal(make(*state, &c, "/r/f", &made), PFL_OK);
        assert_int_equal(made.qualify, cases[i].several);
    }
}

/* ---- what projects say ---- */

static const char *put(struct session *s, const char *name, const char *text)
{
    const char *path = pfl_file_join(s->scratch.path, name, &s->arena);

    assert_int_equal(pfl_file_write(path, text, strlen(text), false, &s->err), PFL_OK);
    return path;
}

static void cargo_files(void **state)
{
    static const char toml[] =
        "[package]\nname = \"p\" # [[bench]]\n\n[[bench]]\nname = \"a\"\n"
        "harness=false\n[[bench]]\nname = 'b'\n[[bench]]\nharness = false # ours\n"
        "name = \"c-d\"\n[lib]\nbench = false\n";
    static const char with_features[] =
        "[[bench]]\nname = \"a\"\nharness = false\n[[bench]]\nname = \"b\"\n"
        "harness = false\nrequired-features = [\"x\"]\n";
    static const char lock[] =
        "[[package]]\nname = \"criterion\"\nversion = \"0.5.1\"\n\n[[package]]\n"
        "name = \"other\"\nversion = \"0.1.0\"\n";
    static const struct command c = {
        .harness = "criterion", .command = "cargo bench", .select = "", .seconds = 0.1};
    struct session *s = *state;
    const char *const *names;
    size_t n;

    assert_true(pfl_cargo_benches(s->scratch.path, &s->arena, &names, &n));
    assert_int_equal(n, 0);
    put(s, "Cargo.toml", toml);
    put(s, "Cargo.lock", lock);
    assert_true(pfl_cargo_benches(s->scratch.path, &s->arena, &names, &n));
    assert_int_equal(n, 2);
    assert_string_equal(names[0], "a");
    assert_string_equal(names[1], "c-d");
    assert_true(pfl_cargo_at_least(s->scratch.path, "criterion", 4, &s->arena));
    assert_false(pfl_cargo_at_least(s->scratch.path, "other", 4, &s->arena));
    assert_false(pfl_cargo_at_least(s->scratch.path, "absent", 0, &s->arena));
    becomes(
        s, &c,
        "cargo bench --bench a --bench c-d -- --noplot --measurement-time 0.1 --warm-up-time 0.05 "
        "--sample-size 10 --nresamples 1001");
    put(s, "Cargo.toml", with_features);
    assert_true(pfl_cargo_benches(s->scratch.path, &s->arena, &names, &n));
    assert_int_equal(n, 0);
    becomes(s, &c, "cargo bench");
}

static void asv_plain(void **state)
{
    static const struct {
        const char *text, *plain;
    } cases[] = {
        {"{\"a\": 1, // x\n}", "{\"a\": 1      \n}"},
        {"[1, /* , */ 2,]", "[1,         2 ]"},
        {"\"// no \\\" , ]\"", "\"// no \\\" , ]\""},
        {"[1,\n ]/", "[1 \n ]/"},
        {"1 /* open", "1        "},
        {"\"open", "\"open"},
        {"/", "/"},
        {"//", "  "},
        {"", ""},
    };
    char text[64];
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        memcpy(text, cases[i].text, strlen(cases[i].text) + 1);
        pfl_asv_config_plain(text, strlen(text));
        assert_string_equal(text, cases[i].plain);
    }
}

static void asv_config(void **state)
{
    static const char given[] =
        "{ // asv\n \"version\": 1, \"repo\": \"https://example.org/x.git\",\n"
        " \"branches\": [\"main\"], \"results_dir\": \"kept\", \"env_dir\": null,\n"
        " \"matrix\": {\"req\": {\"numpy\": [\"1.5\", null, 2.5, true,],}},\n"
        " \"build_command\": [\"{conf_dir}/make {build_dir}\"],}\n";
    static const struct command c = {
        .harness = "asv", .command = "asv run -b x", .select = "s/y", .seconds = 0.1};
    static const struct command in_env = {.harness = "asv",
                                          .command = "asv run -E virtualenv HEAD^! -a repeat=3",
                                          .select = "s/m.time_x[n=1]"};
    struct session *s = *state;
    struct pfl_harness_command made;
    struct pfl_buf text;
    const char *to = pfl_file_join(s->scratch.path, "launch/f", &s->arena);
    const char *copy = pfl_file_join(s->scratch.path, "launch/asv.conf.json", &s->arena);

    put(s, "asv.conf.json", given);
    assert_int_equal(pfl_file_make_folders(pfl_file_folder_of(to, &s->arena), &s->err), PFL_OK);
    assert_int_equal(make(s, &c, to, &made), PFL_OK);
    assert_string_equal(
        line_of(&s->arena, made.argv),
        pfl_arena_format(&s->arena,
                         "asv run -b x --config=%s --python=same --set-commit-hash=HEAD "
                         "--record-samples --attribute=processes=1 "
                         "'--attribute=repeat=(1,10,0.1)' --attribute=warmup_time=0.05",
                         copy));
    assert_string_equal(made.path, pfl_file_join(s->scratch.path, "launch/asv", &s->arena));
    pfl_buf_init(&text, 1 << 20);
    assert_int_equal(pfl_file_read(copy, &text, &s->err), PFL_OK);
    assert_non_null(
        strstr(text.data, pfl_arena_format(&s->arena, "\"results_dir\": \"%s\"", made.path)));
    assert_non_null(
        strstr(text.data, pfl_arena_format(&s->arena, "\"benchmark_dir\": \"%s/benchmarks\"",
                                           s->scratch.path)));
    assert_non_null(
        strstr(text.data, pfl_arena_format(&s->arena, "\"%s/make {build_dir}\"", s->scratch.path)));
    assert_non_null(strstr(text.data, "\"env_dir\": null"));
    assert_non_null(strstr(text.data, "2.5"));
    assert_null(strstr(text.data, "main"));
    assert_null(strstr(text.data, "kept"));
    assert_int_equal(make(s, &in_env, to, &made), PFL_OK);
    assert_string_equal(
        line_of(&s->arena, made.argv),
        pfl_arena_format(&s->arena,
                         "asv run -E virtualenv 'HEAD^!' -a repeat=3 --config=%s --record-samples "
                         "--attribute=processes=1 '--bench=^m\\.time_x(\\(|$)'",
                         copy));
    pfl_buf_clear(&text);
    assert_int_equal(pfl_file_read(copy, &text, &s->err), PFL_OK);
    assert_non_null(strstr(text.data, "https://example.org/x.git"));
    assert_non_null(strstr(text.data, "main"));
    pfl_buf_release(&text);
    put(s, "asv.conf.json", "{\"repo\": 1}");
    assert_int_equal(make(s, &c, to, &made), PFL_EPARSE);
    assert_string_equal(s->err.message, "expected a path, found a number");
}

int test_measure_harness_more(void);
int test_measure_harness_more(void)
{
    const struct CMUnitTest tests[] = {
        SESSION_TEST(command_lines), SESSION_TEST(instrumented_by_environment),
        SESSION_TEST(refused),       SESSION_TEST(go_packages),
        SESSION_TEST(cargo_files),   cmocka_unit_test(asv_plain),
        SESSION_TEST(asv_config),
    };

    return cmocka_run_group_tests_name("measure/harness_more", tests, NULL, NULL);
}
