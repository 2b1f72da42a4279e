/* Number arrays come back with the same bits, whatever the bits; damaged bytes are refused, never
 * followed. */
#include "runs.h"

#include "store/codec.h"

static void round_trip(const double *values, size_t n)
{
    double back[64];
    struct pfl_store_cursor in;
    struct pfl_buf buf;
    size_t i, cut;

    pfl_buf_init(&buf, 1 << 16);
    pfl_store_values_write(&buf, values, n);
    assert_int_equal(buf.error, PFL_OK);
    in.at = (unsigned char *)buf.data;
    in.end = in.at + buf.len;
    assert_true(pfl_store_values_read(&in, back, n));
    assert_ptr_equal(in.at, in.end);
    for (i = 0; i < n; i++)
        assert_int_equal(bits_from_double(values[i]), bits_from_double(back[i]));
    for (cut = 0; cut < buf.len; cut++) { /* one byte too few is always noticed */
        in.at = (unsigned char *)buf.data;
        in.end = in.at + cut;
        assert_false(pfl_store_values_read(&in, back, n));
    }
    pfl_buf_release(&buf);
}

static size_t size_of(const double *values, size_t n)
{
    struct pfl_buf buf;
    size_t len;

    pfl_buf_init(&buf, 1 << 16);
    pfl_store_values_write(&buf, values, n);
    len = buf.len;
    pfl_buf_release(&buf);
    return len;
}

static void special_values(void **state)
{
    const double nan_ = (double)NAN, inf = (double)INFINITY;
    const struct {
        size_t n;
        double values[6];
    } rows[] = {
        {0, {0}},
        {1, {0.0}},
        {1, {-0.0}},
        {2, {0.0, -0.0}},
        {1, {nan_}},
        {3, {nan_, nan_, nan_}},
        {4, {nan_, 0.001432, nan_, 0.001433}},
        {3, {inf, -inf, nan_}},
        {3, {1e308, -1e308, 5e-324}},
        {3, {9007199254740991.0, 9007199254740992.0, 9007199254740993.0}},
        {3, {-9007199254740991.0, 9007199254740991.0, 0}},
        {4, {-1, -256, -65536, 3}},
        {3, {1e-9, 2e-9, 9007199.254740991}},
        {2, {0.1, 0.2}},
        {2, {1.0 / 3, 2.0 / 3}},
        {5, {1000, 1000, 1000, 1000, 1000}},
        {2, {4503599627370496.5, 1}},
    };
    const double payload[] = {double_from_bits(0x7FF8000000001234u),
                              double_from_bits(0xFFF8000000000000u),
                              double_from_bits(0x7FF0000000000001u), 1.0};
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(rows); i++)
        round_trip(rows[i].values, rows[i].n);
    round_trip(payload, PFL_COUNT(payload));
}

static void random_values(void **state)
{
    struct dice dice = {7};
    double values[64];
    int i;

    (void)state;
    for (i = 0; i < 2000; i++) {
        size_t n = below(&dice, PFL_COUNT(values)), j, kind = below(&dice, 4);

        for (j = 0; j < n; j++)
            values[j] = kind == 0   ? double_from_bits(roll(&dice))
                        : kind == 1 ? any_value(&dice)
                        : kind == 2
                            ? (double)(int64_t)(roll(&dice) >> (11 + below(&dice, 50)))
                            : (double)(int64_t)(roll(&dice) >> (11 + below(&dice, 50))) / 1e9;
        round_trip(values, n);
    }
}

/* What the integer form is for: ten launches of a millisecond to 3 % take about two bytes each. */
static void measured_times_are_small(void **state)
{
    struct dice dice = {3};
    double values[10], bytes[10];
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(values); i++) {
        values[i] = (double)(1400000 + below(&dice, 50000)) / 1e9;
        bytes[i] = (double)(18 << 20) + (double)(below(&dice, 15) * 4096);
    }
    assert_true(size_of(values, 10) <= 10 * 2 + 6);
    assert_true(size_of(bytes, 10) <= 10 * 2 + 7);
}

static void integers(void **state)
{
    struct dice dice = {9};
    int64_t values[40], back[40];
    int i;

    (void)state;
    for (i = 0; i < 2000; i++) {
        size_t n = below(&dice, PFL_COUNT(values)), j;
        unsigned shift = (unsigned)below(&dice, 64);
        struct pfl_store_cursor in;
        struct pfl_buf buf;

        for (j = 0; j < n; j++)
            values[j] = (int64_t)roll(&dice) >> shift;
        if (n > 1) {
            values[0] = INT64_MIN;
            values[1] = shift % 2 ? INT64_MAX : INT64_MIN;
        }
        pfl_buf_init(&buf, 1 << 16);
        pfl_store_ints_write(&buf, values, n);
        in = (struct pfl_store_cursor){(unsigned char *)buf.data,
                                       (unsigned char *)buf.data + buf.len};
        assert_true(pfl_store_ints_read(&in, back, n));
        assert_ptr_equal(in.at, in.end);
        assert_memory_equal(values, back, n * sizeof *values);
        pfl_buf_release(&buf);
    }
}

static void varints(void **state)
{
    static const uint64_t values[] = {
        0, 1, 127, 128, 16383, 16384, UINT32_MAX, UINT64_MAX - 1, UINT64_MAX};
    static const unsigned char endless[] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                            0xFF, 0xFF, 0xFF, 0xFF, 0x01};
    struct pfl_store_cursor in;
    struct pfl_buf buf;
    uint64_t back = 5;
    size_t i;

    (void)state;
    pfl_buf_init(&buf, 1000);
    for (i = 0; i < PFL_COUNT(values); i++)
        pfl_store_varint_write(&buf, values[i]);
    in = (struct pfl_store_cursor){(unsigned char *)buf.data, (unsigned char *)buf.data + buf.len};
    for (i = 0; i < PFL_COUNT(values); i++) {
        assert_true(pfl_store_varint_read(&in, &back));
        assert_true(back == values[i]);
    }
    assert_false(pfl_store_varint_read(&in, &back));
    in = (struct pfl_store_cursor){endless, endless + sizeof endless};
    assert_false(pfl_store_varint_read(&in, &back));
    pfl_buf_release(&buf);
}

static void frames(void **state)
{
    struct pfl_store_zstd zstd = {0};
    struct pfl_store_cursor in, out;
    struct pfl_arena arena;
    struct pfl_buf raw, blob;
    struct pfl_err err;
    size_t i;

    (void)state;
    pfl_arena_init(&arena);
    pfl_buf_init(&raw, 1 << 20);
    pfl_buf_init(&blob, 1 << 20);
    for (i = 0; i < 10000; i++)
        pfl_buf_format(&raw, "%zu ", i % 97);
    assert_int_equal(pfl_store_frame_write(&zstd, 3, &raw, &blob, &err), PFL_OK);
    assert_true(blob.len < raw.len / 4);
    in = (struct pfl_store_cursor){(unsigned char *)blob.data,
                                   (unsigned char *)blob.data + blob.len};
    assert_int_equal(pfl_store_frame_read(&zstd, 3, &in, &arena, &out, &err), PFL_OK);
    assert_int_equal(out.end - out.at, raw.len);
    assert_memory_equal(out.at, raw.data, raw.len);
    assert_int_equal(pfl_store_frame_read(&zstd, 2, &in, &arena, &out, &err), PFL_EVERSION);
    for (i = 0; i < blob.len; i++) { /* cut short */
        in.end = in.at + i;
        assert_int_equal(pfl_store_frame_read(&zstd, 3, &in, &arena, &out, &err), PFL_ECORRUPT);
    }
    in.end = in.at + blob.len;
    for (i = 12; i < blob.len; i++) { /* one bit wrong, behind the sizes */
        blob.data[i] ^= 4;
        assert_int_equal(pfl_store_frame_read(&zstd, 3, &in, &arena, &out, &err), PFL_ECORRUPT);
        blob.data[i] ^= 4;
    }
    pfl_store_zstd_release(&zstd);
    pfl_buf_release(&raw);
    pfl_buf_release(&blob);
    pfl_arena_release(&arena);
}

int test_store_codec(void);
int test_store_codec(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(special_values),
        cmocka_unit_test(random_values),
        cmocka_unit_test(measured_times_are_small),
        cmocka_unit_test(integers),
        cmocka_unit_test(varints),
        cmocka_unit_test(frames),
    };

    return cmocka_run_group_tests_name("store codec", tests, NULL, NULL);
}
