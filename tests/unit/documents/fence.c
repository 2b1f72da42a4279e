/* Which lines are fenced code: F for each that is, - for each that is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "documents/fence.h"

#include <string.h>

int test_documents_fence(void);

static const struct {
    const char *text, *expect;
} cases[] = {
    {"a\n```\nb\n```\nc\n", "-FFF-"},
    {"~~~ c\n```\n~~~~\na\n", "FFF-"},
    {"````\n```\n````  \na\n", "FFF-"},
    {"```\n``` a\n```\r\na\n", "FFF-"},
    {"   ```\na\n    ```\n  ```\nb\n", "FFFF-"},
    {"    ```\na\n", "--"}, /* indented code, and no fence */
    {"``` a`b\na\n", "--"}, /* code within a line */
    {"``\na\n", "--"},
    {"```", "F"},
};

static void test_lines(void **state)
{
    char found[32];
    size_t i, n;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        struct pfl_fence fence = {0};
        const char *at = cases[i].text;
        size_t len;

        for (n = 0; *at; at += len + (at[len] == '\n')) {
            len = strcspn(at, "\n");
            found[n++] = pfl_fence_line(&fence, at, len) ? 'F' : '-';
        }
        found[n] = 0;
        assert_string_equal(found, cases[i].expect);
    }
}

int test_documents_fence(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
    };

    return cmocka_run_group_tests_name("documents/fence", tests, NULL, NULL);
}
