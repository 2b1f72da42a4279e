/* From a remote's URL to pages: never a password, never a guess. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "vcs/remote.h"

#include <string.h>

static void urls_lead_to_pages(void **state)
{
#define HUB "https://github.com/o/n/"
#define LAB "https://gitlab.example.org/g/s/n/-/"
    static const struct {
        const char *url, *commits, *pulls;
        char sign;
    } cases[] = {
        {"https://github.com/o/n.git", HUB "commit/", HUB "pull/", '#'},
        {"https://github.com/o/n/", HUB "commit/", HUB "pull/", '#'},
        {"https://me:secret@github.com/o/n", HUB "commit/", HUB "pull/", '#'},
        {"git@github.com:o/n.git", HUB "commit/", HUB "pull/", '#'},
        {"ssh://git@github.com:22/o/n.git", HUB "commit/", HUB "pull/", '#'},
        {"git@gitlab.example.org:g/s/n.git", LAB "commit/", LAB "merge_requests/", '!'},
        {"https://example.org/o/n.git", "", "", '#'},
        {"/srv/git/github.com/n.git", "", "", '#'},
        {"../github:n", "", "", '#'},
        {"https://github.com/o/n)](x", "", "", '#'},
        {"https://github.com/", "", "", '#'},
        {"https://github.com", "", "", '#'},
        {"", "", "", '#'},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_git_web web;
        struct pfl_arena arena;

        pfl_arena_init(&arena);
        assert_true(pfl_git_web_of(cases[i].url, &arena, &web));
        assert_string_equal(web.commits, cases[i].commits);
        assert_string_equal(web.pull_requests, cases[i].pulls);
        assert_int_equal(web.sign, cases[i].sign);
        pfl_arena_release(&arena);
    }
}

int test_vcs_remote(void);
int test_vcs_remote(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(urls_lead_to_pages)};

    return cmocka_run_group_tests_name("vcs/remote", tests, NULL, NULL);
}
