/*
 * Errors: one list of codes, one struct that says what happened.
 *
 * A function that can fail returns PFL_OK or one of the negative codes below and fills the
 * `struct pfl_err` it was given (NULL: the caller does not want the words). A message says what was
 * being done, to what, why it failed, and what the user can do; it is one sentence or several
 * lines, without a trailing newline and without the program's name. Only cli/ prints it.
 *
 * The third column is the exit code that cli/ gives when this error ends a command.
 */
#ifndef PFL_BASE_ERR_H
#define PFL_BASE_ERR_H

#include "base/macros.h"

#include <stdarg.h>

/*      symbol       code exit sentence */
#define PFL_ERR_LIST(X)                                                                            \
    X(PFL_ENOMEM, -1, 3, "out of memory")                                                          \
    X(PFL_EUSAGE, -2, 2, "the command line is not usable")                                         \
    X(PFL_ECONFIG, -3, 2, "the configuration is not usable")                                       \
    X(PFL_EPARSE, -4, 2, "a file does not have the form it should have")                           \
    X(PFL_ELIMIT, -5, 2, "a limit was exceeded")                                                   \
    X(PFL_EINVAL, -6, 2, "a value is not usable")                                                  \
    X(PFL_ENOENT, -7, 2, "something that was named does not exist")                                \
    X(PFL_EIO, -8, 3, "reading or writing failed")                                                 \
    X(PFL_EPERM, -9, 3, "permission was denied")                                                   \
    X(PFL_EFULL, -10, 3, "the disk is full")                                                       \
    X(PFL_ECORRUPT, -11, 3, "a file is damaged")                                                   \
    X(PFL_EVERSION, -12, 3, "a file was written by a newer version")                               \
    X(PFL_EBUSY, -13, 3, "something is in use by another process")                                 \
    X(PFL_ESYSTEM, -14, 3, "the system refused a request")                                         \
    X(PFL_EGATE, -15, 1, "a gate said no")                                                         \
    X(PFL_ECOMMAND, -16, 4, "a measured command failed")                                           \
    X(PFL_EINCONCLUSIVE, -17, 5, "the data cannot decide")                                         \
    X(PFL_ENOTHING, -18, 6, "there is nothing to judge")                                           \
    X(PFL_EINTERRUPTED, -19, 130, "interrupted")                                                   \
    X(PFL_EBUG, -20, 70, "a bug in perfledger")

enum {
    PFL_OK = 0,
#define PFL_ERR_ENUM(symbol, code, status, sentence) symbol = code,
    PFL_ERR_LIST(PFL_ERR_ENUM)
#undef PFL_ERR_ENUM
};

enum { PFL_ERR_MESSAGE_MAX = 8192, PFL_ERR_FILE_MAX = 512 };

/* Where in the user's input it happened: file "" = not in a file; line 0 = whole file. Columns
 * count code points from 1. Plain storage, no release needed. */
struct pfl_err {
    int code;
    int os_errno; /* 0: not from the system */
    int line;
    int column;
    char file[PFL_ERR_FILE_MAX];
    char message[PFL_ERR_MESSAGE_MAX];
};

/* Fills err (may be NULL) and returns code, so that `return pfl_err_set(err, PFL_EIO, "…")` works.
 * An earlier content is replaced. Truncation keeps whole UTF-8 sequences and ends in "…". */
int pfl_err_set(struct pfl_err *err, int code, const char *format, ...) PFL_PRINTF(3, 4);

/* The same with errno's value kept and its text appended as ": No space left on device".
 * ENOSPC/EDQUOT turn code into PFL_EFULL, EACCES/EPERM/EROFS into PFL_EPERM, ENOMEM into
 * PFL_ENOMEM. */
int pfl_err_set_os(struct pfl_err *err, int code, int os_errno, const char *format, ...)
    PFL_PRINTF(4, 5);

/* The same with a place in the user's input. */
int pfl_err_set_at(struct pfl_err *err, int code, const char *file, int line, int column,
                   const char *format, ...) PFL_PRINTF(6, 7);

/* PFL_ENOMEM with the standard sentence. */
int pfl_err_no_memory(struct pfl_err *err);

/* Puts "what: " before the message: for a caller that knows more than the callee did. */
void pfl_err_prefix(struct pfl_err *err, const char *format, ...) PFL_PRINTF(2, 3);

void pfl_err_clear(struct pfl_err *err);

/* The sentence ("the disk is full"), symbol ("PFL_EFULL") and exit code of a code; unknown codes
 * get the texts of PFL_EBUG. Static storage. */
const char *pfl_err_sentence(int code);
const char *pfl_err_symbol(int code);
int pfl_err_exit_status(int code);

/* A broken invariant of our own: reports through the hook (cli/ installs one that prints and exits
 * with 70) and never returns. */
#define PFL_BUG(...) pfl_err_bug(__FILE__, __LINE__, __VA_ARGS__)
void pfl_err_bug(const char *file, int line, const char *format, ...) PFL_PRINTF(3, 4) PFL_NORETURN;
void pfl_err_set_bug_hook(void (*hook)(const char *file, int line, const char *message));

#endif
