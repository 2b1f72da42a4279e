/*
 * Packets in the ledger. New points go into the last packet of their series while that is less than
 * half full, so that small batches do not leave a trail of small packets; else into packets of
 * their own. A packet that grows becomes a new row, behind all others: a row that grows where it
 * is leaves its page half empty, and over an import that adds up to a third of the file.
 *
 * Hot rows become packets by sweeps: once enough runs have come since the last sweep, the hot rows
 * of all but the newest are packed, series by series. An add moves about as many rows as it
 * brought, so no single one waits for a sweep; its place stands in the table `sweep`, and the next
 * add, of whichever process, goes on there. Where runs are large it is done sooner: their hot rows
 * lie on as many pages as there are series, and few per page make an add dear. Runs are meant by
 * number: races, and runs that were packed at once, only make a sweep come sooner.
 */
#include "store/sqlite.h"

#include <math.h>
#include <stdlib.h>

static const char packing[] = "packing points";

enum { HALF_FULL = PFL_STORE_PACKET_MAX / 2 };
enum { SWEEP_LEAST = 256, SERIES_COST = 8, SWEEP_MOST = 4096 };
enum { LARGE_RUN = 1000 };

/* How many runs stay hot, and how many may have come by until a sweep is due. */
static const struct pace {
    int64_t keep, due;
} small_runs = {128, 256}, large_runs = {16, 48};

struct pfl_store_packet pfl_sqlite_packet_of(sqlite3_stmt *stmt)
{
    struct pfl_store_packet packet = {.first = sqlite3_column_int64(stmt, 0),
                                      .definition = sqlite3_column_int64(stmt, 1),
                                      .n = (size_t)sqlite3_column_int64(stmt, 2)};
    struct pfl_store_cursor *const parts[] = {&packet.runs, &packet.medians, &packet.body};
    int i;

    for (i = 0; i < 3; i++) {
        parts[i]->at = sqlite3_column_blob(stmt, 3 + i);
        parts[i]->end = parts[i]->at + (parts[i]->at ? sqlite3_column_bytes(stmt, 3 + i) : 0);
    }
    return packet;
}

/* NULL reads as 0, so only a 0 needs the second question: this is called nine times per point. */
static double number_or_nan(sqlite3_stmt *stmt, int column)
{
    double value = sqlite3_column_double(stmt, column);

    return value == 0 && sqlite3_column_type(stmt, column) == SQLITE_NULL ? (double)NAN : value;
}

void pfl_sqlite_read_entry(sqlite3_stmt *stmt, struct pfl_store_entry *entry)
{
    struct pfl_summary *summary = &entry->summary;

    entry->run = sqlite3_column_int64(stmt, 0);
    entry->definition = sqlite3_column_int64(stmt, 1);
    summary->n = (size_t)sqlite3_column_int64(stmt, 2);
    summary->median = number_or_nan(stmt, 3);
    summary->ci_low = number_or_nan(stmt, 4);
    summary->ci_high = number_or_nan(stmt, 5);
    summary->mean = number_or_nan(stmt, 6);
    summary->stddev = number_or_nan(stmt, 7);
    summary->min = number_or_nan(stmt, 8);
    summary->max = number_or_nan(stmt, 9);
    summary->q1 = number_or_nan(stmt, 10);
    summary->q3 = number_or_nan(stmt, 11);
}

/* --- packets in --- */

static int put_packet(struct pfl_sqlite *s, int64_t series, const struct pfl_store_entry *entries,
                      size_t n, struct pfl_err *err)
{
    struct pfl_buf *buf = &s->waiting.packet;
    struct pfl_store_packet packet;
    sqlite3_stmt *stmt;
    int code;

    pfl_buf_clear(buf);
    buf->max = PFL_STORE_FRAME_MAX;
    code = pfl_store_packet_write(entries, n, buf, &packet, err);
    if (!code)
        code = pfl_sqlite_use(s, PFL_SQLITE_PUT_PACKET, &stmt, packing, err);
    if (code)
        return code;
    sqlite3_bind_int64(stmt, 1, series);
    sqlite3_bind_int64(stmt, 2, packet.first);
    sqlite3_bind_int64(stmt, 3, entries[n - 1].run);
    sqlite3_bind_int64(stmt, 4, (int64_t)n);
    if (packet.definition)
        sqlite3_bind_int64(stmt, 5, packet.definition);
    sqlite3_bind_blob(stmt, 6, packet.runs.at, (int)(packet.runs.end - packet.runs.at),
                      SQLITE_STATIC);
    sqlite3_bind_blob(stmt, 7, packet.medians.at, (int)(packet.medians.end - packet.medians.at),
                      SQLITE_STATIC);
    sqlite3_bind_blob(stmt, 8, packet.body.at, (int)(packet.body.end - packet.body.at),
                      SQLITE_STATIC);
    s->batch_bytes += buf->len;
    return pfl_sqlite_run(s, stmt, packing, err);
}

/* *number 0: there is none, or it is full enough. */
static int find_last(struct pfl_sqlite *s, int64_t series, int64_t *number, struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(s, PFL_SQLITE_LAST_PACKET, &stmt, packing, err);

    if (got)
        return got;
    sqlite3_bind_int64(stmt, 1, series);
    got = pfl_sqlite_step(s, stmt, packing, err);
    *number =
        got > 0 && sqlite3_column_int64(stmt, 1) < HALF_FULL ? sqlite3_column_int64(stmt, 0) : 0;
    sqlite3_reset(stmt);
    return got < 0 ? got : PFL_OK;
}

static int compare_runs(const void *a, const void *b)
{
    const struct pfl_store_entry *x = a, *y = b;

    return (x->run > y->run) - (x->run < y->run);
}

static int drop_packet(struct pfl_sqlite *s, int64_t number, struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int code = pfl_sqlite_use(s, PFL_SQLITE_DROP_PACKET, &stmt, packing, err);

    if (code)
        return code;
    sqlite3_bind_int64(stmt, 1, number);
    return pfl_sqlite_run(s, stmt, packing, err);
}

/* The packet's entries come to the others, in order; its row goes. */
static int take_in(struct pfl_sqlite *s, int64_t number, struct pfl_sqlite_entries *entries,
                   struct pfl_err *err)
{
    struct pfl_store_packet packet;
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(s, PFL_SQLITE_GET_PACKET, &stmt, packing, err);

    if (got)
        return got;
    sqlite3_bind_int64(stmt, 1, number);
    got = pfl_sqlite_step(s, stmt, packing, err);
    if (got <= 0)
        return got;
    packet = pfl_sqlite_packet_of(stmt);
    got = pfl_vec_reserve(entries, entries->n + PFL_STORE_PACKET_MAX)
              ? pfl_store_packet_read(&packet, entries->at + entries->n, err)
              : pfl_err_no_memory(err);
    sqlite3_reset(stmt);
    if (got)
        return got;
    entries->n += packet.n;
    qsort(entries->at, entries->n, sizeof *entries->at, compare_runs);
    return drop_packet(s, number, err);
}

/* How many of the entries one packet takes: even shares, and no more run numbers than it can tell
 * apart. */
static size_t share(const struct pfl_store_entry *entries, size_t n)
{
    size_t packets = (n + PFL_STORE_PACKET_MAX - 1) / PFL_STORE_PACKET_MAX,
           most = (n + packets - 1) / packets, i;

    for (i = 1; i < most && entries[i].run - entries[0].run < PFL_STORE_PACKET_SPAN; i++)
        ;
    return i;
}

int pfl_sqlite_pack(struct pfl_sqlite *s, int64_t series, struct pfl_sqlite_entries *entries,
                    struct pfl_err *err)
{
    int64_t number = 0;
    size_t at = 0, n;
    int code = find_last(s, series, &number, err);

    if (!code && number)
        code = take_in(s, number, entries, err);
    for (; at < entries->n && !code; at += n) {
        n = share(entries->at + at, entries->n - at);
        code = put_packet(s, series, entries->at + at, n, err);
    }
    return code;
}

/* --- sweeps --- */

struct sweep {
    int64_t upto, series; /* rows of runs up to there; the next series, 0: no sweep is under way */
    int64_t newest;       /* run */
};

static int get_sweep(struct pfl_sqlite *s, struct sweep *sweep, struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(s, PFL_SQLITE_GET_SWEEP, &stmt, packing, err);

    if (!got)
        got = pfl_sqlite_step(s, stmt, packing, err);
    if (got <= 0)
        return got;
    sweep->upto = sqlite3_column_int64(stmt, 0);
    sweep->series = sqlite3_column_int64(stmt, 1);
    sweep->newest = sqlite3_column_int64(stmt, 2);
    sqlite3_reset(stmt);
    return PFL_OK;
}

static int set_sweep(struct pfl_sqlite *s, const struct sweep *sweep, struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int code = pfl_sqlite_use(s, PFL_SQLITE_SET_SWEEP, &stmt, packing, err);

    if (code)
        return code;
    sqlite3_bind_int64(stmt, 1, sweep->upto);
    sqlite3_bind_int64(stmt, 2, sweep->series);
    return pfl_sqlite_run(s, stmt, packing, err);
}

/* The first series from there on that has hot rows; 0: none. */
static int next_hot(struct pfl_sqlite *s, int64_t *series, struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(s, PFL_SQLITE_NEXT_HOT_SERIES, &stmt, packing, err);

    if (got)
        return got;
    sqlite3_bind_int64(stmt, 1, *series);
    got = pfl_sqlite_step(s, stmt, packing, err);
    if (got > 0)
        *series = sqlite3_column_int64(stmt, 0); /* NULL reads as 0 */
    sqlite3_reset(stmt);
    return got < 0 ? got : PFL_OK;
}

static int old_rows(struct pfl_sqlite *s, const struct sweep *sweep,
                    struct pfl_sqlite_entries *entries, struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int got = pfl_sqlite_use(s, PFL_SQLITE_OLD_POINTS, &stmt, packing, err);

    if (got)
        return got;
    sqlite3_bind_int64(stmt, 1, sweep->series);
    sqlite3_bind_int64(stmt, 2, sweep->upto);
    sqlite3_bind_int(stmt, 3, SWEEP_MOST);
    entries->n = 0;
    while ((got = pfl_sqlite_step(s, stmt, packing, err)) > 0) {
        if (!pfl_vec_reserve(entries, entries->n + 1)) {
            sqlite3_reset(stmt);
            return pfl_err_no_memory(err);
        }
        pfl_sqlite_read_entry(stmt, &entries->at[entries->n++]);
    }
    return got;
}

static int drop_old_rows(struct pfl_sqlite *s, int64_t series, int64_t upto, struct pfl_err *err)
{
    sqlite3_stmt *stmt;
    int code = pfl_sqlite_use(s, PFL_SQLITE_DROP_OLD_POINTS, &stmt, packing, err);

    if (code)
        return code;
    sqlite3_bind_int64(stmt, 1, series);
    sqlite3_bind_int64(stmt, 2, upto);
    return pfl_sqlite_run(s, stmt, packing, err);
}

/* One series, or the most that is moved at once of it; *moved grows by what it cost. Few rows stay
 * where they are until there are more. */
static int sweep_series(struct pfl_sqlite *s, struct sweep *sweep, size_t *moved,
                        struct pfl_err *err)
{
    struct pfl_sqlite_entries *entries = &s->waiting.entries;
    int64_t series = sweep->series, upto;
    int code = old_rows(s, sweep, entries, err);

    *moved += SERIES_COST + entries->n;
    if (entries->n < SWEEP_MOST)
        sweep->series++;
    if (code || entries->n < PFL_SQLITE_PACK_LEAST)
        return code;
    upto = entries->at[entries->n - 1].run; /* packing reorders them */
    code = pfl_sqlite_pack(s, series, entries, err);
    return code ? code : drop_old_rows(s, series, upto, err);
}

int pfl_sqlite_sweep(struct pfl_sqlite *s, size_t added, struct pfl_err *err)
{
    const struct pace *pace = added < LARGE_RUN ? &small_runs : &large_runs;
    struct sweep sweep = {0, 0, 0};
    size_t moved = 0;
    int code = get_sweep(s, &sweep, err);

    if (code || (!sweep.series && sweep.newest - sweep.upto < pace->due))
        return code;
    if (!sweep.series)
        sweep = (struct sweep){sweep.newest - pace->keep, 1, sweep.newest};
    while (!code && sweep.series && moved < added + SWEEP_LEAST) {
        code = next_hot(s, &sweep.series, err);
        if (!code && sweep.series)
            code = sweep_series(s, &sweep, &moved, err);
    }
    return code ? code : set_sweep(s, &sweep, err);
}
