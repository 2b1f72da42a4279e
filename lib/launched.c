/*
 * One launch, and the lines in which it tells its parent: fields between tabs, texts with \t, \n
 * and \\ escaped, numbers as the bits of the double in hexadecimal, so that no locale has a say. It
 * is nobody else's format; parent and child are the same program.
 *
 *     h  COUNT  HASH                          I have so many cases, their names hash to this
 *     b  INDEX                                begins
 *     m  INDEX  NAME  VARIANT  UNIT  BETTER  BITS
 *     t  INDEX  NAME  VARIANT  UNIT  BETTER  TEXT
 *     e  INDEX  STATUS  REASON                ends
 *     w  0  TEXT                              a warning (warn.c), at any time
 *
 * The parent answers the first with the cases to run, in this order: their numbers in one line. A
 * case's lines are one write, after it is over, so that a body that crashes the process loses
 * nobody else's figures. The child keeps standard output out of the way (the parent did that): what
 * bodies print is not the report.
 */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LAUNCHED_FIELDS = 7 };

int pfl_lib_launched_fd(void)
{
    int fd = pfl_lib_descriptor(getenv(PFL_LIB_LAUNCH_VARIABLE));

    unsetenv(PFL_LIB_LAUNCH_VARIABLE); /* programs that a benchmark starts are no launches */
    if (fd <= STDERR_FILENO || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
        fd = -1;
    pfl_lib_warn_to_parent(fd);
    return fd;
}

/* FNV-1a over all names with their zeros. */
uint64_t pfl_lib_cases_hash(const struct pfl_lib_cases *cases)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    size_t i;
    const char *at;

    for (i = 0; i < cases->n; i++)
        for (at = cases->at[i].name;; at++) {
            hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
            if (!*at)
                break;
        }
    return hash;
}

/* ---- lines ---- */

static void launched_write_text(FILE *out, const char *text)
{
    fputc('\t', out);
    for (; text && *text; text++)
        switch (*text) {
        case '\t': fputs("\\t", out); break;
        case '\n': fputs("\\n", out); break;
        case '\\': fputs("\\\\", out); break;
        default: fputc(*text, out);
        }
}

void pfl_lib_said_write(FILE *out, const struct pfl_lib_said *said)
{
    uint64_t bits;

    fprintf(out, "%c\t%zu", said->kind, said->index);
    if (said->kind == 'h')
        fprintf(out, "\t%" PRIx64, said->names);
    if (said->kind == 'm' || said->kind == 't') {
        launched_write_text(out, said->metric.name);
        launched_write_text(out, said->metric.variant);
        launched_write_text(out, said->metric.unit);
        fprintf(out, "\t%d", (int)said->metric.better);
    }
    if (said->kind == 't')
        launched_write_text(out, said->metric.text);
    if (said->kind == 'm') {
        memcpy(&bits, &said->metric.value, sizeof bits);
        fprintf(out, "\t%" PRIx64, bits);
    }
    if (said->kind == 'e')
        fprintf(out, "\t%d", (int)said->status);
    if (said->kind == 'e' || said->kind == 'w')
        launched_write_text(out, said->reason);
    fputc('\n', out);
}

static void launched_unescape(char *text)
{
    char *out = text;

    for (; *text; text++) {
        if (*text == '\\' && text[1]) {
            text++;
            *out++ = *text == 't' ? '\t' : *text == 'n' ? '\n' : *text;
        } else {
            *out++ = *text;
        }
    }
    *out = 0;
}

static size_t launched_split(char *line, char *fields[LAUNCHED_FIELDS])
{
    size_t n = 0;

    while (n < LAUNCHED_FIELDS) {
        fields[n++] = line;
        line = strchr(line, '\t');
        if (!line)
            break;
        *line++ = 0;
    }
    return n;
}

bool pfl_lib_said_read(char *line, struct pfl_lib_said *said)
{
    char *fields[LAUNCHED_FIELDS];
    size_t n = launched_split(line, fields), i;
    uint64_t bits;

    memset(said, 0, sizeof *said);
    if (n < 2 || strlen(fields[0]) != 1)
        return false;
    said->kind = fields[0][0];
    said->index = strtoul(fields[1], NULL, 10);
    for (i = 2; i < n; i++)
        launched_unescape(fields[i]);
    switch (said->kind) {
    case 'b': return n == 2;
    case 'h': said->names = n == 3 ? strtoull(fields[2], NULL, 16) : 0; return n == 3;
    case 'w': said->reason = n == 3 ? fields[2] : ""; return n == 3;
    case 'e':
        if (n != 4)
            return false;
        said->status = (enum pfl_lib_status)strtol(fields[2], NULL, 10);
        said->reason = fields[3];
        return true;
    case 'm':
    case 't':
        if (n != LAUNCHED_FIELDS)
            return false;
        if (said->kind == 't') {
            said->metric.text = fields[6];
        } else {
            bits = strtoull(fields[6], NULL, 16);
            memcpy(&said->metric.value, &bits, sizeof bits);
        }
        said->metric.name = fields[2];
        said->metric.variant = fields[3];
        said->metric.unit = fields[4];
        said->metric.better = (enum pfl_direction)strtol(fields[5], NULL, 10);
        return true;
    default: return false;
    }
}

/* ---- the child ---- */

struct launched {
    const struct pfl_lib_cases *cases; /* as the parent counts them */
    int fd;
    FILE *lines; /* into text */
    char *text;
    size_t len, index;
};

static void launched_open(struct launched *child)
{
    child->lines = open_memstream(&child->text, &child->len);
    if (!child->lines)
        pfl_lib_no_memory();
}

/* Whole lines, whichever thread warns meanwhile. A parent that is gone is no reason to complain: it
 * was killed. */
static bool launched_write(int fd, const char *at, size_t len)
{
    static struct pfl_lib_lock lock;
    ssize_t sent = 0;

    pfl_lib_lock_take(&lock);
    for (; len > 0; at += sent, len -= (size_t)sent) {
        sent = write(fd, at, len);
        if (sent < 0 && errno == EINTR)
            sent = 0;
        else if (sent < 0)
            break;
    }
    pfl_lib_lock_give(&lock);
    return sent >= 0;
}

static void launched_send(struct launched *child)
{
    if (fclose(child->lines) != 0)
        pfl_lib_no_memory();
    if (!launched_write(child->fd, child->text, child->len))
        _exit(3);
    free(child->text);
}

bool pfl_lib_launched_warn(int fd, const char *text)
{
    const struct pfl_lib_said said = {.kind = 'w', .reason = text};
    struct launched child = {.fd = fd};

    bool heard;

    launched_open(&child);
    pfl_lib_said_write(child.lines, &said);
    if (fclose(child.lines) != 0)
        pfl_lib_no_memory();
    heard = launched_write(fd, child.text, child.len);
    free(child.text);
    return heard;
}

static size_t launched_index(const struct launched *child, const struct pfl_lib_case *c)
{
    size_t i;

    for (i = 0; i < child->cases->n && strcmp(child->cases->at[i].name, c->name) != 0; i++)
        ;
    return i;
}

static void launched_begin(void *context, const struct pfl_lib_case *c, size_t index, size_t of)
{
    struct launched *child = context;
    const struct pfl_lib_said said = {.kind = 'b', .index = launched_index(child, c)};

    (void)index;
    (void)of;
    launched_open(child);
    pfl_lib_said_write(child->lines, &said);
    launched_send(child);
}

static void launched_metric(void *context, const struct pfl_lib_metric *metric)
{
    struct launched *child = context;
    const struct pfl_lib_said said = {
        .kind = metric->text ? 't' : 'm', .index = child->index, .metric = *metric};

    pfl_lib_said_write(child->lines, &said);
}

static void launched_end(void *context, const struct pfl_lib_outcome *outcome)
{
    struct launched *child = context;
    struct pfl_lib_said said = {.kind = 'e', .status = outcome->status, .reason = outcome->reason};

    said.index = child->index = launched_index(child, outcome->of);
    launched_open(child);
    pfl_lib_outcome_metrics(outcome, launched_metric, child);
    pfl_lib_said_write(child->lines, &said);
    launched_send(child);
}

/* The parent's answer: numbers between blanks, to the end of the line. */
static bool launched_receive(struct launched *child, struct pfl_lib_cases *chosen)
{
    size_t number = 0;
    bool digits = false;
    char c;

    chosen->at = pfl_lib_alloc((child->cases->n + 1) * sizeof *chosen->at);
    for (chosen->n = 0;;) {
        ssize_t got = read(child->fd, &c, 1);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        if (c >= '0' && c <= '9') {
            number = number * 10 + (size_t)(c - '0');
            digits = true;
            continue;
        }
        if (digits && number < child->cases->n && chosen->n < child->cases->n)
            chosen->at[chosen->n++] = child->cases->at[number];
        number = 0;
        digits = false;
        if (c == '\n')
            return true;
    }
}

int pfl_lib_launched_serve(const struct pfl_lib_cases *cases, const struct pfl_lib_how *how, int fd)
{
    struct launched child = {.cases = cases, .fd = fd};
    const struct pfl_lib_listener listener = {launched_begin, launched_end, &child};
    const struct pfl_lib_said hello = {
        .kind = 'h', .index = cases->n, .names = pfl_lib_cases_hash(cases)};
    struct pfl_lib_cases chosen;

    launched_open(&child);
    pfl_lib_said_write(child.lines, &hello);
    launched_send(&child);
    if (launched_receive(&child, &chosen))
        pfl_lib_session_run(&chosen, how, &listener);
    free(chosen.at);
    close(fd);
    return 0;
}
