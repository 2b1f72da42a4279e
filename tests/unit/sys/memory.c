/* Memory of processes: children of known size, and both ways of finding them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "sys/machine.h"
#include "sys/memory_private.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MIB = 1 << 20 };

static void touch(size_t bytes)
{
    char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED)
        _exit(1);
    memset(memory, 1, bytes);
}

/* A child that touches memory and has `depth` generations below it, each as large; all wait to be
 * killed. */
static pid_t family(int depth, size_t bytes)
{
    int ready[2];
    char byte;
    pid_t pid;

    assert_int_equal(pipe(ready), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        setpgid(0, 0);
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a failed test leaves nobody behind */
        prctl(PR_SET_NAME, "a) S 1 (b");  /* /proc/PID/stat has this in the middle */
        touch(bytes);
        for (int i = 0; i < depth; i++)
            if (fork() == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                touch(bytes);
            } else {
                break;
            }
        if (write(ready[1], "x", 1) == 1)
            for (;;)
                pause();
        _exit(1);
    }
    close(ready[1]);
    for (int i = 0; i <= depth; i++)
        assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return pid;
}

static void end(pid_t pid)
{
    kill(-pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static void a_tree_is_summed(void **state)
{
    pid_t pid = family(2, 8 * MIB);
    struct pfl_memory_tree tree, one;

    (void)state;
    pfl_memory_tree(pid, &tree);
    assert_int_equal(tree.processes, 3);
    assert_true(tree.resident_bytes >=
                (8 + 16 + 24) * (int64_t)MIB); /* each inherits its parent's */
    assert_true(tree.largest_peak_bytes >= 24 * (int64_t)MIB);
    assert_true(tree.largest_peak_bytes < tree.resident_bytes);
    assert_true(pfl_memory_peak(pid) >= 8 * (int64_t)MIB);
    end(pid);
    pfl_memory_tree(pid, &one);
    assert_int_equal(one.processes, 0);
    assert_int_equal(one.resident_bytes, 0);
    assert_int_equal(pfl_memory_peak(pid), -1);
    assert_false(pfl_memory_reset_peak(pid));
}

static void the_peak_is_set_back(void **state)
{
    void *memory = mmap(NULL, 32 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int64_t before;

    (void)state;
    assert_true(memory != MAP_FAILED);
    memset(memory, 1, 32 * MIB);
    assert_int_equal(munmap(memory, 32 * MIB), 0);
    before = pfl_memory_peak(getpid());
    assert_true(before >= 32 * (int64_t)MIB);
    if (!pfl_memory_reset_peak(getpid()))
        skip(); /* a kernel without clear_refs */
    assert_true(pfl_memory_peak(getpid()) <= before - 16 * (int64_t)MIB);
}

static int compare(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void both_ways_find_the_same_children(void **state)
{
    pid_t first = family(0, MIB), second = family(1, MIB);
    int listed[64], scanned[64];
    size_t n = 0, m = 0, i;

    (void)state;
    assert_true(pfl_memory_children_scanned(getpid(), scanned, &m, 64));
    assert_int_equal(m, 2);
    assert_true(scanned[0] + scanned[1] == first + second);
    if (pfl_memory_children_listed(getpid(), listed, &n, 64)) {
        assert_int_equal(n, m);
        qsort(listed, n, sizeof *listed, compare);
        qsort(scanned, m, sizeof *scanned, compare);
        for (i = 0; i < n; i++)
            assert_int_equal(listed[i], scanned[i]);
    }
    n = 0;
    pfl_memory_children_scanned(getpid(), listed, &n, 1);
    assert_int_equal(n, 1); /* room is respected */
    end(first);
    end(second);
}

/* A zombie has no memory any more. */
static void zombies_count_for_nothing(void **state)
{
    struct pfl_memory_tree tree;
    siginfo_t info;
    pid_t pid = fork();

    (void)state;
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(0);
    assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
    pfl_memory_tree(pid, &tree);
    assert_int_equal(tree.processes, 0);
    assert_int_equal(pfl_memory_peak(pid), -1);
    waitpid(pid, NULL, 0);
}

int test_sys_memory(void);
int test_sys_memory(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_is_summed),
        cmocka_unit_test(the_peak_is_set_back),
        cmocka_unit_test(both_ways_find_the_same_children),
        cmocka_unit_test(zombies_count_for_nothing),
    };

    return cmocka_run_group_tests_name("sys/memory", tests, NULL, NULL);
}
