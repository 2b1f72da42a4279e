/* Presence: two processes see each other, leftovers go away, and nothing planted in the folder is
 * touched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../helpers/scratch.h"
#include "base/alloc.h"
#include "sys/file.h"
#include "sys/machine.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static struct scratch scratch;

static int make(void **state)
{
    (void)state;
    scratch_make(&scratch);
    setenv("PERFLEDGER_PRESENCE_DIR", scratch_path(&scratch, "here"), 1);
    return 0;
}

static int drop(void **state)
{
    (void)state;
    pfl_fault = (struct pfl_fault){0};
    unsetenv("PERFLEDGER_PRESENCE_DIR");
    scratch_remove(&scratch);
    return 0;
}

/* A process that has entered; it lives until it is killed. */
static pid_t another(void)
{
    int ready[2];
    char byte;
    pid_t pid;

    assert_int_equal(pipe(ready), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a failed test leaves nobody behind */
        if (pfl_machine_enter() && write(ready[1], "x", 1) == 1)
            pause();
        _exit(1);
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return pid;
}

static void end(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static void sees_the_living_and_not_the_dead(void **state)
{
    struct pfl_machine_presence *mine;
    int pids[4] = {0};
    pid_t one = another(), two = another();
    struct stat st;

    (void)state;
    mine = pfl_machine_enter();
    assert_non_null(mine);
    assert_int_equal(stat(scratch_path(&scratch, "here"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 01777);
    assert_int_equal(pfl_machine_others(mine, pids, 4), 2);
    assert_true((pids[0] == one && pids[1] == two) || (pids[0] == two && pids[1] == one));
    assert_int_equal(pfl_machine_others(mine, pids, 1), 1);
    end(one);
    assert_int_equal(pfl_machine_others(mine, pids, 4), 1);
    assert_int_equal(pids[0], two);
    end(two);
    assert_int_equal(pfl_machine_others(mine, pids, 4), 0);
    pfl_machine_leave(mine);
    assert_int_equal(rmdir(scratch_path(&scratch, "here")), 0); /* leftovers were removed */
}

/* PERFLEDGER_PRESENCE_DIR may name a folder that holds other things: they and it stay as they are.
 */
static void others_files_are_left_alone(void **state)
{
    static const char *const names[] = {"here/2024-report.txt", "here/12-3", "here/99-"};
    struct pfl_machine_presence *mine;
    int pids[4] = {0};
    struct stat st;
    size_t i;

    (void)state;
    assert_int_equal(mkdir(scratch_path(&scratch, "here"), 0755), 0);
    for (i = 0; i < 3; i++)
        scratch_write(&scratch, names[i], i == 1 ? "mine" : "");
    mine = pfl_machine_enter();
    assert_non_null(mine);
    assert_int_equal(pfl_machine_others(mine, pids, 4), 0);
    pfl_machine_leave(mine);
    for (i = 0; i < 3; i++)
        assert_int_equal(stat(scratch_path(&scratch, names[i]), &st), 0);
    assert_int_equal(stat(scratch_path(&scratch, "here"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0755);
}

static void a_leftover_of_our_own_pid_is_no_obstacle(void **state)
{
    struct pfl_machine_presence *mine, *again;
    char name[64];
    int pids[4];

    (void)state;
    snprintf(name, sizeof name, "here/%d-0", (int)getpid());
    scratch_write(&scratch, name, "");
    mine = pfl_machine_enter();
    assert_non_null(mine);
    again = pfl_machine_enter();
    assert_non_null(again);
    assert_int_equal(pfl_machine_others(mine, pids, 4), 1);
    pfl_machine_leave(again);
    assert_int_equal(pfl_machine_others(mine, pids, 4), 0);
    pfl_machine_leave(mine);
}

static void hostile_entries_are_left_alone(void **state)
{
    struct pfl_machine_presence *mine;
    char name[64];
    int pids[4], turn;

    (void)state;
    scratch_write(&scratch, "victim", "precious");
    scratch_write(&scratch, "here/not-a-pid", "");
    for (turn = 0; turn < 3; turn++) { /* our own next names point elsewhere */
        snprintf(name, sizeof name, "here/%d-%d", (int)getpid(), turn);
        assert_int_equal(symlink(scratch_path(&scratch, "victim"), scratch_path(&scratch, name)),
                         0);
    }
    assert_int_equal(symlink(scratch_path(&scratch, "victim"), scratch_path(&scratch, "here/7-0")),
                     0);
    assert_int_equal(mkfifo(scratch_path(&scratch, "here/8-0"), 0666),
                     0); /* opening one can hang */
    assert_int_equal(mkdir(scratch_path(&scratch, "here/9-0"), 0777), 0);
    mine = pfl_machine_enter();
    assert_non_null(mine);
    assert_int_equal(pfl_machine_others(mine, pids, 4), 0);
    pfl_machine_leave(mine);
    assert_true(pfl_file_exists(scratch_path(&scratch, "victim")));
    assert_true(pfl_file_exists(scratch_path(&scratch, "here/not-a-pid")));
    assert_true(pfl_file_exists(scratch_path(&scratch, "here/7-0")));
    assert_true(pfl_file_exists(scratch_path(&scratch, "here/8-0")));
    assert_true(pfl_file_exists(scratch_path(&scratch, "here/9-0")));
}

static void no_folder_is_no_error(void **state)
{
    int pids[1];

    (void)state;
    scratch_write(&scratch, "real/x", "");
    assert_int_equal(symlink("real", scratch_path(&scratch, "here")), 0);
    assert_null(pfl_machine_enter()); /* never through a link */
    setenv("PERFLEDGER_PRESENCE_DIR", scratch_path(&scratch, "no/such/parent"), 1);
    assert_null(pfl_machine_enter());
    assert_int_equal(pfl_machine_others(NULL, pids, 1), 0);
    pfl_machine_leave(NULL);
}

static void faults(void **state)
{
    struct pfl_machine_presence *mine;
    unsigned long n;

    (void)state;
    for (n = 1; n < 50; n++) {
        pfl_fault = (struct pfl_fault){.io_at = n};
        mine = pfl_machine_enter();
        if (mine)
            break;
    }
    pfl_machine_leave(mine);
    assert_true(n > 2 && n < 50);
    pfl_fault = (struct pfl_fault){.alloc_at = 1};
    assert_null(pfl_machine_enter());
}

int test_sys_presence(void);
int test_sys_presence(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, make, drop)
    const struct CMUnitTest tests[] = {
        CASE(sees_the_living_and_not_the_dead),
        CASE(others_files_are_left_alone),
        CASE(a_leftover_of_our_own_pid_is_no_obstacle),
        CASE(hostile_entries_are_left_alone),
        CASE(no_folder_is_no_error),
        CASE(faults),
    };

    return cmocka_run_group_tests_name("sys/presence", tests, NULL, NULL);
}
