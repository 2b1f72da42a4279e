/*
 * Names as parts of file names and links.
 *
 * A slug is for the eye of who lists a folder: what cannot stand in a file's name on every system
 * is left out, however foreign the name. It is not reversible and need not be unique: whoever makes
 * a file of it remembers the file in the block's facts.
 */
#include "documents/slug.h"

#include "base/hash.h"
#include "base/text.h"

#include <string.h>

enum { HASH_DIGITS = 8 };

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static void put_hash(struct pfl_buf *buf, const char *name)
{
    struct pfl_hash hash;
    char hex[PFL_HASH_HEX];

    pfl_hash_init(&hash);
    pfl_hash_add(&hash, name, strlen(name));
    pfl_hash_end(&hash, hex);
    pfl_buf_add(buf, hex, HASH_DIGITS);
}

void pfl_document_slug(struct pfl_buf *buf, const char *name)
{
    size_t begin = buf->len;
    bool gap = false;
    const char *at;

    for (at = name; *at && buf->len - begin < PFL_SLUG_MAX; at++) {
        if (is_word(*at) || ((*at == '.' || *at == '_' || *at == '-') && buf->len > begin)) {
            if (gap && buf->len > begin && *at != '-')
                pfl_buf_char(buf, '-');
            gap = false;
            pfl_buf_char(buf, *at);
        } else {
            gap = true;
        }
    }
    while (buf->len > begin && strchr("-.", buf->data[buf->len - 1]))
        pfl_buf_truncate(buf, buf->len - 1);
    if (*at || buf->len == begin) {
        if (buf->len > begin)
            pfl_buf_char(buf, '-');
        put_hash(buf, name);
    }
}

/* Letters of other scripts keep their place; ASCII signs go, and so do some that people write in
 * headings. */
void pfl_document_anchor(struct pfl_buf *buf, const char *heading)
{
    static const char *const signs[] = {"·", "…", "×", "→", "–", "—", "±", "≥", "≤", "“", "”", "’"};
    size_t i, len;

    while (*heading) {
        for (i = 0, len = 0; i < PFL_COUNT(signs) && len == 0; i++)
            if (pfl_text_starts(heading, signs[i]))
                len = strlen(signs[i]);
        if (len) {
            heading += len;
            continue;
        }
        if (*heading >= 'A' && *heading <= 'Z')
            pfl_buf_char(buf, (char)(*heading - 'A' + 'a'));
        else if (*heading == ' ')
            pfl_buf_char(buf, '-');
        else if (is_word(*heading) || *heading == '-' || *heading == '_' ||
                 (unsigned char)*heading >= 0x80)
            pfl_buf_char(buf, *heading);
        heading++;
    }
}

void pfl_document_target(struct pfl_buf *buf, const char *path)
{
    for (; *path; path++)
        if (is_word(*path) || strchr("/._-~#", *path) || (unsigned char)*path >= 0x80)
            pfl_buf_char(buf, *path);
        else
            pfl_buf_format(buf, "%%%02X", (unsigned)(unsigned char)*path);
}
