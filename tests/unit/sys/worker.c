/* The thread that handles items: all of them, in order; its failure reaches the giver, and nothing
 * is lost or handled after it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "sys/worker.h"

#include <stdio.h>

int test_sys_worker(void);

enum { ITEMS = 1000 };

struct seen {
    int handled[ITEMS], n; /* the thread's until it has ended or waits */
    int dropped;
    int fail_at; /* -1: never */
};

static int handle(void *context, void *item, struct pfl_err *err)
{
    struct seen *seen = context;
    int number = *(int *)item;

    if (seen->n == seen->fail_at)
        return pfl_err_set(err, PFL_EIO, "the disk at %d", number);
    seen->handled[seen->n++] = number;
    return PFL_OK;
}

static void drop(void *context, void *item)
{
    (void)item;
    ((struct seen *)context)->dropped++;
}

static struct pfl_worker *start(struct seen *seen, size_t capacity)
{
    const struct pfl_worker_params params = {
        .handle = handle, .drop = drop, .context = seen, .capacity = capacity};
    struct pfl_worker *worker = NULL;

    assert_int_equal(pfl_worker_start(&params, &worker, NULL), PFL_OK);
    return worker;
}

static void all_are_handled_in_order(void **state)
{
    static const size_t capacities[] = {1, 2, 7, 5000};
    static int items[ITEMS];
    size_t c;
    int i;

    (void)state;
    for (c = 0; c < PFL_COUNT(capacities); c++) {
        struct seen seen = {.fail_at = -1};
        struct pfl_worker *worker = start(&seen, capacities[c]);

        for (i = 0; i < ITEMS; i++) {
            items[i] = i;
            assert_int_equal(pfl_worker_give(worker, &items[i], NULL), PFL_OK);
            if (i % 300 == 17) {
                assert_int_equal(pfl_worker_wait(worker, NULL), PFL_OK);
                assert_int_equal(seen.n, i + 1); /* ours while it waits */
            }
        }
        assert_int_equal(pfl_worker_end(worker, NULL), PFL_OK);
        assert_int_equal(seen.n, ITEMS);
        assert_int_equal(seen.dropped, 0);
        for (i = 0; i < ITEMS; i++)
            assert_int_equal(seen.handled[i], i);
    }
}

static void a_failure_ends_it(void **state)
{
    static int items[ITEMS];
    char message[32];
    struct pfl_err err;
    int fail_at, i, rc;

    (void)state;
    for (fail_at = 0; fail_at < 20; fail_at++) {
        struct seen seen = {.fail_at = fail_at};
        struct pfl_worker *worker = start(&seen, 3);

        for (i = 0, rc = PFL_OK; i < ITEMS && rc == PFL_OK; i++) {
            items[i] = i;
            rc = pfl_worker_give(worker, &items[i], &err);
        }
        assert_int_equal(rc, PFL_EIO);
        assert_int_equal(pfl_worker_wait(worker, NULL), PFL_EIO);
        assert_int_equal(pfl_worker_end(worker, &err), PFL_EIO);
        snprintf(message, sizeof message, "the disk at %d", fail_at);
        assert_string_equal(err.message, message);
        assert_int_equal(seen.n, fail_at);
        assert_int_equal(seen.n + 1 + seen.dropped, i); /* every one once */
    }
}

static void nothing_given_is_fine(void **state)
{
    struct seen seen = {.fail_at = -1};
    struct pfl_worker *worker = start(&seen, 1);

    (void)state;
    assert_int_equal(pfl_worker_wait(worker, NULL), PFL_OK);
    assert_int_equal(pfl_worker_end(worker, NULL), PFL_OK);
    assert_int_equal(pfl_worker_end(NULL, NULL), PFL_OK);
}

static void no_memory_is_said(void **state)
{
    const struct pfl_worker_params params = {.handle = handle, .drop = drop, .capacity = 2};
    struct pfl_worker *worker = NULL;
    struct pfl_err err;
    unsigned long at;

    (void)state;
    for (at = 1; at <= 2; at++) {
        pfl_fault = (struct pfl_fault){.alloc_at = at};
        assert_int_equal(pfl_worker_start(&params, &worker, &err), PFL_ENOMEM);
        assert_null(worker);
    }
    pfl_fault = (struct pfl_fault){0};
}

int test_sys_worker(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_are_handled_in_order),
        cmocka_unit_test(a_failure_ends_it),
        cmocka_unit_test(nothing_given_is_fine),
        cmocka_unit_test(no_memory_is_said),
    };

    return cmocka_run_group_tests_name("sys/worker", tests, NULL, NULL);
}
