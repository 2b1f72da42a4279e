/* SHA-256 against the examples of FIPS 180-4. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"

#include <string.h>

static const struct {
    const char *text, *hex;
} cases[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void known_texts(void **state)
{
    char hex[PFL_HASH_HEX];
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        pfl_hash_text(cases[i].text, strlen(cases[i].text), hex);
        assert_string_equal(hex, cases[i].hex);
    }
}

static void pieces_give_the_hash_of_the_whole(void **state)
{
    char whole[PFL_HASH_HEX], pieces[PFL_HASH_HEX], million[1000];
    struct pfl_hash hash;
    size_t i;

    (void)state;
    memset(million, 'a', sizeof million);
    pfl_hash_init(&hash);
    for (i = 0; i < 1000; i++)
        pfl_hash_add(&hash, million, sizeof million);
    pfl_hash_end(&hash, whole);
    assert_string_equal(whole, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    pfl_hash_init(&hash);
    for (i = 0; i < strlen(cases[2].text); i++)
        pfl_hash_add(&hash, cases[2].text + i, 1);
    pfl_hash_add(&hash, NULL, 0);
    pfl_hash_end(&hash, pieces);
    assert_string_equal(pieces, cases[2].hex);
}

int test_base_hash(void);

int test_base_hash(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_texts),
        cmocka_unit_test(pieces_give_the_hash_of_the_whole),
    };

    return cmocka_run_group_tests_name("base/hash", tests, NULL, NULL);
}
