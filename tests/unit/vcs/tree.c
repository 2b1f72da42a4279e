/* What commits hold and what changed between two, in a scratch repository whose measured project
 * lies in a folder of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../helpers/scratch.h"
#include "sys/spawn.h"
#include "vcs/git.h"

static struct scratch scratch;
static struct pfl_arena arena;
static struct pfl_err err;

static void git(const char *words)
{
    char text[512], *argv[32] = {(char *)"git"}, *word, *rest = text;
    struct pfl_buf errors;
    struct pfl_process_params params = {
        .argv = argv, .cwd = scratch_path(&scratch, "r"), .errors = &errors};
    size_t n = 1;
    int status = -1;

    snprintf(text, sizeof text, "%s", words);
    while ((word = strsep(&rest, " ")))
        argv[n++] = word;
    argv[n] = NULL;
    pfl_buf_init(&errors, 1 << 16);
    if (pfl_process_run(&params, &status, &err) != PFL_OK || status != 0)
        fail_msg("git %s: %d %s %s", words, status, err.message, pfl_buf_cstr(&errors));
    pfl_buf_release(&errors);
}

/* Two commits, v1 and v2, of sub/a, "sub/b c", lib/x; what changed in the second: see below. */
static int make(void **state)
{
    (void)state;
    pfl_arena_init(&arena);
    scratch_make(&scratch);
    setenv("GIT_CONFIG_GLOBAL", scratch_path(&scratch, "gitconfig"), 1);
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    setenv("GIT_CEILING_DIRECTORIES", scratch.path, 1);
    setenv("GIT_AUTHOR_NAME", "A", 1), setenv("GIT_AUTHOR_EMAIL", "a@example.org", 1);
    setenv("GIT_COMMITTER_NAME", "C", 1), setenv("GIT_COMMITTER_EMAIL", "c@example.org", 1);
    scratch_write(&scratch, "r/sub/a", "one\n");
    scratch_write(&scratch, "r/sub/b c", "two\n");
    scratch_write(&scratch, "r/sub/deep/d", "three\n");
    scratch_write(&scratch, "r/lib/x", "a text that is long enough to be a rename\n");
    git("init -q -b main .");
    git("add .");
    git("commit -q -m first");
    git("tag v1");
    scratch_write(&scratch, "r/sub/a", "changed\n");
    git("mv lib/x lib/y");
    git("add .");
    git("commit -q -m second");
    git("tag v2");
    return 0;
}

static int drop(void **state)
{
    (void)state;
    pfl_arena_release(&arena);
    scratch_remove(&scratch);
    return 0;
}

static bool is_row(const char *line, size_t len)
{
    return len > 3 && memcmp(line, "row", 3) == 0;
}

/* Every line that was ever added: also on a branch whose change a merge threw away, whatever the
 * repository says of diffs, and whatever the lines look like. */
static void lines_of_all_commits(void **state)
{
    static const char *const paths[] = {":(glob)**/*.md"};
    struct pfl_git_search search = {.folder = scratch_path(&scratch, "r/sub"),
                                    .paths = paths,
                                    .path_count = 1,
                                    .pattern = "^row",
                                    .wanted = is_row};
    struct pfl_git_lines lines;
    struct pfl_git_files commits;

    (void)state;
    scratch_write(&scratch, "r/.gitattributes", "*.md binary\n");
    scratch_write(&scratch, "r/sub/l.md", "x\nrow 1\n++ b/other\nrow 2\n");
    git("add .");
    git("commit -q -m rows");
    git("config diff.noprefix true");
    git("checkout -q -b side");
    scratch_write(&scratch, "r/sub/l.md", "x\nrow 1\n++ b/other\nrow 2\nrow 3\n");
    git("commit -q -a -m side");
    git("checkout -q main");
    git("merge -q --no-ff -s ours -m merged side");
    assert_int_equal(pfl_git_added_lines(&search, &arena, &lines, &err), PFL_OK);
    assert_int_equal(lines.n, 3);
    assert_string_equal(lines.at[0].text, "row 3");
    assert_int_equal(lines.at[0].number, 5);
    assert_string_equal(lines.at[1].text, "row 1");
    assert_string_equal(lines.at[1].path, "l.md");
    assert_int_equal(lines.at[1].number, 2);
    assert_string_equal(lines.at[2].path, "l.md");
    assert_int_equal(lines.at[2].number, 4);
    search.since = "side";
    assert_int_equal(pfl_git_added_lines(&search, &arena, &lines, &err), PFL_OK);
    assert_int_equal(lines.n, 0);
    search.since = "-x";
    assert_int_equal(pfl_git_added_lines(&search, &arena, &lines, &err), PFL_ENOENT);
    assert_int_equal(pfl_git_commits(search.folder, false, &arena, &commits, &err), PFL_OK);
    assert_int_equal(commits.n, 5);
    assert_int_equal(pfl_git_commits(search.folder, true, &arena, &commits, &err), PFL_OK);
    assert_int_equal(commits.n, 4);
}

static void a_file_of_a_commit(void **state)
{
    struct pfl_git_place place = {scratch_path(&scratch, "r/sub"), "v1", "a"};
    struct pfl_git_text text = {0};

    (void)state;
    assert_int_equal(pfl_git_show(&place, &arena, &text, &err), PFL_OK);
    assert_string_equal(text.text, "one\n");
    assert_int_equal(text.len, 4);
    place.path = "b c";
    assert_int_equal(pfl_git_show(&place, &arena, &text, &err), PFL_OK);
    assert_string_equal(text.text, "two\n");
    place.path = "../lib/x";
    assert_int_equal(pfl_git_show(&place, &arena, &text, &err), PFL_OK);
    place.rev = "v2";
    assert_int_equal(pfl_git_show(&place, &arena, &text, &err), PFL_ENOENT);
    assert_non_null(strstr(err.message, "'../lib/x' is not in v2"));
    place.rev = "v3";
    assert_int_equal(pfl_git_show(&place, &arena, &text, &err), PFL_ENOENT);
    assert_non_null(strstr(err.message, "did you mean"));
    place.rev = "--help";
    assert_int_equal(pfl_git_show(&place, &arena, &text, &err), PFL_ENOENT);
}

static void assert_files(const struct pfl_git_files *files, const char *expected)
{
    char text[512] = "";
    size_t i;

    for (i = 0; i < files->n; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? "|" : "",
                 files->at[i]);
    assert_string_equal(text, expected);
}

static void files_of_a_commit(void **state)
{
    struct pfl_git_place place = {scratch_path(&scratch, "r"), "v1", "sub"};
    struct pfl_git_files files;

    (void)state;
    assert_int_equal(pfl_git_list_tree(&place, &arena, &files, &err), PFL_OK);
    assert_files(&files, "sub/a|sub/b c|sub/deep/d");
    place.folder = scratch_path(&scratch, "r/sub");
    place.path = "deep";
    assert_int_equal(pfl_git_list_tree(&place, &arena, &files, &err), PFL_OK);
    assert_files(&files, "deep/d");
    place.path = "none";
    assert_int_equal(pfl_git_list_tree(&place, &arena, &files, &err), PFL_OK);
    assert_files(&files, "");
    place.rev = "v3";
    assert_int_equal(pfl_git_list_tree(&place, &arena, &files, &err), PFL_ENOENT);
}

static void changed_files(void **state)
{
    struct pfl_git_range range = {scratch_path(&scratch, "r"), "v1", "v2"};
    struct pfl_git_files files;

    (void)state;
    assert_int_equal(pfl_git_changed_files(&range, &arena, &files, &err), PFL_OK);
    assert_files(&files, "lib/x|lib/y|sub/a");
    range.folder = scratch_path(&scratch, "r/sub");
    assert_int_equal(pfl_git_changed_files(&range, &arena, &files, &err), PFL_OK);
    assert_files(&files, "../lib/x|../lib/y|a");
    range.head = NULL;
    scratch_write(&scratch, "r/sub/deep/d", "edited\n");
    scratch_write(&scratch, "r/sub/new", "untracked\n");
    assert_int_equal(pfl_git_changed_files(&range, &arena, &files, &err), PFL_OK);
    assert_files(&files, "../lib/x|../lib/y|a|deep/d|new");
    range.base = "nonesuch";
    assert_int_equal(pfl_git_changed_files(&range, &arena, &files, &err), PFL_ENOENT);
}

static void merge_base_and_last_tag(void **state)
{
    struct pfl_git_range range = {scratch_path(&scratch, "r"), "v1", "HEAD"};
    const char *base = NULL, *expected = NULL, *tag = NULL;

    (void)state;
    assert_int_equal(pfl_git_merge_base(&range, &arena, &base, &err), PFL_OK);
    assert_int_equal(pfl_git_resolve(range.folder, "v1", &arena, &expected, &err), PFL_OK);
    assert_string_equal(base, expected);
    assert_int_equal(pfl_git_last_tag(range.folder, NULL, &arena, &tag, &err), PFL_OK);
    assert_string_equal(tag, "v1"); /* HEAD itself is v2 */
    git("checkout -q --orphan other");
    git("commit -q -m unrelated");
    assert_int_equal(pfl_git_merge_base(&range, &arena, &base, &err), PFL_ENOENT);
    assert_int_equal(pfl_git_last_tag(range.folder, NULL, &arena, &tag, &err), PFL_ENOENT);
}

int test_vcs_tree(void);
int test_vcs_tree(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, make, drop)
    const struct CMUnitTest tests[] = {CASE(lines_of_all_commits), CASE(a_file_of_a_commit),
                                       CASE(files_of_a_commit), CASE(changed_files),
                                       CASE(merge_base_and_last_tag)};

    return cmocka_run_group_tests_name("vcs/tree", tests, NULL, NULL);
}
