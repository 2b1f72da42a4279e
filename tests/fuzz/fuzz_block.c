/*
 * Any bytes as a log: blocks lie within the file and do not overlap, and a row that is inserted
 * leaves every byte of what was there.
 */
#include "documents/log_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "fuzz_block: %s\n", what);
        abort();
    }
}

/* Is `text` what is left of `out` without one piece in its middle? */
static bool is_around(const struct pfl_buf *out, const char *text, size_t len)
{
    const char *bytes = pfl_buf_cstr(out);
    size_t front = 0, back = 0;

    while (front < len && front < out->len && bytes[front] == text[front])
        front++;
    while (back < len && back < out->len && bytes[out->len - 1 - back] == text[len - 1 - back])
        back++;
    return front + back >= len && out->len > len;
}

static void insert(const struct pfl_log_file *log, bool external)
{
    struct pfl_buf block, out;
    int line;

    pfl_buf_init(&block, 1 << 10);
    pfl_buf_init(&out, 1 << 24);
    pfl_buf_text(&block, "<!-- a row -->\n");
    demand(pfl_log_file_insert(log, external, &block, &out, &line, NULL) == PFL_OK, "no place");
    demand(is_around(&out, log->text, log->len), "what was there has changed");
    pfl_buf_release(&block);
    pfl_buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pfl_log_file log;
    struct pfl_arena arena;
    size_t i, end = 0;

    pfl_arena_init(&arena);
    if (size < 1 << 20 &&
        pfl_log_file_read((const char *)data, size, &arena, &log, NULL) == PFL_OK) {
        for (i = 0; i < log.blocks.n; i++) {
            const struct pfl_block *block = &log.blocks.at[i];

            demand(block->at >= end && block->end > block->at && block->end <= size,
                   "blocks overlap");
            end = block->end;
        }
        insert(&log, false);
        insert(&log, true);
    }
    pfl_arena_release(&arena);
    return 0;
}
