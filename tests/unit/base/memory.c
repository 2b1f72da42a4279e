/* The allocator's fault injection, the arena, vectors and maps: what they promise when memory runs
 * out, too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

PFL_VEC(numbers, int);

static void arm(unsigned long at, int always)
{
    memset(&pfl_fault, 0, sizeof pfl_fault);
    pfl_fault.alloc_at = at;
    pfl_fault.always = always;
}

static int disarm(void **state)
{
    (void)state;
    memset(&pfl_fault, 0, sizeof pfl_fault);
    return 0;
}

static void a_fault_fires_once_or_from_there_on(void **state)
{
    void *first, *third;

    (void)state;
    arm(2, 0);
    first = pfl_alloc(8);
    assert_non_null(first);
    assert_null(pfl_realloc(first, 16));
    third = pfl_alloc_zeroed(2, 4);
    assert_non_null(third);
    pfl_free(first);
    pfl_free(third);
    assert_int_equal(pfl_fault.alloc_seen, 3);
    arm(1, 1);
    assert_null(pfl_alloc(1));
    assert_null(pfl_alloc_text("x"));
    pfl_fault.io_at = 1;
    pfl_fault.always = 0;
    assert_true(pfl_fault_io());
    assert_false(pfl_fault_io());
}

static void sizes_are_checked_and_zero_is_a_size(void **state)
{
    char *zeroed;
    void *empty;

    (void)state;
    assert_null(pfl_alloc_zeroed(SIZE_MAX / 2, 3));
    zeroed = pfl_alloc_zeroed(3, 5);
    assert_memory_equal(zeroed, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 15);
    pfl_free(zeroed);
    empty = pfl_alloc(0);
    assert_non_null(empty);
    pfl_free(empty);
    pfl_free(NULL);
}

static void an_arena_hands_out_aligned_zeroed_memory(void **state)
{
    static const size_t sizes[] = {0, 1, 7, 16, 4095, 4096, 70000, 3, 1 << 21, 5};
    struct pfl_arena arena;
    unsigned char *place;
    size_t i, j;

    (void)state;
    pfl_arena_init(&arena);
    for (i = 0; i < PFL_COUNT(sizes); i++) {
        place = pfl_arena_alloc(&arena, sizes[i]);
        assert_non_null(place);
        assert_int_equal((uintptr_t)place % alignof(max_align_t), 0);
        for (j = 0; j < sizes[i]; j++)
            assert_int_equal(place[j], 0);
        memset(place, 0xAA, sizes[i]);
    }
    assert_null(pfl_arena_alloc(&arena, SIZE_MAX));
    assert_null(pfl_arena_array(&arena, SIZE_MAX / 4, 8));
    assert_null(pfl_arena_text_n(&arena, "", SIZE_MAX));
    assert_true(arena.used >= 70000 + (1 << 21));
    pfl_arena_release(&arena);
    assert_null(arena.blocks);
    pfl_arena_release(&arena);
    pfl_arena_release(NULL);
}

static void an_arena_copies_texts_and_grows_arrays(void **state)
{
    struct pfl_arena arena;
    int two[2] = {1, 2}, *more;
    char *text;

    (void)state;
    pfl_arena_init(&arena);
    assert_string_equal(pfl_arena_text(&arena, "pipeline"), "pipeline");
    assert_string_equal(pfl_arena_text_n(&arena, "pipeline", 4), "pipe");
    assert_string_equal(pfl_arena_format(&arena, "%s[n=%d]", "b", 7), "b[n=7]");
    more = pfl_arena_grow(&arena, two, 2, 5, sizeof *more);
    assert_int_equal(more[1], 2);
    assert_int_equal(more[4], 0);
    arm(1, 1);
    text = pfl_arena_format(&arena, "%0*d", 9000, 1);
    assert_null(text);
    assert_null(pfl_arena_text_n(&arena, two[0] ? "" : NULL, 0) ? NULL
                                                                : "small requests still fit");
    assert_null(pfl_arena_grow(&arena, two, 2, 4000, sizeof *more));
    disarm(NULL);
    pfl_arena_release(&arena);
}

static void a_vector_survives_a_failed_push(void **state)
{
    struct numbers v = {0};
    int i, fails = 0;

    (void)state;
    for (i = 0; i < 1000; i++) {
        arm(1, 0);
        if (!pfl_vec_push(&v, &i)) {
            fails++;
            assert_int_equal(v.n, i);
            disarm(NULL);
            assert_true(pfl_vec_push(&v, &i));
        }
    }
    disarm(NULL);
    assert_true(fails > 3);
    for (i = 0; i < 1000; i++)
        assert_int_equal(v.at[i], i);
    assert_false(pfl_vec_reserve(&v, SIZE_MAX / 2));
    assert_int_equal(v.n, 1000);
    pfl_vec_release(&v);
    assert_null(v.at);
    assert_int_equal(v.n + v.capacity, 0);
}

enum { KEYS = 500 };

static void a_map_keeps_insertion_order_and_survives_faults(void **state)
{
    static char keys[KEYS][16];
    struct pfl_map map;
    size_t i;
    unsigned long at;

    (void)state;
    pfl_map_init(&map);
    assert_null(pfl_map_get(&map, "nothing"));
    for (i = 0; i < KEYS; i++) {
        snprintf(keys[i], sizeof keys[i], "bench[n=%zu]", i);
        for (at = 1; at <= 2; at++) {
            arm(at, 0);
            if (pfl_map_set(&map, keys[i], i))
                break;
            assert_int_equal(map.n, i);
        }
        disarm(NULL);
        assert_true(pfl_map_set(&map, keys[i], i));
    }
    assert_int_equal(map.n, KEYS);
    assert_true(pfl_map_set(&map, "bench[n=7]", 4711));
    assert_int_equal(map.n, KEYS);
    assert_int_equal(*pfl_map_get(&map, "bench[n=7]"), 4711);
    assert_int_equal(*pfl_map_get(&map, "bench[n=499]"), 499);
    assert_null(pfl_map_get(&map, "bench[n=500]"));
    for (i = 0; i < KEYS; i++)
        assert_ptr_equal(map.entries[i].key, keys[i]);
    pfl_map_release(&map);
    pfl_map_release(NULL);
}

static void the_hash_is_the_published_one(void **state)
{
    (void)state; /* FNV-1a's own test vectors */
    assert_true(pfl_map_hash("", 0) == UINT64_C(0xcbf29ce484222325));
    assert_true(pfl_map_hash("a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(pfl_map_hash("foobar", 6) == UINT64_C(0x85944171f73967e8));
}

int test_base_memory(void);

int test_base_memory(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_fault_fires_once_or_from_there_on, disarm),
        cmocka_unit_test(sizes_are_checked_and_zero_is_a_size),
        cmocka_unit_test(an_arena_hands_out_aligned_zeroed_memory),
        cmocka_unit_test_teardown(an_arena_copies_texts_and_grows_arrays, disarm),
        cmocka_unit_test_teardown(a_vector_survives_a_failed_push, disarm),
        cmocka_unit_test_teardown(a_map_keeps_insertion_order_and_survives_faults, disarm),
        cmocka_unit_test(the_hash_is_the_published_one),
    };

    return cmocka_run_group_tests_name("base/memory", tests, NULL, NULL);
}
