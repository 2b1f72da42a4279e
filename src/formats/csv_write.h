/* Fields of CSV as every CSV of perfledger's has them. */
#ifndef PFL_FORMATS_CSV_WRITE_H
#define PFL_FORMATS_CSV_WRITE_H

#include "base/buf.h"

/* Quoted where a reader would need it; control characters as \x1b: nobody's terminal or
 * spreadsheet shall run them. */
void pfl_csv_put_field(struct pfl_buf *out, const char *text);
/* A comma and the number; nothing behind the comma for what is none. */
void pfl_csv_put_number(struct pfl_buf *out, double value);

#endif
