/* git: scratch repositories in every state that a work tree can be in, and the variables of CI
 * services. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../helpers/scratch.h"
#include "base/alloc.h"
#include "base/log.h"
#include "sys/file.h"
#include "sys/spawn.h"
#include "vcs/git.h"

static const char *const ci_variables[] = {
    "GITHUB_REF",
    "GITHUB_HEAD_REF",
    "GITHUB_REF_NAME",
    "CI_MERGE_REQUEST_IID",
    "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
    "CI_COMMIT_BRANCH",
    "CI_COMMIT_REF_NAME",
    "CI_COMMIT_TAG",
    "CHANGE_ID",
    "CHANGE_BRANCH",
    "BRANCH_NAME",
    "BUILDKITE_PULL_REQUEST",
    "BUILDKITE_BRANCH",
    "CIRCLE_PULL_REQUEST",
    "CIRCLE_BRANCH",
    "BITBUCKET_PR_ID",
    "BITBUCKET_BRANCH",
    "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER",
    "SYSTEM_PULLREQUEST_SOURCEBRANCH",
    "BUILD_SOURCEBRANCH",
};

static struct scratch scratch;
static struct pfl_arena arena;
static struct pfl_err err;
static struct pfl_revision revision;
static const char *root;
static char logged[8192];
static bool has_git;

static void keep_log(void *context, enum pfl_log_level level, const char *line)
{
    (void)context;
    if (level <= PFL_LOG_NOTICE)
        snprintf(logged + strlen(logged), sizeof logged - strlen(logged), "%s\n", line);
}

static int make(void **state)
{
    size_t i;

    (void)state;
    pfl_arena_init(&arena);
    has_git = pfl_file_which("git", NULL, &arena);
    scratch_make(&scratch);
    memset(&revision, 0, sizeof revision);
    root = "untouched";
    logged[0] = 0;
    pfl_log_set_sink(keep_log, NULL, PFL_LOG_DETAIL);
    for (i = 0; i < PFL_COUNT(ci_variables); i++)
        unsetenv(ci_variables[i]);
    setenv("GIT_CONFIG_GLOBAL", scratch_path(&scratch, "gitconfig"), 1);
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    setenv("GIT_CEILING_DIRECTORIES", scratch.path, 1);
    setenv("GIT_AUTHOR_NAME", "A", 1), setenv("GIT_AUTHOR_EMAIL", "a@example.org", 1);
    setenv("GIT_COMMITTER_NAME", "C", 1), setenv("GIT_COMMITTER_EMAIL", "c@example.org", 1);
    setenv("GIT_AUTHOR_DATE", "1700000000 +0000", 1);
    setenv("GIT_COMMITTER_DATE", "1700000000 +0000", 1);
    return 0;
}

static int drop(void **state)
{
    (void)state;
    pfl_fault = (struct pfl_fault){0};
    pfl_log_set_sink(NULL, NULL, PFL_LOG_WARNING);
    pfl_arena_release(&arena);
    scratch_remove(&scratch);
    return 0;
}

/* Runs git in a folder of the scratch folder; `words` are split at blanks. */
static void git(const char *folder, const char *words)
{
    char text[512], *argv[32] = {(char *)"git"}, *word, *rest = text;
    struct pfl_buf errors;
    struct pfl_process_params params = {
        .argv = argv, .cwd = scratch_path(&scratch, folder), .errors = &errors};
    size_t n = 1;
    int status = -1;

    if (!has_git)
        skip(); /* on this machine only what needs no repository is tested */
    snprintf(text, sizeof text, "%s", words);
    while ((word = strsep(&rest, " ")))
        argv[n++] = word;
    argv[n] = NULL;
    pfl_buf_init(&errors, 1 << 16);
    if (pfl_process_run(&params, &status, &err) != PFL_OK || status != 0)
        fail_msg("git %s: %d %s %s", words, status, err.message, pfl_buf_cstr(&errors));
    pfl_buf_release(&errors);
}

static void describe(const char *folder)
{
    assert_int_equal(
        pfl_git_describe(scratch_path(&scratch, folder), &arena, &revision, &root, &err), PFL_OK);
}

/* A repository "r" with one commit of one file. */
static void one_commit(void)
{
    scratch_write(&scratch, "r/file", "one\n");
    git("r", "init -q -b main .");
    git("r", "add file");
    git("r", "commit -q -m first,subject");
}

static const char *resolved(const char *folder, const char *rev)
{
    const char *commit = NULL;

    if (pfl_git_resolve(scratch_path(&scratch, folder), rev, &arena, &commit, &err) != PFL_OK)
        fail_msg("%s", err.message);
    return commit;
}

static void no_repository(void **state)
{
    (void)state;
    scratch_write(&scratch, "plain/file", "");
    describe("plain");
    assert_null(root);
    assert_string_equal(revision.commit, "");
    assert_string_equal(revision.pull_request, "");
    assert_false(revision.dirty);
    assert_string_equal(logged, ""); /* nothing to complain about */
    describe("no/such/folder");
    assert_null(root);
}

static void no_git_at_all(void **state)
{
    char *path = strdup(getenv("PATH"));
    const char *commit = "untouched";

    (void)state;
    one_commit();
    setenv("PATH", scratch.path, 1);
    assert_int_equal(pfl_git_describe(scratch_path(&scratch, "r"), &arena, &revision, &root, &err),
                     PFL_OK);
    assert_null(root);
    assert_int_equal(pfl_git_resolve(scratch_path(&scratch, "r"), "HEAD", &arena, &commit, &err),
                     PFL_ENOENT);
    setenv("PATH", path, 1);
    free(path);
    assert_non_null(strstr(err.message, "git is not installed"));
    assert_string_equal(commit, "untouched");
}

static void an_empty_repository(void **state)
{
    (void)state;
    scratch_write(&scratch, "r/file", "");
    git("r", "init -q -b main .");
    describe("r");
    assert_string_equal(root, scratch_path(&scratch, "r"));
    assert_string_equal(revision.commit, "");
    assert_string_equal(revision.branch, "main");
    assert_false(revision.dirty);
    git("r", "add file");
    describe("r");
    assert_true(revision.dirty);
}

static void a_commit(void **state)
{
    (void)state;
    one_commit();
    scratch_write(&scratch, "r/sub/dir/untracked", "");
    describe("r/sub/dir");
    assert_string_equal(root, scratch_path(&scratch, "r"));
    assert_int_equal(strlen(revision.commit), 40);
    assert_string_equal(revision.commit, resolved("r", "HEAD"));
    assert_string_equal(revision.branch, "main");
    assert_string_equal(revision.subject, "first,subject");
    assert_string_equal(revision.tag, "");
    assert_int_equal(revision.commit_time, 1700000000);
    assert_false(revision.dirty); /* untracked files do not count */
}

static void what_makes_it_dirty(void **state)
{
    (void)state;
    one_commit();
    scratch_write(&scratch, "r/file", "two\n");
    describe("r");
    assert_true(revision.dirty);
    git("r", "add file");
    describe("r");
    assert_true(revision.dirty);
    git("r", "reset -q --hard");
    describe("r");
    assert_false(revision.dirty);
    assert_int_equal(unlink(scratch_path(&scratch, "r/file")), 0);
    describe("r");
    assert_true(revision.dirty);
}

static void tags(void **state)
{
    (void)state;
    one_commit();
    git("r", "tag v1.9");
    git("r", "tag -a -m note v1.10");
    git("r", "tag v1.2,rc");
    git("r", "branch v9");
    git("r", "config log.excludeDecoration refs/tags/*");
    describe("r");
    assert_string_equal(revision.tag, "v1.10");
    git("r", "commit -q --allow-empty -m second");
    describe("r");
    assert_string_equal(revision.tag, "");
}

static void detached_takes_the_ci_branch(void **state)
{
    static const struct {
        const char *name, *value, *branch;
    } cases[] = {
        {"GITHUB_HEAD_REF", "topic", "topic"},
        {"GITHUB_REF_NAME", "main", "main"},
        {"CI_COMMIT_REF_NAME", "feature/x", "feature/x"},
        {"BUILD_SOURCEBRANCH", "refs/heads/a", "a"},
        {"BUILD_SOURCEBRANCH", "refs/pull/1/merge", ""},
        {"HOME", "/", ""},
    };
    char *home = strdup(getenv("HOME") ? getenv("HOME") : "/");
    size_t i;

    (void)state;
    one_commit();
    setenv("GITHUB_HEAD_REF", "not-asked-for", 1);
    describe("r");
    assert_string_equal(revision.branch, "main"); /* git's own word wins */
    unsetenv("GITHUB_HEAD_REF");
    git("r", "checkout -q --detach");
    for (i = 0; i < PFL_COUNT(cases); i++) {
        setenv(cases[i].name, cases[i].value, 1);
        describe("r");
        assert_string_equal(revision.branch, cases[i].branch);
        unsetenv(cases[i].name);
    }
    setenv("HOME", home, 1);
    free(home);
    setenv("GITHUB_REF", "refs/tags/v1", 1); /* a tag's build: REF_NAME is no branch */
    setenv("GITHUB_REF_NAME", "v1", 1);
    describe("r");
    assert_string_equal(revision.branch, "");
    setenv("CI_COMMIT_TAG", "v1", 1);
    setenv("CI_COMMIT_REF_NAME", "v1", 1);
    describe("r");
    assert_string_equal(revision.branch, "");
}

static void pull_requests(void **state)
{
    static const struct {
        const char *name, *value, *number;
    } cases[] = {
        {"GITHUB_REF", "refs/pull/123/merge", "123"},
        {"GITHUB_REF", "refs/heads/main", ""},
        {"GITHUB_REF", "refs/pull/x/merge", ""},
        {"CI_MERGE_REQUEST_IID", "7", "7"},
        {"CHANGE_ID", "8", "8"},
        {"BUILDKITE_PULL_REQUEST", "false", ""},
        {"BUILDKITE_PULL_REQUEST", "9", "9"},
        {"CIRCLE_PULL_REQUEST", "https://github.com/o/p/pull/10", "10"},
        {"BITBUCKET_PR_ID", "11", "11"},
        {"SYSTEM_PULLREQUEST_PULLREQUESTNUMBER", "12", "12"},
        {"CHANGE_ID", "12; rm -rf /", ""},
    };
    size_t i;

    (void)state;
    one_commit();
    for (i = 0; i < PFL_COUNT(cases); i++) {
        setenv(cases[i].name, cases[i].value, 1);
        describe("r");
        assert_string_equal(revision.pull_request, cases[i].number);
        unsetenv(cases[i].name);
    }
}

static void dubious_ownership_is_said(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip(); /* only root can give a folder away */
    one_commit();
    assert_int_equal(chown(scratch_path(&scratch, "r"), 12345, 12345), 0);
    assert_int_equal(chown(scratch_path(&scratch, "r/.git"), 12345, 12345), 0);
    describe("r");
    assert_null(root);
    assert_string_equal(revision.commit, "");
    assert_non_null(strstr(logged, "dubious ownership"));
    assert_non_null(strstr(logged, "safe.directory")); /* git's own remedy comes along */
}

static void a_hooks_environment_does_not_mislead(void **state)
{
    (void)state;
    one_commit();
    scratch_write(&scratch, "other/x", "");
    git("other", "init -q -b elsewhere .");
    setenv("GIT_DIR", scratch_path(&scratch, "other/.git"), 1);
    setenv("GIT_WORK_TREE", scratch_path(&scratch, "other"), 1);
    describe("r");
    unsetenv("GIT_DIR");
    unsetenv("GIT_WORK_TREE");
    assert_string_equal(root, scratch_path(&scratch, "r"));
    assert_string_equal(revision.branch, "main");
}

static void submodules(void **state)
{
    (void)state;
    one_commit();
    scratch_write(&scratch, "top/readme", "");
    git("top", "init -q -b main .");
    git("top", "-c protocol.file.allow=always submodule --quiet add ../r module");
    git("top", "commit -q -a -m with-module");
    describe("top");
    assert_false(revision.dirty);
    scratch_write(&scratch, "top/module/untracked", "");
    describe("top");
    assert_false(revision.dirty);
    scratch_write(&scratch, "top/module/file", "changed\n");
    describe("top");
    assert_true(revision.dirty);
    git("top", "config diff.ignoreSubmodules all"); /* for the user's eyes, not for provenance */
    describe("top");
    assert_true(revision.dirty);
    describe("top/module");
    assert_string_equal(root, scratch_path(&scratch, "top/module"));
    assert_string_equal(revision.subject, "first,subject");
}

static void shallow_clones(void **state)
{
    const char *first, *commit = NULL;

    (void)state;
    one_commit();
    first = resolved("r", "HEAD");
    git("r", "commit -q --allow-empty -m second");
    git("", "-c protocol.file.allow=always clone -q --depth 1 --no-local r shallow");
    describe("shallow");
    assert_string_equal(revision.subject, "second");
    assert_int_equal(
        pfl_git_resolve(scratch_path(&scratch, "shallow"), first, &arena, &commit, &err),
        PFL_ENOENT);
    assert_non_null(strstr(err.message, "--unshallow"));
    assert_null(commit);
}

static void revisions_are_looked_up(void **state)
{
    static const char *const bad[] = {"", "--all", "nope", "HEAD~9", "v1:file", "HEAD\nHEAD"};
    const char *first, *second, *commit = "untouched";
    int64_t time = -1;
    bool answer = false;
    size_t i;

    (void)state;
    one_commit();
    git("r", "tag -a -m x v1");
    first = resolved("r", "HEAD");
    setenv("GIT_COMMITTER_DATE", "1700009999 +0000", 1);
    git("r", "commit -q --allow-empty -m second");
    second = resolved("r", "main");
    assert_string_equal(resolved("r", "v1"), first); /* an annotated tag's commit, not the tag */
    assert_string_equal(resolved("r", "HEAD~"), first);
    for (i = 0; i < PFL_COUNT(bad); i++) {
        assert_int_equal(
            pfl_git_resolve(scratch_path(&scratch, "r"), bad[i], &arena, &commit, &err),
            PFL_ENOENT);
        assert_null(strstr(err.message, "unshallow"));
    }
    assert_string_equal(commit, "untouched");

    assert_int_equal(pfl_git_commit_time(scratch_path(&scratch, "r"), second, &time, &err), PFL_OK);
    assert_int_equal(time, 1700009999);
    assert_int_equal(pfl_git_commit_time(scratch_path(&scratch, "r"), "nope", &time, &err),
                     PFL_ENOENT);
    assert_int_equal(time, 1700009999);

    assert_int_equal(pfl_git_is_ancestor(scratch_path(&scratch, "r"), first, second, &answer, &err),
                     PFL_OK);
    assert_true(answer);
    assert_int_equal(pfl_git_is_ancestor(scratch_path(&scratch, "r"), second, first, &answer, &err),
                     PFL_OK);
    assert_false(answer);
    assert_int_equal(pfl_git_is_ancestor(scratch_path(&scratch, "r"), "nope", first, &answer, &err),
                     PFL_ENOENT);
}

static void words_that_name_a_revision(void **state)
{
    static const struct {
        const char *word;
        bool names;
    } cases[] = {{"HEAD", true},     {"v1", true},       {"main", true},     {"HEAD~1", false},
                 {".", false},       {"file", false},    {"", false},        {"--all", false},
                 {"v1:file", false}, {"sleep 1", false}, {"v1..main", false}};
    bool answer;
    size_t i;

    (void)state;
    one_commit();
    git("r", "tag v1");
    for (i = 0; i < PFL_COUNT(cases); i++) {
        answer = !cases[i].names;
        assert_int_equal(
            pfl_git_names_revision(scratch_path(&scratch, "r"), cases[i].word, &answer, &err),
            PFL_OK);
        assert_int_equal(answer, cases[i].names);
    }
    answer = true;
    assert_int_equal(pfl_git_names_revision(scratch.path, "HEAD", &answer, &err), PFL_OK);
    assert_false(answer); /* no repository */
}

static void files_that_belong_to_a_work_tree(void **state)
{
    static const char *const all[] = {"."}, *const some[] = {"*.c", "deep"};
    const char **files = NULL, *prefix = NULL;
    size_t n = 7;

    (void)state;
    one_commit();
    scratch_write(&scratch, "r/sub/.gitignore", "*.o\n");
    scratch_write(&scratch, "r/sub/a.c", "");
    scratch_write(&scratch, "r/sub/a.o", "");
    scratch_write(&scratch, "r/sub/x/\xC3\xA4 b\n.c", "");
    scratch_write(&scratch, "r/sub/deep/d", "");
    scratch_write(&scratch, "r/sub/other/y", "");
    git("r/sub/other", "init -q .");
    assert_int_equal(pfl_git_prefix(scratch_path(&scratch, "r/sub/x"), &arena, &prefix, &err),
                     PFL_OK);
    assert_string_equal(prefix, "sub/x/");
    assert_int_equal(pfl_git_prefix(scratch_path(&scratch, "r"), &arena, &prefix, &err), PFL_OK);
    assert_string_equal(prefix, "");
    assert_int_equal(pfl_git_prefix(scratch.path, &arena, &prefix, &err), PFL_ENOENT);

    assert_int_equal(
        pfl_git_list_files(scratch_path(&scratch, "r/sub"), all, 0, &arena, &files, &n, &err),
        PFL_OK);
    assert_int_equal(n, 0);
    assert_int_equal(
        pfl_git_list_files(scratch_path(&scratch, "r/sub"), some, 2, &arena, &files, &n, &err),
        PFL_OK);
    assert_int_equal(n, 3);
    assert_string_equal(files[0], "a.c");
    assert_string_equal(files[1], "deep/d");
    assert_string_equal(files[2], "x/\xC3\xA4 b\n.c");
    assert_int_equal(
        pfl_git_list_files(scratch_path(&scratch, "r"), all, 1, &arena, &files, &n, &err), PFL_OK);
    assert_int_equal(n, 5); /* a repository inside is not taken apart */
}

static void the_last_tag(void **state)
{
    const char *first, *second, *commit = NULL;

    (void)state;
    one_commit();
    assert_int_equal(
        pfl_git_resolve(scratch_path(&scratch, "r"), "last-tag", &arena, &commit, &err),
        PFL_ENOENT);
    first = resolved("r", "HEAD");
    git("r", "tag v1");
    assert_int_equal(/* HEAD itself is the only tagged one: there is none before it */
                     pfl_git_resolve(scratch_path(&scratch, "r"), "last-tag", &arena, &commit,
                                     &err),
                     PFL_ENOENT);
    git("r", "commit -q --allow-empty -m second");
    assert_string_equal(resolved("r", "last-tag"), first);
    git("r", "tag -a -m x v2");
    git("r", "branch v1-like v1");
    assert_string_equal(resolved("r", "last-tag"), first); /* HEAD is v2: the one before */
    second = resolved("r", "HEAD");
    git("r", "commit -q --allow-empty -m third");
    assert_string_equal(resolved("r", "last-tag"), second);
}

static void a_repository_is_not_touched(void **state)
{
    struct stat before, after;

    (void)state;
    one_commit();
    assert_int_equal(stat(scratch_path(&scratch, "r/.git/index"), &before), 0);
    /* The same content with another time: `git status` would refresh the index now. */
    scratch_write(&scratch, "r/file", "one\n");
    describe("r");
    assert_false(revision.dirty);
    assert_int_equal(stat(scratch_path(&scratch, "r/.git/index"), &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
}

/* Each allocation and each system call fails once: an error or a description, never half of one. */
static void faults(void **state)
{
    const char *folder;
    unsigned long n;
    int io, rc;

    (void)state;
    one_commit();
    folder = scratch_path(&scratch, "r");
    for (io = 0; io < 2; io++)
        for (n = 1;; n++) {
            struct pfl_arena own;

            pfl_arena_init(&own);
            revision.commit_time = -7;
            pfl_fault = (struct pfl_fault){.alloc_at = io ? 0 : n, .io_at = io ? n : 0};
            rc = pfl_git_describe(folder, &own, &revision, &root, &err);
            pfl_fault.alloc_at = pfl_fault.io_at = 0;
            pfl_arena_release(&own);
            if ((io ? pfl_fault.io_seen : pfl_fault.alloc_seen) < n)
                break;
            if (rc == PFL_OK)
                assert_true(io); /* only the end of a poll can be done without */
            else
                assert_int_equal(revision.commit_time, -7);
        }
    assert_int_equal(rc, PFL_OK);
}

int test_vcs_git(void);
int test_vcs_git(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, make, drop)
    const struct CMUnitTest tests[] = {
        CASE(no_repository),
        CASE(no_git_at_all),
        CASE(an_empty_repository),
        CASE(a_commit),
        CASE(what_makes_it_dirty),
        CASE(tags),
        CASE(detached_takes_the_ci_branch),
        CASE(pull_requests),
        CASE(dubious_ownership_is_said),
        CASE(a_hooks_environment_does_not_mislead),
        CASE(submodules),
        CASE(shallow_clones),
        CASE(revisions_are_looked_up),
        CASE(words_that_name_a_revision),
        CASE(files_that_belong_to_a_work_tree),
        CASE(the_last_tag),
        CASE(a_repository_is_not_touched),
        CASE(faults),
    };

    return cmocka_run_group_tests_name("vcs/git", tests, NULL, NULL);
}
