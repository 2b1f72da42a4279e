/* Folders for a moment: held ones, and what killed processes left of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../helpers/scratch.h"
#include "sys/file.h"
#include "sys/folder.h"
#include "sys/lock.h"
#include "sys/tree.h"

int test_sys_folder(void);

static void leftovers_are_removed(void **state)
{
    struct scratch scratch;
    struct pfl_arena arena;
    struct pfl_err err;
    const char *held, *killed, *next, *bare, *other, *link;
    int held_fd, killed_fd, next_fd;

    (void)state;
    scratch_make(&scratch);
    pfl_arena_init(&arena);
    setenv("TMPDIR", scratch.path, 1);
    assert_int_equal(pfl_folder_temporary("x", &arena, &bare, &err),
                     PFL_OK); /* nobody's business */
    assert_int_equal(pfl_folder_temporary_held("y", &arena, &other, &held_fd, &err), PFL_OK);
    pfl_lock_close(held_fd);
    link = pfl_file_join(scratch.path, "x-link", &arena); /* to a folder that nobody holds */
    assert_int_equal(symlink(other, link), 0);
    assert_int_equal(pfl_folder_temporary_held("x", &arena, &held, &held_fd, &err), PFL_OK);
    assert_int_equal(pfl_folder_temporary_held("x", &arena, &killed, &killed_fd, &err), PFL_OK);
    assert_int_equal(pfl_file_make_folders(pfl_file_join(killed, "1/results", &arena), &err),
                     PFL_OK);
    pfl_lock_close(killed_fd); /* as the kernel does it */
    assert_int_equal(pfl_folder_temporary_held("x", &arena, &next, &next_fd, &err), PFL_OK);
    assert_false(pfl_file_exists(killed));
    assert_true(pfl_file_exists(held));
    assert_true(pfl_file_exists(next));
    assert_true(pfl_file_exists(bare));
    assert_true(pfl_file_is_link(link));
    assert_true(pfl_file_exists(pfl_file_join(other, "lock", &arena)));
    pfl_lock_close(held_fd);
    pfl_lock_close(next_fd);
    unsetenv("TMPDIR");
    pfl_arena_release(&arena);
    scratch_remove(&scratch);
}

int test_sys_folder(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leftovers_are_removed),
    };

    return cmocka_run_group_tests_name("sys/folder", tests, NULL, NULL);
}
