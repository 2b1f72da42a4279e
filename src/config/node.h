/*
 * A YAML file as a tree of nodes that know where they stand. Internal to config/.
 *
 * Everything lives in the arena that pfl_config_source_read() was given. Aliases are shared nodes:
 * the "tree" is an acyclic graph whose unfolded size is bounded (PFL_CONFIG_MAX_NODES), so walking
 * it is bounded, too.
 */
#ifndef PFL_CONFIG_NODE_H
#define PFL_CONFIG_NODE_H

#include "base/arena.h"

#include <stdbool.h>

struct pfl_config_reader;

enum {
    PFL_CONFIG_MAX_BYTES = 16 << 20,
    PFL_CONFIG_MAX_NODES = 1000000, /* with every alias unfolded */
    PFL_CONFIG_MAX_DEPTH = 64,
};

enum pfl_config_kind { PFL_CONFIG_TEXT, PFL_CONFIG_LIST, PFL_CONFIG_MAP };

struct pfl_config_source {
    const char *file;
    const char *text; /* the whole file, as it is */
    size_t len;
    const size_t
        *lines; /* offset of each line's first byte; the byte-order mark is not part of the first */
    size_t line_count;
    struct pfl_config_node *root; /* NULL: nothing but comments */
};

struct pfl_config_node {
    const struct pfl_config_source *source;
    size_t at, len; /* place in the source: bytes */
    enum pfl_config_kind kind;
    bool plain;       /* a text without quotes: `yes` may be a boolean, "yes" may not */
    bool flow;        /* written with [ ] or { } */
    bool open;        /* still being read: an alias to it would contain itself */
    const char *text; /* of a text; "" when nothing was written */
    struct pfl_config_node **keys;  /* of a map: n texts, all different */
    struct pfl_config_node **items; /* of a list or a map: n values */
    size_t n;
    size_t weight; /* nodes in it, aliases unfolded */
};

/* Reads `text` (kept by reference) into *source. What is wrong with it becomes a problem of the
 * reader; false then. */
bool pfl_config_source_read(struct pfl_config_reader *reader, struct pfl_config_source *source);

/* Line and column (code points, from 1; may be NULL) of an offset. */
void pfl_config_source_place(const struct pfl_config_source *source, size_t at, int *line,
                             int *column);
/* The offset of a line and column, clamped into the file. */
size_t pfl_config_source_offset(const struct pfl_config_source *source, int line, int column);
/* False: no memory. */
bool pfl_config_source_index(struct pfl_config_source *source, struct pfl_arena *arena);

#endif
