/* What the writing and the reading half of a packet share: its byte form (docs/ledger.md). */
#ifndef PFL_STORE_PACKET_FORM_H
#define PFL_STORE_PACKET_FORM_H

#include "store/packet.h"

enum {
    PFL_PACKET_VERSION = 1,
    PFL_PACKET_CHECKSUM = 8, /* bytes, at the body's end */
    PFL_PACKET_RUN = 2,
    PFL_PACKET_MEDIAN = 8,
    PFL_PACKET_BITMAP = PFL_STORE_PACKET_MAX / 8,
};

/* How a column is kept: decimal with exponent e is DECIMAL + e; HOLES is a flag. */
enum {
    PFL_PACKET_NONE = 0,
    PFL_PACKET_DECIMAL = 1,
    PFL_PACKET_EXPONENT_MAX = 22, /* 10^22 is the last that a double holds */
    PFL_PACKET_BITS = 24,
    PFL_PACKET_HOLES = 0x80,
};
enum { PFL_PACKET_PLANE_RAW, PFL_PACKET_PLANE_SPARSE };

enum { PFL_PACKET_COLUMNS = 8 };
extern const size_t pfl_packet_columns[PFL_PACKET_COLUMNS]; /* places in struct pfl_summary */

uint64_t pfl_packet_bits(double value);
double pfl_packet_double(uint64_t bits);
/* The integer nearest to value · 10^exponent; 0 when that is not below 2^53. */
int64_t pfl_packet_nearest(double value, int exponent);
double pfl_packet_decimal(int64_t multiple, int exponent); /* multiple / 10^exponent */
/* Of all that lies before the checksum's own place: the body is to end there. */
uint64_t pfl_packet_checksum(const struct pfl_store_packet *packet);

#endif
