/*
 * What shell cannot do well, for run.sh:
 *
 *     proof_tell flat < JSON           every scalar as PATH<TAB>VALUE, paths like
 * results.0.ratio_ci.1 proof_tell share HITS N BAR      LOW<TAB>HIGH<TAB>STATE; exact binomial
 * limits, BAR like ≤0.01, ≥0.95 (also <=, >=) or -
 *
 * STATE: met, within chance, MISSED, shown, not run (share.c).
 */
#include "base/json.h"
#include "replay.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static long read_input(void *context, char *bytes, size_t size, struct pfl_err *err)
{
    (void)context;
    (void)err;
    return (long)fread(bytes, 1, size, stdin);
}

static void put_scalar(const struct pfl_json_reader *r, const struct pfl_buf *path)
{
    printf("%s\t", path->len ? pfl_buf_cstr((struct pfl_buf *)(size_t)path) + 1 : "");
    if (r->token == PFL_JSON_STRING)
        for (size_t i = 0; i < r->text_len; i++)
            putchar(r->text[i] == '\n' || r->text[i] == '\t' ? ' ' : r->text[i]);
    else if (r->token == PFL_JSON_NUMBER)
        printf("%.17g", r->number);
    else
        printf("%s", r->token == PFL_JSON_NULL ? "null" : r->boolean ? "true" : "false");
    putchar('\n');
}

/* The current token is a value's first. */
static int flatten(struct pfl_json_reader *r, struct pfl_buf *path, struct pfl_err *err)
{
    bool object = r->token == PFL_JSON_OBJECT;
    size_t len = path->len, i = 0;
    int rc;

    if (!object && r->token != PFL_JSON_ARRAY) {
        put_scalar(r, path);
        return PFL_OK;
    }
    while ((rc = object ? pfl_json_next_key(r, err) : pfl_json_next_item(r, err)) > 0) {
        if (object) {
            pfl_buf_format(path, ".%s", r->text);
            rc = pfl_json_next(r, err);
        } else
            pfl_buf_format(path, ".%zu", i++);
        if (rc < 0 || (rc = flatten(r, path, err)) < 0)
            break;
        pfl_buf_truncate(path, len);
    }
    return rc;
}

static int flat(void)
{
    struct pfl_json_reader reader;
    struct pfl_err err = {0};
    struct pfl_buf path;
    int rc;

    pfl_buf_init(&path, 1 << 16);
    pfl_json_reader_init(&reader, "standard input", read_input, NULL);
    rc = pfl_json_next(&reader, &err);
    if (rc >= 0)
        rc = flatten(&reader, &path, &err);
    if (rc < 0)
        fprintf(stderr, "proof_tell: %s\n", err.message);
    pfl_json_reader_release(&reader);
    pfl_buf_release(&path);
    return rc < 0 ? 2 : 0;
}

static int share(char **words)
{
    size_t hits = strtoul(words[0], NULL, 10), n = strtoul(words[1], NULL, 10);
    const char *bar = words[2];
    bool at_most = strncmp(bar, "≤", strlen("≤")) == 0 || bar[0] == '<';
    double limit = strcspn(bar, "0123456789") < strlen(bar)
                       ? strtod(bar + strcspn(bar, "0123456789"), NULL)
                       : (double)NAN;
    double low = 0, high = 1;

    if (n > 0)
        share_limits(hits, n, &low, &high);
    printf("%.4f\t%.4f\t%s\n", low, high, share_judge(hits, n, at_most, limit));
    return 0;
}

int main(int count, char **words)
{
    if (count == 2 && strcmp(words[1], "flat") == 0)
        return flat();
    if (count == 5 && strcmp(words[1], "share") == 0)
        return share(words + 2);
    fprintf(stderr, "usage: proof_tell flat | share HITS N BAR\n");
    return 2;
}
