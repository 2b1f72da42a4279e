/*
 * A ledger's history as CSV or JSON, written piece by piece: the caller takes the bytes out of the
 * buffer whenever it likes. The columns are told in docs/formats.md, "Histories".
 */
#ifndef PFL_FORMATS_HISTORY_H
#define PFL_FORMATS_HISTORY_H

#include "base/json.h"
#include "model/history.h"

struct pfl_history_writer {
    struct pfl_buf *out; /* may be emptied between calls */
    enum pfl_history_every every;
    bool json;
    /* private */
    struct pfl_json_writer w;
    struct pfl_buf prefix; /* of the series at hand: its fields of a CSV record */
    bool in_series;
};

void pfl_history_writer_begin(struct pfl_history_writer *writer, struct pfl_buf *out,
                              enum pfl_history_every every, bool json);
/* The records that follow are of this series. */
void pfl_history_writer_series(struct pfl_history_writer *writer,
                               const struct pfl_history_series *series);
void pfl_history_writer_record(struct pfl_history_writer *writer,
                               const struct pfl_history_record *record);
/* Ends the document; also releases what the writer holds. */
void pfl_history_writer_end(struct pfl_history_writer *writer);

#endif
