/*
 * The wire against arbitrary bytes: gathered in pieces, every line parsed, quoted, and its names
 * made. What comes back must hold together: lines inside the bytes, texts without zero bytes,
 * numbers that are finite or NaN.
 */
#include "base/err.h"
#include "measure/name.h"
#include "measure/wire.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
    if (!condition)
        abort();
}

static void look_at(const struct pfl_wire_message *m, struct pfl_arena *arena)
{
    struct pfl_pair outer = {"size", "1"}, *params = m->params;
    size_t count = m->param_count, i;

    require(isfinite(m->value) || isnan(m->value));
    for (i = 0; i < m->sample_count; i++)
        require(isfinite(m->samples[i]) && m->samples[i] >= 0);
    for (i = 0; i < m->pair_count; i++)
        require(m->pairs[i].name && m->pairs[i].value);
    if (m->bench) {
        require(pfl_name_inside(arena, "p[size=1]", m->bench, &params, &count, &outer, 1) != NULL);
        require(count >= 1 && count <= m->param_count + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pfl_wire wire;
    struct pfl_arena arena;
    size_t i, piece = size ? 1 + data[0] % 64 : 1;

    pfl_wire_init(&wire);
    pfl_arena_init(&arena);
    for (i = 0; i < size; i += piece)
        pfl_wire_feed(&wire, (const char *)data + i, size - i < piece ? size - i : piece,
                      (int64_t)i, 1);
    pfl_wire_finish(&wire, (int64_t)size);
    for (i = 0; i < wire.lines.n; i++) {
        const struct pfl_wire_line *line = &wire.lines.at[i];
        struct pfl_wire_message message;
        struct pfl_err err = {0};
        struct pfl_buf quoted;

        require(line->at + line->len <= wire.bytes.len);
        if (pfl_wire_parse(wire.bytes.data + line->at, line->len, &arena, &message, &err) == PFL_OK)
            look_at(&message, &arena);
        else
            require(err.message[0] != 0);
        pfl_buf_init(&quoted, 4096);
        pfl_wire_quote(&quoted, wire.bytes.data + line->at, line->len);
        require(!quoted.error);
        pfl_buf_release(&quoted);
    }
    pfl_arena_release(&arena);
    pfl_wire_release(&wire);
    return 0;
}
