/* Baselines in a scratch folder: numbers, names, what is in use, what is strange, and what can
 * fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../helpers/scratch.h"
#include "base/alloc.h"
#include "project/baseline.h"

#include <sys/wait.h>

static const char linux_x[] = "Linux-x86_64-x";

struct place {
    struct scratch scratch;
    struct pfl_arena arena;
    struct pfl_err err;
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);

    assert_non_null(place);
    scratch_make(&place->scratch);
    pfl_arena_init(&place->arena);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;

    scratch_remove(&place->scratch);
    pfl_arena_release(&place->arena);
    free(place);
    return 0;
}

static struct pfl_baseline saved(struct place *place, const char *name, const char *text)
{
    struct pfl_baseline baseline = {0};
    struct pfl_buf content;

    pfl_buf_init(&content, 1024);
    pfl_buf_text(&content, text);
    assert_int_equal(pfl_baseline_save(place->scratch.path, linux_x, name, &content, &place->arena,
                                       &baseline, &place->err),
                     PFL_OK);
    pfl_buf_release(&content);
    return baseline;
}

static struct pfl_baseline found(struct place *place, const char *which)
{
    struct pfl_baseline baseline = {0};

    if (pfl_baseline_find(place->scratch.path, linux_x, which, &place->arena, &baseline,
                          &place->err) != PFL_OK)
        fail_msg("%s: %s", which, place->err.message);
    return baseline;
}

static void not_found(struct place *place, const char *which, int code, const char *words)
{
    struct pfl_baseline baseline = {.number = 77};

    assert_int_equal(pfl_baseline_find(place->scratch.path, linux_x, which, &place->arena,
                                       &baseline, &place->err),
                     code);
    assert_int_equal(baseline.number, 77);
    if (!strstr(place->err.message, words))
        fail_msg("'%s' is not in: %s", words, place->err.message);
}

static size_t listed(struct place *place, const char *platform, struct pfl_baseline **list,
                     const char **strange)
{
    size_t n = 0;

    assert_int_equal(pfl_baseline_list(place->scratch.path, platform, &place->arena, list, &n,
                                       strange, &place->err),
                     PFL_OK);
    return n;
}

static bool holds(const char *path, const char *text)
{
    char bytes[256] = "";
    FILE *file = fopen(path, "r");
    size_t n = file ? fread(bytes, 1, sizeof bytes - 1, file) : 0;

    if (file)
        fclose(file);
    bytes[n] = 0;
    return strcmp(bytes, text) == 0;
}

static void saving_gives_numbers(void **state)
{
    struct place *place = *state;
    struct pfl_baseline *list, one = saved(place, "first try", "{1}\n"),
                               two = saved(place, "", "{2}\n");
    const char *strange;

    assert_int_equal(one.number, 1);
    assert_string_equal(one.name, "first-try");
    assert_string_equal(one.path,
                        scratch_path(&place->scratch, "Linux-x86_64-x/0001_first-try.json"));
    assert_true(holds(one.path, "{1}\n"));
    assert_string_equal(two.path, scratch_path(&place->scratch, "Linux-x86_64-x/0002.json"));
    assert_true(one.in_use && two.in_use); /* each was the newest */
    assert_true(two.modified_unix > 1000000000);
    assert_int_equal(listed(place, linux_x, &list, &strange), 2);
    assert_int_equal(list[0].number, 1);
    assert_false(list[0].in_use);
    assert_true(list[1].in_use);
    assert_string_equal(list[1].name, "");
    assert_string_equal(list[1].platform, linux_x);
    assert_string_equal(strange, ""); /* no claims are left */
}

static void gaps_and_strange_files_do_no_harm(void **state)
{
    static const char *const others[] = {
        "0001_.json",         "001_a.json", "0000_zero.json", "a.json",      "0005_a.json.bak",
        "99999999999_x.json", "README.md",  "0006.txt",       "0007 a.json", "_.json"};
    struct place *place = *state;
    struct pfl_baseline *list;
    const char *strange;
    char name[128];
    size_t i;

    for (i = 0; i < sizeof others / sizeof others[0]; i++) {
        snprintf(name, sizeof name, "%s/%s", linux_x, others[i]);
        scratch_write(&place->scratch, name, "x");
    }
    scratch_write(&place->scratch, "Linux-x86_64-x/.0003.claim", ""); /* of a killed process */
    scratch_write(&place->scratch, "Linux-x86_64-x/0004_x.json.12.1-0~", "half");
    scratch_write(&place->scratch, "Linux-x86_64-x/0002_a.json", "{}");
    scratch_write(&place->scratch, "Linux-x86_64-x/0009_folder.json/x", "");
    scratch_write(&place->scratch, "Linux-x86_64-x/0041_b.json", "{}");
    scratch_write(&place->scratch, "Linux-x86_64-x/10000_c.json", "{}");
    assert_int_equal(listed(place, linux_x, &list, &strange), 3);
    assert_int_equal(list[0].number, 2);
    assert_int_equal(list[2].number, 10000);
    for (i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_non_null(strstr(strange, others[i]));
    assert_non_null(strstr(strange, "Linux-x86_64-x/0009_folder.json"));
    assert_null(strstr(strange, "claim"));
    assert_null(strstr(strange, "~"));
    assert_int_equal(saved(place, "d", "{}").number, 10001);
}

static void a_claimed_number_is_passed_over(void **state)
{
    struct place *place = *state;

    saved(place, "a", "{}");
    scratch_write(&place->scratch, "Linux-x86_64-x/.0002.claim", "");
    scratch_write(&place->scratch, "Linux-x86_64-x/.0003.claim", "");
    assert_int_equal(saved(place, "b", "{}").number, 4);
}

static void a_folder_that_is_not_there_is_empty(void **state)
{
    struct place *place = *state;
    struct pfl_baseline *list;
    const char *strange;

    assert_int_equal(listed(place, linux_x, &list, &strange), 0);
    assert_int_equal(listed(place, NULL, &list, &strange), 0);
    not_found(place, "", PFL_ENOENT, "there is no baseline for Linux-x86_64-x");
    not_found(place, "3", PFL_ENOENT, "'perfledger baseline save' makes one");
    scratch_write(&place->scratch, "Linux-arm/0001.json", "{}");
    not_found(place, "", PFL_ENOENT, "other platforms have some: Linux-arm");
}

static void all_platforms_are_listed_in_order(void **state)
{
    struct place *place = *state;
    struct pfl_baseline *list;
    const char *strange;

    scratch_write(&place->scratch, "b/0002.json", "{}");
    scratch_write(&place->scratch, "b/0001_x.json", "{}");
    scratch_write(&place->scratch, "a/0007.json", "{}");
    scratch_write(&place->scratch, "README", "hello");
    assert_int_equal(listed(place, NULL, &list, &strange), 3);
    assert_string_equal(list[0].platform, "a");
    assert_true(list[0].in_use);
    assert_int_equal(list[1].number, 1);
    assert_true(list[2].in_use);
    assert_string_equal(strange, "README");
}

static void a_baseline_is_found_by_what_people_say(void **state)
{
    static const struct {
        const char *which;
        int number;
    } cases[] = {
        {"0003", 3}, {"3", 3},       {"fast", 3},  {"0001_fast", 1},       {"0001_fast.json", 1},
        {"", 4},     {"current", 4}, {"fast!", 0}, {"a release: v1.0", 2}, {"2", 2},
    };
    struct place *place = *state;
    size_t i;

    saved(place, "fast", "{1}");
    saved(place, "a release: v1.0", "{2}");
    saved(place, "fast", "{3}");
    saved(place, "2", "{4}");
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (cases[i].number)
            assert_int_equal(found(place, cases[i].which).number, cases[i].number);
        else
            not_found(place, cases[i].which, PFL_ENOENT,
                      "there is 0001_fast, 0002_a-release--v1.0,");
    not_found(place, "9", PFL_ENOENT, "there is no baseline '9'");
    not_found(place, "../x", PFL_ENOENT, "x");
}

static void a_path_is_a_baseline_too(void **state)
{
    struct place *place = *state;
    struct pfl_baseline baseline;

    scratch_write(&place->scratch, "Linux-arm/0012_far.json", "{}");
    scratch_write(&place->scratch, "some/result", "{}");
    baseline = found(place, scratch_path(&place->scratch, "Linux-arm/0012_far.json"));
    assert_int_equal(baseline.number, 12);
    assert_string_equal(baseline.name, "far");
    assert_string_equal(baseline.platform, "Linux-arm");
    baseline = found(place, scratch_path(&place->scratch, "some/result"));
    assert_int_equal(baseline.number, 0);
    assert_string_equal(baseline.name, "result");
    not_found(place, scratch_path(&place->scratch, "some"), PFL_EINVAL, "is a folder");
}

static void the_one_in_use_can_be_chosen(void **state)
{
    struct place *place = *state;
    struct pfl_baseline *list, one = saved(place, "a", "{}"), three;
    const char *strange;

    saved(place, "b", "{}");
    assert_int_equal(pfl_baseline_use(place->scratch.path, &one, &place->err), PFL_OK);
    assert_true(holds(scratch_path(&place->scratch, "Linux-x86_64-x/current"), "0001\n"));
    assert_int_equal(found(place, "").number, 1);
    three = saved(place, "c", "{}");
    assert_false(three.in_use); /* the choice stands */
    assert_int_equal(listed(place, linux_x, &list, &strange), 3);
    assert_true(list[0].in_use && !list[1].in_use && !list[2].in_use);
    three.number = 9;
    assert_int_equal(pfl_baseline_use(place->scratch.path, &three, &place->err), PFL_ENOENT);
    assert_int_equal(found(place, "").number, 1);
}

static void a_choice_that_is_gone_is_said(void **state)
{
    static const char *const contents[] = {"0007\n", "<<<<<<< HEAD\n0001\n", "one\n", "0001_b\n"};
    struct place *place = *state;
    struct pfl_baseline *list;
    const char *strange;
    size_t i;

    saved(place, "a", "{}");
    for (i = 0; i < sizeof contents / sizeof contents[0]; i++) {
        scratch_write(&place->scratch, "Linux-x86_64-x/current", contents[i]);
        assert_int_equal(listed(place, linux_x, &list, &strange), 1);
        assert_false(list[0].in_use);
        assert_string_equal(strange, "Linux-x86_64-x/current");
        not_found(place, "", PFL_EPARSE, "there is 0001_a");
    }
    scratch_write(&place->scratch, "Linux-x86_64-x/current", "  1\r\n\n");
    assert_int_equal(found(place, "").number, 1);
}

/* Two branches were merged: both have a 0001. */
static void a_number_that_two_have_is_refused(void **state)
{
    struct place *place = *state;
    struct pfl_baseline b;

    scratch_write(&place->scratch, "Linux-x86_64-x/0001_a.json", "{}");
    scratch_write(&place->scratch, "Linux-x86_64-x/0001_b.json", "{}");
    scratch_write(&place->scratch, "Linux-x86_64-x/0002_c.json", "{}");
    not_found(place, "1", PFL_EINVAL, "ambiguous");
    b = found(place, "0001_b");
    assert_int_equal(pfl_baseline_use(place->scratch.path, &b, &place->err), PFL_OK);
    assert_true(holds(scratch_path(&place->scratch, "Linux-x86_64-x/current"), "0001_b\n"));
    assert_string_equal(found(place, "current").name, "b");
}

static void two_writers_get_two_numbers(void **state)
{
    enum { WRITERS = 4, EACH = 6 };
    struct place *place = *state;
    struct pfl_baseline *list;
    const char *strange;
    char name[8];
    size_t i, j;
    int status;

    for (i = 0; i < WRITERS; i++)
        if (fork() == 0) {
            struct pfl_baseline baseline;
            struct pfl_buf content;

            pfl_buf_init(&content, 16);
            for (j = 0; j < EACH; j++) {
                snprintf(name, sizeof name, "w%zu", i);
                if (pfl_baseline_save(place->scratch.path, linux_x, name, &content, &place->arena,
                                      &baseline, NULL) != PFL_OK)
                    _exit(1);
            }
            _exit(0);
        }
    for (i = 0; i < WRITERS; i++) {
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(listed(place, linux_x, &list, &strange), WRITERS * EACH);
    for (i = 1; i < WRITERS * EACH; i++)
        assert_true(list[i].number > list[i - 1].number);
    assert_string_equal(strange, "");
}

static void names_become_safe(void **state)
{
    static const struct {
        const char *name, *safe;
    } cases[] = {
        {"", ""},           {"v1.0-rc_2", "v1.0-rc_2"},
        {"a b/c", "a-b-c"}, {"../x", "..-x"},
        {"é日", "--"},      {"a\nb", "a-b"},
        {"\xFFz", "-z"},    {"\"'$`", "----"},
    };
    struct place *place = *state;
    char longer[300];
    size_t i;

    for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(pfl_baseline_safe_name(&place->arena, cases[i].name), cases[i].safe);
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = 0;
    assert_int_equal(strlen(pfl_baseline_safe_name(&place->arena, longer)), 100);
}

static void a_bad_platform_is_refused(void **state)
{
    static const char *const platforms[] = {"", "..", "a/b", ".hidden"};
    struct place *place = *state;
    struct pfl_baseline baseline;
    struct pfl_buf content;
    size_t i;

    pfl_buf_init(&content, 16);
    for (i = 0; i < sizeof platforms / sizeof platforms[0]; i++)
        assert_int_equal(pfl_baseline_save(place->scratch.path, platforms[i], "a", &content,
                                           &place->arena, &baseline, &place->err),
                         PFL_EINVAL);
}

/* Saves, finds and chooses; each in a platform's folder of its own, so that the number of calls
 * stays the same. */
static int save_find_use(struct place *place, const char *platform)
{
    struct pfl_baseline baseline = {.number = -1}, again = {.number = -1};
    struct pfl_buf content;
    int code;

    pfl_err_clear(&place->err);
    pfl_buf_init(&content, 1024);
    pfl_buf_text(&content, "{whole}");
    code = pfl_baseline_save(place->scratch.path, platform, "x", &content, &place->arena, &baseline,
                             &place->err);
    if (code == PFL_OK)
        code = pfl_baseline_find(place->scratch.path, platform, "x", &place->arena, &again,
                                 &place->err);
    if (code == PFL_OK)
        code = pfl_baseline_use(place->scratch.path, &again, &place->err);
    pfl_buf_release(&content);
    return code;
}

/* The n-th allocation or I/O call fails: an error, no half file, no number lost, and the next save
 * works. */
static void whatever_fails_leaves_whole_files(void **state)
{
    struct place *place = *state;
    struct pfl_baseline *list;
    const char *strange;
    unsigned long site;
    char platform[32];
    int code, kind;
    size_t n, i;

    for (kind = 0; kind < 2; kind++) {
        for (code = PFL_ENOMEM, site = 1; code != PFL_OK && site < 1000; site++) {
            snprintf(platform, sizeof platform, "p%d-%lu", kind, site);
            pfl_fault = (struct pfl_fault){.alloc_at = kind ? 0 : site, .io_at = kind ? site : 0};
            code = save_find_use(place, platform);
            pfl_fault = (struct pfl_fault){0};
            assert_int_equal(code, place->err.code);
            assert_int_equal(save_find_use(place, platform), PFL_OK);
            n = listed(place, platform, &list, &strange);
            assert_true(n >= 1 && n <= 2);
            assert_int_equal(list[n - 1].number, n);
            assert_string_equal(strange, "");
            for (i = 0; i < n; i++)
                assert_true(holds(list[i].path, "{whole}"));
        }
        assert_int_equal(code, PFL_OK);
        assert_true(site > 10);
    }
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int test_project_baseline(void);

int test_project_baseline(void)
{
    const struct CMUnitTest tests[] = {
        WITH(saving_gives_numbers),
        WITH(gaps_and_strange_files_do_no_harm),
        WITH(a_claimed_number_is_passed_over),
        WITH(a_folder_that_is_not_there_is_empty),
        WITH(all_platforms_are_listed_in_order),
        WITH(a_baseline_is_found_by_what_people_say),
        WITH(a_path_is_a_baseline_too),
        WITH(the_one_in_use_can_be_chosen),
        WITH(a_choice_that_is_gone_is_said),
        WITH(a_number_that_two_have_is_refused),
        WITH(two_writers_get_two_numbers),
        WITH(names_become_safe),
        WITH(a_bad_platform_is_refused),
        WITH(whatever_fails_leaves_whole_files),
    };

    return cmocka_run_group_tests_name("project/baseline", tests, NULL, NULL);
}
