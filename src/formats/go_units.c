/*
 * Units of Go benchmarks, as golang.org/x/perf/benchunit defines them: words between '-', '/', '*';
 * a '/' begins the denominator, a '*' ends it. In the numerator "ns" means seconds × 1e-9 and "MB"
 * bytes × 1e6, whatever stands around ("p99-ns", "build-real-ns/op"). The directions that its
 * readers know without being told are those of ns/op, MB/s, B/op and allocs/op.
 *
 * Metrics that perfledger wrote itself ("peak_rss-B", "cpu-sec") are what they were.
 */
#include "formats/go.h"

#include <string.h>

struct word {
    const char *at;
    size_t len;
    bool under; /* in the denominator */
};

static bool next_word(const char **at, bool *under, struct word *word)
{
    for (; **at && strchr("-*/ ", **at); ++*at)
        if (**at == '/' || **at == '*')
            *under = **at == '/';
    *word = (struct word){*at, strcspn(*at, "-*/ "), *under};
    *at += word->len;
    return word->len > 0;
}

static bool is(const struct word *word, const char *text)
{
    return word->len == strlen(text) && memcmp(word->at, text, word->len) == 0;
}

/* What the words say. */
struct reading {
    double factor;
    size_t times, sizes, others, per_second; /* words over, and "s", "sec" under the slash */
};

static struct reading read_words(const char *unit, struct pfl_buf *tidy)
{
    struct reading reading = {.factor = 1};
    const char *at = unit, *from = unit;
    bool under = false;
    struct word word;

    for (; next_word(&at, &under, &word); from = at) {
        const char *text = NULL;

        pfl_buf_add(tidy, from, (size_t)(word.at - from));
        if (word.under) {
            reading.per_second += is(&word, "s") || is(&word, "sec");
        } else if (is(&word, "ns") || is(&word, "sec")) {
            reading.times++;
            reading.factor *= *word.at == 'n' ? 1e-9 : 1;
            text = "sec";
        } else if (is(&word, "MB") || is(&word, "B") || is(&word, "bytes")) {
            reading.sizes++;
            reading.factor *= *word.at == 'M' ? 1e6 : 1;
            text = *word.at == 'M' ? "B" : NULL;
        } else {
            reading.others++;
        }
        if (text)
            pfl_buf_text(tidy, text);
        else
            pfl_buf_add(tidy, word.at, word.len);
    }
    pfl_buf_text(tidy, from);
    return reading;
}

/* "peak_rss-B": a built-in metric with its unit behind. */
static bool read_own(struct pfl_arena *arena, struct pfl_go_unit *out)
{
    const char *dash = strrchr(out->tidy, '-');
    char *name =
        pfl_arena_text_n(arena, out->tidy, dash ? (size_t)(dash - out->tidy) : strlen(out->tidy));
    const struct pfl_metric *known = name ? pfl_metric_find(name) : NULL;

    if (known && !dash && strcmp(known->unit, "1") == 0)
        out->stored = "1";
    if (known && (dash || strcmp(known->unit, "1") == 0))
        out->metric = name;
    return name != NULL;
}

/* "req/sec" → "req/s", which is how perfledger knows a rate. */
static bool read_rate(struct pfl_arena *arena, struct pfl_go_unit *out)
{
    size_t len = strlen(out->written);

    if (len < 5 || strcmp(out->written + len - 4, "/sec") != 0 || *out->stored == 'B' ||
        strcmp(out->stored, "1/s") == 0)
        return true;
    out->stored = pfl_arena_text_n(arena, out->written, len - 2);
    return out->stored != NULL;
}

bool pfl_go_unit(struct pfl_arena *arena, const char *unit, struct pfl_go_unit *out)
{
    struct reading reading;
    struct pfl_buf tidy;

    *out = (struct pfl_go_unit){.written = unit, .metric = unit, .stored = unit, .factor = 1};
    pfl_buf_init(&tidy, strlen(unit) * 3 + 16);
    reading = read_words(unit, &tidy);
    out->tidy = tidy.error ? NULL : pfl_arena_text(arena, pfl_buf_cstr(&tidy));
    pfl_buf_release(&tidy);
    if (!out->tidy)
        return false;
    out->factor = reading.factor;
    if (reading.times == 1 && reading.sizes == 0 && !reading.per_second)
        out->stored = "s";
    else if (reading.sizes == 1 && reading.times == 0)
        out->stored = reading.per_second ? "B/s" : "B";
    else if (reading.factor != 1)
        out->stored = out->tidy;
    else
        pfl_build_unit(unit, &out->stored, &out->factor);
    out->better = PFL_BETTER_LOWER;
    out->has_better = strcmp(unit, "allocs/op") == 0 || strcmp(unit, "B/op") == 0;
    if (strcmp(out->tidy, "sec/op") == 0)
        out->metric = "time";
    else if (strcmp(out->tidy, "B/s") == 0)
        out->metric = "throughput";
    else if (strcmp(out->tidy, "throughput-1/s") == 0) {
        out->metric = "throughput";
        out->stored = "1/s";
    } else
        return read_own(arena, out) && read_rate(arena, out);
    return true;
}
