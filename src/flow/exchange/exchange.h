/* Foreign files and folders → runs: opens, finds out what it is, has it read. */
#ifndef PFL_FLOW_EXCHANGE_EXCHANGE_H
#define PFL_FLOW_EXCHANGE_EXCHANGE_H

#include "formats/format.h"

struct pfl_exchange {
    const char *format; /* --format; NULL: told by the content */
    const char *unit;   /* --unit, --better: of values whose file does not say; NULL */
    const enum pfl_better *better;
    bool in_folder; /* not named, but found in a folder: then it has to be a regular file */
    const struct pfl_format_memory *memory; /* NULL: nothing is known from before */
};

/* A file ("-": standard input) or a folder that is one format (criterion, asv). *format: what it
 * was taken for. PFL_ENOTHING: a folder that is none, or a file that no format takes (the message
 * says which there are), or one that has nothing of exchange->format. Runs and warnings go to the
 * sink. */
int pfl_exchange_read(const struct pfl_exchange *exchange, const char *path,
                      const struct pfl_format_sink *sink, const struct pfl_format **format,
                      struct pfl_err *err);

/* The one run that the path holds, summaries filled, in the arena; warnings become the run's. Fails
 * when there are several: PFL_EINVAL says how to name one. */
int pfl_exchange_read_one(const struct pfl_exchange *exchange, const char *path,
                          struct pfl_arena *arena, struct pfl_run *run, struct pfl_err *err);

/* "a, b and c" of those that can be read (or written), into buf. */
void pfl_exchange_names(struct pfl_buf *buf, bool written);

#endif
