/*
 * Writing CSV fields. Names come from foreign files and may hold anything, so they are escaped as
 * on a terminal; most are plain, which is looked for first, as histories have millions of fields.
 */
#include "formats/csv_write.h"

#include "base/json.h"
#include "base/text.h"
#include "base/units.h"

#include <math.h>
#include <string.h>

/* Letters, digits and what names mostly have besides. */
static bool is_plain(const char *text)
{
    for (; *text; text++) {
        char c = *text;

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '.' || c == '_' || c == '-' || c == '/'))
            return false;
    }
    return true;
}

void pfl_csv_put_field(struct pfl_buf *out, const char *text)
{
    struct pfl_buf shown;
    const char *at;
    bool quotes;

    if (is_plain(text)) {
        pfl_buf_text(out, text);
        return;
    }
    pfl_buf_init(&shown, PFL_JSON_STRING_MAX * (size_t)4);
    pfl_text_escape(&shown, text, strlen(text));
    at = pfl_buf_cstr(&shown);
    quotes = strpbrk(at, ",\"; ") || *at == '#';
    if (quotes)
        pfl_buf_char(out, '"');
    for (; *at; at++) {
        if (*at == '"')
            pfl_buf_char(out, '"');
        pfl_buf_char(out, *at);
    }
    if (quotes)
        pfl_buf_char(out, '"');
    if (shown.error)
        out->error = shown.error;
    pfl_buf_release(&shown);
}

void pfl_csv_put_number(struct pfl_buf *out, double value)
{
    char text[PFL_UNITS_NUMBER_MAX];

    pfl_buf_char(out, ',');
    if (!isfinite(value))
        return;
    pfl_units_number_text(text, value);
    pfl_buf_text(out, text);
}
