/* perfledger's own runs as a format among others (run_json.h): lossless both ways. */
#include "formats/format.h"
#include "formats/run_json.h"

static int recognise(const struct pfl_format_probe *probe)
{
    return pfl_format_has(probe, "schema") && pfl_format_has(probe, "results") &&
                   (pfl_format_has(probe, "run") || pfl_format_has(probe, "baseline"))
               ? 2
               : 0;
}

static int read(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                struct pfl_err *err)
{
    struct pfl_json_reader reader;
    struct pfl_arena arena;
    struct pfl_run *run;
    int rc;

    pfl_arena_init(&arena);
    pfl_json_reader_init(&reader, input->path, input->read, input->context);
    run = pfl_arena_alloc(&arena, sizeof *run); /* all of it: whoever takes the arena has the run */
    rc = run ? pfl_run_json_read(&reader, &arena, run, err) : pfl_err_no_memory(err);
    pfl_json_reader_release(&reader);
    if (rc == PFL_OK) {
        pfl_run_sort(run);
        rc = sink->run(sink->context, run, &arena, err);
    }
    pfl_arena_release(&arena);
    return rc;
}

static int write(const struct pfl_run *run, struct pfl_buf *out, const char **lost,
                 struct pfl_err *err)
{
    struct pfl_run_json_options options = {.indent = 0};

    *lost = NULL;
    pfl_run_json_write(run, &options, out);
    pfl_buf_char(out, '\n');
    return pfl_buf_check(out, err, "writing the run as JSON");
}

const struct pfl_format pfl_format_perfledger = {
    .name = "perfledger",
    .title = "perfledger JSON",
    .sought = "\"schema\" with \"run\" and \"results\"",
    .recognise = recognise,
    .read = read,
    .write = write,
};
