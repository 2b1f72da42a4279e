/* XXH64 of known texts, in whatever pieces they come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/checksum.h"

#include <string.h>

int test_base_checksum(void);

/* Of the reference implementation (xxhsum -H64). */
static const struct {
    const char *text;
    uint64_t sum;
} known[] = {
    {"", 0xEF46DB3751D8E999u},
    {"a", 0xD24EC4F1A98C6E5Bu},
    {"abc", 0x44BC2CF5AD770999u},
    {"The quick brown fox jumps over the lazy dog", 0x0B242D361FDA71BCu},
};

static uint64_t sum_in_pieces(const char *text, size_t len, size_t piece)
{
    struct pfl_checksum sum;
    size_t at;

    pfl_checksum_init(&sum);
    for (at = 0; at < len; at += piece)
        pfl_checksum_add(&sum, text + at, len - at < piece ? len - at : piece);
    return pfl_checksum_end(&sum);
}

static void it_is_the_known_one(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(known); i++)
        assert_true(sum_in_pieces(known[i].text, strlen(known[i].text), 1000) == known[i].sum);
}

static void pieces_do_not_matter(void **state)
{
    char text[300];
    size_t len, piece, i;
    uint64_t whole;

    (void)state;
    for (i = 0; i < sizeof text; i++)
        text[i] = (char)(i * 7);
    for (len = 0; len <= sizeof text; len++) {
        whole = sum_in_pieces(text, len, sizeof text);
        for (piece = 1; piece < 80; piece++)
            assert_true(sum_in_pieces(text, len, piece) == whole);
        if (len) {
            text[len - 1] ^= 1;
            assert_true(sum_in_pieces(text, len, sizeof text) != whole);
            text[len - 1] ^= 1;
        }
    }
}

int test_base_checksum(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_known_one),
        cmocka_unit_test(pieces_do_not_matter),
    };

    return cmocka_run_group_tests_name("base/checksum", tests, NULL, NULL);
}
