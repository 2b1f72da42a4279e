/*
 * CSV records (RFC 4180): fields between commas, "…" quotes with "" for one, line breaks inside
 * quotes. Blanks around a field are dropped, within quotes kept; empty lines and lines that begin
 * with # are passed over. Numbers are read in no locale, so that a decimal comma is two fields.
 */
#ifndef PFL_FORMATS_CSV_RECORDS_H
#define PFL_FORMATS_CSV_RECORDS_H

#include "formats/line_reader.h"

enum { PFL_CSV_FIELDS_MAX = 256 };

struct pfl_csv {
    struct pfl_line_reader lines;
    char delimiter; /* ',' unless set */
    int line;       /* where the record began */
    size_t count;   /* of fields */
    const char *fields[PFL_CSV_FIELDS_MAX];
    int columns[PFL_CSV_FIELDS_MAX]; /* where each began in its line, in bytes from 1 */
    /* private */
    struct pfl_buf text;
    size_t places[PFL_CSV_FIELDS_MAX];
};

void pfl_csv_init(struct pfl_csv *csv, const struct pfl_format_input *input);
void pfl_csv_release(struct pfl_csv *csv);

/* 1: a record, its fields valid until the next; 0: the end; PFL_EPARSE at file:line. */
int pfl_csv_next(struct pfl_csv *csv, struct pfl_err *err);

/* A number, or what stands for a missing one ("", NaN, NA, null, infinities). */
bool pfl_csv_number(const char *field, double *value);

#endif
