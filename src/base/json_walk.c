/*
 * Walking a JSON document: the few steps that every reader of a format takes, built on
 * pfl_json_next() alone. What is wrong for the caller becomes the reader's own error, with the
 * current token's place, and sticks like any other.
 */
#include "base/json.h"

#include <stdio.h>
#include <string.h>

const char *pfl_json_token_name(enum pfl_json_token token)
{
    static const char *const names[] = {
        [PFL_JSON_END] = "the end of the document",
        [PFL_JSON_OBJECT] = "an object",
        [PFL_JSON_OBJECT_END] = "the end of the object",
        [PFL_JSON_ARRAY] = "an array",
        [PFL_JSON_ARRAY_END] = "the end of the array",
        [PFL_JSON_KEY] = "a key",
        [PFL_JSON_STRING] = "a string",
        [PFL_JSON_NUMBER] = "a number",
        [PFL_JSON_BOOL] = "true or false",
        [PFL_JSON_NULL] = "null",
    };

    return names[token];
}

int pfl_json_fail(struct pfl_json_reader *r, struct pfl_err *err, const char *format, ...)
{
    char message[PFL_ERR_MESSAGE_MAX];
    va_list args;

    if (r->failed.code == PFL_OK) {
        va_start(args, format);
        vsnprintf(message, sizeof message, format, args);
        va_end(args);
        pfl_err_set_at(&r->failed, PFL_EPARSE, r->name, r->line, r->column, "%s", message);
    }
    return pfl_json_next(r, err); /* it answers with the error it has */
}

static int wrong_token(struct pfl_json_reader *r, enum pfl_json_token expected, struct pfl_err *err)
{
    return pfl_json_fail(r, err, "expected %s, found %s", pfl_json_token_name(expected),
                         pfl_json_token_name(r->token));
}

int pfl_json_expect(struct pfl_json_reader *r, enum pfl_json_token token, struct pfl_err *err)
{
    int rc = pfl_json_next(r, err);

    if (rc < 0)
        return rc;
    return r->token == token ? PFL_OK : wrong_token(r, token, err);
}

int pfl_json_next_key(struct pfl_json_reader *r, struct pfl_err *err)
{
    int rc = pfl_json_next(r, err);

    if (rc < 0)
        return rc;
    if (rc == PFL_JSON_OBJECT_END)
        return 0;
    return rc == PFL_JSON_KEY ? 1 : wrong_token(r, PFL_JSON_KEY, err);
}

int pfl_json_next_item(struct pfl_json_reader *r, struct pfl_err *err)
{
    int rc = pfl_json_next(r, err);

    return rc < 0 ? rc : rc != PFL_JSON_ARRAY_END && rc != PFL_JSON_END;
}

bool pfl_json_key_is(const struct pfl_json_reader *r, const char *key)
{
    size_t len = strlen(key);

    return r->token == PFL_JSON_KEY && r->text_len == len && memcmp(r->text, key, len) == 0;
}

int pfl_json_skip(struct pfl_json_reader *r, struct pfl_err *err)
{
    int rc = PFL_OK, depth;

    if (r->token == PFL_JSON_KEY || r->failed.code)
        rc = pfl_json_next(r, err);
    if (r->token == PFL_JSON_OBJECT || r->token == PFL_JSON_ARRAY)
        for (depth = r->depth; rc >= 0 && r->depth >= depth;)
            rc = pfl_json_next(r, err);
    return rc < 0 ? rc : PFL_OK;
}
