/*
 * A pack: fields laid out one behind the other. One function that names a struct's fields in order
 * serves both ways, so what is written and what is read cannot drift apart:
 *
 *     static void pair(struct pfl_store_pack *pack, struct pfl_pair *pair)
 *     {
 *         pfl_store_pack_text(pack, &pair->name);
 *         pfl_store_pack_text(pack, &pair->value);
 *     }
 *
 * Writing never assigns through the pointers. Errors stick (PFL_ENOMEM, PFL_ELIMIT, PFL_ECORRUPT):
 * look once at the end. Texts are kept once per pack; read ones point into the pack's bytes, which
 * must live in an arena.
 */
#ifndef PFL_STORE_PACK_H
#define PFL_STORE_PACK_H

#include "base/map.h"
#include "base/vec.h"
#include "store/codec.h"

PFL_VEC(pfl_store_pack_texts, const char *);

struct pfl_store_pack {
    bool reading;
    bool plain; /* every text is new: for packs of a few texts, that need no numbers then */
    int error;
    struct pfl_buf *out;               /* writing */
    struct pfl_map seen;               /* writing: text → its number */
    struct pfl_store_cursor in;        /* reading */
    struct pfl_arena *arena;           /* reading: where arrays go */
    struct pfl_store_pack_texts texts; /* reading: by number */
    void *scratch;
    size_t scratch_size;
};

void pfl_store_pack_init_write(struct pfl_store_pack *pack, struct pfl_buf *out);
void pfl_store_pack_init_read(struct pfl_store_pack *pack, const struct pfl_store_cursor *in,
                              struct pfl_arena *arena);
void pfl_store_pack_release(struct pfl_store_pack *pack);
/* PFL_OK, or what went wrong; reading must have come to the end of the bytes. */
int pfl_store_pack_check(const struct pfl_store_pack *pack, struct pfl_err *err);
void pfl_store_pack_fail(struct pfl_store_pack *pack, int code); /* the first one stays */

void pfl_store_pack_bool(struct pfl_store_pack *pack, bool *value);
void pfl_store_pack_u64(struct pfl_store_pack *pack, uint64_t *value);
void pfl_store_pack_i64(struct pfl_store_pack *pack, int64_t *value);
void pfl_store_pack_int(struct pfl_store_pack *pack, int *value);
void pfl_store_pack_double(struct pfl_store_pack *pack, double *value);
void pfl_store_pack_text(struct pfl_store_pack *pack, const char **value); /* NULL stays NULL */
void pfl_store_pack_ints(struct pfl_store_pack *pack, int64_t *values, size_t n);
void pfl_store_pack_values(struct pfl_store_pack *pack, double *values, size_t n);

/* The length of an array, and when reading its zeroed memory. Answers how many elements to visit. A
 * damaged length cannot ask for more elements than there are bytes left. */
size_t pfl_store_pack_array(struct pfl_store_pack *pack, void **array, size_t *n, size_t size);

/* The same for arrays kept as columns, where an element may take no byte at all: a fixed limit
 * instead. */
enum { PFL_STORE_COLUMN_MAX = 1 << 24 };
size_t pfl_store_pack_column(struct pfl_store_pack *pack, void **array, size_t *n, size_t size);

/* Room for `count` numbers of 8 bytes until the next call; NULL: no memory (the error is set). */
void *pfl_store_pack_scratch(struct pfl_store_pack *pack, size_t count);

#endif
