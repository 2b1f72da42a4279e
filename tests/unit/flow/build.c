/* Revisions made ready: real repositories, real builds (each appends a line to a file outside), the
 * work tree's benchmark files over them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../helpers/repository.h"
#include "base/alloc.h"
#include "flow/build/build.h"

static struct scratch scratch;
static struct pfl_arena arena;
static struct pfl_err err;
static struct pfl_flow flow;
static struct pfl_flow_build_params params;
static struct pfl_flow_build build;
static char phases[1024];
static int questions; /* from this one on the answer is yes (0: at once); -1: never */

static bool stop_asked(void *context)
{
    (void)context;
    return questions == 0 || (questions > 0 && --questions == 0);
}

static void progress(void *context, const char *phase)
{
    (void)context;
    snprintf(phases + strlen(phases), sizeof phases - strlen(phases), "%s\n", phase);
}

static const char *run(const char *script)
{
    return shell(&scratch, "r", script);
}

/* A session in FOLDER of the repository, whose perfledger.yaml holds this text. */
static void configure(const char *folder, const char *text)
{
    const char *file = pfl_arena_format(&arena, "%s/perfledger.yaml", folder);
    struct pfl_flow_params open = {.arena = &arena, .clock = pfl_clock_system()};

    scratch_write(&scratch, file, text);
    pfl_flow_close(&flow);
    open.config_file = pfl_arena_text(&arena, scratch_path(&scratch, file));
    if (pfl_flow_open(&open, &flow, &err) != PFL_OK)
        fail_msg("%s", err.message);
}

/* Commits: first (code one, bench/a old), second (code two). The build counts in $BUILDS. */
static int make(void **state)
{
    (void)state;
    pfl_arena_init(&arena);
    scratch_make(&scratch);
    repository_environment(&scratch);
    setenv("BUILDS", scratch_path(&scratch, "builds"), 1);
    scratch_write(&scratch, "r/code", "one\n");
    scratch_write(&scratch, "r/bench/a", "old\n");
    scratch_write(&scratch, "r/sub/code", "sub one\n");
    scratch_write(&scratch, "r/.gitignore", "product\n*.o\n");
    run("git init -q .; git add .; git commit -q -m one; git tag first;"
        "echo two >code; git commit -q -a -m two");
    configure("r", "build: echo built >>$BUILDS; cat code bench/* >product\n");
    run("git add .; git commit -q -m config");
    params = (struct pfl_flow_build_params){
        .revision = "first", .progress = progress, .stop_asked = stop_asked};
    build = (struct pfl_flow_build){.worktree = {.lock = -1}};
    questions = -1;
    phases[0] = 0;
    return 0;
}

static int drop(void **state)
{
    (void)state;
    pfl_flow_build_close(&build);
    pfl_flow_close(&flow);
    flow = (struct pfl_flow){0};
    pfl_fault = (struct pfl_fault){0};
    pfl_arena_release(&arena);
    scratch_remove(&scratch);
    return 0;
}

static void open_one(void)
{
    pfl_flow_build_close(&build);
    phases[0] = 0;
    if (pfl_flow_build_open(&flow, &params, &build, &err) != PFL_OK)
        fail_msg("%s", err.message);
}

static void open_ready(void)
{
    open_one();
    if (build.problem)
        fail_msg("%s", build.problem);
}

static void refused(int code, const char *words)
{
    struct pfl_flow_build before = build;

    assert_int_equal(pfl_flow_build_open(&flow, &params, &build, &err), code);
    if (!strstr(err.message, words))
        fail_msg("wanted '%s' in: %s", words, err.message);
    assert_memory_equal(&build, &before, sizeof build);
}

static const char *in(const char *name)
{
    return pfl_file_join(build.root, name, &arena);
}

static size_t builds(void)
{
    return strlen(content(scratch_path(&scratch, "builds"))) / strlen("built\n");
}

static void a_revision_is_built_once(void **state)
{
    (void)state;
    open_ready();
    assert_string_equal(build.label,
                        pfl_arena_format(&arena, "first (%.7s)", build.revision.commit));
    assert_string_equal(content(in("product")), "one\nold\n");
    assert_string_equal(build.revision.subject, "one");
    assert_string_equal(build.revision.tag, "first");
    assert_string_equal(build.revision.branch, "");
    assert_false(build.revision.dirty);
    assert_int_equal(build.overlaid, 0);
    assert_true(build.seconds > 0);
    assert_null(build.note);
    assert_non_null(strstr(phases, "checking out first ("));
    assert_non_null(strstr(phases, "building first ("));
    assert_int_equal(builds(), 1);
    open_ready();
    assert_int_equal(builds(), 1);
    assert_null(strstr(phases, "building"));
    assert_true(pfl_file_exists(build.log));
    assert_string_equal(run("git status --porcelain"), "");
    params.rebuild = true;
    open_ready();
    assert_int_equal(builds(), 2);
    params.rebuild = false;
    run("cd .perfledger/worktrees/*/ && git clean -q -fdx"); /* takes the stamp, too */
    open_ready();
    assert_int_equal(builds(), 3);
    run("rm -r .perfledger/worktrees");
    open_ready();
    assert_int_equal(builds(), 4);
    configure("r", "build: echo built >>$BUILDS; echo other >product\n");
    open_ready();
    assert_int_equal(builds(), 5);
    assert_string_equal(content(in("product")), "other\n");
}

static void the_work_tree_is_built_in_place(void **state)
{
    (void)state;
    params.revision = ".";
    open_ready();
    open_ready();
    assert_int_equal(builds(), 2); /* make knows what is to be done */
    assert_string_equal(build.label, "work tree");
    assert_string_equal(build.root, flow.root);
    assert_null(build.worktree.path);
    assert_string_equal(content(in("product")), "two\nold\n");
    assert_string_equal(build.revision.branch, "main");
    assert_non_null(strstr(build.log, "/.perfledger/builds/worktree.log"));
    assert_string_equal(run("git status --porcelain"), "");
}

static void a_race_of_a_revision_against_itself(void **state)
{
    struct pfl_flow_build second;

    (void)state;
    open_ready();
    assert_int_equal(pfl_flow_build_open(&flow, &params, &second, &err), PFL_OK);
    assert_string_equal(second.root, build.root);
    assert_int_equal(builds(), 1);
    pfl_flow_build_close(&second);
    configure("r", "build: echo built >>$BUILDS; echo other >product\n");
    refused(PFL_EBUSY, "is being measured at this moment");
    configure("r", "build: echo built >>$BUILDS; cat code bench/* >product\n");
    scratch_write(&scratch, "r/bench/a", "new\n");
    refused(PFL_EBUSY, "is being measured at this moment");
    assert_string_equal(content(in("bench/a")), "old\n");
}

static void what_was_changed_by_hand_is_mended(void **state)
{
    (void)state;
    scratch_write(&scratch, "r/bench/a", "new\n");
    open_ready();
    scratch_write(&scratch, "r/by-hand", "");
    run("cd .perfledger/worktrees/*/; echo tampered >code; echo tampered >bench/a");
    open_ready();
    assert_string_equal(content(in("code")), "one\n");
    assert_string_equal(content(in("bench/a")), "new\n");
    assert_int_equal(build.overlaid, 1);
    run("cd .perfledger/worktrees/*/; echo tampered >bench/a");
    open_ready();
    assert_string_equal(content(in("bench/a")), "new\n");
}

/* It may have been built by hand while it was changed. */
static void what_was_restored_is_built_anew(void **state)
{
    (void)state;
    scratch_write(&scratch, "r/bench/a", "new\n");
    open_ready();
    run("cd .perfledger/worktrees/*/; echo tampered >code; echo by hand >product");
    open_ready();
    assert_int_equal(builds(), 2);
    assert_string_equal(content(in("product")), "one\nnew\n");
    run("cd .perfledger/worktrees/*/; echo tampered >bench/a; echo by hand >product");
    open_ready();
    assert_int_equal(builds(), 3);
    assert_string_equal(content(in("product")), "one\nnew\n");
    open_ready();
    assert_int_equal(builds(), 3);
}

static void another_environment_is_another_build(void **state)
{
    static const struct {
        const char *name, *value;
        size_t builds; /* more than before */
    } cases[] = {
        {"CFLAGS", "-O3", 1},        {"CFLAGS", "-O3", 0},   {"CMAKE_BUILD_TYPE", "Debug", 1},
        {"CMAKE_GENERATOR", "X", 1}, {"COLUMNS", "33", 0},   {"CC", "no-such-compiler", 1},
        {"CC", "compilers/cc", 1},   {"MAKEFLAGS", "-k", 1}, {"GOFLAGS", "-x", 1},
    };
    size_t i, before;

    (void)state;
    open_ready();
    for (i = 0; i < PFL_COUNT(cases); i++) {
        before = builds();
        setenv(cases[i].name, cases[i].value, 1);
        open_ready();
        if (builds() != before + cases[i].builds)
            fail_msg("%s=%s: %zu builds", cases[i].name, cases[i].value, builds() - before);
    }
    before = builds();
    scratch_write(&scratch, "r/compilers/cc", "#!/bin/sh\n"); /* an upgrade */
    run("chmod 755 compilers/cc");
    open_ready();
    assert_int_equal(builds(), before + 1);
    for (i = 0; i < PFL_COUNT(cases); i++)
        unsetenv(cases[i].name);
}

static void the_time_may_be_up(void **state)
{
    (void)state;
    params.deadline_ns = 1;
    open_one();
    assert_string_equal(build.problem, "the time was up before it could be built");
    assert_non_null(build.root);
    assert_string_equal(run("ls .perfledger/worktrees 2>/dev/null | wc -l"), "0");
    params.revision = ".";
    open_one();
    assert_string_equal(build.problem, "the time was up before it could be built");
    assert_string_equal(content(scratch_path(&scratch, "builds")), "(none)");
    params.deadline_ns = flow.clock->monotonic_ns(flow.clock->context) + INT64_C(60000000000);
    params.revision = "first";
    open_ready();
}

static void a_build_that_cleans(void **state)
{
    (void)state;
    scratch_write(&scratch, "r/bench/made", "not in the revision\n");
    configure("r", "build: git clean -q -fdx && cp code product\n");
    open_one();
    assert_non_null(build.problem);
    assert_non_null(strstr(build.problem, "`git clean`) out of `build`"));
    configure("r", "build: git clean -q -fdx -e .perfledger && cp code product\n");
    open_one();
    assert_non_null(build.problem);
    run("rm bench/made");
    open_ready();
    assert_string_equal(content(in("product")), "one\n");
    configure("r", "build: cat code bench/* >product\n");
    open_ready();
    assert_string_equal(content(in("product")), "one\nold\n");
}

/* Nothing outside of the checkout may be measured, built or written. */
static void a_link_on_the_way(void **state)
{
    (void)state;
    scratch_write(&scratch, "outside/code", "outside\n");
    run("git rm -q -r sub; ln -s ../../../../outside sub; git add sub; git commit -q -m link;"
        "git tag link; git rm -q sub; mkdir sub");
    configure("r/sub", "build: echo built >product\n");
    params.revision = "link";
    refused(PFL_EINVAL, "'sub' on the way to the folder of perfledger.yaml is no folder");
    run("git rm -q code; mkdir -p code; echo x >code/f");
    configure("r/code", "build: echo built >product\n");
    params.revision = "first"; /* a file */
    refused(PFL_EINVAL, "'code' on the way");
    assert_string_equal(content(scratch_path(&scratch, "outside/product")), "(none)");
}

static void a_build_that_fails(void **state)
{
    static const struct {
        const char *command, *words;
    } cases[] = {
        {"echo first line; echo >&2 cannot compile; exit 3",
         "failed with exit status 3; it said last: first line | cannot compile; all"},
        {"exit 1", "failed with exit status 1; it said nothing; all it said is in "},
        {"kill -9 $$", "was ended by signal 9"},
        {"no-such-program", "failed with exit status 127; it said last: sh: 1: no-such-program"},
        {"printf '\\033[31mred\\n\\n \\n'; false", "it said last: \\x1b[31mred; all"},
        {"seq 100000; false", "it said last: 99998 | 99999 | 100000; all"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        configure("r", pfl_arena_format(&arena, "build: |\n  %s\n", cases[i].command));
        params.revision = i % 2 ? "." : "first";
        open_one();
        assert_non_null(build.problem);
        if (!strstr(build.problem, cases[i].words))
            fail_msg("wanted '%s' in: %s", cases[i].words, build.problem);
        assert_non_null(strstr(build.problem, build.log));
        assert_null(strstr(build.problem, "benchmark_files"));
        open_one(); /* tried again, and not waited for */
        assert_non_null(build.problem);
    }
    scratch_write(&scratch, "r/bench/a", "does not compile there\n");
    params.revision = "first";
    open_one();
    assert_non_null(strstr(build.problem, "`benchmark_files: []`"));
}

/* What an earlier build left is not believed once a later one has begun. */
static void a_rebuild_that_fails(void **state)
{
    (void)state;
    setenv("FAIL", scratch_path(&scratch, "fail"), 1);
    configure("r", "build: rm -f product; test ! -e $FAIL && cp code product\n");
    open_ready();
    scratch_write(&scratch, "fail", "");
    open_ready();
    params.rebuild = true;
    open_one();
    assert_non_null(build.problem);
    params.rebuild = false;
    open_one();
    assert_non_null(build.problem);
}

static void two_at_once_of_what_does_not_build(void **state)
{
    struct pfl_flow_build second;

    (void)state;
    configure("r", "build: 'false'\n");
    open_one();
    assert_int_equal(pfl_flow_build_open(&flow, &params, &second, &err), PFL_OK);
    assert_non_null(second.problem);
    pfl_flow_build_close(&second);
}

static void a_build_that_hangs_or_is_stopped(void **state)
{
    (void)state;
    configure("r", "build: echo waiting; sleep 1000\n");
    params.timeout_ns = 50000000;
    open_one();
    assert_non_null(strstr(build.problem, "did not end within 0.05 s and was ended"));
    params.revision = ".";
    params.timeout_ns = 0;
    questions = 0;
    pfl_flow_build_close(&build);
    build = (struct pfl_flow_build){.worktree = {.lock = -1}};
    refused(PFL_EINTERRUPTED, "interrupted while work tree was built");
    params.revision = "first";
    questions = 0;
    refused(PFL_EINTERRUPTED, "interrupted");
    questions = -1;
    configure("r", "build: cat code >product\n"); /* nothing is left behind that harms */
    open_ready();
    assert_string_equal(content(in("product")), "one\n");
}

static void a_build_that_was_stopped_is_not_done(void **state)
{
    int n;

    (void)state;
    configure("r", "build: rm -f product; cat code bench/* >product\n");
    for (n = 0; n < 40; n++) {
        struct pfl_flow_build opened;
        int rc;

        questions = n;
        params.rebuild = true;
        rc = pfl_flow_build_open(&flow, &params, &opened, &err);
        questions = -1;
        params.rebuild = false;
        if (rc == PFL_OK) {
            pfl_flow_build_close(&opened);
            break;
        }
        assert_int_equal(rc, PFL_EINTERRUPTED);
        open_ready();
        assert_string_equal(content(in("product")), "one\nold\n");
        pfl_flow_build_close(&build);
    }
    assert_true(n > 3 && n < 40);
}

static void without_a_build(void **state)
{
    (void)state;
    configure("r", "project: p\n");
    open_ready();
    assert_null(build.log);
    assert_non_null(strstr(build.note, "no `build` is configured"));
    assert_string_equal(content(in("code")), "one\n");
    params.revision = ".";
    open_ready();
    assert_null(build.note);
    assert_null(build.log);
}

/* Benchmark files */

static void the_work_trees_benchmarks_serve_every_revision(void **state)
{
    (void)state;
    scratch_write(&scratch, "r/bench/a", "new\n");
    scratch_write(&scratch, "r/perf/deep/b", "untracked\n");
    scratch_write(&scratch, "r/bench/x.o", "ignored\n");
    scratch_write(&scratch, "r/perf/run.sh", "#!/bin/sh\n");
    run("chmod 755 perf/run.sh; ln -s ../nowhere perf/link; ln -s . perf/loop");
    open_ready();
    assert_int_equal(build.overlaid, 5);
    assert_string_equal(content(in("bench/a")), "new\n");
    assert_string_equal(content(in("perf/deep/b")), "untracked\n");
    assert_string_equal(content(in("bench/x.o")), "(none)");
    assert_int_equal(access(in("perf/run.sh"), X_OK), 0);
    assert_string_equal(run("readlink .perfledger/worktrees/*[0-9a-f]/perf/link"), "../nowhere");
    assert_string_equal(content(in("code")), "one\n");
    assert_string_equal(build.revision.commit, run("git rev-parse first"));
    assert_false(build.revision.dirty);
    assert_int_equal(builds(), 1);
    open_ready();
    assert_int_equal(builds(), 1);
    assert_int_equal(build.overlaid, 5); /* told again, though nothing was written */
    scratch_write(&scratch, "r/bench/a", "newer\n");
    open_ready();
    assert_int_equal(builds(), 2);
    run("chmod 644 perf/run.sh");
    open_ready();
    assert_int_equal(builds(), 3);
    assert_int_not_equal(access(in("perf/run.sh"), X_OK), 0);
}

/* A file that is the same is not written, so that its time stays and make leaves it alone. */
static void only_what_differs_is_written(void **state)
{
    static const char *const files[] = {"bench/new", "bench/a"};
    struct stat before[2], after;
    size_t i;

    (void)state;
    scratch_write(&scratch, "r/bench/new", "1\n");
    scratch_write(&scratch, "r/bench/a", "changed\n");
    open_ready();
    assert_int_equal(build.overlaid, 2);
    for (i = 0; i < 2; i++)
        assert_int_equal(stat(in(files[i]), &before[i]), 0);
    params.rebuild = true;
    open_ready();
    for (i = 0; i < 2; i++) {
        assert_int_equal(stat(in(files[i]), &after), 0);
        assert_int_equal(before[i].st_mtim.tv_sec, after.st_mtim.tv_sec);
        assert_int_equal(before[i].st_mtim.tv_nsec, after.st_mtim.tv_nsec);
    }
}

static void an_earlier_overlay_is_taken_back(void **state)
{
    (void)state;
    scratch_write(&scratch, "r/bench/a", "new\n");
    scratch_write(&scratch, "r/bench/b", "gone tomorrow\n");
    open_ready();
    assert_int_equal(build.overlaid, 2);
    assert_string_equal(content(in("product")), "one\nnew\ngone tomorrow\n");
    run("rm bench/b; git checkout -q bench/a");
    open_ready();
    assert_int_equal(build.overlaid, 0);
    assert_string_equal(content(in("product")), "one\nold\n");
    assert_string_equal(content(in("bench/b")), "(none)");
}

/* What the work tree has no more, the revision has not either. */
static void benchmarks_that_are_gone_are_removed(void **state)
{
    (void)state;
    scratch_write(&scratch, "r/bench/old/b", "b\n");
    scratch_write(&scratch, "r/bench/x", "x\n");
    run("git add .; git commit -q -m more; git tag more; git rm -q -r bench/old bench/x;"
        "echo new >bench/n; git rm -q --cached bench/a; echo a >>.gitignore");
    params.revision = "more";
    configure("r", "build: echo built >>$BUILDS; cat code bench/[an] >product\n");
    open_ready();
    assert_string_equal(content(in("bench/old/b")), "(none)");
    assert_string_equal(content(in("bench/x")), "(none)");
    assert_string_equal(content(in("bench/a")), "old\n"); /* is there, though ignored */
    assert_string_equal(content(in("product")), "two\nold\nnew\n");
    assert_int_equal(build.overlaid, 3);
    open_ready();
    assert_int_equal(builds(), 1);
    assert_int_equal(build.overlaid, 3);
    run("cd .perfledger/worktrees/*/; echo back >bench/x");
    open_ready();
    assert_string_equal(content(in("bench/x")), "(none)");
    run("mkdir -p bench/old; echo b >bench/old/b; git checkout -q more -- bench/x");
    open_ready();
    assert_string_equal(content(in("bench/x")), "x\n");
    assert_string_equal(content(in("bench/old/b")), "b\n");
    configure("r",
              "build: echo built >>$BUILDS; cat code bench/[an] >product\nbenchmark_files: []\n");
    run("git rm -q -f bench/x");
    open_ready();
    assert_string_equal(content(in("bench/x")), "x\n"); /* not asked for */
    assert_int_equal(build.overlaid, 0);
}

static void a_list_says_which_files(void **state)
{
    static const struct {
        const char *list, *code, *a, *tool;
        size_t n;
    } cases[] = {
        {"[]", "one\n", "old\n", "(none)", 0},
        {"[tools]", "one\n", "old\n", "tool\n", 1},
        {"[tools/]", "one\n", "old\n", "tool\n", 1},
        {"['*.c', bench]", "one\n", "new\n", "tool\n", 2},
        {"[code, bench/a]", "two\n", "new\n", "(none)", 2},
        {"[no/such, ':(top)code', --help]", "one\n", "old\n", "(none)", 0},
        {"[.]", "two\n", "new\n", "tool\n", 5}, /* perfledger.yaml is one of them, sub/code too */
    };
    size_t i;

    (void)state;
    scratch_write(&scratch, "r/bench/a", "new\n");
    scratch_write(&scratch, "r/tools/deep/tool.c", "tool\n");
    run("rm sub/code"); /* the revision's stays where it is not asked for */
    for (i = 0; i < PFL_COUNT(cases); i++) {
        configure("r",
                  pfl_arena_format(&arena, "build: 'true'\nbenchmark_files: %s\n", cases[i].list));
        open_ready();
        assert_string_equal(content(in("code")), cases[i].code);
        assert_string_equal(content(in("bench/a")), cases[i].a);
        assert_string_equal(content(in("tools/deep/tool.c")), cases[i].tool);
        assert_string_equal(content(in("sub/code")), i == 6 ? "(none)" : "sub one\n");
        assert_int_equal(build.overlaid, cases[i].n);
    }
}

/* What is a file here is a folder there, or a link that leads out: nothing outside is touched. */
static void what_stands_in_the_way_is_replaced(void **state)
{
    (void)state;
    scratch_write(&scratch, "r/out/a", "outside\n");
    scratch_write(&scratch, "outside/a", "outside\n");
    run("git rm -q -r bench; ln -s ../../../../outside bench; mkdir perf; echo x >perf/f;"
        "git add .; git commit -q -m links; git tag links;"
        "git rm -q -r bench perf; mkdir bench; echo file >perf");
    scratch_write(&scratch, "r/bench/a", "new\n");
    configure("r", "build: 'true'\nbenchmark_files: [bench, perf]\n");
    params.revision = "links";
    open_ready();
    assert_string_equal(content(in("bench/a")), "new\n");
    assert_string_equal(content(in("perf")), "file\n");
    configure("r", "build: 'true'\nbenchmark_files: []\n");
    open_ready();
    assert_string_equal(content(in("perf/f")), "x\n");
    assert_string_equal(content(scratch_path(&scratch, "outside/a")), "outside\n");
    assert_string_equal(run("readlink .perfledger/worktrees/*[0-9a-f]/bench"),
                        "../../../../outside");
}

static void a_configuration_in_a_folder_below(void **state)
{
    (void)state;
    scratch_write(&scratch, "r/sub/bench/s", "sub bench\n");
    configure("r/sub", "build: cat code bench/s >product\n");
    open_ready();
    assert_true(strlen(build.root) > 4);
    assert_string_equal(build.root + strlen(build.root) - 4, "/sub");
    assert_string_equal(content(in("product")), "sub one\nsub bench\n");
    assert_int_equal(build.overlaid, 1);
    assert_string_equal(content(in("../bench/a")), "old\n");
    scratch_write(&scratch, "r/sub/bench/s", "changed\n");
    open_ready();
    assert_string_equal(content(in("product")), "sub one\nchanged\n");
    assert_true(pfl_file_exists(scratch_path(&scratch, "r/sub/.perfledger/.gitignore")));
    configure("r/young", "build: ls >product\n"); /* the revision has no such folder */
    open_ready();
    assert_string_equal(content(in("product")), "product\n");
}

/* What cannot be */

static void unknown_revisions(void **state)
{
    (void)state;
    run("git tag v1.10; git branch feature");
    params.revision = "v1.1";
    refused(PFL_ENOENT, "(did you mean 'v1.10'?)");
    params.revision = "featur";
    refused(PFL_ENOENT, "(did you mean 'feature'?)");
    params.revision = "HEAD~99";
    refused(PFL_ENOENT, "'HEAD~99' is no commit");
    params.revision = "--all";
    refused(PFL_ENOENT, "no revision");
}

static void shallow_clones(void **state)
{
    (void)state;
    shell(&scratch, "", "git clone -q --depth 1 --no-local r shallow");
    configure("shallow", "build: 'true'\n");
    params.revision = "HEAD~1";
    refused(PFL_ENOENT, "`git fetch --unshallow --tags`");
    assert_non_null(strstr(err.message, "fetch-depth: 0"));
    params.revision = "HEAD";
    open_ready();
}

static void no_repository_and_no_git(void **state)
{
    char *path = strdup(getenv("PATH"));

    (void)state;
    configure("plain", "build: echo built >product\n");
    refused(PFL_ESYSTEM, "is in no git work tree");
    params.revision = ".";
    open_ready(); /* needs no git */
    assert_string_equal(content(in("product")), "built\n");
    params.revision = "first";
    pfl_flow_build_close(&build);
    setenv("PATH", scratch.path, 1);
    configure("r", "build: 'true'\n");
    refused(PFL_ESYSTEM, "git is not installed");
    setenv("PATH", path, 1);
    free(path);
    shell(&scratch, "", "git clone -q --bare r bare");
    configure("bare", "build: 'true'\n");
    refused(PFL_ESYSTEM, "a bare repository has no work tree");
}

static void a_hooks_variables_do_not_reach_the_build(void **state)
{
    (void)state;
    configure("r", "build: git rev-parse HEAD >product\n");
    setenv("GIT_DIR", scratch_path(&scratch, "r/.git"), 1);
    setenv("GIT_INDEX_FILE", "/nowhere", 1);
    open_one();
    unsetenv("GIT_DIR");
    unsetenv("GIT_INDEX_FILE");
    assert_null(build.problem);
    assert_string_equal(content(in("product")),
                        pfl_arena_format(&arena, "%s\n", build.revision.commit));
}

static void faults(void **state)
{
    unsigned long n;
    int io, rc = PFL_OK;

    (void)state;
    scratch_write(&scratch, "r/bench/a", "new\n");
    open_ready();
    pfl_flow_build_close(&build);
    for (io = 0; io < 2; io++)
        for (n = 1;; n += 3) {
            struct pfl_flow_build opened = {.seconds = -7};

            pfl_fault = (struct pfl_fault){.alloc_at = io ? 0 : n, .io_at = io ? n : 0};
            rc = pfl_flow_build_open(&flow, &params, &opened, &err);
            pfl_fault.alloc_at = pfl_fault.io_at = 0;
            if (rc == PFL_OK)
                pfl_flow_build_close(&opened);
            else
                assert_true(opened.seconds < 0);
            if ((io ? pfl_fault.io_seen : pfl_fault.alloc_seen) < n)
                break;
        }
    assert_int_equal(rc, PFL_OK);
    open_ready();
    assert_string_equal(content(in("product")), "one\nnew\n");
}

int test_flow_build(void);
int test_flow_build(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, make, drop)
    const struct CMUnitTest tests[] = {
        CASE(a_revision_is_built_once),
        CASE(the_work_tree_is_built_in_place),
        CASE(a_race_of_a_revision_against_itself),
        CASE(what_was_changed_by_hand_is_mended),
        CASE(what_was_restored_is_built_anew),
        CASE(another_environment_is_another_build),
        CASE(the_time_may_be_up),
        CASE(a_build_that_cleans),
        CASE(a_link_on_the_way),
        CASE(a_build_that_fails),
        CASE(a_rebuild_that_fails),
        CASE(two_at_once_of_what_does_not_build),
        CASE(a_build_that_hangs_or_is_stopped),
        CASE(a_build_that_was_stopped_is_not_done),
        CASE(without_a_build),
        CASE(the_work_trees_benchmarks_serve_every_revision),
        CASE(only_what_differs_is_written),
        CASE(an_earlier_overlay_is_taken_back),
        CASE(benchmarks_that_are_gone_are_removed),
        CASE(a_list_says_which_files),
        CASE(what_stands_in_the_way_is_replaced),
        CASE(a_configuration_in_a_folder_below),
        CASE(unknown_revisions),
        CASE(shallow_clones),
        CASE(no_repository_and_no_git),
        CASE(a_hooks_variables_do_not_reach_the_build),
        CASE(faults),
    };

    return cmocka_run_group_tests_name("flow/build", tests, NULL, NULL);
}
