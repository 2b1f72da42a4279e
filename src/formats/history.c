/*
 * Histories for spreadsheets and scripts: a line per record, all that names a series on each line,
 * so that any tool can group as it likes; as JSON the series holds its records. No column is called
 * `value`: such a file is a summary of many runs, and reading it back as one run's samples must not
 * happen by accident.
 *
 * Histories are large (millions of records), so what a series' records share is quoted once.
 */
#include "formats/history.h"

#include "base/units.h"
#include "formats/csv_write.h"
#include "sys/clock.h"

#include <math.h>
#include <string.h>

enum { PREFIX_MAX = 64 << 20, DAY_TEXT = 10 };

static const char run_columns[] = "date,benchmark,metric,variant,machine,unit,better,median,low,"
                                  "high,n,revision,run,epoch\n";
static const char period_columns[] = "date,benchmark,metric,variant,machine,unit,better,runs,"
                                     "median,min,max,last,last_low,last_high,revision,run,epoch\n";

/* A period by its first day, a run by its moment; "" of one whose file told none. */
static void date_text(const struct pfl_history_writer *writer, int64_t unix_ns, char out[32])
{
    pfl_clock_text(unix_ns, out);
    if (unix_ns == 0 && writer->every == PFL_HISTORY_RUN)
        *out = 0;
    if (writer->every != PFL_HISTORY_RUN && strlen(out) > DAY_TEXT)
        *strchr(out, 'T') = 0;
}

/* ---- CSV ---- */

static void csv_series(struct pfl_history_writer *writer, const struct pfl_history_series *series)
{
    const char *const names[] = {series->benchmark, series->metric, series->variant,
                                 series->machine, series->unit};
    size_t i;

    pfl_buf_clear(&writer->prefix);
    for (i = 0; i < PFL_COUNT(names); i++) {
        pfl_buf_char(&writer->prefix, ',');
        pfl_csv_put_field(&writer->prefix, names[i]);
    }
    pfl_buf_format(&writer->prefix, ",%s", pfl_metric_better_text(series->better));
}

static void csv_epochs(struct pfl_buf *out, unsigned epochs)
{
    bool any = false;
    int i;

    pfl_buf_char(out, ',');
    for (i = 0; i < PFL_HISTORY_EPOCHS; i++)
        if (epochs & 1U << i) {
            if (any)
                pfl_buf_char(out, '+');
            pfl_buf_text(out, pfl_history_epoch_text((enum pfl_history_epoch)(1 << i)));
            any = true;
        }
}

static void csv_record(struct pfl_history_writer *writer, const struct pfl_history_record *record)
{
    const struct pfl_summary *last = &record->last;
    struct pfl_buf *out = writer->out;
    char date[32];

    date_text(writer, record->begin_unix_ns, date);
    pfl_buf_text(out, date);
    pfl_buf_add(out, pfl_buf_cstr(&writer->prefix), writer->prefix.len);
    if (writer->every != PFL_HISTORY_RUN) {
        pfl_buf_format(out, ",%zu", record->runs);
        pfl_csv_put_number(out, record->median);
        pfl_csv_put_number(out, record->min);
        pfl_csv_put_number(out, record->max);
    }
    pfl_csv_put_number(out, last->median);
    pfl_csv_put_number(out, last->ci_low);
    pfl_csv_put_number(out, last->ci_high);
    if (writer->every == PFL_HISTORY_RUN)
        pfl_buf_format(out, ",%zu", last->n);
    pfl_buf_char(out, ',');
    pfl_csv_put_field(out, record->revision);
    pfl_buf_char(out, ',');
    pfl_csv_put_field(out, record->run);
    csv_epochs(out, record->epochs);
    pfl_buf_char(out, '\n');
    if (writer->prefix.error)
        out->error = writer->prefix.error;
}

/* ---- JSON ---- */

static void json_close_series(struct pfl_history_writer *writer)
{
    if (!writer->in_series)
        return;
    pfl_json_array_end(&writer->w);
    pfl_json_object_end(&writer->w);
    writer->in_series = false;
}

static void json_series(struct pfl_history_writer *writer, const struct pfl_history_series *series)
{
    struct pfl_json_writer *w = &writer->w;

    json_close_series(writer);
    pfl_json_object(w);
    pfl_json_put_string(w, "benchmark", series->benchmark);
    pfl_json_put_string(w, "metric", series->metric);
    pfl_json_put_string(w, "variant", series->variant);
    pfl_json_put_string(w, "machine", series->machine);
    pfl_json_put_string(w, "unit", series->unit);
    pfl_json_put_string(w, "better", pfl_metric_better_text(series->better));
    pfl_json_key(w, "records");
    pfl_json_array(w);
    writer->in_series = true;
}

static void json_interval(struct pfl_json_writer *w, const struct pfl_summary *summary)
{
    const double interval[2] = {summary->ci_low, summary->ci_high};

    pfl_json_key(w, "ci");
    if (isfinite(interval[0]) && isfinite(interval[1]))
        pfl_json_numbers(w, interval, 2);
    else
        pfl_json_null(w);
}

/* What one run says. */
static void json_run(struct pfl_json_writer *w, const struct pfl_history_record *record)
{
    pfl_json_put_number(w, "median", record->last.median);
    json_interval(w, &record->last);
    pfl_json_put_integer(w, "n", (int64_t)record->last.n);
    pfl_json_put_string(w, "revision", *record->revision ? record->revision : NULL);
    pfl_json_put_string(w, "run", record->run);
}

static void json_record(struct pfl_history_writer *writer, const struct pfl_history_record *record)
{
    struct pfl_json_writer *w = &writer->w;
    char date[32];
    int i;

    date_text(writer, record->begin_unix_ns, date);
    pfl_json_object(w);
    pfl_json_put_string(w, "date", *date ? date : NULL);
    if (writer->every == PFL_HISTORY_RUN) {
        json_run(w, record);
    } else {
        pfl_json_put_integer(w, "runs", (int64_t)record->runs);
        pfl_json_put_number(w, "median", record->median);
        pfl_json_put_number(w, "min", record->min);
        pfl_json_put_number(w, "max", record->max);
        pfl_json_key(w, "last");
        pfl_json_object(w);
        json_run(w, record);
        pfl_json_object_end(w);
    }
    pfl_json_key(w, "epoch");
    pfl_json_array(w);
    for (i = 0; i < PFL_HISTORY_EPOCHS; i++)
        if (record->epochs & 1U << i)
            pfl_json_string(w, pfl_history_epoch_text((enum pfl_history_epoch)(1 << i)));
    pfl_json_array_end(w);
    pfl_json_object_end(w);
}

/* ---- both ---- */

void pfl_history_writer_begin(struct pfl_history_writer *writer, struct pfl_buf *out,
                              enum pfl_history_every every, bool json)
{
    *writer = (struct pfl_history_writer){.out = out, .every = every, .json = json};
    pfl_buf_init(&writer->prefix, PREFIX_MAX);
    if (!json) {
        pfl_buf_text(out, every == PFL_HISTORY_RUN ? run_columns : period_columns);
        return;
    }
    pfl_json_writer_init(&writer->w, out, 0);
    pfl_json_object(&writer->w);
    pfl_json_put_integer(&writer->w, "schema", 1);
    pfl_json_put_string(&writer->w, "every", pfl_history_every_text(every));
    pfl_json_key(&writer->w, "series");
    pfl_json_array(&writer->w);
}

void pfl_history_writer_series(struct pfl_history_writer *writer,
                               const struct pfl_history_series *series)
{
    if (writer->json)
        json_series(writer, series);
    else
        csv_series(writer, series);
}

void pfl_history_writer_record(struct pfl_history_writer *writer,
                               const struct pfl_history_record *record)
{
    if (writer->json)
        json_record(writer, record);
    else
        csv_record(writer, record);
}

void pfl_history_writer_end(struct pfl_history_writer *writer)
{
    pfl_buf_release(&writer->prefix);
    if (!writer->json)
        return;
    json_close_series(writer);
    pfl_json_array_end(&writer->w);
    pfl_json_object_end(&writer->w);
    pfl_buf_char(writer->out, '\n');
}
