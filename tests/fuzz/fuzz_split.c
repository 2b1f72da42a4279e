/*
 * Command splitting: whatever splits must survive quoting. The words of any command, each quoted
 * and joined by blanks, split into the same words again, and then nothing in them has a meaning for
 * a shell.
 */
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void split_again(struct pfl_arena *arena, char **argv, size_t argc)
{
    char **again, shell;
    struct pfl_buf quoted;
    size_t count, i;

    pfl_buf_init(&quoted, 1 << 24);
    for (i = 0; i < argc; i++) {
        pfl_text_quote(&quoted, argv[i]);
        pfl_buf_char(&quoted, ' ');
    }
    check(quoted.error == 0);
    check(pfl_text_split_command(arena, pfl_buf_cstr(&quoted), &again, &count, &shell, NULL) ==
          PFL_OK);
    check(count == argc && shell == 0);
    for (i = 0; i < argc; i++)
        check(strcmp(argv[i], again[i]) == 0);
    pfl_buf_release(&quoted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pfl_arena arena;
    struct pfl_err err;
    char *command, **argv, shell;
    size_t argc;

    pfl_arena_init(&arena);
    command = pfl_arena_text_n(&arena, (const char *)data, size);
    check(command != NULL);
    if (pfl_text_split_command(&arena, command, &argv, &argc, &shell, &err) == PFL_OK) {
        check(argv[argc] == NULL);
        split_again(&arena, argv, argc);
    } else {
        check(err.code == PFL_EPARSE && err.column > 0 && (size_t)err.column <= strlen(command));
    }
    pfl_arena_release(&arena);
    return 0;
}
