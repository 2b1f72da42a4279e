/* Worktrees of real repositories: made, found again, mended, shared, removed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../helpers/repository.h"
#include "base/alloc.h"
#include "sys/lock.h"
#include "vcs/git.h"
#include "vcs/worktree.h"

static struct scratch scratch;
static struct pfl_arena arena;
static struct pfl_err err;
static struct pfl_worktree_params params;
static struct pfl_worktree worktree;
static int questions; /* from this one on the answer is yes (0: at once); -1: never */

static bool interrupted(void *context)
{
    (void)context;
    return questions == 0 || (questions > 0 && --questions == 0);
}

static char *kept(const char *text)
{
    return pfl_arena_text(&arena, text);
}

/* Two commits of `file`: "one" (tag first) and "two". */
static int make(void **state)
{
    (void)state;
    pfl_arena_init(&arena);
    scratch_make(&scratch);
    repository_environment(&scratch);
    scratch_write(&scratch, "r/file", "one\n");
    shell(&scratch, "r",
          "git init -q .; git add .; git commit -q -m one; git tag first; echo two >file;"
          "git commit -q -a -m two; mkdir .perfledger; echo '*' >.perfledger/.gitignore");
    questions = -1;
    worktree = (struct pfl_worktree){.lock = -1};
    params = (struct pfl_worktree_params){
        .git_root = kept(scratch_path(&scratch, "r")),
        .folder = kept(scratch_path(&scratch, "r/.perfledger/worktrees")),
        .commit = kept(shell(&scratch, "r", "git rev-parse first")),
        .interrupted = interrupted,
    };
    return 0;
}

static int drop(void **state)
{
    (void)state;
    pfl_worktree_close(&worktree);
    pfl_fault = (struct pfl_fault){0};
    pfl_arena_release(&arena);
    shell(&scratch, "", "chmod -R u+rwX .");
    scratch_remove(&scratch);
    return 0;
}

static void open_one(void)
{
    pfl_worktree_close(&worktree);
    if (pfl_worktree_open(&params, &arena, &worktree, &err) != PFL_OK)
        fail_msg("%s", err.message);
}

static const char *in(const char *name)
{
    return pfl_file_join(worktree.path, name, &arena);
}

/* Runs a script with $W being the worktree. */
static void change(const char *script)
{
    setenv("W", worktree.path, 1);
    shell(&scratch, "r", script);
}

/* A sound checkout of "one", and a user's tree that is as it was. */
static void assert_sound(void)
{
    assert_string_equal(content(in("file")), "one\n");
    setenv("W", worktree.path, 1);
    assert_string_equal(shell(&scratch, "r", "git -C $W status --porcelain"), "");
    assert_string_equal(shell(&scratch, "r", "git -C $W rev-parse HEAD"), params.commit);
    assert_string_equal(shell(&scratch, "r", "git status --porcelain"), "");
    assert_string_equal(shell(&scratch, "r", "cat file"), "two");
    assert_string_equal(shell(&scratch, "r", "git worktree list | grep -c $W"), "1");
}

static void a_commit_is_checked_out_and_found_again(void **state)
{
    (void)state;
    open_one();
    assert_true(worktree.fresh);
    assert_false(worktree.shared);
    assert_string_equal(worktree.commit, params.commit);
    assert_int_equal(strlen(strrchr(worktree.path, '/') + 1), 12);
    assert_sound();
    change("echo product >$W/product");
    open_one();
    assert_false(worktree.fresh);
    assert_string_equal(content(in("product")), "product\n"); /* what a build made stays */
    assert_string_equal(content(in("file")), "one\n");
}

static void what_was_changed_is_reset(void **state)
{
    static const char *const scripts[] = {
        "echo changed >$W/file",
        "rm $W/file",
        "echo changed >$W/file; git -C $W add file",
        "git -C $W rm -q file",
        "rm $W/file; mkdir $W/file; touch $W/file/x",
        "rm $W/file; ln -s /etc/passwd $W/file",
    };
    size_t i;

    (void)state;
    open_one();
    for (i = 0; i < PFL_COUNT(scripts); i++) {
        change(scripts[i]);
        open_one();
        assert_false(worktree.fresh);
        assert_true(worktree.restored);
        assert_sound();
        open_one();
        assert_false(worktree.restored);
    }
}

static bool keeps_file(void *context, const char *path, const char *file)
{
    (void)context;
    assert_string_equal(path, worktree.path);
    return strcmp(file, "file") == 0;
}

static void changes_of_the_caller_stay(void **state)
{
    (void)state;
    open_one();
    params.is_ours = keeps_file;
    change("echo ours >$W/file");
    open_one();
    assert_string_equal(content(in("file")), "ours\n");
    params.is_ours = NULL;
    open_one();
    assert_sound();
}

static void what_is_broken_is_made_anew(void **state)
{
    static const char *const scripts[] = {
        "rm -r $W",
        "rm -r .perfledger/worktrees",
        "rm $W/.git",
        "echo nonsense >$W/.git",
        "rm -r $W; echo a-file >$W",
        "rm -r $W; mkdir $W; echo x >$W/x",
        "rm -r $W; git worktree prune",
        "rm -r .git/worktrees",
        "git worktree remove -f $W; mkdir $W",
        "git -C $W checkout -q main --detach",
        "cd .git/worktrees/*; touch index.lock; echo changed >$W/file",
        "cd .git/worktrees/*; echo damaged >index",
        /* killed in the middle of `worktree add` */
        "cd .git/worktrees/*; rm index $W/file; echo initializing >locked",
        "cd .git/worktrees/*; rm -r $W; echo initializing >locked",
        "rm -r $W; git init -q $W",
        /* folders that nobody may write to */
        "mkdir -p $W/a/b; touch $W/a/b/c; chmod a-w $W/a/b $W/a; rm $W/.git",
    };
    size_t i;

    (void)state;
    open_one();
    for (i = 0; i < PFL_COUNT(scripts); i++) {
        change(scripts[i]);
        open_one();
        if (strcmp(content(in("file")), "one\n") != 0)
            fail_msg("after: %s", scripts[i]);
        assert_sound();
        assert_string_equal(shell(&scratch, "r", "ls $W | tr '\\n' ' '"), "file ");
    }
}

static void other_worktrees_of_the_user_stay(void **state)
{
    (void)state;
    shell(&scratch, "r", "git worktree add -q --detach ../mine; mv ../mine ../away");
    open_one();
    change("rm -r $W");
    open_one();
    shell(&scratch, "r", "mv ../away ../mine; git -C ../mine status");
}

/* A copied repository's worktrees lead to the original's entries: they must not be used. */
static void a_copied_repository_has_its_own(void **state)
{
    (void)state;
    open_one();
    pfl_worktree_close(&worktree);
    shell(&scratch, "", "cp -r r copy; mv copy elsewhere; echo three >r/file");
    shell(&scratch, "", "git -C r commit -q -a -m three");
    params.git_root = kept(scratch_path(&scratch, "elsewhere"));
    params.folder = kept(scratch_path(&scratch, "elsewhere/.perfledger/worktrees"));
    open_one();
    assert_true(worktree.fresh);
    setenv("W", worktree.path, 1);
    assert_non_null(strstr(shell(&scratch, "elsewhere", "git -C $W rev-parse --absolute-git-dir"),
                           "/elsewhere/.git/"));
    shell(&scratch, "r",
          "cd .perfledger/worktrees/*[0-9a-f]/; git status"); /* the original's still works */
}

static void the_least_recently_used_go(void **state)
{
    const char *commits[5];
    struct pfl_worktree busy = {.lock = -1};
    size_t i;

    (void)state;
    params.keep = 2;
    for (i = 0; i < PFL_COUNT(commits); i++)
        commits[i] =
            kept(shell(&scratch, "r", "git commit -q --allow-empty -m more; git rev-parse HEAD"));
    params.commit = commits[0];
    assert_int_equal(pfl_worktree_open(&params, &arena, &busy, &err), PFL_OK);
    assert_int_equal(pfl_worktree_share(&busy, &err), PFL_OK);
    for (i = 1; i < 3; i++) {
        params.commit = commits[i];
        open_one();
    }
    params.commit = commits[1]; /* used again: now the third is older */
    open_one();
    for (i = 3; i < 5; i++) {
        params.commit = commits[i];
        open_one();
    }
    for (i = 0; i < 5; i++) {
        const char *path = pfl_arena_format(&arena, "%s/%.12s", params.folder, commits[i]);
        const char *lock = pfl_arena_format(&arena, "%s.lock", path);

        assert_int_equal(pfl_file_exists(path), i != 2); /* 0 is locked */
        assert_int_equal(pfl_file_exists(lock), i != 2);
    }
    assert_string_equal(shell(&scratch, "r", "git worktree list | wc -l"), "5");
    pfl_worktree_close(&busy);
}

static void a_lock_is_waited_for_and_shared(void **state)
{
    struct pfl_worktree second = {.lock = -1}, untouched = second;

    (void)state;
    open_one();
    questions = 1;
    assert_int_equal(pfl_worktree_open(&params, &arena, &second, &err), PFL_EINTERRUPTED);
    assert_memory_equal(&second, &untouched, sizeof second);
    assert_int_equal(pfl_worktree_share(&worktree, &err), PFL_OK);
    questions = -1;
    change("echo measured >$W/file"); /* nobody may reset it now */
    assert_int_equal(pfl_worktree_open(&params, &arena, &second, &err), PFL_OK);
    assert_true(second.shared);
    assert_string_equal(content(in("file")), "measured\n");
    pfl_worktree_close(&second);
    pfl_worktree_close(&worktree);
    assert_int_equal(pfl_worktree_open(&params, &arena, &worktree, &err), PFL_OK);
    assert_false(worktree.shared);
    assert_sound();
}

static void all_of_it_has_a_time(void **state)
{
    struct pfl_worktree second = {.lock = -1}, untouched = second;

    (void)state;
    params.timeout_ns = 1;
    assert_int_equal(pfl_worktree_open(&params, &arena, &second, &err), PFL_ESYSTEM);
    assert_non_null(strstr(err.message, "the time was up before"));
    params.timeout_ns = INT64_C(60000000000);
    open_one();
    params.timeout_ns = 50000000;
    assert_int_equal(pfl_worktree_open(&params, &arena, &second, &err), PFL_EBUSY);
    assert_non_null(strstr(err.message, "the time was up while waiting"));
    assert_memory_equal(&second, &untouched, sizeof second);
    change("echo product >$W/product");
    pfl_worktree_close(&worktree);
    params.timeout_ns = 1; /* what was made is no worse for it */
    assert_int_equal(pfl_worktree_open(&params, &arena, &second, &err), PFL_ESYSTEM);
    params.timeout_ns = 0;
    open_one();
    assert_false(worktree.fresh);
    assert_string_equal(content(in("product")), "product\n");
}

static void submodules_come_along(void **state)
{
    (void)state;
    scratch_write(&scratch, "m/code", "module\n");
    shell(&scratch, "m", "git init -q .; git add .; git commit -q -m module");
    params.commit = kept(shell(&scratch, "r",
                               "git submodule --quiet add ../m module; git commit -q -m s;"
                               "git rev-parse HEAD"));
    open_one();
    assert_string_equal(content(in("module/code")), "module\n");
    change("echo changed >$W/module/code");
    open_one();
    assert_string_equal(content(in("module/code")), "module\n");
    change("rm -r $W/module; mkdir $W/module"); /* killed before they were there */
    open_one();
    assert_string_equal(content(in("module/code")), "module\n");
    params.keep = 1; /* and they can be removed */
    params.commit = kept(shell(&scratch, "r", "git rev-parse first"));
    open_one();
    params.commit = kept(shell(&scratch, "r",
                               "git rev-parse first^{tree} >/dev/null;"
                               "git commit -q --allow-empty -m x;"
                               "git rev-parse HEAD"));
    open_one();
    assert_string_equal(shell(&scratch, "r", "git worktree list | wc -l"), "3");
}

static void outer_variables_and_hooks_do_not_mislead(void **state)
{
    (void)state;
    shell(&scratch, "r",
          "printf '#!/bin/sh\\ntouch hook-ran\\n' >.git/hooks/post-checkout;"
          "chmod +x .git/hooks/post-checkout");
    setenv("GIT_DIR", "/nowhere", 1);
    setenv("GIT_INDEX_FILE", "/nowhere/index", 1);
    setenv("GIT_WORK_TREE", "/nowhere", 1);
    pfl_worktree_open(&params, &arena, &worktree, &err);
    unsetenv("GIT_DIR");
    unsetenv("GIT_INDEX_FILE");
    unsetenv("GIT_WORK_TREE");
    assert_non_null(worktree.path);
    assert_sound();
    assert_false(pfl_file_exists(in("hook-ran")));
}

static void what_cannot_be_is_said(void **state)
{
    struct pfl_worktree_params other = params;

    (void)state;
    other.commit = "0123456789012345678901234567890123456789";
    assert_int_equal(pfl_worktree_open(&other, &arena, &worktree, &err), PFL_ESYSTEM);
    assert_non_null(strstr(err.message, "cannot check out 012345678901"));
    assert_null(worktree.path);
    other.commit = "HEAD";
    assert_int_equal(pfl_worktree_open(&other, &arena, &worktree, &err), PFL_EINVAL);
    questions = 0;
    assert_int_equal(pfl_worktree_open(&params, &arena, &worktree, &err), PFL_EINTERRUPTED);
    assert_null(worktree.path);
}

static void faults(void **state)
{
    unsigned long n;
    int io, rc = PFL_OK;

    (void)state;
    open_one();
    for (io = 0; io < 2; io++)
        for (n = 1;; n++) {
            struct pfl_worktree opened = {.lock = -7};

            pfl_worktree_close(&worktree);
            pfl_fault = (struct pfl_fault){.alloc_at = io ? 0 : n, .io_at = io ? n : 0};
            rc = pfl_worktree_open(&params, &arena, &opened, &err);
            pfl_fault.alloc_at = pfl_fault.io_at = 0;
            if (rc == PFL_OK)
                pfl_worktree_close(&opened);
            else
                assert_int_equal(opened.lock, -7);
            if ((io ? pfl_fault.io_seen : pfl_fault.alloc_seen) < n)
                break;
        }
    assert_int_equal(rc, PFL_OK);
    open_one();
    assert_sound();
}

int test_vcs_worktree(void);
int test_vcs_worktree(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, make, drop)
    const struct CMUnitTest tests[] = {
        CASE(a_commit_is_checked_out_and_found_again),
        CASE(what_was_changed_is_reset),
        CASE(changes_of_the_caller_stay),
        CASE(what_is_broken_is_made_anew),
        CASE(other_worktrees_of_the_user_stay),
        CASE(a_copied_repository_has_its_own),
        CASE(the_least_recently_used_go),
        CASE(a_lock_is_waited_for_and_shared),
        CASE(all_of_it_has_a_time),
        CASE(submodules_come_along),
        CASE(outer_variables_and_hooks_do_not_mislead),
        CASE(what_cannot_be_is_said),
        CASE(faults),
    };

    return cmocka_run_group_tests_name("vcs/worktree", tests, NULL, NULL);
}
