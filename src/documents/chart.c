/*
 * A trend as a picture: points with their intervals, revisions from left to right.
 *
 * Revisions stand at equal distances, because work is not spread evenly over time. The scale begins
 * at zero when the values cover half of their height anyway; else it shows the values and at least
 * a tenth of their size, so that noise looks like noise. Where the largest is twenty times the
 * smallest, the scale is logarithmic: else whatever came after one great change would be a flat
 * line. A line joins what is comparable: it ends
 * where the machine or the benchmark changed.
 *
 * The file is shown by <img> in a page whose own colours it cannot know: `prefers-color-scheme` is
 * the reader's system, not the page's theme. So it has a background of its own. No scripts, no
 * fonts, and the same bytes for the same points: coordinates are written with one decimal.
 */
#include "documents/trend.h"

#include "base/text.h"
#include "base/units.h"
#include "documents/page.h"
#include "documents/words.h"

#include <math.h>
#include <string.h>

enum {
    WIDTH = 800,
    HEIGHT = 300,
    LEFT = 72,
    RIGHT = 784,
    TOP = 64,
    BOTTOM = 248,
    SIDE = 36,        /* between the frame and the first point */
    LABEL_WIDTH = 84, /* of a date */
    EPOCH_WIDTH = 120,
    NAME_COLUMNS = 92,
    TAG_COLUMNS = 12,
    TICKS = 5,
    WIDE = 20, /* from such a ratio on the scale is logarithmic */
};

static const char style[] =
    "<style>\n"
    "text{font:12px system-ui,-apple-system,\"Segoe UI\",Helvetica,Arial,sans-serif;fill:#1f2328}\n"
    ".b{fill:#ffffff}.h{font-size:14px;font-weight:600}.s{fill:#59636e}\n"
    ".g{stroke:#d1d9e0}.a{stroke:#818b98}\n"
    ".l{fill:none;stroke:#0969da;stroke-width:1.5}.w{stroke:#0969da;stroke-opacity:.6}\n"
    ".p{fill:#0969da}.e{stroke:#9a6700;stroke-dasharray:4 3}.n{fill:#9a6700;font-size:11px}\n"
    "@media(prefers-color-scheme:dark){\n"
    "text{fill:#f0f6fc}.b{fill:#0d1117}.s{fill:#9198a1}.g{stroke:#2f353d}.a{stroke:#656c76}\n"
    ".l{stroke:#4493f8}.w{stroke:#4493f8}.p{fill:#4493f8}.e{stroke:#d29922}.n{fill:#d29922}\n"
    "}\n"
    "</style>\n";

struct chart {
    const struct pfl_document_trend *trend;
    struct pfl_document_words words;
    struct pfl_buf *out;
    struct pfl_units_scale scale;
    double low, high, step; /* of the axis, as shown; their exponents when it is logarithmic */
    bool logarithmic;
    double gap; /* between two points, pixels */
};

/* Text of an XML file; control characters have become visible before. U+FFFE and U+FFFF may not be
 * in one. */
static void put_xml(struct chart *chart, const char *raw)
{
    struct pfl_buf *out = chart->out;
    const char *text = pfl_text_shown(chart->words.arena, raw);

    if (!text) {
        chart->words.failed = true;
        return;
    }
    for (; *text; text++) {
        if (text[0] == '\xef' && text[1] == '\xbf' && (text[2] == '\xbe' || text[2] == '\xbf')) {
            pfl_buf_char(out, '?');
            text += 2;
            continue;
        }
        switch (*text) {
        case '&': pfl_buf_text(out, "&amp;"); break;
        case '<': pfl_buf_text(out, "&lt;"); break;
        case '>': pfl_buf_text(out, "&gt;"); break;
        case '"': pfl_buf_text(out, "&quot;"); break;
        default: pfl_buf_char(out, *text);
        }
    }
}

/* ---- the axes ---- */

static double nice_step(double span)
{
    double raw = span / TICKS, size = pow(10, floor(log10(raw)));

    return raw <= size ? size : raw <= 2 * size ? 2 * size : raw <= 5 * size ? 5 * size : 10 * size;
}

static void find_extremes(const struct chart *chart, double *low, double *high)
{
    const struct pfl_document_trend *trend = chart->trend;
    size_t i;

    *low = INFINITY;
    *high = -INFINITY;
    for (i = 0; i < trend->point_count; i++) {
        const struct pfl_document_point *point = &trend->points[i];

        if (!isfinite(point->value))
            continue;
        *low = fmin(*low, isfinite(point->low) ? fmin(point->low, point->value) : point->value);
        *high = fmax(*high, isfinite(point->high) ? fmax(point->high, point->value) : point->value);
    }
    if (*low > *high)
        *low = *high = 0;
}

static void set_axis(struct chart *chart)
{
    double low, high, least, least_shown, middle, size;

    find_extremes(chart, &low, &high);
    chart->logarithmic = low > 0 && high >= WIDE * low;
    size = fmax(fabs(low), fabs(high));
    chart->scale = pfl_units_scale_for(size, chart->trend->unit);
    low *= chart->scale.factor;
    high *= chart->scale.factor;
    size *= chart->scale.factor;
    least_shown = low;
    if (low >= 0 && low < high / 2)
        low = 0;
    if (chart->logarithmic) {
        chart->step = ceil(fmax(1, log10(high / least_shown) / TICKS));
        chart->low = floor(log10(least_shown) + 1e-9);
        chart->high =
            chart->low + chart->step * ceil((log10(high) - chart->low) / chart->step - 1e-9);
        return;
    }
    least = size > 0 ? size / 10 : 1;
    if (high - low < least) {
        middle = (low + high) / 2;
        low = low >= 0 ? fmax(0, middle - least / 2) : middle - least / 2;
        high = low + least;
    }
    chart->step = nice_step(high - low);
    chart->low = floor(low / chart->step + 1e-9) * chart->step;
    chart->high = ceil(high / chart->step - 1e-9) * chart->step;
}

static double x_of(const struct chart *chart, size_t i)
{
    return chart->trend->point_count == 1 ? (LEFT + RIGHT) / 2.0
                                          : LEFT + SIDE + (double)i * chart->gap;
}

static double y_of(const struct chart *chart, double value)
{
    double shown = value * chart->scale.factor;
    double place = chart->logarithmic ? log10(shown) : shown;
    double share = (place - chart->low) / (chart->high - chart->low);

    return BOTTOM - share * (BOTTOM - TOP);
}

static void put_number(struct pfl_buf *out, const char *name, double value)
{
    pfl_buf_format(out, " %s=\"", name);
    pfl_units_write_decimals(out, value, 1);
    pfl_buf_char(out, '"');
}

static void put_line(struct chart *chart, const char *class, const double ends[4])
{
    pfl_buf_format(chart->out, "<line class=\"%s\"", class);
    put_number(chart->out, "x1", ends[0]);
    put_number(chart->out, "y1", ends[1]);
    put_number(chart->out, "x2", ends[2]);
    put_number(chart->out, "y2", ends[3]);
    pfl_buf_text(chart->out, "/>\n");
}

static void open_text(struct chart *chart, const char *class, const char *anchor, double x,
                      double y)
{
    pfl_buf_format(chart->out, "<text class=\"%s\" text-anchor=\"%s\"", class, anchor);
    put_number(chart->out, "x", x);
    put_number(chart->out, "y", y);
    pfl_buf_char(chart->out, '>');
}

static void close_text(struct chart *chart)
{
    pfl_buf_text(chart->out, "</text>\n");
}

static int decimals_for(double size)
{
    return (int)fmin(9, fmax(0, -floor(log10(size) + 1e-9)));
}

static void put_values(struct chart *chart)
{
    long i, n = lround((chart->high - chart->low) / chart->step);
    double value, y;

    for (i = 0; i <= n; i++) {
        value = chart->low + (double)i * chart->step;
        y = BOTTOM - (double)i / (double)n * (BOTTOM - TOP);
        put_line(chart, i == 0 ? "a" : "g", (const double[]){LEFT, y, RIGHT, y});
        open_text(chart, "s", "end", LEFT - 8, y + 4);
        if (chart->logarithmic)
            value = pow(10, value);
        pfl_units_write_decimals(chart->out, value,
                                 decimals_for(chart->logarithmic ? value : chart->step));
        close_text(chart);
    }
}

/* The newest revision always has its label, the others as far as there is room. */
static void put_revisions(struct chart *chart)
{
    const struct pfl_document_trend *trend = chart->trend;
    size_t every = chart->gap >= LABEL_WIDTH ? 1 : (size_t)ceil(LABEL_WIDTH / chart->gap), i;
    const struct pfl_revision *revision;

    for (i = 0; i < trend->point_count; i++) {
        if ((trend->point_count - 1 - i) % every != 0)
            continue;
        revision = trend->points[i].revision;
        open_text(chart, "s", "middle", x_of(chart, i), BOTTOM + 20);
        if (*trend->points[i].tag)
            pfl_text_fit(&chart->words.buf, trend->points[i].tag, TAG_COLUMNS);
        else
            pfl_buf_format(&chart->words.buf, "%.7s", revision->commit);
        put_xml(chart, pfl_document_end(&chart->words));
        close_text(chart);
        open_text(chart, "s", "middle", x_of(chart, i), BOTTOM + 37);
        put_xml(chart, pfl_document_day(&chart->words, trend->points[i].started_unix_ns));
        close_text(chart);
    }
}

/* ---- the values ---- */

static void put_epochs(struct chart *chart)
{
    const struct pfl_document_trend *trend = chart->trend;
    double last = -EPOCH_WIDTH, x;
    size_t i;

    for (i = 1; i < trend->point_count; i++) {
        if (!*trend->points[i].epoch)
            continue;
        x = x_of(chart, i) - chart->gap / 2;
        put_line(chart, "e", (const double[]){x, TOP, x, BOTTOM});
        if (x - last < EPOCH_WIDTH)
            continue;
        last = x;
        if (x + EPOCH_WIDTH < RIGHT)
            open_text(chart, "n", "start", x + 4, TOP + 11);
        else
            open_text(chart, "n", "end", x - 4, TOP + 11);
        put_xml(chart, trend->points[i].epoch);
        close_text(chart);
    }
}

static void put_lines(struct chart *chart)
{
    const struct pfl_document_trend *trend = chart->trend;
    bool open = false;
    size_t i;

    for (i = 0; i < trend->point_count; i++) {
        bool known = isfinite(trend->points[i].value);

        if (open && (*trend->points[i].epoch || !known)) {
            pfl_buf_text(chart->out, "\"/>\n");
            open = false;
        }
        if (!known)
            continue;
        pfl_buf_text(chart->out, open ? " " : "<polyline class=\"l\" points=\"");
        open = true;
        pfl_units_write_decimals(chart->out, x_of(chart, i), 1);
        pfl_buf_char(chart->out, ',');
        pfl_units_write_decimals(chart->out, y_of(chart, trend->points[i].value), 1);
    }
    if (open)
        pfl_buf_text(chart->out, "\"/>\n");
}

static void put_whisker(struct chart *chart, const struct pfl_document_point *point, double x)
{
    double low, high;

    if (!isfinite(point->low) || !isfinite(point->high))
        return;
    low = y_of(chart, point->low);
    high = y_of(chart, point->high);
    put_line(chart, "w", (const double[]){x, low, x, high});
    if (chart->gap < 12)
        return;
    put_line(chart, "w", (const double[]){x - 3, low, x + 3, low});
    put_line(chart, "w", (const double[]){x - 3, high, x + 3, high});
}

static void put_points(struct chart *chart)
{
    const struct pfl_document_trend *trend = chart->trend;
    double radius = chart->gap >= 12 ? 3.5 : chart->gap >= 6 ? 2.5 : 1.5;
    size_t i;

    for (i = 0; i < trend->point_count; i++) {
        const struct pfl_document_point *point = &trend->points[i];
        const struct pfl_document_value value = {point->value, point->low, point->high,
                                                 trend->unit};

        if (!isfinite(point->value))
            continue;
        put_whisker(chart, point, x_of(chart, i));
        pfl_buf_text(chart->out, "<circle class=\"p\"");
        put_number(chart->out, "cx", x_of(chart, i));
        put_number(chart->out, "cy", y_of(chart, point->value));
        put_number(chart->out, "r", radius);
        pfl_buf_text(chart->out, "><title>");
        put_xml(chart, pfl_document_day(&chart->words, point->started_unix_ns));
        pfl_buf_format(chart->out, ", %.10s: ", point->revision->commit);
        put_xml(chart, pfl_document_estimate(&chart->words, &value));
        pfl_buf_text(chart->out, "</title></circle>\n");
    }
}

/* "peak RSS", "time, assemble": as the page has it, without the signs of Markdown. */
static const char *metric_of(struct chart *chart)
{
    struct pfl_document_words *words = &chart->words;
    const char *at;
    struct pfl_buf marked;

    pfl_buf_init(&marked, 1 << 16);
    pfl_words_metric(&marked, chart->trend->metric, "");
    for (at = pfl_buf_cstr(&marked); *at; at++)
        if (*at != '`')
            pfl_buf_char(&words->buf, *at);
    words->failed = words->failed || marked.error;
    pfl_buf_release(&marked);
    return pfl_document_end(words);
}

static void put_heading(struct chart *chart)
{
    const struct pfl_document_trend *trend = chart->trend;
    static const char *const ways[] = {"; lower is better", "; higher is better", ""};
    const char *name = *trend->variant ? pfl_document_format(&chart->words, "%s, %s",
                                                             trend->benchmark, trend->variant)
                                       : trend->benchmark;

    pfl_text_fit_middle(&chart->words.buf, name, NAME_COLUMNS);
    name = pfl_document_end(&chart->words);
    pfl_buf_text(chart->out, "<title>");
    put_xml(chart, pfl_document_format(&chart->words, "%s of %s", metric_of(chart), name));
    pfl_buf_format(chart->out,
                   "</title>\n%s<rect class=\"b\" width=\"%d\" height=\"%d\" rx=\"6\"/>\n", style,
                   WIDTH, HEIGHT);
    open_text(chart, "h", "start", 16, 26);
    put_xml(chart, name);
    close_text(chart);
    open_text(chart, "s", "start", 16, 46);
    put_xml(chart, metric_of(chart));
    if (*chart->scale.suffix)
        put_xml(chart, pfl_document_format(&chart->words, " in %s", chart->scale.suffix));
    pfl_buf_format(chart->out, ", median with 95 %% interval%s%s", ways[trend->better],
                   chart->logarithmic ? "; logarithmic scale" : "");
    close_text(chart);
}

int pfl_document_chart(const struct pfl_document_trend *trend, struct pfl_arena *arena,
                       struct pfl_buf *out, struct pfl_err *err)
{
    struct chart chart = {.trend = trend, .out = out};
    int rc;

    pfl_document_words_init(&chart.words, arena);
    chart.gap = trend->point_count > 1
                    ? (RIGHT - LEFT - 2.0 * SIDE) / (double)(trend->point_count - 1)
                    : RIGHT - LEFT;
    set_axis(&chart);
    pfl_buf_format(out,
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                   "viewBox=\"0 0 %d %d\" role=\"img\">\n",
                   WIDTH, HEIGHT, WIDTH, HEIGHT);
    put_heading(&chart);
    put_values(&chart);
    put_revisions(&chart);
    put_epochs(&chart);
    put_lines(&chart);
    put_points(&chart);
    pfl_buf_text(out, "</svg>\n");
    rc = pfl_document_words_release(&chart.words, err);
    return rc == PFL_OK ? pfl_buf_check(out, err, "drawing a trend") : rc;
}
