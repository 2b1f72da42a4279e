/*
 * Words of people within sealed blocks: titles, notes and reasons, which the block's facts hold.
 *
 * They are sealed as they were typed, so their figures are no more than typed ones: they support
 * nothing, and must be supported. Where they stand is found by writing them as the block does. Of
 * several such places in a line the last one is theirs: a trend's note is its last column.
 */
#include "documents/prose_parts.h"

#include "base/json.h"
#include "documents/markdown.h"

#include <string.h>

enum { WORD_MAX = 1 << 20 };

static int add_word(struct pfl_prose_scan *scan, const char *raw, bool in_table)
{
    struct pfl_prose_word word = {.in_table = in_table};
    struct pfl_buf shown;

    if (!*raw)
        return PFL_OK;
    pfl_buf_init(&shown, WORD_MAX);
    pfl_markdown_text(&shown, raw);
    word.text = pfl_arena_text(scan->arena, pfl_buf_cstr(&shown));
    pfl_buf_release(&shown);
    return word.text && pfl_vec_push(&scan->words, &word) ? PFL_OK : pfl_err_no_memory(scan->err);
}

static bool is_ours(const char *key)
{
    return strcmp(key, "title") == 0 || strcmp(key, "note") == 0 || strcmp(key, "why") == 0;
}

int pfl_prose_take_words(struct pfl_prose_scan *scan)
{
    const struct pfl_block *block = &scan->blocks->at[scan->block];
    struct pfl_json_reader json;
    bool ours = false;
    int rc = PFL_OK, token;

    if (scan->words_block == scan->block)
        return PFL_OK;
    scan->words_block = scan->block;
    scan->words.n = 0;
    pfl_json_reader_init_text(&json, "facts", block->facts, block->facts_len);
    while (rc == PFL_OK && (token = pfl_json_next(&json, NULL)) > PFL_JSON_END) {
        if (token == PFL_JSON_STRING && ours)
            rc = add_word(scan, json.text, json.depth > 1);
        ours = token == PFL_JSON_KEY && is_ours(json.text);
    }
    pfl_json_reader_release(&json);
    return rc;
}

/* The last place of a word in the line; NULL: none. */
static const char *last_place(const struct pfl_prose_scan *scan, const char *word, size_t len)
{
    const char *at = scan->line_end;

    for (; (size_t)(at - scan->line_begin) >= len; at--)
        if (memcmp(at - len, word, len) == 0)
            return at - len;
    return NULL;
}

bool pfl_prose_is_word(const struct pfl_prose_scan *scan, const char *at)
{
    size_t i, len;
    const char *place;

    for (i = 0; i < scan->words.n; i++) {
        if (scan->words.at[i].in_table != (*scan->line_begin == '|'))
            continue;
        len = strlen(scan->words.at[i].text);
        place = last_place(scan, scan->words.at[i].text, len);
        if (place && at >= place && at < place + len)
            return true;
    }
    return false;
}
