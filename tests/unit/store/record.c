/* A run becomes bytes and comes back field by field; wrong bytes inside a sound frame are refused,
 * not followed. */
#include "runs.h"

#include "store/record.h"

struct bytes {
    struct pfl_buf record, samples;
    size_t chunk_ends[64], chunks;
};

static void write_run(struct pfl_store_zstd *zstd, const struct pfl_run *run, struct bytes *bytes)
{
    size_t next = 0;

    memset(bytes, 0, sizeof *bytes);
    pfl_buf_init(&bytes->record, 1 << 28);
    pfl_buf_init(&bytes->samples, 1 << 28);
    assert_int_equal(pfl_store_record_write(zstd, run, &bytes->record, NULL), PFL_OK);
    while (next < run->benchmark_count) {
        assert_int_equal(pfl_store_samples_write(zstd, run, &next, &bytes->samples, NULL), PFL_OK);
        assert_true(bytes->chunks < PFL_COUNT(bytes->chunk_ends));
        bytes->chunk_ends[bytes->chunks++] = bytes->samples.len;
    }
}

static int read_run(struct pfl_store_zstd *zstd, const struct bytes *bytes, struct pfl_arena *arena,
                    struct pfl_run *run)
{
    struct pfl_store_cursor in = {(unsigned char *)bytes->record.data,
                                  (unsigned char *)bytes->record.data + bytes->record.len};
    size_t i, next = 0, at = 0;
    int code = pfl_store_record_read(zstd, &in, arena, run, NULL);

    for (i = 0; i < bytes->chunks && !code; i++) {
        in.at = (unsigned char *)bytes->samples.data + at;
        in.end = (unsigned char *)bytes->samples.data + bytes->chunk_ends[i];
        at = bytes->chunk_ends[i];
        code = pfl_store_samples_read(zstd, &in, run, &next, NULL);
    }
    if (!code)
        assert_int_equal(next, run->benchmark_count);
    return code;
}

static void bytes_release(struct bytes *bytes)
{
    pfl_buf_release(&bytes->record);
    pfl_buf_release(&bytes->samples);
}

static void check_round_trip(const struct pfl_run *run, size_t least_chunks)
{
    struct pfl_store_zstd zstd = {0};
    struct pfl_arena arena;
    struct pfl_run back;
    struct bytes bytes;

    pfl_arena_init(&arena);
    write_run(&zstd, run, &bytes);
    assert_true(bytes.chunks >= least_chunks);
    assert_int_equal(read_run(&zstd, &bytes, &arena, &back), PFL_OK);
    assert_string_equal(back.id, "");
    back.id = run->id;
    assert_runs_equal(run, &back);
    bytes_release(&bytes);
    pfl_store_zstd_release(&zstd);
    pfl_arena_release(&arena);
}

static void every_field_comes_back(void **state)
{
    struct pfl_arena arena;
    uint64_t i;

    (void)state;
    for (i = 0; i < 60; i++) {
        struct pfl_run *run;

        pfl_arena_init(&arena);
        run = make_run(&arena, i, (size_t)i % 9);
        run->kind = (enum pfl_run_kind)(i % 4);
        run->partial = i % 2;
        run->complete = !run->partial;
        if (i == 5)
            run->label = NULL; /* not "": it stays what it was */
        check_round_trip(run, 0);
        pfl_arena_release(&arena);
    }
}

static void many_samples_take_several_chunks(void **state)
{
    struct pfl_arena arena;
    struct pfl_run *run;
    struct dice dice = {1};
    size_t b, i;

    (void)state;
    pfl_arena_init(&arena);
    run = make_run(&arena, 77, 12);
    for (b = 0; b < 12; b++) {
        struct pfl_result *result = pfl_arena_alloc(&arena, sizeof *result);

        *result = (struct pfl_result){.metric = "time", .unit = "s", .variant = ""};
        result->n = b % 3 == 2 ? 0 : 20000;
        result->values = pfl_arena_array(&arena, result->n, sizeof *result->values);
        result->launch_of = pfl_arena_array(&arena, result->n, sizeof *result->launch_of);
        for (i = 0; i < result->n; i++)
            result->values[i] = double_from_bits(roll(&dice));
        if (!result->n)
            result->launch_of = NULL;
        run->benchmarks[b].results = result;
        run->benchmarks[b].result_count = 1;
    }
    check_round_trip(run, 4);
    pfl_arena_release(&arena);
}

/* The frame is made sound again around wrong bytes, so that only the fields' reader stands between
 * them and us. */
static void damage(struct pfl_store_zstd *zstd, const struct bytes *good, struct dice *dice)
{
    struct pfl_store_cursor in = {(unsigned char *)good->record.data,
                                  (unsigned char *)good->record.data + good->record.len};
    struct pfl_store_cursor raw;
    struct pfl_arena arena;
    struct pfl_run back;
    struct pfl_buf wrong, blob;
    size_t i;

    pfl_arena_init(&arena);
    pfl_buf_init(&wrong, 1 << 24);
    pfl_buf_init(&blob, 1 << 24);
    assert_int_equal(pfl_store_frame_read(zstd, 2, &in, &arena, &raw, NULL), PFL_OK);
    pfl_buf_add(&wrong, raw.at, (size_t)(raw.end - raw.at));
    if (below(dice, 3) == 0)
        pfl_buf_truncate(&wrong, below(dice, wrong.len));
    else
        for (i = 0; i <= below(dice, 3); i++)
            wrong.data[below(dice, wrong.len)] = (char)roll(dice);
    assert_int_equal(pfl_store_frame_write(zstd, *in.at, &wrong, &blob, NULL), PFL_OK);
    in = (struct pfl_store_cursor){(unsigned char *)blob.data,
                                   (unsigned char *)blob.data + blob.len};
    i = (size_t)-pfl_store_record_read(zstd, &in, &arena, &back, NULL);
    assert_true(i == 0 || i == (size_t)-PFL_ECORRUPT); /* 0: the byte was only another number */
    pfl_buf_release(&wrong);
    pfl_buf_release(&blob);
    pfl_arena_release(&arena);
}

static void wrong_fields_are_refused(void **state)
{
    struct pfl_store_zstd zstd = {0};
    struct dice dice = {5};
    struct pfl_arena arena;
    struct bytes bytes;
    int i;

    (void)state;
    pfl_arena_init(&arena);
    write_run(&zstd, make_run(&arena, 3, 4), &bytes);
    assert_int_equal(bytes.record.data[0], 2); /* with yardsticks */
    for (i = 0; i < 1500; i++)
        damage(&zstd, &bytes, &dice);
    bytes_release(&bytes);
    pfl_store_zstd_release(&zstd);
    pfl_arena_release(&arena);
}

int test_store_record(void);
int test_store_record(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_comes_back),
        cmocka_unit_test(many_samples_take_several_chunks),
        cmocka_unit_test(wrong_fields_are_refused),
    };

    return cmocka_run_group_tests_name("store record", tests, NULL, NULL);
}
