/* gzip: plain bytes as they come, members, padding, what is cut, damaged or swells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "sys/unpack.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

int test_sys_unpack(void);

/* A source that gives `piece` bytes at a time, and fails behind `fail_at`. */
struct source {
    const char *at;
    size_t left, piece, given, fail_at;
};

static long give(void *context, char *bytes, size_t size, struct pfl_err *err)
{
    struct source *s = context;
    size_t n = s->left < size ? s->left : size;

    if (s->fail_at && s->given >= s->fail_at)
        return pfl_err_set(err, PFL_EIO, "the disk is gone");
    if (n > s->piece)
        n = s->piece;
    memcpy(bytes, s->at, n);
    s->at += n;
    s->left -= n;
    s->given += n;
    return (long)n;
}

/* One member behind what is in `out`. */
static void pack(struct pfl_buf *out, const char *text, size_t len, int level)
{
    z_stream stream;
    unsigned char piece[4096];

    memset(&stream, 0, sizeof stream);
    assert_int_equal(deflateInit2(&stream, level, Z_DEFLATED, 16 + MAX_WBITS, 8, 0), Z_OK);
    stream.next_in = (unsigned char *)(uintptr_t)text;
    stream.avail_in = (uInt)len;
    do {
        stream.next_out = piece;
        stream.avail_out = sizeof piece;
        deflate(&stream, Z_FINISH);
        pfl_buf_add(out, (char *)piece, sizeof piece - stream.avail_out);
    } while (stream.avail_out == 0);
    deflateEnd(&stream);
}

/* All of it, read in pieces of `size`; the code of the first call that failed. */
static int unpack(struct source *source, size_t peek, size_t size, struct pfl_buf *out,
                  struct pfl_err *err)
{
    char *piece = malloc(size);
    struct pfl_unpack *u;
    int rc = pfl_unpack_open("f.gz", give, source, peek, &u, err);
    const char *head;
    size_t head_len;
    long n = rc;

    pfl_buf_clear(out);
    if (rc < 0) {
        free(piece);
        return rc;
    }
    head = pfl_unpack_head(u, &head_len);
    assert_true(head_len <= peek);
    while ((n = pfl_unpack_read(u, piece, size, err)) > 0)
        pfl_buf_add(out, piece, (size_t)n);
    assert_true(n < 0 || out->len >= head_len); /* the head is read all the same */
    assert_memory_equal(out->data ? out->data : "", head,
                        head_len < out->len ? head_len : out->len);
    pfl_unpack_close(u);
    free(piece);
    return (int)n;
}

static void text_of(struct pfl_buf *buf, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        pfl_buf_char(buf, (char)('a' + (i * 7 + i / 13) % 26));
}

static void plain_bytes_come_as_they_are(void **state)
{
    static const char *const texts[] = {"", "x", "\x1f", "\x1fx", "\x8b\x1f", "{\"a\":1}"};
    struct pfl_buf out;
    struct source source;
    size_t i;

    (void)state;
    pfl_buf_init(&out, 1 << 20);
    for (i = 0; i < PFL_COUNT(texts); i++) {
        source = (struct source){texts[i], strlen(texts[i]), 1, 0, 0};
        assert_int_equal(unpack(&source, 3, 2, &out, NULL), 0);
        assert_string_equal(pfl_buf_cstr(&out), texts[i]);
    }
    pfl_buf_release(&out);
}

static void packed_ones_are_unpacked(void **state)
{
    static const struct {
        size_t lens[3], peek, size, piece;
        const char *behind;
        size_t behind_len;
    } cases[] = {
        {{10, 0, 0}, 4, 3, 1, "", 0},
        {{10, 0, 0}, 100, 4096, 4096, "", 0},
        {{300000, 0, 0}, 65536, 1000, 7, "", 0},
        {{5, 70000, 3}, 65536, 4096, 65536, "", 0}, /* members one after the other */
        {{5, 1, 3}, 1, 1, 1, "", 0},
        {{5, 0, 0}, 0, 4096, 4096, "\0\0\0\0\0\0\0\0\0", 9}, /* padding of tapes */
    };
    struct pfl_buf packed, plain, out;
    struct source source;
    size_t i, k;

    (void)state;
    pfl_buf_init(&packed, 4 << 20);
    pfl_buf_init(&plain, 4 << 20);
    pfl_buf_init(&out, 4 << 20);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        pfl_buf_clear(&packed);
        pfl_buf_clear(&plain);
        for (k = 0; k < 3 && cases[i].lens[k]; k++) {
            size_t from = plain.len;

            text_of(&plain, cases[i].lens[k]);
            pack(&packed, plain.data + from, cases[i].lens[k], 6);
        }
        pfl_buf_add(&packed, cases[i].behind, cases[i].behind_len);
        source = (struct source){packed.data, packed.len, cases[i].piece, 0, 0};
        assert_int_equal(unpack(&source, cases[i].peek, cases[i].size, &out, NULL), 0);
        assert_int_equal(out.len, plain.len);
        assert_memory_equal(out.data, plain.data, plain.len);
    }
    pfl_buf_release(&packed);
    pfl_buf_release(&plain);
    pfl_buf_release(&out);
}

/* Every cut, and every damaged byte, is an error or the whole text; never other bytes. */
static void damage_is_an_error(void **state)
{
    struct pfl_buf packed, plain, out;
    struct source source;
    struct pfl_err err;
    size_t i, refused = 0;
    int rc;

    (void)state;
    pfl_buf_init(&packed, 1 << 20);
    pfl_buf_init(&plain, 1 << 20);
    pfl_buf_init(&out, 1 << 20);
    text_of(&plain, 500);
    pack(&packed, plain.data, plain.len, 6);
    for (i = 2; i < packed.len; i++) { /* behind the two magic bytes */
        source = (struct source){packed.data, i, 5, 0, 0};
        assert_int_equal(unpack(&source, 16, 64, &out, &err), PFL_EPARSE);
        assert_string_equal(err.message, "f.gz: damaged gzip data (it ends too early)");
    }
    for (i = 2; i < packed.len; i++) {
        packed.data[i] ^= 0x55;
        source = (struct source){packed.data, packed.len, 4096, 0, 0};
        rc = unpack(&source, 16, 64, &out, &err);
        refused += rc < 0;
        if (rc == 0) /* a byte of the header that says nothing about the text */
            assert_true(out.len == plain.len && memcmp(out.data, plain.data, plain.len) == 0);
        packed.data[i] ^= 0x55;
    }
    assert_true(refused > packed.len / 2);
    pfl_buf_text(&packed, "junk behind it");
    source = (struct source){packed.data, packed.len, 4096, 0, 0};
    assert_int_equal(unpack(&source, 16, 64, &out, &err), PFL_EPARSE);
    assert_non_null(strstr(err.message, "damaged gzip data"));
    pfl_buf_release(&packed);
    pfl_buf_release(&plain);
    pfl_buf_release(&out);
}

static void a_bomb_is_stopped(void **state)
{
    enum { MIB = 1 << 20 };
    char *zeros = calloc(MIB, 1), piece[4096];
    struct pfl_unpack *u;
    struct source source;
    struct pfl_buf packed, member;
    struct pfl_err err;
    uint64_t out = 0;
    long n;
    int i;

    (void)state;
    pfl_buf_init(&packed, 64 << 20);
    pfl_buf_init(&member, 64 << 20);
    pack(&member, zeros, MIB, 9); /* about 1 : 1000 */
    for (i = 0; i < 300; i++)
        pfl_buf_add(&packed, member.data, member.len);
    source = (struct source){packed.data, packed.len, 65536, 0, 0};
    assert_int_equal(pfl_unpack_open("b.gz", give, &source, 65536, &u, &err), 0);
    while ((n = pfl_unpack_read(u, piece, sizeof piece, &err)) > 0)
        out += (uint64_t)n;
    assert_int_equal(n, PFL_ELIMIT);
    assert_non_null(strstr(err.message, "more than 200 bytes come out of every packed one"));
    assert_true(out <= (uint64_t)(65 + 1) * MIB);
    pfl_unpack_close(u);
    /* the same, packed no better than its ratio allows, is read */
    source = (struct source){packed.data, member.len * 60, 65536, 0, 0};
    assert_int_equal(pfl_unpack_open("b.gz", give, &source, 65536, &u, &err), 0);
    for (out = 0; (n = pfl_unpack_read(u, piece, sizeof piece, &err)) > 0;)
        out += (uint64_t)n;
    assert_int_equal(n, 0);
    assert_true(out == (uint64_t)60 * MIB);
    pfl_unpack_close(u);
    free(zeros);
    pfl_buf_release(&packed);
    pfl_buf_release(&member);
}

static void a_failing_source_is_handed_on(void **state)
{
    struct pfl_buf packed, plain, out;
    struct source source;
    struct pfl_err err;

    (void)state;
    pfl_buf_init(&packed, 1 << 20);
    pfl_buf_init(&plain, 1 << 20);
    pfl_buf_init(&out, 1 << 20);
    text_of(&plain, 5000);
    pack(&packed, plain.data, plain.len, 6);
    source = (struct source){packed.data, packed.len, 10, 0, 20};
    assert_int_equal(unpack(&source, 0, 64, &out, &err), PFL_EIO);
    source = (struct source){packed.data, packed.len, 10, 0, 20};
    assert_int_equal(unpack(&source, 65536, 64, &out, &err), PFL_EIO);
    source = (struct source){plain.data, plain.len, 10, 0, 20};
    assert_int_equal(unpack(&source, 0, 64, &out, &err), PFL_EIO);
    assert_string_equal(err.message, "the disk is gone");
    pfl_unpack_close(NULL);
    pfl_buf_release(&packed);
    pfl_buf_release(&plain);
    pfl_buf_release(&out);
}

int test_sys_unpack(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_bytes_come_as_they_are),
        cmocka_unit_test(packed_ones_are_unpacked),
        cmocka_unit_test(damage_is_an_error),
        cmocka_unit_test(a_bomb_is_stopped),
        cmocka_unit_test(a_failing_source_is_handed_on),
    };

    return cmocka_run_group_tests_name("sys_unpack", tests, NULL, NULL);
}
