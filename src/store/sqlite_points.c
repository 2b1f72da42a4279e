/*
 * Points go in. In an ordinary ledger each is at once a hot row of `summary`. In a bulk ledger they
 * wait in memory, chained by series, until there is a commit or the memory is full, and go out as
 * packets of many points: writing a point of each of 28,000 series per run would touch a page per
 * point. Series of which few points wait get hot rows all the same; a packet of three would cost
 * more than it saves.
 *
 * A waiting point is 16 bytes and the doubles that are no NaN. Nothing waits outside a transaction,
 * so what was committed is in the file.
 */
#include "store/sqlite.h"

#include "base/alloc.h"
#include "store/fields.h"

#include <math.h>
#include <string.h>

static const char recording[] = "recording a run";

enum { WAITING_BYTES = 64 << 20, UNIT = 8, HOT_ROW_BYTES = 100 };

struct waiting_point {
    uint32_t before; /* the series' one before: its place in units + 1; 0 = none */
    uint32_t run, definition;
    uint32_t n_and_fields; /* n << 8 | a bit per field from ci_low on */
};

void pfl_sqlite_drop_waiting(struct pfl_sqlite *s)
{
    pfl_free(s->waiting.bytes);
    pfl_vec_release(&s->waiting.entries);
    pfl_buf_release(&s->waiting.packet);
    memset(&s->waiting, 0, sizeof s->waiting);
}

static int put_hot(struct pfl_sqlite *s, int64_t series, const struct pfl_store_entry *entry,
                   struct pfl_err *err)
{
    const struct pfl_summary *summary = &entry->summary;
    sqlite3_stmt *stmt;
    int code = pfl_sqlite_use(s, PFL_SQLITE_ADD_SUMMARY, &stmt, recording, err);

    if (code)
        return code;
    sqlite3_bind_int64(stmt, 1, series);
    sqlite3_bind_int64(stmt, 2, entry->run);
    sqlite3_bind_int64(stmt, 3, entry->definition);
    sqlite3_bind_int64(stmt, 4, (int64_t)summary->n);
    sqlite3_bind_double(stmt, 5, summary->median); /* a NaN is bound as NULL, here and below */
    sqlite3_bind_double(stmt, 6, summary->ci_low);
    sqlite3_bind_double(stmt, 7, summary->ci_high);
    sqlite3_bind_double(stmt, 8, summary->mean);
    sqlite3_bind_double(stmt, 9, summary->stddev);
    sqlite3_bind_double(stmt, 10, summary->min);
    sqlite3_bind_double(stmt, 11, summary->max);
    sqlite3_bind_double(stmt, 12, summary->q1);
    sqlite3_bind_double(stmt, 13, summary->q3);
    s->batch_bytes += HOT_ROW_BYTES;
    return pfl_sqlite_run(s, stmt, recording, err);
}

static bool may_wait(const struct pfl_store_entry *entry)
{
    return entry->run <= UINT32_MAX && entry->definition <= UINT32_MAX &&
           entry->summary.n < 1 << 24;
}

static void wait_for_packing(struct pfl_sqlite *s, struct pfl_sqlite_known_series *known,
                             const struct pfl_store_entry *entry)
{
    struct pfl_summary summary = entry->summary;
    struct waiting_point point = {.before = known->tail,
                                  .run = (uint32_t)entry->run,
                                  .definition = (uint32_t)entry->definition,
                                  .n_and_fields = (uint32_t)summary.n << 8};
    unsigned char *at = s->waiting.bytes + s->waiting.len + sizeof point;
    double none = (double)NAN;
    size_t i;

    for (i = 0; i < PFL_STORE_SUMMARY_FIELDS; i++) {
        const double *value = pfl_store_summary_field(&summary, i);

        if (i && memcmp(value, &none, sizeof none) == 0)
            continue;
        point.n_and_fields |= i ? 1u << (i - 1) : 0;
        memcpy(at, value, sizeof *value);
        at += sizeof *value;
    }
    memcpy(s->waiting.bytes + s->waiting.len, &point, sizeof point);
    known->tail = (uint32_t)(s->waiting.len / UNIT) + 1;
    known->waiting++;
    s->waiting.len = (size_t)(at - s->waiting.bytes);
}

static int put_point(struct pfl_sqlite *s, size_t place, const struct pfl_store_entry *entry,
                     struct pfl_err *err)
{
    enum { LARGEST = sizeof(struct waiting_point) + PFL_STORE_SUMMARY_FIELDS * sizeof(double) };
    int code = PFL_OK;

    if (!s->bulk || !may_wait(entry))
        return put_hot(s, s->names.known.at[place].number, entry, err);
    if (!s->waiting.bytes) {
        s->waiting.bytes = pfl_alloc(WAITING_BYTES); /* what is not used costs nothing */
        if (!s->waiting.bytes)
            return pfl_err_no_memory(err);
    }
    if (s->waiting.len > WAITING_BYTES - LARGEST)
        code = pfl_sqlite_flush(s, err);
    if (!code)
        wait_for_packing(s, &s->names.known.at[place], entry);
    return code;
}

/* No point: a text, or nothing was measured. */
bool pfl_sqlite_is_point(const struct pfl_result *result)
{
    return !result->text && !isnan(result->summary.median);
}

int pfl_sqlite_add_point(struct pfl_sqlite *s, size_t place, const struct pfl_store_entry *entry,
                         bool *added, struct pfl_err *err)
{
    struct pfl_sqlite_known_series *known = &s->names.known.at[place];

    *added = known->last_run != entry->run;
    known->last_run = entry->run;
    return *added ? put_point(s, place, entry, err) : PFL_OK;
}

/* The chain is walked from its end: the entries come out oldest first. */
static int gather(struct pfl_sqlite *s, const struct pfl_sqlite_known_series *known,
                  struct pfl_err *err)
{
    struct pfl_sqlite_entries *entries = &s->waiting.entries;
    uint32_t tail = known->tail, left = known->waiting;

    if (!pfl_vec_reserve(entries, left))
        return pfl_err_no_memory(err);
    for (entries->n = left; left-- > 0;) {
        const unsigned char *at = s->waiting.bytes + (size_t)(tail - 1) * UNIT;
        struct pfl_store_entry *entry = &entries->at[left];
        struct waiting_point point;
        size_t i;

        memcpy(&point, at, sizeof point);
        at += sizeof point;
        entry->run = point.run;
        entry->definition = point.definition;
        entry->summary.n = point.n_and_fields >> 8;
        for (i = 0; i < PFL_STORE_SUMMARY_FIELDS; i++) {
            double *value = pfl_store_summary_field(&entry->summary, i);

            *value = (double)NAN;
            if (i && !(point.n_and_fields >> (i - 1) & 1))
                continue;
            memcpy(value, at, sizeof *value);
            at += sizeof *value;
        }
        tail = point.before;
    }
    return PFL_OK;
}

static int flush_series(struct pfl_sqlite *s, const struct pfl_sqlite_known_series *known,
                        struct pfl_err *err)
{
    struct pfl_sqlite_entries *entries = &s->waiting.entries;
    int code = gather(s, known, err);
    size_t i;

    if (!code && known->waiting >= PFL_SQLITE_PACK_LEAST)
        return pfl_sqlite_pack(s, known->number, entries, err);
    for (i = 0; i < entries->n && !code; i++)
        code = put_hot(s, known->number, &entries->at[i], err);
    return code;
}

int pfl_sqlite_flush(struct pfl_sqlite *s, struct pfl_err *err)
{
    size_t i;
    int code = PFL_OK;

    if (!s->waiting.len)
        return PFL_OK;
    for (i = 0; i < s->names.known.n && !code; i++) {
        struct pfl_sqlite_known_series *known = &s->names.known.at[i];

        if (!known->waiting)
            continue;
        code = flush_series(s, known, err);
        known->waiting = known->tail = 0;
    }
    s->waiting.len = 0; /* after a failure the batch is lost, and so is this */
    return code;
}
