/*
 * Errors are plain structs filled at the place of failure and carried up unchanged; callers may
 * only put words before the message. The system's codes that have a remedy of their own (disk full,
 * permission, memory) are told apart here, once, so that no caller has to.
 */
#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void (*bug_hook)(const char *file, int line, const char *message);

static void end_cut_text(char *text, size_t size)
{
    static const char dots[] = "…";
    size_t at = size - sizeof dots;

    while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80)
        at--;
    memcpy(text + at, dots, sizeof dots);
}

static void PFL_PRINTF(3, 0) format_into(char *text, size_t size, const char *format, va_list args)
{
    int len = vsnprintf(text, size, format, args);

    if (len < 0)
        text[0] = 0;
    else if ((size_t)len >= size)
        end_cut_text(text, size);
}

static int PFL_PRINTF(3, 0) fill(struct pfl_err *err, int code, const char *format, va_list args)
{
    if (err) {
        pfl_err_clear(err);
        err->code = code;
        format_into(err->message, sizeof err->message, format, args);
    }
    return code;
}

int pfl_err_set(struct pfl_err *err, int code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fill(err, code, format, args);
    va_end(args);
    return code;
}

static int code_of_errno(int code, int os_errno)
{
    switch (os_errno) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return PFL_EFULL;
    case EACCES:
    case EPERM:
    case EROFS: return PFL_EPERM;
    case ENOMEM: return PFL_ENOMEM;
    default: return code;
    }
}

int pfl_err_set_os(struct pfl_err *err, int code, int os_errno, const char *format, ...)
{
    va_list args;
    size_t len;

    code = code_of_errno(code, os_errno);
    va_start(args, format);
    fill(err, code, format, args);
    va_end(args);
    if (err) {
        err->os_errno = os_errno;
        len = strlen(err->message);
        snprintf(err->message + len, sizeof err->message - len, ": %s", strerror(os_errno));
    }
    return code;
}

int pfl_err_set_at(struct pfl_err *err, int code, const char *file, int line, int column,
                   const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fill(err, code, format, args);
    va_end(args);
    if (err) {
        snprintf(err->file, sizeof err->file, "%s", file ? file : "");
        err->line = line;
        err->column = column;
    }
    return code;
}

int pfl_err_no_memory(struct pfl_err *err)
{
    return pfl_err_set(err, PFL_ENOMEM, "out of memory");
}

void pfl_err_prefix(struct pfl_err *err, const char *format, ...)
{
    char before[PFL_ERR_MESSAGE_MAX], whole[2 * PFL_ERR_MESSAGE_MAX];
    va_list args;

    if (!err)
        return;
    va_start(args, format);
    format_into(before, sizeof before, format, args);
    va_end(args);
    if (snprintf(whole, sizeof whole, "%s: %s", before, err->message) < 0)
        return;
    if (strlen(whole) >= sizeof err->message)
        end_cut_text(whole, sizeof err->message);
    snprintf(err->message, sizeof err->message, "%.*s", (int)sizeof err->message - 1, whole);
}

void pfl_err_clear(struct pfl_err *err)
{
    if (!err)
        return;
    err->code = PFL_OK;
    err->os_errno = err->line = err->column = 0;
    err->file[0] = err->message[0] = 0;
}

#define PFL_ERR_ROW(symbol, code, status, sentence) {code, status, #symbol, sentence},
static const struct {
    int code, status;
    const char *symbol, *sentence;
} rows[] = {{PFL_OK, 0, "PFL_OK", "fine"}, PFL_ERR_LIST(PFL_ERR_ROW)};

static size_t row_of(int code)
{
    size_t i;

    for (i = 0; i < PFL_COUNT(rows) - 1; i++)
        if (rows[i].code == code)
            break;
    return i; /* the last row is PFL_EBUG: what an unknown code is */
}

const char *pfl_err_sentence(int code)
{
    return rows[row_of(code)].sentence;
}

const char *pfl_err_symbol(int code)
{
    return rows[row_of(code)].symbol;
}

int pfl_err_exit_status(int code)
{
    return rows[row_of(code)].status;
}

void pfl_err_set_bug_hook(void (*hook)(const char *file, int line, const char *message))
{
    bug_hook = hook;
}

void pfl_err_bug(const char *file, int line, const char *format, ...)
{
    char message[PFL_ERR_MESSAGE_MAX];
    va_list args;

    va_start(args, format);
    format_into(message, sizeof message, format, args);
    va_end(args);
    if (bug_hook)
        bug_hook(file, line, message);
    abort();
}
