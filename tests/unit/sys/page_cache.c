/* Pages of files: found, dropped without loss, loaded in parts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../helpers/scratch.h"
#include "sys/page_cache.h"

enum { SIZE = (1 << 20) + 100 }; /* the last page is a part of one */

static struct scratch scratch;
static char path[PATH_MAX + 16];
static unsigned char bytes[SIZE], back[SIZE];

static int make(void **state)
{
    size_t i;

    (void)state;
    scratch_make(&scratch);
    snprintf(path, sizeof path, "%s/file", scratch.path);
    for (i = 0; i < SIZE; i++)
        bytes[i] = (unsigned char)(i * 7 + (i >> 8));
    return 0;
}

static int drop(void **state)
{
    (void)state;
    scratch_remove(&scratch);
    return 0;
}

static void write_file(void)
{
    FILE *out = fopen(path, "w");

    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, SIZE, out), SIZE);
    assert_int_equal(fclose(out), 0);
}

static int64_t sum_of(const struct pfl_file_parts *parts)
{
    int64_t sum = 0;
    size_t i;

    for (i = 0; i < parts->n; i++) {
        assert_true(parts->at[i].len > 0);
        assert_true(i == 0 || parts->at[i].at > parts->at[i - 1].at + parts->at[i - 1].len);
        sum += parts->at[i].len;
    }
    return sum;
}

/* On a tmpfs there is nothing to forget: memory is where the file is. */
static void write_and_drop(struct pfl_file_parts *parts)
{
    write_file();
    assert_true(pfl_page_cache_parts(path, parts));
    assert_int_equal(sum_of(parts), SIZE);
    assert_int_equal(parts->n, 1);
    assert_true(pfl_page_cache_drop(path));
    assert_true(pfl_page_cache_parts(path, parts));
    if (parts->n) {
        pfl_vec_release(parts);
        skip();
    }
}

static void what_was_just_written_is_not_lost(void **state)
{
    struct pfl_file_parts parts = {0};
    FILE *in;

    (void)state;
    write_and_drop(&parts);
    in = fopen(path, "r");
    assert_non_null(in);
    assert_int_equal(fread(back, 1, SIZE, in), SIZE);
    assert_memory_equal(back, bytes, SIZE);
    fclose(in);
    pfl_vec_release(&parts);
}

static void the_parts_asked_for_come_back(void **state)
{
    struct pfl_file_part wanted[2] = {{0, 4096}, {SIZE - 100, 100}};
    struct pfl_file_parts asked = {wanted, 2, 2}, parts = {0};

    (void)state;
    write_and_drop(&parts);
    assert_true(pfl_page_cache_load(path, &asked));
    assert_true(pfl_page_cache_parts(path, &parts));
    assert_true(parts.n > 0);
    assert_int_equal(parts.at[0].at, 0);
    assert_int_equal(parts.at[parts.n - 1].at + parts.at[parts.n - 1].len, SIZE);
    asked.n = 0; /* and nothing when nothing is asked for */
    parts.n = 0;
    assert_true(pfl_page_cache_load(path, &asked));
    pfl_vec_release(&parts);
}

static void only_regular_files(void **state)
{
    static const char *const names[] = {"/nonexistent/file", "/dev/null", "/tmp"};
    struct pfl_file_parts parts = {0};
    char pipe[PATH_MAX + 16];
    size_t i;

    (void)state;
    snprintf(pipe, sizeof pipe, "%s/pipe", scratch.path);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_false(pfl_page_cache_drop(pipe)); /* and nobody waits for a writer */
    for (i = 0; i < sizeof names / sizeof *names; i++) {
        assert_false(pfl_page_cache_drop(names[i]));
        assert_false(pfl_page_cache_parts(names[i], &parts));
        assert_false(pfl_page_cache_load(names[i], &parts));
    }
    assert_int_equal(fclose(fopen(path, "w")), 0);
    assert_true(pfl_page_cache_parts(path, &parts)); /* an empty one */
    assert_int_equal(parts.n, 0);
    pfl_vec_release(&parts);
}

int test_sys_page_cache(void);
int test_sys_page_cache(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_just_written_is_not_lost, make, drop),
        cmocka_unit_test_setup_teardown(the_parts_asked_for_come_back, make, drop),
        cmocka_unit_test_setup_teardown(only_regular_files, make, drop),
    };

    return cmocka_run_group_tests_name("sys/page_cache", tests, NULL, NULL);
}
