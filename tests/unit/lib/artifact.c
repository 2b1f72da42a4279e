/* Artefacts: hashes, where their bytes go, the time of a command. Machine code: tests/cli/lib. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "told.h"

#include "sha256.h"

#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <sys/stat.h>

int test_lib_artifact(void);

static void test_sha256(void **state)
{
    static const struct {
        char letter;
        size_t n;
        const char *hex;
    } cases[] = {
        /* of so many letters; by sha256sum */
        {'a', 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {'a', 1, "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"},
        {'a', 55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
        {'a', 56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"},
        {'a', 63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"},
        {'a', 64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
        {'a', 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
    };
    char hex[65], *bytes = malloc(1000000);
    size_t i;

    (void)state;
    memset(bytes, 'a', 1000000);
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pfl_lib_sha256_text(bytes, cases[i].n, hex);
        assert_string_equal(hex, cases[i].hex);
    }
    pfl_lib_sha256_text("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    free(bytes);
}

/* ---- recorded ---- */

#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define SUBJECT "\"bench\":\"group/it\",\"params\":{\"n\":3}"

static char folder[64];

static void make_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/pfl-artifact-XXXXXX");
    assert_non_null(mkdtemp(folder));
}

static void remove_folder(void)
{
    char command[128];

    snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
}

static char *in_folder(const char *name)
{
    static char path[200];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int files_in(const char *path)
{
    DIR *open = opendir(path);
    int n = -2; /* . and .. */

    TOLD_CHECK(open);
    while (readdir(open))
        n++;
    closedir(open);
    return n;
}

static void two_artifacts(struct pfl_bench *b)
{
    FILE *file = fopen(in_folder("table.txt"), "w");

    fputs("first", file);
    fclose(file);
    pfl_artifact_bytes(b, "abc", "abc", 3);
    pfl_artifact(b, "table", in_folder("table.txt"));
    file = fopen(in_folder("table.txt"), "w"); /* the next benchmark's */
    fputs("second", file);
    fclose(file);
    PFL_LOOP(b)
    {
    }
}

static void run_two_artifacts(void)
{
    struct pfl_lib_outcome outcome;
    struct pfl_lib_case c;
    int round;

    setenv("PERFLEDGER_ARTIFACT_DIR", in_folder("kept"), 1);
    for (round = 0; round < 2; round++) {
        told_bench(two_artifacts, &c, &outcome);
        TOLD_CHECK(outcome.status == PFL_LIB_OK && outcome.metric_count == 4);
        TOLD_CHECK(strcmp(outcome.metrics[0].name, "artifact_size") == 0);
        TOLD_CHECK(strcmp(outcome.metrics[0].variant, "abc") == 0);
        TOLD_CHECK(strcmp(outcome.metrics[0].unit, "B") == 0 && outcome.metrics[0].value == 3);
        TOLD_CHECK(strcmp(outcome.metrics[1].name, "artifact_hash") == 0);
        TOLD_CHECK(strcmp(outcome.metrics[1].text, ABC) == 0);
        TOLD_CHECK(outcome.metrics[2].value == 5);
        pfl_lib_wire_outcome(&outcome);
        pfl_lib_outcome_release(&outcome);
    }
    TOLD_CHECK(files_in(in_folder("kept")) == (pfl_lib_wire_open() ? 2 : 0));
}

static void alone_with_a_folder(void)
{
    mkdir(in_folder("kept"), 0777);
    run_two_artifacts();
}

static void test_recorded(void **state)
{
    struct told told;
    char expected[1000], text[16] = "";
    FILE *file;

    (void)state;
    make_folder();
    told = told_by(alone_with_a_folder, false);
    if (told.status != 0)
        fail_msg("%s", told.err);
    told_release(&told);
    told = told_by(run_two_artifacts, true);
    if (told.status != 0)
        fail_msg("%s", told.err);
    /* no sizes, no hashes: perfledger sees for itself */
    snprintf(expected, sizeof expected,
             "{\"artifact\":\"abc\",\"path\":\"%s/kept/" ABC "\"," SUBJECT "}\n"
             "{\"artifact\":\"table\",\"path\":\"%s/kept/"
             "a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e\"," SUBJECT "}\n",
             folder, folder);
    assert_memory_equal(told.wire, expected, strlen(expected));
    assert_null(strstr(told.wire, "artifact_"));
    file = fopen(in_folder("kept/"
                           "a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e"),
                 "r");
    assert_non_null(file);
    assert_non_null(fgets(text, sizeof text, file));
    fclose(file);
    assert_string_equal(text, "first");
    told_release(&told);
    remove_folder();
}

/* Of the whole program; without a folder to keep them in. */
static void of_the_program(void)
{
    setenv("TMPDIR", folder, 1);
    unsetenv("PERFLEDGER_ARTIFACT_DIR");
    pfl_artifact_bytes(NULL, "abc", "abc", 3);
    pfl_artifact(NULL, "none", in_folder("none"));
    pfl_artifact_bytes(NULL, "bad\nname", "abc", 3);
}

static void test_of_the_program(void **state)
{
    struct told told;
    char expected[300];

    (void)state;
    make_folder();
    told = told_by(of_the_program, false);
    assert_non_null(strstr(told.err, "artefact abc: 3 bytes, SHA-256 " ABC "\n"));
    assert_non_null(strstr(told.err, "warning: the artefact none cannot be read: "));
    assert_non_null(strstr(told.err, "none of them a control character"));
    told_release(&told);
    told = told_by(of_the_program, true);
    snprintf(expected, sizeof expected,
             "{\"artifact\":\"abc\",\"path\":\"%s/perfledger-%lu/" ABC "\"}\n", folder,
             (unsigned long)getuid());
    assert_string_equal(told.wire, expected);
    told_release(&told);
    remove_folder();
}

/* ---- what goes wrong ---- */

static void no_such_file(struct pfl_bench *b)
{
    pfl_artifact(b, "x", "/no/such/file");
}

static void no_path(struct pfl_bench *b)
{
    pfl_artifact(b, "x", NULL);
}

static void no_name(struct pfl_bench *b)
{
    pfl_artifact_bytes(b, "", "abc", 3);
}

static void no_bytes(struct pfl_bench *b)
{
    pfl_artifact_bytes(b, "x", NULL, 3);
}

static void in_the_loop(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        pfl_artifact_bytes(b, "x", "abc", 3);
    }
}

static void code_in_the_loop(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        pfl_artifact_function(b, "main");
    }
}

static void compile_in_the_loop(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        pfl_compile_time(b, "", "true");
    }
}

static void compile_fails(struct pfl_bench *b)
{
    TOLD_CHECK(isnan(pfl_compile_time(b, NULL, "echo begin; echo wrong here >&2; exit 7")));
}

static void compile_is_killed(struct pfl_bench *b)
{
    TOLD_CHECK(isnan(pfl_compile_time(b, NULL, "kill -9 $$")));
}

static void test_failures(void **state)
{
    static const struct {
        pfl_bench_function *function;
        const char *reason;
    } cases[] = {
        {no_such_file, "the artefact x cannot be read: /no/such/file: No such file"},
        {no_path, "the artefact x cannot be read: (null): no path"},
        {no_name, "pfl_artifact_bytes: a name has 1 to 200 bytes"},
        {no_bytes, "the bytes are NULL"},
        {in_the_loop, "inside PFL_LOOP"},
        {code_in_the_loop, "inside PFL_LOOP"},
        {compile_in_the_loop, "inside PFL_LOOP"},
        {compile_fails, "the command `echo begin; echo wrong here >&2; exit 7` failed with exit "
                        "status 7: begin\nwrong here"},
        {compile_is_killed, "the command `kill -9 $$` was ended by signal 9"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pfl_lib_outcome outcome;
        struct pfl_lib_case c;

        told_bench(cases[i].function, &c, &outcome);
        assert_int_equal(outcome.status, PFL_LIB_FAILED);
        if (!strstr(outcome.reason, cases[i].reason))
            fail_msg("case %zu: %s", i, outcome.reason);
        pfl_lib_outcome_release(&outcome);
    }
}

/* ---- commands ---- */

/* Somebody stays in the background and keeps the pipe open: he is not waited for. */
static void leaves_somebody(struct pfl_bench *b)
{
    char *command = pfl_lib_text("cd %s; { sleep 20; : >done; } & echo $! >pid", folder);
    FILE *file;
    int pid;

    TOLD_CHECK(pfl_compile_time(b, "server", command) >= 0);
    free(command);
    TOLD_CHECK(access(in_folder("done"), F_OK) != 0);
    file = fopen(in_folder("pid"), "r");
    TOLD_CHECK(file && fscanf(file, "%d", &pid) == 1);
    fclose(file);
    kill(pid, SIGKILL);
}

static void compiles(struct pfl_bench *b)
{
    TOLD_CHECK(pfl_compile_time(b, NULL, "true") >= 0);
    TOLD_CHECK(pfl_compile_time(b, "cat", "test -z \"$(cat)\"") >= 0); /* nothing to read */
    leaves_somebody(b);
    PFL_LOOP(b)
    {
    }
}

static void test_compile_time(void **state)
{
    static const char *const variants[] = {"", "cat", "server"};
    struct pfl_lib_outcome outcome;
    struct pfl_lib_case c;
    size_t i;

    (void)state;
    make_folder();
    told_bench(compiles, &c, &outcome);
    remove_folder();
    assert_int_equal(outcome.status, PFL_LIB_OK);
    assert_int_equal(outcome.metric_count, 3);
    for (i = 0; i < 3; i++) {
        assert_string_equal(outcome.metrics[i].name, "compile_time");
        assert_string_equal(outcome.metrics[i].variant, variants[i]);
        assert_string_equal(outcome.metrics[i].unit, "s");
    }
    pfl_lib_outcome_release(&outcome);
}

static void test_output_is_bounded(void **state)
{
    char shell[] = "/bin/sh", option[] = "-c";
    char line[] = "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; echo last";
    char *argv[] = {shell, option, line, NULL};
    struct pfl_lib_child child = {.argv = argv, .keep = 100};
    char missing[] = "/no/such/program", *none[] = {missing, NULL};

    (void)state;
    assert_true(pfl_lib_child_run(&child));
    assert_int_equal(child.status, 0);
    assert_int_equal(child.len, 100);
    assert_string_equal(child.output + 100 - 16, "line 19999\nlast\n");
    free(child.output);
    child = (struct pfl_lib_child){.argv = argv};
    assert_true(pfl_lib_child_run(&child));
    assert_int_equal(child.len, 20000 * 6 + 10 + 90 * 2 + 900 * 3 + 9000 * 4 + 10000 * 5 + 5);
    free(child.output);
    child = (struct pfl_lib_child){.argv = none};
    assert_false(pfl_lib_child_run(&child));
    free(child.output);
}

/* A command gets neither our variables nor what they name. */
static void test_command_is_a_stranger(void **state)
{
    char shell[] = "/bin/sh", option[] = "-c";
    char line[] = "env | grep ^PERFLEDGER_; for n in $0 $1; do [ ! -e /proc/self/fd/$n ] || echo "
                  "$n is open; done; echo $OTHER";
    char wire[16], control[16], *argv[] = {shell, option, line, wire, control, NULL};
    struct pfl_lib_child child = {.argv = argv};
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    snprintf(wire, sizeof wire, "%d", ends[1]);
    snprintf(control, sizeof control, "%d", ends[0]);
    setenv("PERFLEDGER_FD", wire, 1);
    setenv("PERFLEDGER_CONTROL_FD", control, 1);
    setenv("PERFLEDGER_SELECT", "x", 1);
    setenv("OTHER", "stays", 1);
    assert_true(pfl_lib_child_run(&child));
    unsetenv("PERFLEDGER_FD");
    unsetenv("PERFLEDGER_CONTROL_FD");
    unsetenv("PERFLEDGER_SELECT");
    unsetenv("OTHER");
    assert_string_equal(child.output, "stays\n");
    free(child.output);
    close(ends[0]);
    close(ends[1]);
}

/* A process that dies while its command runs takes the command along: the pipe has no writer. */
static void test_command_dies_with_us(void **state)
{
    char program[] = "sleep", seconds[] = "60", *argv[] = {program, seconds, NULL};
    struct pfl_lib_child child = {.argv = argv};
    struct pollfd polled = {.events = 0};
    int ends[2];
    pid_t pid;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    pid = fork();
    if (pid == 0) {
        close(ends[0]);
        alarm(1); /* ends this process only */
        pfl_lib_child_run(&child);
        _exit(0);
    }
    close(ends[1]);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    polled.fd = ends[0];
    assert_int_equal(poll(&polled, 1, 20000), 1);
    close(ends[0]);
}

int test_lib_artifact(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha256),
        cmocka_unit_test(test_recorded),
        cmocka_unit_test(test_of_the_program),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_compile_time),
        cmocka_unit_test(test_output_is_bounded),
        cmocka_unit_test(test_command_is_a_stranger),
        cmocka_unit_test(test_command_dies_with_us),
    };

    return cmocka_run_group_tests_name("lib/artifact", tests, NULL, NULL);
}
