/*
 * What a cited run's file shows besides what its id proves.
 *
 * Medians, intervals and whatever else follows from the samples are no part of the id, so the file
 * could say anything there, and people read it. The run is written anew and the two texts are gone
 * through side by side: each key of the file must come in the new one, in that order, with the same
 * value. What the file lacks is no fault (an earlier version wrote less). Numbers may part in the
 * last digits, for another machine's libm computes them.
 */
#include "flow/log/evidence.h"

#include "base/json.h"
#include "formats/run_json.h"
#include "sys/file.h"

#include <math.h>
#include <string.h>

enum { RUN_MAX = 1 << 30 };
static const double last_digits = 1e-6;

struct reading {
    struct pfl_json_reader here, made;
    struct pfl_err *err;
};

static bool same_number(double a, double b)
{
    return a == b || fabs(a - b) <= last_digits * fmax(fabs(a), fabs(b)) || (isnan(a) && isnan(b));
}

static bool same_scalar(const struct pfl_json_reader *a, const struct pfl_json_reader *b)
{
    switch (a->token) {
    case PFL_JSON_STRING:
        return a->text_len == b->text_len && memcmp(a->text, b->text, a->text_len) == 0;
    case PFL_JSON_NUMBER: return same_number(a->number, b->number);
    case PFL_JSON_BOOL: return a->boolean == b->boolean;
    default: return true;
    }
}

static int same_value(struct reading *r);

/* 1: the key of the file comes, and its value is the same. */
static int same_member(struct reading *r)
{
    int rc;

    while ((rc = pfl_json_next_key(&r->made, r->err)) > 0 &&
           strcmp(r->made.text, r->here.text) != 0)
        if ((rc = pfl_json_skip(&r->made, r->err)) < 0)
            return rc;
    if (rc <= 0)
        return rc;
    rc = pfl_json_next(&r->here, r->err);
    if (rc >= 0)
        rc = pfl_json_next(&r->made, r->err);
    return rc < 0 ? rc : same_value(r);
}

static int same_object(struct reading *r)
{
    int rc, same;

    while ((rc = pfl_json_next_key(&r->here, r->err)) > 0)
        if ((same = same_member(r)) <= 0)
            return same;
    if (rc < 0)
        return rc;
    while ((rc = pfl_json_next_key(&r->made, r->err)) > 0)
        if ((rc = pfl_json_skip(&r->made, r->err)) < 0)
            break;
    return rc < 0 ? rc : 1;
}

static int same_array(struct reading *r)
{
    int here, made, same;

    for (;;) {
        here = pfl_json_next_item(&r->here, r->err);
        made = here < 0 ? here : pfl_json_next_item(&r->made, r->err);
        if (here < 0 || made < 0)
            return here < 0 ? here : made;
        if (here != made)
            return 0;
        if (!here)
            return 1;
        if ((same = same_value(r)) <= 0)
            return same;
    }
}

/* 1, 0, or a code below 0; the two stand at the first token of a value. */
static int same_value(struct reading *r)
{
    if (r->here.token != r->made.token)
        return 0;
    if (r->here.token == PFL_JSON_OBJECT)
        return same_object(r);
    return r->here.token == PFL_JSON_ARRAY ? same_array(r) : same_scalar(&r->here, &r->made);
}

static int compare(const struct pfl_buf *here, const struct pfl_buf *made, int *line,
                   struct pfl_err *err)
{
    struct reading r = {.err = err};
    int rc;

    pfl_json_reader_init_text(&r.here, "the file", pfl_buf_cstr(here), here->len);
    pfl_json_reader_init_text(&r.made, "the run", pfl_buf_cstr(made), made->len);
    rc = pfl_json_next(&r.here, err);
    if (rc >= 0)
        rc = pfl_json_next(&r.made, err);
    if (rc >= 0)
        rc = same_value(&r);
    *line = rc == 1 ? 0 : r.here.line;
    pfl_json_reader_release(&r.here);
    pfl_json_reader_release(&r.made);
    return rc < 0 ? rc : PFL_OK;
}

int pfl_flow_evidence_form(struct pfl_flow *flow, const struct pfl_run *run, const char **place,
                           int *line, struct pfl_err *err)
{
    const struct pfl_run_json_options options = {.indent = 1};
    const char *path;
    struct pfl_buf here, made;
    int rc = PFL_OK;

    *line = 0;
    *place =
        pfl_arena_format(flow->arena, "%s/runs/%s.json", flow->config.documents.folder, run->id);
    path = *place ? pfl_file_join(flow->root, *place, flow->arena) : NULL;
    if (!path)
        return pfl_err_no_memory(err);
    if (!pfl_file_exists(path))
        return PFL_OK;
    pfl_buf_init(&here, RUN_MAX);
    pfl_buf_init(&made, RUN_MAX);
    rc = pfl_file_read(path, &here, err);
    if (rc == PFL_OK) {
        pfl_run_json_write(run, &options, &made);
        rc = pfl_buf_check(&made, err, "writing a run that is cited");
    }
    if (rc == PFL_OK)
        rc = compare(&here, &made, line, err);
    pfl_buf_release(&here);
    pfl_buf_release(&made);
    return rc;
}
