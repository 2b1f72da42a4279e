/*
 * Change points as JSON: the shape of the command line's contract, and beside it what a script may
 * want to know of the series: its outcome, its autocorrelation, spikes, two levels, values that
 * were no numbers. What is not there is null.
 */
#include "report/changes.h"

#include "base/json.h"

#include <math.h>

static void put_text(struct pfl_json_writer *w, const char *key, const char *text)
{
    pfl_json_put_string(w, key, text && *text ? text : NULL);
}

static void put_change(struct pfl_json_writer *w, const struct pfl_change *change)
{
    const double interval[2] = {change->ratio_low, change->ratio_high};

    pfl_json_object(w);
    pfl_json_put_integer(w, "index", (int64_t)change->index);
    pfl_json_put_integer(w, "end", (int64_t)change->end);
    put_text(w, "revision", change->revision);
    pfl_json_put_number(w, "before", change->before);
    pfl_json_put_number(w, "after", change->after);
    pfl_json_put_number(w, "ratio", change->ratio);
    pfl_json_key(w, "ratio_ci");
    if (isnan(change->ratio_low))
        pfl_json_null(w);
    else
        pfl_json_numbers(w, interval, 2);
    pfl_json_put_number(w, "p", change->p);
    pfl_json_put_string(w, "kind", pfl_change_kind_text(change->kind));
    pfl_json_put_string(w, "state", pfl_change_state_text(change->state));
    pfl_json_put_bool(w, "worse", change->worse);
    pfl_json_put_bool(w, "weak", change->weak);
    put_text(w, "note", change->note);
    pfl_json_object_end(w);
}

/* Where the series goes on under another name, definition or machine. */
static void put_boundary(struct pfl_json_writer *w, const struct pfl_series *series,
                         const struct pfl_boundary *boundary)
{
    int i;

    pfl_json_object(w);
    pfl_json_put_integer(w, "index", (int64_t)boundary->index);
    put_text(w, "revision", series->revisions ? series->revisions[boundary->index] : NULL);
    pfl_json_key(w, "what");
    pfl_json_array(w);
    for (i = 0; i < PFL_BOUNDARY_WHATS; i++)
        if (boundary->what & 1U << i)
            pfl_json_string(w, pfl_boundary_what_text((enum pfl_boundary_what)(1 << i)));
    pfl_json_array_end(w);
    pfl_json_put_string(w, "why", boundary->why);
    pfl_json_put_bool(w, "compares", boundary->compares);
    pfl_json_object_end(w);
}

static void put_series(struct pfl_json_writer *w, const struct pfl_series_changes *changes)
{
    const struct pfl_series *series = changes->series;
    size_t i;

    pfl_json_object(w);
    pfl_json_put_string(w, "benchmark", series->benchmark);
    pfl_json_put_string(w, "metric", series->metric);
    pfl_json_put_string(w, "variant", series->variant);
    put_text(w, "machine", series->machine);
    put_text(w, "unit", series->unit);
    pfl_json_put_integer(w, "n", (int64_t)series->n);
    pfl_json_put_string(w, "outcome", pfl_series_outcome_text(changes->outcome));
    pfl_json_put_number(w, "autocorrelation", changes->autocorrelation);
    pfl_json_put_integer(w, "unusable", (int64_t)changes->unusable);
    pfl_json_put_integer(w, "spikes", (int64_t)changes->spikes);
    pfl_json_put_bool(w, "bimodal", changes->bimodal);
    pfl_json_key(w, "epochs");
    pfl_json_array(w);
    for (i = 0; i < series->boundary_count; i++)
        put_boundary(w, series, &series->boundaries[i]);
    pfl_json_array_end(w);
    pfl_json_key(w, "changes");
    pfl_json_array(w);
    for (i = 0; i < changes->change_count; i++)
        put_change(w, &changes->changes[i]);
    pfl_json_array_end(w);
    pfl_json_object_end(w);
}

void pfl_report_changes_json(const struct pfl_series_changes *list, size_t n, struct pfl_buf *out)
{
    struct pfl_json_writer w;
    size_t i;

    pfl_json_writer_init(&w, out, 0);
    pfl_json_object(&w);
    pfl_json_put_integer(&w, "schema", 1);
    pfl_json_key(&w, "series");
    pfl_json_array(&w);
    for (i = 0; i < n; i++)
        put_series(&w, &list[i]);
    pfl_json_array_end(&w);
    pfl_json_object_end(&w);
    pfl_buf_char(out, '\n');
}
