/*
 * A packet: up to 256 points of one series, oldest run first, as bytes. Medians lie open (8 bytes
 * each, big-endian), and so do the run numbers (2 bytes above the first), because SQL can read
 * them: the view `points` does. The rest is packed beside the median. All comes back to the last
 * bit. docs/ledger.md has the byte format.
 */
#ifndef PFL_STORE_PACKET_H
#define PFL_STORE_PACKET_H

#include "model/run.h"
#include "store/codec.h"

struct pfl_store_entry { /* a point, as the ledger's tables number things */
    int64_t run, definition;
    struct pfl_summary summary;
};

enum { PFL_STORE_PACKET_MAX = 256, PFL_STORE_PACKET_SPAN = 1 << 16 };

struct pfl_store_packet {
    int64_t first;      /* the first point's run */
    int64_t definition; /* of all; 0: they differ, and the body has them */
    size_t n;
    struct pfl_store_cursor runs, medians, body; /* borrowed */
};

/* Appends the bytes to buf, into which the packet then points. Entries: rising runs, at most
 * PACKET_MAX of them over fewer than PACKET_SPAN run numbers. */
int pfl_store_packet_write(const struct pfl_store_entry *entries, size_t n, struct pfl_buf *buf,
                           struct pfl_store_packet *packet, struct pfl_err *err);

/* Fills packet->n entries. Of damaged bytes nothing is believed: PFL_ECORRUPT. */
int pfl_store_packet_read(const struct pfl_store_packet *packet, struct pfl_store_entry *entries,
                          struct pfl_err *err);
/* The entry of one run: 1; 0 when it has none. */
int pfl_store_packet_find(const struct pfl_store_packet *packet, int64_t run,
                          struct pfl_store_entry *entry, struct pfl_err *err);
/* Has it a point of that run? Looks at the run numbers only: the other bytes may be absent. */
bool pfl_store_packet_has(const struct pfl_store_packet *packet, int64_t run);

#endif
