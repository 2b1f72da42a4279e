/*
 * Any bytes as a run. What is accepted is written, read again and written again: the two texts must
 * be the same, and so the two ids.
 */
#include "formats/run_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds, const char *what, const struct pfl_err *err)
{
    if (!holds) {
        fprintf(stderr, "fuzz_run_json: %s (%s)\n", what, err ? err->message : "");
        abort();
    }
}

static int read_run(const void *text, size_t len, struct pfl_arena *arena, struct pfl_run *run,
                    struct pfl_err *err)
{
    static struct pfl_json_reader r;
    int rc;

    pfl_json_reader_init_text(&r, "fuzz", text, len);
    rc = pfl_run_json_read(&r, arena, run, err);
    pfl_json_reader_release(&r);
    return rc;
}

static void check_round_trip(const struct pfl_run *run, struct pfl_arena *arena, int indent)
{
    const struct pfl_run_json_options options = {.indent = indent};
    const char *first_id = NULL, *second_id = NULL;
    struct pfl_buf first, second;
    struct pfl_run back;
    struct pfl_err err;

    pfl_buf_init(&first, 256 << 20);
    pfl_buf_init(&second, 256 << 20);
    pfl_run_json_write(run, &options, &first);
    demand(pfl_buf_check(&first, &err, "writing") == PFL_OK, "a run cannot be written", &err);
    demand(read_run(first.data, first.len, arena, &back, &err) == PFL_OK,
           "what was written cannot be read", &err);
    pfl_run_json_write(&back, &options, &second);
    demand(first.len == second.len && memcmp(first.data, second.data, first.len) == 0,
           "the texts differ", NULL);
    demand(pfl_run_json_id(run, arena, &first_id, &err) == PFL_OK, "no id", &err);
    demand(pfl_run_json_id(&back, arena, &second_id, &err) == PFL_OK, "no id", &err);
    demand(strcmp(first_id, second_id) == 0, "the ids differ", NULL);
    pfl_buf_clear(&first);
    pfl_hyperfine_write(run, &first);
    pfl_buf_release(&first);
    pfl_buf_release(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pfl_arena arena;
    struct pfl_run run;
    struct pfl_err err;

    pfl_arena_init(&arena);
    if (read_run(data, size, &arena, &run, &err) == PFL_OK)
        check_round_trip(&run, &arena, (int)(size % 3));
    pfl_arena_release(&arena);
    return 0;
}
