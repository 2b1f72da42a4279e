/* Copies of programs in memory: run as the file would be, gone when released; and what is not
 * copied, with the reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../helpers/scratch.h"
#include "sys/elf_copy.h"

static struct scratch scratch;

static int make(void **state)
{
    (void)state;
    scratch_make(&scratch);
    return 0;
}

static int drop(void **state)
{
    (void)state;
    scratch_remove(&scratch);
    return 0;
}

static int exit_code(int pid)
{
    int status;

    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void a_copy_runs(void **state)
{
    struct pfl_elf_copy copies[2];
    char *const words[] = {"sleep", "0", NULL};
    struct stat st[2];
    int i, pid;

    (void)state;
    for (i = 0; i < 2; i++) {
        if (!pfl_elf_copy("/bin/sleep", &copies[i]))
            fail_msg("%s", copies[i].why_not);
        assert_int_equal(stat(copies[i].path, &st[i]), 0);
        pid = fork();
        if (pid == 0) {
            execv(copies[i].path, words);
            _exit(99);
        }
        assert_int_equal(exit_code(pid), 0);
    }
    assert_true(st[0].st_ino != st[1].st_ino);
    assert_false(pfl_elf_copy_runs(&copies[0], getpid()));
    pfl_elf_copy_release(&copies[0]);
    assert_int_not_equal(access(copies[1].path, X_OK), -1);
    pfl_elf_copy_release(&copies[1]);
    pfl_elf_copy_release(&copies[1]);
}

static void not_everything_is_copied(void **state)
{
    struct pfl_elf_copy copy;
    char path[PATH_MAX + 16];
    FILE *out;

    (void)state;
    snprintf(path, sizeof path, "%s/script", scratch.path);
    assert_false(pfl_elf_copy(path, &copy));
    assert_string_equal(copy.why_not, "it cannot be read");
    out = fopen(path, "w");
    assert_non_null(out);
    fputs("#!/bin/sh\n", out);
    fclose(out);
    assert_false(pfl_elf_copy(path, &copy));
    assert_string_equal(copy.why_not, "it is a script");
    assert_int_equal(chmod(path, 04755), 0);
    assert_false(pfl_elf_copy(path, &copy));
    assert_string_equal(copy.why_not, "it has rights of its own");
    assert_int_equal(chmod(path, 0755), 0);
    assert_int_equal(truncate(path, (64 << 20) + 1), 0);
    assert_false(pfl_elf_copy(path, &copy));
    assert_string_equal(copy.why_not, "it is larger than 64 MiB");
    assert_false(pfl_elf_copy(scratch.path, &copy));
    assert_string_equal(copy.why_not, "it is no file");
}

int test_sys_elf_copy(void);
int test_sys_elf_copy(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_runs),
        cmocka_unit_test_setup_teardown(not_everything_is_copied, make, drop),
    };

    return cmocka_run_group_tests_name("sys/elf_copy", tests, NULL, NULL);
}
