/*
 * One pass over the bytes. A field that begins with a quote ends with the quote that no second one
 * follows; all others end at the next comma or line end, which is searched eight bytes at a time:
 * the well-known test for a zero byte in a word ((x − 01…01) & ~x & 80…80; A. Mycroft, 1987), of
 * the word xored with the byte that is sought.
 */
#include "csv.h"

#include <stdint.h>
#include <string.h>

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

void csv_init(struct csv *csv, const char *text, size_t len)
{
    csv->at = text;
    csv->end = text + len;
    csv->row = 0;
    csv->problem = NULL;
}

static uint64_t has_byte(uint64_t word, char byte)
{
    word ^= ONES * (unsigned char)byte;
    return (word - ONES) & ~word & HIGHS;
}

static const char *find_end_of_plain(const char *at, const char *end)
{
    uint64_t word;

    for (; end - at >= 8; at += 8) {
        memcpy(&word, at, sizeof word);
        if (has_byte(word, ',') | has_byte(word, '\n') | has_byte(word, '\r'))
            break;
    }
    while (at < end && *at != ',' && *at != '\n' && *at != '\r')
        at++;
    return at;
}

static int read_quoted(struct csv *csv, struct csv_field *field)
{
    const char *at = csv->at + 1;

    field->at = at;
    field->escaped = 0;
    for (;; at += 2) {
        at = memchr(at, '"', (size_t)(csv->end - at));
        if (!at) {
            csv->problem = "a quoted field is not closed";
            return -1;
        }
        if (at + 1 == csv->end || at[1] != '"')
            break;
        field->escaped = 1;
    }
    field->len = (size_t)(at - field->at);
    csv->at = at + 1;
    if (csv->at < csv->end && *csv->at != ',' && *csv->at != '\n' && *csv->at != '\r') {
        csv->problem = "there is text behind a closing quote";
        return -1;
    }
    return 0;
}

int csv_next(struct csv *csv, struct csv_field *fields, int room)
{
    struct csv_field field;
    int n = 0;

    if (csv->problem)
        return -1;
    while (csv->at < csv->end && (*csv->at == '\n' || *csv->at == '\r'))
        csv->at++;
    if (csv->at == csv->end)
        return 0;
    csv->row++;
    for (;; csv->at++) {
        if (csv->at < csv->end && *csv->at == '"') {
            if (read_quoted(csv, &field) < 0)
                return -1;
        } else {
            field.at = csv->at;
            csv->at = find_end_of_plain(csv->at, csv->end);
            field.len = (size_t)(csv->at - field.at);
            field.escaped = 0;
        }
        if (n < room)
            fields[n] = field;
        n++;
        if (csv->at == csv->end || *csv->at != ',')
            return n;
    }
}

size_t csv_unescape(const struct csv_field *field, char *to)
{
    const char *at = field->at, *end = at + field->len;
    char *out = to;

    while (at < end) {
        if (*at == '"')
            at++;
        *out++ = *at++;
    }
    return (size_t)(out - to);
}
