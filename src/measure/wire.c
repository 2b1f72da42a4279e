/*
 * The first half of the wire: gathering what arrives while the program runs.
 *
 * This happens while a measured process is alive, so it does as little as possible: bytes are
 * appended, ends of lines found and stamped with their arrival time. Only a line that may speak of
 * a stage costs more: the memory high-water mark belongs to the stage that ends here, and has to be
 * read (and set back) now. Everything is bounded, because the other side may be any program gone
 * wild; beyond a limit bytes are dropped and the benchmark hears why.
 */
#include "measure/wire.h"

#include "base/text.h"

#include <string.h>

void pfl_wire_init(struct pfl_wire *wire)
{
    memset(wire, 0, sizeof *wire);
    pfl_buf_init(&wire->bytes, PFL_WIRE_BYTES_MAX);
}

void pfl_wire_clear(struct pfl_wire *wire)
{
    pfl_buf_clear(&wire->bytes);
    wire->lines.n = 0;
    wire->open = 0;
    wire->overflow = NULL;
    wire->no_memory = false;
}

void pfl_wire_release(struct pfl_wire *wire)
{
    if (!wire)
        return;
    pfl_buf_release(&wire->bytes);
    pfl_vec_release(&wire->lines);
}

static bool speaks_of_stage(const char *line, size_t len)
{
    return len < 4096 && memmem(line, len, "\"stage\"", 7) != NULL;
}

static bool only_blanks(const char *line, size_t len)
{
    while (len && (line[len - 1] == ' ' || line[len - 1] == '\t' || line[len - 1] == '\r'))
        len--;
    return len == 0;
}

static void end_line(struct pfl_wire *wire, size_t end, int64_t at_ns, int pid)
{
    struct pfl_wire_line line = {
        .at = wire->open, .len = end - wire->open, .at_ns = at_ns, .peak_bytes = -1};
    const char *text = pfl_buf_cstr(&wire->bytes) + line.at;

    if (only_blanks(text, line.len))
        return;
    if (wire->lines.n == PFL_WIRE_LINES_MAX) {
        wire->overflow = "more than 100000 lines";
        return;
    }
    if (pid > 0 && wire->take_peak && speaks_of_stage(text, line.len))
        line.peak_bytes = wire->take_peak(wire->context, pid);
    if (!pfl_vec_push(&wire->lines, &line))
        wire->no_memory = true;
}

void pfl_wire_feed(struct pfl_wire *wire, const char *bytes, size_t len, int64_t at_ns, int pid)
{
    size_t from = wire->bytes.len, end;

    if (wire->overflow || wire->no_memory)
        return;
    pfl_buf_add(&wire->bytes, bytes, len);
    if (wire->bytes.error) {
        wire->no_memory = wire->bytes.error == PFL_ENOMEM;
        wire->overflow = wire->no_memory ? NULL : "more than 32 MiB";
        return;
    }
    while (from < wire->bytes.len && !wire->overflow) {
        const char *newline = memchr(wire->bytes.data + from, '\n', wire->bytes.len - from);

        if (!newline)
            break;
        end = (size_t)(newline - wire->bytes.data);
        end_line(wire, end, at_ns, pid);
        wire->open = from = end + 1;
    }
    if (wire->bytes.len - wire->open > PFL_WIRE_LINE_MAX)
        wire->overflow = "a line of more than 1 MiB";
}

void pfl_wire_finish(struct pfl_wire *wire, int64_t at_ns)
{
    if (wire->bytes.error || wire->overflow || wire->no_memory || wire->open >= wire->bytes.len)
        return;
    end_line(wire, wire->bytes.len, at_ns, 0);
    wire->open = wire->bytes.len;
}

void pfl_wire_quote(struct pfl_buf *buf, const char *line, size_t len)
{
    struct pfl_buf escaped;

    pfl_buf_init(&escaped, 8192);
    pfl_text_escape(&escaped, line, len < 500 ? len : 500); /* more never fits 120 columns */
    pfl_text_fit(buf, pfl_buf_cstr(&escaped), 120);
    if (escaped.error)
        buf->error = escaped.error;
    pfl_buf_release(&escaped);
}
