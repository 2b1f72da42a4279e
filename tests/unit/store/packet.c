/*
 * Packets of points: every bit comes back, of all points and of one; numbers as tools write them
 * get small; wrong bytes are refused, also when the checksum has been made to fit them.
 */
#include "runs.h"

#include "store/packet.h"

static void fill(struct dice *dice, struct pfl_store_entry *entries, size_t n,
                 double (*number)(struct dice *dice, double near))
{
    int64_t run = (int64_t)below(dice, 1000) + 1;
    size_t i;

    for (i = 0; i < n; i++) {
        double median = number(dice, 0.001);
        struct pfl_summary *summary = &entries[i].summary;

        entries[i].run = run;
        run += 1 + (int64_t)below(dice, 200);
        entries[i].definition = 7;
        *summary = (struct pfl_summary){below(dice, 30),      median,
                                        number(dice, median), number(dice, median),
                                        number(dice, median), number(dice, median),
                                        number(dice, median), number(dice, median),
                                        number(dice, median), number(dice, median)};
    }
}

static double odd(struct dice *dice, double near)
{
    switch (below(dice, 10)) {
    case 0: return -0.0;
    case 1: return (double)INFINITY;
    case 2: return double_from_bits(0x7FF8000000000042u); /* a NaN that says something */
    case 3: return double_from_bits(roll(dice));
    case 4: return (double)NAN;
    case 5: return -near;
    case 6: return 9007199254740993.0;
    case 7: return 5e-324;
    default: return near * (1 + (double)below(dice, 1000) / 1e5);
    }
}

static double full(struct dice *dice, double near)
{
    return near * (0.99 + (double)(roll(dice) >> 11) / 9007199254740992.0 / 50);
}

static double rounded(struct dice *dice, double near)
{
    return rint(full(dice, near) * 1e8) / 1e8; /* 0.00100123: a multiple of 10^-8 */
}

static double whole(struct dice *dice, double near)
{
    return near < 1 ? 4096.0 * (double)(1000 + below(dice, 50)) : near + (double)below(dice, 99);
}

static double constant(struct dice *dice, double near)
{
    (void)dice;
    return near;
}

static void assert_same(const struct pfl_store_entry *a, const struct pfl_store_entry *b)
{
    SAME_NUMBER(a, b, run);
    SAME_NUMBER(a, b, definition);
    SAME_NUMBER(a, b, summary.n);
    SAME_BITS(a, b, summary.median);
    SAME_BITS(a, b, summary.ci_low);
    SAME_BITS(a, b, summary.ci_high);
    SAME_BITS(a, b, summary.mean);
    SAME_BITS(a, b, summary.stddev);
    SAME_BITS(a, b, summary.min);
    SAME_BITS(a, b, summary.max);
    SAME_BITS(a, b, summary.q1);
    SAME_BITS(a, b, summary.q3);
}

/* Answers the bytes taken. */
static size_t check_round_trip(const struct pfl_store_entry *entries, size_t n)
{
    struct pfl_store_entry back[PFL_STORE_PACKET_MAX], one;
    struct pfl_store_packet packet;
    struct pfl_buf buf;
    size_t i, len;

    pfl_buf_init(&buf, 1 << 20);
    pfl_buf_text(&buf, "before");
    assert_int_equal(pfl_store_packet_write(entries, n, &buf, &packet, NULL), PFL_OK);
    assert_int_equal(pfl_store_packet_read(&packet, back, NULL), PFL_OK);
    for (i = 0; i < n; i++) {
        assert_same(&entries[i], &back[i]);
        assert_int_equal(pfl_store_packet_find(&packet, entries[i].run, &one, NULL), 1);
        assert_same(&entries[i], &one);
        assert_true(pfl_store_packet_has(&packet, entries[i].run));
        if (i && entries[i].run - 1 != entries[i - 1].run) {
            assert_int_equal(pfl_store_packet_find(&packet, entries[i].run - 1, &one, NULL), 0);
            assert_false(pfl_store_packet_has(&packet, entries[i].run - 1));
        }
    }
    len = buf.len - 6;
    pfl_buf_release(&buf);
    return len;
}

static void every_bit_comes_back(void **state)
{
    static double (*const kinds[])(struct dice *, double) = {odd, full, rounded, whole, constant};
    struct pfl_store_entry entries[PFL_STORE_PACKET_MAX];
    struct dice dice = {3};
    size_t i, j;

    (void)state;
    for (i = 0; i < 400; i++) {
        size_t n = i < 20 ? i + 1 : i % 40 ? 1 + below(&dice, 100) : PFL_STORE_PACKET_MAX;

        fill(&dice, entries, n, kinds[i % PFL_COUNT(kinds)]);
        for (j = 0; j < n && i % 3 == 0; j++)
            entries[j].definition = 1 + (int64_t)below(&dice, 1u << 30);
        for (j = 0; j < n && i % 7 == 0; j++) /* columns of different kinds, with holes */
            entries[j].summary.q1 = rounded(&dice, below(&dice, 9) ? 1e-3 : (double)NAN);
        check_round_trip(entries, n);
    }
}

/* Bytes per point of nine doubles and a count: the figures that the ledger's size rests on. */
static void numbers_as_tools_write_them_get_small(void **state)
{
    const struct {
        double (*number)(struct dice *dice, double near);
        size_t most;
    } rows[] = {{full, 63}, {rounded, 33}, {whole, 24}, {constant, 12}};
    struct pfl_store_entry entries[PFL_STORE_PACKET_MAX];
    struct dice dice = {9};
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(rows); i++) {
        fill(&dice, entries, PFL_STORE_PACKET_MAX, rows[i].number);
        assert_in_range(check_round_trip(entries, PFL_STORE_PACKET_MAX), 1,
                        rows[i].most * PFL_STORE_PACKET_MAX);
    }
}

/* One far outlier must not make all the others as wide as itself. */
static void an_outlier_costs_little(void **state)
{
    struct pfl_store_entry entries[PFL_STORE_PACKET_MAX];
    struct dice dice = {9};
    size_t without, with;

    (void)state;
    fill(&dice, entries, PFL_STORE_PACKET_MAX, rounded);
    without = check_round_trip(entries, PFL_STORE_PACKET_MAX);
    entries[100].summary.max = 4321.12345678;
    with = check_round_trip(entries, PFL_STORE_PACKET_MAX);
    assert_in_range(with, without, without + 150);
}

/* The checksum is made to fit, so that only the readers stand between the bytes and us. */
static void make_sound(struct pfl_store_packet *packet, unsigned char *sum)
{
    uint64_t hash = pfl_store_hash("", 0, (uint64_t)packet->first) + (uint64_t)packet->definition;
    int i;

    hash = pfl_store_hash(packet->runs.at, (size_t)(packet->runs.end - packet->runs.at), hash);
    hash = pfl_store_hash(packet->medians.at, (size_t)(packet->medians.end - packet->medians.at),
                          hash);
    hash = pfl_store_hash(packet->body.at, (size_t)(packet->body.end - packet->body.at) - 8, hash);
    for (i = 0; i < 8; i++)
        sum[i] = (unsigned char)(hash >> 8 * i);
}

/* A copy of exactly the length, so that a sanitizer sees the first byte beyond it. */
static int read_wrong(const struct pfl_store_packet *packet, struct dice *dice, bool sound)
{
    struct pfl_store_entry entries[PFL_STORE_PACKET_MAX], one;
    size_t len = (size_t)(packet->body.end - packet->runs.at), open = packet->n * 10, i;
    unsigned char *bytes = malloc(len);
    struct pfl_store_packet wrong = *packet;
    int code;

    assert_non_null(bytes);
    memcpy(bytes, packet->runs.at, len);
    for (i = 0; i <= below(dice, 3); i++)
        bytes[open + 1 + below(dice, len - open - 1)] = (unsigned char)roll(dice);
    if (below(dice, 4) == 0)
        len = open + 9 + below(dice, len - open - 9);
    wrong.runs.at = bytes;
    wrong.medians.at = wrong.runs.end = bytes + packet->n * 2;
    wrong.body.at = wrong.medians.end = bytes + open;
    wrong.body.end = bytes + len;
    if (sound)
        make_sound(&wrong, bytes + len - 8);
    code = pfl_store_packet_read(&wrong, entries, NULL);
    assert_true(code == PFL_OK || code == PFL_ECORRUPT);
    i = (size_t)pfl_store_packet_find(&wrong, packet->first, &one, NULL);
    assert_true((int)i == 1 || (int)i == PFL_ECORRUPT);
    free(bytes);
    return code;
}

static void wrong_bytes_are_refused(void **state)
{
    struct pfl_store_entry entries[PFL_STORE_PACKET_MAX];
    struct pfl_store_packet packet;
    struct dice dice = {17};
    struct pfl_buf buf;
    int i, refused = 0;

    (void)state;
    for (i = 0; i < 4000; i++) {
        size_t n = 1 + below(&dice, 60);

        fill(&dice, entries, n, i % 2 ? rounded : odd);
        if (i % 3 == 0)
            entries[0].definition = 9;
        pfl_buf_init(&buf, 1 << 20);
        assert_int_equal(pfl_store_packet_write(entries, n, &buf, &packet, NULL), PFL_OK);
        refused += read_wrong(&packet, &dice, true) != PFL_OK;
        if (i % 10 == 0)
            read_wrong(&packet, &dice, false);
        pfl_buf_release(&buf);
    }
    assert_true(refused > 400);
}

static void damage_is_found(void **state)
{
    struct pfl_store_entry entries[40], back[40];
    struct pfl_store_packet packet, wrong;
    struct dice dice = {4};
    struct pfl_buf buf;
    size_t i;

    (void)state;
    fill(&dice, entries, 40, full);
    pfl_buf_init(&buf, 1 << 20);
    assert_int_equal(pfl_store_packet_write(entries, 40, &buf, &packet, NULL), PFL_OK);
    for (i = 0; i < buf.len; i++) {
        buf.data[i] = (char)(buf.data[i] ^ 1 << i % 8);
        assert_true(pfl_store_packet_read(&packet, back, NULL) != PFL_OK);
        buf.data[i] = (char)(buf.data[i] ^ 1 << i % 8);
    }
    wrong = packet;
    wrong.first++;
    assert_int_equal(pfl_store_packet_read(&wrong, back, NULL), PFL_ECORRUPT);
    wrong = packet;
    wrong.definition++;
    assert_int_equal(pfl_store_packet_read(&wrong, back, NULL), PFL_ECORRUPT);
    wrong = packet;
    wrong.n--;
    assert_int_equal(pfl_store_packet_read(&wrong, back, NULL), PFL_ECORRUPT);
    wrong.n = 0;
    assert_int_equal(pfl_store_packet_read(&wrong, back, NULL), PFL_ECORRUPT);
    wrong.n = 100000;
    assert_int_equal(pfl_store_packet_read(&wrong, back, NULL), PFL_ECORRUPT);
    wrong = (struct pfl_store_packet){.n = 1};
    assert_int_equal(pfl_store_packet_read(&wrong, back, NULL), PFL_ECORRUPT);
    assert_false(pfl_store_packet_has(&wrong, 0));
    pfl_buf_release(&buf);
}

int test_store_packet(void);
int test_store_packet(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bit_comes_back),
        cmocka_unit_test(numbers_as_tools_write_them_get_small),
        cmocka_unit_test(an_outlier_costs_little),
        cmocka_unit_test(wrong_bytes_are_refused),
        cmocka_unit_test(damage_is_found),
    };

    return cmocka_run_group_tests_name("store packet", tests, NULL, NULL);
}
