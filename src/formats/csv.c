/*
 * Plain CSV with a header:
 *
 *     name,value,unit,better                one row per value; rows of one name are its samples
 *     benchmark,metric,variant,unit,better,launch,value,n,low,high          what export writes
 *
 * Columns may stand in any order; name (or benchmark) and value are needed. The unit comes from the
 * column, from a metric that is a plain count (instructions …), or from --unit; without any of
 * these nothing is taken, since a number of unknown unit cannot be compared. low and high are the
 * interval of a value that is no sample. Fields are divided by commas, or by semicolons or tabs
 * where the header is; a decimal comma is refused, whichever.
 */
#include "formats/csv_records.h"
#include "formats/csv_write.h"
#include "formats/fields.h"
#include "formats/peek.h"
#include "formats/rows.h"
#include "formats/words.h"

#include "base/text.h"
#include "base/units.h"

#include <math.h>
#include <string.h>
#include <strings.h>

enum column { NAME, METRIC, VARIANT, UNIT, BETTER, LAUNCH, VALUE, COUNT, LOW, HIGH, COLUMNS };

static const struct {
    const char *title;
    enum column column;
} titles[] = {
    {"benchmark", NAME},  {"name", NAME},      {"metric", METRIC}, {"measure", METRIC},
    {"variant", VARIANT}, {"unit", UNIT},      {"units", UNIT},    {"better", BETTER},
    {"launch", LAUNCH},   {"process", LAUNCH}, {"value", VALUE},   {"n", COUNT},
    {"samples", COUNT},   {"low", LOW},        {"lower", LOW},     {"ci_low", LOW},
    {"high", HIGH},       {"upper", HIGH},     {"ci_high", HIGH},
};

struct reading {
    struct pfl_csv csv;
    struct pfl_build build;
    struct pfl_rows rows;
    size_t place[COLUMNS]; /* + 1; 0: there is none */
    size_t columns;
};

/* An error of this record. */
#define FAIL(r, err, ...)                                                                          \
    pfl_err_set_at(err, PFL_EPARSE, (r)->build.input->path, (r)->csv.line, 1, __VA_ARGS__)

/* ---- the header ---- */

static bool find_title(const char *title, enum column *column)
{
    size_t i;

    for (i = 0; i < PFL_COUNT(titles); i++)
        if (strcasecmp(titles[i].title, title) == 0) {
            *column = titles[i].column;
            return true;
        }
    return false;
}

/* The first line that is no remark: from *at to the answer. */
static const char *first_line(const char **at, const char *stop)
{
    const char *end;

    for (;;) {
        while (*at < stop && (**at == '\n' || **at == '\r'))
            ++*at;
        end = *at < stop ? memchr(*at, '\n', (size_t)(stop - *at)) : NULL;
        if (!end || **at != '#')
            return end ? end : stop;
        *at = end;
    }
}

/* The byte that divides it. */
static char delimiter_of(const char *line, const char *end)
{
    size_t len = (size_t)(end - line);

    if (len == 0 || memchr(line, ',', len))
        return ',';
    return memchr(line, ';', len) ? ';' : memchr(line, '\t', len) ? '\t' : ',';
}

static int read_header(struct reading *r, struct pfl_err *err)
{
    enum column column;
    size_t i;

    for (i = 0; i < r->csv.count; i++)
        if (!find_title(r->csv.fields[i], &column))
            pfl_build_warn_at(&r->build, r->csv.line, r->csv.columns[i],
                              "column %zu, `%.80s`, is none that is known: left out", i + 1,
                              r->csv.fields[i]);
        else if (r->place[column])
            return FAIL(r, err, "the column `%.80s` stands here a second time", r->csv.fields[i]);
        else
            r->place[column] = i + 1;
    r->columns = r->csv.count;
    if (!r->place[NAME] || !r->place[VALUE])
        return FAIL(r, err,
                    "expected a header with the columns `name` (or `benchmark`) and `value`, "
                    "found `%.200s …`",
                    r->csv.fields[0]);
    return PFL_OK;
}

/* ---- rows ---- */

static const char *field(const struct reading *r, enum column column)
{
    size_t place = r->place[column];

    return place && place <= r->csv.count ? r->csv.fields[place - 1] : "";
}

static int column_of(const struct reading *r, enum column column)
{
    size_t place = r->place[column];

    return place && place <= r->csv.count ? r->csv.columns[place - 1] : 1;
}

/* NaN where it is empty; a warning and NaN where it is none. */
static double number(struct reading *r, enum column column)
{
    double value = NAN;

    if (pfl_csv_number(field(r, column), &value) && !isinf(value))
        return value;
    if (isinf(value)) {
        pfl_build_warn_at(&r->build, r->csv.line, column_of(r, column),
                          "%.80s is more than a number can be: left out", field(r, column));
        return NAN;
    }
    pfl_build_warn_at(&r->build, r->csv.line, column_of(r, column),
                      "expected a number, found `%.80s`: left out", field(r, column));
    return NAN;
}

/* It may be a difference that somebody wants, so it is taken. */
static void warn_negative(struct reading *r, const char *metric, const char *stored, double value)
{
    if (value < 0 && strcmp(stored, "s") == 0 && pfl_metric_find(metric))
        pfl_build_warn_at(&r->build, r->csv.line, column_of(r, VALUE),
                          "%s of %.200s is negative: %.80s", metric, field(r, NAME),
                          field(r, VALUE));
}

static bool is_decimal_comma(const char *text)
{
    const char *comma = strchr(text, ',');

    return comma && comma > text && comma[1] >= '0' && comma[1] <= '9' &&
           strspn(text, "0123456789,.+-eE") == strlen(text);
}

/* The unit as the file, the metric or the user says it. */
static int unit_of(struct reading *r, const char **unit, struct pfl_err *err)
{
    const struct pfl_metric *metric = pfl_metric_find(field(r, METRIC));

    *unit = field(r, UNIT);
    if (!**unit && metric && strcmp(metric->unit, "1") == 0)
        *unit = "1";
    if (!**unit && r->build.input->unit)
        *unit = r->build.input->unit;
    if (**unit)
        return PFL_OK;
    return FAIL(r, err,
                "the value of `%.200s` has no unit: add a column `unit`, or say it with --unit "
                "(ns, us, ms, s, B, MB/s, 1 …)",
                field(r, NAME));
}

static void read_better(struct reading *r, struct pfl_row_series *series)
{
    const char *text = field(r, BETTER);
    enum pfl_better better;

    if (!*text)
        return;
    if (!pfl_metric_better_read(text, &better)) {
        pfl_build_warn_at(&r->build, r->csv.line, column_of(r, BETTER),
                          "expected lower, higher or neither, found `%.80s`: left out", text);
        return;
    }
    series->better = better;
    series->has_better = true;
}

static void add_interval(struct reading *r, struct pfl_row_series *series, double value,
                         double factor)
{
    double low = number(r, LOW), high = number(r, HIGH), n = number(r, COUNT);

    if (!(low <= value && value <= high) && !(n >= 1))
        return;
    series->summary = pfl_summary_none();
    series->summary.n = n >= 1 && n < 1e9 ? (size_t)n : 1;
    series->summary.median = value * factor;
    if (low <= value && value <= high) {
        series->summary.ci_low = low * factor;
        series->summary.ci_high = high * factor;
    }
}

static void add_launch(struct reading *r, struct pfl_row_series *series)
{
    double k = number(r, LAUNCH);
    uint32_t launch = k >= 0 && k < 1e6 ? (uint32_t)k : 0;

    if (isnan(k))
        return;
    if (!pfl_vec_push(&series->launch_of, &launch))
        r->build.no_memory = true;
}

static int add_row(struct reading *r, struct pfl_err *err)
{
    const char *unit, *stored, *metric = field(r, METRIC);
    struct pfl_row_benchmark *bench;
    struct pfl_row_series *series;
    double factor, value;
    int rc;

    if (r->csv.count > r->columns || r->csv.count < r->place[VALUE])
        return pfl_err_set_at(
            err, PFL_EPARSE, r->build.input->path, r->csv.line,
            r->csv.columns[r->csv.count > r->columns ? r->columns : 0],
            "%zu column%s, the header has %zu%s", r->csv.count, r->csv.count == 1 ? "" : "s",
            r->columns,
            r->csv.count > r->columns ? " (numbers have a decimal point, no comma)" : "");
    if (is_decimal_comma(field(r, VALUE)))
        return pfl_err_set_at(
            err, PFL_EPARSE, r->build.input->path, r->csv.line, column_of(r, VALUE),
            "expected a number with a decimal point, found `%.80s`", field(r, VALUE));
    rc = unit_of(r, &unit, err);
    if (rc != PFL_OK)
        return rc;
    value = number(r, VALUE);
    pfl_build_unit(unit, &stored, &factor);
    if (!*metric)
        metric = pfl_rows_metric_of(stored, "value");
    bench = pfl_rows_benchmark(&r->rows, field(r, NAME));
    series = pfl_rows_series(&r->rows, bench, metric, field(r, VARIANT), stored);
    if (!series) {
        pfl_build_warn_at(&r->build, r->csv.line, 1,
                          "%s of %.200s had another unit before, %s cannot be put beside it: left "
                          "out",
                          metric, field(r, NAME), unit);
        return r->build.no_memory ? pfl_err_no_memory(err) : PFL_OK;
    }
    warn_negative(r, metric, stored, value);
    read_better(r, series);
    add_interval(r, series, value, factor);
    add_launch(r, series);
    pfl_rows_value(&r->rows, series, value * factor);
    return r->build.no_memory ? pfl_err_no_memory(err) : PFL_OK;
}

/* What divides the records is said by the first. */
static void find_delimiter(struct reading *r, const struct pfl_peek *peek)
{
    const char *at = peek->bytes, *end;

    if (peek->len >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
        at += 3;
    end = first_line(&at, peek->bytes + peek->len);
    r->csv.delimiter = delimiter_of(at, end);
}

static int read(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                struct pfl_err *err)
{
    struct reading r = {.columns = 0};
    struct pfl_peek peek;
    int rc = pfl_peek_open(&peek, input, err);

    pfl_csv_init(&r.csv, &peek.input);
    pfl_build_init(&r.build, input, sink);
    pfl_rows_init(&r.rows, &r.build);
    pfl_build_begin(&r.build);
    r.build.run->tool = "CSV";
    if (rc == PFL_OK)
        find_delimiter(&r, &peek);
    while (rc == PFL_OK && (rc = pfl_csv_next(&r.csv, err)) > 0)
        rc = r.columns ? add_row(&r, err) : read_header(&r, err);
    if (rc == PFL_OK) {
        pfl_rows_give(&r.rows);
        rc = pfl_build_end(&r.build, err);
    }
    pfl_csv_release(&r.csv);
    pfl_rows_release(&r.rows);
    pfl_build_release(&r.build);
    pfl_peek_close(&peek);
    return rc;
}

/* A first line with both columns. */
static int recognise(const struct pfl_format_probe *probe)
{
    const char *at = probe->bytes, *stop = at + probe->len, *end, *comma;
    bool found[COLUMNS] = {false};
    enum column column;
    struct pfl_word word;
    char title[32], delimiter;

    if (probe->folder || probe->path_count)
        return 0;
    end = first_line(&at, stop);
    delimiter = delimiter_of(at, end);
    for (; at < end; at = comma + 1) {
        comma = memchr(at, delimiter, (size_t)(end - at));
        if (!comma)
            comma = end;
        word = pfl_word_trimmed(at, (size_t)(comma - at));
        if (word.len > 2 && *word.at == '"')
            word = (struct pfl_word){word.at + 1, word.len - 2};
        if (word.len == 0 || word.len >= sizeof title)
            continue;
        memcpy(title, word.at, word.len);
        title[word.len] = 0;
        if (find_title(title, &column))
            found[column] = true;
    }
    return found[NAME] && found[VALUE] ? 2 : 0;
}

/* ---- writing ---- */

static void put_what(struct pfl_buf *out, const struct pfl_benchmark *bench,
                     const struct pfl_result *result)
{
    pfl_csv_put_field(out, bench->name);
    pfl_buf_char(out, ',');
    pfl_csv_put_field(out, result->metric);
    pfl_buf_char(out, ',');
    pfl_csv_put_field(out, result->variant);
    pfl_buf_char(out, ',');
    pfl_csv_put_field(out, result->unit);
    pfl_buf_format(out, ",%s,", pfl_metric_better_text(result->better));
}

static void put_result(struct pfl_buf *out, const struct pfl_benchmark *bench,
                       const struct pfl_result *result)
{
    const struct pfl_summary *s = &result->summary;
    size_t i;

    if (result->text)
        return;
    for (i = 0; i < result->n; i++) {
        put_what(out, bench, result);
        if (result->launch_of)
            pfl_buf_format(out, "%u", result->launch_of[i]);
        pfl_csv_put_number(out, result->values[i]);
        pfl_buf_text(out, ",,,\n");
    }
    if (result->n || !isfinite(s->median))
        return;
    put_what(out, bench, result);
    pfl_csv_put_number(out, s->median);
    pfl_buf_format(out, ",%zu", s->n);
    pfl_csv_put_number(out, s->ci_low);
    pfl_csv_put_number(out, s->ci_high);
    pfl_buf_char(out, '\n');
}

static int write(const struct pfl_run *run, struct pfl_buf *out, const char **lost,
                 struct pfl_err *err)
{
    size_t i, k;

    *lost = "values, units and directions; no machine, revision, parameters or texts";
    pfl_buf_text(out, "benchmark,metric,variant,unit,better,launch,value,n,low,high\n");
    for (i = 0; i < run->benchmark_count; i++)
        for (k = 0; k < run->benchmarks[i].result_count; k++)
            put_result(out, &run->benchmarks[i], &run->benchmarks[i].results[k]);
    return pfl_buf_check(out, err, "writing the run as CSV");
}

const struct pfl_format pfl_format_csv = {
    .name = "csv",
    .title = "CSV",
    .sought = "header with `name` and `value`",
    .recognise = recognise,
    .read = read,
    .write = write,
};
